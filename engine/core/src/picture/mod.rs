//! What a file is, read from its content while it streams by (EV-01): never from its name or Content-Type.
//! The one place that knows picture formats by their structure; decoding is the inspection's business.

mod walk;

use crate::kind::Media;
use walk::Walk;

/// Why a file is no picture that we take. Each has its own sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfit {
    Empty,
    /// A picture that ends before its format says so.
    CutOff,
    Heic,
    Avif,
    Svg,
    Gif,
    Pdf,
    Archive,
    /// Nothing that we know as a picture.
    Other,
}

impl Unfit {
    pub const ALL: [Self; 9] = [
        Self::Empty,
        Self::CutOff,
        Self::Heic,
        Self::Avif,
        Self::Svg,
        Self::Gif,
        Self::Pdf,
        Self::Archive,
        Self::Other,
    ];

    /// The code of its sentence.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::CutOff => "file_cut_off",
            Self::Heic => "file_heic",
            Self::Avif => "file_avif",
            Self::Svg => "file_svg",
            Self::Gif => "file_gif",
            Self::Pdf => "file_pdf",
            Self::Archive => "file_archive",
            Self::Other => "file_other",
        }
    }
}

/// A whole picture, as its structure tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    pub media: Media,
    /// The kinds of parts that it has, each once: chunks of a PNG or WebP, application segments of a JPEG (EV-06).
    pub parts: Vec<String>,
    /// Bytes after the format's own end: nothing reads them, and an honest picture has none (EV-06).
    pub past_end: u64,
}

/// Enough of a file to know every format below by its first bytes.
const HEAD: usize = 512;

/// Looks at a file as it streams by.
#[derive(Default)]
pub struct Look {
    head: Vec<u8>,
    known: Option<(Media, Walk)>,
}

impl Look {
    /// The next bytes of the file.
    ///
    /// # Errors
    /// [`Unfit`] as soon as it is certain.
    pub fn see(&mut self, bytes: &[u8]) -> Result<(), Unfit> {
        if let Some((_, walk)) = &mut self.known {
            walk.feed(bytes);
            return Ok(());
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() >= HEAD { self.decide() } else { Ok(()) }
    }

    /// The end of the file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn end(mut self) -> Result<Whole, Unfit> {
        if self.known.is_none() {
            self.decide()?;
        }
        match self.known {
            Some((media, walk)) if walk.whole() => Ok(Whole {
                media,
                past_end: walk.past(),
                parts: walk.parts(),
            }),
            _ => Err(Unfit::CutOff),
        }
    }

    fn decide(&mut self) -> Result<(), Unfit> {
        let media = sniff(&self.head)?;
        let mut walk = Walk::of(media);
        walk.feed(&self.head);
        self.known = Some((media, walk));
        Ok(())
    }
}

/// The format by its first bytes.
fn sniff(head: &[u8]) -> Result<Media, Unfit> {
    let at = |place: usize, wanted: &[u8]| head.get(place..).is_some_and(|rest| rest.starts_with(wanted));
    if head.is_empty() {
        Err(Unfit::Empty)
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Ok(Media::Png)
    } else if at(0, b"\xff\xd8\xff") {
        Ok(Media::Jpeg)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Ok(Media::Webp)
    } else if at(4, b"ftyp") {
        Err(if at(8, b"avi") { Unfit::Avif } else { Unfit::Heic })
    } else if at(0, b"GIF8") {
        Err(Unfit::Gif)
    } else if at(0, b"%PDF") {
        Err(Unfit::Pdf)
    } else if [&b"PK"[..], b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"]
        .iter()
        .any(|magic| at(0, magic))
    {
        Err(Unfit::Archive)
    } else if is_svg(head) {
        Err(Unfit::Svg)
    } else {
        Err(Unfit::Other)
    }
}

fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('<') && text.to_ascii_lowercase().contains("<svg")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn judge(bytes: &[u8], chunk: usize) -> Result<Media, Unfit> {
        let mut look = Look::default();
        for part in bytes.chunks(chunk) {
            look.see(part)?;
        }
        look.end().map(|whole| whole.media)
    }

    fn png() -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, data) in [(b"IHDR", vec![1u8; 13]), (b"IDAT", vec![0xff; 900]), (b"IEND", vec![])] {
            bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
            bytes.extend(kind);
            bytes.extend(data);
            bytes.extend([0; 4]);
        }
        bytes
    }

    fn jpeg() -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe1\x00\x08\xff\xd9ABCD".to_vec();
        bytes.extend(b"\xff\xda\x00\x04\x01\x02");
        bytes.extend([0x55; 700]);
        bytes.extend(b"\xff\x00\xff\xd3\x77\xff\xff\xd9");
        bytes
    }

    fn webp() -> Vec<u8> {
        let mut bytes = b"RIFF".to_vec();
        bytes.extend(604u32.to_le_bytes());
        bytes.extend(b"WEBP");
        bytes.extend([7; 600]);
        bytes
    }

    /// EV-01: what a file is called or claims to be does not count.
    #[test]
    fn ev_01_pictures_are_known_by_their_content() {
        for chunk in [1, 7, 4096] {
            assert_eq!(judge(&png(), chunk), Ok(Media::Png));
            assert_eq!(judge(&jpeg(), chunk), Ok(Media::Jpeg));
            assert_eq!(judge(&webp(), chunk), Ok(Media::Webp));
        }
        for (bytes, fault) in [
            (&b""[..], Unfit::Empty),
            (b"\0\0\0\x20ftypheic\0\0", Unfit::Heic),
            (b"\0\0\0\x20ftypavif\0\0", Unfit::Avif),
            (b"GIF89a", Unfit::Gif),
            (b"%PDF-1.7", Unfit::Pdf),
            (b"PK\x03\x04", Unfit::Archive),
            (
                b"\xef\xbb\xbf <?xml version='1.0'?><!-- x --><SVG onload='x'>",
                Unfit::Svg,
            ),
            (b"<!doctype html><script>", Unfit::Other),
            (b"\0\0\0\0", Unfit::Other),
            (b"RIFF\0\0\0\0WAVE", Unfit::Other),
        ] {
            assert_eq!(judge(bytes, 3), Err(fault));
        }
    }

    #[test]
    fn ev_01_a_picture_cut_off_anywhere_is_noticed() {
        for whole in [png(), jpeg(), webp()] {
            for end in 12..whole.len() {
                assert_eq!(judge(&whole[..end], 64), Err(Unfit::CutOff), "{end} of {}", whole.len());
            }
            for chunk in [1, 64, 9_000] {
                let mut look = Look::default();
                for part in [whole.as_slice(), b"appended"].concat().chunks(chunk) {
                    look.see(part).unwrap();
                }
                assert_eq!(look.end().unwrap().past_end, 8);
            }
        }
    }
}
