//! Rule packs as they are written; the schema for editors is made from these.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use readmit_core::inspection::{Tell, Verdict};

use super::Said;
use crate::fields::checksum::Checksum;
use crate::fields::identifier::Kind;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a rule pack")]
pub(crate) struct WrittenPack {
    pub(crate) pack: String,
    /// Counts up with every change: findings name it.
    pub(crate) version: i64,
    /// Read the picture once more at a larger size when this holds.
    pub(crate) again_if: Option<String>,
    /// Page kinds: what seeing phrases counts for each.
    #[serde(default)]
    pub(crate) pages: BTreeMap<String, Vec<WrittenPoints>>,
    /// What a mail tells of; of equal points the first wins.
    #[serde(default)]
    pub(crate) events: Vec<WrittenEvent>,
    pub(crate) rules: Vec<WrittenRule>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "points for what is found")]
pub(crate) struct WrittenPoints {
    pub(crate) points: i64,
    /// Points when it stands in a title.
    #[serde(default)]
    pub(crate) in_title: i64,
    /// Phrases by language; any of them counts, once.
    pub(crate) any: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an event and what shows it")]
pub(crate) struct WrittenEvent {
    pub(crate) event: String,
    pub(crate) seen: Vec<WrittenPoints>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a rule")]
pub(crate) struct WrittenRule {
    pub(crate) rule: String,
    /// A condition in CEL.
    pub(crate) fail: Option<String>,
    pub(crate) warn: Option<String>,
    /// Whose value and place the finding shows: `amount`, `recipient`, `page.email`.
    pub(crate) shows: Option<String>,
    /// When it fails, the rules after it are not asked.
    #[serde(default)]
    pub(crate) last: bool,
    /// What to tell the claimant, by language.
    pub(crate) say: Said,
    /// How much of it.
    #[serde(default)]
    pub(crate) tell: Tell,
}

/// What is found when a picture was sent before.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenKnown {
    /// In how many bits of 256 two likenesses may differ, where the pages were read.
    pub(crate) bits: u32,
    /// How many of all their telling words two pages must share, in percent.
    pub(crate) words: u32,
    /// In how many bits they may differ where one was not read.
    pub(crate) unread_bits: u32,
    /// In how many bits they may differ where one was turned or mirrored.
    #[serde(default)]
    pub(crate) turned_bits: u32,
    /// The same bytes.
    pub(crate) duplicate_exact: WrittenDuplicate,
    /// A picture that looks the same.
    pub(crate) duplicate_similar: WrittenDuplicate,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenDuplicate {
    pub(crate) verdict: Verdict,
    pub(crate) say: Said,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "what all packs share")]
pub(crate) struct WrittenShared {
    #[serde(rename = "pack")]
    pub(crate) _pack: String,
    pub(crate) version: i64,
    /// The longest side at which text is looked for, in pixels.
    pub(crate) read_at: u32,
    /// … and once more, where a pack's `again_if` holds.
    pub(crate) again_at: u32,
    pub(crate) labels: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Twelve lists of names a language.
    pub(crate) months: BTreeMap<String, Vec<Vec<String>>>,
    pub(crate) identifiers: Vec<WrittenShape>,
    /// Groups of letters that a reader takes for each other.
    #[serde(default)]
    pub(crate) alike: Vec<String>,
    /// What an identifier with its middle left out looks like.
    pub(crate) shortened: String,
    /// Names of assets by code.
    pub(crate) assets: BTreeMap<String, Vec<String>>,
    /// Capital letters that are no asset.
    pub(crate) never_assets: Vec<String>,
    /// Signs and codes of ordinary money.
    pub(crate) money: Vec<String>,
    /// Programs that change pictures, as they name themselves in metadata.
    pub(crate) editors: Vec<String>,
    pub(crate) not_read: Said,
    /// Words between a date and its clock that say it is after noon.
    #[serde(default)]
    pub(crate) afternoon: BTreeMap<String, Vec<String>>,
    /// Parts of a file that any program writes, by format; others are a sign.
    #[serde(default)]
    pub(crate) parts: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) bounds: WrittenBounds,
    pub(crate) known: WrittenKnown,
    pub(crate) rules: Vec<WrittenRule>,
}

/// How far what belongs together may be apart. Files of before version 3 do not say.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenBounds {
    pub(crate) head_lines: u32,
    pub(crate) sentence_letters: usize,
    pub(crate) top_percent: u32,
    pub(crate) identifier_ends: usize,
    pub(crate) clocks_minutes: i64,
    pub(crate) zone_clocks_minutes: i64,
    /// Time zones as `+05:45`.
    pub(crate) zones: Vec<String>,
}

impl Default for WrittenBounds {
    fn default() -> Self {
        Self {
            head_lines: 7,
            sentence_letters: 12,
            top_percent: 20,
            identifier_ends: 4,
            clocks_minutes: 15,
            zone_clocks_minutes: 5,
            zones: (-12..=14).map(|hours: i32| format!("{hours:+03}:00")).collect(),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenShape {
    /// A regular expression for the whole identifier.
    pub(crate) shape: String,
    pub(crate) kind: Kind,
    /// Other things look the same: a label beside it decides.
    #[serde(default)]
    pub(crate) open: bool,
    /// Letters that its alphabet does not have, each with the one that a reader took for it.
    #[serde(default)]
    pub(crate) mend: BTreeMap<char, char>,
    /// What its letters are held against: a slip of the reader is put right by it, or told.
    pub(crate) checksum: Option<Checksum>,
}

/// The schema of rule packs, for editors.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(WrittenPack);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    /// Editors read the schema beside the packs; `UPDATE=1` when this was built writes it anew.
    #[test]
    fn the_schema_beside_the_packs_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../workflows/rules/schema.json");
        if option_env!("UPDATE").is_some() {
            assert!(std::fs::write(path, super::schema()).is_ok());
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), super::schema());
    }
}
