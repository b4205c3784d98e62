//! Step kinds that only declare themselves, and the shipped files: what the tests of the language work with. The kinds
//! read the same configurations and declare the same as the real ones.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::check::{Checked, Library, read};
use super::definition::Step;
use super::fault::Fault;
use super::policy::PolicyFile;
use super::queues::Queues;
use super::table::Table;
use super::vocabulary::Vocabulary;
use crate::case::{Phase, WaitsFor};
use crate::kind::{Declared, DeclaredFact, DeclaredOutcome, FactValue, Grant, Input, Kinds, StepCx, StepKind, Turn};
use crate::refusal::Refusal;
use crate::time::Span;

pub(super) const PASSKEY_RESET: &str = include_str!("../../../../workflows/passkey-reset/workflow.yaml");

/// A kind that declares and does nothing.
struct Sample {
    name: &'static str,
    declare: fn(&Step) -> Result<Declared, String>,
}

impl StepKind for Sample {
    fn name(&self) -> &'static str {
        self.name
    }
    fn phase(&self) -> Phase {
        Phase::Open
    }
    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Claimant
    }
    fn declare(&self, step: &Step) -> Result<Declared, String> {
        (self.declare)(step)
    }
    fn enter(&self, _: &StepCx<'_>) -> Turn {
        Turn::waiting(serde_json::Value::Null)
    }
    fn turn(&self, _: &StepCx<'_>, _: &Input) -> Result<Turn, Refusal> {
        Err(Refusal::NotAllowed)
    }
}

pub(super) struct Samples;

impl Kinds for Samples {
    fn get(&self, name: &str) -> Option<&dyn StepKind> {
        KINDS
            .iter()
            .find(|kind| kind.name == name)
            .map(|kind| kind as &dyn StepKind)
    }
}

static KINDS: [Sample; 10] = [
    Sample {
        name: "agreement",
        declare: agreement,
    },
    Sample {
        name: "credentials",
        declare: credentials,
    },
    Sample {
        name: "code",
        declare: code,
    },
    Sample {
        name: "totp",
        declare: totp,
    },
    Sample {
        name: "questions",
        declare: questions,
    },
    Sample {
        name: "documents",
        declare: documents,
    },
    Sample {
        name: "review",
        declare: review,
    },
    Sample {
        name: "decision",
        declare: decision,
    },
    Sample {
        name: "wait",
        declare: wait,
    },
    Sample {
        name: "remedy",
        declare: remedy,
    },
];

fn config<T: DeserializeOwned>(step: &Step) -> Result<T, String> {
    serde_json::from_value(step.config.clone()).map_err(|error| error.to_string())
}

fn outcome(name: &str, grant: Grant) -> DeclaredOutcome {
    DeclaredOutcome {
        name: name.into(),
        grant,
        possession: false,
    }
}

fn plain(names: &[&str]) -> Vec<DeclaredOutcome> {
    names.iter().map(|name| outcome(name, Grant::Nothing)).collect()
}

fn agreement(step: &Step) -> Result<Declared, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        text: String,
    }
    let config: Config = config(step)?;
    Ok(Declared {
        outcomes: plain(&["agreed"]),
        texts: vec![config.text],
        ..Declared::default()
    })
}

fn credentials(step: &Step) -> Result<Declared, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        ask: Vec<String>,
        #[serde(default)]
        tries: Option<u32>,
    }
    let config: Config = config(step)?;
    if config.ask.iter().any(|ask| ask == "email") {
        let words = ["unknown", "right", "wrong", "locked"];
        return Ok(Declared {
            outcomes: plain(&["entered", "forgotten"]),
            facts: vec![DeclaredFact {
                name: "password".into(),
                values: words.iter().map(|word| FactValue::Word((*word).into())).collect(),
                held: true,
            }],
            ..Declared::default()
        });
    }
    let _ = config.tries;
    let outcomes = plain(&["right", "forgotten", "locked", "exhausted"]);
    Ok(Declared {
        outcomes,
        reads_account: true,
        ..Declared::default()
    })
}

fn code(step: &Step) -> Result<Declared, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        channel: String,
        #[serde(default)]
        #[expect(dead_code, reason = "read to be refused when misspelt")]
        digits: Option<u32>,
        #[serde(default)]
        #[expect(dead_code, reason = "as above")]
        tries: Option<u32>,
        #[serde(default)]
        #[expect(dead_code, reason = "as above")]
        resends: Option<u32>,
        #[serde(default)]
        #[expect(dead_code, reason = "as above")]
        ttl: Option<Span>,
    }
    let config: Config = config(step)?;
    let proof = Grant::Now(format!("code.{}", config.channel));
    let passed = DeclaredOutcome {
        name: "passed".into(),
        grant: proof,
        possession: true,
    };
    Ok(Declared {
        outcomes: vec![passed, outcome("exhausted", Grant::Nothing)],
        ..Declared::default()
    })
}

