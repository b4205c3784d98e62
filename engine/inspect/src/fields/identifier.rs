//! Addresses and transaction ids: known by their shapes, put together again where a line broke inside them, and told
//! apart by the labels beside them.

use readmit_core::inspection::Area;

use super::checksum::{Check, Tries};
use crate::pack::{Shape, Shared};
use crate::page::Page;
use crate::read::Line;

/// An address or transaction id as shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Identifier {
    pub text: String,
    pub kind: Kind,
    /// Its middle is left out: `0x12ab…89ef`.
    pub short: bool,
    /// What its checksum says, if it carries one.
    pub check: Check,
    /// A label beside it says that it is one of its kind.
    pub labelled: bool,
    pub area: Area,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Address,
    Txid,
}

/// A word of a line that could be part of an identifier.
struct Token<'a> {
    text: &'a str,
    line: &'a Line,
    /// The line's number in its paragraph.
    row: usize,
    first: bool,
    last: bool,
    /// The line's words before it.
    before: &'a str,
}

/// An identifier goes over at most this many lines.
const MOST_ROWS: usize = 5;

/// All identifiers of a page, from top to bottom.
#[must_use]
pub(crate) fn identifiers(page: &Page, shared: &Shared) -> Vec<Identifier> {
    found(page, shared, &mut Tries::default())
}

fn found(page: &Page, shared: &Shared, tries: &mut Tries) -> Vec<Identifier> {
    let mut found = Vec::new();
    for lines in page.texts() {
        let tokens: Vec<Token<'_>> = lines
            .iter()
            .enumerate()
            .flat_map(|(row, line)| tokens(line, row, shared))
            .collect();
        let mut next = 0;
        while let Some(token) = tokens.get(next) {
            let rest = tokens.get(next..).unwrap_or_default();
            match longest(rest, shared, tries) {
                Some(best) => {
                    let label = label(page, token, shared);
                    let kind = kind(label, best.shape, best.short);
                    found.extend(kind.map(|kind| Identifier {
                        text: best.text,
                        kind,
                        short: best.short,
                        check: best.check,
                        labelled: label == Some(kind),
                        area: around(rest.get(..best.tokens).unwrap_or_default()),
                    }));
                    next += best.tokens;
                }
                None => next += 1,
            }
        }
    }
    found
}

/// An identifier that begins with a token, and how many tokens it takes.
struct Best<'a> {
    tokens: usize,
    text: String,
    /// None where its middle is left out.
    shape: Option<&'a Shape>,
    short: bool,
    check: Check,
}

/// The longest identifier that begins with the first token.
fn longest<'a>(tokens: &[Token<'_>], shared: &'a Shared, tries: &mut Tries) -> Option<Best<'a>> {
    let mut text = String::new();
    let mut best = None;
    let start = tokens.first()?;
    if shared.all_labels().any(|label| label.is(start.text)) {
        return None;
    }
    let mut row = start.row;
    for (count, token) in tokens.iter().take(MOST_ROWS).enumerate() {
        let goes_on = count == 0
            || token.first && token.row == row + 1 && tokens.get(count - 1).is_some_and(|before| before.last);
        if !goes_on || count > 0 && ends_here(token, &best, shared) {
            break;
        }
        text.push_str(token.text);
        row = token.row;
        if let Some(shaped) = shared.shape(&text, tries) {
            // What passes ends where it does: a line below it is another value.
            if shaped.check == Check::Fails && best.as_ref().is_some_and(|best: &Best<'_>| best.check == Check::Passes)
            {
                break;
            }
            best = Some(Best {
                tokens: count + 1,
                text: shaped.text,
                shape: Some(shaped.shape),
                short: false,
                check: shaped.check,
            });
        } else if shared.is_shortened(&text) {
            best = Some(Best {
                tokens: count + 1,
                text: text.clone(),
                shape: None,
                short: true,
                check: Check::None,
            });
        }
    }
    best
}

/// Whether a token on the next line is a label or a common word rather than the rest of an identifier.
fn ends_here<T>(token: &Token<'_>, complete: &Option<T>, shared: &Shared) -> bool {
    if shared.all_labels().any(|label| label.is(token.text)) {
        return true;
    }
    let mut letters = token.text.chars();
    let word =
        token.text.len() >= 3 && letters.next().is_some_and(char::is_alphabetic) && letters.all(|c| c.is_lowercase());
    complete.is_some() && word
}

/// What the label before a token says, on its line or beside it.
fn label(page: &Page, token: &Token<'_>, shared: &Shared) -> Option<Kind> {
    let says = |text: &str| {
        let has = |name: &str| shared.labels(name).iter().any(|label| label.is_in(text));
        if has("txid") {
            Some(Kind::Txid)
        } else {
            has("address").then_some(Kind::Address)
        }
    };
    let neighbours = [page.left_of(token.line), page.above(token.line)].into_iter().flatten();
    says(token.before).or_else(|| neighbours.map(|line| line.text.as_str()).find_map(says))
}

/// Address or transaction id: by its shape, and where that leaves it open by the label before it.
fn kind(label: Option<Kind>, shape: Option<&Shape>, short: bool) -> Option<Kind> {
    match shape {
        Some(shape) if !shape.open => Some(shape.kind),
        Some(shape) => label.or(Some(shape.kind)),
        None => label.or(short.then_some(Kind::Address)),
    }
}

fn around(tokens: &[Token<'_>]) -> Area {
    let areas = tokens.iter().map(|token| token.line.area);
    areas.reduce(join).unwrap_or(Area(0, 0, 0, 0))
}

/// The smallest area around both.
#[must_use]
pub(crate) fn join(a: Area, b: Area) -> Area {
    let (x, y) = (a.0.min(b.0), a.1.min(b.1));
    Area(x, y, (a.0 + a.2).max(b.0 + b.2) - x, (a.1 + a.3).max(b.1 + b.3) - y)
}

/// The words of a line: letters, digits and what stands for left-out letters.
fn tokens<'a>(line: &'a Line, row: usize, shared: &Shared) -> Vec<Token<'a>> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '…' | '*' | '.' | '_' | '-' | '⋯' | '·');
    let text = line.text.as_str();
    let mut tokens: Vec<Token<'a>> = Vec::new();
    let mut from = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (from, part(c)) {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                from = None;
                let word = text.get(start..at).unwrap_or_default();
                let word = if c == ':' || c == '：' {
                    without_label(word, shared)
                } else {
                    word
                };
                let word = word.trim_end_matches('.');
                tokens.push(Token {
                    text: word,
                    line,
                    row,
                    first: tokens.is_empty(),
                    last: at == text.len(),
                    before: text.get(..start).unwrap_or_default(),
                });
            }
            _ => {}
        }
    }
    tokens
}

