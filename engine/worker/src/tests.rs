//! The loop against ports that fail on demand: what runs again, what is told, what is buried.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use readmit_core::answers::{AccountView, LedgerRow};
use readmit_core::case::{Phase, Proven, Remedy};
use readmit_core::command::{Act, Command};
use readmit_core::cx::{Entropy, Keys};
use readmit_core::dispatch::{Dispatched, Dispatcher, Dispatching, How};
use readmit_core::effect::{Effect, EffectError, Job, Lane, Lease, Notice};
use readmit_core::evolve::blank;
use readmit_core::ids::{AccountId, BlobId, CaseId, CaseRef, Digest, JobId, RequestKey};
use readmit_core::inspection::{Known, Owner, Rules};
use readmit_core::kind::JobResult;
use readmit_core::ports::Loaded;
use readmit_core::sealed::{Channel, Sealed};
use readmit_core::texts::Texts;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::{Definition, Limits, RemedySpec, Step};
use readmit_core::workflow::policy::Policy;
use readmit_steps::Brand;
use readmit_steps::documents::Piece;
use uuid::Uuid;

use crate::ports::{
    Answered, Banner, Delivered, Host, Inspects, Jobs, Leased, Ledger, Mail, Mailer, Opened, Order, Pending, Print,
    Return, SmsGateway,
};
use crate::{Words, Worker};

mod pictures;

/// Everything behind the ports, and what came through them.
#[derive(Default)]
struct Outside {
    now: At,
    jobs: Vec<Job>,
    finished: Vec<(JobId, Option<Delivered>)>,
    buried: Vec<(JobId, String)>,
    told: Vec<(RequestKey, Act)>,
    mails: Vec<Mail>,
    banners: Vec<Banner>,
    orders: Vec<(CaseId, Order)>,
    /// What the host answers next; when empty, it is done.
    answers: VecDeque<Result<Answered, EffectError>>,
    /// What the mail server answers next; when empty, it takes the mail.
    smtp: VecDeque<Result<(), EffectError>>,
    begun: bool,
    /// The picture that the case holds.
    piece: Option<Piece>,
    known: Vec<Known>,
    kept: Vec<Vec<u8>>,
    discarded: Vec<BlobId>,
    /// What inspections answer; when empty, they end without one.
    inspections: VecDeque<Option<Opened>>,
    inspected: Vec<(String, Owner)>,
    /// The case moved on: it has no use for results.
    moved_on: bool,
}

#[derive(Clone, Default)]
struct World(Arc<Mutex<Outside>>);

impl World {
    fn with<T>(&self, use_it: impl FnOnce(&mut Outside) -> T) -> T {
        use_it(&mut self.0.lock().unwrap())
    }

    fn loaded(&self) -> Loaded {
        let mut case = blank(CASE);
        case.phase = Phase::CarryingOut;
        case.remedy = if self.with(|world| world.begun) {
            Remedy::Begun
        } else {
            Remedy::NotBegun
        };
        case.proven = Some(Proven {
            reference: CaseRef::from_bits(7),
            at: At(0),
        });
        Loaded {
            case,
            head: Digest::default(),
            sealed: Sealed {
                account: Some(AccountId("acc".into())),
                address: Some("ada@example.com".into()),
                channels: vec![
                    Channel::Email {
                        address: "ada@example.com".into(),
                    },
                    Channel::Banner,
                ],
                steps: self.with(|world| {
                    let pieces: Vec<Piece> = world.piece.iter().cloned().collect();
                    [("documents".to_owned(), serde_json::to_value(pieces).unwrap())].into()
                }),
                ..Sealed::default()
            },
            keys: Keys {
                case: [1; 32],
                index: [2; 32],
            },
            lease_until: None,
            readable: true,
        }
    }

    fn worker(&self) -> Arc<Worker<World>> {
        Arc::new(Worker {
            jobs: self.clone(),
            dispatcher: Arc::new(self.clone()),
            mailer: Arc::new(self.clone()),
            sms: Arc::new(self.clone()),
            host: Arc::new(self.clone()),
            inspections: Arc::new(self.clone()),
            words: Words {
                texts: Arc::new(Texts::default()),
                brand: Brand {
                    claimant_origin: "https://recover.example".into(),
                    ..Brand::default()
                },
            },
        })
    }

