//! One HTTP server for all faces, told apart by their host names.

use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use readmit_web::routes::{Route, mount};
use readmit_web::{Face, assets, envelope};

use crate::wiring::Wired;

/// Threads that serve pages.
const THREADS: usize = 4;
/// How long a stopping server lets requests under way go on, in seconds.
const GRACE: u64 = 10;

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
    let app = wired.app.clone();
    let server = HttpServer::new(move || {
        let (faces, more) = (faces(app.clone()), more.clone());
        App::new().configure(faces).configure(more)
    })
    .workers(THREADS)
    .shutdown_timeout(GRACE)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

/// What staff may ask for: they sign in by passkey, and with passwords where the installation allows it (PK-09).
fn staff(passwords: bool) -> Vec<&'static [Route]> {
    let by_password = passwords.then_some(readmit_reviewer_ui::PASSWORD_ROUTES);
    [assets::ROUTES, readmit_reviewer_ui::ROUTES]
        .into_iter()
        .chain(by_password)
        .collect()
}

/// Every route of an installation, each under the host name of its face.
pub fn faces(app: Data<readmit_web::App>) -> impl FnOnce(&mut ServiceConfig) {
    move |services| {
        let (origins, staff) = (app.origins.clone(), staff(app.staff_passwords));
        let named = origins.clone();
        let ours = move |context: &GuardContext<'_>| {
            let host = context.head().headers().get("host").and_then(|host| host.to_str().ok());
            host.is_some_and(|host| named.face(host).is_some())
        };
        services.route("/healthz", web::get().to(health)).service(
            web::scope("")
                .guard(fn_guard(ours))
                .app_data(app)
                .wrap(from_fn(envelope))
                .configure(|services| readmit_claimant_ui::configure(services, &origins))
                .configure(|services| mount(services, &origins, Face::Staff, &staff))
                .configure(|services| {
                    mount(
                        services,
                        &origins,
                        Face::Evidence,
                        &[readmit_reviewer_ui::EVIDENCE_ROUTES],
                    )
                }),
        );
    }
}

/// The process answers. Says nothing else, to anybody.
async fn health() -> HttpResponse {
    HttpResponse::NoContent().finish()
}
