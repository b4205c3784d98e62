//! From a [`Mail`] to the bytes that a mail server gets.
//!
//! Bodies are always base64 and headers are always encoded or parsed, so that no text of ours or of a claimant can end a
//! line, add a header or a command (OT-08). Date and Message-ID come with the job, so that a mail sent again is the same.

use std::time::{Duration, SystemTime};

use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Mailbox, MultiPart, MultiPartKind, SinglePart};
use readmit_core::effect::EffectError;
use readmit_core::time::At;

use crate::ports::Mail;

/// A mail address with an optional name in front: `Example Recovery <recovery@example.com>`.
#[derive(Clone, Debug)]
pub struct Address(Mailbox);

/// The text is not a mail address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a mail address; write recovery@example.com or Example <recovery@example.com>")]
pub struct NotAnAddress(String);

impl std::str::FromStr for Address {
    type Err = NotAnAddress;
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        text.parse().map(Self).map_err(|_| NotAnAddress(text.to_owned()))
    }
}

/// Builds the message; the error names no address.
pub(crate) fn message(from: &Address, mail: &Mail) -> Result<Message, EffectError> {
    let to = mail.to.trim();
    let to = to
        .parse()
        .map_err(|_| EffectError::Permanent("the address is not one that mail can go to".into()))?;
    let id = format!("<{}@{}>", mail.job, from.0.email.domain());
    let subject: String = mail
        .subject
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    Message::builder()
        .from(from.0.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        .message_id(Some(id))
        .date(date(mail.written))
        .multipart(
            MultiPart::builder()
                .kind(MultiPartKind::Alternative)
                .boundary(format!("part-{}", mail.job))
                .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
                .singlepart(part(ContentType::TEXT_HTML, &mail.html)),
        )
        .map_err(|_| EffectError::Permanent("the mail could not be built".into()))
}

fn part(kind: ContentType, body: &str) -> SinglePart {
    SinglePart::builder()
        .header(kind)
        .header(ContentTransferEncoding::Base64)
        .body(body.to_owned())
}

fn date(at: At) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.0).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use readmit_core::ids::JobId;
    use uuid::Uuid;

    use super::*;

    fn mail(to: &str, subject: &str, text: &str) -> Mail {
        Mail {
            job: JobId(Uuid::from_u128(4)),
            written: At(1_700_000_000_000_000),
            to: to.into(),
            subject: subject.into(),
            text: text.into(),
            html: text.into(),
        }
    }

    fn from() -> Address {
        "Example Recovery <recovery@example.com>".parse().unwrap()
    }

    const ENDINGS: [&str; 9] = [
        "\r\n.\r\n",
        "\n.\n",
        "\r.\r",
        "\r\n",
        "\n",
        "\r",
        "\u{2028}",
        "\u{85}",
        "\0",
    ];

    /// OT-08: whatever a text holds, the mail has the headers we gave it, and parts of base64 lines only.
    #[test]
    fn ot_08_no_text_ends_a_line_or_adds_a_header() {
        for ending in ENDINGS {
            let text = format!("before{ending}Bcc: eve@example.com{ending}MAIL FROM:<eve@example.com>{ending}after");
            let built = message(&from(), &mail("ada@example.com", &text, &text)).unwrap();
            let bytes = String::from_utf8(built.formatted()).unwrap();
            let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
            let fields: Vec<&str> = head
                .split("\r\n")
                .filter(|line| !line.starts_with([' ', '\t']))
                .filter_map(|line| line.split_once(':').map(|(name, _)| name))
                .collect();
            assert_eq!(
                fields,
                [
                    "From",
                    "To",
                    "Subject",
                    "Message-ID",
                    "Date",
                    "MIME-Version",
                    "Content-Type"
                ],
                "{ending:?}"
            );
            assert!(!head.replace("\r\n", "").contains(['\r', '\n', '\0']), "{ending:?}");
            let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
            let ours = |line: &str| line.starts_with("--part-") || line.starts_with("Content-");
            assert!(
                body.split("\r\n").all(|line| ours(line) || line.chars().all(base64)),
                "{ending:?}"
            );
            assert_eq!(built.envelope().to().len(), 1);
        }
    }

    /// OT-08: an address cannot carry a second one, or a command.
    #[test]
    fn ot_08_no_address_holds_more_than_one_address() {
        for ending in ENDINGS {
            for address in [
                format!("ada@example.com{ending}RCPT TO:<eve@example.com>"),
                format!("ada{ending}@example.com"),
                format!("ada@example.com>{ending}DATA{ending}x"),
            ] {
                assert!(message(&from(), &mail(&address, "s", "t")).is_err(), "{address:?}");
            }
        }
        for address in ["a@example.com, b@example.com", "<a@example.com", "", "ada", "ada@"] {
            assert!(message(&from(), &mail(address, "s", "t")).is_err(), "{address:?}");
        }
    }

    /// A mail cut off between the server's answer and our commit goes twice, byte for byte the same.
    #[test]
    fn a_mail_sent_again_is_the_same() {
        let mail = mail("ada@example.com", "Dein Konto \u{2013} 重置", "Grüße");
        let first = message(&from(), &mail).unwrap().formatted();
        assert_eq!(first, message(&from(), &mail).unwrap().formatted());
        let text = String::from_utf8(first).unwrap();
        assert!(text.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000"), "{text}");
        assert!(
            text.contains(&format!("Message-ID: <{}@example.com>", mail.job)),
            "{text}"
        );
    }
}
