//! What conditions of rule packs may read, and where it is filled in from a picture.

use std::collections::BTreeMap;

use readmit_core::inspection::{Area, Context};
use readmit_core::kind::FactValue;
use readmit_core::workflow::expr::Scope;

use crate::fields::amount::Sign;
use crate::fields::checksum::Check;
use crate::fields::identifier::{self, Identifier, Kind};
use crate::fields::mail::{Mail, Match};
use crate::fields::time::Moment;
use crate::ledger::{self, AmountIs, Matched, Shown, TimeIs};
use crate::measure::Measures;
use crate::pack::{Pack, Points, Shared};
use crate::page::{Page, letters, same_row};
use crate::phrases::{Phrase, seen};
use crate::read::Line;

/// Every name that a condition may read, beside `page.KIND` of its own pack.
pub(crate) const NAMES: &[&str] = &[
    "picture.narrow",
    "picture.sharpness",
    "picture.flatness",
    "picture.evenness",
    "picture.camera",
    "picture.past_end",
    "picture.editor",
    "picture.resaved",
    "picture.odd_parts",
    "text.letters",
    "text.sureness",
    "text.cut",
    "text.cut_ends",
    "event.kind",
    "recipient.is",
    "sender.is",
    "body.letters",
    "amount.found",
    "amount.sign",
    "asset.found",
    "time.is",
    "address.found",
    "address.checksum",
    "txid.found",
    "ledger.by",
    "ledger.amount",
    "ledger.asset",
    "ledger.time",
    "ledger.direction",
    "ledger.whole",
    "operator.title",
];

/// The labels that something looks for.
pub(crate) const LABELS: &[&str] = &[
    "sender",
    "recipient",
    "amount",
    "fee",
    "beside",
    "asset",
    "time",
    "address",
    "txid",
];

/// What a finding may show.
pub(crate) const SHOWN: &[&str] = &[
    "recipient",
    "sender",
    "event",
    "asset",
    "amount",
    "address",
    "txid",
    "time",
    "ledger",
    "operator",
    "page",
    "picture",
    "text",
];

/// A value with its place on the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Value {
    pub text: String,
    pub area: Option<Area>,
}

/// What conditions read, and what findings show.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    values: BTreeMap<String, FactValue>,
    pub shown: BTreeMap<&'static str, Value>,
    pub telling: Vec<String>,
}

impl Scope for Facts {
    fn get(&self, name: &str) -> Option<FactValue> {
        self.values.get(name).cloned()
    }
}

impl Facts {
    /// What the picture itself tells, without reading it.
    #[must_use]
    pub(crate) fn of_picture(measures: &Measures, shared: &Shared) -> Self {
        let mut facts = Self::default();
        facts.int("picture.narrow", i64::from(measures.narrow));
        facts.int("picture.sharpness", measures.sharpness);
        facts.int("picture.flatness", measures.flatness);
        facts.int("picture.evenness", measures.evenness);
        facts.int("picture.past_end", i64::try_from(measures.past_end).unwrap_or(i64::MAX));
        facts.flag("picture.camera", measures.camera);
        facts.flag("picture.resaved", measures.resaved);
        let edits = |software: &&String| {
            let software = software.to_lowercase();
            shared.editors.iter().any(|editor| software.contains(editor))
        };
        let editor = measures.software.iter().find(edits);
        let odd = odd_parts(measures, shared);
        facts.flag("picture.editor", editor.is_some());
        facts.int("picture.odd_parts", i64::try_from(odd.len()).unwrap_or(i64::MAX));
        if let Some(editor) = editor {
            facts.show("picture", editor.clone(), None);
        } else if measures.past_end > 0 {
            facts.show("picture", format!("{} bytes after the end", measures.past_end), None);
        } else if !odd.is_empty() {
            facts.show("picture", format!("parts of its own: {}", odd.join(", ")), None);
        }
        facts
    }

    /// What the page says, on top of what the picture tells.
    pub(crate) fn read(&mut self, page: &Page, width: u32, pack: &Pack, shared: &Shared, context: &Context) {
        self.telling = page.telling();
        self.int("text.letters", i64::try_from(page.letters()).unwrap_or(i64::MAX));
        self.int("text.sureness", page.sureness());
        let cut = page
            .lines
            .iter()
            .filter(|line| line.area.0 == 0 || line.area.0 + line.area.2 >= width);
        self.int("text.cut", i64::try_from(cut.count()).unwrap_or(i64::MAX));
        self.int("text.cut_ends", i64::try_from(page.cut_ends()).unwrap_or(i64::MAX));
        self.operator(page, context, shared.bounds.top);
        self.kinds(page, pack);
        self.event(page, pack);
        self.mail(&shared.mail(page, context));
        self.transaction(page, shared, context);
    }

    fn kinds(&mut self, page: &Page, pack: &Pack) {
        for (kind, groups) in &pack.pages {
            let (points, area) = score(page, groups);
            self.values.insert(format!("page.{kind}"), FactValue::Int(points));
            if points > 0 && !self.shown.contains_key("page") {
                self.shown.insert(
                    "page",
                    Value {
                        text: kind.clone(),
                        area,
                    },
                );
            }
        }
    }

