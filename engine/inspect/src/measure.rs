//! What a picture tells without being read: how sharp it is, whether a camera took it, and the traces that programs
//! leave (EV-06). Signals for people, not verdicts; their thresholds stand in the rule files.

use image::GrayImage;
use readmit_core::kind::Media;
use regex::bytes::Regex;

use crate::intake::Picture;
use crate::resaved::resaved;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measures {
    pub media: Media,
    /// The shorter side, in pixels.
    pub narrow: u32,
    /// The steepest edges, 0 to 255: the level that one edge in a hundred passes. Text has steep edges.
    pub sharpness: i64,
    /// Neighbouring pixels that are all but the same, in percent. Screenshots are flat, photos are not.
    pub flatness: i64,
    /// Pixels of the three commonest levels of grey and those beside them, in percent. The grounds of a screenshot are of one
    /// colour each; on a photo the light falls unevenly.
    pub evenness: i64,
    /// Metadata names a camera's exposure.
    pub camera: bool,
    /// The programs that metadata names, wherever it stands.
    pub software: Vec<String>,
    /// The kinds of parts that the file has.
    pub parts: Vec<String>,
    /// Bytes after the picture's own end.
    pub past_end: u64,
    /// Traces of an earlier JPEG whose blocks lie elsewhere than this file's.
    pub resaved: bool,
}

/// Pixels further apart than this are an edge.
const STEP: u8 = 4;
/// Levels of grey that a page has: ground, boxes, writing.
const COMMON: usize = 3;
/// Share of edges that may be steeper than the sharpness, in percent.
const STEEPEST: usize = 2;
/// EXIF tags: who wrote the file, and for how long light fell in.
const SOFTWARE: u16 = 0x0131;
const PROCESSING: u16 = 0x000b;
const EXIF_BLOCK: u16 = 0x8769;
const EXPOSURE: u16 = 0x829a;

#[must_use]
pub fn measure(picture: &Picture, bytes: &[u8]) -> Measures {
    let grey = image::imageops::grayscale(&picture.pixels);
    let (flatness, sharpness) = edges(&grey);
    let mut exif = picture.exif.as_deref().map(Exif::read).unwrap_or_default();
    exif.software.extend(named(bytes));
    Measures {
        media: picture.whole.media,
        narrow: picture.pixels.width().min(picture.pixels.height()),
        sharpness,
        flatness,
        evenness: evenness(&grey),
        camera: exif.exposure,
        software: exif.software,
        parts: picture.whole.parts.clone(),
        past_end: picture.whole.past_end,
        resaved: resaved(&grey),
    }
}

/// The share of flat neighbours, and the level of the steepest edges.
fn edges(grey: &GrayImage) -> (i64, i64) {
    let mut levels = [0usize; 256];
    for row in grey.chunks_exact(grey.width().max(1) as usize) {
        for (a, b) in row.iter().zip(row.iter().skip(1)) {
            if let Some(level) = levels.get_mut(usize::from(a.abs_diff(*b))) {
                *level += 1;
            }
        }
    }
    let all: usize = levels.iter().sum();
    let flat: usize = levels.iter().take(usize::from(STEP)).sum();
    let mut left = (all - flat) * STEEPEST / 100;
    let steepest = levels.iter().enumerate().rev().find(|(_, count)| {
        let passed = **count > left;
        left = left.saturating_sub(**count);
        passed
    });
    let percent = flat * 100 / all.max(1);
    let sharpness = if all == flat {
        0
    } else {
        steepest.map_or(0, |(level, _)| level)
    };
    (
        i64::try_from(percent).unwrap_or(100),
        i64::try_from(sharpness).unwrap_or(0),
    )
}

