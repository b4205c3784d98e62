//! Static files, embedded; each is served under a name that carries its hash, so that browsers may keep it for ever.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, Path};
use sha2::{Digest as _, Sha256};

use crate::error::PageError;
use crate::routes::{Needs, Route, Verb};

struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: &'static str,
}

const ASSETS: [Asset; 7] = [
    Asset {
        name: "readmit.css",
        content_type: "text/css; charset=utf-8",
        content: include_str!("../assets/readmit.css"),
    },
    Asset {
        name: "pages.js",
        content_type: "text/javascript; charset=utf-8",
        content: include_str!("../assets/pages.js"),
    },
    Asset {
        name: "passkey.js",
        content_type: "text/javascript; charset=utf-8",
        content: include_str!("../assets/passkey.js"),
    },
    Asset {
        name: "case.js",
        content_type: "text/javascript; charset=utf-8",
        content: include_str!("../assets/case.js"),
    },
    Asset {
        name: "evidence.js",
        content_type: "text/javascript; charset=utf-8",
        content: include_str!("../assets/evidence.js"),
    },
    Asset {
        name: "work.js",
        content_type: "text/javascript; charset=utf-8",
        content: include_str!("../assets/work.js"),
    },
    Asset {
        name: "mark.svg",
        content_type: "image/svg+xml",
        content: include_str!("../assets/mark.svg"),
    },
];

static URLS: LazyLock<Vec<String>> = LazyLock::new(|| ASSETS.iter().map(url_of).collect());

fn url_of(asset: &Asset) -> String {
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(asset.content));
    let short: String = hash.chars().take(16).collect();
    let (stem, kind) = asset.name.rsplit_once('.').unwrap_or((asset.name, ""));
    format!("/static/{stem}.{short}.{kind}")
}

/// Where a file is served.
fn url(name: &str) -> &'static str {
    let place = ASSETS.iter().position(|asset| asset.name == name);
    place.and_then(|place| URLS.get(place)).map_or("", String::as_str)
}

#[must_use]
pub(crate) fn stylesheet() -> &'static str {
    url("readmit.css")
}

#[must_use]
pub(crate) fn script() -> &'static str {
    url("pages.js")
}

#[must_use]
pub(crate) fn mark() -> &'static str {
    url("mark.svg")
}

/// The module that asks the browser for a passkey.
#[must_use]
pub fn passkey() -> &'static str {
    url("passkey.js")
}

/// The module of the staff's case page: keeps a claim alive, shows boxes, copies values.
#[must_use]
pub fn case_page() -> &'static str {
    url("case.js")
}

/// The module that sends pictures and waits for what is read in them.
#[must_use]
pub fn evidence() -> &'static str {
    url("evidence.js")
}

/// The module that does the work of a human check.
#[must_use]
pub fn work() -> &'static str {
    url("work.js")
}

/// Static files of both faces.
pub const ROUTES: &[Route] = &[Route {
    method: Verb::Get,
    path: "/static/{file}",
    needs: Needs::Nothing,
    to: || web::to(show),
}];

async fn show(file: Path<String>) -> Result<HttpResponse, PageError> {
    let wanted = format!("/static/{file}");
    let place = URLS.iter().position(|url| *url == wanted).ok_or(PageError::NotFound)?;
    let asset = ASSETS.get(place).ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.content_type))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_hashes() {
        assert!(stylesheet().starts_with("/static/readmit.") && stylesheet().len() == "/static/readmit.css".len() + 17);
        assert_ne!(stylesheet(), script());
    }

    /// The sheet's two dark lists are the same.
    #[test]
    fn the_dark_theme_is_one() {
        let sheet = include_str!("../assets/readmit.css");
        let lists: Vec<&str> = sheet
            .split("color-scheme:dark;")
            .skip(1)
            .filter_map(|part| part.split('}').next())
            .collect();
        assert_eq!(lists.len(), 2);
        assert_eq!(lists.first(), lists.last());
    }

    /// No style sheet or script reaches out (PR-06).
    #[test]
    fn nothing_comes_from_elsewhere() {
        for asset in &ASSETS {
            let foreign = asset.content.replace("http://www.w3.org/", "");
            assert!(
                !foreign.contains("http://") && !foreign.contains("https://") && !foreign.contains("url("),
                "{}",
                asset.name
            );
        }
    }
}
