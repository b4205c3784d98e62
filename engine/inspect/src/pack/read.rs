//! Reads rule packs: bounded, and every fault with its place.

use std::collections::{BTreeMap, BTreeSet};

use readmit_core::ids::Digest;
use readmit_core::inspection::{Alike, EVERY_PICTURE, Finding, IfKnown, Tell};
use readmit_core::workflow::expr::Expr;
use readmit_core::workflow::fault::{Fault, suggest};
use readmit_core::workflow::tree::Node;
use regex::{Regex, RegexBuilder};

use super::schema::{
    WrittenBounds, WrittenDuplicate, WrittenKnown, WrittenPack, WrittenPoints, WrittenRule, WrittenShared,
};
use super::{Bounds, Pack, Points, Rule, Shape, Shared};
use crate::facts::{LABELS, NAMES, SHOWN};
use crate::fields::amount::Amounts;
use crate::fields::lookalikes::Lookalikes;
use crate::fields::time::Calendar;
use crate::phrases::Phrase;

/// The largest automaton a pattern may become, in bytes.
const MOST_PATTERN: usize = 1 << 18;
/// An address of a mailbox (RFC 5321, without quoting); stars where it is partly hidden.
const MAIL_ADDRESS: &str = r"[A-Za-z0-9._%+*•…-]{1,64}@(?:[A-Za-z0-9*•-]{1,63}\.)+[A-Za-z]{2,16}";

/// Phrases or sentences by language.
type ByLanguage = BTreeMap<String, Vec<String>>;

impl Pack {
    /// Reads a pack's file.
    ///
    /// # Errors
    /// All faults that were found.
    pub fn read(body: &str) -> Result<Self, Vec<Fault>> {
        let tree = Node::parse(body).map_err(|fault| vec![fault])?;
        let written: WrittenPack = tree.read().map_err(|fault| vec![fault])?;
        let kinds: BTreeSet<String> = written.pages.keys().map(|kind| format!("page.{kind}")).collect();
        let mut reader = Reader {
            kinds: &kinds,
            faults: Vec::new(),
        };
        reader.name(&written.pack, tree.get("pack"));
        let rules = reader.rules(&written.rules, tree.get("rules"));
        let again = written.again_if.as_deref().zip(tree.get("again_if"));
        let again = again.and_then(|(source, node)| reader.condition(source, node));
        let pack = Self {
            name: written.pack,
            version: written.version,
            hash: Digest::of(body.as_bytes()),
            again,
            pages: written
                .pages
                .into_iter()
                .map(|(kind, groups)| (kind, groups.into_iter().map(points).collect()))
                .collect(),
            events: written
                .events
                .into_iter()
                .map(|event| (event.event, event.seen.into_iter().map(points).collect()))
                .collect(),
            rules,
        };
        if reader.faults.is_empty() {
            Ok(pack)
        } else {
            Err(reader.faults)
        }
    }
}

impl Shared {
    /// Reads what all packs share.
    ///
    /// # Errors
    /// All faults that were found.
    pub fn read(body: &str) -> Result<Self, Vec<Fault>> {
        let tree = Node::parse(body).map_err(|fault| vec![fault])?;
        let written: WrittenShared = tree.read().map_err(|fault| vec![fault])?;
        let mut reader = Reader {
            kinds: &BTreeSet::new(),
            faults: Vec::new(),
        };
        let rules = reader.rules(&written.rules, tree.get("rules"));
        for (key, _) in tree.get("labels").map_or(&[][..], Node::entries) {
            if !LABELS.contains(&key.name.as_str()) {
                let what = format!("nothing looks for labels `{}`", key.name);
                reader
                    .faults
                    .push(Fault::new(key.place, what, suggest(&key.name, LABELS.iter().copied())));
            }
        }
        let shapes = written
            .identifiers
            .iter()
            .zip(tree.get("identifiers").map_or(&[][..], Node::elements));
        let shapes = shapes.filter_map(|(shape, node)| {
            Some(Shape {
                whole: reader.pattern(&shape.shape, node.get("shape")?)?,
                kind: shape.kind,
                open: shape.open,
                mends: shape.mend.iter().map(|(wrong, right)| (*wrong, *right)).collect(),
                checksum: shape.checksum,
            })
        });
        let shapes = shapes.collect();
        let shortened = tree
            .get("shortened")
            .and_then(|node| reader.pattern(&written.shortened, node));
        let bounds = reader.bounds(&written.bounds, tree.get("bounds"));
        let made = || {
            Some((
                Calendar::new(
                    months(&written.months),
                    written.afternoon.values().flatten().cloned().collect(),
                )
                .ok()?,
                Amounts::new().ok()?,
                Regex::new(MAIL_ADDRESS).ok()?,
            ))
        };
        match (shortened, made()) {
            (Some(shortened), Some((calendar, amounts, mail_address))) if reader.faults.is_empty() => Ok(Self {
                version: written.version,
                hash: Digest::of(body.as_bytes()),
                sides: (written.read_at, written.again_at),
                rules,
                not_read: written.not_read,
                if_known: if_known(written.known),
                editors: written.editors.iter().map(|name| name.to_lowercase()).collect(),
                labels: written
                    .labels
                    .into_iter()
                    .map(|(name, words)| (name, phrases(&words)))
                    .collect(),
                shapes,
                alike: Lookalikes::new(&written.alike),
                shortened,
                assets: written
                    .assets
                    .iter()
                    .flat_map(|(code, names)| names.iter().map(|name| (code.clone(), Phrase::new(name))))
                    .collect(),
                never: written.never_assets,
                money: written.money,
                calendar,
                amounts,
                mail_address,
                bounds,
                parts: written.parts,
            }),
            _ => Err(reader.faults),
        }
    }
}