    fn add(&self, effect: Effect) -> JobId {
        let job = Job {
            id: JobId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000)),
            case: CASE,
            run: 0,
            due: At(0),
            effect,
            attempts: 0,
        };
        self.with(|world| world.jobs.push(job.clone()));
        job.id
    }

    /// Runs what is due, moves a day on, and so again, until nothing is left. Returns the number of runs.
    async fn run_dry(&self) -> usize {
        let worker = self.worker();
        let mut runs = 0;
        while self.with(|world| !world.jobs.is_empty()) && runs < 1_000 {
            runs += worker.run_due().await;
            self.with(|world| world.now = world.now + Span::days(1));
        }
        runs
    }
}

const CASE: CaseId = CaseId(Uuid::from_u128(9));

impl Jobs for World {
    type Error = Infallible;

    async fn lease(&self, most: u32, now: At, hold: Span, lane: Lane) -> Result<Vec<Leased>, Infallible> {
        Ok(self.with(|world| {
            let due = world
                .jobs
                .iter_mut()
                .filter(|job| job.due <= now && job.effect.lane() == lane)
                .take(most as usize);
            due.map(|job| {
                job.due = now + hold;
                Leased {
                    lease: Lease {
                        job: job.id,
                        until: job.due,
                    },
                    job: job.clone(),
                }
            })
            .collect()
        }))
    }

    async fn retry(&self, lease: Lease, due: At) -> Result<(), Infallible> {
        self.with(|world| {
            for job in world.jobs.iter_mut().filter(|job| job.id == lease.job) {
                job.due = due;
                job.attempts += 1;
            }
        });
        Ok(())
    }

    async fn letter(&self, job: &Job, why: &str, _: At) -> Result<(), Infallible> {
        self.with(|world| world.buried.push((job.id, why.into())));
        Ok(())
    }

    async fn bury(&self, lease: Lease, why: &str, _: At) -> Result<(), Infallible> {
        self.with(|world| {
            world.jobs.retain(|job| job.id != lease.job);
            world.buried.push((lease.job, why.into()));
        });
        Ok(())
    }

    async fn finish(&self, lease: Lease, _: At, delivered: Option<Delivered>) -> Result<(), Infallible> {
        self.with(|world| {
            world.jobs.retain(|job| job.id != lease.job);
            world.finished.push((lease.job, delivered));
        });
        Ok(())
    }

    async fn woken(&self) {
        std::future::pending().await
    }

    async fn opened(&self, _: CaseId) -> Result<Option<Loaded>, Infallible> {
        Ok(Some(self.loaded()))
    }

    /// The policy of an early case has no pack called `gone`.
    async fn rules(&self, _: Digest, pack: &str) -> Result<Option<Rules>, Infallible> {
        Ok((pack != "gone").then(|| Rules {
            name: pack.into(),
            ..Rules::default()
        }))
    }

    async fn definition(&self, _: Digest) -> Result<Option<Arc<Definition>>, Infallible> {
        Ok(Some(Arc::new(Definition {
            name: "reset".into(),
            class: readmit_core::case::Class::Recovery,
            title: std::collections::BTreeMap::new(),
            remedy: RemedySpec {
                reset: vec!["passkey".into()],
                lock_withdrawals: Some(Span::hours(24)),
                revoke: vec!["sessions".into()],
                ..RemedySpec::default()
            },
            limits: Limits {
                case: Span::days(30),
                step: Span::days(14),
            },
            start: "start".into(),
            steps: vec![Step {
                name: "documents".into(),
                kind: "documents".into(),
                config: serde_json::json!({"slots": [{"slot": "mail", "rules": "some-pack", "min": 1, "max": 1}]}),
                then: std::collections::BTreeMap::new(),
                visits: 1,
                line: 1,
            }],
            hash: Digest::default(),
            conditions: std::collections::BTreeMap::new(),
        })))
    }

    async fn policy(&self, _: Digest) -> Result<Option<Arc<Policy>>, Infallible> {
        Ok(None)
    }

    async fn is_quiet(&self, _address: &str, _now: At) -> Result<bool, Infallible> {
        Ok(false)
    }

    async fn returning(&self, _: Uuid, _: At) -> Result<Option<Return>, Infallible> {
        Ok(None)
    }

    async fn evidence(&self, _: CaseId, _: BlobId) -> Result<Vec<u8>, Infallible> {
        Ok(b"a picture".to_vec())
    }

