#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use readmit_core::guard::{FactorSummary, Guard};
use readmit_core::kind::Status;
use uuid::Uuid;

use super::*;
use crate::otp::Totp;
use crate::recovery_codes::Codes;
use crate::support::{Bench, form};

const APP: Uuid = Uuid::from_u128(1);
const PAPER: Uuid = Uuid::from_u128(2);

fn summary(id: Uuid, kind: &str) -> FactorSummary {
    FactorSummary {
        id,
        kind: kind.into(),
        name: format!("my {kind}"),
        last_used: None,
        mark: 0,
    }
}

/// An account with an app and with codes on paper, and those codes.
fn bench(kind: &'static Factor) -> (Bench, Vec<String>) {
    let mut bench = Bench::of(kind, serde_json::json!({"tries": 3}));
    bench.prove("ada@example.com", "acc-1");
    let (shown, codes) = Codes::new(|n| [n as u8; 32]);
    bench.standing.account_mut().factors = vec![summary(APP, "totp"), summary(PAPER, "recovery_codes")];
    bench.standing.account_mut().secrets = [
        (APP, serde_json::to_value(Totp::new([7; 32])).unwrap()),
        (PAPER, serde_json::to_value(codes).unwrap()),
    ]
    .into();
    bench.enter();
    (bench, shown)
}

/// What the app shows now.
fn app(bench: &Bench) -> String {
    let secret = data_encoding::BASE32_NOPAD
        .decode(Totp::new([7; 32]).groups().concat().as_bytes())
        .unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    app.generate(bench.now.as_unix_seconds().unsigned_abs()).to_string()
}

fn typed(code: &str) -> Input {
    form("submit", &[("code", code)])
}

fn step_of(turn: &Turn) -> Option<(Uuid, i64)> {
    turn.guards.iter().find_map(|guard| match guard {
        Guard::FactorStep { factor, now, .. } => Some((*factor, now.mark)),
        _ => None,
    })
}

/// TO-02: a code passes with a guard that lets its step count once; the same step, or an older one, is as wrong as any.
#[test]
fn to_02_a_code_of_the_app_passes_once() {
    let (mut bench, _) = bench(&ANY);
    let code = app(&bench);
    let turn = bench.turn(typed(&code)).unwrap();
    assert_eq!(
        turn.status,
        Status::Done {
            outcome: "passed".into()
        }
    );
    let (factor, step) = step_of(&turn).unwrap();
    assert_eq!((factor, step), (APP, bench.now.as_unix_seconds() / 30));
    bench.standing.account_mut().factors[0].mark = step;
    let again = bench.go(typed(&code));
    assert_eq!(
        (again.status, again.guards.len()),
        (Status::Waiting, 2),
        "only the try counts"
    );
    bench.standing.account_mut().factors[0].mark = step + 1;
    bench.standing.wrong.clear();
    assert_eq!(bench.go(typed(&code)).status, Status::Waiting, "older than the last");
}

/// OT-04: wrong codes end the step, and count against the account in every case.
#[test]
fn ot_04_tries_are_the_cases_and_the_accounts() {
    let (mut bench, _) = bench(&TOTP);
    let code = app(&bench);
    for _ in 0..2 {
        bench.sit_out();
        assert_eq!(bench.go(typed(&code)).status, Status::Waiting);
    }
    bench.sit_out();
    assert_eq!(bench.outcome(typed(&code)), "exhausted");
    let bucket = counters::factors(&bench.cx());
    assert_eq!(bench.standing.spent[&bucket.tag], 3);

    let (mut bench, _) = self::bench(&TOTP);
    bench.spend(&bucket, bucket.limit);
    let right = app(&bench);
    assert!(matches!(bench.turn(typed(&right)), Err(Refusal::TooMany { .. })));
}

