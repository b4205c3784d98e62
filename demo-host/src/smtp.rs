//! A small SMTP receiver (RFC 5321) on a loopback address: no TLS, no authentication, no relaying; every recipient is taken.
//! It is our own because the crates for this run threads that cannot be ended.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use crate::exchange::Exchange;
use crate::mailbox::Received;

/// The largest mail, as announced by SIZE.
const MAIL: usize = 1024 * 1024;
/// The longest line of a command; a line of a mail may be longer.
const LINE: usize = 2_000;
const RECIPIENTS: usize = 100;
const SESSIONS: usize = 32;
/// How long a silent client is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A listener that lives as long as this value.
#[derive(Debug)]
pub struct MailSink {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl MailSink {
    /// Where it listens, with the port it was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn listen(address: SocketAddr, exchange: Arc<Exchange>) -> io::Result<MailSink> {
    if !address.ip().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the mail sink listens on loopback addresses only",
        ));
    }
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(accept(listener, exchange));
    Ok(MailSink { address, task })
}

/// Ends with its task, and all sessions with it.
async fn accept(listener: TcpListener, exchange: Arc<Exchange>) {
    let room = Arc::new(Semaphore::new(SESSIONS));
    let mut sessions = JoinSet::new();
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let exchange = Arc::clone(&exchange);
                sessions.spawn(async move {
                    if let Err(error) = serve(stream, &exchange).await {
                        tracing::debug!(%error, "an SMTP session ended early");
                    }
                    drop(permit);
                });
            }
            Err(error) => tracing::warn!(%error, "an SMTP connection was not accepted"),
        }
        while sessions.try_join_next().is_some() {}
    }
}

async fn serve(mut stream: TcpStream, exchange: &Exchange) -> io::Result<()> {
    let (reader, writer) = stream.split();
    let mut session = Session {
        reader: BufReader::new(reader),
        writer,
        envelope: Envelope::default(),
    };
    session.say("220 halcyon.localhost ESMTP, a mailbox for a demo").await?;
    while let Some(line) = session.line().await? {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                session
                    .say(&format!(
                        "250-halcyon.localhost\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {MAIL}"
                    ))
                    .await?
            }
            "HELO" => session.say("250 halcyon.localhost").await?,
            "MAIL" => session.mail(rest).await?,
            "RCPT" => session.recipient(rest).await?,
            "DATA" => session.data(exchange).await?,
            "RSET" => {
                session.envelope = Envelope::default();
                session.say("250 Forgotten").await?;
            }
            "NOOP" => session.say("250 Here").await?,
            "VRFY" => session.say("252 Every recipient is taken").await?,
            "QUIT" => return session.say("221 Bye").await,
            _ => session.say("500 Not a command of this server").await?,
        }
    }
    Ok(())
}

/// Who sends to whom; `sender` is none before MAIL.
#[derive(Default)]
struct Envelope {
    sender: Option<String>,
    to: Vec<String>,
}

struct Session<R, W> {
    reader: R,
    writer: W,
    envelope: Envelope,
}

impl<R: AsyncBufRead + Unpin, W: AsyncWrite + Unpin> Session<R, W> {
    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.writer.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.writer.flush().await
    }

    /// One command without its line end; none at the end of the stream. A client that sends too much in one line is cut off.
    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        patiently((&mut self.reader).take(LINE as u64).read_until(b'\n', &mut line)).await?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.pop_if(|last| *last == b'\n').is_none() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a command line without an end",
            ));
        }
        line.pop_if(|last| *last == b'\r');
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        let Some((sender, options)) = path(rest, "FROM:") else {
            return self.say("501 MAIL FROM:<address>").await;
        };
        let size = options
            .split_ascii_whitespace()
            .find_map(|option| option.strip_prefix("SIZE=")?.parse::<usize>().ok());
        if size.is_some_and(|size| size > MAIL) {
            return self.say("552 Too large").await;
        }
        self.envelope = Envelope {
            sender: Some(sender.to_owned()),
            to: Vec::new(),
        };
        self.say("250 Go on").await
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        if self.envelope.sender.is_none() {
            return self.say("503 MAIL comes first").await;
        }
        if self.envelope.to.len() >= RECIPIENTS {
            return self.say("452 Too many recipients").await;
        }
        match path(rest, "TO:").filter(|(to, _)| !to.is_empty()) {
            Some((to, _)) => {
                self.envelope.to.push(to.to_owned());
                self.say("250 Go on").await
            }
            None => self.say("501 RCPT TO:<address>").await,
        }
    }

    /// Takes the mail, and says 250 when it is on disk.
    async fn data(&mut self, exchange: &Exchange) -> io::Result<()> {
        if self.envelope.to.is_empty() {
            return self.say("503 RCPT comes first").await;
        }
        self.say("354 End with a dot on a line of its own").await?;
        let Some(raw) = self.body().await? else {
            return self.say("552 Too large").await;
        };
        let Envelope { sender, to } = std::mem::take(&mut self.envelope);
        let received = Received::from_smtp(&sender.unwrap_or_default(), to, &raw);
        match exchange.mailbox.push(received, exchange.now()).await {
            Ok(()) => self.say("250 Kept").await,
            Err(error) => {
                tracing::error!(%error, "mail not kept");
                self.say("451 Not kept, try again").await
            }
        }
    }

    /// Everything up to CRLF, a dot, CRLF, with the sender's extra dots taken away; none if it is too large. A bare line feed
    /// ends no line, so that nothing inside a mail can end it.
    async fn body(&mut self) -> io::Result<Option<Vec<u8>>> {
        let (mut mail, mut line, mut at_start, mut fits) = (Vec::new(), Vec::new(), true, true);
        loop {
            line.clear();
            let read = patiently((&mut self.reader).take(MAIL as u64).read_until(b'\n', &mut line)).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if at_start && line == b".\r\n" {
                return Ok(fits.then_some(mail));
            }
            let content = if at_start {
                line.strip_prefix(b".").unwrap_or(&line)
            } else {
                &line
            };
            fits = fits && mail.len() + content.len() <= MAIL;
            if fits {
                mail.extend_from_slice(content);
            }
            at_start = line.ends_with(b"\r\n");
        }
    }
}

async fn patiently<T>(read: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(PATIENCE, read)
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// `FROM:<address> options`, whatever the case of the keyword.
fn path<'a>(rest: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let (given, after) = rest.split_at_checked(keyword.len())?;
    let (address, options) = after.trim_start().strip_prefix('<')?.split_once('>')?;
    given.eq_ignore_ascii_case(keyword).then_some((address, options))
}
