//! docs/host.md against the code: what a host is told to build is what is asked of it, and what it may ask is served.

use std::collections::BTreeSet;

use readmit_web::routes::{Needs, Verb};

use crate::support::sources::root;

/// The calls that a text names in backticks: `POST /readmit/accounts/{id}/remedy`, `GET {readmit}/api/…`; without queries.
fn calls(text: &str, under: &str) -> BTreeSet<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let calls = quoted.filter_map(|call| {
        let (method, path) = call.split_once(' ')?;
        let path = path.trim_start_matches("{readmit}").split('?').next()?;
        let is_call = ["GET", "POST"].contains(&method) && path.starts_with(under);
        is_call.then(|| format!("{method} {path}"))
    });
    calls.collect()
}

/// Its page without the fenced blocks, whose backticks quote nothing.
fn page() -> String {
    let text = std::fs::read_to_string(root().join("docs/host.md")).unwrap();
    text.split("```").step_by(2).collect()
}

/// The host contract: its table, the sections below it, the calls of our client and the routes of the demo host are one list.
#[test]
fn the_host_contract_is_the_one_that_is_called() {
    let page = page();
    let (table, sections) = page
        .split_once("## Rules for all calls")
        .expect("the rules follow the table");
    let table = calls(table, "/readmit/");
    assert!(table.len() >= 7, "{table:?}");
    assert_eq!(calls(sections, "/readmit/"), table, "a section a call");

    let client = std::fs::read_to_string(root().join("server/src/host_client/mod.rs")).unwrap();
    assert_eq!(called(&client), paths(&table), "what our client asks");
    let served = readmit_demo_host::Host::paths().filter(|path| path.starts_with("/readmit/"));
    assert_eq!(
        served.collect::<BTreeSet<_>>(),
        paths(&table),
        "what the demo host answers"
    );
}

/// The host API: every call of the page is a route that needs the host's signature, and the other way round.
#[test]
fn the_host_api_is_the_one_that_is_served() {
    let signed = readmit_claimant_ui::ROUTES
        .iter()
        .filter(|route| route.needs == Needs::Signature);
    let signed = signed.map(|route| {
        let method = match route.method {
            Verb::Get => "GET",
            Verb::Post => "POST",
        };
        format!("{method} {}", route.path)
    });
    assert_eq!(calls(&page(), "/api/"), signed.collect::<BTreeSet<_>>());
}

fn paths(calls: &BTreeSet<String>) -> BTreeSet<String> {
    calls
        .iter()
        .map(|call| call.split_once(' ').unwrap().1.to_owned())
        .collect()
}

/// The paths in a source: `["accounts", &account.0, "facts"]`.
fn called(source: &str) -> BTreeSet<String> {
    let lists = source.split("[\"accounts\"").skip(1);
    lists
        .map(|rest| {
            let rest = rest.split(']').next().unwrap();
            let parts = rest.split(',').map(str::trim).filter(|part| !part.is_empty());
            let parts = parts.map(|part| match part.strip_prefix('"') {
                Some(word) => format!("/{}", word.trim_end_matches('"')),
                None => "/{id}".into(),
            });
            format!("/readmit/accounts{}", parts.collect::<String>())
        })
        .collect()
}
