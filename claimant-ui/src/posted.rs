//! A posted step form: what every form carries, and the rest, which is the step's.

use actix_web::HttpRequest;
use actix_web::web::Payload;
use readmit_core::command::{Act, Actor};
use readmit_core::ids::CaseId;
use readmit_core::kind::{Fields, StoredFile};
use readmit_core::refusal::Refusal;
use readmit_web::{App, Caller, PageError, posted};

/// A form as posted.
#[derive(Default)]
pub(crate) struct Posted {
    pub(crate) token: String,
    /// The step run that the page showed; 0 where none came.
    pub(crate) run: u32,
    pub(crate) verb: String,
    /// The answer to the human check.
    pub(crate) work: Option<String>,
    pub(crate) fields: Fields,
    pub(crate) files: Vec<StoredFile>,
    /// A file that came with these and is not taken.
    pub(crate) refused: Option<Refusal>,
}

impl Posted {
    /// The hidden fields and the button apart from the step's own fields.
    pub(crate) fn of(pairs: Vec<(String, String)>) -> Self {
        let mut posted = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "token" => posted.token = value,
                "run" => posted.run = value.parse().unwrap_or(0),
                "verb" => posted.verb = value,
                "work" => posted.work = Some(value),
                _ => posted.fields.0.push((name, value)),
            }
        }
        posted
    }

    /// Reads either encoding. Files are stored only for a form that `admit` lets in.
    pub(crate) async fn read(
        app: &App,
        caller: &Caller,
        case: CaseId,
        request: &HttpRequest,
        payload: Payload,
        admit: impl Fn(&str) -> Result<(), PageError>,
    ) -> Result<Self, PageError> {
        let received = posted::read(app, caller, case, request, payload, admit).await?;
        Ok(Self {
            files: received.files,
            refused: received.refused,
            ..Self::of(received.fields.0)
        })
    }

    /// Who posts it; its token has been checked.
    pub(crate) fn by(&self, app: &App, caller: &Caller) -> Actor {
        Actor::Claimant {
            prefix: caller.prefix,
            human: app.human_check.judge(&self.token, self.work.as_deref(), caller.at),
        }
    }

    pub(crate) fn into_submit(self, run: u32) -> Act {
        Act::Submit {
            run,
            verb: self.verb,
            fields: self.fields,
            files: self.files,
        }
    }
}

/// What may be shown again after a refusal: never a password.
pub(crate) fn kept(fields: &Fields) -> Fields {
    Fields(
        fields
            .0
            .iter()
            .filter(|(name, _)| !name.contains("password"))
            .cloned()
            .collect(),
    )
}
