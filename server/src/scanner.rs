//! An anti-virus daemon's word on a file (EV-08), in clamd's protocol: `zINSTREAM`, chunks after their length, an empty one.

use std::time::Duration;

use readmit_core::effect::EffectError;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long a scan may take.
const LIMIT: Duration = Duration::from_secs(20);
/// Bytes that are sent at a time.
const CHUNK: usize = 64 * 1024;
/// The longest answer.
const ANSWER: u64 = 4 * 1024;

/// Letters of a daemon's name that are kept.
const LONGEST_NAME: usize = 120;

/// What a scanner said of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scanned {
    Clean,
    /// The name of what was found.
    Found(String),
}

/// Has a file scanned by the daemon at `host:port`.
///
/// # Errors
/// [`EffectError::Retry`] when it cannot be asked, or gives no verdict: the file stays where nobody sees it.
pub(crate) async fn scan(at: &str, file: &[u8]) -> Result<Scanned, EffectError> {
    let asked = tokio::time::timeout(LIMIT, ask(at, file)).await;
    let answer = match asked {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(_) => return Err(EffectError::Retry("the virus scanner did not answer".into())),
    };
    verdict(&answer).ok_or_else(|| EffectError::Retry("the virus scanner gave no verdict".into()))
}

/// What the daemon calls itself: `ClamAV 1.4.1/27456/Mon Nov 23 08:40:05 2026`. A daemon that does not say so has had its
/// word all the same.
pub(crate) async fn version(at: &str) -> String {
    let asked = async {
        let mut stream = TcpStream::connect(at).await.ok()?;
        stream.write_all(b"zVERSION\0").await.ok()?;
        let mut answer = String::new();
        stream.take(ANSWER).read_to_string(&mut answer).await.ok()?;
        let said = answer.chars().filter(|c| c.is_ascii_graphic() || *c == ' ');
        let said: String = said.take(LONGEST_NAME).collect();
        (!said.is_empty()).then_some(said)
    };
    let said = tokio::time::timeout(LIMIT, asked).await.ok().flatten();
    said.unwrap_or_else(|| "a scanner that does not tell its version".into())
}

async fn ask(at: &str, file: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(at).await?;
    stream.write_all(b"zINSTREAM\0").await?;
    for chunk in file.chunks(CHUNK) {
        stream
            .write_all(&u32::try_from(chunk.len()).unwrap_or(u32::MAX).to_be_bytes())
            .await?;
        stream.write_all(chunk).await?;
    }
    stream.write_all(&[0; 4]).await?;
    let mut answer = String::new();
    stream.take(ANSWER).read_to_string(&mut answer).await?;
    Ok(answer)
}

/// `stream: OK` or `stream: NAME FOUND`; anything else is no verdict.
fn verdict(answer: &str) -> Option<Scanned> {
    let said = answer.trim_end_matches(['\0', '\n']).strip_prefix("stream: ")?;
    match said.strip_suffix(" FOUND") {
        Some(name) => Some(Scanned::Found(name.to_owned())),
        None if said == "OK" => Some(Scanned::Clean),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_word_is_a_verdict() {
        assert_eq!(verdict("stream: OK\0"), Some(Scanned::Clean));
        assert_eq!(
            verdict("stream: Eicar-Signature FOUND\0"),
            Some(Scanned::Found("Eicar-Signature".into()))
        );
        for other in ["", "INSTREAM size limit exceeded. ERROR\0", "stream: OKAY", "stream: "] {
            assert_eq!(verdict(other), None, "{other}");
        }
    }
}
