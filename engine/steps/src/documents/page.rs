//! The page of the slots, and what a reviewer reads of them. The pictures themselves are shown by the pages around.

use askama::Template;
use readmit_core::inspection::{Area, Finding as Found, Report, Tell, Verdict};

use super::{AS_THEY_ARE, Config, Documents, Piece, Reading, State, count, is_waiting, kept, usable, without_new};
use crate::config::{published, state};
use crate::face::{ClaimantView, Face, Finding, Form, Fragment, Mark, ReviewerView, Stage, findings};
use crate::words::{Say, When};

#[derive(Template)]
#[template(path = "documents/claimant.html")]
struct Page<'a> {
    say: Say<'a>,
    form: Form<'a>,
    title: String,
    /// The reviewer's words, when something was asked for again.
    words: Option<&'a str>,
    asked: bool,
    slots: Vec<Shown>,
    /// The refusal in words, each with the id of what it speaks of.
    problems: Vec<(String, String)>,
    /// Some are still being read.
    reading: bool,
    /// They were sent, and go on when all are read.
    sending: bool,
    /// How many pictures have something to mend, in words, and the first of their slots; below a refusal it is too much.
    change: Option<(String, String)>,
    /// Some have something to mend, and nothing else is wanted.
    as_they_are: bool,
    /// A new picture was asked for and is not there: the verb by which its claimant says that there is none.
    nothing_more: Option<&'static str>,
    /// How far an upload is, with 0 in the place of the number.
    progress: String,
    /// What was read when this page was made.
    read: Vec<String>,
}

/// A slot, ready to show.
struct Shown {
    slot: String,
    heading: String,
    hint: String,
    open: bool,
    state: &'static str,
    room: bool,
    /// How many fit, and whether more are needed.
    most: String,
    add: String,
    pictures: Vec<Picture>,
    error: Option<String>,
}

struct Picture {
    id: String,
    name: String,
    about: String,
    at: When,
    alt: String,
    error: Option<String>,
    /// There is a copy to look at.
    shown: bool,
    state: &'static str,
    findings: Vec<Told>,
}

/// A finding as its claimant reads it.
struct Told {
    fails: bool,
    text: String,
    closeup: Option<Closeup>,
}

/// The spot on the picture, in its pixels: what is looked at, and the box in it.
struct Closeup {
    view: String,
    width: u32,
    height: u32,
    spot: Area,
}

impl Face for Documents {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let (Ok(config), Ok(now)) = (published::<Config>(view.step), state::<State>(&view.case.state)) else {
            return crate::status::with_a_person(view);
        };
        let say = view.say();
        let pieces = kept(view.sealed, view.step);
        let slots = shown(view, &config, &now, &pieces);
        let asked = now.asked.is_some();
        let words = now.asked.as_ref().and_then(|key| view.sealed.words.get(key));
        let title = say.get(if asked {
            "documents-asked-title"
        } else {
            "documents-title"
        });
        let (problems, change) = (problems(view, &slots), change(&say, &slots));
        let wanting = without_new(&now, &pieces, view.case.run);
        let page = Page {
            say,
            form: view.form,
            title: title.clone(),
            words: words
                .map(|words| words.to_claimant.trim())
                .filter(|words| !words.is_empty()),
            asked,
            as_they_are: change.is_some() && wanting.is_empty(),
            nothing_more: (!wanting.is_empty()).then_some(AS_THEY_ARE),
            change: change.filter(|_| problems.is_empty()),
            problems,
            reading: is_waiting(&pieces),
            sending: now.sending,
            progress: say.with("documents-progress", &[("n", "0".into())]),
            read: pieces
                .iter()
                .filter(|piece| piece.reading != Reading::Waiting)
                .map(|piece| piece.id.to_string())
                .collect(),
            slots,
        };
        Ok(Fragment {
            title,
            error: !page.problems.is_empty(),
            html: page.render()?,
            stage: Stage::Prove,
        })
    }

    fn reviewer(&self, view: &ReviewerView<'_>) -> Result<Option<Fragment>, askama::Error> {
        let say = view.say();
        let pieces = kept(view.sealed, view.step);
        let left = view.case.left.get(&view.step.name);
        let left = left.and_then(|left| state::<State>(left).ok());
        let no_other = left.map_or_else(Vec::new, |left| left.no_other);
        let lines: Vec<Finding> = super::offered(view.case, view.step)
            .iter()
            .map(|slot| {
                let (now, all) = (
                    count(&pieces, slot),
                    pieces.iter().filter(|piece| piece.slot == *slot).count(),
                );
                let mark = mark(&pieces, slot);
                let mut quiet = say.count("documents-finding", number(now));
                if all > now {
                    quiet += &say.count("documents-finding-gone", number(all - now));
                }
                if no_other.contains(slot) {
                    quiet += &say.get("documents-finding-no-other");
                }
                Finding::new(mark, &say, say.get(&format!("slot-{slot}")), quiet)
            })
            .collect();
        findings(say.get("documents-finding-title"), &lines)
    }
}

