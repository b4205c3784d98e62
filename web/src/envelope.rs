//! What goes around every request: its number, the caller, preferences, the check of its origin, security headers,
//! an honest page for whatever went wrong, and one line in the log.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Data, Query};
use actix_web::{Error, HttpMessage as _, HttpResponse};
use serde::Deserialize;
use tracing::Instrument as _;

use crate::app::App;
use crate::caller::{Caller, LANGUAGE_COOKIE, NewGuest, THEME_COOKIE, cookie};
use crate::error::PageError;
use crate::frame::error_page;
use crate::locale::{Language, Theme};
use crate::origins::Face;
use crate::{headers, site};

/// Wrap the whole application: `App::new().wrap(from_fn(readmit_web::envelope))`.
///
/// # Errors
/// Only those of middleware further in; a handler's error is already an answer here.
pub async fn envelope(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody + 'static>>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return Err(PageError::internal("the app is missing").into());
    };
    let caller = Caller::read(&app, &request);
    let method = request.method().clone();
    request.extensions_mut().insert(caller.clone());

    let mut response = if let Some(answer) = preference(&request, &caller) {
        request.into_response(answer).map_into_right_body()
    } else if caller
        .face
        .is_some_and(|face| !site::allowed(&method, request.headers(), app.origins.of(face)))
    {
        listed(&app, &caller, &method, &PageError::CrossSite, request.match_pattern()).await;
        let answer = dressed(&app, &caller, &method, &PageError::CrossSite);
        request.into_response(answer).map_into_right_body()
    } else {
        // What is logged further in names the request, too.
        let span = tracing::info_span!("request", id = %caller.id);
        let response = next.call(request).instrument(span).await?;
        match fault(&response) {
            Some(fault) => {
                let route = response.request().match_pattern();
                listed(&app, &caller, &method, &fault, route).await;
                let answer = dressed(&app, &caller, &method, &fault);
                response.into_response(answer).map_into_right_body()
            }
            None => response.map_into_left_body(),
        }
    };

    let guest = response.request().extensions_mut().remove::<NewGuest>();
    if let (Some(NewGuest(cookie)), true) = (guest, response.status() != StatusCode::INTERNAL_SERVER_ERROR) {
        response.response_mut().add_cookie(&cookie)?;
    }
    headers::apply(response.headers_mut(), caller.face, &app.origins, &caller.path);
    if let Ok(id) = HeaderValue::from_str(&caller.id.to_string()) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), id);
    }
    log(&response, &caller, &method, app.dispatcher.now() - caller.at);
    Ok(response)
}

/// What an answer of a handler, or of a library below it, has to be dressed as; `None` for a page that is one already.
fn fault<B>(response: &ServiceResponse<B>) -> Option<PageError> {
    let error = response.response().error();
    if let Some(error) = error.and_then(|error| error.as_error::<PageError>()) {
        return Some(error.clone());
    }
    let status = response.status();
    let bare = (status.is_client_error() || status.is_server_error())
        && (error.is_some() || !response.headers().contains_key(CONTENT_TYPE));
    bare.then(|| match error {
        Some(error) if status.is_server_error() => PageError::internal(error),
        Some(error) => PageError::of_reading(error),
        None => PageError::of_status(status),
    })
}

/// Writes the row of a refusal that is listed. It stays refused if that fails: nothing was granted.
async fn listed(app: &App, caller: &Caller, method: &Method, error: &PageError, route: Option<String>) {
    let Some(row) = app.refusals.row(error, caller, method, route) else {
        return;
    };
    if let Err(error) = app.db.audit(row).await {
        tracing::error!(request = %caller.id, %error, "a refusal could not be recorded");
    }
}

/// The page, or the JSON, of an error.
fn dressed(app: &App, caller: &Caller, method: &Method, error: &PageError) -> HttpResponse {
    if let PageError::Internal(what) = error {
        tracing::error!(request = %caller.id, what, "a request went wrong on our side");
    }
    if matches!(error, PageError::SignedOut) && caller.face == Some(Face::Staff) && *method == Method::GET {
        return HttpResponse::SeeOther().insert_header((LOCATION, "/sign-in")).finish();
    }
    let mut answer = HttpResponse::build(error.status());
    let wait = match error {
        PageError::TooMany { until } => Some((*until - caller.at).as_seconds().max(1)),
        PageError::Busy | PageError::HostAway | PageError::Down => Some(5),
        _ => None,
    };
    if let Some(seconds) = wait {
        answer.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if caller.path.starts_with("/api/") {
        return answer.json(serde_json::json!({"error": error.code(), "request": caller.id.to_string()}));
    }
    // Evidence is shown inside other pages, and its policy lets no page of its own be one.
    if caller.face == Some(Face::Evidence) {
        let say = caller.say(app);
        let [title, text] = ["title", "text"].map(|part| say.get(&format!("error-{}-{part}", error.code())));
        let lines = format!("{title}\n\n{text}\n\n{} {}\n", error.code(), caller.id);
        return answer.content_type("text/plain; charset=utf-8").body(lines);
    }
    match error_page(app, caller, error) {
        Ok(page) => answer.content_type("text/html; charset=utf-8").body(page.to_string()),
        Err(broken) => {
            tracing::error!(request = %caller.id, %broken, "the error page itself is broken");
            answer
                .content_type("text/plain; charset=utf-8")
                .body(caller.id.to_string())
        }
    }
}

#[derive(Deserialize)]
struct Choice {
    lang: Option<String>,
    theme: Option<String>,
}

/// `?lang=zh` and `?theme=dark` on any page: remembered in a cookie, and the address without them again.
fn preference(request: &ServiceRequest, caller: &Caller) -> Option<HttpResponse<BoxBody>> {
    caller.face.filter(|_| request.method() == Method::GET)?;
    let choice = Query::<Choice>::from_query(request.query_string()).ok()?.into_inner();
    let language = choice
        .lang
        .as_deref()
        .and_then(Language::read)
        .map(|language| (LANGUAGE_COOKIE, language.code()));
    let theme = choice
        .theme
        .as_deref()
        .map(|theme| (THEME_COOKIE, Theme::read(theme).map_or("", Theme::code)));
    if language.is_none() && theme.is_none() {
        return None;
    }
    let mut answer = HttpResponse::SeeOther();
    for (name, value) in language.into_iter().chain(theme) {
        answer.cookie(remembered(name, value));
    }
    // `//evil.example` would be another host's address.
    Some(
        answer
            .insert_header((LOCATION, format!("/{}", caller.path.trim_start_matches('/'))))
            .finish(),
    )
}

fn remembered(name: &'static str, value: &str) -> Cookie<'static> {
    let mut cookie = cookie(name, value.to_owned(), SameSite::Lax);
    cookie.set_max_age(if value.is_empty() {
        actix_web::cookie::time::Duration::ZERO
    } else {
        actix_web::cookie::time::Duration::days(365)
    });
    cookie
}

/// The route, never the path: paths carry veto tokens and references (SE-06).
fn log<B>(response: &ServiceResponse<B>, caller: &Caller, method: &Method, took: readmit_core::time::Span) {
    let route = response.request().match_pattern().unwrap_or_default();
    tracing::info!(
        request = %caller.id,
        face = ?caller.face,
        %method,
        route,
        status = response.status().as_u16(),
        micros = took.0,
    );
}
