//! The configuration file as written, and its checking.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use readmit_core::workflow::policy::Profile;
use readmit_steps::Brand;
use readmit_storage::{BucketSettings, EvidenceSettings, Settings};
use readmit_web::{Face, HumanCheck, Origin, Origins};
use readmit_worker::inspector::SEATS;
use reqwest::Url;
use serde::Deserialize;

use super::secrets::{self, need};
use super::sms::{self, SmsFile};
use super::{Config, ConfigError, HostAccess, Logs, MailAccess, Reading};
use crate::blueprint;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "usual_listen")]
    listen: SocketAddr,
    #[serde(default)]
    storage: Storage,
    #[serde(default)]
    profile: Profile,
    master_key_file: Option<PathBuf>,
    origins: OriginsFile,
    brand: BrandFile,
    host: HostFile,
    mail: MailFile,
    sms: Option<SmsFile>,
    #[serde(default)]
    proxies: u8,
    #[serde(default)]
    human_check: HumanCheck,
    #[serde(default)]
    reading: ReadingFile,
    #[serde(default)]
    uploads: readmit_web::upload::Limits,
    #[serde(default)]
    logs: Logs,
    metrics: Option<SocketAddr>,
    #[serde(default)]
    drain: u8,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadingFile {
    program: Option<PathBuf>,
    models: Option<PathBuf>,
    /// Without them: the domain that our own mails come from.
    #[serde(default)]
    mail_domains: Vec<String>,
    scanner: Option<String>,
    at_a_time: Option<NonZeroUsize>,
}

fn usual_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Storage {
    database: String,
    keys: String,
    evidence: Option<PathBuf>,
    s3: Option<S3File>,
    connections: u32,
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            database: "sqlite:data/data.db".into(),
            keys: "sqlite:data/keys.db".into(),
            evidence: None,
            s3: None,
            connections: 4,
        }
    }
}

