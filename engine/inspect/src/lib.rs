//! The reading of pictures: what a claimant sent is opened, measured, read and held against a rule pack. Pure computing,
//! the body of a child process that may use little memory and time, and can reach nothing (design, section 7).
//!
//! # The way of a picture
//! ```text
//! bytes → intake::open    what it is, how large, upright pixels         or a refusal with its rule
//!       → measure         sharpness, a camera's traces, a program's traces
//!       → likeness        a fingerprint for finding it again
//!       → copies          what reviewers see: encoded anew
//!       → read            lines of text (a port; the models are one engine behind it)
//!       → page, fields    rows and paragraphs; addresses, amounts, times, mail heads
//!       → ledger          the row of the account's ledger that it shows
//!       → facts, judge    the pack's rules over all of it: findings
//! ```
//! Rules advise; people decide.

pub mod child;
pub mod copies;
mod facts;
mod fields;
pub mod intake;
mod judge;
mod ledger;
pub mod likeness;
pub mod measure;
mod pack;
mod page;
mod phrases;
pub mod read;
mod resaved;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use readmit_core::inspection::{Context, EVERY_PICTURE, Finding, Report, Tell, Verdict};
use readmit_core::workflow::policy::Packs;

use crate::facts::Facts;
use crate::intake::{Picture, Refused};
use crate::likeness::Likeness;
pub use crate::pack::schema::schema;
pub use crate::pack::{Pack, Shared};
use crate::page::Page;
use crate::read::{NotRead, Reader};

/// Rules and whom they are applied for.
pub struct Demands<'a> {
    pub shared: &'a Shared,
    pub pack: &'a Pack,
    pub context: &'a Context,
}

/// What came of a picture: the report, and what reviewers see of it (empty when it could not be opened).
pub struct Inspected {
    pub report: Report,
    pub copy: Vec<u8>,
    pub thumbnail: Vec<u8>,
}

/// Inspects a picture. Without a reader, or when it fails, what rests on words is a warning.
#[must_use]
pub fn inspect(bytes: &[u8], demands: &Demands<'_>, reader: Option<&dyn Reader>) -> Inspected {
    let opened = intake::open(bytes).and_then(|picture| {
        let copy = copies::copy(&picture.pixels, picture.whole.media).map_err(|_| Refused::Broken)?;
        let thumbnail = copies::small(&picture.pixels).map_err(|_| Refused::Broken)?;
        Ok((picture, copy, thumbnail))
    });
    match opened {
        Ok((picture, copy, thumbnail)) => Inspected {
            report: report(&picture, bytes, demands, reader),
            copy,
            thumbnail,
        },
        Err(refused) => Inspected {
            report: refusal(refused, demands),
            copy: Vec::new(),
            thumbnail: Vec::new(),
        },
    }
}

fn report(picture: &Picture, bytes: &[u8], demands: &Demands<'_>, reader: Option<&dyn Reader>) -> Report {
    let hex = |likeness: Likeness| data_encoding::HEXLOWER.encode(&likeness.0);
    let mut ways = Likeness::every_way(&picture.pixels).into_iter().flatten().map(hex);
    let mut facts = Facts::of_picture(&measure::measure(picture, bytes), demands.shared);
    let was_read = reader.is_some_and(|reader| read(picture, demands, reader, &mut facts).is_ok());
    let rules = demands.shared.rules.iter().chain(&demands.pack.rules);
    let findings = judge::judge(rules, &facts, demands.shared);
    Report {
        verdict: worst(&findings),
        read: facts
            .shown
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.text.clone()))
            .collect(),
        findings,
        width: picture.pixels.width(),
        height: picture.pixels.height(),
        likeness: ways.next(),
        turned: ways.collect(),
        pack: name(demands),
        judged_by: judged_by(demands),
        was_read,
        telling: facts.telling,
        if_known: Some(demands.shared.if_known.clone()),
    }
}

/// A page of more lines is not read twice: it was read well enough, and the processor's time is bounded.
const READ_TWICE: usize = 80;

/// Reads the picture; once more at a larger size where the pack asks for it, and keeps what told more.
fn read(picture: &Picture, demands: &Demands<'_>, reader: &dyn Reader, facts: &mut Facts) -> Result<(), NotRead> {
    let (width, height) = picture.pixels.dimensions();
    let mut pass = |longest: u32| {
        let page = Page::new(reader.read(&picture.pixels, longest)?, height);
        facts.read(&page, width, demands.pack, demands.shared, demands.context);
        let wants_more = demands
            .pack
            .again
            .as_ref()
            .is_some_and(|again| again.holds(facts) == Ok(true));
        Ok(wants_more && page.lines.len() <= READ_TWICE)
    };
    let (first, again) = demands.shared.sides;
    if pass(first)? && width.max(height) > first {
        pass(again)?;
    }
    Ok(())
}

/// The report of a picture that could not be opened: one rule failed, and no other was asked.
fn refusal(refused: Refused, demands: &Demands<'_>) -> Report {
    let rule = demands.shared.rules.iter().find(|rule| rule.id == refused.rule());
    Report {
        verdict: Verdict::Fail,
        read: BTreeMap::new(),
        findings: vec![Finding {
            rule: refused.rule().to_owned(),
            verdict: Verdict::Fail,
            message: rule.map(|rule| rule.say.clone()).unwrap_or_default(),
            value: Some(refused.code().to_owned()),
            area: None,
            tell: Tell::All,
        }],
        width: 0,
        height: 0,
        likeness: None,
        turned: Vec::new(),
        pack: name(demands),
        judged_by: judged_by(demands),
        was_read: false,
        telling: Vec::new(),
        if_known: None,
    }
}

fn name(demands: &Demands<'_>) -> String {
    format!(
        "{} {}.{}",
        demands.pack.name, demands.pack.version, demands.shared.version
    )
}

fn judged_by(demands: &Demands<'_>) -> Packs {
    [
        (demands.pack.name.clone(), demands.pack.hash),
        (EVERY_PICTURE.to_owned(), demands.shared.hash),
    ]
    .into()
}

fn worst(findings: &[Finding]) -> Verdict {
    findings
        .iter()
        .map(|finding| finding.verdict)
        .max()
        .unwrap_or(Verdict::Pass)
}
