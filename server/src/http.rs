//! One HTTP server for all faces, told apart by their host names.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, Error, HttpResponse, HttpServer};
use readmit_core::dispatch::Dispatcher;
use readmit_core::ports::Surroundings as _;
use readmit_storage::{Db, StorageError};
use readmit_web::body::bounded;
use readmit_web::routes::{Route, mount};
use readmit_web::{Face, assets, envelope, reports};

use crate::metrics::{Metrics, REQUESTS};
use crate::sms;
use crate::surroundings::Real;
use crate::wiring::Wired;

/// Threads that serve pages.
const THREADS: usize = 4;
/// How long a stopping server lets requests under way go on, in seconds.
const GRACE: u64 = 10;
/// How long we throw away what still comes of a body that is not read, so that its sender can hear the answer.
const LISTEN: Duration = Duration::from_secs(2);
/// How long a probe waits for the stores.
const READY: Duration = Duration::from_secs(2);

/// Takes an address before anything else is done with it.
///
/// # Errors
/// One sentence: in use, or not ours.
pub fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!("{address} is in use by another program"),
        _ => anyhow::anyhow!("{address} cannot be listened on: {error}"),
    })
}

/// Serves claimants, staff and evidence, and the host API; no route of the demo.
///
/// # Errors
/// When the threads cannot be started.
pub fn serve(listener: TcpListener, wired: &Wired) -> std::io::Result<Server> {
    serve_with(listener, wired, |_| {})
}

/// The same with further services behind it: the demo's.
pub(crate) fn serve_with(
    listener: TcpListener,
    wired: &Wired,
    more: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> std::io::Result<Server> {
    let (app, probe, told) = (wired.app.clone(), Data::new(Probe::of(wired)), wired.listener.clone());
    let server = HttpServer::new(move || {
        let (faces, more) = (faces(app.clone()), more.clone());
        App::new()
            .app_data(probe.clone())
            .app_data(told.clone())
            .wrap(from_fn(counting))
            .wrap(from_fn(bounded))
            .configure(probes)
            .configure(faces)
            .configure(more)
    })
    .workers(THREADS)
    .shutdown_timeout(GRACE)
    .client_disconnect_timeout(LISTEN)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

/// What staff may ask for: they sign in by passkey, and with passwords where the installation allows it (PK-09).
fn staff(passwords: bool) -> Vec<&'static [Route]> {
    let by_password = passwords.then_some(readmit_reviewer_ui::PASSWORD_ROUTES);
    [assets::ROUTES, reports::ROUTES, readmit_reviewer_ui::ROUTES]
        .into_iter()
        .chain(by_password)
        .collect()
}

/// What is served under the claimants' host name.
const CLAIMANT: &[&[Route]] = &[
    assets::ROUTES,
    reports::ROUTES,
    readmit_claimant_ui::ROUTES,
    sms::callback::ROUTES,
];

/// Every route of an installation, each under the host name of its face.
pub fn faces(app: Data<readmit_web::App>) -> impl FnOnce(&mut ServiceConfig) {
    move |services| {
        let (origins, staff) = (app.origins.clone(), staff(app.staff_passwords));
        let named = origins.clone();
        let ours = move |context: &GuardContext<'_>| {
            let host = context.head().headers().get("host").and_then(|host| host.to_str().ok());
            host.is_some_and(|host| named.face(host).is_some())
        };
        services.service(
            web::scope("")
                .guard(fn_guard(ours))
                .app_data(app)
                .wrap(from_fn(envelope))
                .configure(|services| mount(services, &origins, Face::Claimant, CLAIMANT))
                .configure(|services| mount(services, &origins, Face::Staff, &staff))
                .configure(|services| {
                    mount(
                        services,
                        &origins,
                        Face::Evidence,
                        &[
                            readmit_reviewer_ui::EVIDENCE_ROUTES,
                            readmit_claimant_ui::EVIDENCE_ROUTES,
                        ],
                    )
                }),
        );
    }
}

/// Serves figures and probes, on an address where no claimant comes.
///
/// # Errors
/// When the thread cannot be started.
pub(crate) fn figures(listener: TcpListener, wired: &Wired) -> std::io::Result<Server> {
    let probe = Data::new(Probe::of(wired));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(probe.clone())
            .wrap(from_fn(bounded))
            .configure(probes)
            .route("/metrics", web::get().to(metrics))
    });
    let server = server.workers(1).client_disconnect_timeout(LISTEN).disable_signals();
    Ok(server.listen(listener)?.run())
}

/// What probes and figures look at.
struct Probe {
    db: Db,
    dispatcher: Arc<dyn Dispatcher<StorageError>>,
    metrics: Metrics,
    stopping: Arc<AtomicBool>,
}

impl Probe {
    fn of(wired: &Wired) -> Self {
        Self {
            db: wired.db.clone(),
            dispatcher: Arc::clone(&wired.dispatcher),
            metrics: wired.metrics.clone(),
            stopping: Arc::clone(&wired.stopping),
        }
    }
}

fn probes(services: &mut ServiceConfig) {
    services
        .route("/healthz", web::get().to(HttpResponse::NoContent))
        .route("/readyz", web::get().to(ready));
}

/// Whether requests may come: database and key shelf answer, and nobody told the process to stop. Says nothing else, to
/// anybody; `readmit doctor` does.
async fn ready(probe: Data<Probe>) -> HttpResponse {
    if probe.stopping.load(Ordering::Relaxed) {
        return HttpResponse::ServiceUnavailable().finish();
    }
    match tokio::time::timeout(READY, probe.db.ready()).await {
        Ok(Ok(())) => HttpResponse::NoContent().finish(),
        answer => {
            let why = answer.map_or_else(
                |_| "no answer in time".into(),
                |why| why.err().map_or_else(String::new, |why| why.to_string()),
            );
            tracing::warn!(why, "not ready");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

async fn metrics(probe: Data<Probe>) -> HttpResponse {
    match probe.metrics.text(&probe.db, probe.dispatcher.now()).await {
        Ok(text) => HttpResponse::Ok()
            .content_type("text/plain; version=0.0.4; charset=utf-8")
            .body(text),
        Err(error) => {
            tracing::warn!(%error, "figures could not be read");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// Counts requests by the route's pattern, never by the path: paths carry tokens and references (SE-06).
async fn counting<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let (begun, metrics) = (
        Real.now(),
        request.app_data::<Data<Probe>>().map(|probe| probe.metrics.clone()),
    );
    let response = next.call(request).await?;
    if let Some(metrics) = metrics {
        let request = response.request();
        let host = request.headers().get("host").and_then(|host| host.to_str().ok());
        let app = request.app_data::<Data<readmit_web::App>>();
        let face = app.zip(host).and_then(|(app, host)| app.origins.face(host));
        let face = face.map_or("none", |face| match face {
            Face::Claimant => "claimant",
            Face::Staff => "staff",
            Face::Evidence => "evidence",
        });
        let route = request.match_pattern().unwrap_or_else(|| "none".into());
        let status = response.status();
        let labels = [
            ("face", face),
            ("method", method(request.method())),
            ("route", &route),
            ("status", status.as_str()),
        ];
        metrics.took(REQUESTS, &labels, Real.now() - begun);
    }
    Ok(response)
}

/// A caller's own word for a method is not counted by itself.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
