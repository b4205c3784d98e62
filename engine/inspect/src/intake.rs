//! From bytes that anybody may have sent to an upright picture in memory: what it is by its content, how large before
//! anything is decoded, decoded under explicit limits (EV-01, EV-03).

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{DynamicImage, ImageDecoder, ImageError, Limits, RgbImage};
use readmit_core::kind::Media;
use readmit_core::picture::{Look, Unfit, Whole};

/// The most pixels that are decoded.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The longest side.
const LONGEST_SIDE: u32 = 30_000;
/// What a decoder may take, in bytes: 40 megapixels of four 16-bit channels.
const MOST_MEMORY: u64 = 330 * 1024 * 1024;

/// A picture that could be opened.
pub struct Picture {
    pub whole: Whole,
    /// Upright: its orientation is applied.
    pub pixels: RgbImage,
    /// The EXIF block, as it came.
    pub exif: Option<Vec<u8>>,
}

/// Why a picture is not opened. Each is a finding of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nothing that we take, by its content.
    Unfit(Unfit),
    /// Too many pixels, told by its header.
    TooManyPixels,
    /// More than one frame.
    Animated,
    /// The decoder found it broken.
    Broken,
}

impl Refused {
    /// The rule that says so.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Unfit(Unfit::CutOff) | Self::Broken => "cut_off",
            Self::TooManyPixels => "too_large",
            Self::Unfit(_) | Self::Animated => "wrong_type",
        }
    }

    /// The code of its sentence.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unfit(unfit) => unfit.code(),
            Self::TooManyPixels => "file_too_many_pixels",
            Self::Animated => "file_animated",
            Self::Broken => "file_broken",
        }
    }
}

/// Opens a picture.
///
/// # Errors
/// [`Refused`] with the first reason; nothing large was allocated before it.
pub fn open(bytes: &[u8]) -> Result<Picture, Refused> {
    let mut look = Look::default();
    look.see(bytes).map_err(Refused::Unfit)?;
    let whole = look.end().map_err(Refused::Unfit)?;
    let (mut decoded, exif) = match whole.media {
        Media::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(|error| refused(&error))?;
            still(decoder.is_apng().map_err(|error| refused(&error))?)?;
            decode(decoder)?
        }
        Media::Jpeg => decode(JpegDecoder::new(Cursor::new(bytes)).map_err(|error| refused(&error))?)?,
        Media::Webp => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
            still(decoder.has_animation())?;
            decode(decoder)?
        }
    };
    let orientation = exif.as_deref().and_then(image::metadata::Orientation::from_exif_chunk);
    decoded.apply_orientation(orientation.unwrap_or(image::metadata::Orientation::NoTransforms));
    Ok(Picture {
        whole,
        pixels: on_white(decoded),
        exif,
    })
}

fn decode<D: ImageDecoder>(mut decoder: D) -> Result<(DynamicImage, Option<Vec<u8>>), Refused> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err(Refused::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(|error| refused(&error))?;
    // Broken metadata is no reason to refuse a picture: it goes anyway.
    let exif = decoder.exif_metadata().ok().flatten();
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    Ok((decoded, exif))
}

const fn still(moves: bool) -> Result<(), Refused> {
    if moves { Err(Refused::Animated) } else { Ok(()) }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

const fn refused(error: &ImageError) -> Refused {
    match error {
        ImageError::Limits(_) => Refused::TooManyPixels,
        _ => Refused::Broken,
    }
}

/// Without transparency, as on a white page, so that nothing hides in it.
fn on_white(decoded: DynamicImage) -> RgbImage {
    if !decoded.color().has_alpha() {
        return decoded.into_rgb8();
    }
    let rgba = decoded.into_rgba8();
    let (width, height) = rgba.dimensions();
    let blend = |value: u8, alpha: u8| {
        let alpha = u16::from(alpha);
        u8::try_from((u16::from(value) * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)
    };
    let pixels = rgba.pixels().flat_map(|pixel| {
        let [r, g, b, a] = pixel.0;
        [blend(r, a), blend(g, a), blend(b, a)]
    });
    RgbImage::from_raw(width, height, pixels.collect()).unwrap_or_default()
}
