//! What browsers report against the content policy of our pages (SE-05): something stood in a page, or was put there, that
//! may not run or load. A line of the log says what, as far as it names nobody; the requests are counted with all others.
//!
//! Anybody can write a report. It changes nothing, and is cut down to words of the policy and to host names.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{self, Bytes, Data};
use serde::Deserialize;

use crate::app::App;
use crate::caller::Caller;
use crate::error::PageError;
use crate::listing::Listing;
use crate::origins::Face;
use crate::routes::{Needs, Route, Verb};

const PATH: &str = "/reports/policy";
/// Browsers send a few hundred bytes, and with them the address of the page.
const LONGEST: usize = 64 * 1024;

/// Where both faces take reports.
pub const ROUTES: &[Route] = &[Route {
    method: Verb::Post,
    path: PATH,
    needs: Needs::Nothing,
    to: || web::to(take),
}];

/// The end of a policy that wants reports: the way that all browsers know, over whatever scheme.
pub(crate) const DIRECTIVE: &str = "report-uri /reports/policy";

/// What was reported lately, of the claimants' pages, where anybody comes, and of the staff's.
#[derive(Default)]
pub struct Reports {
    claimant: Listing,
    staff: Listing,
}

/// As browsers write it (CSP Level 2, section 4.4).
#[derive(Deserialize)]
struct Single {
    #[serde(rename = "csp-report")]
    report: Report,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Report {
    document_uri: String,
    violated_directive: String,
    effective_directive: String,
    blocked_uri: String,
    source_file: Option<String>,
    line_number: Option<u32>,
}

/// One thing that a browser did not let happen.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    /// The directive that forbade it.
    directive: String,
    /// `inline`, `eval`, or where the thing was to come from.
    blocked: String,
    /// The first part of our page's path. The others can be tokens (SE-06).
    page: String,
    source: String,
    line: u32,
}

async fn take(
    app: Data<App>,
    caller: Caller,
    request: actix_web::HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    if body.len() > LONGEST {
        return Err(PageError::TooLarge);
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let found = read(kind.unwrap_or_default(), &body)?;
    let listing = match caller.face {
        Some(Face::Staff) => &app.reports.staff,
        _ => &app.reports.claimant,
    };
    if let Some(unlisted) = listing.unlisted_before(caller.at) {
        tracing::warn!(
            request = %caller.id,
            face = ?caller.face,
            directive = found.directive,
            blocked = found.blocked,
            page = found.page,
            source = found.source,
            line = found.line,
            unlisted,
            "a browser reports that the content policy stopped something"
        );
    }
    Ok(HttpResponse::NoContent().finish())
}

fn read(kind: &str, body: &[u8]) -> Result<Violation, PageError> {
    if kind.split(';').next().map(str::trim) != Some("application/csp-report") {
        return Err(PageError::UnsupportedMedia);
    }
    let single: Single = serde_json::from_slice(body).map_err(|_| PageError::BadRequest)?;
    Ok(Violation::of(&single.report))
}

impl Violation {
    fn of(report: &Report) -> Self {
        // `violated-directive` of older browsers repeats the whole directive.
        let directive = Some(report.effective_directive.as_str()).filter(|directive| !directive.is_empty());
        let directive = directive.or_else(|| report.violated_directive.split(' ').next());
        Self {
            directive: word(directive.unwrap_or_default()),
            blocked: place(&report.blocked_uri),
            page: path_begins(&report.document_uri),
            source: report.source_file.as_deref().map(place).unwrap_or_default(),
            line: report.line_number.unwrap_or(0),
        }
    }
}

/// A word as policies have them; anything else is somebody's joke.
fn word(said: &str) -> String {
    let fits =
        !said.is_empty() && said.len() <= 40 && said.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if fits { said.to_owned() } else { "other".to_owned() }
}

/// A keyword as it is, of an address its scheme and host.
fn place(said: &str) -> String {
    let Some((scheme, rest)) = said.split_once("://") else {
        return word(said.trim_end_matches(':'));
    };
    let host: String = rest
        .chars()
        .take_while(|sign| !matches!(sign, '/' | '?' | '#'))
        .take(100)
        .collect();
    let plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    if plain {
        format!("{}://{host}", word(scheme))
    } else {
        "other".to_owned()
    }
}

/// The first part of an address's path.
fn path_begins(address: &str) -> String {
    let path = address.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let first = path.map_or("", |(_, path)| path.split(['/', '?', '#']).next().unwrap_or_default());
    if first.is_empty() {
        "/".to_owned()
    } else {
        format!("/{}", word(first))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// SE-05, SE-06: a report is read, and a page's token stays out.
    #[test]
    fn se_05_reports_are_read_without_what_addresses_carry() {
        let body = r#"{"csp-report": {"document-uri": "https://recover.example/stop/s3cret?x=1",
            "violated-directive": "script-src-elem 'self'", "blocked-uri": "inline", "original-policy": "…",
            "source-file": "https://recover.example/stop/s3cret", "line-number": 7}}"#;
        let read = read("application/csp-report; charset=utf-8", body.as_bytes()).unwrap();
        let wanted = Violation {
            directive: "script-src-elem".into(),
            blocked: "inline".into(),
            page: "/stop".into(),
            source: "https://recover.example".into(),
            line: 7,
        };
        assert_eq!(read, wanted);
    }

    /// AU-02: nothing of what a stranger wrote goes into the log as it is.
    #[test]
    fn au_02_strangers_words_are_cut_down() {
        assert_eq!(
            place("https://evil.example:8443/steal?code=123456"),
            "https://evil.example:8443"
        );
        assert_eq!(place("data"), "data");
        assert_eq!(place("blob:"), "blob");
        for joke in ["ada@example.com", "\u{1b}[2J", "https://ada@evil.example/", "A\nB", ""] {
            assert_eq!(place(joke), "other", "{joke:?}");
        }
        assert_eq!(path_begins("https://recover.example/"), "/");
        assert_eq!(path_begins("https://recover.example/RC-1234-5678"), "/other");
        assert_eq!(path_begins("nonsense"), "/");
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for (kind, body) in [
            ("application/json", "{}"),
            ("", "{}"),
            ("application/csp-report", "{}"),
            ("application/csp-report", "[]"),
            ("application/csp-report", "\u{0}"),
            ("application/reports+json", "[]"),
        ] {
            assert!(read(kind, body.as_bytes()).is_err(), "{kind} {body}");
        }
    }
}
