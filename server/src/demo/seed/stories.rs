//! What the demo's 60 cases are about: who, when, and what everybody did.

use readmit_core::time::Span;

/// One case as it is to happen.
pub(crate) struct Story {
    /// The account at the exchange.
    pub(crate) who: &'static str,
    /// How long ago it began.
    pub(crate) ago: Span,
    pub(crate) password: Password,
    pub(crate) answers: Answers,
    /// Where the claimant stops acting; `None`: never.
    pub(crate) leaves_at: Option<&'static str>,
    pub(crate) reviews: &'static [Review],
    /// What ends or stops it besides.
    pub(crate) turn: Option<Turn>,
    pub(crate) letters: &'static [Letter],
}

/// Something that was written in the case.
pub(crate) struct Letter {
    /// How long ago.
    pub(crate) ago: Span,
    /// The name of the member of staff; `None`: the claimant.
    pub(crate) by: Option<&'static str>,
    pub(crate) text: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Password {
    Right,
    Wrong,
    Forgotten,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    Right,
    /// Wrong once, then right.
    Second,
    /// Wrong as often as allowed.
    Never,
}

/// One act of the staff: this long after it was possible.
#[derive(Clone, Copy)]
pub(crate) struct Review {
    pub(crate) by: &'static str,
    pub(crate) after: Span,
    pub(crate) what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Approve,
    Reject(&'static str),
    /// Ask for the first slot again, for a reason and with these words.
    Ask(&'static str, &'static str),
    /// Claimed, and still being looked at.
    Look,
}

/// A turn that the claimant or the owner gives the case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The claimant takes it back while it is reviewed.
    Withdraw,
    /// The owner stops it while it is reviewed.
    Veto,
    /// The owner stops it during the cool-down.
    VetoLate,
}

const fn review(by: &'static str, hours: i64, what: What) -> Review {
    Review {
        by,
        after: Span::hours(hours),
        what,
    }
}

const fn days(n: i64) -> Span {
    Span::days(n)
}

const fn hours(n: i64) -> Span {
    Span::hours(n)
}

const fn minutes(n: i64) -> Span {
    Span::minutes(n)
}

/// Everything answered rightly; the shortest way.
const fn answered(who: &'static str, ago: Span) -> Story {
    Story {
        who,
        ago,
        password: Password::Right,
        answers: Answers::Right,
        leaves_at: None,
        reviews: &[],
        turn: None,
        letters: &[],
    }
}

/// Answers used up, so documents and people.
const fn reviewed(who: &'static str, ago: Span, reviews: &'static [Review]) -> Story {
    Story {
        answers: Answers::Never,
        reviews,
        ..answered(who, ago)
    }
}

impl Story {
    const fn second_try(self) -> Self {
        Self {
            answers: Answers::Second,
            ..self
        }
    }

    const fn with(self, password: Password) -> Self {
        Self { password, ..self }
    }

    const fn leaving_at(self, step: &'static str) -> Self {
        Self {
            leaves_at: Some(step),
            ..self
        }
    }

    const fn with_letters(self, letters: &'static [Letter]) -> Self {
        Self { letters, ..self }
    }

