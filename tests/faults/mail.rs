//! Mail as production sends it: TLS, a login, and a server that wants neither or takes neither.

use std::time::Duration;

use readmit_core::effect::EffectError;
use readmit_core::ids::JobId;
use readmit_core::time::At;
use readmit_worker::ports::{Mail, Mailer as _};
use readmit_worker::{BadServer, Security, Server, Smtp};

use crate::support::installation::Setup;
use crate::support::mail_server::{Authority, MailServer, PASSWORD, USER};
use crate::support::process::Process;

fn smtp(server: &MailServer, host: &str, security: Security, password: &str, authority: Option<&[u8]>) -> Smtp {
    crate::support::prepare();
    let server = Server {
        host: host.into(),
        port: server.port,
        security,
    };
    let login = Some((USER.to_owned(), password.to_owned()));
    let from = "Example Recovery <recovery@example.com>".parse().unwrap();
    Smtp::new(&server, login, authority, from).unwrap()
}

/// As production is set up, with everything right.
fn usual(server: &MailServer, authority: &Authority) -> Smtp {
    let pem = authority.pem();
    smtp(server, "localhost", Security::StartTls, PASSWORD, Some(&pem))
}

/// A mail whose words would end it early and add a line of the envelope, if they came to the server as they are.
fn mail(n: u128) -> Mail {
    Mail {
        job: JobId(uuid::Uuid::from_u128(n)),
        written: At(1_700_000_000_000_000),
        to: "ada@example.com".into(),
        subject: format!("Kód č. {n}"),
        text: "Grüße\r\n.\r\nRCPT TO:<eve@example.com>\r\n".into(),
        html: "<p>Grüße</p>".into(),
    }
}

/// What would end a line, a mail or a command, if it came to the server as it is.
const ENDINGS: [&str; 10] = [
    "\r\n.\r\n",
    "\n.\n",
    "\r.\r",
    "\r\n",
    "\n",
    "\r",
    "\u{2028}",
    "\u{85}",
    "\0",
    "\r\nQUIT\r\n",
];

fn said(done: Result<(), EffectError>) -> String {
    match done {
        Err(EffectError::Retry(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// OT-08: over STARTTLS and over TLS from the first byte, signed in, under a certificate of our own authority; what arrives
/// is what was sent, to whom it was sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ot_08_mail_goes_out_over_tls_and_signed_in() {
    let authority = Authority::make();
    for (how, security) in [("starttls", Security::StartTls), ("tls", Security::Tls)] {
        let mut server = MailServer::start(&authority, how);
        let smtp = smtp(&server, "localhost", security, PASSWORD, Some(&authority.pem()));
        smtp.reach().await.unwrap();
        for n in 1..=2 {
            smtp.send(&mail(n)).await.unwrap();
            let taken = server.takes();
            assert_eq!((taken.tls, taken.user.as_deref()), (true, Some(USER)), "{how}");
            assert_eq!(taken.to, ["ada@example.com"], "{how}");
            let text = data_encoding::BASE64.encode(mail(n).text.as_bytes());
            assert!(taken.data.contains(&text), "{how}: {}", taken.data);
            assert!(!taken.data.contains("eve"), "{how}: {}", taken.data);
            assert!(
                taken.data.contains("\"Example Recovery\" <recovery@example.com>"),
                "{}",
                taken.data
            );
        }
    }
}

/// OT-08: whatever a text holds, one mail comes of it, to one addressee, with our fields alone, and a mail program reads both
/// parts as they were written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ot_08_every_text_arrives_as_it_was_written() {
    let authority = Authority::make();
    let mut server = MailServer::start(&authority, "tls");
    let smtp = smtp(&server, "localhost", Security::Tls, PASSWORD, Some(&authority.pem()));
    for (ending, n) in ENDINGS.iter().zip(1u32..) {
        let evil = format!(
            "Grüße 重置{ending}Bcc: eve@example.com{ending}MAIL FROM:<eve@example.com>{ending}RCPT TO:<eve@example.com>"
        );
        let sent = Mail {
            subject: evil.clone(),
            text: evil.clone(),
            html: format!("<p>{evil}</p>"),
            ..mail(n.into())
        };
        smtp.send(&sent).await.unwrap();
        let taken = server.takes();
        assert_eq!(taken.mails, n, "{ending:?}: one mail began");
        assert_eq!(taken.to, ["ada@example.com"], "{ending:?}");
        let fields = [
            "From",
            "To",
            "Subject",
            "Message-ID",
            "Date",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(taken.fields, fields, "{ending:?}");
        // Line ends become those of mail.
        let plain = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
        let read: Vec<_> = taken
            .parts
            .iter()
            .map(|(kind, text)| (kind.as_str(), plain(text)))
            .collect();
        let parts = [("text/plain", plain(&sent.text)), ("text/html", plain(&sent.html))];
        assert_eq!(read, parts, "{ending:?}");
        let one_line: String = evil.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&taken.subject), words(&one_line), "{ending:?}");
    }
}

/// OT-05: a server that is busy is asked again, one that knows nobody there, or has no room, is not; neither answer names the
/// address, and the next mail goes out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_server_is_asked_again_and_a_refusal_is_final() {
    let authority = Authority::make();
    let mut server = MailServer::start(&authority, "starttls");
    let smtp = usual(&server, &authority);
    let to = |name: &str| Mail {
        to: format!("{name}@example.com"),
        ..mail(7)
    };
    let again = EffectError::Retry("the mail server said 451".into());
    assert_eq!(smtp.send(&to("busy")).await, Err(again));
    for (name, code) in [("nobody", 550), ("full", 552)] {
        let never = EffectError::Permanent(format!("the mail server said {code}"));
        assert_eq!(smtp.send(&to(name)).await, Err(never), "{name}");
    }
    smtp.send(&to("ada")).await.unwrap();
    assert_eq!(server.takes().to, ["ada@example.com"]);
}

