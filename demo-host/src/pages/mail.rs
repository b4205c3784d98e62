//! The mailbox of the demo: everything that was sent to anybody.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path, Query};
use askama::Template;
use serde::Deserialize;

use super::fail::Fail;
use super::html;
use super::origin::NotForeign;
use super::text::{Piece, When, pieces, when};
use crate::exchange::Exchange;
use crate::mailbox::{Channel, Message, Received};

/// Messages on one page of the list.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "pages/mail.html")]
struct List<'a> {
    here: &'static str,
    to: &'a str,
    rows: Vec<Row>,
    /// Where the next page begins.
    older: Option<u64>,
}

struct Row {
    n: u64,
    at: When,
    is_sms: bool,
    subject: String,
    to: String,
}

#[derive(Template)]
#[template(path = "pages/message.html")]
struct Page<'a> {
    here: &'static str,
    subject: String,
    is_sms: bool,
    from: &'a str,
    to: String,
    at: When,
    pieces: Vec<Piece<'a>>,
    html: Option<&'a str>,
}

#[derive(Deserialize)]
pub(super) struct Filter {
    to: Option<String>,
    before: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Text {
    to: String,
    text: String,
}

impl Filter {
    /// The address asked for; an empty field of the form asks for all.
    fn to(&self) -> Option<&str> {
        self.to.as_deref().map(str::trim).filter(|to| !to.is_empty())
    }
}

pub(super) async fn list(exchange: Data<Exchange>, filter: Query<Filter>) -> Result<HttpResponse, Fail> {
    let all = exchange.mailbox.list(filter.to()).into_iter();
    let mut shown: Vec<Arc<Message>> = all
        .filter(|one| filter.before.is_none_or(|n| one.n < n))
        .take(PAGE + 1)
        .collect();
    let more = shown.len() > PAGE;
    shown.truncate(PAGE);
    let older = shown.last().filter(|_| more).map(|last| last.n);
    let rows = shown.iter().map(|message| row(message)).collect();
    html(
        StatusCode::OK,
        &List {
            here: "/mail",
            to: filter.to().unwrap_or_default(),
            rows,
            older,
        },
    )
}

pub(super) async fn json(exchange: Data<Exchange>, filter: Query<Filter>) -> HttpResponse {
    let all = exchange.mailbox.list(filter.to());
    HttpResponse::Ok().json(all.iter().map(Arc::as_ref).collect::<Vec<&Message>>())
}

pub(super) async fn show(exchange: Data<Exchange>, n: Path<u64>) -> Result<HttpResponse, Fail> {
    let message = exchange.mailbox.get(*n).ok_or(Fail::NotFound)?;
    let Received {
        from,
        to,
        text,
        html: source,
        ..
    } = &message.what;
    let page = Page {
        here: "/mail",
        subject: subject(&message),
        is_sms: message.what.channel == Channel::Sms,
        from,
        to: to.join(", "),
        at: when(message.at),
        pieces: pieces(text),
        html: source.as_deref(),
    };
    html(StatusCode::OK, &page)
}

/// A text message, as a provider of such would take it.
pub(super) async fn sms(exchange: Data<Exchange>, _: NotForeign, sent: Form<Text>) -> Result<HttpResponse, Fail> {
    let Text { to, text } = sent.into_inner();
    if to.trim().is_empty() || text.is_empty() || text.len() > 2_000 {
        return Err(Fail::BadForm(
            "A text message needs a number and a text of at most 2000 bytes.",
        ));
    }
    exchange
        .mailbox
        .push(Received::sms(to.trim().to_owned(), text), exchange.now())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn row(message: &Message) -> Row {
    Row {
        n: message.n,
        at: when(message.at),
        is_sms: message.what.channel == Channel::Sms,
        subject: subject(message),
        to: message.what.to.join(", "),
    }
}

/// The subject; of a text message, how it begins.
fn subject(message: &Message) -> String {
    let Received { subject, text, .. } = &message.what;
    match (subject.trim(), text.trim()) {
        ("", "") => "(empty)".to_owned(),
        ("", text) => text.chars().take(60).collect(),
        (subject, _) => subject.to_owned(),
    }
}
