//! Pictures that the claimant hands in, slot by slot. They count when a review approves them.
//!
//! Each is inspected by a job as soon as it is there, and the claimant is told what was found while it can be mended. They
//! go to review when all are read: at once where nothing is missing, else when the claimant sends them as they are. What
//! was there before stays: re-entering the step ("ask again") opens the asked slots only, a replaced or removed picture
//! stays in the record. Who was asked for another picture and has none says so: it is a person who decides, never the lack
//! of a better screenshot. Names, hashes and what was read are sealed; events hold the rest.

pub mod checks;
mod page;
mod piece;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use readmit_core::case::{Case, Phase, WaitsFor};
use readmit_core::effect::{Effect, Notice};
use readmit_core::ids::{BlobId, EvidenceId};
use readmit_core::kind::{Declared, Fields, Grant, Input, JobResult, Media, StepCx, StepKind, StoredFile, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::review::Verdict;
use readmit_core::sealed::{Channel, Sealed};
use readmit_core::time::At;
use readmit_core::workflow::definition::{Definition, Step};
use serde::{Deserialize, Serialize};

pub use self::piece::{Gone, Piece, Reading, Tally};
use crate::config::{UNMAPPED, config, outcome, published, state, stuck, value};

/// Pictures in the record of one run of a step, replaced and removed ones too (EV-02); `visits` bounds the runs.
const MOST_PIECES: usize = 60;
/// Most pictures that a file may want in one slot.
const MOST_IN_SLOT: usize = 10;

/// The verb that adds pictures and sends nothing on.
pub const ATTACH: &str = "attach";
/// The verb of who was asked for another picture and has none: a person decides on what is there.
const AS_THEY_ARE: &str = "submit:as_they_are";

pub struct Documents;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    slots: Vec<Slot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    slot: String,
    /// The rule pack that reads its pictures.
    rules: String,
    min: usize,
    max: usize,
    r#if: Option<String>,
}

/// All pictures of a case in the order of their arrival, replaced ones too.
#[must_use]
pub fn pieces(sealed: &Sealed, definition: &Definition) -> Vec<Piece> {
    let steps = definition.steps.iter().filter(|step| step.kind == Documents.name());
    let mut pieces: Vec<Piece> = steps.flat_map(|step| kept(sealed, step)).collect();
    pieces.sort_by_key(|piece| piece.at);
    pieces
}

/// A picture of the case, and the rule pack that its slot names.
#[must_use]
pub fn piece(sealed: &Sealed, definition: &Definition, id: EvidenceId) -> Option<(Piece, String)> {
    let mut steps = definition.steps.iter().filter(|step| step.kind == Documents.name());
    steps.find_map(|step| {
        let piece = kept(sealed, step).into_iter().find(|piece| piece.id == id)?;
        let slots = published::<Config>(step).ok()?.slots;
        let slot = slots.into_iter().find(|slot| slot.slot == piece.slot)?;
        Some((piece, slot.rules))
    })
}

/// The rule packs that a step's pictures are held against.
#[must_use]
pub fn packs(step: &Step) -> Vec<String> {
    let config = published::<Config>(step);
    config.map_or_else(
        |_| Vec::new(),
        |config| config.slots.into_iter().map(|slot| slot.rules).collect(),
    )
}

/// The slots that a step may ask for, in the order of the file.
#[must_use]
pub fn slots(step: &Step) -> Vec<String> {
    let config = published::<Config>(step);
    config.map_or_else(
        |_| Vec::new(),
        |config| config.slots.into_iter().map(|slot| slot.slot).collect(),
    )
}

/// The slots that this case was in fact asked for.
#[must_use]
pub fn offered(case: &Case, step: &Step) -> Vec<String> {
    let now = if case.step == step.name {
        Some(&case.state)
    } else {
        case.left.get(&step.name)
    };
    now.and_then(|now| state::<State>(now).ok())
        .map_or_else(Vec::new, |state| state.offered)
}

fn kept(sealed: &Sealed, step: &Step) -> Vec<Piece> {
    let own = sealed.steps.get(&step.name);
    own.and_then(|own| state(own).ok()).unwrap_or_default()
}

/// The state of a step run, for events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    /// Slots whose conditions hold, in the order of the file.
    offered: Vec<String>,
    /// Of these, the ones that take pictures in this run.
    open: Vec<String>,
    /// The key of the reviewer's words, when slots were asked for again.
    asked: Option<String>,
    /// The claimant sent them while some were still being read: they go on by themselves if nothing is missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sending: bool,
    /// The slots asked for again for which the claimant says that there is no other picture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    no_other: Vec<String>,
    items: Vec<Item>,
}

