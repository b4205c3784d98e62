//! Whether a picture is all there: walks its structure as bytes stream by, without decoding and without keeping them.

use std::collections::BTreeSet;

use crate::kind::Media;

/// A walk along a picture's structure.
pub(super) struct Walk {
    at: Place,
    past: u64,
    parts: Parts,
}

/// The names of a picture's parts, each once.
#[derive(Default)]
pub(super) struct Parts(BTreeSet<String>);

/// More kinds of parts than any format has: what is beyond is meant to keep us busy.
const MOST_PARTS: usize = 64;

impl Parts {
    fn note(&mut self, name: String) {
        if self.0.len() < MOST_PARTS {
            self.0.insert(name);
        }
    }

    /// A name of four letters; what is no letter is shown as `?`.
    fn note_four(&mut self, four: u32) {
        let letter = |byte: u8| {
            if byte.is_ascii_graphic() || byte == b' ' {
                char::from(byte)
            } else {
                '?'
            }
        };
        self.note(four.to_be_bytes().map(letter).iter().collect());
    }
}

/// A place in a picture's structure.
enum Place {
    Png(Png),
    Jpeg(Jpeg),
    Webp(Webp),
}

impl Walk {
    pub(super) fn of(media: Media) -> Self {
        let at = match media {
            Media::Png => Place::Png(Png::Skip { left: 8, last: false }),
            Media::Jpeg => Place::Jpeg(Jpeg::Skip { left: 2, scan: false }),
            Media::Webp => Place::Webp(Webp::default()),
        };
        Self {
            at,
            past: 0,
            parts: Parts::default(),
        }
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while let Some((first, _)) = bytes.split_first() {
            if self.whole() {
                self.past += bytes.len() as u64;
                return;
            }
            let used = match &mut self.at {
                Place::Png(png) => png.step(*first, bytes.len(), &mut self.parts),
                Place::Jpeg(jpeg) => jpeg.step(*first, bytes, &mut self.parts),
                Place::Webp(webp) => webp.step(*first, bytes.len(), &mut self.parts),
            };
            bytes = bytes.get(used.max(1)..).unwrap_or_default();
        }
    }

    /// Whether the format's own end was reached.
    pub(super) fn whole(&self) -> bool {
        match &self.at {
            Place::Png(png) => matches!(png, Png::End),
            Place::Jpeg(jpeg) => matches!(jpeg, Jpeg::End),
            Place::Webp(webp) => webp.size.is_some_and(|size| webp.seen >= size),
        }
    }

    /// The kinds of parts that it has, in alphabetical order.
    pub(super) fn parts(self) -> Vec<String> {
        self.parts.0.into_iter().collect()
    }

    /// How many bytes follow the format's own end.
    pub(super) fn past(&self) -> u64 {
        self.past
    }
}

/// PNG 1.2, section 3: chunks of length, type, data and checksum, up to IEND.
enum Png {
    Skip { left: u64, last: bool },
    Header { seen: u8, length: u32, kind: u32 },
    End,
}

impl Png {
    fn step(&mut self, byte: u8, available: usize, parts: &mut Parts) -> usize {
        match self {
            Self::Skip { left, last } => {
                let used = available.min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= used as u64;
                if *left == 0 {
                    *self = if *last {
                        Self::End
                    } else {
                        Self::Header {
                            seen: 0,
                            length: 0,
                            kind: 0,
                        }
                    };
                }
                used
            }
            Self::Header { seen, length, kind } => {
                let into = if *seen < 4 { &mut *length } else { &mut *kind };
                *into = (*into << 8) | u32::from(byte);
                *seen += 1;
                if *seen == 8 {
                    parts.note_four(*kind);
                    let last = *kind == u32::from_be_bytes(*b"IEND");
                    *self = Self::Skip {
                        left: u64::from(*length) + 4,
                        last,
                    };
                }
                1
            }
            Self::End => available,
        }
    }
}

