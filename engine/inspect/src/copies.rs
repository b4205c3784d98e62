//! The copy and the thumbnail that reviewers see: encoded anew from pixels, so nothing else of the file comes along (EV-05).

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::{self, thumbnail};
use image::{ExtendedColorType, ImageEncoder as _, ImageResult, RgbImage};
use readmit_core::kind::Media;

/// The longest side of a thumbnail, in pixels.
const THUMBNAIL: u32 = 320;
/// The longest side of a copy: beyond it people zoom into nothing.
const LONGEST: u32 = 6_000;

/// The copy for viewing: PNG of pictures without loss, else JPEG.
///
/// # Errors
/// When the encoder fails, which it does for empty pictures only.
pub fn copy(pixels: &RgbImage, media: Media) -> ImageResult<Vec<u8>> {
    let shrunk = (pixels.width().max(pixels.height()) > LONGEST).then(|| shrink(pixels, LONGEST));
    let pixels = shrunk.as_ref().unwrap_or(pixels);
    match media {
        Media::Png => png(pixels),
        Media::Jpeg | Media::Webp => jpeg(pixels, 92),
    }
}

/// # Errors
/// As [`copy`].
pub fn small(pixels: &RgbImage) -> ImageResult<Vec<u8>> {
    jpeg(&shrink(pixels, THUMBNAIL), 80)
}

fn shrink(pixels: &RgbImage, longest: u32) -> RgbImage {
    let (width, height) = pixels.dimensions();
    let longer = width.max(height).max(1);
    if longer <= longest {
        return imageops::crop_imm(pixels, 0, 0, width, height).to_image();
    }
    let side = |length: u32| {
        u32::try_from(u64::from(length) * u64::from(longest) / u64::from(longer))
            .unwrap_or(1)
            .max(1)
    };
    thumbnail(pixels, side(width), side(height))
}

fn png(pixels: &RgbImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
    encoder.write_image(
        pixels.as_raw(),
        pixels.width(),
        pixels.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

fn jpeg(pixels: &RgbImage, quality: u8) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).write_image(
        pixels.as_raw(),
        pixels.width(),
        pixels.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}
