//! Real S3 servers. `s3s-fs` runs in this process and checks signatures; `moto` runs in its own and takes conditional puts
//! one after the other. Together they show what one alone does not.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use readmit_storage::BucketSettings;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::task::{JoinHandle, JoinSet};

use super::leash::Leash;
use super::ports;
use super::wait::until;

const BUCKET: &str = "readmit";
const ACCESS_KEY: &str = "readmit-tests";
pub(crate) const SECRET_KEY: &str = "everybody-may-know-this";

/// A server in this process, over a folder.
pub(crate) struct Server {
    port: u16,
    folder: PathBuf,
    running: JoinHandle<()>,
}

impl Server {
    /// Makes the bucket and serves it.
    pub(crate) fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
        let listener = ports::listener();
        let port = listener.local_addr().unwrap().port();
        Self {
            port,
            folder: folder.to_owned(),
            running: serve(listener, folder),
        }
    }

    /// Gone in the middle of whatever it did: every connection breaks, new ones are refused.
    pub(crate) async fn stop(&mut self) {
        self.running.abort();
        let _ = (&mut self.running).await;
    }

    pub(crate) fn start_again(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        self.running = serve(listener, &self.folder);
    }

    pub(crate) fn settings(&self) -> BucketSettings {
        settings(self.port)
    }

    /// As an operator writes it.
    pub(crate) fn configuration(&self, secret_file: &str) -> String {
        format!(
            "s3: {{endpoint: \"http://127.0.0.1:{}\", region: eu-north-1, bucket: {BUCKET}, path_style: true, \
             access_key: {ACCESS_KEY}, secret_key_file: {secret_file:?}}}",
            self.port
        )
    }

    /// The objects of the bucket, as they lie there.
    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        objects(&self.folder.join(BUCKET))
    }
}

fn serve(listener: TcpListener, folder: &Path) -> JoinHandle<()> {
    let mut service = S3ServiceBuilder::new(FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
    let service = service.build();
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move {
        let mut open = JoinSet::new();
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            open.spawn(async move {
                let http = Builder::new(TokioExecutor::new());
                let _ = http.serve_connection(TokioIo::new(socket), service).await;
            });
        }
    })
}

fn objects(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { objects(&path) } else { vec![path] })
        .collect()
}

/// `moto`, as `./check` installed it.
pub(crate) struct Moto {
    port: u16,
    _leash: Leash,
}

impl Moto {
    pub(crate) async fn start() -> Self {
        let port = ports::free();
        let path = std::env::var("READMIT_MOTO").expect("./check installs moto and says where it is");
        let quietly = format!("PYTHONPATH='{path}' exec python3 -m moto.server -p {port} 2>/dev/null");
        let leash = Leash::run("sh", ["-c", quietly.as_str()]);
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(5))
            .build()
            .unwrap();
        until("moto answers", async || {
            let made = http
                .put(format!("http://127.0.0.1:{port}/{BUCKET}"))
                .send()
                .await
                .ok()?;
            made.status().is_success().then_some(())
        })
        .await;
        Self { port, _leash: leash }
    }

    pub(crate) fn settings(&self) -> BucketSettings {
        settings(self.port)
    }
}

fn settings(port: u16) -> BucketSettings {
    BucketSettings {
        endpoint: Some(format!("http://127.0.0.1:{port}")),
        region: "eu-north-1".into(),
        bucket: BUCKET.into(),
        prefix: "evidence/".into(),
        path_style: true,
        access_key: ACCESS_KEY.into(),
        secret_key: SECRET_KEY.to_owned().into(),
    }
}
