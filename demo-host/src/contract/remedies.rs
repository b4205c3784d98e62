//! The one order that changes an account.

use actix_web::web::{Data, Json, Path};

use super::fault::Fault;
use super::signed::Signed;
use crate::exchange::Exchange;
use crate::remedy::{self, Answer, Order};

pub(super) async fn create(exchange: Data<Exchange>, id: Path<String>, call: Signed) -> Result<Json<Answer>, Fault> {
    let key = call.key()?;
    let order: Order = call.json()?;
    order.check().map_err(|sentence| Fault::Body(sentence.to_owned()))?;
    let account = exchange.account(&id).ok_or(Fault::Account)?;
    Ok(Json(remedy::carry_out(&exchange, account, key, order).await?))
}
