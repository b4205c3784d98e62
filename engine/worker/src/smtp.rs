//! Mail over SMTP with lettre: pooled connections, time limits, and never in the clear beyond this machine.

use std::error::Error as _;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use readmit_core::effect::EffectError;

use crate::mail::{Address, message};
use crate::ports::{Mail, Mailer, Pending};

/// The connection.
const LIMIT: Duration = Duration::from_secs(10);
/// A whole mail: half of a job's lease.
const WHOLE: Duration = Duration::from_secs(30);
const SILENT: &str = "the mail server did not answer";
const CONNECTIONS: u32 = 4;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Nothing: to loopback only.
    None,
    /// STARTTLS, required (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
}

/// The text is not a mail server that we would use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadServer {
    #[error("`{0}` is not a mail server; write smtp://mail.example.com:587 (STARTTLS) or smtps://mail.example.com:465")]
    Unreadable(String),
    #[error("the mail server's TLS name is unusable: {0}")]
    Tls(String),
    #[error("there is no certificate in PEM in the file of `mail.ca`")]
    Authority,
}

impl std::str::FromStr for Server {
    type Err = BadServer;

    /// `smtp://HOST[:PORT]` speaks STARTTLS, or plainly where HOST is this machine; `smtps://HOST[:PORT]` speaks TLS.
    fn from_str(text: &str) -> Result<Self, BadServer> {
        let wrong = || BadServer::Unreadable(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().map_err(|_| wrong())?)),
            _ => (rest, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains(['/', '@', '?', ' ']) {
            return Err(wrong());
        }
        let (security, usual) = match scheme {
            "smtps" => (Security::Tls, 465),
            "smtp" if is_loopback(host) => (Security::None, 25),
            "smtp" => (Security::StartTls, 587),
            _ => return Err(wrong()),
        };
        Ok(Self {
            host: host.to_owned(),
            port: port.unwrap_or(usual),
            security,
        })
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The transport. Every mail has the same sender.
pub struct Smtp {
    from: Address,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    /// Connects when the first mail goes out. `authority` holds certificates in PEM that are believed beside those of the
    /// system.
    ///
    /// # Errors
    /// [`BadServer::Tls`] when no TLS connection to this name can be made, [`BadServer::Authority`] without a certificate.
    pub fn new(
        server: &Server,
        login: Option<(String, String)>,
        authority: Option<&[u8]>,
        from: Address,
    ) -> Result<Self, BadServer> {
        let tls = match server.security {
            Security::None => Tls::None,
            Security::StartTls => Tls::Required(parameters(&server.host, authority)?),
            Security::Tls => Tls::Wrapper(parameters(&server.host, authority)?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .tls(tls)
            .port(server.port)
            .timeout(Some(LIMIT))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self {
            from,
            transport: builder.build(),
        })
    }
}

/// A certificate of this name, by an authority of the system's or one of these.
fn parameters(host: &str, authority: Option<&[u8]>) -> Result<TlsParameters, BadServer> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = authority {
        if !String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err(BadServer::Authority);
        }
        builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(|_| BadServer::Authority)?);
    }
    builder.build().map_err(|error| BadServer::Tls(error.to_string()))
}

impl Mailer for Smtp {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, ()> {
        Box::pin(async move {
            let message = message(&self.from, mail)?;
            let sent = within(WHOLE, self.transport.send(message)).await?;
            sent.map(drop).map_err(|error| failure(&error))
        })
    }

    fn reach(&self) -> Pending<'_, ()> {
        Box::pin(async move {
            match within(WHOLE, self.transport.test_connection()).await? {
                Ok(true) => Ok(()),
                Ok(false) => Err(unwilling()),
                Err(error) => Err(failure(&error)),
            }
        })
    }
}

/// The library's own limit ends with the connection: a server that says nothing more would hold a worker for ever.
async fn within<T>(limit: Duration, what: impl Future<Output = T>) -> Result<T, EffectError> {
    let done = tokio::time::timeout(limit, what).await;
    done.map_err(|_| EffectError::Retry(SILENT.into()))
}

/// The answer of a server that is there, and would rather not.
fn unwilling() -> EffectError {
    EffectError::Retry("the mail server takes nothing".into())
}

/// The server's words may name the address: only its code goes on. A login that is refused, or asked for, is our fault and
/// no mail's: it waits until somebody has put it right.
fn failure(error: &Error) -> EffectError {
    match error.status().map(u16::from) {
        Some(code @ (530 | 534 | 535 | 538)) => {
            EffectError::Retry(format!("the mail server does not take our login: {code}"))
        }
        Some(code) if error.is_permanent() => EffectError::Permanent(format!("the mail server said {code}")),
        Some(code) => EffectError::Retry(format!("the mail server said {code}")),
        None => EffectError::Retry(unreached(error)),
    }
}

/// Why nothing came of the connection.
fn unreached(error: &Error) -> String {
    let causes = || std::iter::successors(error.source(), |&cause| cause.source());
    // What TLS refuses comes as invalid data: a stranger's certificate, or another name's.
    let mut invalid = causes().filter(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::InvalidData)
    });
    match (invalid.next(), causes().last()) {
        (Some(why), _) => format!("the mail server's certificate is not accepted: {why}"),
        // The library's own words, which know no address.
        (None, Some(why)) if error.is_client() => format!("we do not go on with the mail server: {why}"),
        (None, _) => SILENT.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        let security = |text: &str| text.parse::<Server>().map(|server| (server.security, server.port));
        assert_eq!(security("smtp://127.0.0.1:2525"), Ok((Security::None, 2525)));
        assert_eq!(security("smtp://[::1]:2525"), Ok((Security::None, 2525)));
        assert_eq!(security("smtp://localhost"), Ok((Security::None, 25)));
        assert_eq!(security("smtp://mail.example.com"), Ok((Security::StartTls, 587)));
        assert_eq!(security("smtp://10.0.0.8:25"), Ok((Security::StartTls, 25)));
        assert_eq!(security("smtps://mail.example.com"), Ok((Security::Tls, 465)));
        for wrong in [
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://u@h",
            "smtp://h:x",
        ] {
            assert!(security(wrong).is_err(), "{wrong}");
        }
    }
}
