//! Whether an unsafe request comes from one of our own pages (SE-04).

use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, ORIGIN};

use crate::origins::Origin;

/// A request of an unsafe method is taken from the face's own origin only: by `Sec-Fetch-Site`, or by `Origin` where a
/// browser sends no such header. Where it sends neither (our pages with a token in their address send no `Origin`), the
/// form token alone decides, which every form has anyway.
#[must_use]
pub(crate) fn allowed(method: &Method, headers: &HeaderMap, own: &Origin) -> bool {
    if matches!(*method, Method::GET | Method::HEAD) {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, None | Some("null")) => true,
        (None, Some(origin)) => origin == own.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// SE-04: forms of other sites change nothing.
    #[test]
    fn se_04_unsafe_methods_come_from_our_own_pages() {
        let own: Origin = "https://recover.example".parse().unwrap();
        for (site, origin, allowed_there) in [
            (Some("same-origin"), None, true),
            (Some("same-site"), None, false),
            (Some("cross-site"), Some("https://recover.example"), false),
            (Some("none"), None, false),
            (None, Some("https://recover.example"), true),
            (None, Some("https://evil.example"), false),
            (None, Some("https://recover.example.evil.example"), false),
            (None, Some("null"), true),
            (None, None, true),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    headers.insert(name.parse().unwrap(), value.parse().unwrap());
                }
            }
            assert_eq!(
                allowed(&Method::POST, &headers, &own),
                allowed_there,
                "{site:?} {origin:?}"
            );
            assert!(allowed(&Method::GET, &headers, &own));
        }
    }
}
