//! Screenshots as claimants send them: a mail of the exchange, and the other side's page of a transaction. Drawn here, so that the demo has something to read.

use image::{ImageEncoder as _, Rgb, RgbImage, codecs::png::PngEncoder, imageops};
use readmit_core::answers::LedgerRow;
use readmit_core::time::At;
use readmit_demo_host::Resident;

const WIDTH: u32 = 520;
const HEIGHT: u32 = 790;
const MARGIN: u32 = 24;
/// Where the values of rows begin.
const VALUES: u32 = 240;
const PAPER: Rgb<u8> = Rgb([250, 250, 252]);
const INK: Rgb<u8> = Rgb([24, 32, 44]);
const FAINT: Rgb<u8> = Rgb([104, 114, 128]);
const LINE: Rgb<u8> = Rgb([222, 227, 234]);
const BAR: Rgb<u8> = Rgb([16, 58, 92]);
/// Columns of a letter, its gap among them.
const LETTER: u32 = 6;
/// How soft edges are: letters on screens are.
const SOFT: f32 = 0.6;

/// The exchange's notice of a withdrawal of this moment, as a mail program shows it; `taken` is the phone's clock.
///
/// # Errors
/// As the encoder.
pub fn mail(who: &Resident, sender: &str, at: At, taken: At) -> anyhow::Result<Vec<u8>> {
    let mut page = Page::new("Inbox", taken);
    page.text(3, INK, "Withdrawal completed");
    page.pair("From", sender);
    page.pair("To", who.email);
    page.pair("Date", &clock(at));
    page.rule();
    for line in [
        "Your withdrawal has been sent and",
        "is completed. You will see it in the",
        "receiving wallet within the hour.",
        "",
        "If it was not you, sign in and lock",
        "your account at once.",
        "",
        "The Halcyon team",
    ] {
        page.text(2, INK, line);
    }
    page.rule();
    page.text(2, FAINT, "Reply          Forward");
    page.png()
}

/// The page of the wallet or exchange on the other side of a row of the ledger.
///
/// # Errors
/// As the encoder.
pub fn transaction(row: &LedgerRow, taken: At) -> anyhow::Result<Vec<u8>> {
    let headline = if row.kind == "withdrawal" { "Received" } else { "Sent" };
    let mut page = Page::new(&row.counterparty, taken);
    page.text(3, INK, headline);
    page.text(4, INK, &format!("{} {}", row.amount, row.asset));
    page.row("Status", "Completed");
    page.row("Asset", &row.asset);
    page.row("Amount", &format!("{} {}", row.amount, row.asset));
    page.row("Date", &clock(row.at));
    page.row("Network", &row.network);
    if !row.address.is_empty() {
        page.row(
            if row.kind == "withdrawal" {
                "Deposit address"
            } else {
                "Sent to"
            },
            &shortened(&row.address),
        );
    }
    if !row.txid.is_empty() {
        page.row("Transaction ID", &shortened(&row.txid));
    }
    page.png()
}

/// `2026-03-14 09:26 UTC`.
fn clock(at: At) -> String {
    format!(
        "{} UTC",
        at.rfc3339().replace('T', " ").chars().take(16).collect::<String>()
    )
}

/// `bc1qdtexz...0w2vc796`, as wallets write addresses.
fn shortened(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    match letters.len() {
        0..24 => text.to_owned(),
        length => {
            let head: String = letters.iter().take(9).collect();
            let tail: String = letters.iter().skip(length - 8).collect();
            format!("{head}...{tail}")
        }
    }
}

/// A screen that is written from top to bottom.
struct Page {
    picture: RgbImage,
    top: u32,
}

impl Page {
    /// With the clock of the phone, so that no two screenshots are the same.
    fn new(title: &str, taken: At) -> Self {
        let mut page = Self {
            picture: RgbImage::from_pixel(WIDTH, HEIGHT, PAPER),
            top: 24,
        };
        page.fill((0, 0), (WIDTH, 70), BAR);
        page.text(3, PAPER, title);
        let clock = taken.rfc3339().get(11..19).unwrap_or_default().to_owned();
        page.write((WIDTH - 116, 26), 2, PAPER, &clock);
        page.top = 100;
        page
    }

    /// A line of text; what does not fit is cut off at the edge.
    fn text(&mut self, size: u32, colour: Rgb<u8>, text: &str) {
        let top = self.top;
        self.write((MARGIN, top), size, colour, text);
        self.top = top + size * 14;
    }

    /// A label with its value below.
    fn pair(&mut self, label: &str, value: &str) {
        self.top += 10;
        self.text(2, FAINT, label);
        let large = value.chars().count() <= 26;
        self.text(if large { 3 } else { 2 }, INK, value);
    }

