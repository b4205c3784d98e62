//! Mails as they come over SMTP, and what the mailbox makes of them.

use actix_web::http::StatusCode;
use lettre::message::MultiPart;
use lettre::message::header::ContentTransferEncoding;
use lettre::message::{Body, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Rig;
use crate::smtp::MailSink;

impl Rig {
    async fn sink(&self) -> MailSink {
        self.host.mail_sink("127.0.0.1:0".parse().unwrap()).await.unwrap()
    }

    async fn mails(&self, to: &str) -> Vec<Value> {
        self.page(&format!("/mail.json?to={to}"), "")
            .await
            .json()
            .as_array()
            .unwrap()
            .clone()
    }
}

fn mail(text: &str, encoding: ContentTransferEncoding) -> Message {
    let text = Body::new_with_encoding(text.to_owned(), encoding).unwrap();
    let plain = SinglePart::builder()
        .header(lettre::message::header::ContentType::TEXT_PLAIN)
        .body(text);
    Message::builder()
        .from("Readmit <recovery@halcyon.example>".parse().unwrap())
        .to("陈伟 <wei.chen@example.com>".parse().unwrap())
        .subject("验证码 123456")
        .message_id(Some("<challenge-1@halcyon.example>".to_owned()))
        .multipart(
            MultiPart::alternative()
                .singlepart(plain)
                .singlepart(SinglePart::html("<p onclick=x>code</p>".to_owned())),
        )
        .unwrap()
}

async fn send(sink: &MailSink, mail: Message) {
    let address = sink.address();
    let smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
        .port(address.port())
        .build();
    smtp.send(mail).await.unwrap();
}

/// Says all of it at once, as a rude client does, and gives what the server said.
async fn say(sink: &MailSink, lines: &[u8]) -> String {
    let mut stream = TcpStream::connect(sink.address()).await.unwrap();
    stream.write_all(lines).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    said
}

#[actix_web::test]
async fn mails_of_lettre_arrive_whole() {
    let rig = Rig::new();
    let sink = rig.sink().await;
    let text = "你好\r\n.\r\n..two dots\r\n.one\r\nhttp://recover.halcyon.localhost:8080/stop/abc\r\n";
    for encoding in [
        ContentTransferEncoding::Base64,
        ContentTransferEncoding::QuotedPrintable,
    ] {
        send(&sink, mail(text, encoding)).await;
    }
    let mails = rig.mails("Wei.Chen@example.com").await;
    assert_eq!(mails.len(), 2);
    for mail in &mails {
        assert_eq!(mail["subject"], "验证码 123456");
        assert_eq!(mail["from"], "recovery@halcyon.example");
        assert_eq!(mail["message_id"], "challenge-1@halcyon.example");
        assert_eq!(
            mail["text"].as_str().unwrap().replace("\r\n", "\n").trim_end(),
            text.replace("\r\n", "\n").trim_end()
        );
        assert!(mail["html"].as_str().unwrap().contains("<p onclick=x>"));
    }
    assert!(rig.mails("ada@example.com").await.is_empty());

    let page = rig.page("/mail/1", "").await.text;
    assert!(page.contains(r#"<a href="http://recover.halcyon.localhost:8080/stop/abc" rel="noreferrer">"#));
    assert!(
        !page.contains("<p onclick") && page.contains("&#60;p onclick"),
        "never as markup"
    );
}

#[actix_web::test]
async fn dots_are_unstuffed_and_nothing_inside_a_mail_ends_it() {
    let rig = Rig::new();
    let sink = rig.sink().await;
    let said = say(
        &sink,
        b"EHLO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n\
          Subject: dots\r\n\r\n..\r\n...x\r\nbare\n.\nand\n.\r\nMAIL FROM:<evil@example.com>\r\n.\r\nQUIT\r\n",
    )
    .await;
    assert_eq!(said.matches("250 Kept").count(), 1, "{said}");
    let mails = rig.mails("b@example.com").await;
    let text = mails[0]["text"].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), ".\n..x\nbare\n.\nand\n.\nMAIL FROM:<evil@example.com>");
}

#[actix_web::test]
async fn smtp_keeps_its_order_and_its_limits() {
    let rig = Rig::new();
    let sink = rig.sink().await;
    let said = say(
        &sink,
        b"RCPT TO:<b@example.com>\r\nMAIL FROM:<>\r\nDATA\r\nRSET\r\nRCPT TO:<b@example.com>\r\n\
          MAIL FROM:<a@example.com> SIZE=99999999\r\nSTARTTLS\r\nquit\r\n",
    )
    .await;
    let codes: Vec<&str> = said.lines().map(|line| &line[..3]).collect();
    assert_eq!(codes, ["220", "503", "250", "503", "250", "503", "552", "500", "221"]);

    let mut huge = b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n".to_vec();
    huge.extend(std::iter::repeat_n(*b"0123456789abcdef0123456789abcdef\r\n", 40_000).flatten());
    huge.extend(b".\r\nQUIT\r\n");
    assert!(say(&sink, &huge).await.contains("552 Too large"));
    assert!(rig.mails("b@example.com").await.is_empty());
    assert!(
        rig.host.mail_sink("0.0.0.0:0".parse().unwrap()).await.is_err(),
        "loopback only"
    );
}

#[actix_web::test]
async fn the_mailbox_outlives_a_restart_and_a_torn_line() {
    let mut rig = Rig::new();
    for text in ["one", "two"] {
        let sent = rig
            .submit("/sms", "", json!({"to": "+447700900101", "text": text}))
            .await;
        assert_eq!(sent.status, StatusCode::NO_CONTENT);
    }
    let file = rig.folder.path().join("halcyon.mails");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 5]).unwrap();
    rig.restart();
    rig.submit("/sms", "", json!({"to": "+447700900101", "text": "three"}))
        .await;
    rig.restart();
    let mails = rig.mails("%2B447700900101").await;
    let texts: Vec<(&Value, &Value)> = mails.iter().map(|mail| (&mail["n"], &mail["text"])).collect();
    assert_eq!(texts, [(&json!(2), &json!("three")), (&json!(1), &json!("one"))]);
    assert_eq!(mails[0]["channel"], "sms");
}

#[actix_web::test]
async fn the_list_filters_and_pages() {
    let rig = Rig::new();
    for n in 0..60 {
        let to = if n % 2 == 0 { "+447700900101" } else { "+447700900102" };
        rig.submit("/sms", "", json!({"to": to, "text": format!("text number {n}")}))
            .await;
    }
    let first = rig.page("/mail", "").await.text;
    assert!(first.contains("text number 59") && !first.contains("text number 9<") && first.contains("before=11"));
    let older = rig.page("/mail?to=&before=11", "").await.text;
    assert!(older.contains("text number 9<") && !older.contains("before="));
    let one = rig.page("/mail?to=%2B447700900102", "").await.text;
    assert!(one.contains("text number 59") && !one.contains("text number 58"));
    assert_eq!(rig.page("/mail/999", "").await.status, StatusCode::NOT_FOUND);
}
