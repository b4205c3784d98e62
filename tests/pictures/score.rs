//! Whether the rules still tell good documents from bad ones (EV-11): pages of an operator, mail programs, wallets and exchanges
//! that nobody has, drawn by a real browser in three languages and really read. A few in every run, all in the long one.

use std::collections::BTreeMap;

use readmit_core::inspection::{Context, Operator, Owner, Report, Request, Row, Rules, Verdict};

use super::inspector;
use crate::support::installation::models;
use crate::support::long;
use crate::support::sources::root;
use crate::support::webdriver::{Driver, Scripts, Session};

pub(super) const OPERATOR: &str = "Meridian";
const SENDER: &str = "no-reply@meridian.example";
pub(super) const EMAIL: &str = "ada.oduya@postbox.example";
const LANGUAGES: [&str; 3] = ["en", "zh", "es"];
const LAYOUTS: [&str; 3] = ["webmail", "phone", "client"];

/// A page to draw, and what is to be said of it.
pub(super) struct Drawn {
    name: String,
    template: &'static str,
    words: BTreeMap<&'static str, String>,
    pub(super) pack: &'static str,
    /// The rule that refuses it; none for a valid one.
    wanted: Option<&'static str>,
    /// What must be read of a valid one.
    pub(super) fields: Vec<(&'static str, String)>,
}

pub(super) fn ledger() -> Vec<Row> {
    let row = |id: &str, direction: &str, (asset, amount): (&str, &str), address: &str, txid: &str, time: &str| Row {
        id: id.into(),
        asset: asset.into(),
        amount: amount.into(),
        address: Some(address.into()),
        txid: Some(txid.into()),
        direction: direction.into(),
        time: time.into(),
    };
    vec![
        row(
            "w1",
            "withdrawal",
            ("USDT", "583.63"),
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "0x7f3a91c2d4e5b6078192a3b4c5d6e7f80912a3b4c5d6e7f8091a2b3c4d5e6f70",
            "2026-05-04T08:10:00Z",
        ),
        row(
            "d1",
            "deposit",
            ("BTC", "0.25104"),
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
            "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
            "2026-03-18T17:42:00Z",
        ),
        row(
            "d2",
            "deposit",
            ("ETH", "1.75"),
            "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
            "0x19c2b7aa4de05f6137d8e90213f4c5b6a7d8e9f0a1b2c3d4e5f60718293a4b5c",
            "2026-04-02T11:05:00Z",
        ),
    ]
}

/// In English, Chinese or Spanish.
fn said(language: &str, [en, zh, es]: [&str; 3]) -> String {
    match language {
        "zh" => zh,
        "es" => es,
        _ => en,
    }
    .to_owned()
}

/// The words that a mail program has around a message.
fn around(language: &str) -> BTreeMap<&'static str, String> {
    [
        ("inbox", ["Inbox", "收件箱", "Recibidos"]),
        ("starred", ["Starred", "星标邮件", "Destacados"]),
        ("sent", ["Sent", "已发送", "Enviados"]),
        ("drafts", ["Drafts", "草稿箱", "Borradores"]),
        ("spam", ["Spam", "垃圾邮件", "Correo no deseado"]),
        ("reply", ["Reply", "回复", "Responder"]),
        ("forward", ["Forward", "转发", "Reenviar"]),
        ("from", ["From", "发件人", "De"]),
        ("to", ["To", "收件人", "Para"]),
        ("subject_word", ["Subject", "主题", "Asunto"]),
        ("date_word", ["Date", "日期", "Fecha"]),
    ]
    .map(|(name, words)| (name, said(language, words)))
    .into()
}