/// A word before a colon is a label, or has lost the space before one: the label goes.
fn without_label<'a>(word: &'a str, shared: &Shared) -> &'a str {
    let labels = shared.labels("txid").iter().chain(shared.labels("address"));
    let longest = labels.filter_map(|label| label.tail_of(word)).max();
    longest
        .and_then(|length| word.get(..word.len() - length))
        .unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::samples::shared;

    fn page(lines: &[&str]) -> Page {
        let lines = lines.iter().zip(0..).map(|(text, row)| Line {
            text: (*text).to_owned(),
            score: 1.0,
            area: Area(10, row * 24, 400, 20),
        });
        Page::new(lines.collect(), 800)
    }

    #[test]
    fn identifiers_are_put_together_across_lines() {
        let shared = shared();
        for (lines, address, txid) in [
            (
                &[
                    "To",
                    "nYqrKxTLc1yxyzS4j51Zhg65myQ5CTZMxfb9bVFaAP",
                    "GQ",
                    "Status",
                    "Done",
                ][..],
                Some("nYqrKxTLc1yxyzS4j51Zhg65myQ5CTZMxfb9bVFaAPGQ"),
                None,
            ),
            (
                &[
                    "Recipient address: rixpnKXXTqyFqmxy",
                    "1V6U6w718MhLEEhj9sTxlD:139cd2f2a50765b54b5f6f03dd2ed73a11091acd2ffa1e527050b0fc3c377bdd",
                ],
                Some("rixpnKXXTqyFqmxy1V6U6w718MhLEEhj9s"),
                Some("139cd2f2a50765b54b5f6f03dd2ed73a11091acd2ffa1e527050b0fc3c377bdd"),
            ),
            (
                &[
                    "收款地址：0x7fa3a907dc68128e6bd6e",
                    "da60d92efecc2797ed6交易哈希：0x972ac0dbd82c7",
                    "c96d1f16c2abf88d504a08afa5ff9d431eee09bd1209",
                    "5b6c84b",
                ],
                Some("0x7fa3a907dc68128e6bd6eda60d92efecc2797ed6"),
                Some("0x972ac0dbd82c7c96d1f16c2abf88d504a08afa5ff9d431eee09bd12095b6c84b"),
            ),
            (
                &["From 0x12ab…89ef", "Hash: 6ea3d9...dd2775"],
                Some("0x12ab…89ef"),
                Some("6ea3d9...dd2775"),
            ),
            (&["Welcome to the wonderful world", "2026-05-02 19:22"], None, None),
        ] {
            let found = identifiers(&page(lines), &shared);
            let of = |kind| {
                found
                    .iter()
                    .find(|found| found.kind == kind)
                    .map(|found| found.text.as_str())
            };
            assert_eq!(of(Kind::Address), address, "{lines:?}");
            assert_eq!(of(Kind::Txid), txid, "{lines:?}");
        }
    }
    /// EV-04: a page that is full of what could be addresses keeps nobody busy.
    #[test]
    fn ev_04_a_bad_page_has_no_more_tries_than_it_may() {
        let shared = shared();
        let tries = |lines: &[&str]| {
            let mut tries = Tries::default();
            let found = found(&page(lines), &shared, &mut tries);
            (found, tries.made())
        };
        let (encoded, stems, bars) = ("QmFzZTY0IGlz".repeat(6) + "IG5v", "Il1".repeat(20), "l".repeat(110));
        for line in [&encoded, &stems, &bars] {
            assert_eq!(tries(&[line.as_str(); 30]).1, 0, "{line}");
        }
        let slip = "bc1qw508d6gejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        let (found, made) = tries(&["To", slip]);
        assert_eq!(found.first().map(|found| found.check), Some(Check::Passes));
        assert!((1..Tries::OF_TEXT).contains(&made), "{made}");

        // What has a shape, and fails: each up to its own end, and all of them up to the page's.
        let shaped = format!("bc1{}", "l".repeat(100));
        assert_eq!(tries(&[shaped.as_str()]).1, Tries::OF_TEXT);
        let mut lines = vec![shaped.as_str(); 60];
        lines.push(slip);
        let (found, made) = tries(&lines);
        assert_eq!(made, Tries::OF_PAGE);
        assert_eq!(found.len(), 61);
        assert!(found.iter().all(|found| found.check == Check::Fails));
    }
}
