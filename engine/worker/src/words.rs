//! Whose words mails, text messages and banners are written in. Links are built from configuration (RF-20).

use std::sync::Arc;

use readmit_core::effect::EffectError;
use readmit_core::ids::JobId;
use readmit_core::texts::Texts;
use readmit_core::time::At;
use readmit_steps::Brand;
use readmit_steps::notices::Message;

use crate::ports::Mail;

/// What is written with, and in whose name.
#[derive(Clone)]
pub struct Words {
    pub texts: Arc<Texts>,
    pub brand: Brand,
}

impl Words {
    /// The address at which the owner stops a case.
    pub(crate) fn stop_link(&self, token: &str) -> String {
        format!("{}/stop/{token}", self.brand.claimant_origin)
    }

    /// The address at which somebody takes up what support began for them.
    pub(crate) fn invitation_link(&self, token: &str) -> String {
        format!("{}/invited/{token}", self.brand.claimant_origin)
    }

    /// The address at which the reader of a code mail asks for no more of them.
    pub(crate) fn quiet_link(&self, token: &str) -> String {
        format!("{}/quiet/{token}", self.brand.claimant_origin)
    }
}

/// A mail of written words. The same job and words always make the same mail.
pub(crate) fn mail(
    job: JobId,
    written: At,
    to: &str,
    message: Result<Message, askama::Error>,
) -> Result<Mail, EffectError> {
    let message = message.map_err(|_| EffectError::Permanent("the words could not be put together".into()))?;
    Ok(Mail {
        job,
        written,
        to: to.to_owned(),
        subject: message.subject,
        text: message.text,
        html: message.html,
    })
}
