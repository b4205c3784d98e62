//! Traces of an earlier JPEG whose blocks lie elsewhere than this file's: a picture that was cut, or a part of one that was
//! put into another, before it was saved again (EV-06).
//!
//! A JPEG rounds the frequencies of each block to multiples of a step. Seen through a grid that lies as the first JPEG's did,
//! frequencies still gather at multiples; seen through any other they do not (Bianchi and Piva, "Detection of nonaligned
//! double JPEG compression based on integer periodicity maps", 2012). What is brighter than white is lost to it: on pages of
//! pure white little is found.

use image::GrayImage;

/// The side of a block, in pixels.
const SIDE: usize = 8;
/// Frequencies that are looked at, across and down: the low ones have the most to tell.
const WAVES: [(usize, usize); 5] = [(1, 0), (0, 1), (1, 1), (2, 0), (0, 2)];
/// Steps that are tried.
const STEPS: std::ops::RangeInclusive<usize> = 4..=32;
/// Blocks that are looked at, the most, and the least levels of grey between the darkest and brightest pixel of one.
const MOST_BLOCKS: usize = 1_500;
const CONTRAST: u8 = 24;
/// Fewer values than this tell nothing.
const LEAST_VALUES: f32 = 60.0;
/// How much clearer one place of the grid is than the next best. Of pictures that were saved once none comes near.
const CLEARER: f32 = 2.0;
/// Values of a frequency are counted up to this one.
const MOST: usize = 256;

/// The part that a wave has in each pixel of a block.
type Basis = [f32; SIDE * SIDE];

pub(crate) fn resaved(grey: &GrayImage) -> bool {
    let waves = WAVES.map(basis);
    let blocks = blocks(grey);
    // The place at which this file's own blocks lie tells nothing.
    let places = (1..SIDE * SIDE).map(|place| (place % SIDE, place / SIDE));
    let mut clear: Vec<f32> = places.map(|place| clearness(grey, &blocks, &waves, place)).collect();
    clear.sort_by(|a, b| b.total_cmp(a));
    matches!(clear.as_slice(), [first, second, ..] if *second > 0.0 && *first > *second * CLEARER)
}

/// A cosine of a DCT-II, normed.
fn basis((across, down): (usize, usize)) -> Basis {
    let wave = |frequency: usize, at: usize| {
        let norm = if frequency == 0 { 0.125f32.sqrt() } else { 0.5 };
        norm * (std::f32::consts::PI * frequency as f32 * (2 * at + 1) as f32 / (2 * SIDE) as f32).cos()
    };
    std::array::from_fn(|at| wave(across, at % SIDE) * wave(down, at / SIDE))
}

/// Places of blocks with something on them, spread over the picture; each leaves room to move the grid by a block.
fn blocks(grey: &GrayImage) -> Vec<(usize, usize)> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let across = (0..width.saturating_sub(2 * SIDE)).step_by(SIDE);
    let all = (0..height.saturating_sub(2 * SIDE))
        .step_by(SIDE)
        .flat_map(|y| across.clone().map(move |x| (x, y)));
    let busy: Vec<(usize, usize)> = all
        .filter(|place| {
            let (low, high) = pixels(grey, *place).fold((u8::MAX, u8::MIN), |(low, high), value| {
                (low.min(value), high.max(value))
            });
            high.saturating_sub(low) > CONTRAST
        })
        .collect();
    let step = busy.len().div_ceil(MOST_BLOCKS).max(1);
    busy.into_iter().step_by(step).collect()
}

fn pixels(grey: &GrayImage, (x, y): (usize, usize)) -> impl Iterator<Item = u8> {
    let width = grey.width() as usize;
    let rows = grey.chunks_exact(width.max(1)).skip(y).take(SIDE);
    rows.flat_map(move |row| row.iter().skip(x).take(SIDE).copied())
}

/// How clearly frequencies gather at multiples of some step, through a grid moved by so much.
fn clearness(grey: &GrayImage, blocks: &[(usize, usize)], waves: &[Basis], (right, below): (usize, usize)) -> f32 {
    let mut counts = vec![[0f32; MOST]; waves.len()];
    for (x, y) in blocks {
        let block: Vec<f32> = pixels(grey, (x + right, y + below)).map(f32::from).collect();
        for (wave, counts) in waves.iter().zip(&mut counts) {
            let value: f32 = wave.iter().zip(&block).map(|(part, pixel)| part * pixel).sum();
            if let Some(count) = counts.get_mut(value.abs().round() as usize) {
                *count += 1.0;
            }
        }
    }
    let of_wave = |counts: &[f32; MOST]| STEPS.map(|step| gathered(counts, step)).fold(0.0, f32::max);
    counts.iter().map(of_wave).fold(0.0, f32::max)
}

/// How much more values lie at multiples of the step than chance would have them; 1 is usual. Those that rounded to nothing
/// lie there whatever the step.
fn gathered(counts: &[f32; MOST], step: usize) -> f32 {
    let turn = std::f32::consts::TAU / step as f32;
    let told = counts.iter().enumerate().skip(step * 3 / 4 + 1);
    let (sum, all) = told.fold((0.0, 0.0), |(sum, all), (value, count)| {
        (sum + count * (turn * (value % step) as f32).cos(), all + count)
    });
    if all < LEAST_VALUES { 0.0 } else { sum / all.sqrt() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::imageops::{crop_imm, grayscale};
    use image::{ImageFormat, RgbImage};

    /// Writing on grey paper, with nothing as bright as white.
    fn page() -> RgbImage {
        let noise =
            |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(0x85eb_ca6b) >> 27;
        RgbImage::from_fn(600, 800, |x, y| {
            let ink = (y / 14) % 2 == 0 && (x * 13 + y / 14 * 29) % 17 < 7 + noise(x / 5, y / 14) % 5;
            let level = if ink { 60 } else { 190 } + noise(x / 3, y / 3) as u8 / 2;
            image::Rgb([level; 3])
        })
    }

    fn saved(picture: &RgbImage, quality: u8) -> RgbImage {
        let mut bytes = Vec::new();
        picture
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
            .unwrap();
        image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg)
            .unwrap()
            .into_rgb8()
    }

    #[test]
    fn ev_06_what_was_cut_between_two_savings_is_seen() {
        let page = page();
        let cut = |picture: &RgbImage| crop_imm(picture, 3, 5, 580, 780).to_image();
        for (picture, twice) in [
            (page.clone(), false),
            (saved(&page, 60), false),
            (saved(&cut(&page), 80), false),
            (saved(&saved(&page, 60), 90), false),
            (cut(&saved(&page, 60)), true),
            (saved(&cut(&saved(&page, 60)), 90), true),
        ] {
            assert_eq!(resaved(&grayscale(&picture)), twice);
        }
    }
}