/// Subject and letter of a notice.
fn notice(language: &str, event: &str) -> (String, String) {
    let (subject, text) = match event {
        "deposit" => (
            ["Deposit received", "充值到账通知", "Depósito recibido"],
            [
                "Your deposit of 0.25104 BTC has been credited to your account.",
                "您充值的 0.25104 BTC 已到账。",
                "Tu depósito de 0.25104 BTC se ha acreditado en tu cuenta.",
            ],
        ),
        "withdrawal" => (
            ["Withdrawal successful", "提现成功", "Retiro realizado"],
            [
                "Your withdrawal of 583.63 USDT has been completed.",
                "您提现的 583.63 USDT 已成功转出。",
                "Tu retiro de 583.63 USDT se ha completado.",
            ],
        ),
        "login" => (
            ["New sign-in to your account", "登录提醒", "Nuevo inicio de sesión"],
            [
                "We noticed a login to your account from a new device, IP 203.0.113.7.",
                "您的账户刚刚在新设备上登录成功，IP 203.0.113.7。",
                "Se ha iniciado sesión en tu cuenta desde un dispositivo nuevo, IP 203.0.113.7.",
            ],
        ),
        "signup" => (
            ["Welcome, your account is ready", "注册成功", "Te damos la bienvenida"],
            [
                "Thank you for signing up. Your account has been created successfully.",
                "感谢您的注册，您的账户已注册成功。",
                "Gracias por registrarte. Tu cuenta se ha creado correctamente.",
            ],
        ),
        "code" => (
            ["Your verification code", "您的验证码", "Tu código de verificación"],
            [
                "Your verification code is 482913. It is valid for ten minutes. Do not share it.",
                "您的验证码是 482913，十分钟内有效，请勿告诉他人。",
                "Tu código de verificación es 482913. Caduca en diez minutos. No lo compartas.",
            ],
        ),
        _ => (
            [
                "Earn up to 8 % this spring",
                "春季理财，最高年化 8%",
                "Gana hasta un 8 % esta primavera",
            ],
            [
                "Invite your friends and share a prize pool. The offer ends on Sunday.",
                "邀请好友瓜分奖池，活动周日结束，立即参与。",
                "Invita a tus amigos y comparte el premio. La oferta termina el domingo.",
            ],
        ),
    };
    let (hello, team) = (
        said(language, ["Hello Ada,", "尊敬的 Ada，您好：", "Hola, Ada:"]),
        said(
            language,
            [
                "If this was not you, contact support. The Meridian team",
                "如非本人操作，请联系客服。Meridian 团队",
                "Si no has sido tú, contacta con soporte. El equipo de Meridian",
            ],
        ),
    );
    let letter = format!(
        "<p>{hello}<p>{}<p>2026-05-04 08:10:00 (UTC)<p>{team}",
        said(language, text)
    );
    (format!("[{OPERATOR}] {}", said(language, subject)), letter)
}

pub(super) fn mail(layout: &'static str, language: &str, event: &str) -> Drawn {
    let (subject, letter) = notice(language, event);
    let mut words = around(language);
    words.extend([
        ("operator", OPERATOR.to_owned()),
        ("sender", SENDER.to_owned()),
        ("recipient", EMAIL.to_owned()),
        ("date", "2026-05-04 08:11".to_owned()),
        ("subject", subject),
        ("body", letter),
    ]);
    Drawn {
        name: format!("{layout} {language} {event}"),
        template: layout,
        words,
        pack: "account-email",
        wanted: None,
        fields: vec![("recipient", EMAIL.to_owned()), ("event", event.to_owned())],
    }
}

/// The same page with one thing wrong.
pub(super) fn spoilt(page: Drawn, wanted: &'static str, word: &'static str, instead: &str) -> Drawn {
    let mut words = page.words;
    words.insert(word, instead.to_owned());
    Drawn {
        name: format!("{} {wanted}", page.name),
        words,
        wanted: Some(wanted),
        fields: Vec::new(),
        ..page
    }
}

/// The other side of a ledger row, in a wallet or an exchange that is not the operator's; `without` leaves a part out.
pub(super) fn transaction(layout: &'static str, language: &str, row: &Row, without: &str) -> Drawn {
    let (amount, time) = (
        row.amount.clone(),
        row.time.replace('T', " ").trim_end_matches('Z').to_owned(),
    );
    let (address, txid) = (row.address.clone().unwrap(), row.txid.clone().unwrap());
    // What the operator took in was sent from here.
    let sent = row.direction == "deposit";
    let line = |part: &str, name: [&str; 3], value: &str| {
        let (name, hidden) = (said(language, name), part == without);
        match (hidden, layout) {
            (true, _) => String::new(),
            (false, "wallet") => format!("<dt>{name}<dd>{value}"),
            (false, _) => format!("<tr><th>{name}<td>{value}"),
        }
    };
    let shown_asset = if without == "asset" { "" } else { &row.asset };
    let sum = format!("{amount} {shown_asset}");
    let both = |part: &str| without == "identifiers" && (part == "address" || part == "txid");
    let rows = [
        line("amount", ["Amount", "数量", "Cantidad"], &sum),
        if both("address") {
            String::new()
        } else {
            line(
                "address",
                if sent {
                    ["To", "接收地址", "Dirección de destino"]
                } else {
                    ["Deposit address", "充值地址", "Dirección de depósito"]
                },
                &address,
            )
        },
        if both("txid") {
            String::new()
        } else {
            line("txid", ["Transaction ID", "交易哈希", "ID de transacción"], &txid)
        },
        line("time", ["Date", "时间", "Fecha"], &time),
        line(
            "",
            ["Network fee", "网络手续费", "Comisión de red"],
            if without == "asset" { "0.0004" } else { "0.0004 BNB" },
        ),
        line(
            "",
            ["Status", "状态", "Estado"],
            &said(language, ["Completed", "已完成", "Completado"]),
        ),
    ];
    let what = if sent {
        ["Sent", "已发送", "Enviado"]
    } else {
        ["Received", "已收到", "Recibido"]
    };
    let words = [
        (
            "details",
            said(
                language,
                ["Transaction details", "交易详情", "Detalles de la transacción"],
            ),
        ),
        ("assets", said(language, ["Assets", "资产", "Activos"])),
        ("done", said(language, ["Completed", "已完成", "Completado"])),
        ("what", said(language, what)),
        (
            "sign",
            if without == "amount" {
                String::new()
            } else if sent {
                "-".into()
            } else {
                "+".into()
            },
        ),
        (
            "amount",
            if without == "amount" {
                String::new()
            } else {
                amount.clone()
            },
        ),
        ("asset", shown_asset.to_owned()),
        ("address", address.clone()),
        ("txid", txid.clone()),
        ("date", time.clone()),
        ("rows", rows.concat()),
    ];
    Drawn {
        name: format!("{layout} {language} {} {}", row.id, without),
        template: layout,
        words: words.into(),
        pack: "counterparty-transaction",
        wanted: None,
        fields: vec![
            ("asset", row.asset.clone()),
            ("amount", amount),
            ("address", address),
            ("txid", txid),
            ("time", time),
        ],
    }
}