/// OT-04: the account's wrong codes in a row make the next one wait in every case, and in the end prove nothing any more, not
/// even a right one, until the app is bound anew. Codes on paper have tries of their own.
#[test]
fn ot_04_an_app_is_off_after_too_many_wrong_codes() {
    let (mut bench, codes) = bench(&ANY);
    let mut longest = 0;
    for tried in 0..20 {
        bench.enter();
        let turn = bench.go(typed("000000"));
        let state: State = serde_json::from_value(turn.state).unwrap();
        let wait = (state.again.unwrap() - bench.now).as_seconds();
        assert!(wait >= longest && wait <= 3_600, "{wait} s after try {tried}");
        longest = wait;
        let early = app(&bench);
        assert!(matches!(
            bench.turn(typed(&early)),
            Err(Refusal::TooMany { .. }) | Err(Refusal::Field { .. })
        ));
        bench.sit_out();
        bench.standing.spent.clear();
    }
    assert_eq!(longest, 3_600);
    bench.enter();
    let right = app(&bench);
    let off = Refusal::Field {
        field: "code".into(),
        code: "factor_off",
    };
    assert_eq!(bench.turn(typed(&right)), Err(off));
    bench.go(form("switch", &[("method", "recovery_code")]));
    assert_eq!(bench.outcome(typed(&codes[4])), "passed");
}

#[test]
fn switching_offers_what_else_there_is_and_keeps_the_tries() {
    let (mut bench, codes) = bench(&ANY);
    bench.go(typed("000000"));
    let turn = bench.go(form("switch", &[("method", "recovery_code")]));
    let state: State = serde_json::from_value(turn.state).unwrap();
    assert_eq!(
        (state.method, state.tries_left, state.others),
        (Method::RecoveryCode, 2, vec![Method::Totp])
    );
    assert_eq!(
        bench.turn(form("switch", &[("method", "recovery_code")])),
        Err(Refusal::NotAllowed)
    );
    assert_eq!(
        bench.turn(form("unavailable", &[])),
        Err(Refusal::NotAllowed),
        "paper has no reset"
    );
    let turn = bench.turn(typed(&codes[4])).unwrap();
    assert_eq!(step_of(&turn), Some((PAPER, 1)), "SC-01: struck out by its use");
}

#[test]
fn what_is_out_of_reach_leads_to_its_reset() {
    let (mut bench, _) = bench(&ANY);
    assert_eq!(bench.outcome(form("unavailable", &[])), "unavailable_totp");
    let names = |factor: &'static Factor| {
        let declared = Bench::of(factor, serde_json::json!({"tries": 3})).declare().unwrap();
        declared.outcomes.into_iter().map(|o| o.name).collect::<Vec<_>>()
    };
    assert!(names(&ANY).contains(&"unavailable_totp".to_owned()));
    assert!(!names(&RECOVERY_CODE).iter().any(|name| name.starts_with("unavailable")));
}

/// Invariant 10: what the remedy takes away is not offered, and proves nothing.
#[test]
fn what_a_remedy_names_is_never_its_proof() {
    let (mut bench, _) = bench(&ANY);
    bench.definition.remedy.remove = Some("totp".into());
    let turn = bench.enter();
    let state: State = serde_json::from_value(turn.state).unwrap();
    assert_eq!((state.method, state.others), (Method::RecoveryCode, Vec::new()));
    bench.definition.remedy.reset = vec!["recovery_codes".into()];
    assert_eq!(bench.enter().status, Status::Done { outcome: "none".into() });
}

#[test]
fn the_page_offers_the_other_ways() {
    let (mut bench, _) = bench(&ANY);
    let texts = crate::texts::texts().unwrap();
    let page = bench.page(&texts, "en", None, &Fields::default());
    assert!(page.html.contains("Switch verification method"));
    assert!(page.html.contains("value=\"recovery_code\""));
    assert!(page.html.contains("Security verification unavailable?"));
    bench.go(typed("000000"));
    assert!(bench.page(&texts, "en", None, &Fields::default()).error);
}

const PHONE: Uuid = Uuid::from_u128(3);
const NUMBER: &str = "+447400123456";

/// The account of [`bench`] with a number as well, at the page of its text message.
fn with_phone() -> Bench {
    let (mut bench, _) = bench(&ANY);
    bench.standing.account_mut().factors.push(FactorSummary {
        name: NUMBER.into(),
        ..summary(PHONE, "phone")
    });
    bench.enter();
    bench.go(form("switch", &[("method", "sms")]));
    bench
}

