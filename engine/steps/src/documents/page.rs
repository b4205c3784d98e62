//! The page of the slots, and what a reviewer reads of them. The pictures themselves are shown by the pages around.

use askama::Template;
use readmit_core::refusal::Refusal;

use super::{Config, Documents, Piece, State, count, kept};
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
    /// The refusal in words, and the id of what it speaks of.
    problem: Option<(String, String)>,
}

/// A slot, ready to show.
struct Shown {
    slot: String,
    heading: String,
    hint: String,
    open: bool,
    complete: bool,
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
        let page = Page {
            say,
            form: view.form,
            title: title.clone(),
            words: words
                .map(|words| words.to_claimant.trim())
                .filter(|words| !words.is_empty()),
            asked,
            problem: problem(view, &slots),
            slots,
        };
        Ok(Fragment {
            title,
            error: page.problem.is_some(),
            html: page.render()?,
            stage: Stage::Prove,
        })
    }

    fn reviewer(&self, view: &ReviewerView<'_>) -> Result<Option<Fragment>, askama::Error> {
        let say = view.say();
        let pieces = kept(view.sealed, view.step);
        let lines: Vec<Finding> = super::offered(view.case, view.step)
            .iter()
            .map(|slot| {
                let (now, all) = (
                    count(&pieces, slot),
                    pieces.iter().filter(|piece| piece.slot == *slot).count(),
                );
                let values = [("n", number(now)), ("replaced", number(all - now))];
                let mark = if now > 0 { Mark::Pass } else { Mark::Warn };
                let quiet = say.with("documents-finding", &values);
                Finding::new(mark, &say, say.get(&format!("slot-{slot}")), quiet)
            })
            .collect();
        findings(say.get("documents-finding-title"), &lines)
    }
}

fn number(n: usize) -> readmit_core::texts::Value<'static> {
    i64::try_from(n).unwrap_or(i64::MAX).into()
}

/// The refusal, and the id of the slot or picture it belongs to.
fn problem(view: &ClaimantView<'_>, slots: &[Shown]) -> Option<(String, String)> {
    let field = match view.problem {
        Some(Refusal::Field { field, .. }) => field.replace('.', "-"),
        _ => String::new(),
    };
    let of_slots = slots.iter().find_map(|slot| {
        let pictures = slot.pictures.iter().find_map(|picture| picture.error.clone());
        slot.error.clone().or(pictures)
    });
    let text = of_slots.or_else(|| view.too_many()).or_else(|| view.refused())?;
    Some((text, field))
}

fn shown(view: &ClaimantView<'_>, config: &Config, now: &State, pieces: &[Piece]) -> Vec<Shown> {
    let say = view.say();
    let offered = config.slots.iter().filter(|slot| now.offered.contains(&slot.slot));
    offered
        .zip(1u32..)
        .map(|(slot, n)| {
            let there = count(pieces, &slot.slot);
            let open = now.open.contains(&slot.slot);
            let new = |piece: &&Piece| piece.counts() && piece.slot == slot.slot && piece.run == view.case.run;
            let answered = now.asked.is_none() || pieces.iter().any(|piece| new(&piece));
            let title = say.get(&format!("slot-{}", slot.slot));
            Shown {
                heading: say.with("documents-slot", &[("n", n.into()), ("title", title.into())]),
                hint: say.get(&format!("slot-{}-hint", slot.slot)),
                complete: !open || (there >= slot.min && answered),
                room: open && there < slot.max,
                most: say.count("documents-most", number(slot.max)),
                add: say.get(if there == 0 {
                    "documents-choose"
                } else {
                    "documents-add"
                }),
                pictures: of_slot(view, &slot.slot, pieces),
                error: view.field_error(&slot.slot),
                slot: slot.slot.clone(),
                open,
            }
        })
        .collect()
}

fn of_slot(view: &ClaimantView<'_>, slot: &str, pieces: &[Piece]) -> Vec<Picture> {
    let say = view.say();
    let live = pieces.iter().filter(|piece| piece.counts() && piece.slot == slot);
    live.zip(1u32..)
        .map(|(piece, n)| Picture {
            id: piece.id.to_string(),
            name: piece.name.clone(),
            about: size(&say, piece.bytes),
            at: say.when(piece.at, view.now),
            alt: say.count("documents-alt", n),
            error: view.field_error(&format!("{slot}.{}", piece.id)),
        })
        .collect()
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
