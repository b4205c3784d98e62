#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use readmit_core::guard::FactorSummary;
use readmit_core::kind::Status;
use readmit_core::time::Span;

use super::*;
use crate::support::{Bench, form};

fn bench() -> Bench {
    let mut bench = Bench::of(&EnrolTotp, serde_json::json!({"tries": 3}));
    bench.definition.remedy = readmit_core::workflow::definition::RemedySpec {
        add: Some(KIND.into()),
        ..Default::default()
    };
    bench.prove("ada@example.com", "acc-1");
    bench
}

/// What the app shows for the secret of this run.
fn shown(bench: &Bench) -> String {
    let totp: Totp = serde_json::from_value(bench.sealed.steps["step"].clone()).unwrap();
    let secret = data_encoding::BASE32_NOPAD
        .decode(totp.groups().concat().as_bytes())
        .unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    app.generate(bench.now.as_unix_seconds().unsigned_abs()).to_string()
}

#[test]
fn to_04_one_right_code_enrols_and_its_step_is_used_up() {
    let mut bench = bench();
    bench.enter();
    let code = shown(&bench);
    let turn = bench.go(form("submit", &[("code", &code)]));
    assert_eq!(
        turn.status,
        Status::Done {
            outcome: "enrolled".into()
        }
    );
    let enrolled = turn.learned.enrolled.unwrap();
    assert_eq!(enrolled.mark, bench.now.as_unix_seconds() / 30);
    assert_eq!(turn.sealed, Some(serde_json::Value::Null), "the step forgets it");
    assert!(turn.guards.is_empty() && turn.facts.is_empty());
    assert!(
        !turn
            .state
            .to_string()
            .contains(enrolled.secret["secret"].as_str().unwrap())
    );
}

#[test]
fn a_wrong_code_uses_up_a_try_and_the_secret_stays() {
    let mut bench = bench();
    bench.enter();
    let code = shown(&bench);
    bench.now = bench.now + Span::minutes(5);
    for _ in 0..2 {
        assert_eq!(bench.go(form("submit", &[("code", &code)])).status, Status::Waiting);
    }
    assert_eq!(bench.outcome(form("submit", &[("code", &code)])), "exhausted");
    let mut bench = self::bench();
    bench.enter();
    for typed in ["", "12345"] {
        assert!(matches!(
            bench.turn(form("submit", &[("code", typed)])),
            Err(Refusal::Field { .. })
        ));
    }
}

/// TO-04: with an app that stays there is nothing to add, and another secret is not even made.
#[test]
fn to_04_an_account_has_one_app() {
    let mut bench = bench();
    bench.standing.account_mut().factors.push(FactorSummary {
        id: uuid::Uuid::from_u128(1),
        kind: KIND.into(),
        name: "old".into(),
        last_used: None,
        mark: 0,
    });
    let turn = bench.enter();
    assert_eq!(turn.status, Status::Done { outcome: "held".into() });
    assert_eq!(turn.sealed, None);
    bench.definition.remedy.reset = vec![KIND.into()];
    assert_eq!(bench.enter().status, Status::Waiting, "one that goes makes room");
}

/// The modules that the picture draws dark, without the light around them, whose width is held to the standard's four.
fn dark_modules(html: &str) -> BTreeSet<(i32, i32)> {
    let svg = html
        .split("<svg class=\"qr\"")
        .nth(1)
        .unwrap()
        .split("</svg>")
        .next()
        .unwrap();
    let box_of = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split('"').next().unwrap();
    let side: i32 = box_of.split(' ').next().unwrap().parse().unwrap();
    let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let squares = path.split('M').skip(1).map(|square| {
        let (x, rest) = square.split_once(',').unwrap();
        let y = rest.strip_suffix("h1v1h-1z").unwrap();
        (x.parse::<i32>().unwrap() - 4, y.parse::<i32>().unwrap() - 4)
    });
    let squares: BTreeSet<(i32, i32)> = squares.collect();
    assert_eq!(
        squares.iter().map(|(x, _)| *x).max(),
        Some(side - 9),
        "four modules of light"
    );
    squares
}

/// What an app scans is the address of this secret, module by module.
#[test]
fn the_page_shows_the_key_in_groups_and_a_picture_of_it() {
    let mut bench = bench();
    bench.enter();
    let texts = crate::texts::texts().unwrap();
    let page = bench.page(&texts, "en", None, &Fields::default());
    let totp: Totp = serde_json::from_value(bench.sealed.steps["step"].clone()).unwrap();
    for group in totp.groups() {
        assert!(page.html.contains(&format!(">{group}</span>")));
    }
    assert!(page.html.contains("otpauth://totp/Northwind:ada%40example.com?secret="));
    assert!(!page.html.contains("http://"));
    let uri = page.html.split("otpauth://").nth(1).unwrap().split('"').next().unwrap();
    let uri = format!("otpauth://{}", uri.replace("&#38;", "&").replace("&amp;", "&"));
    assert!(
        uri.contains(&totp.groups().concat()) && uri.contains("issuer=Northwind"),
        "{uri}"
    );
    let drawn = dark_modules(&page.html);
    let code = qrcodegen::QrCode::encode_text(&uri, qrcodegen::QrCodeEcc::Medium).unwrap();
    let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let meant: BTreeSet<(i32, i32)> = all.filter(|(x, y)| code.get_module(*x, *y)).collect();
    assert_eq!(drawn, meant, "the picture says the address");
}
