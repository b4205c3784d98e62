//! Repeatable chance: SHA-256 over a name and a counter. Good enough to make up data, and the same on every machine.

use sha2::{Digest, Sha256};

pub(super) struct Dice {
    name: String,
    rolls: u64,
}

impl Dice {
    pub(super) fn new(name: String) -> Self {
        Self { name, rolls: 0 }
    }

    /// 32 bytes that nobody can tell from random ones.
    pub(super) fn bytes(&mut self) -> [u8; 32] {
        self.rolls += 1;
        let mut hash = Sha256::new();
        hash.update(self.name.as_bytes());
        hash.update(self.rolls.to_be_bytes());
        hash.finalize().into()
    }

    /// From 0 up to and without `end`; 0 where `end` is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.bytes();
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
            .checked_rem(end)
            .unwrap_or(0)
    }

    /// From `low` up to and with `high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low.saturating_add_unsigned(self.below(high.abs_diff(low).saturating_add(1)))
    }

    /// One of them; `None` only of an empty list.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        of.get(at)
    }
}
