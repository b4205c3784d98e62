//! Letters that look alike, and what a text could have been before a reader mistook some.

use std::collections::BTreeMap;

/// Letters that a reader takes for each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lookalikes(BTreeMap<char, Vec<char>>);

impl Lookalikes {
    /// From groups of letters that look alike; a letter may be in several. Files of before version 4 have none.
    #[must_use]
    pub(crate) fn new(groups: &[String]) -> Self {
        let mut of: BTreeMap<char, Vec<char>> = BTreeMap::new();
        for group in groups {
            for letter in group.chars() {
                let others = of.entry(letter).or_default();
                let new: Vec<char> = group.chars().filter(|c| *c != letter && !others.contains(c)).collect();
                others.extend(new);
            }
        }
        Self(of)
    }

    /// Hands over every text that differs from this one in just so many letters, each from one that looks like it.
    pub(crate) fn each(&self, text: &str, letters: usize, to: &mut impl FnMut(&str)) {
        let mut text: Vec<char> = text.chars().collect();
        self.put(&mut text, 0, letters, to);
    }

    fn put(&self, text: &mut [char], from: usize, letters: usize, to: &mut impl FnMut(&str)) {
        if letters == 0 {
            return to(&text.iter().collect::<String>());
        }
        for at in from..text.len() {
            let Some(letter) = text.get(at).copied() else { return };
            for other in self.0.get(&letter).into_iter().flatten() {
                if let Some(place) = text.get_mut(at) {
                    *place = *other;
                }
                self.put(text, at + 1, letters - 1, to);
            }
            if let Some(place) = text.get_mut(at) {
                *place = letter;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_differs_in_just_so_many_letters() {
        let alike = Lookalikes::new(&["0Oo".into(), "Cc".into(), "oc".into()]);
        let of = |text: &str, letters| {
            let mut all = Vec::new();
            alike.each(text, letters, &mut |text| all.push(text.to_owned()));
            all
        };
        assert_eq!(of("a0C", 1), ["aOC", "aoC", "a0c"]);
        assert_eq!(of("a0C", 2), ["aOc", "aoc"]);
        assert_eq!(of("o", 1), ["0", "O", "c"]);
        assert!(of("xyz", 1).is_empty() && of("a0C", 3).is_empty());
    }
}
