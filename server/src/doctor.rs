//! Whether everything that an installation needs is there: one line a part, with what to do about what is not. The
//! command line says it, and the operators' page does.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use readmit_core::effect::EffectError;
use readmit_core::ports::Surroundings as _;
use readmit_core::time::{At, Span};
use readmit_storage::{Db, Room, StorageError};
use readmit_web::Check;
use readmit_worker::ports::Mailer;
use reqwest::Url;
use tokio::net::TcpStream;

use crate::config::Config;
use crate::host_client::client;
use crate::models;
use crate::surroundings::Real;

/// How long one part may take to answer.
const LIMIT: Duration = Duration::from_secs(5);
/// How far the machine's clock and the database's may lie apart: leases and codes are measured on the first.
const APART: Span = Span::seconds(2);
/// A job that waits longer than this waits for a worker that is not there.
const LATE: Span = Span::minutes(5);
/// How many ranges of numbers are named.
const RANGES: usize = 3;

/// Who looks. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Doctor {
    mailer: Arc<dyn Mailer>,
    host: Url,
    models: PathBuf,
    scanner: Option<String>,
}

/// What to do, where something is wrong.
type Advice = (String, &'static str);

impl Doctor {
    pub(crate) fn new(config: &Config, mailer: Arc<dyn Mailer>) -> Self {
        Self {
            mailer,
            host: config.host.url.clone(),
            models: config.reading.models.clone(),
            scanner: config.reading.scanner.clone(),
        }
    }

    /// Looks at everything at once, with the stores as they could be opened; `now` by the clock of the jobs.
    pub(crate) async fn examine(&self, stores: Result<&Db, &StorageError>, now: At) -> Vec<Check> {
        let (stores, mail, host, scanner) =
            tokio::join!(examine_stores(stores, now), self.mail(), self.host(), self.scanner());
        let mut checks = stores;
        checks.extend([mail, host, self.models()]);
        checks.extend(scanner);
        checks
    }

    async fn mail(&self) -> Check {
        let answer = in_time(async {
            match self.mailer.reach().await {
                Ok(()) => Ok(()),
                Err(EffectError::Retry(why) | EffectError::Permanent(why)) => Err(why),
            }
        })
        .await;
        check(
            "Mail server",
            answer
                .map(|()| "answers".into())
                .map_err(|why| (why, "look at mail.server, its password and the network")),
        )
    }

    async fn host(&self) -> Check {
        let answer = in_time(async {
            let client = client(&self.host, LIMIT)?;
            // What it says to a call that nobody signed does not matter: it is there.
            client
                .get(self.host.clone())
                .send()
                .await
                .map_err(|_| "it does not answer".to_owned())
        });
        check(
            "Host",
            answer
                .await
                .map(|_| "answers".into())
                .map_err(|why| (why, "look at host.url and the host's own servers")),
        )
    }

    fn models(&self) -> Check {
        let there = models::ready(&self.models).map(|_| "there".to_owned());
        check(
            "Models",
            there.ok_or((
                "missing: pictures are not read".into(),
                "run readmit models fetch on every machine that works",
            )),
        )
    }

    async fn scanner(&self) -> Option<Check> {
        let at = self.scanner.as_ref()?;
        let answer = in_time(async { TcpStream::connect(at).await.map_err(|error| error.to_string()) }).await;
        Some(check(
            "Virus scanner",
            answer
                .map(|_| "answers".into())
                .map_err(|why| (why, "look at reading.scanner; pictures wait for it")),
        ))
    }
}

async fn examine_stores(stores: Result<&Db, &StorageError>, now: At) -> Vec<Check> {
    let db = match stores {
        Ok(db) => db,
        Err(error) => return vec![check("Database and keys", Err((error.to_string(), opening(error))))],
    };
    let answers = in_time(async { db.ready().await.map_err(|error| (error.to_string(), opening(&error))) });
    let answers = answers.await.map(|()| "ok".into());
    let (room, published, evidence, clock, jobs, codes) = tokio::join!(
        room(db),
        published(db),
        evidence(db),
        clock(db),
        jobs(db, now),
        codes(db, now)
    );
    let mut checks = vec![check("Database and keys", answers)];
    checks.extend(room);
    checks.extend([published, evidence, clock, jobs, codes]);
    checks
}

fn opening(error: &StorageError) -> &'static str {
    match error {
        StorageError::NotMigrated => "run readmit migrate",
        StorageError::Key(_) => "put the right master key and key shelf into place; without them nothing can be read",
        _ => "look at storage.database, storage.keys and the database's own log",
    }
}

