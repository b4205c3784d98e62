//! Pictures that nobody would draw: made here byte by byte, so that none lies in the repository.

use image::{DynamicImage, ImageFormat, RgbImage};
use std::io::Cursor;

/// A page of text-like strokes with a red corner at the top left.
pub(crate) fn page(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 {
            return image::Rgb([220, 20, 20]);
        }
        let ink = (y / 9) % 3 == 0 && (x * 7 + y / 9 * 13) % 11 < 6;
        image::Rgb(if ink { [30, 30, 40] } else { [250, 250, 250] })
    })
}

pub(crate) fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn png() -> Vec<u8> {
    encoded(page(120, 90), ImageFormat::Png)
}

pub(crate) fn jpeg() -> Vec<u8> {
    encoded(page(120, 90), ImageFormat::Jpeg)
}

pub(crate) fn webp() -> Vec<u8> {
    encoded(page(120, 90), ImageFormat::WebP)
}

/// A PNG chunk with its checksum.
pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &body, &crc(&body).to_be_bytes()].concat()
}

/// The checksum of PNG chunks (ISO 3309).
pub(crate) fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| {
        if crc & 1 == 1 {
            0xedb8_8320 ^ (crc >> 1)
        } else {
            crc >> 1
        }
    };
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

/// A PNG of these sides in its header, with next to nothing behind it.
pub(crate) fn png_of(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &[0x78, 0x9c, 1, 0, 0, 0xff, 0xff]),
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

/// A PNG that says it moves, with so many frames.
pub(crate) fn apng(frames: u32) -> Vec<u8> {
    let still = png();
    let (head, rest) = still.split_at(33);
    let mut bytes = [head, &chunk(b"acTL", &[&frames.to_be_bytes()[..], &[0; 4]].concat())].concat();
    for frame in 0..frames {
        let control = [
            &frame.to_be_bytes()[..],
            &120u32.to_be_bytes(),
            &90u32.to_be_bytes(),
            &[0; 8],
            &[0, 1, 0, 10, 0, 0],
        ]
        .concat();
        bytes.extend(chunk(b"fcTL", &control));
    }
    bytes.extend(rest);
    bytes
}

/// A chunk of a WebP.
fn riff(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    let mut part = [kind.as_slice(), &length, data].concat();
    part.extend(std::iter::repeat_n(0, data.len() % 2));
    part
}

/// A WebP of 120 × 90 pixels with these flags, whose still picture lies within.
fn extended(flags: u8, within: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let head = riff(b"VP8X", &[flags, 0, 0, 0, 119, 0, 0, 89, 0, 0]);
    let body = [&b"WEBP"[..], &head, &within(&webp()[12..])].concat();
    riff(b"RIFF", &body)
}

/// A WebP that says it moves.
pub(crate) fn moving_webp(frames: usize) -> Vec<u8> {
    let place = [0, 0, 0, 0, 0, 0, 119, 0, 0, 89, 0, 0, 10, 0, 0, 0];
    extended(0x02, |still| {
        let frame = riff(b"ANMF", &[&place[..], still].concat());
        [riff(b"ANIM", &[0; 6]), frame.repeat(frames)].concat()
    })
}

/// A PNG and a WebP with an EXIF block.
pub(crate) fn tagged_png(orientation: u16) -> Vec<u8> {
    let still = png();
    let (head, rest) = still.split_at(33);
    [head, &chunk(b"eXIf", &exif(orientation)), rest].concat()
}

pub(crate) fn tagged_webp(orientation: u16) -> Vec<u8> {
    extended(0x08, |still| [still, &riff(b"EXIF", &exif(orientation))].concat())
}

/// A JPEG whose header claims these sides.
pub(crate) fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg();
    let frame = bytes.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A JPEG of four inks, eight pixels square: every block is its middle value.
pub(crate) fn cmyk() -> Vec<u8> {
    let grey = encoded(
        DynamicImage::ImageLuma8(image::GrayImage::from_pixel(8, 8, image::Luma([128]))),
        ImageFormat::Jpeg,
    );
    let at = |marker: u8| grey.windows(2).position(|two| two == [0xff, marker]).unwrap();
    let (frame, scan) = (at(0xc0), at(0xda));
    let frame_end = frame + 2 + usize::from(grey[frame + 3]);
    let components: Vec<u8> = (1..=4).flat_map(|id| [id, 0x11, 0]).collect();
    let scans: Vec<u8> = (1..=4).flat_map(|id| [id, 0x00]).collect();
    [
        &grey[..frame],
        &[0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4],
        &components,
        &grey[frame_end..scan],
        &[0xff, 0xda, 0, 14, 4],
        &scans,
        &[0, 63, 0, 0x28, 0xa2, 0x8a, 0xff, 0xd9],
    ]
    .concat()
}

/// What every [`exif`] block says of where it was taken.
pub(crate) const PLACE: &[u8] = b"sentinel-at-51.4779N";

/// An EXIF block: an orientation, the program that wrote it, and where the picture was taken.
fn exif(orientation: u16) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [
            &tag.to_le_bytes()[..],
            &kind.to_le_bytes(),
            &count.to_le_bytes(),
            &value,
        ]
        .concat()
    };
    let [low, high] = orientation.to_le_bytes();
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(3u16.to_le_bytes());
    tiff.extend(entry(0x0112, 3, 1, [low, high, 0, 0]));
    tiff.extend(entry(0x0131, 2, 24, 80u32.to_le_bytes()));
    tiff.extend(entry(0x8825, 4, 1, 50u32.to_le_bytes()));
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(2u16.to_le_bytes());
    tiff.extend(entry(0x0001, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(0x001b, 7, 20, 104u32.to_le_bytes()));
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(b"Adobe Photoshop 27.1\0\0\0\0");
    tiff.extend(PLACE);
    tiff
}

/// A photo as a phone writes it: a JPEG that names the phone's own program and how long light fell in.
pub(crate) fn exposed(picture: &RgbImage) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [
            &tag.to_le_bytes()[..],
            &kind.to_le_bytes(),
            &count.to_le_bytes(),
            &value.to_le_bytes(),
        ]
        .concat()
    };
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(2u16.to_le_bytes());
    tiff.extend(entry(0x0131, 2, 8, 56));
    tiff.extend(entry(0x8769, 4, 1, 38));
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(1u16.to_le_bytes());
    tiff.extend(entry(0x829a, 5, 1, 64));
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(b"Phone 9\0");
    tiff.extend([1, 0, 0, 0, 60, 0, 0, 0]);
    with_exif(&encoded(picture.clone(), ImageFormat::Jpeg), &tiff)
}

fn with_exif(still: &[u8], tiff: &[u8]) -> Vec<u8> {
    let block = [&b"Exif\0\0"[..], tiff].concat();
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    [&still[..2], &[0xff, 0xe1], &length, &block, &still[2..]].concat()
}

/// A JPEG with an EXIF block.
pub(crate) fn tagged(orientation: u16) -> Vec<u8> {
    with_exif(&jpeg(), &exif(orientation))
}
