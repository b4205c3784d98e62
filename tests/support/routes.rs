//! The route tables as requests: every path with something plausible in its places.

use readmit_web::origins::Face;
use readmit_web::routes::{Needs, Verb};
use reqwest::Method;

/// One row of a route table.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) face: Face,
    pub(crate) method: Method,
    /// As the table has it.
    pub(crate) pattern: &'static str,
    /// With its places filled in.
    pub(crate) path: String,
    pub(crate) needs: Needs,
}

/// All rows of both faces.
pub(crate) fn shapes() -> Vec<Shape> {
    let tables = [
        (Face::Claimant, readmit_web::reports::ROUTES),
        (Face::Claimant, readmit_claimant_ui::ROUTES),
        (Face::Claimant, readmit::sms::callback::ROUTES),
        (Face::Staff, readmit_web::reports::ROUTES),
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
        pattern: route.path,
        path: filled(route.path),
        needs: route.needs,
    })
    .collect()
}

/// The row of a face's table that an address is of: the first that fits, as they are mounted.
pub(crate) fn row_of(method: &Method, url: &reqwest::Url) -> Option<Shape> {
    let fits = |pattern: &str| {
        let (wanted, there) = (pattern.split('/'), url.path().split('/'));
        let alike = |(wanted, there): (&str, &str)| wanted == there || wanted.starts_with('{') && !there.is_empty();
        wanted.clone().count() == there.clone().count() && wanted.zip(there).all(alike)
    };
    let face = match url.host_str()? {
        name if name.starts_with("staff.") => Face::Staff,
        name if name.starts_with("evidence.") => Face::Evidence,
        _ => Face::Claimant,
    };
    let mut rows = shapes().into_iter();
    rows.find(|row| row.face == face && row.method == *method && fits(row.pattern))
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
