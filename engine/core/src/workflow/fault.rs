//! What is wrong with a file, and where: `file:line:column: what, why`.

use std::fmt;

use crate::kind::FactValue;

/// A place in a file; line and column count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

/// One fault of a file. A file tells all it can, not only the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    pub what: String,
    /// The rule it breaks, or what to write instead; may be empty.
    pub why: String,
    /// Of a broken proof: the run that breaks it.
    pub run: Option<Box<Run>>,
}

/// A run of a workflow that breaks its proof: the counterexample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The account attributes and policy values, by dotted name.
    pub valuation: Vec<(String, FactValue)>,
    /// The steps with the outcome each was left by: `email_code (passed)`; the last is where it breaks.
    pub path: Vec<String>,
    /// What is missing there, one line each.
    pub missing: Vec<String>,
}

impl Fault {
    #[must_use]
    pub fn new(place: Place, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            place,
            what: what.into(),
            why: why.into(),
            run: None,
        }
    }

    /// A sentence `what; why` as kinds and parsers write them.
    #[must_use]
    pub fn sentence(place: Place, sentence: &str) -> Self {
        let (what, why) = sentence.split_once("; ").unwrap_or((sentence, ""));
        Self::new(place, what, why)
    }

    /// As printed for a file: `file:line:column: what, why`, and of a broken proof the valuation, the path and what is
    /// missing, indented below.
    #[must_use]
    pub fn of<'a>(&'a self, file: &'a str) -> impl fmt::Display + 'a {
        Printed { file, fault: self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.place.line, self.place.column, self.what)?;
        if !self.why.is_empty() {
            write!(f, ", {}", self.why)?;
        }
        match &self.run {
            Some(run) => write!(f, "\n{run}"),
            None => Ok(()),
        }
    }
}

struct Printed<'a> {
    file: &'a str,
    fault: &'a Fault,
}

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.fault)
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let valuation: Vec<String> = self
            .valuation
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        writeln!(f, "    when:    {}", valuation.join(", "))?;
        writeln!(f, "    path:    {}", self.path.join(" → "))?;
        write!(f, "    missing: {}", self.missing.join("; "))
    }
}

impl fmt::Display for FactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(b) => b.fmt(f),
            Self::Int(i) => i.fmt(f),
            Self::Word(w) => write!(f, "\"{w}\""),
        }
    }
}

/// The known word nearest to what was written, if it is near enough to be a slip: at most two edits, and at most half.
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|word| (edits(written, word), word))
        .filter(|(edits, word)| *edits <= 2 && edits * 2 <= word.chars().count())
        .min()
        .map(|(_, word)| word)
}

/// `did you mean …`, or the list of what is known.
#[must_use]
pub fn suggest<'a>(written: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(written, known.clone()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => {
            let known: Vec<String> = known.into_iter().map(|word| format!("`{word}`")).collect();
            match known.as_slice() {
                [] => "nothing is known here".to_owned(),
                known => format!("known are {}", known.join(", ")),
            }
        }
    }
}

/// Levenshtein's distance over characters.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let here = (before + usize::from(from != *to)).min(*cell + 1).min(left + 1);
            before = std::mem::replace(cell, here);
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(nearest("tires", ["tries", "ttl", "then"]), Some("tries"));
        assert_eq!(nearest("vists", ["visits"]), Some("visits"));
        assert_eq!(nearest("colour", ["kind", "then"]), None);
        assert_eq!(suggest("x", ["a", "b"]), "known are `a`, `b`");
    }
}