/// A picture as events hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Item {
    id: EvidenceId,
    slot: String,
    blob: BlobId,
    bytes: u64,
    media: Media,
    at: At,
    gone: Option<Gone>,
    /// What was found, once it is read.
    found: Option<Tally>,
}

impl State {
    /// The turn that goes on with these pictures.
    fn turn(self, pieces: &[Piece]) -> Turn {
        Turn::waiting(value(&self.with(pieces))).sealed(value(&pieces))
    }

    fn with(self, pieces: &[Piece]) -> Self {
        let items = pieces.iter().map(|piece| Item {
            id: piece.id,
            slot: piece.slot.clone(),
            blob: piece.blob,
            bytes: piece.bytes,
            media: piece.media,
            at: piece.at,
            gone: piece.gone,
            found: piece.tally(),
        });
        Self {
            items: items.collect(),
            ..self
        }
    }
}

impl StepKind for Documents {
    fn name(&self) -> &'static str {
        "documents"
    }

    fn phase(&self) -> Phase {
        Phase::Open
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }

    fn declare(&self, step: &Step) -> Result<Declared, String> {
        let slots = config::<Config>(step)?.slots;
        let mut names = BTreeSet::new();
        for slot in &slots {
            let name = &slot.slot;
            if name.is_empty()
                || !name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            {
                return Err(format!("slot `{name}`: a slot's name has a-z, 0-9 and _ only"));
            }
            if !names.insert(name) {
                return Err(format!("slot `{name}` is there twice"));
            }
            if slot.min > slot.max || !(1..=MOST_IN_SLOT).contains(&slot.max) {
                return Err(format!(
                    "slot `{name}`: `min` is at most `max`, and `max` is 1 to {MOST_IN_SLOT}"
                ));
            }
        }
        // Otherwise a case could hand in nothing, and count as having handed in.
        if !slots.iter().any(|slot| slot.min > 0 && slot.r#if.is_none()) {
            return Err("at least one slot has a `min` above 0 and no `if`".into());
        }
        Ok(Declared {
            outcomes: vec![outcome("submitted", Grant::Pending("documents".into()))],
            conditions: slots.iter().filter_map(|slot| slot.r#if.clone()).collect(),
            texts: names
                .iter()
                .flat_map(|name| [format!("slot-{name}"), format!("slot-{name}-hint")])
                .collect(),
            slots: slots.iter().map(|slot| slot.slot.clone()).collect(),
            reads_account: true,
            ..Declared::default()
        })
    }

    fn checks(&self, cx: &StepCx<'_>) -> Vec<String> {
        checks::names(&kept(cx.sealed, cx.step))
    }

    fn enter(&self, cx: &StepCx<'_>) -> Turn {
        let Ok(config) = published::<Config>(cx.step) else {
            return stuck("unknown_step");
        };
        let mut offered = Vec::new();
        for slot in config.slots {
            match slot.r#if.map_or(Ok(true), |condition| cx.holds(&condition)) {
                Ok(true) => offered.push(slot.slot),
                Ok(false) => {}
                Err(_) => return stuck(UNMAPPED),
            }
        }
        let pieces = kept(cx.sealed, cx.step);
        let (open, asked) = asked_again(cx, &offered, &pieces);
        let state = State {
            offered,
            open,
            asked,
            sending: false,
            no_other: Vec::new(),
            items: Vec::new(),
        };
        // A step that begins anew lost the jobs of the run before.
        let unread = pieces.iter().filter(|piece| piece.reading == Reading::Waiting);
        unread.fold(state.turn(&pieces), |turn, piece| inspecting(turn, cx.now, piece))
    }

    fn turn(&self, cx: &StepCx<'_>, input: &Input) -> Result<Turn, Refusal> {
        let config: Config = published(cx.step)?;
        let state: State = state(&cx.case.state)?;
        let (verb, fields, files) = match input {
            Input::Form { verb, fields, files } => (verb, fields, files),
            Input::Job {
                effect: Effect::Inspect { evidence },
                result,
            } => return read(cx, &config, state, *evidence, result),
            Input::Job { .. } | Input::Timer { .. } => return Err(Refusal::Stale),
        };
        let before = kept(cx.sealed, cx.step).len();
        let pieces = attach(cx, &config, &state, files)?;
        let new = pieces.len() - before;
        let turn = match verb.as_str() {
            ATTACH if files.is_empty() => {
                return Err(refused(state.open.first().map_or("", String::as_str), "slot_choose"));
            }
            ATTACH => state.turn(&pieces),
            "submit" => submit(cx, &config, state, &pieces, fields)?,
            AS_THEY_ARE => {
                let no_other = without_new(&state, &pieces, cx.case.run);
                submit(cx, &config, State { no_other, ..state }, &pieces, fields)?
            }
            other => {
                let id = other.strip_prefix("remove:").ok_or(Refusal::NotAllowed)?;
                state.clone().turn(&remove(cx, &state, pieces.clone(), id)?)
            }
        };
        Ok(pieces
            .iter()
            .rev()
            .take(new)
            .fold(turn, |turn, piece| inspecting(turn, cx.now, piece)))
    }
}