/// A server that says nothing more is left after a while, and asked again; other mail goes out meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_server_is_not_waited_for() {
    let authority = Authority::make();
    let mut server = MailServer::start(&authority, "starttls");
    let smtp = usual(&server, &authority);
    let slow = Mail {
        to: "slow@example.com".into(),
        ..mail(8)
    };
    let other = mail(9);
    let mut silent = std::pin::pin!(smtp.send(&slow));
    tokio::select! {
        biased;
        ended = &mut silent => panic!("it was not silent: {ended:?}"),
        sent = smtp.send(&other) => sent.unwrap(),
    }
    // The library by itself leaves it after five minutes.
    let left = tokio::time::timeout(Duration::from_secs(120), silent).await;
    let left = left.expect("it is left");
    assert_eq!(left, Err(EffectError::Retry("the mail server did not answer".into())));
    assert_eq!(server.takes().to, ["ada@example.com"]);
}

/// A login that is refused kills no mail: it goes out once the password is put right.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_login_is_said_and_kills_no_mail() {
    let authority = Authority::make();
    let mut server = MailServer::start(&authority, "starttls");
    let wrong = smtp(
        &server,
        "localhost",
        Security::StartTls,
        "another",
        Some(&authority.pem()),
    );
    for done in [wrong.send(&mail(1)).await, wrong.reach().await] {
        assert_eq!(said(done), "the mail server does not take our login: 535");
    }
    let right = usual(&server, &authority);
    right.send(&mail(2)).await.unwrap();
    assert!(
        server
            .takes()
            .data
            .contains(&JobId(uuid::Uuid::from_u128(2)).to_string())
    );
}

/// Neither mail nor password goes out in the clear, or to a server that is not the one meant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_or_of_another_name_gets_nothing() {
    let authority = Authority::make();
    let plain = MailServer::start(&authority, "plain");
    let to_plain = smtp(
        &plain,
        "localhost",
        Security::StartTls,
        PASSWORD,
        Some(&authority.pem()),
    );
    let why = said(to_plain.send(&mail(1)).await);
    assert!(why.contains("STARTTLS is not supported"), "{why}");

    let server = MailServer::start(&authority, "starttls");
    let strangers = Authority::make().pem();
    for (host, authority) in [
        ("localhost", None),
        ("localhost", Some(&strangers)),
        ("127.0.0.1", Some(&authority.pem())),
    ] {
        let smtp = smtp(
            &server,
            host,
            Security::StartTls,
            PASSWORD,
            authority.map(Vec::as_slice),
        );
        let why = said(smtp.send(&mail(2)).await);
        assert!(
            why.starts_with("the mail server's certificate is not accepted"),
            "{why}"
        );
    }
}

/// The file of `mail.ca` without a certificate is refused, not passed over.
#[test]
fn an_authority_without_a_certificate_is_refused() {
    crate::support::prepare();
    let server: Server = "smtps://mail.example.com".parse().unwrap();
    let from = "recovery@example.com".parse().unwrap();
    let refused = Smtp::new(&server, None, Some(b"-----BEGIN PRIVATE KEY-----"), from);
    assert_eq!(refused.err(), Some(BadServer::Authority));
}

/// As an operator writes it: the authority's file, user and password in the configuration. The doctor signs in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_configuration_names_the_authority() {
    let process = Process::start(Setup::default()).await;
    let authority = Authority::make();
    let server = MailServer::start(&authority, "tls");
    std::fs::write(process.place.at("mail.password"), PASSWORD).unwrap();
    let own = std::fs::read_to_string(process.place.at("readmit.yaml")).unwrap();
    let (port, file, password) = (server.port, authority.file(), process.place.at("mail.password"));
    let look = |ca: &str| {
        let lines: Vec<String> = own
            .lines()
            .map(|line| match line.starts_with("mail:") {
                true => format!(
                    "mail: {{server: \"smtps://localhost:{port}\", from: r@halcyon.example, user: {USER}, password_file: \
                     {password:?}{ca}}}"
                ),
                false => line.to_owned(),
            })
            .collect();
        std::fs::write(process.place.at("readmit.yaml"), lines.join("\n")).unwrap();
        String::from_utf8(process.run("doctor").stdout).unwrap()
    };
    let told = look(&format!(", ca: {file:?}"));
    assert!(told.contains("ok     Mail server: answers"), "{told}");
    let told = look("");
    assert!(
        told.contains("WRONG  Mail server: the mail server's certificate is not accepted"),
        "{told}"
    );
}
