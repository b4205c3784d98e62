//! What may become of a picture before it comes back.

use image::RgbImage;
use image::imageops::{
    FilterType, crop_imm, flip_horizontal, flip_vertical, overlay, resize, rotate90, rotate180, rotate270,
};

use super::forged::saved;

pub(crate) type Change = fn(&RgbImage) -> RgbImage;

pub(crate) const CHANGES: [(&str, Change); 4] = [
    ("recompressed", recompressed),
    ("resized", resized),
    ("cropped by 3 %", cropped),
    ("shot again", shot_again),
];

pub(crate) const TURNS: [(&str, Change); 5] = [
    ("90°", rotate90),
    ("180°", rotate180),
    ("270°", rotate270),
    ("mirrored", flip_horizontal),
    ("upside down in a mirror", flip_vertical),
];

pub(crate) fn recompressed(picture: &RgbImage) -> RgbImage {
    saved(picture, 35)
}

pub(crate) fn resized(picture: &RgbImage) -> RgbImage {
    resize(
        picture,
        picture.width() * 3 / 5,
        picture.height() * 3 / 5,
        FilterType::Triangle,
    )
}

fn cropped(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    crop_imm(
        picture,
        width * 3 / 200,
        height * 3 / 200,
        width * 97 / 100,
        height * 97 / 100,
    )
    .to_image()
}

/// Shown on another screen and taken from there: smaller, with that screen's bar above it.
fn shot_again(picture: &RgbImage) -> RgbImage {
    let small = resize(
        picture,
        picture.width() * 4 / 5,
        picture.height() * 4 / 5,
        FilterType::CatmullRom,
    );
    let bar = small.height() / 25;
    let mut screen = RgbImage::from_pixel(small.width(), small.height() + bar, image::Rgb([32, 33, 36]));
    overlay(&mut screen, &small, 0, i64::from(bar));
    screen
}
