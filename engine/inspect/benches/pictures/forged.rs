//! What is done to pictures to hide where they come from. A photo is the screen's grid of points seen at an angle by a sensor
//! with another grid, in uneven light, with noise. No real photograph is among them.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use image::imageops::{blur, crop_imm};
use image::{ImageFormat, Rgb, RgbImage};

/// As a file that keeps every point.
pub(crate) fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// As a JPEG file of this quality.
pub(crate) fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

/// As a JPEG of this quality, and back.
pub(crate) fn saved(picture: &RgbImage, quality: u8) -> RgbImage {
    let file = jpeg(picture, quality);
    image::load_from_memory_with_format(&file, ImageFormat::Jpeg)
        .unwrap()
        .into_rgb8()
}

/// Cut by a few pixels, as who hides a corner does: blocks of the first compression then lie elsewhere.
pub(crate) fn cut(picture: &RgbImage) -> RgbImage {
    crop_imm(picture, 3, 5, picture.width() - 11, picture.height() - 9).to_image()
}

/// Seen by a camera: the screen has red, green and blue stripes, stands askew, and is lit from one side; the sensor has noise.
pub(crate) fn photographed(screen: &RgbImage, tilt: f32, (noise, shade): (f32, f32)) -> RgbImage {
    let (width, height) = screen.dimensions();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let photo = RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
        // A perspective: one side is further away, and a turn of a degree or two.
        let away = 1.0 + tilt * (v - 0.5);
        let across = (u - 0.5) * away * (1.0 - tilt) + 0.5 + tilt * 0.3 * (v - 0.5);
        let down = (v - 0.5) * (1.0 - tilt) * away + 0.5 + tilt * 0.2 * (u - 0.5);
        let (sx, sy) = (across * width as f32, down * height as f32);
        let seen = sampled(screen, sx, sy);
        let light = 0.95 - shade * (0.7 * u + 0.3 * v);
        let values = [0usize, 1, 2].map(|channel| {
            // Where the screen's stripes and the sensor's fall together and apart: moiré.
            let phase = sx * 1.04 + channel as f32 / 3.0;
            let stripe =
                1.0 + 0.10 * (phase * std::f32::consts::TAU).cos() + 0.05 * (sy * 0.97 * std::f32::consts::TAU).cos();
            seed ^= seed >> 12;
            seed ^= seed << 25;
            seed ^= seed >> 27;
            let chance = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32 / 16_777_216.0 - 0.5;
            // Black on a screen is not black in a photo.
            ((seen[channel] * 0.86 + 18.0) * light * stripe + chance * 2.0 * noise).clamp(0.0, 255.0) as u8
        });
        Rgb(values)
    });
    blur(&photo, 0.7)
}

/// The screen between its points.
fn sampled(screen: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (x, y) = (
        x.clamp(0.0, screen.width() as f32 - 2.0),
        y.clamp(0.0, screen.height() as f32 - 2.0),
    );
    let (left, top) = (x as u32, y as u32);
    let (right, below) = (x - left as f32, y - top as f32);
    [0usize, 1, 2].map(|channel| {
        let at = |x, y| f32::from(screen.get_pixel(x, y).0[channel]);
        let upper = at(left, top) * (1.0 - right) + at(left + 1, top) * right;
        let lower = at(left, top + 1) * (1.0 - right) + at(left + 1, top + 1) * right;
        upper * (1.0 - below) + lower * below
    })
}