fn inspecting(turn: Turn, now: At, piece: &Piece) -> Turn {
    turn.effect(now, Effect::Inspect { evidence: piece.id })
}

/// An inspection has ended.
fn read(
    cx: &StepCx<'_>,
    config: &Config,
    state: State,
    evidence: EvidenceId,
    result: &JobResult,
) -> Result<Turn, Refusal> {
    let mut pieces = kept(cx.sealed, cx.step);
    let piece = pieces
        .iter_mut()
        .find(|piece| piece.id == evidence && piece.reading == Reading::Waiting);
    let piece = piece.ok_or(Refusal::Stale)?;
    piece.reading = match result {
        JobResult::Done(inspected) => Reading::Done(Box::new(crate::config::state(inspected)?)),
        JobResult::Refused(_) | JobResult::Dead(_) => Reading::GivenUp,
    };
    let elsewhere = piece
        .inspected()
        .is_some_and(|inspected| inspected.known.iter().any(|known| !known.same_account));
    let mut turn = go_on(cx, config, state, &pieces);
    turn.signals.extend(elsewhere.then_some("evidence_known"));
    Ok(turn)
}

/// After the last inspection of pictures that were sent: on to review, or back to their claimant, who can mend them.
fn go_on(cx: &StepCx<'_>, config: &Config, mut state: State, pieces: &[Piece]) -> Turn {
    if !state.sending || is_waiting(pieces) {
        return state.turn(pieces);
    }
    let wants_change = pieces
        .iter()
        .any(|piece| piece.counts() && piece.run == cx.case.run && piece.wants_change());
    if wants_change || !lacking(cx, config, &state, pieces).is_empty() {
        state.sending = false;
        return told_by_mail(cx, state.turn(pieces));
    }
    submitted(state, pieces)
}

/// Who sent pictures may have left: they hear that something is missing before the case runs out of time.
fn told_by_mail(cx: &StepCx<'_>, turn: Turn) -> Turn {
    let channels = (0u8..).zip(&cx.sealed.channels);
    let mails = channels.filter(|(_, channel)| matches!(channel, Channel::Email { .. }));
    mails.fold(turn, |turn, (channel, _)| {
        let notice = Notice::Wanting;
        turn.effect(cx.now, Effect::Notice { notice, channel })
    })
}

fn is_waiting(pieces: &[Piece]) -> bool {
    pieces
        .iter()
        .any(|piece| piece.counts() && piece.reading == Reading::Waiting)
}

/// The slots that take pictures: all, or those that a reviewer asked for again, with the key of the reviewer's words.
fn asked_again(cx: &StepCx<'_>, offered: &[String], pieces: &[Piece]) -> (Vec<String>, Option<String>) {
    let decided = cx
        .case
        .decided
        .as_ref()
        .filter(|decided| decided.verdict == Verdict::Ask && !pieces.is_empty());
    let asked: Vec<String> = decided
        .map(|decided| {
            offered
                .iter()
                .filter(|slot| decided.slots.contains(slot))
                .cloned()
                .collect()
        })
        .unwrap_or_default();
    match decided {
        Some(decided) if !asked.is_empty() => (asked, Some(decided.words.clone())),
        _ => (offered.to_vec(), None),
    }
}

/// Adds what was uploaded. A file's field is its slot, or slot and the picture that it replaces: `slot.id`.
fn attach(cx: &StepCx<'_>, config: &Config, state: &State, files: &[StoredFile]) -> Result<Vec<Piece>, Refusal> {
    let mut pieces = kept(cx.sealed, cx.step);
    for file in files {
        let (slot, old) = match file.slot.split_once('.') {
            Some((slot, old)) => (slot, Some(old)),
            None => (file.slot.as_str(), None),
        };
        if !state.open.iter().any(|open| open == slot) {
            return Err(refused(slot, "slot_closed"));
        }
        if pieces.iter().any(|piece| piece.counts() && piece.sha256 == file.sha256) {
            return Err(refused(&file.slot, "slot_same"));
        }
        if let Some(old) = old {
            live(&mut pieces, slot, old)?.gone = Some(Gone {
                at: cx.now,
                replaced: true,
            });
        }
        if pieces.iter().filter(|piece| piece.run == cx.case.run).count() >= MOST_PIECES {
            return Err(refused(slot, "slot_too_many"));
        }
        pieces.push(Piece {
            id: EvidenceId(cx.entropy.uuid(cx.now, "evidence", pieces.len() as u64)),
            slot: slot.to_owned(),
            blob: file.blob,
            bytes: file.bytes,
            media: file.media,
            at: cx.now,
            run: cx.case.run,
            gone: None,
            sha256: file.sha256,
            name: file.name.clone(),
            reading: Reading::Waiting,
        });
    }
    match config.slots.iter().find(|slot| count(&pieces, &slot.slot) > slot.max) {
        Some(slot) => Err(refused(&slot.slot, "slot_full")),
        None => Ok(pieces),
    }
}

