//! What became of a claim whose holder comes too late: who has the case now, since when, and what is kept.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use readmit_core::case::Outcome;
use readmit_core::command::By;
use readmit_core::event::Event;
use readmit_core::evolve::Entry;
use readmit_core::ids::PersonId;
use readmit_core::time::At;
use readmit_web::{App, Caller, PageError, Permission, Staff};

use super::draft::Draft;
use super::find::Found;
use crate::page::{self, Names};
use crate::words;

/// How a claim ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// A colleague has the case now.
    Taken(At, PersonId),
    Released(At),
    /// The task is done, or the case went on without it.
    Over(At, Why),
    /// It has not ended: the page was made for another claim.
    Not,
}

/// What took the case from its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Decided,
    Stopped,
    Contested,
    /// The claimant wrote, and the approvals from before count no more.
    Wrote,
    Withdrawn,
    ClosedBySupport,
    Expired,
    Other,
}

impl Why {
    /// What happened in the same moment as the end of the task.
    fn of(events: &[Event], person: PersonId) -> Self {
        let mut whys = events.iter().filter_map(|event| match event {
            Event::Decided { person: by, .. } if *by == person => Some(Self::Decided),
            Event::ClosedBySupport { .. } => Some(Self::ClosedBySupport),
            Event::Contested { .. } => Some(Self::Contested),
            Event::Wrote { by: By::Claimant, .. } => Some(Self::Wrote),
            Event::Closed { outcome, .. } => match outcome {
                Outcome::Vetoed => Some(Self::Stopped),
                Outcome::Withdrawn => Some(Self::Withdrawn),
                Outcome::Expired => Some(Self::Expired),
                _ => None,
            },
            _ => None,
        });
        whys.next().unwrap_or(Self::Other)
    }

    /// With the time of day after it.
    const fn words(self) -> &'static str {
        match self {
            Self::Decided => "You decided it at",
            Self::Stopped => "The owner stopped it at",
            Self::Contested => "The owner objected, and a senior looks at it since",
            Self::Wrote => "The claimant wrote, and it waits to be looked at anew since",
            Self::Withdrawn => "The claimant withdrew it at",
            Self::ClosedBySupport => "Support closed it at",
            Self::Expired => "Its time ran out at",
            Self::Other => "The case went on without this page at",
        }
    }
}

#[derive(Template)]
#[template(path = "case_page/stale.html")]
struct StalePage {
    reference: String,
    text: String,
    draft: Draft,
    token: String,
}

/// The page that answers a late form. Who never held the case learns nothing of it.
pub(crate) async fn answer<P: Permission>(
    (app, caller, staff): (&App, &Caller, &Staff<P>),
    found: &Found,
    fence: u32,
    draft: Draft,
) -> Result<HttpResponse, PageError> {
    if !found.was_held_by(staff.person.id) {
        return Err(PageError::NotFound);
    }
    let text = told(app, ended(&found.entries, staff.person.id, fence)).await?;
    let so = if draft == Draft::default() {
        "Nothing was changed."
    } else {
        "Nothing was sent; your draft is kept."
    };
    let body = StalePage {
        reference: found.reference.to_string(),
        text: format!("{text} {so}"),
        draft,
        token: page::token(app, caller, &staff.holder),
    };
    let title = format!("Error: {}", found.reference);
    page::show((app, caller, staff), &title, "/", &body, StatusCode::CONFLICT)
}

/// The page of a case for who held it once and sees nothing of it now: how their own claim ended, and no more (IN-02).
pub(super) async fn over<P: Permission>(
    who: (&App, &Caller, &Staff<P>),
    found: &Found,
) -> Result<HttpResponse, PageError> {
    let (page, title) = ended_page(who, found, "There is nothing for you to do.", Draft::default()).await?;
    page::show(who, &title, "/", &page, StatusCode::OK)
}

/// The same for a form of theirs that comes too late, with the words that were in it.
pub(crate) async fn too_late<P: Permission>(
    who: (&App, &Caller, &Staff<P>),
    found: &Found,
    words: &str,
) -> Result<HttpResponse, PageError> {
    let draft = Draft {
        words: words.to_owned(),
        ..Draft::default()
    };
    let (page, title) = ended_page(who, found, "Nothing was sent.", draft).await?;
    page::show(who, &format!("Error: {title}"), "/", &page, StatusCode::CONFLICT)
}

