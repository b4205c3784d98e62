//! How requests and answers travel through a pipe: a JSON head, then byte strings, each after its length.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What came is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what came through the pipe is no frame")]
pub struct NoFrame;

/// Writes a head and its parts.
///
/// # Errors
/// [`NoFrame`] when the head is no JSON or something is longer than 4 GiB.
pub fn encode<T: Serialize>(head: &T, parts: &[&[u8]]) -> Result<Vec<u8>, NoFrame> {
    let head = serde_json::to_vec(head).map_err(|_| NoFrame)?;
    let mut frame = Vec::with_capacity(head.len() + parts.iter().map(|part| part.len() + 4).sum::<usize>() + 4);
    for part in std::iter::once(head.as_slice()).chain(parts.iter().copied()) {
        frame.extend(u32::try_from(part.len()).map_err(|_| NoFrame)?.to_le_bytes());
        frame.extend(part);
    }
    Ok(frame)
}

/// Reads a head and exactly `N` parts.
///
/// # Errors
/// [`NoFrame`] when anything is missing, left over or not what it should be.
pub fn decode<T: DeserializeOwned, const N: usize>(frame: &[u8]) -> Result<(T, [&[u8]; N]), NoFrame> {
    let (head, mut rest) = part(frame)?;
    let head = serde_json::from_slice(head).map_err(|_| NoFrame)?;
    let mut parts = [&[][..]; N];
    for into in &mut parts {
        (*into, rest) = part(rest)?;
    }
    if rest.is_empty() {
        Ok((head, parts))
    } else {
        Err(NoFrame)
    }
}

fn part(bytes: &[u8]) -> Result<(&[u8], &[u8]), NoFrame> {
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(NoFrame)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| NoFrame)?;
    rest.split_at_checked(length).ok_or(NoFrame)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_frame_comes_back_and_a_cut_one_does_not() {
        let frame = encode(&"head", &[b"one", b""]).unwrap();
        assert_eq!(decode::<String, 2>(&frame), Ok(("head".into(), [&b"one"[..], b""])));
        for end in 0..frame.len() {
            assert_eq!(decode::<String, 2>(frame.get(..end).unwrap()), Err(NoFrame));
        }
        assert_eq!(decode::<String, 1>(&frame), Err(NoFrame));
    }
}
