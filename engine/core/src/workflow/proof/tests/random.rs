//! 10,000 random workflows: what is accepted never reaches its remedy without its proofs, approvals and waits.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::interpreter::{self, Dice};
use crate::kind::Kinds as _;
use crate::workflow::read::written;
use crate::workflow::samples::{Samples, Shipped};

/// Random workflows; PROPTEST_CASES asks for more in proportion to 256, which is proptest's own number.
fn workflows() -> u32 {
    10_000 * (Config::default().cases / 256).max(1)
}

const RUNS: usize = 24;

/// A tape of choices: what is random about a workflow, so that a failing one shrinks.
struct Tape<'a>(std::slice::Iter<'a, u16>);

impl Tape<'_> {
    fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const ACCOUNT: [&str; 6] = [
    "account.asset_tier == \"high\"",
    "account.disputed",
    "policy.profile == \"strict\"",
    "policy.profile == \"strict\" && !account.other_factor",
    "account.asset_tier in [\"standard\", \"high\"] || account.disputed",
    "!account.independent_channel",
];
const KINDS: [&str; 8] = [
    "code",
    "code",
    "totp",
    "questions",
    "documents",
    "review",
    "decision",
    "wait",
];
const WAITS: [&str; 3] = ["0s", "24h", "72h"];

