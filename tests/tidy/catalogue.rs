//! AU-01: what each route leaves in the record, as one list, held against the route tables and against the codes that the
//! sources write. A route without a row, and a code that no row names, fails.

use std::collections::BTreeSet;

use readmit_web::routes::{Route, Verb};

use super::none;
use crate::support::sources::{Source, sources};

/// An event of a case, chained; a refusal of it is a row of the audit log.
const EVENT: &str = "event";
/// What changes no case, account or right, and so leaves nothing.
const NOTHING: &str = "nothing";

/// Route, what it leaves, and of what leaves nothing why.
const CATALOGUE: &[(&str, &[&str], &str)] = &[
    ("POST /case/step", &[EVENT, "command"], ""),
    ("POST /case/withdraw", &[EVENT, "command"], ""),
    ("POST /case/messages", &[EVENT, "command"], ""),
    ("POST /continue", &["return_code_sent"], ""),
    ("POST /continue/code", &["came_back"], ""),
    ("POST /stop/{token}", &[EVENT, "veto"], ""),
    ("POST /invited/{token}", &[EVENT], ""),
    ("POST /quiet/{token}", &["quiet_begun"], ""),
    ("POST /api/quiet/end", &["quiet_ended"], ""),
    ("POST /api/accounts/{id}/visits", &["entered"], ""),
    ("POST /api/accounts/{id}/sign-outs", &["visits_ended"], ""),
    ("POST /api/step-ups", &[EVENT], ""),
    ("POST /leave", &["left"], ""),
    ("POST /security/{workflow}", &[EVENT], ""),
    ("POST /{workflow}", &[EVENT], ""),
    (
        "POST /reports/policy",
        &[NOTHING],
        "a browser's word about a page, for the log; it grants nothing",
    ),
    ("POST /api/callbacks/sms", &[EVENT], ""),
    (
        "GET /case/evidence/{id}",
        &[NOTHING],
        "leads to the picture, which is recorded where it is shown",
    ),
    ("GET /case/evidence/{id}/small", &[NOTHING], "as above"),
    ("GET /enter/{token}", &["entered"], ""),
    ("GET /c/{look}", &["evidence_viewed"], ""),
    ("POST /sign-in/options", &[NOTHING], "a challenge, which grants nothing"),
    ("POST /sign-in/passkey", &["signed_in", "sign_in_refused"], ""),
    ("POST /sign-in/password", &["signed_in", "sign_in_refused"], ""),
    ("POST /sign-out", &["signed_out"], ""),
    (
        "POST /enrol/{token}/options",
        &[NOTHING],
        "a challenge, which grants nothing",
    ),
    ("POST /enrol/{token}/passkey", &["passkey_added"], ""),
    ("POST /me/passkeys", &["passkey_added"], ""),
    (
        "POST /me/passkeys/options",
        &[NOTHING],
        "a challenge, which grants nothing",
    ),
    ("POST /me/passkeys/{id}/rename", &["passkey_renamed"], ""),
    ("POST /me/passkeys/{id}/remove", &["passkey_removed"], ""),
    ("POST /next", &[EVENT], ""),
    ("POST /cases/{reference}/claim", &[EVENT, "claims_by_hand"], ""),
    ("POST /cases/{reference}/release", &[EVENT], ""),
    ("POST /cases/{reference}/hand-over", &[EVENT], ""),
    (
        "POST /cases/{reference}/renew",
        &[NOTHING],
        "prolongs a claim, which is an event already",
    ),
    ("POST /cases/{reference}/decide", &[EVENT], ""),
    ("POST /cases/{reference}/reveal", &["revealed"], ""),
    ("POST /cases/{reference}/try-again", &[EVENT], ""),
    ("POST /cases/{reference}/give-up", &[EVENT], ""),
    ("POST /cases/{reference}/messages", &[EVENT, "message_refused"], ""),
    ("POST /cases/{reference}/close", &[EVENT, "close_refused"], ""),
    ("POST /invitations", &["invites"], ""),
    ("POST /operations/jobs/{id}/retry", &["job_revived"], ""),
    ("POST /staff", &["staff_added"], ""),
    ("POST /staff/{id}", &["staff_changed"], ""),
    ("POST /staff/{id}/invite", &["staff_invited"], ""),
    ("GET /cases/{reference}", &["case_seen"], ""),
    ("GET /search", &["searched"], ""),
    (
        "GET /look/{blob}/{ticket}",
        &[NOTHING],
        "leads to the picture, which is recorded where it is shown",
    ),
    ("GET /e/{look}", &["evidence_seen"], ""),
];