struct Reader<'a> {
    kinds: &'a BTreeSet<String>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    /// Slots of workflows say it, and pages show it.
    fn name(&mut self, name: &str, node: Option<&Node>) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if let Some(node) = node
            && (name == EVERY_PICTURE || !(1..=40).contains(&name.len()) || !name.chars().all(fits))
        {
            let why = format!("a pack's name has a-z, 0-9 and - only, 40 at most, and is not {EVERY_PICTURE}");
            self.faults
                .push(Fault::new(node.place, format!("`{name}` names no pack"), why));
        }
    }

    fn rules(&mut self, written: &[WrittenRule], node: Option<&Node>) -> Vec<Rule> {
        let mut seen = BTreeSet::new();
        let places = node.map_or(&[][..], Node::elements);
        let mut rules = Vec::new();
        for (rule, node) in written.iter().zip(places) {
            if !seen.insert(&rule.rule) {
                self.faults.push(Fault::new(
                    node.place,
                    format!("rule `{}` is there twice", rule.rule),
                    "",
                ));
            }
            if rule.fail.is_none() && rule.warn.is_none() {
                self.faults.push(Fault::new(
                    node.place,
                    format!("rule `{}` never speaks", rule.rule),
                    "give it `fail` or `warn`",
                ));
            }
            if !rule.say.contains_key("en") {
                self.faults.push(Fault::new(
                    node.place,
                    format!("rule `{}` says nothing in `en`", rule.rule),
                    "other languages fall back to it",
                ));
            }
            if let (Some(shows), Some(place)) = (&rule.shows, node.get("shows"))
                && !SHOWN.contains(&shows.as_str())
            {
                self.faults.push(Fault::new(
                    place.place,
                    format!("`{shows}` cannot be shown"),
                    suggest(shows, SHOWN.iter().copied()),
                ));
            }
            let mut condition = |source: &Option<String>, key: &str| {
                source
                    .as_deref()
                    .zip(node.get(key))
                    .and_then(|(source, node)| self.condition(source, node))
            };
            rules.push(Rule {
                id: rule.rule.clone(),
                fail: condition(&rule.fail, "fail"),
                warn: condition(&rule.warn, "warn"),
                shows: rule.shows.clone(),
                last: rule.last,
                say: rule.say.clone(),
                tell: rule.tell,
            });
        }
        rules
    }

    fn condition(&mut self, source: &str, node: &Node) -> Option<Expr> {
        let expr = match Expr::parse(source) {
            Ok(expr) => expr,
            Err(sentence) => {
                self.faults.push(Fault::sentence(node.place, &sentence));
                return None;
            }
        };
        let known = || NAMES.iter().copied().chain(self.kinds.iter().map(String::as_str));
        let unknown: Vec<&str> = expr
            .names()
            .into_iter()
            .filter(|name| !known().any(|known| known == *name))
            .collect();
        for name in &unknown {
            let why = suggest(name, known().collect::<Vec<_>>());
            self.faults
                .push(Fault::new(node.place, format!("nothing is called `{name}`"), why));
        }
        unknown.is_empty().then_some(expr)
    }

    fn bounds(&mut self, written: &WrittenBounds, node: Option<&Node>) -> Bounds {
        let places = node.and_then(|node| node.get("zones")).map_or(&[][..], Node::elements);
        for (zone, place) in written.zones.iter().zip(places) {
            if minutes(zone).is_none() {
                let what = format!("`{zone}` is no time zone");
                self.faults.push(Fault::new(place.place, what, "write it as `+05:45`"));
            }
        }
        Bounds {
            head_lines: written.head_lines,
            sentence_letters: written.sentence_letters,
            top: written.top_percent,
            ends: written.identifier_ends,
            clocks: written.clocks_minutes,
            zone_clocks: written.zone_clocks_minutes,
            zones: written.zones.iter().filter_map(|zone| minutes(zone)).collect(),
        }
    }

    fn pattern(&mut self, pattern: &str, node: &Node) -> Option<Regex> {
        let built = RegexBuilder::new(&format!("^(?:{pattern})$"))
            .size_limit(MOST_PATTERN)
            .build();
        match built {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let line = error.to_string().lines().last().unwrap_or_default().to_owned();
                self.faults
                    .push(Fault::new(node.place, "this is no pattern that we take", line));
                None
            }
        }
    }
}

