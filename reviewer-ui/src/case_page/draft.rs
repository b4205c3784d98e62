//! A decision as typed: kept as a draft whatever becomes of it, and turned into a choice once it is complete.

use readmit_core::case::TaskKind;
use readmit_core::kind::Fields;
use readmit_core::review::Choice;
use serde::{Deserialize, Serialize};

use super::reasons;

/// What stands in the decision form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// `approve`, `ask`, `reject`, `uphold` or `dismiss`; empty while undecided.
    pub(crate) verdict: String,
    /// Ticked checks, each `slot.check`.
    pub(crate) checks: Vec<String>,
    /// Slots to ask for again, each `step/slot`.
    pub(crate) slots: Vec<String>,
    pub(crate) ask_reason: String,
    /// A sentence of the reviewer's own, for the claimant.
    pub(crate) words: String,
    pub(crate) reject_reason: String,
    /// For colleagues.
    pub(crate) note: String,
}

impl Draft {
    pub(crate) fn of(fields: &Fields) -> Self {
        let one = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
        let all = |name: &str| fields.all(name).map(str::to_owned).collect();
        Self {
            verdict: one("verdict"),
            checks: all("check"),
            slots: all("slot"),
            ask_reason: one("ask_reason"),
            words: one("words"),
            reject_reason: one("reject_reason"),
            note: one("note"),
        }
    }
}

/// What the page offers for a case as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) kind: TaskKind,
    /// All slots that can be asked for again, each `step/slot`.
    pub(crate) slots: Vec<String>,
}

/// Why a decision cannot be sent yet: the field's id on the page, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: &'static str,
    pub(crate) text: String,
}

fn problem(field: &'static str, text: impl Into<String>) -> Problem {
    Problem {
        field,
        text: text.into(),
    }
}

/// The choice that a draft amounts to. `claimant_text` gives the text of an ask's reason in the case's language.
///
/// # Errors
/// The first thing missing.
pub(crate) fn choice(draft: &Draft, offer: &Offer, claimant_text: impl Fn(&str) -> String) -> Result<Choice, Problem> {
    let note = draft.note.clone();
    match (offer.kind, draft.verdict.as_str()) {
        // Whether every check is ticked is judged where the approval is decided.
        (TaskKind::Review, "approve") => Ok(Choice::Approve { note }),
        (TaskKind::Review, "ask") => ask(draft, offer, claimant_text),
        (TaskKind::Review, "reject") if reasons::REJECT.contains(&draft.reject_reason.as_str()) => Ok(Choice::Reject {
            reason: draft.reject_reason.clone(),
            note,
        }),
        (TaskKind::Review, "reject") => Err(problem("reject_reason", "Choose the reason of the rejection.")),
        (TaskKind::Contest, "uphold") if note.is_empty() => Err(problem("note", "Say in one sentence how you know.")),
        (TaskKind::Contest, "dismiss") if note.is_empty() => Err(problem("note", "Say in one sentence how you know.")),
        (TaskKind::Contest, "uphold") => Ok(Choice::Uphold { note }),
        (TaskKind::Contest, "dismiss") => Ok(Choice::Approve { note }),
        _ => Err(problem("verdict", "Choose a decision.")),
    }
}