    fn event(&mut self, page: &Page, pack: &Pack) {
        let scored = pack.events.iter().map(|(event, groups)| (event, score(page, groups)));
        let best = scored
            .rev()
            .max_by_key(|(_, (points, _))| *points)
            .filter(|(_, (points, _))| *points > 0);
        let (event, area) = best.map_or(("none", None), |(event, (_, area))| (event.as_str(), area));
        self.word("event.kind", event);
        if event != "none" {
            self.show("event", event.to_owned(), area);
        }
    }

    fn mail(&mut self, mail: &Mail) {
        self.word("recipient.is", mail.recipient_is.word());
        self.word("sender.is", mail.sender_is.word());
        self.int("body.letters", i64::try_from(mail.body_letters).unwrap_or(i64::MAX));
        for (name, address) in [("recipient", &mail.recipient), ("sender", &mail.sender)] {
            if let Some(address) = address {
                self.show(name, address.text.clone(), Some(address.area));
            }
        }
        self.values.entry("page.email".to_owned()).and_modify(|points| {
            let heads = i64::from(!mail.addresses.is_empty()) * 2 + i64::from(mail.sender_is == Match::Same);
            if let FactValue::Int(points) = points {
                *points += heads;
            }
        });
    }

    fn transaction(&mut self, page: &Page, shared: &Shared, context: &Context) {
        let shown = transaction(page, shared);
        let matched = ledger::matched(&shown.0, context, &shared.bounds);
        let places = matched.as_ref().map(|matched| matched.places).unwrap_or_default();
        let (shown, times) = shown;
        let amount = places
            .amount
            .and_then(|at| shown.amounts.get(at))
            .or_else(|| shown.amounts.first());
        let asset = amount
            .and_then(|amount| amount.asset.clone())
            .or_else(|| shown.asset.clone());
        self.flag("amount.found", amount.is_some());
        self.word(
            "amount.sign",
            match amount.and_then(|amount| amount.sign) {
                Some(Sign::Plus) => "plus",
                Some(Sign::Minus) => "minus",
                None => "none",
            },
        );
        self.flag("asset.found", asset.is_some());
        if let Some(amount) = amount {
            self.show("amount", amount.value.to_string(), Some(amount.area));
            if let Some(asset) = asset {
                self.show("asset", asset, Some(amount.area));
            }
        }
        let time = places.time.and_then(|at| times.get(at)).or_else(|| times.first());
        self.word(
            "time.is",
            time.map_or("none", |(time, _)| if time.clock.is_some() { "moment" } else { "day" }),
        );
        if let Some((time, area)) = time {
            self.show("time", time.to_string(), Some(*area));
        }
        let address = places
            .address
            .and_then(|at| shown.addresses.get(at))
            .or_else(|| shown.addresses.first());
        let txid = places
            .txid
            .and_then(|at| shown.txids.get(at))
            .or_else(|| shown.txids.first());
        for (name, fact, found) in [("address", "address.found", address), ("txid", "txid.found", txid)] {
            self.flag(fact, found.is_some());
            if let Some(found) = found {
                self.show(name, found.text.clone(), Some(found.area));
            }
        }
        self.checksum(&shown.addresses);
        self.ledger(matched.as_ref());
        self.flag("ledger.whole", !context.account.ledger_goes_on);
    }

    /// One that passes was read right, and says more than what was misread beside it; of the rest those with a label count, if
    /// any has one.
    fn checksum(&mut self, addresses: &[Identifier]) {
        let labels = addresses.iter().any(|found| found.labelled);
        let mut counted = addresses.iter().filter(|found| found.labelled || !labels);
        let word = if addresses.iter().any(|found| found.check == Check::Passes) {
            "passes"
        } else if counted.any(|found| found.check == Check::Fails) {
            "fails"
        } else {
            "none"
        };
        self.word("address.checksum", word);
    }

    fn ledger(&mut self, matched: Option<&Matched>) {
        self.word("ledger.by", matched.map_or("none", Matched::by));
        self.word(
            "ledger.amount",
            match matched.map_or(AmountIs::Unread, |matched| matched.amount) {
                AmountIs::Unread => "unread",
                AmountIs::Differs => "differs",
                AmountIs::WithFee => "with_fee",
                AmountIs::Rounded => "rounded",
                AmountIs::Same => "same",
            },
        );
        self.word(
            "ledger.time",
            match matched.map_or(TimeIs::Unread, |matched| matched.time) {
                TimeIs::Unread => "unread",
                TimeIs::Differs => "differs",
                TimeIs::Day => "day",
                TimeIs::Zone => "zone",
                TimeIs::Same => "same",
            },
        );
        self.word(
            "ledger.direction",
            matched.map_or("none", |matched| matched.row.direction.as_str()),
        );
        self.flag("ledger.asset", matched.is_some_and(|matched| matched.asset));
        if let Some(matched) = matched {
            self.show("ledger", matched.line(), None);
        }
    }