/// The code of an issue of this run.
fn texted(bench: &Bench, issue: u32) -> String {
    let place = readmit_core::codes::Place {
        purpose: "step",
        run: bench.case.run,
        issue,
        address: NUMBER,
    };
    readmit_core::codes::code(&bench.keys, place, 6)
}

/// OT-06: the weakest way is offered last, and not at all where no message can be sent.
#[test]
fn ot_06_a_text_message_is_the_last_way() {
    let bench = with_phone();
    let state: State = crate::config::state(&bench.case.state).unwrap();
    assert_eq!(
        (state.method, state.others.as_slice()),
        (Method::Sms, &[Method::Totp, Method::RecoveryCode][..])
    );
    let (mut without, _) = super::tests::bench(&ANY);
    without.phones = false;
    without.standing.account_mut().factors = vec![summary(PHONE, "phone")];
    let turn = without.enter();
    assert_eq!(turn.status, Status::Done { outcome: "none".into() });
}

/// OT-02, OT-03, OT-05, OT-07: nothing is sent before it is asked for; each code takes the earlier one's place, counts against
/// the number's budgets, and no event holds the number.
#[test]
fn ot_03_a_text_messages_code_is_the_newest_one() {
    let mut bench = with_phone();
    let early = bench.turn(typed("024681")).unwrap_err();
    assert!(
        matches!(
            early,
            Refusal::Field {
                code: "challenge_old",
                ..
            }
        ),
        "{early:?}"
    );
    let sent = bench.go(form("send", &[]));
    assert_eq!(sent.effects.len(), 1);
    assert!(sent.guards.len() >= 5, "number, range and day: {:?}", sent.guards);
    assert!(!sent.state.to_string().contains("4474"), "{}", sent.state);
    let first = texted(&bench, 1);
    bench.go(form("send", &[]));
    let old = bench.go(typed(&first));
    assert_eq!(old.status, Status::Waiting, "the older code fits no more");
    bench.now = bench.now + readmit_core::time::Span::minutes(2);
    let right = bench.turn(typed(&texted(&bench, 2))).unwrap();
    assert_eq!(
        right.status,
        Status::Done {
            outcome: "passed".into()
        }
    );
    assert!(
        right
            .guards
            .iter()
            .any(|guard| matches!(guard, Guard::FactorStep { factor, .. } if *factor == PHONE))
    );
}

/// OT-01: ten minutes, and no longer; four messages, and no more. What cannot be sent is said.
#[test]
fn ot_01_a_text_messages_code_ends() {
    use readmit_core::effect::Effect;
    use readmit_core::kind::JobResult;
    let mut bench = with_phone();
    bench.go(form("send", &[]));
    let code = texted(&bench, 1);
    bench.now = bench.now + readmit_core::time::Span::minutes(10);
    assert!(matches!(bench.turn(typed(&code)), Err(Refusal::Field { .. })));
    for _ in 0..3 {
        bench.go(form("send", &[]));
    }
    assert!(matches!(
        bench.turn(form("send", &[])),
        Err(Refusal::Field { code: "no_resends", .. })
    ));
    let dead = |issue| Input::Job {
        effect: Effect::SendCode { issue },
        result: JobResult::Dead("away".into()),
    };
    assert_eq!(bench.turn(dead(3)), Err(Refusal::Stale), "of an older message");
    bench.go(dead(4));
    let texts = crate::texts::texts().unwrap();
    let page = bench.page(&texts, "en", None, &Fields::default());
    assert!(page.error && page.html.contains("could not be sent"), "{}", page.html);
    assert!(matches!(
        bench.turn(typed(&texted(&bench, 4))),
        Err(Refusal::Field { .. })
    ));
}