fn ask(draft: &Draft, offer: &Offer, claimant_text: impl Fn(&str) -> String) -> Result<Choice, Problem> {
    let wanted: Vec<(&str, &str)> = offer
        .slots
        .iter()
        .filter(|slot| draft.slots.contains(slot))
        .filter_map(|slot| slot.split_once('/'))
        .collect();
    let Some((step, _)) = wanted.first().copied() else {
        return Err(problem("slots", "Choose what to ask for again."));
    };
    if wanted.iter().any(|(other, _)| *other != step) {
        return Err(problem("slots", "Ask for documents of one step at a time."));
    }
    if !reasons::ASK.contains(&draft.ask_reason.as_str()) {
        return Err(problem("ask_reason", "Choose the reason: the claimant reads it."));
    }
    let text = [claimant_text(&draft.ask_reason), draft.words.clone()];
    Ok(Choice::Ask {
        step: step.to_owned(),
        slots: wanted.iter().map(|(_, slot)| (*slot).to_owned()).collect(),
        reason: draft.ask_reason.clone(),
        text: text
            .iter()
            .filter(|t| !t.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join("\n\n"),
        note: draft.note.clone(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn offer(kind: TaskKind) -> Offer {
        Offer {
            kind,
            slots: vec!["documents/a".into(), "documents/b".into(), "other/c".into()],
        }
    }

    fn typed(pairs: &[(&str, &str)]) -> Draft {
        let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Draft::of(&Fields(pairs.collect()))
    }

    fn chosen(pairs: &[(&str, &str)]) -> Result<Choice, &'static str> {
        choice(&typed(pairs), &offer(TaskKind::Review), |code| {
            format!("text of {code}")
        })
        .map_err(|p| p.field)
    }

    #[test]
    fn an_approval_takes_its_note_along() {
        let approval = [("verdict", "approve"), ("note", " fits ")];
        assert_eq!(chosen(&approval), Ok(Choice::Approve { note: "fits".into() }));
    }

    #[test]
    fn an_ask_names_slots_of_one_step_and_a_known_reason() {
        assert_eq!(chosen(&[("verdict", "ask")]), Err("slots"));
        assert_eq!(
            chosen(&[("verdict", "ask"), ("slot", "documents/unknown")]),
            Err("slots")
        );
        let two_steps = [("verdict", "ask"), ("slot", "documents/a"), ("slot", "other/c")];
        assert_eq!(chosen(&two_steps), Err("slots"));
        let no_reason = [("verdict", "ask"), ("slot", "documents/a"), ("ask_reason", "made_up")];
        assert_eq!(chosen(&no_reason), Err("ask_reason"));
        let complete = [
            ("verdict", "ask"),
            ("slot", "documents/b"),
            ("slot", "documents/a"),
            ("ask_reason", "cut_off"),
            ("words", "The top is missing."),
        ];
        assert_eq!(
            chosen(&complete),
            Ok(Choice::Ask {
                step: "documents".into(),
                slots: vec!["a".into(), "b".into()],
                reason: "cut_off".into(),
                text: "text of cut_off\n\nThe top is missing.".into(),
                note: String::new(),
            })
        );
    }

    #[test]
    fn in_10_a_rejection_has_a_reason_code_and_a_contest_a_sentence() {
        assert_eq!(chosen(&[("verdict", "reject")]), Err("reject_reason"));
        assert_eq!(
            chosen(&[("verdict", "reject"), ("reject_reason", "cut_off")]),
            Err("reject_reason")
        );
        assert!(chosen(&[("verdict", "reject"), ("reject_reason", "not_owner")]).is_ok());
        assert_eq!(chosen(&[("verdict", "uphold"), ("note", "called")]), Err("verdict"));
        let contest = offer(TaskKind::Contest);
        let uphold = |pairs: &[(&str, &str)]| choice(&typed(pairs), &contest, |_| String::new());
        assert_eq!(uphold(&[("verdict", "uphold")]).unwrap_err().field, "note");
        assert_eq!(
            uphold(&[("verdict", "uphold"), ("note", "called")]),
            Ok(Choice::Uphold { note: "called".into() })
        );
        assert_eq!(
            uphold(&[("verdict", "dismiss"), ("note", "called")]),
            Ok(Choice::Approve { note: "called".into() })
        );
    }

    #[test]
    fn a_draft_survives_its_storage() {
        let draft = typed(&[("verdict", "ask"), ("slot", "documents/a"), ("note", "x")]);
        let stored = serde_json::to_value(&draft).unwrap();
        assert_eq!(serde_json::from_value::<Draft>(stored).unwrap(), draft);
        assert_eq!(
            serde_json::from_value::<Draft>(serde_json::json!({})).unwrap(),
            Draft::default()
        );
    }
}