/// Minutes ahead of UTC of a zone written as `+05:45`.
fn minutes(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (60 * hours + minutes))
}

fn points(written: WrittenPoints) -> Points {
    Points {
        points: written.points,
        in_title: written.in_title,
        phrases: phrases(&written.any),
    }
}

fn if_known(written: WrittenKnown) -> IfKnown {
    let finding = |rule: &str, written: WrittenDuplicate| Finding {
        rule: rule.to_owned(),
        verdict: written.verdict,
        message: written.say,
        value: None,
        area: None,
        tell: Tell::Nothing,
    };
    IfKnown {
        exact: finding("duplicate_exact", written.duplicate_exact),
        similar: finding("duplicate_similar", written.duplicate_similar),
        alike: Alike {
            bits: written.bits,
            words: written.words,
            unread_bits: written.unread_bits,
            turned_bits: written.turned_bits,
        },
    }
}

fn phrases(words: &ByLanguage) -> Vec<Phrase> {
    words.values().flatten().map(|word| Phrase::new(word)).collect()
}

/// Names of months, lower case, with their numbers: twelve lists a language.
fn months(written: &BTreeMap<String, Vec<Vec<String>>>) -> Vec<(String, u32)> {
    let of_year = |year: &Vec<Vec<String>>| -> Vec<(String, u32)> {
        let numbered = year.iter().zip(1..=12);
        numbered
            .flat_map(|(names, month)| names.iter().map(move |name| (name.to_lowercase(), month)))
            .collect()
    };
    written.values().flat_map(of_year).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_shipped_packs_read_and_speak_every_language() {
        let shared = crate::pack::samples::shared();
        let email = Pack::read(include_str!("../../../../workflows/rules/account-email.yaml")).unwrap();
        let transaction = Pack::read(include_str!(
            "../../../../workflows/rules/counterparty-transaction.yaml"
        ))
        .unwrap();
        for rule in shared.rules.iter().chain(&email.rules).chain(&transaction.rules) {
            for language in ["en", "zh", "es"] {
                assert!(rule.say.contains_key(language), "{} in {language}", rule.id);
            }
        }
    }

    #[test]
    fn faults_are_told_with_their_place() {
        let body = "pack: x\nversion: 1\npages: {mail: [{points: 1, any: {en: [inbox]}}]}\nrules:\n  - {rule: a, fail: 'page.mial > 2', say: {en: A}}\n  - {rule: b, say: {zh: B}}\n  - {rule: c, fail: 'text.letters <', shows: amont, say: {en: C}}\n";
        let told: Vec<String> = Pack::read(body).unwrap_err().iter().map(ToString::to_string).collect();
        let told = told.join("\n");
        assert_eq!(
            Pack::read("pack: Every Page\nversion: 1\nrules: []\n")
                .unwrap_err()
                .first()
                .unwrap()
                .place
                .column,
            7
        );
        let shipped = include_str!("../../../../workflows/rules/every-picture.yaml");
        let fault = Shared::read(&shipped.replace("'+05:45'", "'5:45'")).unwrap_err();
        assert!(fault.first().unwrap().to_string().contains("`5:45` is no time zone"));
        for part in [
            "5:21: nothing is called `page.mial`, did you mean `page.mail`?",
            "6:5: rule `b` never speaks",
            "6:5: rule `b` says nothing in `en`",
            "`amont` cannot be shown, did you mean `amount`?",
            "7:21: ",
        ] {
            assert!(told.contains(part), "{part} in\n{told}");
        }
        let fault = Pack::read("pack: x\nversion: one\n").unwrap_err();
        assert!(fault.first().unwrap().to_string().starts_with("2:10: expected"));
    }
}
