//! The first argument of every handler of the contract: a call whose signature was checked before its body was read.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::fault::Fault;
use crate::exchange::Exchange;
use crate::sign::Line;

/// The largest body of a call.
const LIMIT: usize = 64 * 1024;

pub(super) struct Signed {
    body: web::Bytes,
    query: String,
    key: Option<String>,
}

impl Signed {
    /// The body as JSON; a field that the contract does not name is an error (SE-08).
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|error| Fault::Body(format!("The body is not as agreed: {error}.")))
    }

    /// What follows the question mark, with the same strictness.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let query = web::Query::<T>::from_query(&self.query);
        query
            .map(web::Query::into_inner)
            .map_err(|error| Fault::Body(format!("The address is not as agreed: {error}.")))
    }

    /// The header `Idempotency-Key`.
    pub(super) fn key(&self) -> Result<String, Fault> {
        let fault = || Fault::Body("The header Idempotency-Key must have 1 to 200 visible characters.".to_owned());
        self.key.clone().ok_or_else(fault)
    }
}

impl FromRequest for Signed {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let payload = payload.await.map_err(|error| Fault::Body(error.to_string()))?;
            let body = payload.to_bytes_limited(LIMIT).await.map_err(|_| Fault::TooLarge)?;
            let body = body.map_err(|_| Fault::Body("The body was cut off.".to_owned()))?;
            check(&request, &body)?;
            Ok(Self {
                body,
                query: request.query_string().to_owned(),
                key: idempotency_key(&request),
            })
        })
    }
}

fn check(request: &HttpRequest, body: &[u8]) -> Result<(), Fault> {
    let exchange = request.app_data::<web::Data<Exchange>>().ok_or(Fault::Path)?;
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let line = Line {
        method: request.method().as_str(),
        target,
        body,
    };
    Ok(exchange
        .signer
        .verify(request.headers(), &line, (exchange.config.clock)())?)
}

fn idempotency_key(request: &HttpRequest) -> Option<String> {
    let key = request.headers().get("idempotency-key")?.to_str().ok()?;
    (!key.is_empty() && key.len() <= 200).then(|| key.to_owned())
}