async fn ended_page<P: Permission>(
    (app, caller, staff): (&App, &Caller, &Staff<P>),
    found: &Found,
    so: &str,
    draft: Draft,
) -> Result<(StalePage, String), PageError> {
    let fence = last_claim(&found.entries, staff.person.id).ok_or(PageError::NotFound)?;
    let text = told(app, ended(&found.entries, staff.person.id, fence)).await?;
    let title = found.reference.to_string();
    let page = StalePage {
        reference: title.clone(),
        text: format!("{text} {so}"),
        draft,
        token: page::token(app, caller, &staff.holder),
    };
    Ok((page, title))
}

async fn told(app: &App, ended: Ended) -> Result<String, PageError> {
    let names = Names::load(app).await?;
    Ok(sentence(ended, &|person| names.of(person)))
}

/// The token of the last claim that this person had.
fn last_claim(entries: &[Entry], person: PersonId) -> Option<u32> {
    let events = entries.iter().flat_map(|entry| &entry.events);
    let mut tokens = events.filter_map(|event| match event {
        Event::TaskClaimed { person: by, token } | Event::TaskHandedOver { to: by, token, .. } if *by == person => {
            Some(*token)
        }
        _ => None,
    });
    tokens.next_back()
}

/// How the claim of this person under this token ended.
fn ended(entries: &[Entry], person: PersonId, fence: u32) -> Ended {
    let mut mine = false;
    for entry in entries {
        for event in &entry.events {
            match event {
                Event::TaskClaimed { person: by, token } | Event::TaskHandedOver { to: by, token, .. } => {
                    if mine && *by != person {
                        return Ended::Taken(entry.at, *by);
                    }
                    mine = mine || (*by == person && *token == fence);
                }
                Event::TaskReleased { .. } if mine => return Ended::Released(entry.at),
                Event::TaskClosed | Event::Contested { .. } | Event::Closed { .. } if mine => {
                    return Ended::Over(entry.at, Why::of(&entry.events, person));
                }
                _ => {}
            }
        }
    }
    Ended::Not
}

fn sentence(ended: Ended, name: &dyn Fn(PersonId) -> String) -> String {
    match ended {
        Ended::Taken(at, by) => format!(
            "Your claim ended at {} and {} has the case now.",
            words::clock(at),
            name(by)
        ),
        Ended::Released(at) => format!("You released the case at {}.", words::clock(at)),
        Ended::Over(at, why) => format!("{} {}.", why.words(), words::clock(at)),
        Ended::Not => "This page is older than your claim.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use readmit_core::ids::RequestKey;
    use readmit_core::time::Span;

    const START: At = At(1_700_000_000_000_000);

    fn at(minutes: i64, event: Event) -> Entry {
        Entry {
            at: START + Span::minutes(minutes),
            key: RequestKey(uuid::Uuid::from_u128(1)),
            by: By::Engine,
            events: vec![event],
        }
    }

    fn claimed(person: u128, token: u32) -> Event {
        Event::TaskClaimed {
            person: samples::person(person),
            token,
        }
    }

    #[test]
    fn a_late_form_is_told_who_has_the_case_and_since_when() {
        let entries = [at(0, claimed(1, 1)), at(19, claimed(2, 2))];
        let ended = ended(&entries, samples::person(1), 1);
        assert_eq!(
            sentence(ended, &|_| "P. Lindqvist".into()),
            "Your claim ended at 22:32 and P. Lindqvist has the case now."
        );
    }

    #[test]
    fn each_end_of_a_claim_has_its_sentence() {
        let me = samples::person(1);
        let released = Event::TaskReleased { person: me };
        let out = [at(0, claimed(1, 1)), at(2, released), at(3, claimed(2, 2))];
        assert_eq!(ended(&out, me, 1), Ended::Released(START + Span::minutes(2)));
        let done = [at(0, claimed(1, 1)), at(2, Event::TaskClosed)];
        assert_eq!(ended(&done, me, 1), Ended::Over(START + Span::minutes(2), Why::Other));
        let stopped = Entry {
            events: vec![
                Event::TaskClosed,
                Event::Closed {
                    outcome: Outcome::Vetoed,
                    linked: None,
                    next: None,
                },
            ],
            ..at(4, Event::TaskClosed)
        };
        let stopped = [at(0, claimed(1, 1)), stopped];
        assert_eq!(
            sentence(ended(&stopped, me, 1), &|_| String::new()),
            "The owner stopped it at 22:17."
        );
        assert_eq!(
            (last_claim(&stopped, me), last_claim(&stopped, samples::person(2))),
            (Some(1), None)
        );
        let again = [at(0, claimed(1, 1)), at(5, claimed(1, 2))];
        assert_eq!(ended(&again, me, 1), Ended::Not);
        assert_eq!(ended(&again, me, 7), Ended::Not);
    }
}