    /// Whether the operator's name or domain stands where a page says whose it is: at its top, by itself or in an address.
    fn operator(&mut self, page: &Page, context: &Context, top: u32) {
        let names = std::iter::once(&context.operator.name).chain(&context.operator.domains);
        let names: Vec<Phrase> = names
            .map(|name| Phrase::new(name))
            .filter(|name| !name.is_empty())
            .collect();
        let title = |area: &Area| area.1 < page.height * top / 100;
        let found = seen(page, &names).into_iter().find(|seen| title(&seen.area));
        self.flag("operator.title", found.is_some());
        if let Some(found) = found {
            self.show("operator", found.text, Some(found.area));
        }
    }

    fn int(&mut self, name: &str, value: i64) {
        self.values.insert(name.to_owned(), FactValue::Int(value));
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.values.insert(name.to_owned(), FactValue::Bool(value));
    }

    fn word(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), FactValue::Word(value.to_owned()));
    }

    fn show(&mut self, name: &'static str, text: String, area: Option<Area>) {
        self.shown.insert(name, Value { text, area });
    }
}

/// Parts of the file that the shared rules do not know.
fn odd_parts(measures: &Measures, shared: &Shared) -> Vec<String> {
    let known = shared.parts.get(measures.media.extension());
    let odd = |part: &&String| known.is_some_and(|known| !known.contains(part));
    measures.parts.iter().filter(odd).cloned().collect()
}

/// The points of a page, and where the first phrase stands that counted.
fn score(page: &Page, groups: &[Points]) -> (i64, Option<Area>) {
    let (mut sum, mut area) = (0, None);
    for group in groups {
        let found = seen(page, &group.phrases);
        let title = found.iter().any(|seen| seen.title);
        if let Some(first) = found.first() {
            sum += if title {
                group.in_title.max(group.points)
            } else {
                group.points
            };
            area = area.or(Some(first.area));
        }
    }
    (sum, area)
}

/// What the page shows of a transaction, and its times with their places.
fn transaction(page: &Page, shared: &Shared) -> (Shown, Vec<(Moment, Area)>) {
    let found = identifier::identifiers(page, shared);
    let of = |kind| -> Vec<Identifier> { found.iter().filter(|found| found.kind == kind).cloned().collect() };
    let times = times(page, shared);
    let taken = |line: &Line| {
        found
            .iter()
            .any(|found| within(&line.area, &found.area) && letters(&line.text) <= found.text.len() + 8)
    };
    let (amounts, fees) = shared.amounts_of(page, taken);
    let labelled = labelled_asset(page, shared);
    let shown = Shown {
        asset: labelled,
        amounts,
        fees,
        addresses: of(Kind::Address),
        txids: of(Kind::Txid),
        times: times.iter().map(|(time, _)| *time).collect(),
    };
    (shown, times)
}

fn within(inner: &Area, outer: &Area) -> bool {
    inner.0 >= outer.0
        && inner.1 >= outer.1
        && inner.0 + inner.2 <= outer.0 + outer.2
        && inner.1 + inner.3 <= outer.1 + outer.3
}

/// All moments, those with a clock first. A date and its clock may stand side by side, or below each other.
fn times(page: &Page, shared: &Shared) -> Vec<(Moment, Area)> {
    let mut times = Vec::new();
    for (place, line) in page.lines.iter().enumerate() {
        let Some(moment) = shared.moment(&line.text) else {
            continue;
        };
        let beside = page
            .lines
            .iter()
            .filter(|other| same_row(&other.area, &line.area) && other.area.0 > line.area.0);
        let below = page.lines.get(place + 1..).unwrap_or_default().iter().take(2);
        let joined = |other: &Line| {
            shared
                .moment(&format!("{} {}", line.text, other.text))
                .filter(|moment| moment.clock.is_some())
        };
        let whole = match moment.clock {
            Some(_) => moment,
            None => beside.chain(below).find_map(joined).unwrap_or(moment),
        };
        times.push((whole, line.area));
    }
    times.sort_by_key(|(moment, _)| moment.clock.is_none());
    times
}

/// The asset that a label names: `Coin` beside `ETH`, `Currency: BTC`.
fn labelled_asset(page: &Page, shared: &Shared) -> Option<String> {
    let labels = shared.labels("asset");
    let is = |line: &Line| labels.iter().any(|label| label.is(&line.text));
    let word = |text: &str| {
        text.split([' ', '(', ')', '（', '）', '/'])
            .find_map(|word| shared.asset(word))
    };
    page.lines.iter().find_map(|line| {
        if let Some((head, rest)) = line.text.split_once([':', '：'])
            && labels.iter().any(|label| label.is(head))
        {
            return word(rest);
        }
        let label = page
            .left_of(line)
            .filter(|label| is(label))
            .or_else(|| page.above(line).filter(|label| is(label)))?;
        (label.area != line.area).then(|| word(&line.text))?
    })
}