/// TO-01, TO-02: when the server's clock jumps ahead and is put right again, no code counts that is older than the last one, though
/// the clock says that it is of now; the next newer one does.
#[test]
fn to_01_a_clock_that_jumps_lets_no_older_code_count() {
    use readmit_core::time::Span;
    let (mut bench, _) = bench(&TOTP);
    let (start, early) = (bench.now, app(&bench));
    bench.now = start + Span::hours(1);
    assert_eq!(step_of(&bench.turn(typed(&early)).unwrap()), None, "an hour old");
    let (_, mark) = step_of(&bench.turn(typed(&app(&bench))).unwrap()).unwrap();
    bench.standing.account_mut().factors[0].mark = mark;
    bench.now = start;
    assert_eq!(
        step_of(&bench.turn(typed(&early)).unwrap()),
        None,
        "of now, by a clock that went back"
    );
    bench.now = start + Span::hours(1) + Span::seconds(30);
    assert!(step_of(&bench.turn(typed(&app(&bench))).unwrap()).is_some());
}

/// PK-05: a passkey that is backed up no more passes; it is a signal, and its owner is told to add a second one.
#[test]
fn pk_05_a_passkey_that_left_its_backup_is_told() {
    use readmit_core::answers::{Began, PasskeyAnswer};
    use readmit_core::guard::Enrolled;
    let mut bench = Bench::of(&ANY, serde_json::json!({"tries": 3}));
    bench.definition.remedy.reset.clear();
    bench.prove("ada@example.com", "acc-1");
    bench.standing.account_mut().factors = vec![summary(APP, "passkey")];
    bench.enter();
    for unsynced in [false, true] {
        bench.answers.began = Some(Began {
            options: serde_json::json!({}),
            state: serde_json::json!({}),
        });
        bench.go(form("begin", &[]));
        let now = Enrolled {
            kind: "passkey".into(),
            name: String::new(),
            secret: serde_json::json!({}),
            mark: 3,
        };
        bench.answers.passkey = Some(PasskeyAnswer::Used {
            factor: APP,
            now,
            unsynced,
        });
        let turn = bench.turn(form("answer", &[("credential", "{}")])).unwrap();
        assert!(matches!(turn.status, Status::Done { .. }));
        assert_eq!(turn.signals.contains(&"passkey_unsynced"), unsynced);
        assert_eq!(turn.told.is_some(), unsynced);
    }
}

/// PK-06, PK-07: a passkey that was removed is refused in the same words as any other, and the browser is told to drop it, until
/// it is asked again.
#[test]
fn pk_07_the_browser_hears_of_a_removed_passkey() {
    use readmit_core::answers::{Began, PasskeyAnswer};
    let mut bench = Bench::of(&ANY, serde_json::json!({"tries": 3}));
    bench.definition.remedy.reset.clear();
    bench.prove("ada@example.com", "acc-1");
    bench.standing.account_mut().factors = vec![summary(APP, "passkey")];
    bench.enter();
    let texts = crate::texts::texts().unwrap();
    let mut answered = |answer| {
        bench.answers.began = Some(Began {
            options: serde_json::json!({}),
            state: serde_json::json!({}),
        });
        bench.go(form("begin", &[]));
        let asked = bench.page(&texts, "en", None, &Fields::default());
        assert!(!asked.html.contains("data-unknown"), "{}", asked.html);
        bench.answers.passkey = Some(answer);
        let turn = bench.go(form("answer", &[("credential", "{}")]));
        assert!(!turn.state.to_string().contains("AQID"), "no id in an event");
        bench.now = bench.now + readmit_core::time::Span::hours(1);
        bench.page(&texts, "en", None, &Fields::default()).html
    };
    let signal = serde_json::json!({"rpId": "northwind.example", "credentialId": "AQID"});
    let removed = answered(PasskeyAnswer::Removed { signal });
    assert!(
        removed.contains("data-unknown") && removed.contains("AQID"),
        "{removed}"
    );
    let refused = answered(PasskeyAnswer::Refused);
    assert!(!refused.contains("data-unknown"));
    let words = |html: &str| html.contains("That did not match");
    assert!(words(&removed) && words(&refused), "{removed}");
}

