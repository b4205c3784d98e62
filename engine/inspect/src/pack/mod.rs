//! Rule packs: what documents must show, as data. A pack declares page kinds, events and rules over what was read; what
//! all packs share (labels, shapes of identifiers, names of months and assets, rules for every picture) is one more file.
//!
//! Deliberately absent: the operator. Its name and domains come with each request, so a pack serves any house.

mod read;
pub(crate) mod schema;

use std::collections::BTreeMap;

use readmit_core::ids::Digest;
use readmit_core::inspection::{IfKnown, Tell};
use readmit_core::workflow::expr::Expr;
use regex::Regex;

use crate::fields::amount::Amounts;
use crate::fields::checksum::{Check, Checksum, Tries};
use crate::fields::identifier::Kind;
use crate::fields::lookalikes::Lookalikes;
use crate::fields::time::Calendar;
use crate::phrases::Phrase;

/// A sentence by language; `en` is always there.
pub(crate) type Said = BTreeMap<String, String>;

/// One document's pack.
#[derive(Clone, Debug)]
pub struct Pack {
    pub(crate) name: String,
    pub(crate) version: i64,
    /// Of the file.
    pub(crate) hash: Digest,
    /// When to read once more, at a larger size.
    pub(crate) again: Option<Expr>,
    pub(crate) pages: BTreeMap<String, Vec<Points>>,
    /// In order: of equal points the first wins.
    pub(crate) events: Vec<(String, Vec<Points>)>,
    pub(crate) rules: Vec<Rule>,
}

/// Phrases, and what seeing them counts: each group once, in a title this many times as much.
#[derive(Clone, Debug)]
pub(crate) struct Points {
    pub points: i64,
    pub in_title: i64,
    pub phrases: Vec<Phrase>,
}

/// One rule: the first condition that holds gives its verdict.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub id: String,
    pub fail: Option<Expr>,
    pub warn: Option<Expr>,
    /// Whose value and place the finding shows.
    pub shows: Option<String>,
    /// When it fails, the rules after it say nothing new and are not asked.
    pub last: bool,
    pub say: Said,
    pub tell: Tell,
}

/// What all packs share.
#[derive(Clone, Debug)]
pub struct Shared {
    pub(crate) version: i64,
    /// Of the file.
    pub(crate) hash: Digest,
    /// The longest side at which text is looked for, in pixels: at first, and once more.
    pub(crate) sides: (u32, u32),
    pub(crate) rules: Vec<Rule>,
    /// What to say where a rule could not be judged because nothing was read.
    pub(crate) not_read: Said,
    /// What to find in a picture that was sent before.
    pub(crate) if_known: IfKnown,
    /// Words of programs that change pictures, as they name themselves in metadata; lower case.
    pub(crate) editors: Vec<String>,
    labels: BTreeMap<String, Vec<Phrase>>,
    shapes: Vec<Shape>,
    alike: Lookalikes,
    shortened: Regex,
    assets: Vec<(String, Phrase)>,
    never: Vec<String>,
    money: Vec<String>,
    pub(crate) calendar: Calendar,
    pub(crate) amounts: Amounts,
    pub(crate) mail_address: Regex,
    pub(crate) bounds: Bounds,
    /// Parts of a file that any program writes, by format; none where the file says nothing of them.
    pub(crate) parts: BTreeMap<String, Vec<String>>,
}

/// How far what belongs together may be apart.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    /// Line heights from the first address of a mail's head to its last.
    pub head_lines: u32,
    /// A line of fewer letters is a button, not a sentence.
    pub sentence_letters: usize,
    /// The part of a page, from its top, that says whose it is, in percent.
    pub top: u32,
    /// Letters of an identifier at each end, where its middle is left out.
    pub ends: usize,
    /// By how much the clocks of two houses differ, in minutes: a confirmation or two.
    pub clocks: i64,
    /// The same where the page is in another time zone.
    pub zone_clocks: i64,
    /// Minutes that the world's clocks are ahead of UTC.
    pub zones: Vec<i64>,
}

/// What an identifier looks like.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    whole: Regex,
    pub kind: Kind,
    /// Other things look the same: a label decides.
    pub open: bool,
    /// Letters that its alphabet does not have, and the one that a reader took for each.
    mends: Vec<(char, char)>,
    checksum: Option<Checksum>,
}

/// A text that has a shape: with letters put right, as far as its alphabet or its checksum tells them.
pub(crate) struct Shaped<'a> {
    pub shape: &'a Shape,
    pub text: String,
    pub check: Check,
}