/// The worst that was found in what counts.
fn mark(pieces: &[Piece], slot: &str) -> Mark {
    let verdicts = pieces
        .iter()
        .filter(|piece| piece.counts() && piece.slot == slot)
        .map(|piece| match &piece.reading {
            Reading::Done(inspected) => inspected.report.verdict,
            Reading::Waiting => Verdict::Warn,
            Reading::GivenUp => Verdict::Fail,
        });
    match verdicts.max() {
        Some(Verdict::Pass) => Mark::Pass,
        Some(Verdict::Warn) | None => Mark::Warn,
        Some(Verdict::Fail) => Mark::Fail,
    }
}

fn number(n: usize) -> readmit_core::texts::Value<'static> {
    i64::try_from(n).unwrap_or(i64::MAX).into()
}

/// How many pictures want a change, and where the first one is.
fn change(say: &Say<'_>, slots: &[Shown]) -> Option<(String, String)> {
    let wanting = |slot: &&Shown| slot.open && slot.pictures.iter().any(|picture| picture.state == "change");
    let first = slots.iter().find(wanting)?;
    let pictures = slots.iter().filter(wanting).flat_map(|slot| &slot.pictures);
    let all = pictures.filter(|picture| picture.state == "change").count();
    Some((say.count("documents-change-title", number(all)), first.slot.clone()))
}

/// What was refused, each with the id of the slot or picture it belongs to.
fn problems(view: &ClaimantView<'_>, slots: &[Shown]) -> Vec<(String, String)> {
    let of_slot = |slot: &Shown| {
        let own = slot.error.clone().map(|error| (error, slot.slot.clone()));
        let pictures = slot.pictures.iter().filter_map(|picture| {
            let id = format!("{}-{}", slot.slot, picture.id);
            picture.error.clone().map(|error| (error, id))
        });
        let heading = slot.heading.clone();
        let all: Vec<(String, String)> = own.into_iter().chain(pictures).collect();
        all.into_iter().map(move |fault| (heading.clone(), fault))
    };
    let of_slots: Vec<(String, (String, String))> = slots.iter().flat_map(of_slot).collect();
    match of_slots.len() {
        0 => {
            let whole = view.too_many().or_else(|| view.refused());
            whole.map(|text| (text, String::new())).into_iter().collect()
        }
        1 => of_slots.into_iter().map(|(_, fault)| fault).collect(),
        // Several say the same of different slots.
        _ => of_slots
            .into_iter()
            .map(|(heading, (error, id))| (format!("{heading}: {error}"), id))
            .collect(),
    }
}

