//! Random files against the whole intake: nothing may panic. A few thousand each run; many more when built for the long
//! one, or as many as `READMIT_WILD` said when this was built.

use super::samples::{apng, cmyk, crc, jpeg, jpeg_of, moving_webp, png, png_of, tagged, tagged_png, tagged_webp, webp};
use crate::pack::samples::shared;
use crate::{Demands, Pack, inspect};
use readmit_core::inspection::{Context, Report, frame};

/// Random numbers from a seed (xorshift64*).
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.draw() % most.max(1) as u64).unwrap()
    }
}

/// One file made of another: bytes changed, cut, doubled, or taken from elsewhere.
fn mutate(bytes: &mut Vec<u8>, others: &[Vec<u8>], chance: &mut Chance) {
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len());
        match chance.below(7) {
            0 => bytes.truncate(at.max(12)),
            1 => {
                let other = &others[chance.below(others.len())];
                let from = chance.below(other.len());
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
            2 => {
                let end = (at + chance.below(64)).min(bytes.len());
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            3 => {
                let edge = [0u32, 1, 0x7fff_ffff, 0xffff_ffff, 0xffff, 0x8000][chance.below(6)].to_be_bytes();
                let room = (at + 4).min(bytes.len());
                bytes.splice(at..room, edge);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = chance.draw().to_le_bytes()[0];
                }
            }
        }
        if bytes.is_empty() {
            return;
        }
    }
    if chance.below(2) == 0 {
        mend(bytes);
    }
}

/// Puts the checksums of PNG chunks right, so that what was changed is looked at.
fn mend(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let Some(end) = at
            .checked_add(8)
            .and_then(|from| from.checked_add(length))
            .filter(|end| end + 4 <= bytes.len())
        else {
            return;
        };
        let sum = crc(&bytes[at + 4..end]).to_be_bytes();
        bytes[end..end + 4].copy_from_slice(&sum);
        at = end + 4;
    }
}

/// Everything that the child does to a picture but reading it, up to the frame that it answers with. Whether it was opened.
fn intake(bytes: &[u8], demands: &Demands<'_>) -> bool {
    let inspected = inspect(bytes, demands, None);
    let framed = frame::encode(&inspected.report, &[&inspected.copy, &inspected.thumbnail]).unwrap();
    let (report, [copy, thumbnail]) = frame::decode::<Report, 2>(&framed).unwrap();
    let opened = report.width > 0;
    assert!(opened != copy.is_empty() && opened != thumbnail.is_empty());
    opened
}

#[test]
fn ev_04_random_files_end_no_process() {
    let own = [
        png(),
        jpeg(),
        webp(),
        tagged(6),
        tagged_png(3),
        tagged_webp(8),
        cmyk(),
        png_of(90, 60),
        jpeg_of(64, 64),
        apng(3),
        moving_webp(2),
    ];
    let usual = if option_env!("READMIT_LONG").is_some() {
        100_000
    } else {
        3_000
    };
    let runs: usize = option_env!("READMIT_WILD")
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(usual);
    let pack = Pack::read(include_str!("../../../../workflows/rules/account-email.yaml")).unwrap();
    let (shared, context) = (shared(), Context::default());
    let demands = Demands {
        shared: &shared,
        pack: &pack,
        context: &context,
    };
    let (mut chance, mut opened) = (Chance(0x9e37_79b9_7f4a_7c15), 0);
    for run in 0..runs {
        let mut bytes = own[chance.below(own.len())].clone();
        mutate(&mut bytes, &own, &mut chance);
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| intake(&bytes, &demands)));
        if run % 100_000 == 99_999 {
            eprintln!("{} files, {opened} of them opened, no panic", run + 1);
        }
        opened += usize::from(*ended.as_ref().unwrap_or_else(|_| panic!("run {run} panicked")));
    }
    assert!(
        opened * 50 > runs,
        "only {opened} of {runs} were opened at all: nothing was tried"
    );
}