    async fn keep(&self, _: CaseId, bytes: &[u8], _: At) -> Result<BlobId, Infallible> {
        Ok(self.with(|world| {
            world.kept.push(bytes.to_vec());
            BlobId(Uuid::from_u128(world.kept.len() as u128))
        }))
    }

    async fn discard(&self, _: CaseId, blob: BlobId) -> Result<(), Infallible> {
        self.with(|world| world.discarded.push(blob));
        Ok(())
    }

    async fn known(&self, _: &Print<'_>) -> Result<Vec<Known>, Infallible> {
        Ok(self.with(|world| world.known.clone()))
    }

    async fn tidy(&self, _: At) -> Result<(), Infallible> {
        Ok(())
    }
}

impl Dispatcher<Infallible> for World {
    fn dispatch(&self, command: Command) -> Dispatching<'_, Infallible> {
        Box::pin(async move {
            self.with(|world| {
                match &command.act {
                    Act::BeginRemedy { .. } => world.begun = true,
                    Act::Resume { lease, .. } => world.jobs.retain(|job| job.id != lease.job),
                    other => panic!("a worker never says {other:?}"),
                }
                world.told.push((command.key, command.act));
            });
            Ok(Dispatched {
                loaded: self.loaded(),
                how: if self.with(|world| world.moved_on) {
                    How::Obsolete
                } else {
                    How::Committed
                },
            })
        })
    }

    fn now(&self) -> At {
        self.with(|world| world.now)
    }

    fn entropy(&self) -> Entropy {
        Entropy([3; 32])
    }
}

impl Mailer for World {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, ()> {
        self.with(|world| world.mails.push(mail.clone()));
        Box::pin(async { self.with(|world| world.smtp.pop_front()).unwrap_or(Ok(())) })
    }

    fn reach(&self) -> Pending<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl SmsGateway for World {
    fn send<'a>(&'a self, _: JobId, _: &'a str, _: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(async { Ok(None) })
    }
}

impl Inspects for World {
    fn inspect<'a>(&'a self, rules: Rules, owner: Owner, _: &'a [u8]) -> Pending<'a, Option<Opened>> {
        Box::pin(async move {
            Ok(self.with(|world| {
                world.inspected.push((rules.name, owner));
                world.inspections.pop_front().flatten()
            }))
        })
    }

    fn at_a_time(&self) -> usize {
        2
    }
}

impl Host for World {
    fn ledger<'a>(&'a self, _: &'a AccountId) -> Pending<'a, Ledger> {
        let row = |kind: &str, txid: &str| LedgerRow {
            id: "W-1".into(),
            kind: kind.into(),
            asset: "BTC".into(),
            network: "bitcoin".into(),
            amount: "0.5".into(),
            fee: "0".into(),
            at: At(0),
            address: String::new(),
            txid: txid.into(),
            counterparty: String::new(),
        };
        let rows = vec![row("withdrawal", "f00d"), row("trade", "")];
        Box::pin(async move { Ok(Ledger { rows, goes_on: true }) })
    }

    fn account<'a>(&'a self, _: &'a AccountId) -> Pending<'a, Option<AccountView>> {
        Box::pin(async { Err(EffectError::Retry("away".into())) })
    }

    fn remedy<'a>(&'a self, _: &'a AccountId, key: CaseId, order: &'a Order) -> Pending<'a, Answered> {
        self.with(|world| world.orders.push((key, order.clone())));
        Box::pin(async {
            self.with(|world| world.answers.pop_front())
                .unwrap_or(Ok(Answered::Done))
        })
    }

    fn notice<'a>(&'a self, _: &'a AccountId, banner: &'a Banner) -> Pending<'a, ()> {
        self.with(|world| world.banners.push(banner.clone()));
        Box::pin(async { Ok(()) })
    }
}

fn away() -> EffectError {
    EffectError::Retry("the host did not answer".into())
}

fn results(world: &Outside) -> Vec<&JobResult> {
    let told = world.told.iter();
    told.filter_map(|(_, act)| match act {
        Act::Resume { result, .. } => Some(result),
        _ => None,
    })
    .collect()
}