fn totp(_: &Step) -> Result<Declared, String> {
    let passed = DeclaredOutcome {
        name: "passed".into(),
        grant: Grant::Now("totp".into()),
        possession: true,
    };
    Ok(Declared {
        outcomes: vec![passed, outcome("exhausted", Grant::Nothing)],
        ..Declared::default()
    })
}

fn questions(_: &Step) -> Result<Declared, String> {
    let mut outcomes = plain(&["gave_up", "exhausted"]);
    outcomes.insert(0, outcome("passed", Grant::Now("questions".into())));
    let wrong = DeclaredFact {
        name: "wrong".into(),
        values: (0..3).map(FactValue::Int).collect(),
        held: false,
    };
    Ok(Declared {
        outcomes,
        facts: vec![wrong],
        reads_account: true,
        ..Declared::default()
    })
}

fn documents(step: &Step) -> Result<Declared, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        slots: Vec<Slot>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read to be refused when misspelt")]
    struct Slot {
        slot: String,
        rules: String,
        min: u32,
        max: u32,
        r#if: Option<String>,
    }
    let config: Config = config(step)?;
    Ok(Declared {
        outcomes: vec![outcome("submitted", Grant::Pending("documents".into()))],
        conditions: config.slots.iter().filter_map(|slot| slot.r#if.clone()).collect(),
        slots: config.slots.into_iter().map(|slot| slot.slot).collect(),
        reads_account: true,
        ..Declared::default()
    })
}

fn review(step: &Step) -> Result<Declared, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        #[expect(dead_code, reason = "the checker reads it")]
        queue: String,
        approvals: Table<u32>,
    }
    let config: Config = config(step)?;
    let asks = step.then.keys().filter(|name| name.starts_with("ask_"));
    let asks = asks.map(|name| outcome(name, Grant::Drop));
    let decided = [outcome("approved", Grant::Confirm), outcome("rejected", Grant::Drop)];
    Ok(Declared {
        outcomes: decided.into_iter().chain(asks).collect(),
        conditions: config.approvals.conditions().map(str::to_owned).collect(),
        approvals: Some(config.approvals),
        reads_account: true,
        ..Declared::default()
    })
}

fn decision(step: &Step) -> Result<Declared, String> {
    #[derive(Deserialize)]
    struct Config {
        rules: Vec<Rule>,
    }
    #[derive(Deserialize)]
    struct Rule {
        r#if: Option<String>,
    }
    let config: Config = config(step)?;
    let routes: Vec<(Option<String>, String)> = config
        .rules
        .into_iter()
        .zip(1..)
        .map(|(rule, number)| match rule.r#if {
            Some(condition) => (Some(condition), number.to_string()),
            None => (None, "else".to_owned()),
        })
        .collect();
    Ok(Declared {
        outcomes: routes.iter().map(|(_, name)| outcome(name, Grant::Nothing)).collect(),
        conditions: routes.iter().filter_map(|(condition, _)| condition.clone()).collect(),
        routes,
        ..Declared::default()
    })
}

fn wait(step: &Step) -> Result<Declared, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        r#for: Table<Span>,
    }
    let config: Config = config(step)?;
    Ok(Declared {
        outcomes: plain(&["elapsed"]),
        conditions: config.r#for.conditions().map(str::to_owned).collect(),
        wait: Some(config.r#for),
        ..Declared::default()
    })
}

fn remedy(_: &Step) -> Result<Declared, String> {
    Ok(Declared {
        outcomes: plain(&["done", "given_up"]),
        remedy: true,
        ..Declared::default()
    })
}

/// The files beside a workflow, as shipped.
pub(super) struct Shipped {
    pub(super) vocabulary: Vocabulary,
    pub(super) policy: PolicyFile,
    pub(super) queues: Queues,
    names: BTreeSet<String>,
}

impl Shipped {
    pub(super) fn files() -> Self {
        let names = [
            "RA-1",
            "RA-2",
            "passkey-reset",
            "account_email",
            "counterparty_transaction",
        ];
        let vocabulary = Vocabulary::read(include_str!("../../../../workflows/vocabulary.yaml")).unwrap();
        Self {
            policy: PolicyFile::read(include_str!("../../../../workflows/policy.yaml"), &vocabulary).unwrap(),
            queues: Queues::read(include_str!("../../../../workflows/queues.yaml")).unwrap(),
            vocabulary,
            names: names.map(str::to_owned).into(),
        }
    }

    pub(super) fn library(&self) -> Library<'_> {
        Library {
            kinds: &Samples,
            vocabulary: &self.vocabulary,
            policy: &self.policy,
            queues: &self.queues,
            analyses: &self.names,
            texts: &self.names,
            slots: &self.names,
            workflows: &self.names,
        }
    }

    pub(super) fn read(&self, body: &str) -> Result<Checked, Vec<Fault>> {
        read(body, &self.library())
    }
}
