//! A bench for the tests of one step: a hand-made context, with turns applied as the engine would.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use readmit_core::answers::{AccountView, Answers};
use readmit_core::case::{Case, Class, Proven};
use readmit_core::command::{Actor, Human};
use readmit_core::cx::{Entropy, Keys};
use readmit_core::evolve::blank;
use readmit_core::guard::{Bucket, Guard, Standing, Wrong};
use readmit_core::ids::{AccountId, CaseId, CaseRef, Digest, Tag};
use readmit_core::kind::{Declared, FactValue, Fields, Input, Status, StepCx, StoredFile, Turn};
use readmit_core::refusal::Refusal;
use readmit_core::sealed::{Sealed, Snapshot};
use readmit_core::texts::Texts;
use readmit_core::time::{At, Span};
use readmit_core::workflow::definition::{Definition, Limits, RemedySpec, Step};
use readmit_core::workflow::expr::Expr;
use readmit_core::workflow::policy::{Policy, Profile};
use readmit_core::workflow::queues::Queues;

use crate::face::{Brand, ClaimantView, Face, Form, Fragment, ReviewerView};

pub(crate) struct Bench {
    kind: &'static dyn Face,
    pub(crate) step: Step,
    pub(crate) definition: Definition,
    pub(crate) case: Case,
    pub(crate) sealed: Sealed,
    pub(crate) now: At,
    pub(crate) entropy: Entropy,
    pub(crate) keys: Keys,
    pub(crate) answers: Answers,
    pub(crate) standing: Standing,
    pub(crate) by: Actor,
    pub(crate) phones: bool,
    policy: Policy,
}

/// So many random cases; PROPTEST_CASES asks for more in proportion to 256, which is proptest's own number.
pub(crate) fn cases(usual: u32) -> proptest::prelude::ProptestConfig {
    let asked = proptest::prelude::ProptestConfig::default().cases;
    proptest::prelude::ProptestConfig::with_cases(usual * (asked / 256).max(1))
}

/// A Thursday in March, at noon.
pub(crate) const NOON: At = At(1_773_316_800_000_000);

impl Bench {
    pub(crate) fn of(kind: &'static dyn Face, config: serde_json::Value) -> Self {
        let step = Step {
            name: "step".into(),
            kind: kind.name().into(),
            config,
            then: BTreeMap::new(),
            visits: 4,
            line: 1,
        };
        let conditions = kind
            .declare(&step)
            .map(|declared| declared.conditions)
            .unwrap_or_default();
        let definition = Definition {
            name: "test".into(),
            class: Class::Recovery,
            title: BTreeMap::from([("en".into(), "Test".into())]),
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
            start: "step".into(),
            steps: vec![step.clone()],
            hash: Digest([1; 32]),
            conditions: conditions
                .into_iter()
                .map(|condition| (condition.clone(), Expr::parse(&condition).unwrap()))
                .collect(),
        };
        let mut case = blank(CaseId(uuid::Uuid::from_u128(7)));
        (case.step, case.run) = ("step".into(), 1);
        Self {
            kind,
            step,
            definition,
            case,
            sealed: Sealed {
                salt: vec![1; 32],
                ..Sealed::default()
            },
            now: NOON,
            entropy: Entropy([3; 32]),
            keys: Keys {
                case: [4; 32],
                index: [5; 32],
            },
            answers: Answers::default(),
            standing: Standing::default(),
            by: Actor::Claimant {
                prefix: Tag([6; 32]),
                human: Human::Unchecked,
            },
            phones: true,
            policy: Policy {
                packs: std::collections::BTreeMap::new(),
                sim_settled: readmit_core::time::Span::days(7),
                profile: Profile::Published,
                values: BTreeMap::new(),
                hash: Digest([2; 32]),
            },
        }
    }

