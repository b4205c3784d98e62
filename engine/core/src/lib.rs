//! The pure heart of Readmit: what a recovery case is, and what may happen to it.
//!
//! # The one flow
//! ```text
//! handler → Command → dispatch:  0 lookups   what the step asks to read (once a request, outside any transaction)
//!                                1 load      case, pinned workflow version, opened sealed state, live task, counters
//!                                2 decide    (definition, kinds, case, command, cx) → Decision | Refusal      pure
//!                                3 evolve    events → next case                                                pure, total
//!                                4 commit    one transaction; a conflict loads and decides again, at most 3 times
//! worker:  lease a job → run its executor → dispatch(Resume), which finishes the job in the same commit
//! ```
//! Start reading at [`decide::decide`], then [`evolve::evolve`] and [`dispatch::Engine::dispatch`].
//!
//! # Glossary
//! - **case** ([`case::Case`]): one request, folded from its events; status, step and outcome.
//! - **command** ([`command::Command`]): something a person, a job or the owner wants to happen to a case.
//! - **event** ([`event::Event`]): what did happen; holds no personal data and no secret.
//! - **sealed state** ([`sealed::Sealed`]): personal data and secrets of a case, encrypted beside its events.
//! - **step kind** ([`kind::StepKind`]): the logic of one kind of step; a *step* is its use in a workflow, a *step run* one visit.
//! - **turn** ([`kind::Turn`]): what a step answers to an input: new state, facts, effects, and whether it is done.
//! - **fact**, **proof**, **signal**: what a step learned, what a passed step counts as, a risk observation.
//! - **effect** ([`effect::Effect`]) and **job** ([`effect::Job`]): a side effect asked for, and its row that waits to run.
//! - **guard** ([`guard::Guard`]): a conditional write outside the case, in the case's transaction.
//!
//! # Deliberately absent
//! No HTTP, SQL, clock, randomness or runtime: [`cx::Cx`] hands in the time, the entropy, the keys and what lookups answered.

pub mod answers;
pub mod case;
pub mod chain;
pub mod codes;
pub mod command;
pub mod conversation;
pub mod cx;
pub mod decide;
pub mod dispatch;
pub mod effect;
pub mod event;
pub mod evolve;
pub mod guard;
pub mod ids;
pub mod inspection;
pub mod kind;
pub mod link;
pub mod picture;
pub mod ports;
pub mod quiet;
pub mod refusal;
pub mod review;
pub mod sealed;
pub mod step_up;
pub mod texts;
pub mod time;
pub mod workflow;