fn remove(cx: &StepCx<'_>, state: &State, mut pieces: Vec<Piece>, id: &str) -> Result<Vec<Piece>, Refusal> {
    let slot = pieces
        .iter()
        .find(|piece| piece.id.to_string() == id)
        .map(|piece| piece.slot.clone());
    let slot = slot.filter(|slot| state.open.contains(slot)).ok_or(Refusal::Stale)?;
    live(&mut pieces, &slot, id)?.gone = Some(Gone {
        at: cx.now,
        replaced: false,
    });
    Ok(pieces)
}

fn submit(
    cx: &StepCx<'_>,
    config: &Config,
    mut state: State,
    pieces: &[Piece],
    fields: &Fields,
) -> Result<Turn, Refusal> {
    if let Some(refusal) = Refusal::of_fields(lacking(cx, config, &state, pieces)) {
        return Err(refusal);
    }
    if is_waiting(pieces) {
        // Pressed a second time.
        if state.sending && pieces.len() == state.items.len() {
            return Err(Refusal::Stale);
        }
        state.sending = true;
        return Ok(state.turn(pieces));
    }
    // Read after the page was shown: what was found is looked at once before it is sent as it is.
    let unseen = |piece: &&Piece| {
        let id = piece.id.to_string();
        piece.counts() && piece.run == cx.case.run && piece.wants_change() && !fields.all("read").any(|read| read == id)
    };
    let mut unseen: Vec<(String, &'static str)> = pieces
        .iter()
        .filter(unseen)
        .map(|piece| (piece.slot.clone(), "slot_look"))
        .collect();
    unseen.dedup();
    match Refusal::of_fields(unseen) {
        Some(refusal) => Err(refusal),
        None => Ok(submitted(state, pieces)),
    }
}

fn submitted(mut state: State, pieces: &[Piece]) -> Turn {
    state.sending = false;
    Turn::done(value(&state.with(pieces)), "submitted").sealed(value(&pieces))
}

/// Every open slot that lacks a picture, and the code of the sentence that says so.
fn lacking(cx: &StepCx<'_>, config: &Config, state: &State, pieces: &[Piece]) -> Vec<(String, &'static str)> {
    let wanting = without_new(state, pieces, cx.case.run);
    config
        .slots
        .iter()
        .filter(|slot| state.open.contains(&slot.slot))
        .filter_map(|slot| {
            if usable(pieces, &slot.slot) < slot.min {
                let there = count(pieces, &slot.slot) >= slot.min;
                return Some((slot.slot.clone(), if there { "slot_unopened" } else { "slot_needs" }));
            }
            let missing = wanting.contains(&slot.slot) && !state.no_other.contains(&slot.slot);
            missing.then(|| (slot.slot.clone(), "slot_new"))
        })
        .collect()
}

/// The slots for which a new picture was asked, and none is there that people can look at.
fn without_new(state: &State, pieces: &[Piece], run: u32) -> Vec<String> {
    let new = |slot: &String| {
        let mut new = pieces.iter().filter(|piece| piece.counts() && piece.run == run);
        new.any(|piece| piece.is_usable() && piece.slot == *slot)
    };
    let asked = state.open.iter().filter(|_| state.asked.is_some());
    asked.filter(|slot| !new(slot)).cloned().collect()
}

/// The picture of this id that still counts in the slot.
fn live<'p>(pieces: &'p mut [Piece], slot: &str, id: &str) -> Result<&'p mut Piece, Refusal> {
    let fits = |piece: &&mut Piece| piece.counts() && piece.slot == slot && piece.id.to_string() == id;
    pieces.iter_mut().find(fits).ok_or(Refusal::Stale)
}

fn count(pieces: &[Piece], slot: &str) -> usize {
    pieces
        .iter()
        .filter(|piece| piece.counts() && piece.slot == slot)
        .count()
}

/// Those of a slot that people can look at.
fn usable(pieces: &[Piece], slot: &str) -> usize {
    let usable = |piece: &&Piece| piece.counts() && piece.slot == slot && piece.is_usable();
    pieces.iter().filter(usable).count()
}

fn refused(field: &str, code: &'static str) -> Refusal {
    Refusal::Field {
        field: field.to_owned(),
        code,
    }
}