/// SC-01: a saved code that passes is told to its owner, with how many are left; an app's code is not.
#[test]
fn sc_01_the_use_of_a_saved_code_is_told() {
    let (mut bench, shown) = bench(&RECOVERY_CODE);
    let turn = bench.turn(typed(&shown[3])).unwrap();
    assert_eq!(turn.told, Some(readmit_core::effect::Notice::CodeUsed { left: 9 }));
    assert_eq!(bench.go(typed("zzzz-zzzz-zzzz-zzzz")).told, None);
    let (bench, _) = self::bench(&TOTP);
    let turn = bench.turn(typed(&app(&bench))).unwrap();
    assert!(matches!(turn.status, Status::Done { .. }) && turn.told.is_none());
}

/// WH-06: what the gateway tells of the message in force is said, and its code fits all the same; of an older one nothing is.
#[test]
fn wh_06_a_message_that_did_not_arrive_is_said() {
    use readmit_core::effect::Effect;
    use readmit_core::kind::JobResult;
    let mut bench = with_phone();
    let lost = |issue| Input::Job {
        effect: Effect::Undelivered { issue },
        result: JobResult::Dead("undelivered".into()),
    };
    bench.go(form("send", &[]));
    let code = texted(&bench, 1);
    bench.go(lost(1));
    let texts = crate::texts::texts().unwrap();
    let page = bench.page(&texts, "en", None, &Fields::default());
    assert!(page.error && page.html.contains("did not arrive"), "{}", page.html);
    assert!(
        page.html.contains("name=\"code\"") && page.html.contains("value=\"send\""),
        "{}",
        page.html
    );
    bench.go(form("send", &[]));
    assert_eq!(bench.turn(lost(1)), Err(Refusal::Stale), "of an older message");
    let page = bench.page(&texts, "en", None, &Fields::default());
    assert!(!page.html.contains("did not arrive"), "{}", page.html);
    bench.go(lost(2));
    assert!(
        bench
            .turn(typed(&code))
            .is_ok_and(|turn| turn.status == Status::Waiting),
        "an older code"
    );
    let right = bench.turn(typed(&texted(&bench, 2))).unwrap();
    assert!(matches!(right.status, Status::Done { .. }));
}

/// OT-06: what the host or the gateway tells of the SIM card is a signal, and the number proves nothing: the next way takes its
/// place, and without one its reset does.
#[test]
fn ot_06_a_changed_sim_card_proves_nothing() {
    use readmit_core::effect::{Effect, SIM_CHANGED};
    use readmit_core::kind::{FactValue, JobResult};
    let refused = || Input::Job {
        effect: Effect::SendCode { issue: 1 },
        result: JobResult::Refused(SIM_CHANGED.into()),
    };
    let mut bench = with_phone();
    bench.go(form("send", &[]));
    let turn = bench.go(refused());
    assert_eq!((turn.signals, turn.status), (vec![SIM_CHANGED], Status::Waiting));
    let page = bench.page(&crate::texts::texts().unwrap(), "en", None, &Fields::default());
    assert!(
        page.html.contains("SIM card") && page.html.contains("Code from the app"),
        "{}",
        page.html
    );
    assert!(!page.html.contains("value=\"sms\""), "{}", page.html);

    let others = std::mem::take(&mut bench.standing.account_mut().factors);
    bench.standing.account_mut().factors = others.iter().filter(|factor| factor.kind == "phone").cloned().collect();
    bench.enter();
    bench.go(form("send", &[]));
    let turn = bench.turn(refused()).unwrap();
    assert_eq!(turn.signals, [SIM_CHANGED]);
    assert!(matches!(turn.status, Status::Done { outcome } if outcome == "unavailable_sms"));
    bench.standing.account_mut().factors = others;

    let told = &mut bench.sealed.snapshot.as_mut().unwrap().view.attributes;
    told.insert(SIM_CHANGED.into(), FactValue::Bool(true));
    let turn = bench.enter();
    assert_eq!(turn.signals, [SIM_CHANGED]);
    assert!(!turn.state.to_string().contains("sms"), "{}", turn.state);
}
