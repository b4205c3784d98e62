//! What an uploaded file is, read from its content while it streams by (EV-01): never from its name or Content-Type.

use readmit_core::kind::Media;

use super::walk::Walk;

/// Why a file is not taken. Each has its own sentence, `refusal-{code}`, beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Empty,
    TooBig,
    /// A picture that ends before its format says so.
    CutOff,
    Heic,
    Svg,
    Gif,
    Pdf,
    Archive,
    /// Nothing that we know as a picture.
    Other,
    /// More files today than a case may send.
    TooMany,
}

impl Fault {
    pub const ALL: [Self; 10] = [
        Self::Empty,
        Self::TooBig,
        Self::CutOff,
        Self::Heic,
        Self::Svg,
        Self::Gif,
        Self::Pdf,
        Self::Archive,
        Self::Other,
        Self::TooMany,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooBig => "file_too_big",
            Self::CutOff => "file_cut_off",
            Self::Heic => "file_heic",
            Self::Svg => "file_svg",
            Self::Gif => "file_gif",
            Self::Pdf => "file_pdf",
            Self::Archive => "file_archive",
            Self::Other => "file_other",
            Self::TooMany => "file_too_many",
        }
    }
}

/// Enough of a file to know every format below by its first bytes.
const HEAD: usize = 512;

/// Looks at a file as it streams by.
#[derive(Default)]
pub(super) struct Look {
    head: Vec<u8>,
    known: Option<(Media, Walk)>,
}

impl Look {
    /// The next bytes of the file.
    ///
    /// # Errors
    /// A [`Fault`] as soon as it is certain.
    pub(super) fn see(&mut self, bytes: &[u8]) -> Result<(), Fault> {
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
    pub(super) fn end(mut self) -> Result<Media, Fault> {
        if self.known.is_none() {
            self.decide()?;
        }
        match self.known {
            Some((media, walk)) if walk.whole() => Ok(media),
            _ => Err(Fault::CutOff),
        }
    }

    fn decide(&mut self) -> Result<(), Fault> {
        let media = sniff(&self.head)?;
        let mut walk = Walk::of(media);
        walk.feed(&self.head);
        self.known = Some((media, walk));
        Ok(())
    }
}

/// The format by its first bytes.
fn sniff(head: &[u8]) -> Result<Media, Fault> {
    let at = |place: usize, wanted: &[u8]| head.get(place..).is_some_and(|rest| rest.starts_with(wanted));
    if head.is_empty() {
        Err(Fault::Empty)
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Ok(Media::Png)
    } else if at(0, b"\xff\xd8\xff") {
        Ok(Media::Jpeg)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Ok(Media::Webp)
    } else if at(4, b"ftyp") {
        Err(Fault::Heic)
    } else if at(0, b"GIF8") {
        Err(Fault::Gif)
    } else if at(0, b"%PDF") {
        Err(Fault::Pdf)
    } else if [&b"PK"[..], b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"]
        .iter()
        .any(|magic| at(0, magic))
    {
        Err(Fault::Archive)
    } else if is_svg(head) {
        Err(Fault::Svg)
    } else {
        Err(Fault::Other)
    }
}

fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('<') && text.to_ascii_lowercase().contains("<svg")
}

/// A file name as shown: its last part, without control and direction characters, at most 100 characters (EV-07).
#[must_use]
pub fn display_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !hidden(*c)).take(100).collect();
    let shown = shown.trim();
    if shown.is_empty() {
        "picture".into()
    } else {
        shown.to_owned()
    }
}

/// Control characters, and those that reorder or hide the text around them.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn judge(bytes: &[u8], chunk: usize) -> Result<Media, Fault> {
        let mut look = Look::default();
        for part in bytes.chunks(chunk) {
            look.see(part)?;
        }
        look.end()
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
            (&b""[..], Fault::Empty),
            (b"\0\0\0\x20ftypheic\0\0", Fault::Heic),
            (b"GIF89a", Fault::Gif),
            (b"%PDF-1.7", Fault::Pdf),
            (b"PK\x03\x04", Fault::Archive),
            (
                b"\xef\xbb\xbf <?xml version='1.0'?><!-- x --><SVG onload='x'>",
                Fault::Svg,
            ),
            (b"<!doctype html><script>", Fault::Other),
            (b"\0\0\0\0", Fault::Other),
            (b"RIFF\0\0\0\0WAVE", Fault::Other),
        ] {
            assert_eq!(judge(bytes, 3), Err(fault));
        }
    }

    #[test]
    fn ev_01_a_picture_cut_off_anywhere_is_noticed() {
        for whole in [png(), jpeg(), webp()] {
            for end in 12..whole.len() {
                assert_eq!(judge(&whole[..end], 64), Err(Fault::CutOff), "{end} of {}", whole.len());
            }
            let mut trailed = whole.clone();
            trailed.extend(b"appended by a camera");
            assert!(judge(&trailed, 64).is_ok());
        }
    }

    /// EV-07: names are display text only.
    #[test]
    fn ev_07_names_are_made_harmless() {
        for (given, shown) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\mail.png", "mail.png"),
            ("gnp.\u{202e}exe", "gnp.exe"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
            ("", "picture"),
            ("..\u{0}", ".."),
        ] {
            assert_eq!(display_name(given), shown);
        }
        assert_eq!(display_name(&"很".repeat(300)).chars().count(), 100);
    }
}