/// The kind of every middle step: the first is mostly a code, and evidence mostly goes to a review.
fn kinds(tape: &mut Tape<'_>) -> Vec<&'static str> {
    let mut kinds = vec![if tape.one_in(8) { "questions" } else { "code" }];
    for _ in 0..2 + tape.below(6) {
        let after_documents = kinds.last() == Some(&"documents") && !tape.one_in(8);
        kinds.push(if after_documents { "review" } else { *tape.pick(&KINDS) });
    }
    if !tape.one_in(3) {
        kinds.push("wait");
    }
    kinds
}

fn condition(tape: &mut Tape<'_>, kinds: &[&str]) -> String {
    let asked = kinds.iter().position(|kind| *kind == "questions");
    match asked.filter(|_| tape.one_in(4)) {
        Some(step) => format!("s{step}.wrong >= {}", 1 + tape.below(2)),
        None => (*tape.pick(&ACCOUNT)).to_owned(),
    }
}

/// Where the outcome that means success leads: mostly to the next step, now and then further or back.
fn onward(tape: &mut Tape<'_>, at: usize, steps: usize) -> String {
    match tape.below(16) {
        0..=12 => step_name(at + 1, steps),
        13 | 14 => step_name(at + 2, steps),
        _ => step_name(tape.below(at + 1), steps),
    }
}

/// Where any other outcome leads.
fn aside(tape: &mut Tape<'_>, at: usize, steps: usize) -> String {
    match tape.below(8) {
        0..=2 => step_name(at + 1 + tape.below(3), steps),
        3 => step_name(tape.below(at + 1), steps),
        4 | 5 => "end.rejected".to_owned(),
        _ => "end.expired".to_owned(),
    }
}

fn step_name(step: usize, steps: usize) -> String {
    if step >= steps {
        "remedy".to_owned()
    } else {
        format!("s{step}")
    }
}

fn table(tape: &mut Tape<'_>, kinds: &[&str], values: &[&str]) -> String {
    if tape.one_in(3) {
        return (*tape.pick(values)).to_owned();
    }
    let (condition, is, other) = (condition(tape, kinds), *tape.pick(values), *tape.pick(values));
    format!("[{{if: '{condition}', is: {is}}}, {{else: {other}}}]")
}

fn step(tape: &mut Tape<'_>, at: usize, kinds: &[&str]) -> String {
    let steps = kinds.len();
    let on = onward(tape, at, steps);
    let visits = if tape.one_in(3) { "" } else { ", visits: 2" };
    let body = match kinds[at] {
        "code" => {
            let channel = if at == 0 || tape.one_in(2) { "email" } else { "sms" };
            format!("kind: code, channel: {channel}, then: {{passed: {on}, exhausted: end.expired}}")
        }
        "totp" => format!(
            "kind: totp, then: {{passed: {on}, exhausted: {}}}",
            aside(tape, at, steps)
        ),
        "questions" => {
            let (gave_up, exhausted) = (aside(tape, at, steps), aside(tape, at, steps));
            format!("kind: questions, then: {{passed: {on}, gave_up: {gave_up}, exhausted: {exhausted}}}")
        }
        "documents" => format!("kind: documents, slots: [], then: {{submitted: {on}}}"),
        "review" => {
            let approvals = table(tape, kinds, &["1", "2"]);
            let ask = if tape.one_in(2) {
                format!(", ask_more: {}", aside(tape, at, steps))
            } else {
                String::new()
            };
            format!(
                "kind: review, queue: recovery, approvals: {approvals}, then: {{approved: {on}, rejected: end.rejected{ask}}}"
            )
        }
        "decision" => {
            let (condition, go) = (condition(tape, kinds), aside(tape, at, steps));
            format!("kind: decision, rules: [{{if: '{condition}', go: {go}}}, {{else: {on}}}]")
        }
        _ => format!(
            "kind: wait, for: {}, then: {{elapsed: {on}}}",
            table(tape, kinds, &WAITS)
        ),
    };
    format!("  s{at}: {{{body}{visits}}}\n")
}

/// A workflow that often, but not always, keeps what it promises.
fn workflow(tape: &mut Tape<'_>) -> String {
    let kinds = kinds(tape);
    let mut steps: Vec<String> = (0..kinds.len()).map(|at| step(tape, at, &kinds)).collect();
    prune(&mut steps);
    let has = |kind: &str| steps.iter().any(|step| step.contains(&format!("kind: {kind}")));
    let proofs: Vec<&str> = ["totp", "questions", "documents"]
        .into_iter()
        .filter(|proof| has(proof))
        .collect();
    let mut body = String::from(
        "workflow: random\nclass: recovery\ntitle: {en: Random}\nlimits: {case: 30d, step: 14d}\n\
         remedy: {reset: [passkey], lock_withdrawals: 24h, revoke: [sessions, trusted_devices, api_keys]}\ndeviates:\n",
    );
    for requirement in ["QS-01", "RF-01", "RF-10", "RF-12", "IN-01"] {
        if !tape.one_in(20) {
            body += &format!("  - {{from: {requirement}, if: 'true', analysis: RA-1}}\n");
        }
    }
    let any_of = if proofs.is_empty() {
        String::new()
    } else {
        format!(", {{any_of: [{}]}}", proofs.join(", "))
    };
    body += &format!(
        "proof:\n  require: [code.email{}]\n",
        if tape.one_in(2) { any_of } else { String::new() }
    );
    let when: Vec<String> = (0..tape.below(3)).map(|_| when(tape, &proofs)).collect();
    if !when.is_empty() {
        body += &format!("  when:\n{}", when.concat());
    }
    body += "start: s0\nsteps:\n";
    body += &steps.concat();
    body + "  remedy: {kind: remedy, then: {done: end.approved, given_up: end.rejected}}\n"
}

/// One line of what is required besides.
fn when(tape: &mut Tape<'_>, proofs: &[&str]) -> String {
    let (condition, approvals, wait) = (*tape.pick(&ACCOUNT), tape.below(3), WAITS[tape.below(2)]);
    let needs = if proofs.is_empty() || tape.one_in(2) {
        ""
    } else {
        *tape.pick(proofs)
    };
    format!("    - {{if: '{condition}', require: [{needs}], approvals: {approvals}, wait: {wait}}}\n")
}

/// Takes out steps that nothing leads to, so that they do not refuse the file before it is proven.
fn prune(steps: &mut Vec<String>) {
    loop {
        let before = steps.len();
        let all = steps.concat();
        steps.retain(|step| {
            let name = step.trim().split(':').next().unwrap_or_default();
            let led_to = |end: &str| all.replace(step.as_str(), "").contains(&format!(": {name}{end}"));
            name == "s0" || [",", "}"].into_iter().any(led_to)
        });
        if steps.len() == before {
            return;
        }
    }
}

#[test]
fn ten_thousand_random_workflows_keep_what_they_promise() {
    let files = Shipped::files();
    let config = Config {
        cases: workflows(),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let tapes = (prop::collection::vec(any::<u16>(), 160), any::<u64>());
    let counts = std::cell::Cell::new(Counts::default());
    let result = runner.run(&tapes, |(tape, seed)| {
        let body = workflow(&mut Tape(tape.iter()));
        let mut count = counts.get();
        let mut dice = Dice(seed | 1);
        let values = |dice: &mut Dice| interpreter::values(&files.vocabulary, dice);
        match files.read(&body) {
            Ok(checked) => {
                count.accepted += 1;
                let lacked = interpreter::runs(&checked, values, &mut dice, RUNS);
                prop_assert_eq!(
                    lacked,
                    None,
                    "accepted, but a run reached the remedy without its proof:\n{}",
                    body
                );
            }
            Err(faults) if faults.iter().all(|fault| fault.run.is_some()) => {
                count.unproven += 1;
                if faults.iter().any(|fault| fault.what.contains("lacks")) {
                    count.lacking += 1;
                    count.caught += usize::from(a_run_lacks_its_proof(&body, values, &mut dice));
                }
            }
            Err(_) => {}
        }
        counts.set(count);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let counts = counts.get();
    assert!(
        counts.accepted * 20 >= workflows() as usize,
        "too few are accepted to judge by: {counts:?}"
    );
    assert!(
        counts.unproven * 20 >= workflows() as usize,
        "too few are refused by the proof: {counts:?}"
    );
    assert!(
        counts.caught * 4 >= counts.lacking,
        "random runs would not find what the proof finds: {counts:?}"
    );
}

/// Of all workflows: accepted; refused by the proof alone; of these for a broken requirement; and where random runs broke
/// it as well.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    accepted: usize,
    unproven: usize,
    lacking: usize,
    caught: usize,
}

/// Whether the interpreter, too, finds a run that lacks something: it must be able to, or its silence says nothing.
fn a_run_lacks_its_proof(body: &str, values: impl Fn(&mut Dice) -> crate::kind::Facts, dice: &mut Dice) -> bool {
    let file = written(body).0.unwrap();
    let steps = file.definition.steps.iter();
    let declared = steps
        .map(|step| {
            (
                step.name.clone(),
                Samples.get(&step.kind).unwrap().declare(step).unwrap(),
            )
        })
        .collect();
    (0..RUNS * 4).any(|_| {
        let values = values(dice);
        let lacked = interpreter::run(&file.definition, &file.proof.value, &declared, values, dice);
        lacked.is_some_and(|lacked| !lacked.starts_with(interpreter::NO_WAY_ON))
    })
}
