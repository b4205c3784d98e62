//! A banner that Readmit puts into the owner's live sessions: the one channel that a stolen mailbox cannot delete.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What the owner is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notice {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) stop_url: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) until: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

/// A notice as Readmit sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    pub(crate) thread: String,
    kind: String,
    title: String,
    text: String,
    #[serde(default)]
    stop_url: Option<String>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    until: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

impl Told {
    /// The thread and the notice, or a sentence that says what is wrong.
    pub(crate) fn accept(self) -> Result<(String, Notice), &'static str> {
        if self.thread.is_empty() || self.thread.len() > 200 {
            return Err("thread must have 1 to 200 bytes.");
        }
        if self.kind.is_empty() || !self.kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err("kind must be lower-case letters and underscores.");
        }
        if self.title.is_empty() || self.title.len() > 400 || self.text.len() > 4_000 {
            return Err("title must have 1 to 400 bytes, text at most 4000.");
        }
        if self.stop_url.as_deref().is_some_and(|url| !is_web_address(url)) {
            return Err("stop_url must begin with http:// or https://.");
        }
        let Self {
            thread,
            kind,
            title,
            text,
            stop_url,
            until,
            at,
        } = self;
        Ok((
            thread,
            Notice {
                kind,
                title,
                text,
                stop_url,
                until,
                at,
            },
        ))
    }
}

fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

impl Notice {
    pub(crate) fn lives(&self, now: OffsetDateTime) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    pub(crate) fn at(&self) -> OffsetDateTime {
        self.at
    }
}
