//! Finding words of a rule pack in what was read: without regard to case, accents, spaces, punctuation and the letters
//! that readers mix up.

use readmit_core::inspection::Area;

use crate::page::Page;

/// A phrase or label as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    squeezed: Vec<char>,
}

/// Latin phrases shorter than this count as whole words only.
const WHOLE_WORD: usize = 8;

impl Phrase {
    #[must_use]
    pub(crate) fn new(written: &str) -> Self {
        Self {
            squeezed: squeeze(written).into_iter().map(|letter| letter.0).collect(),
        }
    }

    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.squeezed.is_empty()
    }

    /// Where the phrase stands in a text that was squeezed: first and last letter.
    fn find(&self, text: &[Letter]) -> Option<usize> {
        let loose = self.squeezed.len() >= WHOLE_WORD;
        text.windows(self.squeezed.len().max(1)).position(|window| {
            let same = window.iter().map(|letter| letter.0).eq(self.squeezed.iter().copied());
            let starts = window.first().is_some_and(|letter| letter.1);
            let ends = window.last().is_some_and(|letter| letter.2);
            same && (loose || starts && ends)
        })
    }

    /// Whether a text has the phrase.
    #[must_use]
    pub(crate) fn is_in(&self, text: &str) -> bool {
        !self.is_empty() && self.find(&squeeze(text)).is_some()
    }

    /// Whether a text begins with it.
    #[must_use]
    pub(crate) fn opens(&self, text: &str) -> bool {
        let letters = squeeze(text);
        letters.len() >= self.squeezed.len()
            && letters
                .iter()
                .map(|letter| letter.0)
                .zip(&self.squeezed)
                .all(|(a, b)| a == *b)
            && letters
                .get(self.squeezed.len().saturating_sub(1))
                .is_none_or(|letter| letter.2)
    }

    /// Whether a text is the phrase and nothing else.
    #[must_use]
    pub(crate) fn is(&self, text: &str) -> bool {
        squeeze(text)
            .iter()
            .map(|letter| letter.0)
            .eq(self.squeezed.iter().copied())
    }

    /// How many bytes of a word's end are this phrase, where nothing parts them from what is before.
    #[must_use]
    pub(crate) fn tail_of(&self, word: &str) -> Option<usize> {
        let ends = || word.char_indices().map(|(at, _)| at);
        ends()
            .find(|at| word.get(*at..).is_some_and(|tail| self.is(tail)))
            .map(|at| word.len() - at)
    }

    /// How many bytes of a word's beginning are this phrase.
    #[must_use]
    pub(crate) fn head_of(&self, word: &str) -> Option<usize> {
        let mut ends = word.char_indices().map(|(at, _)| at).skip(1);
        ends.find(|at| word.get(..*at).is_some_and(|head| self.is(head)))
    }

    /// Whether a text ends with it.
    #[must_use]
    pub(crate) fn closes(&self, text: &str) -> bool {
        let letters = squeeze(text);
        let Some(from) = letters.len().checked_sub(self.squeezed.len()) else {
            return false;
        };
        let tail = letters.get(from..).unwrap_or_default();
        tail.iter().map(|letter| letter.0).eq(self.squeezed.iter().copied())
            && tail.first().is_some_and(|letter| letter.1)
    }
}

/// Whether any of the phrases stands in a paragraph of the page; where, and whether in a title.
#[must_use]
pub(crate) fn seen(page: &Page, phrases: &[Phrase]) -> Vec<Seen> {
    let mut all = Vec::new();
    for lines in page.texts() {
        let mut letters = Vec::new();
        let mut from = Vec::new();
        for line in &lines {
            let more = squeeze(&line.text);
            from.extend(std::iter::repeat_n(*line, more.len()));
            letters.extend(more);
        }
        for phrase in phrases.iter().filter(|phrase| !phrase.is_empty()) {
            if let Some(line) = phrase.find(&letters).and_then(|place| from.get(place)) {
                all.push(Seen {
                    area: line.area,
                    text: line.text.clone(),
                    title: page.is_title(line),
                });
            }
        }
    }
    all
}

/// A phrase that was seen.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub area: Area,
    /// The whole line.
    pub text: String,
    pub title: bool,
}

/// A letter as compared, and whether it begins and ends a word.
type Letter = (char, bool, bool);

/// Letters and digits only, folded.
fn squeeze(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    let mut starts = true;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            if let Some(last) = letters.last_mut() {
                last.2 = true;
            }
            starts = true;
            continue;
        }
        let wide = c >= '\u{2e80}';
        if wide && let Some(last) = letters.last_mut() {
            last.2 = true;
        }
        for lower in c.to_lowercase() {
            letters.push((fold(lower), starts || wide, wide));
        }
        starts = wide;
    }
    if let Some(last) = letters.last_mut() {
        last.2 = true;
    }
    letters
}

/// Accents go, and letters that readers mix up become one.
const fn fold(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'i' | '1' | 'ı' => 'l',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | '0' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

/// A text folded for comparison of values: only ever to warn, never to pass.
#[must_use]
pub(crate) fn alike(text: &str) -> String {
    let folded: String = text
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(fold)
        .collect();
    folded.replace("rn", "m").replace("vv", "w")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_people_would() {
        for (phrase, text, found) in [
            ("deposit confirmed", "[Some] DEPOSIT  confirmed!", true),
            ("deposit confirmed", "Depositconfirmed", true),
            ("inicio de sesión", "Nuevo inicio de sesion", true),
            ("提现成功", "[某] 提现成功通知", true),
            ("to", "into the account", false),
            ("to", "to ada@mail.example", true),
            ("txid", "TxlD: 0xab", true),
            ("fee", "coffee", false),
            ("手续费", "网络手续费0.1", true),
        ] {
            assert_eq!(Phrase::new(phrase).is_in(text), found, "{phrase} in {text}");
        }
        assert!(Phrase::new("to").opens("To: ada") && !Phrase::new("to").opens("Total"));
        assert!(Phrase::new("from").closes("Sent from:"));
    }
}
