//! The frame around a page's own part, for each face.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use readmit_core::ids::CaseRef;
use readmit_steps::Stage;

use crate::app::App;
use crate::assets;
use crate::caller::Caller;
use crate::error::PageError;
use crate::locale::{LANGUAGES, Words};
use crate::markup::Markup;
use crate::origins::Face;

/// A page of the claimant's face.
pub struct ClaimantPage {
    /// What the page is about; the frame adds `Error:` and the host's name.
    pub title: String,
    pub body: Markup,
    /// The place in the progress rail, if the page has one.
    pub stage: Option<Stage>,
    /// Shown at the foot once the case has one.
    pub reference: Option<CaseRef>,
    /// A refused form is shown again: the title says so.
    pub error: bool,
    /// Where GET shows this page again: what the language links lead to.
    pub here: String,
}

impl ClaimantPage {
    /// A page of its own: no rail, no case.
    #[must_use]
    pub fn alone(title: String, body: Markup, here: &str) -> Self {
        Self {
            title,
            body,
            stage: None,
            reference: None,
            error: false,
            here: here.to_owned(),
        }
    }

    /// The page as an answer.
    ///
    /// # Errors
    /// [`PageError::Internal`] when a template is broken.
    pub fn answer(&self, app: &App, caller: &Caller, status: StatusCode) -> Result<HttpResponse, PageError> {
        Ok(html(status, &self.render(app, caller)?))
    }

    fn render(&self, app: &App, caller: &Caller) -> Result<Markup, PageError> {
        let t = caller.words(app);
        let title = if self.error {
            t.with("web-title-error", &[("title", (&self.title).into())])
        } else {
            self.title.clone()
        };
        Ok(Markup::of(&ClaimantFrame {
            t,
            head: Head::new(caller, format!("{title} · {}", app.brand.name)),
            brand: &app.brand.name,
            symbols: self.body.symbols(),
            languages: languages(t, &self.here),
            rail: self.stage.map(|stage| Rail::new(t, stage)),
            reference: self.reference.map(|reference| reference.to_string()),
            body: &self.body,
        })?)
    }
}

/// A page of the staff's face.
pub struct StaffPage<'a> {
    pub title: String,
    pub body: Markup,
    /// The bar's links: path and label. Empty before sign-in.
    pub nav: Vec<(&'a str, String)>,
    /// The path of the link that the page belongs to.
    pub current: &'a str,
    /// Who is signed in, as shown: `Mina Okafor · senior`.
    pub person: Option<String>,
    /// Where GET shows this page again.
    pub here: String,
}

impl StaffPage<'_> {
    /// The page as an answer.
    ///
    /// # Errors
    /// [`PageError::Internal`] when a template is broken.
    pub fn answer(&self, app: &App, caller: &Caller, status: StatusCode) -> Result<HttpResponse, PageError> {
        Ok(html(status, &self.render(app, caller)?))
    }

    fn render(&self, app: &App, caller: &Caller) -> Result<Markup, PageError> {
        let t = caller.words(app);
        let person_icon = Markup::of_step(
            if self.person.is_some() {
                r##"<use href="#i-person"/>"##
            } else {
                ""
            }
            .into(),
        );
        Ok(Markup::of(&StaffFrame {
            t,
            head: Head::new(caller, format!("{} · Readmit", self.title)),
            symbols: self.body.clone().then(&person_icon).symbols(),
            languages: languages(t, &self.here),
            page: self,
        })?)
    }
}

/// The page of an error, in the caller's language, with the request's number.
pub(crate) fn error_page(app: &App, caller: &Caller, error: &PageError) -> Result<Markup, PageError> {
    let t = caller.words(app);
    let code = error.code();
    let until = match error {
        PageError::TooMany { until } => until.rfc3339(),
        _ => String::new(),
    };
    let (way, label) = way_on(caller.face, error);
    let title = t.say(&format!("error-{code}-title"));
    let body = Markup::of(&ErrorBody {
        t,
        title: &title,
        text: t.say(&format!("error-{code}-text")),
        until,
        way,
        label: t.say(label),
        request: caller.id.to_string(),
        at: caller.at.rfc3339(),
    })?;
    match caller.face {
        Some(Face::Staff) => StaffPage {
            title,
            body,
            nav: Vec::new(),
            current: "",
            person: None,
            here: "/".into(),
        }
        .render(app, caller),
        _ => ClaimantPage::alone(title, body, "/").render(app, caller),
    }
}

