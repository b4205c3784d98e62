//! A banner for the owner's live sessions.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::fault::Fault;
use super::signed::Signed;
use crate::exchange::Exchange;
use crate::notice::Told;

pub(super) async fn create(exchange: Data<Exchange>, id: Path<String>, call: Signed) -> Result<HttpResponse, Fault> {
    let told: Told = call.json()?;
    let (thread, notice) = told.accept().map_err(|sentence| Fault::Body(sentence.to_owned()))?;
    let account = exchange.account(&id).ok_or(Fault::Account)?;
    exchange
        .store
        .change(|state| state.keep_notice(account.id, thread, notice))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
