//! `readmit config show`: what is in force, without secrets.

use readmit_storage::EvidenceSettings;
use readmit_web::{Face, HumanCheck};

use super::{Config, SmsCallback};

/// The configuration as lines of YAML; passwords in addresses and all secrets are left out.
#[must_use]
pub fn show(config: &Config) -> String {
    let mut lines = vec![
        format!("listen: {}", config.listen),
        "storage:".into(),
        format!("  database: {}", without_password(&config.storage.database_url)),
        format!("  keys: {}", without_password(&config.storage.keys_url)),
        format!("  evidence: {}", evidence(&config.storage.evidence)),
        format!("  connections: {}", config.storage.connections),
        "master key: set".into(),
        format!("profile: {:?}", config.profile).to_lowercase(),
        "origins:".into(),
        format!("  claimant: {}", config.origins.of(Face::Claimant)),
        format!("  staff: {}", config.origins.of(Face::Staff)),
        format!("  evidence: {}", config.origins.of(Face::Evidence)),
        format!("  host: {}", config.origins.host()),
        "brand:".into(),
        format!("  name: {}", config.brand.name),
        format!("  support: {}", config.brand.support_url),
        format!("  sign_in: {}", config.brand.sign_in_url),
        "host:".into(),
        format!("  url: {}", without_password(config.host.url.as_str())),
        "  secret: set".into(),
        format!("  return_to: {}", config.host.return_to.join(", ")),
        "mail:".into(),
        format!(
            "  server: {}:{} ({:?})",
            config.mail.server.host, config.mail.server.port, config.mail.server.security
        ),
        format!("  login: {}", if config.mail.login.is_some() { "set" } else { "none" }),
        format!("  ca: {}", if config.mail.authority.is_some() { "set" } else { "none" }),
    ];
    match &config.sms {
        None => lines.push("sms: none".into()),
        Some(sms) => lines.extend([
            "sms:".into(),
            format!("  url: {}", without_password(sms.url.as_str())),
            format!("  token: {}", if sms.token.is_some() { "set" } else { "none" }),
            format!("  user: {}", sms.user.as_deref().unwrap_or("none")),
            format!("  format: {:?}", sms.format).to_lowercase(),
            format!(
                "  lookup: {}",
                sms.lookup
                    .as_ref()
                    .map_or_else(|| "none".into(), |lookup| without_password(lookup.url.as_str()))
            ),
            format!("  callback: {}", sms.callback.as_ref().map_or("none", callback)),
        ]),
    }
    lines.extend([
        "reading:".into(),
        format!("  models: {}", config.reading.models.display()),
        format!("  mail_domains: {}", config.reading.domains.join(", ")),
        format!("  scanner: {}", config.reading.scanner.as_deref().unwrap_or("none")),
        format!("  at_a_time: {}", config.reading.at_a_time),
    ]);
    let uploads = config.uploads;
    lines.push(format!(
        "uploads: files {}, megabytes {}, account_files {}, account_megabytes {}",
        uploads.files, uploads.megabytes, uploads.account_files, uploads.account_megabytes
    ));
    lines.push(format!("proxies: {}", config.proxies));
    let check = match config.human_check {
        HumanCheck::None => "none",
        HumanCheck::ProofOfWork => "proof_of_work",
    };
    lines.push(format!("human_check: {check}"));
    lines.push(format!("logs: {:?}", config.logs).to_lowercase());
    let metrics = config.metrics.map_or_else(|| "none".into(), |at| at.to_string());
    lines.push(format!("metrics: {metrics}"));
    lines.push(format!("drain: {}", config.drain.as_secs()));
    lines.join("\n")
}

fn callback(callback: &SmsCallback) -> &'static str {
    match callback.signature {
        Some(_) => "signed",
        None => "by a shared secret",
    }
}

fn evidence(settings: &EvidenceSettings) -> String {
    match settings {
        EvidenceSettings::Folder(folder) => folder.display().to_string(),
        EvidenceSettings::Bucket(bucket) => {
            let at = bucket
                .endpoint
                .as_deref()
                .map_or_else(|| bucket.region.clone(), without_password);
            format!("bucket {} at {at}", bucket.bucket)
        }
    }
}

/// `postgres://app:secret@host/db?password=x` → `postgres://app:…@host/db`.
fn without_password(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(before, _)| before);
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((login, place)) => {
            let user = login.split_once(':').map_or(login, |(user, _)| user);
            format!("{scheme}://{user}:…@{place}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_left_out() {
        for (url, shown) in [
            (
                "postgres://app:s@cret@db.example/readmit?sslmode=require",
                "postgres://app:…@db.example/readmit",
            ),
            (
                "postgres:///readmit?host=/run/pg&user=app&password=secret",
                "postgres:///readmit",
            ),
            ("sqlite:data/data.db", "sqlite:data/data.db"),
            (
                "https://u:secret@sms.example/send?key=secret",
                "https://u:…@sms.example/send",
            ),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