    pub(crate) fn cx(&self) -> StepCx<'_> {
        StepCx {
            definition: &self.definition,
            step: &self.step,
            case: &self.case,
            sealed: &self.sealed,
            now: self.now,
            entropy: &self.entropy,
            keys: &self.keys,
            answers: &self.answers,
            standing: &self.standing,
            policy: &self.policy,
            phones: self.phones,
            by: self.by,
        }
    }

    pub(crate) fn declare(&self) -> Result<Declared, String> {
        self.kind.declare(&self.step)
    }

    pub(crate) fn lookups(&self, input: &Input) -> Vec<readmit_core::answers::Lookup> {
        self.kind.lookups(&self.cx(), input)
    }

    pub(crate) fn proves(&self, input: &Input) -> bool {
        self.kind.proves(&self.cx(), input)
    }

    /// Enters the step, as a new run.
    pub(crate) fn enter(&mut self) -> Turn {
        self.case.state = serde_json::Value::Null;
        let turn = self.kind.enter(&self.cx());
        self.apply(&turn);
        turn
    }

    /// What an input would come to.
    pub(crate) fn turn(&self, input: Input) -> Result<Turn, Refusal> {
        self.kind.turn(&self.cx(), &input)
    }

    /// Takes an input.
    pub(crate) fn go(&mut self, input: Input) -> Turn {
        let turn = self.turn(input).unwrap();
        self.apply(&turn);
        turn
    }

    /// Takes an input that ends the step.
    pub(crate) fn outcome(&mut self, input: Input) -> String {
        match self.go(input).status {
            Status::Done { outcome } => outcome,
            other => panic!("the step goes on: {other:?}"),
        }
    }

    fn apply(&mut self, turn: &Turn) {
        self.case.state = turn.state.clone();
        if let Some(sealed) = &turn.sealed {
            self.sealed.steps.insert(self.step.name.clone(), sealed.clone());
        }
        if let Some((address, account)) = &turn.learned.claimant {
            (self.sealed.address, self.sealed.account) = (Some(address.clone()), account.clone());
        }
        for (name, value) in &turn.facts {
            self.case
                .facts
                .insert(format!("{}.{name}", self.step.name), value.clone());
        }
        for guard in &turn.guards {
            match guard {
                Guard::Spend(bucket) => self.spend(bucket, 1),
                Guard::Tried { streak, wrong, .. } => {
                    let now = Wrong {
                        tries: *wrong,
                        last: self.now,
                    };
                    self.standing.wrong.insert(streak.tag, now);
                }
                Guard::KeepQuestions { set, .. } => self.standing.account_mut().questions = set.clone(),
                _ => {}
            }
        }
    }

    /// Waits as long as wrong tries may make one wait.
    pub(crate) fn sit_out(&mut self) {
        self.now = self.now + Span::hours(1);
    }

    /// Uses the bucket up by so much.
    pub(crate) fn spend(&mut self, bucket: &Bucket, n: u32) {
        *self.standing.spent.entry(bucket.tag).or_default() += n;
    }

    /// Makes the case a proven one.
    pub(crate) fn prove(&mut self, address: &str, account: &str) {
        let account = AccountId(account.into());
        self.sealed.address = Some(address.into());
        self.sealed.account = Some(account.clone());
        self.sealed.snapshot = Some(Snapshot {
            at: self.now,
            view: AccountView {
                id: account,
                email: address.into(),
                name: "Ada".into(),
                language: "en".into(),
                attributes: BTreeMap::new(),
                since: None,
                last_sign_in: None,
            },
            derived: BTreeMap::new(),
        });
        self.case.proven = Some(Proven {
            reference: CaseRef::from_bits(42),
            at: self.now,
        });
    }

    pub(crate) fn attribute(&mut self, name: &str, value: FactValue) {
        self.sealed
            .snapshot
            .as_mut()
            .unwrap()
            .view
            .attributes
            .insert(name.into(), value);
    }

    /// An attribute as it was read last.
    pub(crate) fn latest(&mut self, name: &str, value: FactValue) {
        let mut latest = self.sealed.snapshot.clone().unwrap();
        latest.view.attributes.insert(name.into(), value);
        self.sealed.latest = Some(latest);
    }

    pub(crate) fn fact(&mut self, name: &str, value: FactValue) {
        self.case.facts.insert(name.into(), value);
    }

    /// The claimant's page.
    pub(crate) fn page(&self, texts: &Texts, language: &str, problem: Option<&Refusal>, kept: &Fields) -> Fragment {
        let brand = brand();
        self.kind
            .claimant(&self.view(texts, language, problem, kept, &brand))
            .unwrap()
    }

    pub(crate) fn view<'a>(
        &'a self,
        texts: &'a Texts,
        language: &'a str,
        problem: Option<&'a Refusal>,
        kept: &'a Fields,
        brand: &'a Brand,
    ) -> ClaimantView<'a> {
        ClaimantView {
            case: &self.case,
            sealed: &self.sealed,
            definition: &self.definition,
            step: &self.step,
            texts,
            language,
            now: self.now,
            form: Form {
                action: "/case/step",
                token: "tok",
                run: self.case.run,
                check: Some(18),
            },
            problem,
            kept,
            brand,
            queues: queues(),
            settings: None,
            added: None,
        }
    }

    /// The reviewer's findings.
    pub(crate) fn findings(&self, texts: &Texts) -> Option<Fragment> {
        let brand = brand();
        self.kind
            .reviewer(&ReviewerView {
                case: &self.case,
                sealed: &self.sealed,
                definition: &self.definition,
                step: &self.step,
                texts,
                language: "en",
                now: self.now,
                brand: &brand,
            })
            .unwrap()
    }
}

/// The queues as shipped.
pub(crate) fn queues() -> &'static Queues {
    static QUEUES: LazyLock<Queues> =
        LazyLock::new(|| Queues::read(include_str!("../../../workflows/queues.yaml")).unwrap());
    &QUEUES
}

pub(crate) fn brand() -> Brand {
    Brand {
        name: "Northwind".into(),
        support_url: "https://northwind.example/help".into(),
        sign_in_url: "https://northwind.example/sign-in".into(),
        mail_from: "no-reply@northwind.example".into(),
        claimant_origin: "https://recover.northwind.example".into(),
    }
}

pub(crate) fn form(verb: &str, fields: &[(&str, &str)]) -> Input {
    files(verb, fields, Vec::new())
}

pub(crate) fn files(verb: &str, fields: &[(&str, &str)], files: Vec<StoredFile>) -> Input {
    Input::Form {
        verb: verb.into(),
        fields: Fields(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()),
        files,
    }
}