/// A remedy whose answer was lost runs again under the same key, and the case hears of it once.
#[tokio::test]
async fn rf_16_a_remedy_cut_off_runs_again_under_its_key() {
    let world = World::default();
    world.add(Effect::Remedy);
    world.with(|world| world.answers.extend([Err(away()), Err(away())]));
    assert_eq!(world.run_dry().await, 3);
    world.with(|world| {
        assert!(
            world
                .orders
                .iter()
                .all(|(key, order)| *key == CASE && order == &world.orders[0].1)
        );
        assert_eq!(
            world.orders[0].1.lock_withdrawals,
            Span::hours(24),
            "RF-14: the lock rides in the same order"
        );
        assert_eq!(results(world), [&JobResult::Done(serde_json::Value::Null)]);
        let keys: std::collections::BTreeSet<_> = world.told.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys.len(), 2, "the point of no return and the result are two requests");
    });
}

#[tokio::test]
async fn a_remedy_is_never_ordered_before_its_point_of_no_return() {
    let world = World::default();
    world.add(Effect::Remedy);
    world.run_dry().await;
    world.with(|world| {
        assert!(matches!(world.told[0].1, Act::BeginRemedy { .. }));
        assert_eq!(world.orders.len(), 1);
    });
}

#[tokio::test]
async fn a_refused_remedy_is_told_at_once_and_a_dead_one_after_a_long_time() {
    let world = World::default();
    world.add(Effect::Remedy);
    world.with(|world| world.answers.push_back(Ok(Answered::Refused("closed".into()))));
    assert_eq!(world.run_dry().await, 1);
    world.with(|world| assert_eq!(results(world), [&JobResult::Refused("closed".into())]));

    let world = World::default();
    world.add(Effect::Remedy);
    world.with(|world| world.answers.extend((0..1_000).map(|_| Err(away()))));
    assert_eq!(world.run_dry().await, 64);
    world.with(|world| {
        assert_eq!(results(world), [&JobResult::Dead("the host did not answer".into())]);
        assert!(
            world.buried.is_empty(),
            "the case has heard of it: an operator's task opens there"
        );
    });
}

/// RF-09, RF-11: every notice that comes while the case can be stopped carries the way to stop it.
#[tokio::test]
async fn rf_11_notices_carry_the_veto_until_the_remedy() {
    for (begun, carried) in [(false, true), (true, false)] {
        let world = World::default();
        world.with(|world| world.begun = begun);
        world.add(Effect::Notice {
            notice: Notice::Approved,
            channel: 1,
        });
        world.run_dry().await;
        world.with(|world| {
            let stop = world.banners[0].stop.as_deref();
            assert_eq!(
                stop.is_some_and(|stop| stop.starts_with("https://recover.example/stop/")),
                carried
            );
            let delivered = world.finished[0].1.as_ref().unwrap();
            assert_eq!(delivered.what, "notice_sent");
        });
    }
}

#[tokio::test]
async fn a_mail_server_that_is_away_delays_a_notice_and_one_that_refuses_buries_it() {
    let notice = || Effect::Notice {
        notice: Notice::Started,
        channel: 0,
    };
    let world = World::default();
    world.add(notice());
    world.with(|world| {
        world
            .smtp
            .push_back(Err(EffectError::Retry("the mail server did not answer".into())))
    });
    assert_eq!(world.run_dry().await, 2);
    world.with(|world| {
        assert_eq!(world.mails[0], world.mails[1], "the same mail again");
        assert_eq!(world.finished.len(), 1);
    });

    let world = World::default();
    let job = world.add(notice());
    world.with(|world| {
        world
            .smtp
            .push_back(Err(EffectError::Permanent("the mail server said 550".into())))
    });
    assert_eq!(world.run_dry().await, 1);
    world.with(|world| assert_eq!(world.buried, [(job, "the mail server said 550".to_owned())]));
}

/// OT-05: what cannot be told from the challenge ends silently; nothing is sent for an address that nobody has.
#[tokio::test]
async fn ot_05_a_challenge_that_is_over_sends_nothing() {
    let world = World::default();
    world.add(Effect::SendCode { issue: 1 });
    world.add(Effect::Undelivered { issue: 1 });
    world.add(Effect::SendReturnCode { visit: Uuid::nil() });
    world.run_dry().await;
    world.with(|world| {
        assert!(world.mails.is_empty() && world.buried.is_empty() && world.told.is_empty());
        assert!(world.finished.iter().all(|(_, delivered)| delivered.is_none()));
    });
}