/// What any route may leave, and what jobs do.
const ALSO: &[&str] = &[
    "access_refused",
    "request_refused",
    "notice_sent",
    "code_sent",
    "code_kept_back",
    "invitation_sent",
    "invitation_kept_back",
];

/// Who signs in, what a picture or a case shows, and whatever a route changes.
fn matters(route: &Route) -> bool {
    let reads = [
        "/enter/",
        "/e/",
        "/c/",
        "/look/",
        "/search",
        "/cases/",
        "/case/evidence/",
    ];
    route.method == Verb::Post || reads.iter().any(|start| route.path.starts_with(start))
}

#[test]
fn au_01_every_route_that_matters_is_in_the_catalogue() {
    let tables = [
        readmit_web::reports::ROUTES,
        readmit_claimant_ui::ROUTES,
        readmit_claimant_ui::EVIDENCE_ROUTES,
        readmit::sms::callback::ROUTES,
        readmit_reviewer_ui::ROUTES,
        readmit_reviewer_ui::PASSWORD_ROUTES,
        readmit_reviewer_ui::EVIDENCE_ROUTES,
    ];
    let routes = tables.into_iter().flatten().filter(|route| matters(route));
    let routes: BTreeSet<String> = routes
        .map(|route| format!("{} {}", route.method.name(), route.path))
        .collect();
    let listed: BTreeSet<String> = CATALOGUE.iter().map(|(route, ..)| (*route).to_owned()).collect();
    assert_eq!(listed.len(), CATALOGUE.len(), "a route stands there twice");
    assert_eq!(routes, listed);
    for (route, leaves, why) in CATALOGUE {
        assert_eq!(
            leaves.contains(&NOTHING),
            !why.is_empty(),
            "{route}: why it leaves nothing"
        );
    }
}

#[test]
fn au_01_the_catalogue_names_the_codes_that_are_written() {
    let named = CATALOGUE.iter().flat_map(|(_, leaves, _)| leaves.iter().copied());
    let named: BTreeSet<&str> = named
        .filter(|code| ![EVENT, NOTHING].contains(code))
        .chain(ALSO.iter().copied())
        .collect();
    let sources = sources(&[".rs"]);
    let mut written = BTreeSet::new();
    for source in sources.iter().filter(|source| is_ours(source)) {
        written.extend(codes(&source.without_tests()));
    }
    let faults: Vec<String> = written
        .iter()
        .filter(|code| !named.contains(code.as_str()))
        .map(|code| format!("`{code}` is written, and no row of the catalogue names it"))
        .chain(
            named
                .iter()
                .filter(|code| !written.contains(**code))
                .map(|code| format!("`{code}` is named, and nothing writes it")),
        )
        .collect();
    none(&faults);
}

fn is_ours(source: &Source) -> bool {
    ["claimant-ui/src/", "reviewer-ui/src/", "web/src/", "engine/worker/src/"]
        .iter()
        .any(|start| source.path.starts_with(start))
}

/// The codes of audit rows in a source: the first word of code after what writes one.
fn codes(code: &str) -> BTreeSet<String> {
    let writers = ["audit_row(", "page::audit(", "AuditRow {", "Delivered {"];
    let mut found = BTreeSet::new();
    for writer in writers {
        for rest in code.split(writer).skip(1) {
            let lines: Vec<&str> = rest
                .lines()
                .take_while(|line| !line.trim_start().starts_with('}'))
                .collect();
            let statement = lines.join("\n");
            // What stands in the row's detail is no code.
            let statement = statement.split(';').next().unwrap().split("json!").next().unwrap();
            let mut words = statement.split('"').skip(1).step_by(2);
            found.extend(words.find(|word| is_code(word)).map(str::to_owned));
        }
    }
    found
}

/// Lower case, with nothing but letters and underscores; not who acts, nor how it came out.
fn is_code(word: &str) -> bool {
    let letters = word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    letters && word.len() > 2 && !["nobody", "claimant", "owner", "host", "engine", "done", "refused"].contains(&word)
}