/// A bucket instead of the folder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct S3File {
    endpoint: Option<String>,
    region: String,
    bucket: String,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    path_style: bool,
    access_key: String,
    secret_key_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginsFile {
    claimant: String,
    staff: String,
    evidence: String,
    host: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BrandFile {
    name: String,
    support: String,
    sign_in: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HostFile {
    url: String,
    secret_file: Option<PathBuf>,
    #[serde(default)]
    return_to: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailFile {
    server: String,
    from: String,
    user: Option<String>,
    password_file: Option<PathBuf>,
    /// Of an authority that only this house knows.
    ca: Option<PathBuf>,
}

/// Reads and checks a configuration file, and gathers its secrets. Writes nothing.
///
/// # Errors
/// [`ConfigError`]: the first thing that is wrong.
pub fn read(path: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        path: path.to_owned(),
        error,
    })?;
    let file = serde_saphyr::from_str::<File>(&text).map_err(|error| ConfigError::Fault {
        path: path.to_owned(),
        fault: place(&error),
    })?;
    check(file)
}

/// `LINE:COLUMN: what`; the parser says the place a second time at the end.
fn place(error: &serde_saphyr::Error) -> String {
    let what = error.without_snippet().to_string();
    match error.location() {
        Some(at) => {
            let what = what.split(" at line ").next().unwrap_or_default();
            format!("{}:{}: {what}", at.line(), at.column())
        }
        None => format!(" {what}"),
    }
}

fn check(file: File) -> Result<Config, ConfigError> {
    let master_key = secrets::master_key(file.master_key_file.as_deref())?;
    let storage = Settings {
        database_url: secrets::or(secrets::DATABASE, file.storage.database)?,
        keys_url: secrets::or(secrets::KEYS, file.storage.keys)?,
        evidence: evidence(file.storage.evidence, file.storage.s3)?,
        master_key,
        connections: file.storage.connections.max(1),
        queues: blueprint::queues().map_err(|error| ConfigError::Build(error.to_string()))?,
    };
    let origins = origins(&file.origins)?;
    let reading = reading(file.reading, &file.mail.from)?;
    Ok(Config {
        listen: file.listen,
        storage,
        profile: file.profile,
        brand: Brand {
            name: file.brand.name,
            support_url: file.brand.support,
            sign_in_url: file.brand.sign_in,
            mail_from: file.mail.from.clone(),
            claimant_origin: origins.of(Face::Claimant).to_string(),
        },
        origins,
        host: HostAccess {
            url: address("host.url", &file.host.url)?,
            secret: secrets::shared(file.host.secret_file.as_deref())?,
            return_to: file
                .host
                .return_to
                .iter()
                .map(|text| way_back(text))
                .collect::<Result<_, _>>()?,
        },
        mail: mail(file.mail)?,
        sms: file.sms.map(sms::read).transpose()?,
        proxies: file.proxies,
        staff_passwords: false,
        human_check: file.human_check,
        reading,
        uploads: file.uploads,
        logs: file.logs,
        metrics: file.metrics,
        drain: Duration::from_secs(file.drain.into()),
    })
}

pub(super) fn value(name: &'static str, why: impl ToString) -> ConfigError {
    ConfigError::Value {
        name,
        why: why.to_string(),
    }
}

fn evidence(folder: Option<PathBuf>, s3: Option<S3File>) -> Result<EvidenceSettings, ConfigError> {
    match (folder, s3) {
        (Some(_), Some(_)) => Err(value(
            "storage.s3",
            "evidence lies in a folder or in a bucket, not in both",
        )),
        (folder, None) => Ok(EvidenceSettings::Folder(
            folder.unwrap_or_else(|| "data/evidence".into()),
        )),
        (None, Some(file)) => Ok(EvidenceSettings::Bucket(BucketSettings {
            endpoint: match file.endpoint {
                Some(endpoint) => Some(address("storage.s3.endpoint", &endpoint)?.to_string()),
                None => None,
            },
            secret_key: need(secrets::S3, file.secret_key_file.as_deref())?.into_inner(),
            region: file.region,
            bucket: file.bucket,
            prefix: file.prefix,
            path_style: file.path_style,
            access_key: file.access_key,
        })),
    }
}

fn origins(file: &OriginsFile) -> Result<Origins, ConfigError> {
    let origin = |name, text: &str| text.parse::<Origin>().map_err(|error| value(name, error));
    Origins::new(
        origin("origins.claimant", &file.claimant)?,
        origin("origins.staff", &file.staff)?,
        origin("origins.evidence", &file.evidence)?,
        origin("origins.host", &file.host)?,
    )
    .map_err(|error| value("origins", error))
}

/// An address that secrets are sent to: https, or http to this machine.
pub(super) fn address(name: &'static str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|error| value(name, format!("`{text}` is not an address: {error}")))?;
    let local = crate::host_client::is_local(&url);
    match url.scheme() {
        "https" => Ok(url),
        "http" if local => Ok(url),
        _ => Err(value(name, format!("`{text}` must begin with https://"))),
    }
}

/// An address of the host's that people go back to. Without a query or fragment of its own: the result is its query.
fn way_back(text: &str) -> Result<String, ConfigError> {
    let url = address("host.return_to", text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(value(
            "host.return_to",
            format!("`{text}` must have no query and no fragment"),
        ));
    }
    Ok(url.into())
}

fn mail(file: MailFile) -> Result<MailAccess, ConfigError> {
    let login = match file.user {
        Some(user) => Some((user, need(secrets::MAIL, file.password_file.as_deref())?)),
        None => None,
    };
    Ok(MailAccess {
        server: file.server.parse().map_err(|error| value("mail.server", error))?,
        login,
        authority: file.ca.map(certificates).transpose()?,
        from: file.from.parse().map_err(|error| value("mail.from", error))?,
    })
}

fn certificates(path: PathBuf) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(&path).map_err(|error| value("mail.ca", format!("{}: {error}", path.display())))
}

fn reading(file: ReadingFile, mail_from: &str) -> Result<Reading, ConfigError> {
    let program = match file.program {
        Some(program) => program,
        None => std::env::current_exe().map_err(|error| value("reading.program", error))?,
    };
    let domains = match file.mail_domains {
        domains if domains.is_empty() => vec![domain(mail_from).to_owned()],
        domains => domains,
    };
    Ok(Reading {
        program,
        models: file.models.unwrap_or_else(|| secrets::models_or("data/models".into())),
        domains,
        scanner: file.scanner,
        at_a_time: file.at_a_time.unwrap_or(SEATS),
    })
}

