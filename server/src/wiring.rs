//! An installation, put together from its configuration.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context as _;
use readmit_core::dispatch::{Dispatcher, Engine};
use readmit_core::ports::{Store, Surroundings};
use readmit_storage::{Db, StorageError};
use readmit_web::{App, FormKey, HostApi};
use readmit_worker::ports::{Mailer, SmsGateway};
use readmit_worker::{Smtp, Words, Worker};

use crate::blueprint;
use crate::config::{Config, MailAccess};
use crate::counted::Counted;
use crate::database;
use crate::doctor::Doctor;
use crate::host_client::HostClient;
use crate::inspections::Inspections;
use crate::jobs::JobTable;
use crate::metrics::Metrics;
use crate::passkeys::{Lookups, Passkeys};
use crate::sms::callback::Listener;
use crate::sms::{Gateway, NoGateway};
use crate::surroundings::{Real, World};

/// A wired installation. Nothing runs yet.
pub struct Wired {
    pub db: Db,
    pub app: actix_web::web::Data<App>,
    pub dispatcher: Arc<dyn Dispatcher<StorageError>>,
    pub worker: Arc<Worker<JobTable>>,
    /// What hears from the SMS gateway.
    pub(crate) listener: actix_web::web::Data<Listener>,
    /// What this process counts.
    pub metrics: Metrics,
    /// Set when the process was told to stop: it is not ready for more.
    pub stopping: Arc<AtomicBool>,
}

/// Opens the stores, which must have been migrated, and wires everything to them. Publishes nothing, starts nothing.
///
/// # Errors
/// What could not be opened, in a sentence.
pub async fn wire(config: &Config, surroundings: impl Surroundings + 'static) -> anyhow::Result<Wired> {
    wire_over(config, surroundings, |db| db).await
}

/// As [`wire`], with commands going through the store that `over` makes of the one opened.
///
/// # Errors
/// As [`wire`].
pub async fn wire_over<S: Store<Error = StorageError> + 'static>(
    config: &Config,
    surroundings: impl Surroundings + 'static,
    over: impl FnOnce(Db) -> S,
) -> anyhow::Result<Wired> {
    let db = database::open(&config.storage).await?;
    let store = over(db.clone());
    assemble_over(config, db, store, World::new(surroundings), World::new(Real))
}

/// Wires everything to an open store. Calls to the host are signed by the clock on the `wall`.
pub(crate) fn assemble(config: &Config, db: Db, world: World, wall: World) -> anyhow::Result<Wired> {
    assemble_over(config, db.clone(), db, world, wall)
}

fn assemble_over<S: Store<Error = StorageError> + 'static>(
    config: &Config,
    db: Db,
    store: S,
    world: World,
    wall: World,
) -> anyhow::Result<Wired> {
    let host = HostClient::new(
        &config.host,
        Arc::new(blueprint::vocabulary()?),
        wall,
        config.sms.is_some(),
    )
    .map_err(anyhow::Error::msg)
    .context("host")?;
    let dispatcher: Arc<dyn Dispatcher<StorageError>> = Arc::new(Engine {
        store,
        outside: Lookups {
            host: host.clone(),
            passkeys: Passkeys::new(db.clone(), config.origins.host(), &config.brand)
                .map_err(anyhow::Error::msg)
                .context("origins")?,
        },
        surroundings: world,
        kinds: readmit_steps::kinds(),
    });
    let metrics = Metrics::default();
    let dispatcher: Arc<dyn Dispatcher<StorageError>> = Arc::new(Counted {
        metrics: metrics.clone(),
        port: dispatcher,
    });
    let texts = Arc::new(blueprint::texts()?);
    let sms: Arc<dyn SmsGateway> = match &config.sms {
        Some(access) => Arc::new(Gateway::new(access).map_err(anyhow::Error::msg).context("sms")?),
        None => Arc::new(NoGateway),
    };
    let mailer = Arc::new(mailer(&config.mail)?);
    let doctor = Doctor::new(config, Arc::clone(&mailer) as Arc<dyn Mailer>);
    let worker = Worker {
        jobs: JobTable(db.clone(), metrics.clone()),
        dispatcher: Arc::clone(&dispatcher),
        mailer: Arc::new(Counted {
            metrics: metrics.clone(),
            port: mailer,
        }),
        sms: Arc::new(Counted {
            metrics: metrics.clone(),
            port: sms,
        }),
        host: Arc::new(host),
        inspections: Arc::new(Counted {
            metrics: metrics.clone(),
            port: Arc::new(Inspections::new(&config.reading, &config.brand.name)),
        }),
        words: Words {
            texts: Arc::clone(&texts),
            brand: config.brand.clone(),
        },
    };
    #[cfg(feature = "test-clock")]
    let worker = crate::failpoints::around(worker, &db);
    let app = actix_web::web::Data::new(App {
        db: db.clone(),
        dispatcher: Arc::clone(&dispatcher),
        texts,
        origins: config.origins.clone(),
        brand: config.brand.clone(),
        forms: FormKey::new(db.secret("form tokens")),
        hops: config.proxies,
        phones: config.sms.is_some(),
        uploads: config.uploads,
        staff_passwords: config.staff_passwords,
        human_check: config.human_check,
        refusals: readmit_web::Refusals::default(),
        reports: readmit_web::Reports::default(),
        queues: config.storage.queues.clone(),
        health: {
            let (doctor, db, dispatcher) = (doctor, db.clone(), Arc::clone(&dispatcher));
            Box::new(move || {
                let (doctor, db, now) = (doctor.clone(), db.clone(), dispatcher.now());
                Box::pin(async move { doctor.examine(Ok(&db), now).await })
            })
        },
        host_api: HostApi {
            secret: config.host.secret.reveal().to_owned(),
            wall: || Real.now(),
            return_to: config.host.return_to.clone(),
        },
    });
    Ok(Wired {
        db: db.clone(),
        app,
        worker: Arc::new(worker),
        listener: actix_web::web::Data::new(Listener {
            callback: config.sms.as_ref().and_then(|sms| sms.callback.clone()),
            db,
            dispatcher: Arc::clone(&dispatcher),
            metrics: metrics.clone(),
        }),
        dispatcher,
        metrics,
        stopping: Arc::default(),
    })
}

pub(crate) fn mailer(mail: &MailAccess) -> anyhow::Result<Smtp> {
    let login = mail
        .login
        .as_ref()
        .map(|(user, password)| (user.clone(), password.reveal().to_owned()));
    Ok(Smtp::new(
        &mail.server,
        login,
        mail.authority.as_deref(),
        mail.from.clone(),
    )?)
}
