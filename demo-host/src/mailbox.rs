//! What was sent: mails as they came over SMTP, text messages as they were posted. Kept in a file of one JSON line a message,
//! because a mail is acknowledged only when it is on disk and the state is too large to be written for each.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use mail_parser::{MessageParser, MimeHeaders};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::store::StoreError;

/// How many messages are kept. The file may hold more until the next start.
const CAP: usize = 2_000;

pub(crate) struct Mailbox {
    kept: Arc<Kept>,
    /// Held from the number until the message shows: messages queue.
    file: Arc<tokio::sync::Mutex<File>>,
}

/// Oldest first.
struct Kept(RwLock<VecDeque<Arc<Message>>>);

/// One message in the box.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Counts up from 1, never used twice.
    pub(crate) n: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
    #[serde(flatten)]
    pub(crate) what: Received,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Received {
    pub(crate) channel: Channel,
    pub(crate) from: String,
    /// Of a mail the envelope's recipients, of a text message the number.
    pub(crate) to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: Option<String>,
    pub(crate) message_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Channel {
    Mail,
    Sms,
}

impl Received {
    /// A mail as it came over SMTP. What is no MIME message is shown as it stands.
    pub(crate) fn from_smtp(sender: &str, to: Vec<String>, raw: &[u8]) -> Self {
        let Some(mail) = MessageParser::default().parse(raw) else {
            return Self {
                text: String::from_utf8_lossy(raw).into_owned(),
                ..Self::empty(Channel::Mail, sender, to)
            };
        };
        let from = mail
            .from()
            .and_then(|from| from.first())
            .and_then(|from| from.address());
        let html = mail.html_part(0).filter(|part| part.is_content_type("text", "html"));
        Self {
            subject: mail.subject().unwrap_or_default().to_owned(),
            text: mail.body_text(0).unwrap_or_default().into_owned(),
            html: html.and_then(|part| part.text_contents()).map(str::to_owned),
            message_id: mail.message_id().map(str::to_owned),
            ..Self::empty(Channel::Mail, from.unwrap_or(sender), to)
        }
    }

    /// A mail of the exchange itself.
    pub(crate) fn from_halcyon(to: &str, subject: &str, text: String) -> Self {
        let subject = subject.to_owned();
        Self {
            subject,
            text,
            ..Self::empty(Channel::Mail, "no-reply@halcyon.example", vec![to.to_owned()])
        }
    }

    pub(crate) fn sms(to: String, text: String) -> Self {
        Self {
            text,
            ..Self::empty(Channel::Sms, "", vec![to])
        }
    }

    fn empty(channel: Channel, from: &str, to: Vec<String>) -> Self {
        let (from, subject, text) = (from.to_owned(), String::new(), String::new());
        Self {
            channel,
            from,
            to,
            subject,
            text,
            html: None,
            message_id: None,
        }
    }

    fn is_to(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }
}

impl Mailbox {
    /// Reads the file, drops what is beyond the cap and a last line that was cut off: it was never acknowledged.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let all = match fs::read_to_string(path) {
            Ok(all) => all,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error.into()),
        };
        let whole = all.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let mut messages = whole
            .lines()
            .map(|line| Ok(Arc::new(serde_json::from_str(line)?)))
            .collect::<Result<VecDeque<Arc<Message>>, StoreError>>()?;
        messages.drain(..messages.len().saturating_sub(CAP));
        let mut lines = Vec::new();
        for message in &messages {
            lines.extend(line(message)?);
        }
        let beside = path.with_extension("mails-new");
        let mut file = File::create(&beside)?;
        file.write_all(&lines)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Self {
            kept: Arc::new(Kept(RwLock::new(messages))),
            file: Arc::new(tokio::sync::Mutex::new(file)),
        })
    }

    /// Keeps a message; it is on disk when this returns. A caller that goes away meanwhile leaves it whole.
    pub(crate) async fn push(&self, what: Received, at: OffsetDateTime) -> Result<(), StoreError> {
        let mut file = Arc::clone(&self.file).lock_owned().await;
        let n = self.kept.read().back().map_or(1, |latest| latest.n + 1);
        let message = Message { n, at, what };
        let (kept, line) = (Arc::clone(&self.kept), line(&message)?);
        let append = move || {
            file.write_all(&line)?;
            file.sync_data()?;
            kept.push(message);
            io::Result::Ok(())
        };
        Ok(tokio::task::spawn_blocking(append).await.map_err(io::Error::other)??)
    }

    /// Newest first; all, or those to one address or number.
    pub(crate) fn list(&self, to: Option<&str>) -> Vec<Arc<Message>> {
        let is_asked = |message: &&Arc<Message>| to.is_none_or(|to| message.what.is_to(to));
        self.kept.read().iter().rev().filter(is_asked).cloned().collect()
    }

    pub(crate) fn get(&self, n: u64) -> Option<Arc<Message>> {
        self.kept.read().iter().find(|message| message.n == n).cloned()
    }
}

impl Kept {
    fn read(&self) -> RwLockReadGuard<'_, VecDeque<Arc<Message>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, message: Message) {
        let mut messages = self.0.write().unwrap_or_else(PoisonError::into_inner);
        messages.push_back(Arc::new(message));
        while messages.len() > CAP {
            messages.pop_front();
        }
    }
}

fn line(message: &Message) -> Result<Vec<u8>, StoreError> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    Ok(line)
}
