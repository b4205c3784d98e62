//! A real mail server, `aiosmtpd`, under a certificate that an authority of our own signed.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::leash::Leash;
use super::ports;

pub(crate) const USER: &str = "readmit";
pub(crate) const PASSWORD: &str = "of-the-mail-server";

/// An authority and a certificate for `localhost`, made with openssl for two days.
pub(crate) struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    pub(crate) fn make() -> Self {
        let made = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let own = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        made.openssl(&format!(
            "{own} -x509 -days 2 -subj /CN=Ours -keyout ca.key -out ca.pem -addext keyUsage=critical,keyCertSign"
        ));
        made.openssl(&format!("{own} -subj /CN=localhost -keyout mail.key -out mail.csr"));
        std::fs::write(made.at("names"), "subjectAltName=DNS:localhost\n").unwrap();
        made.openssl(
            "x509 -req -in mail.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out mail.pem",
        );
        made
    }

    fn openssl(&self, words: &str) {
        let mut openssl = Command::new("openssl");
        let done = openssl
            .args(words.split(' '))
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The file for `mail.ca`.
    pub(crate) fn file(&self) -> String {
        self.at("ca.pem").to_str().unwrap().to_owned()
    }

    pub(crate) fn pem(&self) -> Vec<u8> {
        std::fs::read(self.at("ca.pem")).unwrap()
    }
}

pub(crate) struct MailServer {
    pub(crate) port: u16,
    leash: Leash,
}

/// What the server took.
#[derive(Debug, Deserialize)]
pub(crate) struct Taken {
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
    pub(crate) tls: bool,
    pub(crate) user: Option<String>,
    /// How many mails were begun until now.
    pub(crate) mails: u32,
    /// What a mail program reads: the names of the fields, the subject, and each part by its type.
    pub(crate) fields: Vec<String>,
    pub(crate) subject: String,
    pub(crate) parts: Vec<(String, String)>,
}

impl MailServer {
    /// `how`: `tls`, `starttls`, or `plain`, which asks for no login.
    pub(crate) fn start(authority: &Authority, how: &str) -> Self {
        let port = ports::free();
        let python = std::env::var("READMIT_AIOSMTPD").expect("./check installs aiosmtpd and says where it is");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/mail_server.py");
        let (path, number) = (format!("PYTHONPATH={python}"), port.to_string());
        let (script, certificate, key) = (
            script.to_str().unwrap(),
            authority.at("mail.pem"),
            authority.at("mail.key"),
        );
        let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
        let words = [path.as_str(), "python3", script, how, &number, certificate, key];
        let login: &[&str] = if how == "plain" { &[] } else { &[USER, PASSWORD] };
        let mut leash = Leash::run("env", words.into_iter().chain(login.iter().copied()));
        assert_eq!(leash.line(), "ready");
        Self { port, leash }
    }

    /// The next mail that it takes.
    pub(crate) fn takes(&mut self) -> Taken {
        serde_json::from_str(&self.leash.line()).unwrap()
    }
}
