//! Response headers that browsers enforce (SE-05), as one table.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::origins::{Face, Origins};
use crate::reports;

/// The same on every answer of every face.
const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("x-permitted-cross-domain-policies", "none"),
    ("origin-agent-cluster", "?1"),
    (
        "permissions-policy",
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), \
         gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-create=(self), \
         publickey-credentials-get=(self), usb=(), xr-spatial-tracking=()",
    ),
];

/// One year, as ASVS 3.4.1 asks.
const HSTS: &str = "max-age=31536000; includeSubDomains";

/// A page whose address carries a token tells nobody where its reader came from.
const TOKEN_PATHS: [&str; 9] = [
    "/stop/",
    "/quiet/",
    "/invited/",
    "/enter/",
    "/step-up/",
    "/enrol/",
    "/look/",
    "/e/",
    "/c/",
];

/// Sets the headers of an answer. What a handler set itself stays: `cache-control` of files that carry their hash in
/// their name, a stricter policy of uploaded pictures.
pub(crate) fn apply(headers: &mut HeaderMap, face: Option<Face>, origins: &Origins, path: &str) {
    for (name, value) in ALWAYS {
        set(headers, name, value);
    }
    // A form posted under `no-referrer` carries `Origin: null`, so pages without a token keep the origin for our own eyes.
    let token = TOKEN_PATHS.iter().any(|start| path.starts_with(start));
    set(
        headers,
        "referrer-policy",
        if token { "no-referrer" } else { "same-origin" },
    );
    set(headers, "cache-control", "no-store");
    // Pages show pictures of the evidence origin; where they are of another site, the picture's answer says so itself.
    let readers = if face == Some(Face::Evidence) {
        "same-site"
    } else {
        "same-origin"
    };
    set(headers, "cross-origin-resource-policy", readers);
    set(headers, "content-security-policy", &policy(face, origins));
    if face.is_some_and(|face| origins.of(face).is_https()) {
        set(headers, "strict-transport-security", HSTS);
    }
}

/// Nothing inline, nothing from elsewhere. Evidence is never a page: it is sandboxed and may load nothing.
fn policy(face: Option<Face>, origins: &Origins) -> String {
    let pictures = match face {
        None | Some(Face::Evidence) => {
            return "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox".into();
        }
        Some(Face::Staff | Face::Claimant) => format!("'self' {}", origins.of(Face::Evidence)),
    };
    // One policy, made once by the module that renews the page of pictures.
    let types = if face == Some(Face::Claimant) {
        "readmit-page"
    } else {
        "'none'"
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src {pictures}; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types {types}; {}",
        reports::DIRECTIVE
    )
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let name = HeaderName::from_static(name);
    if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn origins(scheme: &str) -> Origins {
        let origin = |name: &str| format!("{scheme}://{name}.example").parse().unwrap();
        Origins::new(origin("claimant"), origin("staff"), origin("evidence"), origin("host")).unwrap()
    }

    fn headers(face: Option<Face>, scheme: &str, path: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        apply(&mut headers, face, &origins(scheme), path);
        headers
    }

    fn value(headers: &HeaderMap, name: &str) -> String {
        headers
            .get(name)
            .map(|v| v.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    /// SE-05: no face has a policy that lets anything inline or foreign run.
    #[test]
    fn se_05_policies_are_strict_on_every_face() {
        for face in [None, Some(Face::Claimant), Some(Face::Staff), Some(Face::Evidence)] {
            let headers = headers(face, "https", "/case");
            let policy = value(&headers, "content-security-policy");
            for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
                assert!(policy.contains(part), "{face:?}: {policy}");
            }
            assert!(
                !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("data:"),
                "{policy}"
            );
            assert_eq!(value(&headers, "cache-control"), "no-store");
            assert_eq!(value(&headers, "x-content-type-options"), "nosniff");
        }
        for face in [Face::Staff, Face::Claimant] {
            let page = value(&headers(Some(face), "https", "/"), "content-security-policy");
            assert!(page.contains("img-src 'self' https://evidence.example;"), "{page}");
            assert!(page.ends_with("report-uri /reports/policy"), "{page}");
        }
        let evidence = value(
            &headers(Some(Face::Evidence), "https", "/e/1"),
            "content-security-policy",
        );
        assert!(
            evidence.contains("sandbox") && !evidence.contains("script-src"),
            "{evidence}"
        );
    }

    #[test]
    fn se_05_https_is_remembered_and_tokens_are_not_referred() {
        assert_eq!(
            value(&headers(Some(Face::Staff), "https", "/"), "strict-transport-security"),
            HSTS
        );
        assert_eq!(
            value(&headers(Some(Face::Staff), "http", "/"), "strict-transport-security"),
            ""
        );
        assert_eq!(
            value(&headers(Some(Face::Claimant), "https", "/stop/abc"), "referrer-policy"),
            "no-referrer"
        );
        assert_eq!(
            value(&headers(Some(Face::Claimant), "https", "/case"), "referrer-policy"),
            "same-origin"
        );
    }

    #[test]
    fn what_a_handler_set_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static("cache-control"),
            HeaderValue::from_static("public"),
        );
        apply(&mut headers, Some(Face::Claimant), &origins("https"), "/static/x.css");
        assert_eq!(value(&headers, "cache-control"), "public");
    }
}