    /// A label with its value beside it.
    fn row(&mut self, label: &str, value: &str) {
        let top = self.top + 16;
        self.write((MARGIN, top), 2, FAINT, label);
        self.write((VALUES, top), 2, INK, value);
        self.top = top + 28;
    }

    fn rule(&mut self) {
        let top = self.top + 8;
        self.fill((MARGIN, top), (WIDTH - 2 * MARGIN, 2), LINE);
        self.top = top + 24;
    }

    fn png(self) -> anyhow::Result<Vec<u8>> {
        let soft = imageops::blur(&self.picture, SOFT);
        let mut bytes = Vec::new();
        PngEncoder::new(&mut bytes).write_image(&soft, WIDTH, HEIGHT, image::ExtendedColorType::Rgb8)?;
        Ok(bytes)
    }

    fn fill(&mut self, (left, top): (u32, u32), (width, height): (u32, u32), colour: Rgb<u8>) {
        for y in top..(top + height).min(HEIGHT) {
            for x in left..(left + width).min(WIDTH) {
                self.picture.put_pixel(x, y, colour);
            }
        }
    }

    fn write(&mut self, (left, top): (u32, u32), size: u32, colour: Rgb<u8>, text: &str) {
        for (place, letter) in (0u32..).zip(text.chars()) {
            for (column, bits) in (0u32..).zip(glyph(letter)) {
                for row in (0..8).filter(|row| bits & (1 << row) != 0) {
                    self.fill(
                        (left + (place * LETTER + column) * size, top + row * size),
                        (size, size),
                        colour,
                    );
                }
            }
        }
    }
}

/// A letter of five columns, top row in the lowest bit; small letters reach one row lower.
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
        'a' => [0x20, 0x54, 0x54, 0x54, 0x78], 'b' => [0x7f, 0x48, 0x44, 0x44, 0x38], 'c' => [0x38, 0x44, 0x44, 0x44, 0x20],
        'd' => [0x38, 0x44, 0x44, 0x48, 0x7f], 'e' => [0x38, 0x54, 0x54, 0x54, 0x18], 'f' => [0x08, 0x7e, 0x09, 0x01, 0x02],
        'g' => [0x0c, 0x52, 0x52, 0x52, 0x3e], 'h' => [0x7f, 0x08, 0x04, 0x04, 0x78], 'i' => [0x00, 0x44, 0x7d, 0x40, 0x00],
        'j' => [0x20, 0x40, 0x44, 0x3d, 0x00], 'k' => [0x7f, 0x10, 0x28, 0x44, 0x00], 'l' => [0x00, 0x41, 0x7f, 0x40, 0x00],
        'm' => [0x7c, 0x04, 0x18, 0x04, 0x78], 'n' => [0x7c, 0x08, 0x04, 0x04, 0x78], 'o' => [0x38, 0x44, 0x44, 0x44, 0x38],
        'p' => [0x7c, 0x14, 0x14, 0x14, 0x08], 'q' => [0x08, 0x14, 0x14, 0x18, 0x7c], 'r' => [0x7c, 0x08, 0x04, 0x04, 0x08],
        's' => [0x48, 0x54, 0x54, 0x54, 0x20], 't' => [0x04, 0x3f, 0x44, 0x40, 0x20], 'u' => [0x3c, 0x40, 0x40, 0x20, 0x7c],
        'v' => [0x1c, 0x20, 0x40, 0x20, 0x1c], 'w' => [0x3c, 0x40, 0x30, 0x40, 0x3c], 'x' => [0x44, 0x28, 0x10, 0x28, 0x44],
        'y' => [0x0c, 0x50, 0x50, 0x50, 0x3c], 'z' => [0x44, 0x64, 0x54, 0x4c, 0x44],
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
    fn a_picture_is_a_png_and_the_same_each_time() {
        let who = readmit_demo_host::roster().first().unwrap();
        let draw = || mail(who, "no-reply@halcyon.example", At(0), At(1_773_316_800_000_000)).unwrap();
        let picture = draw();
        assert_eq!(picture, draw());
        assert_eq!(image::load_from_memory(&picture).unwrap().width(), WIDTH);
    }

    #[test]
    fn long_identifiers_are_shortened_as_wallets_do() {
        assert_eq!(
            shortened("bc1qdtexzfdusq4jcyy9d0qhhag7gctfnw0v2vc796"),
            "bc1qdtexz...0v2vc796"
        );
        assert_eq!(shortened("TXID"), "TXID");
    }
}
