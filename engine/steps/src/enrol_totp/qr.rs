//! A QR code as the path of an SVG: nothing is asked of anybody else's server, and no picture is stored.

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of light around the code (ISO/IEC 18004, 9.1).
const QUIET: i32 = 4;

/// The code's path, one square a dark module, and the side of its view box.
pub(super) fn path(text: &str) -> Option<(String, i32)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let path = dark
        .filter(|(x, y)| code.get_module(*x, *y))
        .map(|(x, y)| format!("M{},{}h1v1h-1z", x + QUIET, y + QUIET))
        .collect();
    Some((path, size + 2 * QUIET))
}
