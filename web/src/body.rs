//! What is read of a request's body, whatever its route: so many bytes, no slower than a poor line sends them (EV-02).
//!
//! A body that ends later than that is not read on: whoever reads the form is told, and the connection is closed behind the
//! answer. Without this, what a handler leaves of a body in pieces would be read off the connection for as long as it comes.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::Error;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Bytes of a body that are read at all. A file is kept up to a tenth of it: what is too big is read to its end, so that the
/// browser listens to the sentence that says so, but not for ever.
pub const LONGEST: u64 = 150 * 1024 * 1024;
/// Seconds that we wait for bytes at a time, and in all before the pace counts.
const HEAD_START: u64 = 60;
/// Bytes for which we wait one second more: a poor line brings twice as many.
const SLOWEST: u64 = 8 * 1024;

/// Wrap the whole application, outermost: what it answers is sent before the rest of the body is given up.
///
/// # Errors
/// Only those of middleware further in.
pub async fn bounded(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (request, payload) = request.into_parts();
    if matches!(payload, Payload::None) {
        let request = ServiceRequest::from_parts(request, payload);
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let rest = Rc::new(RefCell::new(payload));
    let read = Read::of(Rc::clone(&rest), Duration::from_secs(1));
    let read: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(read);
    let payload = Payload::Stream { payload: read };
    let request = ServiceRequest::from_parts(request, payload);
    let answer = next.call(request).await?;
    Ok(answer.map_body(|_, body| {
        Answer {
            body: body.boxed(),
            _rest: rest,
        }
        .boxed()
    }))
}

/// An answer that keeps hold of the body that it answers. The server reads a body that nobody holds to its end, whatever that
/// takes; behind one that is held and unread it closes the connection.
struct Answer {
    body: BoxBody,
    _rest: Rc<RefCell<Payload>>,
}

impl MessageBody for Answer {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}

/// A body as handlers read it.
struct Read<S> {
    rest: Rc<RefCell<S>>,
    /// Bytes that came.
    bytes: u64,
    /// Seconds that we waited for some. Those in which nobody asked for bytes are ours and do not count.
    waited: u64,
    /// Of them, those since the last bytes.
    idle: u64,
    second: Interval,
}

impl<S> Read<S> {
    fn of(rest: Rc<RefCell<S>>, second: Duration) -> Self {
        let mut second = interval(second);
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            rest,
            bytes: 0,
            waited: 0,
            idle: 0,
            second,
        }
    }
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for Read<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut *self.rest.borrow_mut()).poll_next(cx);
        if let Poll::Ready(Some(Ok(bytes))) = &next {
            self.bytes += bytes.len() as u64;
            self.idle = 0;
            if self.bytes > LONGEST {
                return Poll::Ready(Some(Err(PayloadError::Overflow)));
            }
        }
        if next.is_ready() {
            return next;
        }
        loop {
            ready!(self.second.poll_tick(cx));
            self.waited += 1;
            self.idle += 1;
            if self.idle > HEAD_START || self.waited > HEAD_START + self.bytes / SLOWEST {
                let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
                return Poll::Ready(Some(Err(PayloadError::Io(late))));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use futures_util::stream::{self, StreamExt as _};

    /// Reads what comes, at a clock that is a thousand times too fast: bytes, and why it ended.
    async fn read(body: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin) -> (u64, Option<PayloadError>) {
        let mut read = Read::of(Rc::new(RefCell::new(body)), Duration::from_millis(1));
        let mut bytes = 0;
        while let Some(piece) = read.next().await {
            match piece {
                Ok(piece) => bytes += piece.len() as u64,
                Err(error) => return (bytes, Some(error)),
            }
        }
        (bytes, None)
    }

    fn pieces(bytes: usize) -> impl Stream<Item = Result<Bytes, PayloadError>> + Unpin {
        stream::repeat_with(move || Ok(Bytes::from(vec![0; bytes])))
    }

    /// EV-02: a body without an end is read to the limit, whole pieces of it.
    #[actix_web::test]
    async fn ev_02_a_body_without_an_end_is_read_to_the_limit() {
        let (bytes, ended) = read(pieces(1024 * 1024)).await;
        assert!(matches!(ended, Some(PayloadError::Overflow)), "{ended:?}");
        assert_eq!(bytes, LONGEST);
        let (bytes, ended) = read(pieces(1024 * 1024).take(150)).await;
        assert!(ended.is_none(), "{ended:?}");
        assert_eq!(bytes, LONGEST);
    }

    /// EV-02: who stops sending, or sends a byte now and then, is not waited for.
    #[actix_web::test]
    async fn ev_02_a_body_that_trickles_is_given_up() {
        let (bytes, ended) = read(pieces(100).take(3).chain(stream::pending())).await;
        assert!(
            matches!(&ended, Some(PayloadError::Io(error)) if error.kind() == std::io::ErrorKind::TimedOut),
            "{ended:?}"
        );
        assert_eq!(bytes, 300);
        let mut second = interval(Duration::from_millis(1));
        let trickle = stream::poll_fn(move |cx| {
            ready!(second.poll_tick(cx));
            Poll::Ready(Some(Ok(Bytes::from_static(b"x"))))
        });
        let (bytes, ended) = read(trickle).await;
        assert!(matches!(ended, Some(PayloadError::Io(_))), "{ended:?}");
        assert!(bytes < SLOWEST, "{bytes}");
    }

    /// EV-02: what was sent quickly is no credit for silence.
    #[actix_web::test]
    async fn ev_02_a_body_that_falls_silent_is_given_up() {
        let silent = pieces(1024 * 1024).take(100).chain(stream::pending());
        let mut read = Read::of(Rc::new(RefCell::new(silent)), Duration::from_millis(1));
        while let Some(Ok(_)) = read.next().await {}
        assert_eq!(read.waited, HEAD_START + 1);
    }
}