/// JPEG (ITU T.81, annex B): marker segments, and entropy-coded data after a scan's header, up to EOI.
enum Jpeg {
    Skip {
        left: u32,
        scan: bool,
    },
    /// Before a marker's 0xFF.
    Marker,
    /// After a marker's 0xFF; in a scan it may be a stuffed byte.
    Code {
        scan: bool,
    },
    Length {
        high: Option<u8>,
        scan: bool,
    },
    Scan,
    /// No marker where one must be.
    Broken,
    End,
}

impl Jpeg {
    fn step(&mut self, byte: u8, bytes: &[u8], parts: &mut Parts) -> usize {
        match self {
            Self::Skip { left, scan } => {
                let used = bytes.len().min(*left as usize);
                *left -= u32::try_from(used).unwrap_or(*left);
                if *left == 0 {
                    *self = if *scan { Self::Scan } else { Self::Marker };
                }
                used
            }
            Self::Marker => {
                *self = if byte == 0xff {
                    Self::Code { scan: false }
                } else {
                    Self::Broken
                };
                1
            }
            Self::Code { scan } => {
                // Segments of programs' own (annex B.2.4.6).
                if (0xe0..=0xef).contains(&byte) {
                    parts.note(format!("APP{}", byte - 0xe0));
                }
                *self = match byte {
                    0xff => return 1,
                    0xd9 => Self::End,
                    0x00 if *scan => Self::Scan,
                    0xd0..=0xd7 | 0x01 => {
                        if *scan {
                            Self::Scan
                        } else {
                            Self::Marker
                        }
                    }
                    _ => Self::Length {
                        high: None,
                        scan: byte == 0xda,
                    },
                };
                1
            }
            Self::Length { high: high @ None, .. } => {
                *high = Some(byte);
                1
            }
            Self::Length { high: Some(high), scan } => {
                let length = u32::from(u16::from_be_bytes([*high, byte]));
                *self = match (length.checked_sub(2), *scan) {
                    (None, _) => Self::Broken,
                    (Some(0), true) => Self::Scan,
                    (Some(0), false) => Self::Marker,
                    (Some(left), scan) => Self::Skip { left, scan },
                };
                1
            }
            Self::Scan => match bytes.iter().position(|b| *b == 0xff) {
                Some(place) => {
                    *self = Self::Code { scan: true };
                    place + 1
                }
                None => bytes.len(),
            },
            Self::Broken | Self::End => bytes.len(),
        }
    }
}

/// WebP (RFC 9649, section 2.4): one RIFF chunk that says its length in bytes 4 to 8, and chunks within it from byte 12, each
/// of a name, a length and data of an even length.
#[derive(Default)]
struct Webp {
    seen: u64,
    length: u32,
    size: Option<u64>,
    /// Bytes of the chunk within that are still to come.
    left: u64,
    /// Bytes of its name and length that were seen.
    head: u8,
    name: u32,
    within: u32,
}

/// Bytes before the first chunk.
const RIFF_HEAD: u64 = 12;

impl Webp {
    fn step(&mut self, byte: u8, available: usize, parts: &mut Parts) -> usize {
        let Some(size) = self.size else {
            if self.seen >= 4 {
                self.length |= u32::from(byte) << (8 * (self.seen - 4));
            }
            self.seen += 1;
            if self.seen == 8 {
                self.size = Some(u64::from(self.length) + 8);
            }
            return 1;
        };
        let left = size - self.seen;
        let used = if self.seen < RIFF_HEAD || self.left == 0 {
            if self.seen >= RIFF_HEAD {
                self.chunk(byte, parts);
            }
            1
        } else {
            let used = (available as u64).min(left).min(self.left);
            self.left -= used;
            used
        };
        self.seen += used;
        usize::try_from(used).unwrap_or(available)
    }

    /// The next byte of a chunk's name and length.
    fn chunk(&mut self, byte: u8, parts: &mut Parts) {
        if self.head < 4 {
            self.name = (self.name << 8) | u32::from(byte);
        } else {
            self.within |= u32::from(byte) << (8 * (self.head - 4));
        }
        self.head += 1;
        if self.head == 8 {
            parts.note_four(self.name);
            self.left = u64::from(self.within).next_multiple_of(2);
            (self.head, self.name, self.within) = (0, 0, 0);
        }
    }
}