fn without(page: Drawn, wanted: &'static str) -> Drawn {
    Drawn {
        wanted: Some(wanted),
        fields: Vec::new(),
        ..page
    }
}

/// All pages: valid ones, then those to be refused.
pub(super) fn pages() -> (Vec<Drawn>, Vec<Drawn>) {
    let rows = ledger();
    let mut valid = Vec::new();
    for (n, event) in ["deposit", "withdrawal", "login", "signup"].into_iter().enumerate() {
        for (at, layout) in LAYOUTS.into_iter().enumerate() {
            valid.push(mail(layout, LANGUAGES[(n + at) % 3], event));
        }
    }
    for (n, row) in rows.iter().enumerate() {
        for (at, language) in LANGUAGES.into_iter().enumerate() {
            let layout = if (n + at) % 2 == 0 { "wallet" } else { "exchange" };
            valid.push(transaction(layout, language, row, ""));
        }
    }
    let plain = |layout, language| mail(layout, language, "withdrawal");
    let mut bad = Vec::new();
    for (at, language) in LANGUAGES.into_iter().enumerate() {
        let layout = LAYOUTS[at];
        for event in ["code", "offer"] {
            bad.push(without(mail(layout, language, event), "wrong_event"));
        }
        bad.push(spoilt(plain(layout, language), "recipient_missing", "recipient", ""));
        bad.push(spoilt(
            plain(layout, language),
            "other_recipient",
            "recipient",
            "bruno.lindt@postbox.example",
        ));
        bad.push(spoilt(
            plain(layout, language),
            "other_sender",
            "sender",
            "help@meridian-secure.test",
        ));
        bad.push(spoilt(plain(layout, language), "body_missing", "body", ""));
    }
    let chat = Drawn {
        template: "chat",
        ..plain("phone", "en")
    };
    bad.push(without(chat, "not_an_email"));
    let of = |layout, language, without| transaction(layout, language, &rows[0], without);
    let explorer = Drawn {
        template: "explorer",
        ..of("wallet", "en", "")
    };
    bad.push(without(explorer, "block_explorer"));
    let own = of("exchange", "en", "");
    bad.push(without(Drawn { template: "own", ..own }, "own_record"));
    let letter = Drawn {
        pack: "counterparty-transaction",
        ..plain("webmail", "en")
    };
    bad.push(without(letter, "is_email"));
    bad.push(without(of("wallet", "es", "amount"), "amount_missing"));
    bad.push(without(of("exchange", "en", "time"), "time_missing"));
    bad.push(without(of("wallet", "zh", "identifiers"), "address_and_txid_missing"));
    bad.push(without(of("exchange", "es", "asset"), "asset_missing"));
    let foreign = Row {
        amount: "4471.2".into(),
        address: Some("0xDE709F2102306220921060314715629080E2FB77".into()),
        txid: Some(format!("0x{}", "5be1".repeat(16))),
        time: "2025-11-30T21:33:00Z".into(),
        ..rows[0].clone()
    };
    bad.push(without(transaction("wallet", "en", &foreign, ""), "not_in_ledger"));
    let more = Row {
        amount: "5583.63".into(),
        ..rows[0].clone()
    };
    bad.push(without(transaction("exchange", "zh", &more, ""), "amount_differs"));
    let settings = Drawn {
        template: "settings",
        ..of("wallet", "en", "")
    };
    bad.push(without(settings, "not_a_transaction"));
    (valid, bad)
}