/// The room that an owner's objection gets when the disk is full (RF-11).
async fn room(db: &Db) -> Option<Check> {
    let told = match in_time(async { db.room_for_objections().await.map_err(|error| error.to_string()) }).await {
        Ok(None) => return None,
        Ok(Some(Room::Kept)) => Ok("is kept".into()),
        Ok(Some(Room::Empty)) => Err((
            "it was given up: nothing but objections is written".into(),
            "make room on the database's disk; the nodes fill it within a minute",
        )),
        Ok(Some(Room::Missing)) => Err((
            "its table is missing".into(),
            "run readmit migrate, then migrations/roles.sql",
        )),
        Ok(Some(Room::NotOurs)) => Err(("it may not be given up".into(), "run migrations/roles.sql")),
        Err(why) => Err((why, "see the database")),
    };
    Some(check("Room for objections", told))
}

async fn published(db: &Db) -> Check {
    let found = in_time(async { db.current_policy().await.map_err(|error| error.to_string()) }).await;
    let told = match found {
        Ok(Some(policy)) => Ok(format!("ok, by the profile {:?}", policy.profile).to_lowercase()),
        Ok(None) => Err(("none is published".into(), "run readmit migrate")),
        Err(why) => Err((why, "see the database")),
    };
    check("Workflows", told)
}

async fn evidence(db: &Db) -> Check {
    let taken = in_time(async { db.evidence_ready().await.map_err(|error| error.to_string()) }).await;
    check(
        "Evidence store",
        taken
            .map(|()| "takes files".into())
            .map_err(|why| (why, "look at storage.evidence or storage.s3, its rights and room")),
    )
}

async fn clock(db: &Db) -> Check {
    let there = in_time(async { db.database_clock().await.map_err(|error| error.to_string()) }).await;
    let told = match there {
        Ok(None) => Ok("the database is on this machine".into()),
        Ok(Some(there)) => {
            let here = Real.now();
            let apart = if here > there { here - there } else { there - here };
            if apart > APART {
                let told = format!("{} s apart from the database's", apart.as_seconds());
                Err((told, "let NTP set both machines' clocks"))
            } else {
                Ok("agrees with the database's".into())
            }
        }
        Err(why) => Err((why, "see the database")),
    };
    check("Clock", told)
}

async fn jobs(db: &Db, now: At) -> Check {
    let told = match in_time(async { db.backlog(now).await.map_err(|error| error.to_string()) }).await {
        Ok(jobs) if jobs.since.is_some_and(|since| now - since > LATE) => Err((
            format!("{} are late", jobs.due),
            "start readmit work or readmit all, or more of them",
        )),
        Ok(jobs) if jobs.dead > 0 => Err((format!("{} were given up", jobs.dead), "see the page Operations")),
        Ok(_) => Ok("none is late, none was given up".into()),
        Err(why) => Err((why, "see the database")),
    };
    check("Jobs", told)
}

/// Codes by text message come back, or somebody may have them sent to be paid for the messages (OT-07).
async fn codes(db: &Db, now: At) -> Check {
    let told = match in_time(async { db.quiet_ranges(now, RANGES).await.map_err(|error| error.to_string()) }).await {
        Ok(ranges) if ranges.is_empty() => Ok("come back from every range of numbers".into()),
        Ok(ranges) => {
            let told = ranges.iter().map(|range| {
                format!(
                    "{}…: {} of {} came back in a day",
                    range.range, range.redeemed, range.sent
                )
            });
            Err((
                told.collect::<Vec<_>>().join("; "),
                "somebody may earn by having them sent: stop the range at the gateway, and ask its carrier",
            ))
        }
        Err(why) => Err((why, "see the database")),
    };
    check("Codes by text message", told)
}

fn check(what: &'static str, told: Result<String, Advice>) -> Check {
    match told {
        Ok(says) => Check {
            what,
            says,
            advice: None,
        },
        Err((says, advice)) => Check {
            what,
            says,
            advice: Some(advice),
        },
    }
}

/// The answer, or that there was none in time.
async fn in_time<T, E: From<NoAnswer>>(asked: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    tokio::time::timeout(LIMIT, asked)
        .await
        .unwrap_or_else(|_| Err(NoAnswer.into()))
}

struct NoAnswer;

impl From<NoAnswer> for String {
    fn from(_: NoAnswer) -> Self {
        "no answer in time".into()
    }
}

impl From<NoAnswer> for Advice {
    fn from(none: NoAnswer) -> Self {
        (none.into(), "look at the database and the network")
    }
}
