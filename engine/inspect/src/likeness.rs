//! A fingerprint of how a picture looks, for finding it again after it was compressed, resized, cut or photographed from
//! a screen (EV-09). Pages of text look much alike; what it finds and what it mistakes is measured by a benchmark.

use image::imageops::{FilterType, flip_horizontal, grayscale, resize, rotate90};
use image::{GrayImage, RgbImage};

/// Bits of a fingerprint.
pub const BITS: usize = 256;
/// The side of the square that is looked at.
const SIDE: usize = 64;
/// Frequencies that are kept each way.
const KEPT: usize = 16;
/// A picture whose grey varies less than this (standard deviation) shows nothing to compare.
const LEAST: f32 = 2.0;

/// A fingerprint; alike pictures differ in few bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness(pub [u8; BITS / 8]);

impl Likeness {
    /// The lowest frequencies of the picture, each above or below their median. `None` for a picture that is all but one
    /// colour.
    #[must_use]
    pub fn of(pixels: &RgbImage) -> Option<Self> {
        Self::of_small(&small(pixels))
    }

    /// The same of the picture turned and mirrored every way, as it is first: 8, or `None` as before.
    #[must_use]
    pub fn every_way(pixels: &RgbImage) -> Option<Vec<Self>> {
        let mut way = small(pixels);
        let mut ways = Vec::with_capacity(WAYS);
        for _ in 0..WAYS / 2 {
            ways.push(Self::of_small(&way)?);
            way = rotate90(&way);
        }
        way = flip_horizontal(&way);
        for _ in 0..WAYS / 2 {
            ways.push(Self::of_small(&way)?);
            way = rotate90(&way);
        }
        Some(ways)
    }

    fn of_small(small: &GrayImage) -> Option<Self> {
        let values: Vec<f32> = small.iter().map(|value| f32::from(*value)).collect();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let spread = (values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32).sqrt();
        if spread < LEAST {
            return None;
        }
        let waves = waves();
        let rows: Vec<Vec<f32>> = values
            .chunks_exact(SIDE)
            .map(|row| project(&waves, row.iter().copied()))
            .collect();
        let mut frequencies: Vec<f32> = Vec::with_capacity(BITS);
        for across in 0..KEPT {
            let column = rows.iter().map(|row| row.get(across).copied().unwrap_or(0.0));
            frequencies.extend(project(&waves, column));
        }
        let mut sorted = frequencies.clone();
        sorted.sort_by(f32::total_cmp);
        let median = sorted.get(BITS / 2).copied().unwrap_or(0.0);
        let mut bits = [0u8; BITS / 8];
        for (byte, values) in bits.iter_mut().zip(frequencies.chunks_exact(8)) {
            *byte = values
                .iter()
                .fold(0, |byte, value| byte << 1 | u8::from(*value > median));
        }
        Some(Self(bits))
    }

    /// In how many bits two fingerprints differ.
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }
}

/// How a square can lie: four turns, and each mirrored.
const WAYS: usize = 8;

fn small(pixels: &RgbImage) -> GrayImage {
    resize(&grayscale(pixels), SIDE as u32, SIDE as u32, FilterType::Triangle)
}

/// Cosines of the frequencies 1 to [`KEPT`] (a DCT-II without its constant).
fn waves() -> Vec<Vec<f32>> {
    let wave = |frequency: usize| {
        (0..SIDE).map(move |at| {
            let angle = std::f32::consts::PI * frequency as f32 * (2 * at + 1) as f32 / (2 * SIDE) as f32;
            angle.cos()
        })
    };
    (1..=KEPT).map(|frequency| wave(frequency).collect()).collect()
}

fn project(waves: &[Vec<f32>], values: impl Iterator<Item = f32> + Clone) -> Vec<f32> {
    waves
        .iter()
        .map(|wave| wave.iter().zip(values.clone()).map(|(a, b)| a * b).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_colour_has_no_likeness_and_a_picture_is_like_itself() {
        assert_eq!(Likeness::of(&RgbImage::from_pixel(90, 90, image::Rgb([9; 3]))), None);
        let page = RgbImage::from_fn(400, 700, |x, y| {
            let ink = x > 60 && x < 300 - y / 5 && (y / 70) % 3 == 0;
            image::Rgb(if ink { [20, 20, 30] } else { [255, 255, 255] })
        });
        let smaller = resize(&page, 300, 525, FilterType::Triangle);
        let distance = Likeness::of(&page).unwrap().distance(&Likeness::of(&smaller).unwrap());
        assert!(distance < 16, "{distance}");
    }

    /// EV-09: whichever way a picture is turned or mirrored, it is one of the eight ways that it is looked for.
    #[test]
    fn ev_09_a_turned_picture_is_like_itself() {
        let page = RgbImage::from_fn(400, 700, |x, y| {
            let ink = x > 60 && x < 300 - y / 5 && (y / 70) % 3 == 0;
            image::Rgb(if ink { [20, 20, 30] } else { [255, 255, 255] })
        });
        let own = Likeness::of(&page).unwrap();
        let mut turned = page.clone();
        for mirrored in [false, true] {
            for turns in 0..4 {
                let ways = Likeness::every_way(&turned).unwrap();
                let nearest = ways.iter().map(|way| way.distance(&own)).min().unwrap();
                assert!(nearest <= 4, "{nearest} after {turns} turns, mirrored {mirrored}");
                assert_eq!(ways.first().unwrap().distance(&own) <= 4, turns == 0 && !mirrored);
                turned = rotate90(&turned);
            }
            turned = flip_horizontal(&turned);
        }
    }
}