/// What the browser shows of a page.
pub(super) async fn drawn(browser: &Session, folder: &std::path::Path, page: &Drawn) -> Vec<u8> {
    let template = root().join(format!("tests/pictures/pages/{}.htm", page.template));
    let mut text = std::fs::read_to_string(template).unwrap();
    for (name, word) in &page.words {
        text = text.replace(&format!("{{{{{name}}}}}"), word);
    }
    assert!(!text.contains("{{"), "{}: {text}", page.name);
    let file = folder.join("page.html");
    std::fs::write(&file, text).unwrap();
    browser.go(&format!("file://{}", file.display())).await;
    browser.picture().await
}

pub(super) async fn read(picture: &[u8], pack: &str) -> Report {
    let file = |name: &str| std::fs::read_to_string(root().join(format!("workflows/rules/{name}.yaml"))).unwrap();
    let request = Request {
        rules: Rules {
            name: pack.into(),
            pack: file(pack),
            every: file("every-picture"),
        },
        context: Context {
            operator: Operator {
                name: OPERATOR.into(),
                domains: vec!["meridian.example".into()],
            },
            account: Owner {
                email: EMAIL.into(),
                name: "Ada Oduya".into(),
                ledger: ledger(),
                ledger_goes_on: false,
            },
        },
        models: Some(models().into()),
    };
    inspector().inspect(&request, picture).await.unwrap().report
}

/// Blanks and the case of letters apart.
pub(super) fn same(read: Option<&String>, wanted: &str) -> bool {
    let bare = |text: &str| text.to_lowercase().replace(char::is_whitespace, "");
    let read = read.map(|read| bare(read)).unwrap_or_default();
    read == bare(wanted) || (wanted.contains(':') && read.len() >= 15 && bare(wanted).starts_with(&read))
}

/// EV-11: valid pages are accepted 23 times in 24, others refused 19 times in 20 and 18 times for the right reason, and 92 of 96
/// fields are read as they stand.
#[tokio::test]
async fn ev_11_the_score_holds() {
    crate::support::prepare();
    let (valid, bad) = pages();
    assert!(
        valid.len() >= 20 && bad.len() >= 20,
        "{} and {}",
        valid.len(),
        bad.len()
    );
    let every = long::sample(6, 1);
    let folder = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("READMIT_PICTURES").map(std::path::PathBuf::from);
    let driver = Driver::start();
    let browser = driver.open(Scripts::On, 1366).await;
    let (mut accepted, mut refused, mut right, mut fields) = ((0, 0), (0, 0), 0, (0, 0));
    let mut wrong = Vec::new();
    for page in valid.iter().step_by(every).chain(bad.iter().step_by(every)) {
        let picture = drawn(&browser, folder.path(), page).await;
        if let Some(kept) = &kept {
            std::fs::write(kept.join(format!("{}.png", page.name.replace(' ', "-"))), &picture).unwrap();
        }
        let report = read(&picture, page.pack).await;
        let failed: Vec<&str> = report
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Fail)
            .map(|finding| finding.rule.as_str())
            .collect();
        match page.wanted {
            None => {
                accepted.1 += 1;
                accepted.0 += usize::from(failed.is_empty());
                if !failed.is_empty() {
                    wrong.push(format!("{}: valid, and refused for {failed:?}", page.name));
                }
                for (name, value) in &page.fields {
                    let hit = same(report.read.get(*name), value);
                    fields = (fields.0 + usize::from(hit), fields.1 + 1);
                    if !hit {
                        wrong.push(format!(
                            "{}: {name} {value} read as {:?}",
                            page.name,
                            report.read.get(*name)
                        ));
                    }
                }
            }
            Some(wanted) => {
                refused.1 += 1;
                refused.0 += usize::from(!failed.is_empty());
                right += usize::from(failed.contains(&wanted));
                if !failed.contains(&wanted) {
                    wrong.push(format!("{}: refused for {failed:?}", page.name));
                }
            }
        }
    }
    let told = format!(
        "accepted {accepted:?}, refused {refused:?}, for the right reason {right}, fields {fields:?}\n{}",
        wrong.join("\n")
    );
    eprintln!("{told}");
    assert!(accepted.0 * 24 >= accepted.1 * 23, "{told}");
    assert!(
        refused.0 * 20 >= refused.1 * 19 && right * 20 >= refused.1 * 18,
        "{told}"
    );
    assert!(fields.0 * 96 >= fields.1 * 92, "{told}");
}