/// How much of the picture has one of the commonest levels of grey, in percent.
fn evenness(grey: &GrayImage) -> i64 {
    let mut levels = [0usize; 256];
    for value in grey.iter() {
        if let Some(level) = levels.get_mut(usize::from(*value)) {
            *level += 1;
        }
    }
    let mut common = 0;
    for _ in 0..COMMON {
        let Some((at, _)) = levels.iter().enumerate().max_by_key(|(_, count)| **count) else {
            break;
        };
        let beside = levels
            .iter_mut()
            .skip(at.saturating_sub(1))
            .take(if at == 0 { 2 } else { 3 });
        common += beside.map(std::mem::take).sum::<usize>();
    }
    i64::try_from(common * 100 / grey.len().max(1)).unwrap_or(100)
}

/// What an EXIF block (a TIFF structure) says of program and exposure.
#[derive(Default)]
struct Exif {
    software: Vec<String>,
    exposure: bool,
}

/// More entries than this are no camera's.
const MOST_ENTRIES: u16 = 500;

impl Exif {
    fn read(block: &[u8]) -> Self {
        let mut exif = Self::default();
        let Some(tiff) = Tiff::new(block) else { return exif };
        if let Some(first) = tiff.u32(4) {
            tiff.directory(first as usize, 0, &mut exif);
        }
        exif
    }
}

struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { bytes, little })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    /// Reads one directory, and the one of exposures below the first.
    fn directory(&self, at: usize, depth: u8, into: &mut Exif) {
        let entries = self.u16(at).unwrap_or(0).min(MOST_ENTRIES);
        for entry in 0..usize::from(entries) {
            let Some(place) = at.checked_add(2 + 12 * entry) else {
                return;
            };
            match self.u16(place) {
                Some(SOFTWARE | PROCESSING) => into.software.extend(self.text(place)),
                Some(EXPOSURE) => into.exposure = true,
                Some(EXIF_BLOCK) if depth == 0 => {
                    if let Some(below) = self.u32(place + 8) {
                        self.directory(below as usize, 1, into);
                    }
                }
                _ => {}
            }
        }
    }

    fn text(&self, entry: usize) -> Option<String> {
        let length = usize::try_from(self.u32(entry + 4)?).ok()?.min(80);
        let from = if length <= 4 {
            entry + 8
        } else {
            self.u32(entry + 8)? as usize
        };
        let text = self.bytes.get(from..from.checked_add(length)?)?;
        Some(String::from_utf8_lossy(text).trim_end_matches('\0').to_owned())
    }
}

/// What stands before a program's name outside EXIF: PNG text, XMP, Photoshop's own block.
const MARKS: &str = r"(?-u)Software\x00|CreatorTool|softwareAgent|Photoshop 3\.0";
/// Bytes from a mark that hold the name.
const NAME: usize = 80;
/// More names than a file that was passed on a few times has.
const MOST_NAMES: usize = 16;

/// The programs named outside EXIF, each with its mark, wherever in the file they stand.
fn named(bytes: &[u8]) -> Vec<String> {
    let Ok(marks) = Regex::new(MARKS) else {
        return Vec::new();
    };
    let name = |at: usize| -> String {
        let text = bytes.get(at..).unwrap_or_default().iter().take(NAME);
        let letters = text.map(|byte| char::from(*byte));
        letters.filter(|c| c.is_ascii_graphic() || *c == ' ').collect()
    };
    let found = marks.find_iter(bytes).take(MOST_NAMES);
    found.map(|mark| name(mark.start())).collect()
}

/// The pixels of a picture that is only black on white, for tests of what measures tell.
#[cfg(test)]
pub(crate) fn stripes(width: u32, height: u32) -> image::RgbImage {
    image::RgbImage::from_fn(width, height, |x, y| {
        let ink = (x / 3) % 4 == 0 && (y / 12) % 3 == 0;
        image::Rgb(if ink { [20, 20, 30] } else { [255, 255, 255] })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_sharp_until_it_is_blurred() {
        let sharp = stripes(300, 200);
        let blurred = image::imageops::blur(&sharp, 3.0);
        let (flat, steep) = edges(&image::imageops::grayscale(&sharp));
        let (_, soft) = edges(&image::imageops::grayscale(&blurred));
        assert!(flat > 60 && steep > 150 && soft < 40, "{flat} {steep} {soft}");
    }
}