fn shown(view: &ClaimantView<'_>, config: &Config, now: &State, pieces: &[Piece]) -> Vec<Shown> {
    let say = view.say();
    let wanting = without_new(now, pieces, view.case.run);
    let offered = config.slots.iter().filter(|slot| now.offered.contains(&slot.slot));
    offered
        .zip(1u32..)
        .map(|(slot, n)| {
            let (there, usable) = (count(pieces, &slot.slot), usable(pieces, &slot.slot));
            let open = now.open.contains(&slot.slot);
            let pictures = of_slot(view, &slot.slot, pieces, open);
            let any = |state: &str| pictures.iter().any(|picture| picture.state == state);
            let answered = !wanting.contains(&slot.slot);
            let title = say.get(&format!("slot-{}", slot.slot));
            Shown {
                heading: say.with("documents-slot", &[("n", n.into()), ("title", title.into())]),
                hint: say.get(&format!("slot-{}-hint", slot.slot)),
                state: match () {
                    () if open && any("reading") => "reading",
                    () if open && any("change") => "change",
                    () if !open || (usable >= slot.min && answered) => "complete",
                    () => "needed",
                },
                room: open && there < slot.max,
                most: say.count("documents-most", number(slot.max)),
                add: say.get(if there == 0 {
                    "documents-choose"
                } else {
                    "documents-add"
                }),
                pictures,
                error: view.field_error(&slot.slot),
                slot: slot.slot.clone(),
                open,
            }
        })
        .collect()
}

/// The pictures of a slot. In one that was not asked for again nothing can be mended, so nothing is found fault with.
fn of_slot(view: &ClaimantView<'_>, slot: &str, pieces: &[Piece], open: bool) -> Vec<Picture> {
    let say = view.say();
    let live = pieces.iter().filter(|piece| piece.counts() && piece.slot == slot);
    live.zip(1u32..)
        .map(|(piece, n)| Picture {
            id: piece.id.to_string(),
            name: piece.name.clone(),
            about: about(&say, piece),
            at: say.when(piece.at),
            alt: say.count("documents-alt", n),
            error: view.field_error(&format!("{slot}.{}", piece.id)),
            shown: piece.inspected().is_some_and(|inspected| inspected.shown.is_some()),
            state: match &piece.reading {
                Reading::Waiting => "reading",
                _ if !open => "kept",
                _ if piece.wants_change() => "change",
                Reading::Done(inspected) if inspected.report.was_read => "fine",
                Reading::Done(_) | Reading::GivenUp => "person",
            },
            findings: if open { told(view, piece) } else { Vec::new() },
        })
        .collect()
}

/// `1170 × 2532 · 640 kB`, once it was opened.
fn about(say: &Say<'_>, piece: &Piece) -> String {
    let size = size(say, piece.bytes);
    match piece
        .inspected()
        .map(|inspected| &inspected.report)
        .filter(|report| report.was_opened())
    {
        Some(report) => format!("{} × {} · {size}", report.width, report.height),
        None => size,
    }
}

fn told(view: &ClaimantView<'_>, piece: &Piece) -> Vec<Told> {
    if piece.reading == Reading::GivenUp {
        return vec![Told {
            fails: true,
            text: view.say().get("documents-given-up"),
            closeup: None,
        }];
    }
    let Some(inspected) = piece.inspected() else {
        return Vec::new();
    };
    let told = |finding: &Found| Told {
        fails: finding.verdict == Verdict::Fail,
        text: finding.said(view.language).to_owned(),
        closeup: finding
            .area
            .filter(|_| finding.tell == Tell::All)
            .map(|spot| closeup(&inspected.report, spot)),
    };
    piece.told().into_iter().map(told).collect()
}

/// The spot with some of what stands around it, in the shape of a wide window.
fn closeup(report: &Report, spot: Area) -> Closeup {
    let Area(left, top, width, height) = spot;
    let wide = (width + width / 2).max(report.width / 2).min(report.width);
    let high = (height * 3).max(wide / 5).min(report.height);
    let start = |from: u32, length: u32, window: u32, all: u32| {
        (from + length / 2)
            .saturating_sub(window / 2)
            .min(all.saturating_sub(window))
    };
    let (x, y) = (
        start(left, width, wide, report.width),
        start(top, height, high, report.height),
    );
    Closeup {
        view: format!("{x} {y} {wide} {high}"),
        width: report.width,
        height: report.height,
        spot,
    }
}

/// `640 kB`, `2.4 MB`.
fn size(say: &Say<'_>, bytes: u64) -> String {
    let tenths = bytes / 100_000;
    if tenths < 10 {
        say.with("documents-kb", &[("n", (bytes / 1_000).max(1).to_string().into())])
    } else {
        say.with(
            "documents-mb",
            &[("n", format!("{}.{}", tenths / 10, tenths % 10).into())],
        )
    }
}