/// Where an error page leads on to, and the text of that link.
fn way_on(face: Option<Face>, error: &PageError) -> (&'static str, &'static str) {
    match (face, error) {
        (Some(Face::Staff), PageError::SignedOut) => ("/sign-in", "web-way-sign-in"),
        (Some(Face::Staff), _) => ("/", "web-way-queues"),
        (_, PageError::SignedOut) => ("/continue", "web-way-continue"),
        (_, PageError::NotFound | PageError::MethodNotAllowed) => ("/", "web-way-start"),
        _ => ("/case", "web-way-case"),
    }
}

fn html(status: StatusCode, page: &Markup) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(page.to_string())
}

struct Head {
    title: String,
    language: &'static str,
    theme: &'static str,
    stylesheet: &'static str,
    script: &'static str,
    mark: &'static str,
}

impl Head {
    fn new(caller: &Caller, title: String) -> Self {
        Self {
            title,
            language: caller.language.code(),
            theme: caller.theme.map_or("", crate::locale::Theme::code),
            stylesheet: assets::stylesheet(),
            script: assets::script(),
            mark: assets::mark(),
        }
    }
}

struct LanguageLink {
    code: &'static str,
    name: &'static str,
    href: String,
    current: bool,
}

fn languages(t: Words<'_>, here: &str) -> Vec<LanguageLink> {
    LANGUAGES
        .iter()
        .map(|(code, name)| LanguageLink {
            code,
            name,
            href: format!("{here}?lang={code}"),
            current: t.language.code() == *code,
        })
        .collect()
}

/// The claimant's progress: six places, none of which names a branch that was not reached.
struct Rail {
    label: String,
    stops: Vec<Stop>,
}

struct Stop {
    name: String,
    done: bool,
    current: bool,
}

impl Rail {
    fn new(t: Words<'_>, stage: Stage) -> Self {
        let at = Stage::ALL.iter().position(|s| *s == stage).unwrap_or_default();
        let stops: Vec<Stop> = Stage::ALL
            .iter()
            .enumerate()
            .map(|(place, stop)| Stop {
                name: t.say(&format!("stage-{}", stop.code())),
                done: place < at || (place == at && at + 1 == Stage::ALL.len()),
                current: place == at,
            })
            .collect();
        let label = t.with(
            "web-step-of",
            &[
                ("n", (at + 1).to_string().into()),
                ("all", stops.len().to_string().into()),
            ],
        );
        Self { label, stops }
    }

    fn here(&self) -> &str {
        self.stops
            .iter()
            .find(|stop| stop.current)
            .map_or("", |stop| stop.name.as_str())
    }
}

#[derive(Template)]
#[template(path = "frame/claimant.html")]
struct ClaimantFrame<'a> {
    t: Words<'a>,
    head: Head,
    brand: &'a str,
    symbols: Markup,
    languages: Vec<LanguageLink>,
    rail: Option<Rail>,
    reference: Option<String>,
    body: &'a Markup,
}

#[derive(Template)]
#[template(path = "frame/staff.html")]
struct StaffFrame<'a> {
    t: Words<'a>,
    head: Head,
    symbols: Markup,
    languages: Vec<LanguageLink>,
    page: &'a StaffPage<'a>,
}

#[derive(Template)]
#[template(path = "frame/error.html")]
struct ErrorBody<'a> {
    t: Words<'a>,
    title: &'a str,
    text: String,
    until: String,
    way: &'static str,
    label: String,
    request: String,
    at: String,
}
