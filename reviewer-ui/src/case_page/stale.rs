//! What became of a claim whose holder comes too late: who has the case now, since when, and what is kept.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
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
    Over(At),
    /// It has not ended: the page was made for another claim.
    Not,
}

#[derive(Template)]
#[template(path = "case_page/stale.html")]
struct StalePage {
    reference: String,
    text: String,
    draft: Draft,
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
    let names = Names::load(app).await?;
    let body = StalePage {
        reference: found.reference.to_string(),
        text: sentence(ended(&found.entries, staff.person.id, fence), &|person| {
            names.of(person)
        }),
        draft,
    };
    page::show(
        (app, caller, staff),
        &format!("Error: {}", found.reference),
        "/",
        &body,
        StatusCode::CONFLICT,
    )
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
                    return Ended::Over(entry.at);
                }
                _ => {}
            }
        }
    }
    Ended::Not
}

fn sentence(ended: Ended, name: &dyn Fn(PersonId) -> String) -> String {
    let kept = "Nothing was sent; your draft is kept.";
    match ended {
        Ended::Taken(at, by) => {
            format!(
                "Your claim ended at {} and {} has the case now. {kept}",
                words::clock(at),
                name(by)
            )
        }
        Ended::Released(at) => format!("You released the case at {}. {kept}", words::clock(at)),
        Ended::Over(at) => format!("The case went on at {} without this page. {kept}", words::clock(at)),
        Ended::Not => format!("This page is older than your claim. {kept}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use readmit_core::command::By;
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
            "Your claim ended at 22:32 and P. Lindqvist has the case now. Nothing was sent; your draft is kept."
        );
    }

    #[test]
    fn each_end_of_a_claim_has_its_sentence() {
        let me = samples::person(1);
        let released = Event::TaskReleased { person: me };
        let out = [at(0, claimed(1, 1)), at(2, released), at(3, claimed(2, 2))];
        assert_eq!(ended(&out, me, 1), Ended::Released(START + Span::minutes(2)));
        let done = [at(0, claimed(1, 1)), at(2, Event::TaskClosed)];
        assert_eq!(ended(&done, me, 1), Ended::Over(START + Span::minutes(2)));
        let again = [at(0, claimed(1, 1)), at(5, claimed(1, 2))];
        assert_eq!(ended(&again, me, 1), Ended::Not);
        assert_eq!(ended(&again, me, 7), Ended::Not);
    }
}
