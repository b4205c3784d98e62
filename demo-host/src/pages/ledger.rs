//! The account's transactions: what an owner looks at to answer questions.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use super::account::{Banner, banners};
use super::fail::Fail;
use super::html;
use super::session::SignedIn;
use super::text::{When, when};
use crate::exchange::Exchange;
use crate::model::{LedgerRow, RowKind};

#[derive(Template)]
#[template(path = "pages/ledger.html")]
struct Page<'a> {
    here: &'static str,
    banners: Vec<Banner>,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    at: When,
    kind: &'static str,
    of: &'a LedgerRow,
}

pub(super) async fn show(exchange: Data<Exchange>, who: SignedIn) -> Result<HttpResponse, Fail> {
    let account = exchange.account(&who.account).ok_or(Fail::SignedOut)?;
    let rows = account.ledger.iter().map(|row| Row {
        at: when(row.at),
        kind: kind(row),
        of: row,
    });
    let banners = banners(&exchange, &exchange.store.read(), account);
    html(
        StatusCode::OK,
        &Page {
            here: "/ledger",
            banners,
            rows: rows.collect(),
        },
    )
}

fn kind(row: &LedgerRow) -> &'static str {
    match row.kind {
        RowKind::Deposit => "Deposit",
        RowKind::Withdrawal => "Withdrawal",
        RowKind::Trade if row.amount.0 < 0 => "Trade, paid",
        RowKind::Trade => "Trade, bought",
    }
}