/// Of `Example <recovery@example.com>`, `example.com`.
pub(crate) fn domain(mail_from: &str) -> &str {
    let domain = mail_from.rsplit('@').next().unwrap_or_default();
    domain.trim_end_matches('>').trim()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    const WHOLE: &str = r"
storage: {evidence: /srv/evidence}
master_key_file: KEY
origins:
  claimant: https://recover.example.com
  staff: https://staff.example.com
  evidence: https://evidence.example.com
  host: https://www.example.com
brand: {name: Example, support: https://www.example.com/help, sign_in: https://www.example.com/sign-in}
host: {url: https://accounts.example.com, secret_file: SECRET}
mail: {server: 'smtp://mail.example.com:587', from: Example <recovery@example.com>}
";

    /// The file with its secrets beside it, after a change.
    fn with(change: impl Fn(&str) -> String) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("key"), "0a".repeat(32)).unwrap();
        std::fs::write(path("secret"), "whsec_UmVhZG1pdCBhbmQgdGhlIGhvc3QsIHNpZ25lZC4=").unwrap();
        let text = WHOLE
            .replace("KEY", &path("key").display().to_string())
            .replace("SECRET", &path("secret").display().to_string());
        std::fs::write(path("readmit.yaml"), change(&text)).unwrap();
        read(&path("readmit.yaml"))
    }

    fn refused(from: &str, to: &str) -> String {
        match with(|text| text.replace(from, to)) {
            Ok(_) => panic!("{to} was accepted"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_whole_file_is_read_and_shown_without_secrets() {
        let config = with(str::to_owned).unwrap();
        assert_eq!(config.storage.master_key, [10; 32]);
        assert!(!config.staff_passwords, "PK-09: no file gives staff passwords");
        let shown = super::super::show(&config);
        assert!(shown.contains("claimant: https://recover.example.com"), "{shown}");
        assert!(!shown.contains("0a0a") && !shown.contains("whsec_"), "{shown}");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_or_name() {
        let unknown = refused("mail:", "maill:");
        assert!(
            unknown.contains("readmit.yaml:11:1: ") && unknown.contains("maill"),
            "{unknown}"
        );
        assert!(refused("https://staff.", "https://recover.").contains("recover.example.com"));
        assert!(refused("https://accounts", "http://accounts").starts_with("host.url: "));
        let back = "{return_to: ['https://www.example.com/back?x=1'], url: https://accounts";
        assert!(refused("{url: https://accounts", back).starts_with("host.return_to: "));
        let clash = "sms: {url: 'https://sms.example.com', fields: {to: text}}\nmail:";
        assert!(refused("mail:", clash).starts_with("sms.fields: "));
        assert!(refused("smtp://", "mail://").starts_with("mail.server: "));
        assert!(refused("<recovery@example.com>", "recovery").starts_with("mail.from: "));
    }

    #[test]
    fn evidence_lies_in_a_folder_or_in_a_bucket() {
        let bucket =
            "{s3: {endpoint: 'http://127.0.0.1:9000', region: eu, bucket: b, access_key: a, secret_key_file: SECRET}}";
        let bucket = |text: &str| {
            let secret = text
                .split("secret_file: ")
                .nth(1)
                .and_then(|rest| rest.split('}').next())
                .unwrap_or_default();
            text.replace("{evidence: /srv/evidence}", &bucket.replace("SECRET", secret))
        };
        let config = with(bucket).unwrap();
        let EvidenceSettings::Bucket(kept) = &config.storage.evidence else {
            panic!("a bucket was asked for")
        };
        assert_eq!((kept.bucket.as_str(), kept.path_style), ("b", false));
        let shown = super::super::show(&config);
        assert!(
            shown.contains("evidence: bucket b at http://127.0.0.1:9000/") && !shown.contains("whsec_"),
            "{shown}"
        );
        let both = match with(|text| bucket(text).replace("{s3:", "{evidence: /srv/evidence, s3:")) {
            Ok(_) => panic!("both were accepted"),
            Err(error) => error.to_string(),
        };
        assert_eq!(
            both,
            "storage.s3: evidence lies in a folder or in a bucket, not in both"
        );
        assert!(
            refused(
                "{evidence: /srv/evidence}",
                "{s3: {endpoint: 'http://s3.example', region: r, bucket: b, access_key: a}}"
            )
            .starts_with("storage.s3.endpoint: ")
        );
    }

    /// A missing or wrong master key: one line that says which.
    #[test]
    fn pr_04_no_key_no_configuration() {
        let missing = match with(|text| text.replace("master_key_file", "#")) {
            Ok(_) => panic!("there is no key"),
            Err(error) => error.to_string(),
        };
        assert_eq!(
            missing,
            "no master key: set READMIT_MASTER_KEY, or name a file in `master_key_file`"
        );
        assert!(refused("/key", "/secret").starts_with("master_key_file: the master key must be 32 bytes"));
        assert!(refused("/key", "/nowhere").starts_with("master_key_file: "));
    }
}
