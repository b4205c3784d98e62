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

    /// The letters that look like this one.
    pub(crate) fn of(&self, letter: char) -> impl Iterator<Item = char> {
        self.0.get(&letter).into_iter().flatten().copied()
    }
}

/// One letter of a text as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub letter: char,
    /// What it may have been.
    pub others: Vec<char>,
    /// It cannot have been what was read.
    pub wrong: bool,
}

/// Hands over every text that differs from what was read in just so many letters, all wrong ones among them, until it is told
/// to stop by `false`. Whether it came to the end.
pub(crate) fn each(places: &[Place], letters: usize, to: &mut impl FnMut(&str) -> bool) -> bool {
    let wrong = places.iter().filter(|place| place.wrong).count();
    put(places, wrong, letters, &mut String::new(), to)
}

fn put(places: &[Place], wrong: usize, letters: usize, text: &mut String, to: &mut impl FnMut(&str) -> bool) -> bool {
    if wrong > letters {
        return true;
    }
    let length = text.len();
    let mut goes_on = true;
    if letters == 0 {
        text.extend(places.iter().map(|place| place.letter));
        goes_on = to(text);
    } else if let Some((place, rest)) = places.split_first() {
        let wrong = wrong - usize::from(place.wrong);
        for other in &place.others {
            text.push(*other);
            goes_on = goes_on && put(rest, wrong, letters - 1, text, to);
            text.truncate(length);
        }
        if !place.wrong {
            text.push(place.letter);
            goes_on = goes_on && put(rest, wrong, letters, text, to);
        }
    }
    text.truncate(length);
    goes_on
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_differs_in_just_so_many_letters() {
        let alike = Lookalikes::new(&["0Oo".into(), "Cc".into(), "oc".into()]);
        let of = |text: &str, letters, wrong: &str, most: usize| {
            let places: Vec<Place> = text
                .chars()
                .map(|letter| Place {
                    letter,
                    others: alike.of(letter).collect(),
                    wrong: wrong.contains(letter),
                })
                .collect();
            let mut all = Vec::new();
            let ended = each(&places, letters, &mut |text| {
                all.push(text.to_owned());
                all.len() < most
            });
            assert_eq!(ended, all.len() < most);
            all
        };
        assert_eq!(of("a0C", 1, "", 9), ["aOC", "aoC", "a0c"]);
        assert_eq!(of("a0C", 2, "", 9), ["aOc", "aoc"]);
        assert_eq!(of("o", 1, "", 9), ["0", "O", "c"]);
        assert!(of("xyz", 1, "", 9).is_empty() && of("a0C", 3, "", 9).is_empty());
        assert_eq!(of("a0C", 1, "C", 9), ["a0c"]);
        assert!(of("a0C", 1, "0C", 9).is_empty() && of("a0C", 2, "a", 9).is_empty());
        assert_eq!(of("a0C", 1, "", 2), ["aOC", "aoC"]);
    }
}