    const fn turned(self, turn: Turn) -> Self {
        Self {
            turn: Some(turn),
            ..self
        }
    }
}

use Password::{Forgotten, Wrong};
use Turn::{Veto, VetoLate, Withdraw};
use What::{Approve, Ask, Look, Reject};

const BLURRED: What = Ask(
    "unreadable",
    "The sender and the date cannot be read. Please take the picture again with both in it.",
);
const CUT_OFF: What = Ask(
    "cut_off",
    "The picture is cut off at the bottom. Please send the whole screen.",
);

const fn letter(ago: Span, by: Option<&'static str>, text: &'static str) -> Letter {
    Letter { ago, by, text }
}

/// Asked and answered.
const ANSWERED: &[Letter] = &[
    letter(
        minutes(125),
        None,
        "My phone cannot take the whole page in one picture. May I send two?",
    ),
    letter(
        minutes(100),
        Some("sam"),
        "Yes: the place for the e-mail takes up to three pictures. Let the last line of one be the first of the next.",
    ),
];
/// Nobody has answered yet.
const ASKED: &[Letter] = &[letter(
    minutes(70),
    None,
    "I have found an older e-mail of yours, from the day I signed up. Can I still add it?",
)];

/// All of them, in any order.
#[rustfmt::skip]
pub(crate) const STORIES: &[Story] = &[
    // Approved by answers alone.
    answered("acc_samuel", days(40)),
    answered("acc_amir", days(33)).second_try(),
    answered("acc_bruno", days(28)),
    answered("acc_ivan", days(24)),
    answered("acc_fatou", days(19)).second_try(),
    answered("acc_kofi", days(15)),
    answered("acc_jonas", days(12)).with(Wrong),
    answered("acc_lena", days(9)),
    answered("acc_nadia", days(5)).second_try(),
    answered("acc_quinn", days(2)),
    // Approved by people.
    reviewed("acc_abel", days(30), &[review("rina", 5, Approve)]),
    reviewed("acc_erik", days(26), &[review("tomas", 9, Approve)]),
    reviewed("acc_gwen", days(20), &[review("jun", 3, Approve)]),
    reviewed("acc_diego", days(13), &[review("rina", 14, Approve)]),
    reviewed("acc_noah", days(8), &[review("signe", 2, Approve)]),
    reviewed("acc_samuel", days(4), &[review("tomas", 6, Approve)]),
    reviewed("acc_lucia", days(22), &[review("jun", 4, BLURRED), review("jun", 3, Approve)]).with(Forgotten),
    reviewed("acc_olga", days(16), &[review("rina", 7, CUT_OFF), review("signe", 5, Approve)]).with(Forgotten),
    reviewed("acc_wanjiru", days(10), &[review("tomas", 2, BLURRED), review("jun", 8, Approve)]),
    // High value: two people, then a day's wait.
    reviewed("acc_celine", days(21), &[review("rina", 3, Approve), review("signe", 4, Approve)]),
    reviewed("acc_hana", days(14), &[review("jun", 6, Approve), review("tomas", 11, Approve)]),
    reviewed("acc_rosa", days(6), &[review("signe", 2, Approve), review("lewis", 5, Approve)]),
    // Turned down.
    reviewed("acc_agnes", days(35), &[review("rina", 6, Reject("not_owner"))]),
    reviewed("acc_dana", days(25), &[review("jun", 10, Reject("evidence_edited"))]),
    reviewed("acc_mei", days(17), &[review("tomas", 4, Reject("not_owner"))]),
    reviewed("acc_pablo", days(11), &[review("signe", 3, BLURRED), review("signe", 2, Reject("evidence_too_little"))]),
    reviewed("acc_yusuf", days(3), &[review("rina", 5, Reject("evidence_edited"))]),
    // Taken back, stopped, forgotten.
    reviewed("acc_tariq", days(29), &[]).turned(Withdraw),
    reviewed("acc_zainab", days(18), &[]).turned(Withdraw),
    reviewed("acc_sara", days(7), &[]).turned(Withdraw),
    reviewed("acc_victor", days(27), &[]).turned(Veto),
    reviewed("acc_yara", days(12), &[]).turned(Veto),
    reviewed("acc_maarten", days(9), &[review("rina", 2, Approve), review("lewis", 3, Approve)]).turned(VetoLate),
    reviewed("acc_ursula", days(38), &[]).leaving_at("documents"),
    reviewed("acc_xin", days(34), &[]).leaving_at("documents"),
    answered("acc_mei", days(36)).leaving_at("questions"),
    reviewed("acc_bruno", days(13), &[review("lewis", 4, Reject("not_owner"))]),
    // The exchange has closed the account: its remedy is refused, and an operator looks.
    reviewed("acc_zoe", days(1), &[review("jun", 4, Approve)]),
    // Waiting for a reviewer.
    reviewed("acc_jia", hours(44), &[]),
    reviewed("acc_dana", hours(30), &[]),
    reviewed("acc_ursula", hours(26), &[]).with(Forgotten),
    reviewed("acc_agnes", hours(20), &[]).with_letters(ASKED),
    reviewed("acc_tariq", hours(14), &[]),
    reviewed("acc_pablo", hours(9), &[]),
    reviewed("acc_lucia", hours(5), &[]),
    reviewed("acc_zainab", hours(3), &[]),
    // One approval of two.
    reviewed("acc_celine", hours(50), &[review("rina", 6, Approve)]),
    reviewed("acc_xin", hours(30), &[review("signe", 9, Approve)]),
    // In somebody's hands; the first is disputed, because the owner stopped an earlier one.
    reviewed("acc_victor", hours(8), &[review("signe", 7, Look)]),
    reviewed("acc_sara", hours(2), &[review("tomas", 1, Look)]),
    // Stopped again while disputed: a senior must look.
    reviewed("acc_yara", hours(36), &[]).turned(Veto),
    // Approved, and waiting for the owner's last chance to object.
    reviewed("acc_hana", hours(28), &[review("tomas", 5, Approve), review("jun", 6, Approve)]),
    reviewed("acc_rosa", hours(22), &[review("lewis", 4, Approve), review("rina", 3, Approve)]),
    // Waiting for the claimant.
    reviewed("acc_mei", days(3), &[review("jun", 8, BLURRED)]).leaving_at("again"),
    reviewed("acc_erik", hours(7), &[review("rina", 3, CUT_OFF)]).leaving_at("again").with_letters(ANSWERED),
    reviewed("acc_elif", hours(6), &[]).leaving_at("documents"),
    answered("acc_olga", hours(4)).with(Wrong).leaving_at("password"),
    answered("acc_ivan", hours(1)).leaving_at("questions"),
    answered("acc_amir", minutes(40)).leaving_at("questions"),
    reviewed("acc_kofi", minutes(55), &[]).leaving_at("documents"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sixty() {
        assert_eq!(STORIES.len(), 60);
    }

    #[test]
    fn everybody_in_a_story_exists() {
        for story in STORIES {
            assert!(
                readmit_demo_host::roster().iter().any(|one| one.id == story.who),
                "{}",
                story.who
            );
            for review in story.reviews {
                assert!(crate::demo::staff::called(review.by).is_some(), "{}", review.by);
            }
            for by in story.letters.iter().filter_map(|letter| letter.by) {
                assert!(crate::demo::staff::called(by).is_some(), "{by}");
            }
        }
    }
}
