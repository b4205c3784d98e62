#![allow(clippy::unwrap_used)]

use readmit_core::answers::{Began, PasskeyLookup};
use readmit_core::kind::Status;
use readmit_core::time::Span;
use serde_json::json;

use super::*;
use crate::support::{Bench, form};

fn bench() -> Bench {
    let mut bench = Bench::of(&EnrolPasskey, json!({"tries": 2}));
    bench.prove("ada@example.com", "acc-1");
    bench.enter();
    bench
}

fn begin(bench: &mut Bench) {
    bench.answers.began = Some(Began {
        options: json!({"publicKey": {}}),
        state: json!("state"),
    });
    bench.go(form("begin", &[("name", " My phone ")]));
}

fn created() -> PasskeyAnswer {
    PasskeyAnswer::Created(Enrolled {
        kind: KIND.into(),
        name: String::new(),
        secret: json!({"cred": {}}),
        mark: 0,
    })
}

fn answered() -> Input {
    form("answer", &[("credential", "{}")])
}

/// PK-03: the browser's answer is checked against the challenge of this case, which is good once and for five minutes.
#[test]
fn pk_03_a_challenge_is_good_once_and_briefly() {
    let mut bench = bench();
    assert!(bench.lookups(&answered()).is_empty(), "nothing was asked");
    begin(&mut bench);
    let asked = bench.lookups(&answered());
    assert!(matches!(
        asked.as_slice(),
        [Lookup::Passkey(PasskeyLookup::Finish { state, ceremony: Ceremony::Create, .. })] if *state == json!("state")
    ));
    bench.answers.passkey = Some(PasskeyAnswer::Refused);
    assert_eq!(bench.go(answered()).status, Status::Waiting);
    assert!(bench.lookups(&answered()).is_empty(), "it is used up");
    begin(&mut bench);
    bench.now = bench.now + Span::minutes(5);
    bench.answers.passkey = Some(created());
    assert!(matches!(bench.turn(answered()), Err(Refusal::Field { .. })), "too old");
}

#[test]
fn a_passkey_goes_by_its_owners_name() {
    let mut bench = bench();
    for wrong in ["", "   ", &"x".repeat(61), "a\u{0}b"] {
        let refused = bench.turn(form("begin", &[("name", wrong)]));
        assert!(matches!(refused, Err(Refusal::Field { .. })), "{wrong:?}");
    }
    begin(&mut bench);
    bench.answers.passkey = Some(created());
    let turn = bench.go(answered());
    assert_eq!(turn.learned.enrolled.unwrap().name, "My phone");
    assert_eq!(
        turn.status,
        Status::Done {
            outcome: "enrolled".into()
        }
    );
}

#[test]
fn what_does_not_pass_ends_the_step() {
    let mut bench = bench();
    for _ in 0..2 {
        begin(&mut bench);
        bench.answers.passkey = Some(PasskeyAnswer::Refused);
        bench.go(answered());
    }
    assert_eq!(bench.case.state, json!({"tries_left": 0, "refused": true}));
}
