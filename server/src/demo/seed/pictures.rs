//! Screenshots as claimants send them: drawn here, small, the same in every demo.

use image::{ImageEncoder as _, Rgb, RgbImage, codecs::png::PngEncoder};

const WIDTH: u32 = 390;
const HEIGHT: u32 = 560;
const PAPER: Rgb<u8> = Rgb([250, 250, 252]);
const INK: Rgb<u8> = Rgb([24, 32, 44]);
const FAINT: Rgb<u8> = Rgb([120, 130, 144]);
const LINE: Rgb<u8> = Rgb([222, 227, 234]);
const BAR: Rgb<u8> = Rgb([16, 58, 92]);
const GOOD: Rgb<u8> = Rgb([26, 107, 60]);

/// One line of a picture: a label, and what stands beside it.
pub(crate) struct Line<'a>(pub(crate) &'a str, pub(crate) &'a str);

/// A screen with a title bar, a headline, lines and a badge.
pub(crate) fn screenshot(title: &str, headline: &str, lines: &[Line<'_>], badge: &str) -> anyhow::Result<Vec<u8>> {
    let mut picture = RgbImage::from_pixel(WIDTH, HEIGHT, PAPER);
    fill(&mut picture, (0, 0), (WIDTH, 56), BAR);
    write(&mut picture, (18, 21), 2, PAPER, title);
    write(&mut picture, (18, 84), 3, INK, headline);
    for (place, Line(label, value)) in (0u32..).zip(lines) {
        let top = 140 + place * 58;
        fill(&mut picture, (18, top - 12), (WIDTH - 36, 1), LINE);
        write(&mut picture, (18, top), 1, FAINT, label);
        write(&mut picture, (18, top + 16), 2, INK, value);
    }
    let top = HEIGHT - 84;
    fill(&mut picture, (18, top), (WIDTH - 36, 44), GOOD);
    write(&mut picture, (36, top + 15), 2, PAPER, badge);
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(&picture, WIDTH, HEIGHT, image::ExtendedColorType::Rgb8)?;
    Ok(bytes)
}

fn fill(picture: &mut RgbImage, (left, top): (u32, u32), (width, height): (u32, u32), colour: Rgb<u8>) {
    for y in top..(top + height).min(HEIGHT) {
        for x in left..(left + width).min(WIDTH) {
            picture.put_pixel(x, y, colour);
        }
    }
}

/// Writes one line; what does not fit is cut off at the edge.
fn write(picture: &mut RgbImage, (left, top): (u32, u32), size: u32, colour: Rgb<u8>, text: &str) {
    for (place, letter) in (0u32..).zip(text.chars()) {
        for (column, bits) in (0u32..).zip(glyph(letter.to_ascii_uppercase())) {
            for row in (0..7).filter(|row| bits & (1 << row) != 0) {
                let at = (left + (place * 6 + column) * size, top + row * size);
                fill(picture, at, (size, size), colour);
            }
        }
    }
}

/// A letter of five columns, top row in the lowest bit.
#[rustfmt::skip]
const fn glyph(letter: char) -> [u8; 5] {
    match letter {
        'A' => [0x7e, 0x11, 0x11, 0x11, 0x7e], 'B' => [0x7f, 0x49, 0x49, 0x49, 0x36], 'C' => [0x3e, 0x41, 0x41, 0x41, 0x22],
        'D' => [0x7f, 0x41, 0x41, 0x22, 0x1c], 'E' => [0x7f, 0x49, 0x49, 0x49, 0x41], 'F' => [0x7f, 0x09, 0x09, 0x09, 0x01],
        'G' => [0x3e, 0x41, 0x49, 0x49, 0x7a], 'H' => [0x7f, 0x08, 0x08, 0x08, 0x7f], 'I' => [0x00, 0x41, 0x7f, 0x41, 0x00],
        'J' => [0x20, 0x40, 0x41, 0x3f, 0x01], 'K' => [0x7f, 0x08, 0x14, 0x22, 0x41], 'L' => [0x7f, 0x40, 0x40, 0x40, 0x40],
        'M' => [0x7f, 0x02, 0x0c, 0x02, 0x7f], 'N' => [0x7f, 0x04, 0x08, 0x10, 0x7f], 'O' => [0x3e, 0x41, 0x41, 0x41, 0x3e],
        'P' => [0x7f, 0x09, 0x09, 0x09, 0x06], 'Q' => [0x3e, 0x41, 0x51, 0x21, 0x5e], 'R' => [0x7f, 0x09, 0x19, 0x29, 0x46],
        'S' => [0x46, 0x49, 0x49, 0x49, 0x31], 'T' => [0x01, 0x01, 0x7f, 0x01, 0x01], 'U' => [0x3f, 0x40, 0x40, 0x40, 0x3f],
        'V' => [0x1f, 0x20, 0x40, 0x20, 0x1f], 'W' => [0x3f, 0x40, 0x38, 0x40, 0x3f], 'X' => [0x63, 0x14, 0x08, 0x14, 0x63],
        'Y' => [0x07, 0x08, 0x70, 0x08, 0x07], 'Z' => [0x61, 0x51, 0x49, 0x45, 0x43],
        '0' => [0x3e, 0x51, 0x49, 0x45, 0x3e], '1' => [0x00, 0x42, 0x7f, 0x40, 0x00], '2' => [0x42, 0x61, 0x51, 0x49, 0x46],
        '3' => [0x21, 0x41, 0x45, 0x4b, 0x31], '4' => [0x18, 0x14, 0x12, 0x7f, 0x10], '5' => [0x27, 0x45, 0x45, 0x45, 0x39],
        '6' => [0x3c, 0x4a, 0x49, 0x49, 0x30], '7' => [0x01, 0x71, 0x09, 0x05, 0x03], '8' => [0x36, 0x49, 0x49, 0x49, 0x36],
        '9' => [0x06, 0x49, 0x49, 0x29, 0x1e],
        '.' => [0x00, 0x60, 0x60, 0x00, 0x00], ',' => [0x00, 0x50, 0x30, 0x00, 0x00], ':' => [0x00, 0x36, 0x36, 0x00, 0x00],
        '-' => [0x08, 0x08, 0x08, 0x08, 0x08], '+' => [0x08, 0x08, 0x3e, 0x08, 0x08], '/' => [0x20, 0x10, 0x08, 0x04, 0x02],
        '@' => [0x32, 0x49, 0x79, 0x41, 0x3e], '<' => [0x08, 0x14, 0x22, 0x41, 0x00], '>' => [0x00, 0x41, 0x22, 0x14, 0x08],
        _ => [0; 5],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_picture_is_a_small_png_and_the_same_each_time() {
        let draw = || screenshot("MAIL", "WITHDRAWAL SENT", &[Line("FROM", "NO-REPLY")], "DONE").unwrap();
        let picture = draw();
        assert_eq!(picture, draw());
        assert!(picture.starts_with(b"\x89PNG") && picture.len() < 32 * 1024);
        assert_eq!(image::load_from_memory(&picture).unwrap().width(), WIDTH);
    }
}