impl Pack {
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Shape {
    fn mend(&self, text: &str) -> String {
        let put = |c| {
            self.mends
                .iter()
                .find(|(wrong, _)| *wrong == c)
                .map_or(c, |(_, right)| *right)
        };
        // The prefix may hold letters that the rest does not: `bc1`, `0x`.
        text.chars()
            .enumerate()
            .map(|(at, c)| if at < PREFIX { c } else { put(c) })
            .collect()
    }

    /// A text of this shape.
    fn checked(&self, text: String, alike: &Lookalikes, tries: &mut Tries) -> Shaped<'_> {
        let check = self.check(&text);
        let right = if check == Check::Fails {
            self.mended(&text, alike, tries)
        } else {
            None
        };
        right.unwrap_or(Shaped {
            shape: self,
            text,
            check,
        })
    }

    fn check(&self, text: &str) -> Check {
        self.checksum.map_or(Check::None, |checksum| checksum.check(text))
    }

    /// What stood there, if the shape's checksum tells.
    fn mended(&self, text: &str, alike: &Lookalikes, tries: &mut Tries) -> Option<Shaped<'_>> {
        let checksum = self.checksum.filter(|_| MENDED.contains(&text.len()))?;
        let text = checksum.mended(text, alike, tries, |text| self.whole.is_match(text))?;
        let check = checksum.check(&text);
        Some(Shaped {
            shape: self,
            text,
            check,
        })
    }
}

/// Letters of an address that carries a checksum.
const MENDED: std::ops::RangeInclusive<usize> = 25..=120;
/// Letters of a prefix, which are never put right.
const PREFIX: usize = 4;

impl Shared {
    /// The labels of a kind of value; none for a name that the file does not have.
    #[must_use]
    pub(crate) fn labels(&self, name: &str) -> &[Phrase] {
        self.labels.get(name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn all_labels(&self) -> impl Iterator<Item = &Phrase> {
        self.labels.values().flatten()
    }

    /// The shape that a text has from end to end: as it is, with letters put right that the shape's alphabet does not have, or
    /// with those that its checksum tells.
    #[must_use]
    pub(crate) fn shape(&self, text: &str, tries: &mut Tries) -> Option<Shaped<'_>> {
        if let Some(shape) = self.shapes.iter().find(|shape| shape.whole.is_match(text)) {
            return Some(shape.checked(text.to_owned(), &self.alike, tries));
        }
        let mended = |shape: &&Shape| shape.whole.is_match(&shape.mend(text));
        if let Some(shape) = self.shapes.iter().find(mended) {
            return Some(shape.checked(shape.mend(text), &self.alike, tries));
        }
        self.shapes.iter().find_map(|shape| {
            let mended = shape.mended(&shape.mend(text), &self.alike, tries)?;
            (mended.check == Check::Passes).then_some(mended)
        })
    }

    /// Whether a text is an identifier whose middle is left out.
    #[must_use]
    pub(crate) fn is_shortened(&self, text: &str) -> bool {
        self.shortened.is_match(text)
    }

    /// The code of an asset, by its code or its name.
    #[must_use]
    pub(crate) fn asset(&self, word: &str) -> Option<String> {
        if let Some((code, _)) = self.assets.iter().find(|(_, name)| name.is(word)) {
            return Some(code.clone());
        }
        let code = word.len() >= 2 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        let letters = word.chars().any(|c| c.is_ascii_alphabetic());
        (code && letters && !self.never.iter().any(|never| never == word)).then(|| word.to_owned())
    }

    /// Whether a number is one of ordinary money: a sign before it, or a currency's code beside it.
    #[must_use]
    pub(crate) fn is_money(&self, before: &str, after: &str) -> bool {
        let (before, after) = (before.trim_end(), after.trim_start());
        self.money.iter().any(|sign| {
            let word = sign.chars().all(|c| c.is_ascii_alphabetic());
            let ends = after
                .strip_prefix(sign.as_str())
                .is_some_and(|rest| !word || !rest.starts_with(char::is_alphanumeric));
            before.ends_with(sign.as_str()) || ends
        })
    }
}

#[cfg(test)]
pub(crate) mod samples {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What ships.
    pub(crate) fn shared() -> Shared {
        Shared::read(include_str!("../../../../workflows/rules/every-picture.yaml")).unwrap()
    }
}
