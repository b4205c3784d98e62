//! The frame around a page's own part, for each face.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use readmit_core::ids::CaseRef;
use readmit_steps::Stage;
use readmit_steps::words::{Say, When};

use crate::app::App;
use crate::assets;
use crate::caller::Caller;
use crate::error::PageError;
use crate::locale::LANGUAGES;
use crate::markup::Markup;
use crate::origins::Face;

/// Where claimants end their session, on a device that others use too.
const LEAVE: &str = "/leave";

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
        let say = caller.say(app);
        let title = if self.error {
            say.with("error-title", &[("title", (&self.title).into())])
        } else {
            self.title.clone()
        };
        Ok(Markup::of(&ClaimantFrame {
            say,
            head: Head::new(caller, format!("{title} · {}", app.brand.name)),
            brand: &app.brand.name,
            symbols: self.body.symbols(),
            languages: languages(say, &self.here),
            rail: self.stage.map(|stage| Rail::new(say, stage)),
            reference: self.reference.map(|reference| reference.to_string()),
            leave: caller.session && self.here != LEAVE,
            body: &self.body,
        })?)
    }
}

/// What staff pages are written in.
const STAFF_LANGUAGE: &str = "en";

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
        let say = Say::new(&app.texts, STAFF_LANGUAGE, &app.brand);
        let person_icon = Markup::of_step(
            if self.person.is_some() {
                r##"<use href="#i-person"/>"##
            } else {
                ""
            }
            .into(),
        );
        Ok(Markup::of(&StaffFrame {
            say,
            head: Head {
                language: STAFF_LANGUAGE,
                ..Head::new(caller, format!("{} · Readmit", self.title))
            },
            symbols: self.body.clone().then(&person_icon).symbols(),
            page: self,
        })?)
    }
}

/// The page to which the host leads people that it has signed in.
const FROM_HOST: &str = "/security";

/// The page of an error, in the caller's language, with the request's number.
pub(crate) fn error_page(app: &App, caller: &Caller, error: &PageError) -> Result<Markup, PageError> {
    let say = match caller.face {
        Some(Face::Staff) => Say::new(&app.texts, STAFF_LANGUAGE, &app.brand),
        _ => caller.say(app),
    };
    let code = error.code();
    let until = match error {
        PageError::TooMany { until } => Some(say.when(*until)),
        _ => None,
    };
    // Whoever came from the host has no reference to come back by.
    let from_host = matches!(error, PageError::SignedOut)
        && caller.face == Some(Face::Claimant)
        && caller.path.starts_with(FROM_HOST);
    let (way, label) = match from_host || matches!(error, PageError::LinkUsed) {
        true => (app.brand.sign_in_url.as_str(), "web-way-host"),
        false if caller.face == Some(Face::Claimant) && caller.path.starts_with(FROM_HOST) => {
            (FROM_HOST, "web-way-settings")
        }
        false => way_on(caller.face, error),
    };
    let text = say.get(&match from_host {
        true => "error-signed_out-from-host".to_owned(),
        false => format!("error-{code}-text"),
    });
    let title = say.get(&format!("error-{code}-title"));
    let body = Markup::of(&ErrorBody {
        say,
        staff: caller.face == Some(Face::Staff),
        title: &title,
        text,
        until,
        way,
        label: say.get(label),
        // These are nobody's fault, and nothing to be looked into.
        request: match error {
            PageError::SignedOut | PageError::LinkUsed => None,
            _ => Some(caller.id.to_string()),
        },
        at: say.when(caller.at),
    })?;
    match caller.face {
        Some(Face::Staff) => StaffPage {
            title,
            body,
            nav: Vec::new(),
            current: "",
            person: None,
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

fn languages(say: Say<'_>, here: &str) -> Vec<LanguageLink> {
    LANGUAGES
        .iter()
        .map(|(code, name)| LanguageLink {
            code,
            name,
            href: format!("{here}?lang={code}"),
            current: say.language() == *code,
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
    fn new(say: Say<'_>, stage: Stage) -> Self {
        let at = Stage::ALL.iter().position(|s| *s == stage).unwrap_or_default();
        let stops: Vec<Stop> = Stage::ALL
            .iter()
            .enumerate()
            .map(|(place, stop)| Stop {
                name: say.get(&format!("stage-{}", stop.code())),
                done: place < at || (place == at && at + 1 == Stage::ALL.len()),
                current: place == at,
            })
            .collect();
        let label = say.with(
            "stage-place",
            &[
                ("n", (at + 1).to_string().into()),
                ("of", stops.len().to_string().into()),
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
    say: Say<'a>,
    head: Head,
    brand: &'a str,
    symbols: Markup,
    languages: Vec<LanguageLink>,
    rail: Option<Rail>,
    reference: Option<String>,
    /// A session is open on this device; on the page about that it says so itself.
    leave: bool,
    body: &'a Markup,
}

#[derive(Template)]
#[template(path = "frame/staff.html")]
struct StaffFrame<'a> {
    say: Say<'a>,
    head: Head,
    symbols: Markup,
    page: &'a StaffPage<'a>,
}

#[derive(Template)]
#[template(path = "frame/error.html")]
struct ErrorBody<'a> {
    say: Say<'a>,
    /// Staff pages bring their own `main`.
    staff: bool,
    title: &'a str,
    text: String,
    until: Option<When>,
    way: &'a str,
    label: String,
    request: Option<String>,
    at: When,
}
