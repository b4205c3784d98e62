//! The route tables as requests: every path with something plausible in its places.

use readmit_web::origins::Face;
use readmit_web::routes::{Needs, Verb};
use reqwest::Method;

/// One row of a route table.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) face: Face,
    pub(crate) method: Method,
    /// With its places filled in.
    pub(crate) path: String,
    pub(crate) needs: Needs,
}

/// All rows of both faces.
pub(crate) fn shapes() -> Vec<Shape> {
    let tables = [
        (Face::Claimant, readmit_claimant_ui::ROUTES),
        (Face::Claimant, readmit::sms::callback::ROUTES),
        (Face::Staff, readmit_reviewer_ui::ROUTES),
        (Face::Evidence, readmit_reviewer_ui::EVIDENCE_ROUTES),
        (Face::Evidence, readmit_claimant_ui::EVIDENCE_ROUTES),
    ];
    let rows = tables
        .into_iter()
        .flat_map(|(face, table)| table.iter().map(move |route| (face, route)));
    rows.map(|(face, route)| Shape {
        face,
        method: match route.method {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
        },
        path: filled(route.path),
        needs: route.needs,
    })
    .collect()
}

/// Puts an identifier that nothing has into every place of a pattern.
fn filled(pattern: &str) -> String {
    pattern
        .split('/')
        .map(|part| match part {
            "{workflow}" => "passkey-reset",
            "{reference}" => "RC-0000-0000",
            place if place.starts_with('{') => "00000000000000000000000000000000",
            other => other,
        })
        .collect::<Vec<_>>()
        .join("/")
}
