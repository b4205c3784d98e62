//! The shipped rules over pages of words, without a model: what each page is refused or warned for (EV-11).

use std::collections::BTreeMap;

use image::{ImageFormat, RgbImage};
use readmit_core::inspection::{Area, Context, Row, Verdict};

use super::samples::{chunk, encoded, exposed, jpeg, page, png, tagged, tagged_webp};
use crate::pack::samples::shared;
use crate::read::{Line, NotRead, Reader};
use crate::{Demands, Pack, inspect};

const WIDTH: u32 = 600;
const HEIGHT: u32 = 900;
pub(super) const MAIL: &str = include_str!("../../../../workflows/rules/account-email.yaml");
pub(super) const TRANSACTION: &str = include_str!("../../../../workflows/rules/counterparty-transaction.yaml");

/// Words as if they had been read.
struct Words(Vec<Line>);

impl Reader for Words {
    fn read(&self, _: &RgbImage, _: u32) -> Result<Vec<Line>, NotRead> {
        Ok(self.0.clone())
    }
}

fn line(text: &str, area: Area) -> Line {
    Line {
        text: text.to_owned(),
        score: 0.99,
        area,
    }
}

/// Lines below each other from the top; an empty one is a gap.
fn lines(texts: &[&str]) -> Vec<Line> {
    let placed = texts.iter().zip(0u32..).filter(|(text, _)| !text.is_empty());
    let wide = |text: &str| u32::try_from(text.chars().count() * 9).unwrap().min(WIDTH - 40);
    placed
        .map(|(text, row)| line(text, Area(20, 20 + row * 30, wide(text), 20)))
        .collect()
}

pub(super) fn context() -> Context {
    let mut context = Context::default();
    context.operator.name = "Meridian".into();
    context.operator.domains = vec!["meridian.example".into()];
    context.account.email = "ada@postbox.example".into();
    let row = |direction: &str, asset: &str, address: &str| Row {
        id: direction.into(),
        asset: asset.into(),
        amount: "583.63".into(),
        address: Some(address.into()),
        txid: Some("7f3a91c2".repeat(8)),
        direction: direction.into(),
        time: "2026-05-04T08:10:00Z".into(),
    };
    context.account.ledger = vec![row("deposit", "USDT", "0x52908400098527886E0F7030069857D2E4169EE7")];
    context
}

/// What the rules say of a picture with these words on it.
fn judged(pack: &str, picture: &[u8], words: Option<Vec<Line>>, context: &Context) -> BTreeMap<String, Verdict> {
    let pack = Pack::read(pack).unwrap();
    let demands = Demands {
        shared: &shared(),
        pack: &pack,
        context,
    };
    let words = words.map(Words);
    let report = inspect(picture, &demands, words.as_ref().map(|words| words as &dyn Reader)).report;
    let findings = report.findings.into_iter();
    findings.map(|finding| (finding.rule, finding.verdict)).collect()
}

fn blank() -> Vec<u8> {
    encoded(page(WIDTH, HEIGHT), ImageFormat::Png)
}

pub(super) fn failed(pack: &str, texts: &[&str], context: &Context) -> Vec<String> {
    let judged = judged(pack, &blank(), Some(lines(texts)), context);
    let failed = judged.into_iter().filter(|(_, verdict)| *verdict == Verdict::Fail);
    failed.map(|(rule, _)| rule).collect()
}

/// A mail with this head, and these lines in its letter.
fn mail(head: &[&str], letter: &[&str]) -> Vec<String> {
    let rest = [
        "",
        "Hello Ada,",
        "Your withdrawal of 583.63 USDT has been completed.",
        "It was sent to the address that you named.",
    ];
    let page = [
        &["Inbox", "[Meridian] Withdrawal successful"],
        head,
        &rest,
        letter,
        &["The Meridian team"],
    ]
    .concat();
    failed(MAIL, &page, &context())
}

/// EV-11: who wrote to whom is told by the head of a mail. No address of the operator's in its letter makes it theirs, no
/// name that looks like an address, and none of the claimant's outside the head.
#[test]
fn ev_11_sender_and_recipient_are_those_of_the_head() {
    let (own, theirs) = ("no-reply@meridian.example", "evil@elsewhere.example");
    let to = "to ada@postbox.example";
    let none: [&str; 0] = [];
    for (head, letter, wanted) in [
        (
            vec![format!("From: {own}"), format!("To: ada@postbox.example")],
            vec![],
            &none[..],
        ),
        (vec![format!("Meridian <{own}>"), to.into()], vec![], &none),
        (vec![own.into(), to.into()], vec![], &none),
        (
            vec![format!("Meridian <{own}>"), "to me".into()],
            vec!["This e-mail was sent to ada@postbox.example"],
            &none,
        ),
        (
            vec![
                "ada@postbox.example".into(),
                String::new(),
                format!("Meridian <{own}>"),
                to.into(),
            ],
            vec![],
            &none,
        ),
        (
            vec!["ada.work@other.example".into(), String::new(), own.into(), to.into()],
            vec![],
            &none,
        ),
        (vec![format!("Evil <{theirs}>"), to.into()], vec![], &["other_sender"]),
        (
            vec![format!("Evil <{theirs}>"), to.into()],
            vec!["Write to help@meridian.example"],
            &["other_sender"],
        ),
        (
            vec![theirs.into(), to.into()],
            vec!["help@meridian.example"],
            &["other_sender"],
        ),
        (
            vec![format!("Evil <{theirs}>"), to.into()],
            vec!["From: no-reply@meridian.example"],
            &["other_sender"],
        ),
        (
            vec![format!("Evil <{theirs}>"), "to me".into()],
            vec!["From: no-reply@meridian.example", to],
            &["other_sender"],
        ),
        (
            vec![format!("From: \"{own}\" <{theirs}>"), to.into()],
            vec![],
            &["other_sender"],
        ),
        (
            vec![format!("\"{own}\" <{theirs}>"), to.into()],
            vec![],
            &["other_sender"],
        ),
        (
            vec![format!("From: \"{own}\""), format!("<{theirs}>"), to.into()],
            vec![],
            &["other_sender"],
        ),
        (
            vec![format!("From: \"{own}\" <ada@postbox.example>"), to.into()],
            vec![],
            &["other_sender"],
        ),
        (
            vec![format!("From: {own}"), "To: bruno@postbox.example".into()],
            vec![],
            &["other_recipient"],
        ),
        (
            vec![format!("From: {own}"), "To: bruno@postbox.example".into()],
            vec!["Your address is ada@postbox.example"],
            &["other_recipient"],
        ),
        (
            vec![
                "ada@postbox.example".into(),
                String::new(),
                format!("Meridian <{own}>"),
                "bruno@postbox.example".into(),
            ],
            vec!["Your address is ada@postbox.example"],
            &["other_recipient"],
        ),
        (
            vec![
                format!("From: {own}"),
                "To: bruno@postbox.example, ada@postbox.example".into(),
            ],
            vec![],
            &none,
        ),
    ] {
        let lines: Vec<&str> = head.iter().map(String::as_str).collect();
        assert_eq!(mail(&lines, &letter), wanted, "{head:?} {letter:?}");
    }
}

/// A page of the sending side of the deposit, with one thing changed.
pub(super) fn sent(instead: &[(usize, &'static str)]) -> Vec<&'static str> {
    let mut page = vec![
        "Transaction details",
        "Sent",
        "-583.63 USDT",
        "To: 0x52908400098527886E0F7030069857D2E4169EE7",
        "Time: 2026-05-04 08:10:00",
        "Network fee: 1.00 USDT",
        "Status: Completed",
    ];
    for (row, text) in instead {
        page[*row] = text;
    }
    page
}

/// EV-11: a deposit is shown by the side that sent it, in the coin and the amount of the ledger; a fee explains what it
/// makes up and no more.
#[test]
fn ev_11_the_side_the_coin_and_the_amount_are_those_of_the_row() {
    let all = context();
    for (instead, wanted) in [
        (&[][..], &[][..]),
        (&[(2, "-584.63 USDT")], &[]),
        (&[(2, "-590 USDT")], &["amount_differs"]),
        (&[(2, "583.63 USDC")], &["amount_differs", "asset_differs"]),
        (&[(2, "Amount: 583.63"), (5, "Coin: ETH")], &["asset_differs"]),
        (&[(1, "Received"), (2, "+583.63 USDT")], &["wrong_side"]),
        (
            &[(0, "Deposit details"), (1, "Deposit completed"), (2, "583.63 USDT")],
            &["wrong_side"],
        ),
    ] {
        assert_eq!(failed(TRANSACTION, &sent(instead), &all), wanted, "{instead:?}");
    }
    let mut out = context();
    out.account.ledger[0].direction = "withdrawal".into();
    assert_eq!(failed(TRANSACTION, &sent(&[]), &out), ["wrong_side"]);
    assert!(failed(TRANSACTION, &sent(&[(1, "Received"), (2, "+583.63 USDT")]), &out).is_empty());
}

/// EV-11: an address whose checksum fails was misread: it is put right where the checksum tells what stood there; else the
/// page is refused for what else it shows, and never for that.
#[test]
fn ev_11_nobody_is_refused_for_a_misread_address() {
    let mut context = context();
    context.account.ledger[0].address = Some("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t".into());
    let to = |address: &'static str| sent(&[(2, "-1.20 USDT"), (3, address), (4, "Time: 2026-01-02 03:04:00")]);
    let judged = |page: &[&str]| judged(TRANSACTION, &blank(), Some(lines(page)), &context);
    let own = to("To: TR7NHqjeKQxGTCiBqBZY4pL8otSzgjLj6t");
    assert_eq!(
        failed(TRANSACTION, &own, &context),
        ["amount_differs"],
        "the row is found"
    );
    let misread = to("To: TR7NHqjeKQxGTCiBqBZY4pLBotSzgjLj6t");
    let said = judged(&misread);
    assert_eq!(said.get("address_misread"), Some(&Verdict::Warn), "{said:?}");
    assert!(failed(TRANSACTION, &misread, &context).is_empty());
    let other = to("To: TJRabPrwbZy45sbavfcjinPJC18kjpRTv8");
    assert_eq!(failed(TRANSACTION, &other, &context), ["not_in_ledger"]);
    assert_eq!(judged(&other).get("address_misread"), Some(&Verdict::Pass));
    // A transaction id of another account's says enough.
    let mut both = misread;
    both[6] = "TXID: 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";
    assert_eq!(failed(TRANSACTION, &both, &context), ["not_in_ledger"]);
}

/// EV-11: what is written beside somebody else's address, and adds up to nothing, takes no refusal away.
#[test]
fn ev_11_garbage_beside_a_foreign_address_saves_no_page() {
    let mut context = context();
    context.account.ledger[0].address = Some("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t".into());
    let with = |address: &'static str, garbage: &'static str| {
        let mut page = sent(&[(2, "-1.20 USDT"), (3, address), (4, "Time: 2026-01-02 03:04:00")]);
        page.extend(["", "", garbage]);
        (
            failed(TRANSACTION, &page, &context),
            judged(TRANSACTION, &blank(), Some(lines(&page)), &context),
        )
    };
    let misread = "TR7NHqjeKQxGTCiBqBZY4pLBotSzgjLj6t";
    for (address, garbage) in [
        ("To: TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", misread),
        (
            "To: TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
            "From: TR7NHqjeKQxGTCiBqBZY4pLBotSzgjLj6t",
        ),
        ("To: 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", misread),
    ] {
        let (refused, judged) = with(address, garbage);
        assert_eq!(refused, ["not_in_ledger"], "{address}, {garbage}");
        assert_eq!(judged.get("address_misread"), Some(&Verdict::Pass));
    }
    let (refused, judged) = with("To: TR7NHqjeKQxGTCiBqBZY4pLBotSzgjLj6t", misread);
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(judged.get("not_in_ledger"), Some(&Verdict::Warn), "a person looks");
}

/// EV-11: what fits no row is refused only where the host told all rows; else a person looks.
#[test]
fn ev_11_a_page_may_be_older_than_the_rows_that_the_host_told() {
    let mut context = context();
    context.account.ledger.clear();
    assert_eq!(failed(TRANSACTION, &sent(&[]), &context), ["not_in_ledger"]);
    context.account.ledger_goes_on = true;
    let judged = judged(TRANSACTION, &blank(), Some(lines(&sent(&[]))), &context);
    assert_eq!(judged.get("not_in_ledger"), Some(&Verdict::Warn), "{judged:?}");
}

/// What the rules for every picture warn of.
fn warned(picture: &[u8], words: Vec<Line>) -> Vec<String> {
    let names: Vec<String> = shared().rules.iter().map(|rule| rule.id.clone()).collect();
    let judged = judged(MAIL, picture, Some(words), &context()).into_iter();
    let spoke = judged.filter(|(rule, verdict)| names.contains(rule) && *verdict != Verdict::Pass);
    spoke.map(|(rule, _)| rule).collect()
}

/// EV-06, EV-10: each rule for every picture speaks when its condition holds, and is silent on the same page without it.
#[test]
fn ev_10_each_rule_for_every_picture_speaks() {
    let sharp = page(WIDTH, HEIGHT);
    let text = || {
        lines(&[
            "one line of some words",
            "another line of words",
            "a third line",
            "the last line",
        ])
    };
    assert_eq!(warned(&blank(), text()), [""; 0]);
    let cases = [
        ("too_small", encoded(page(200, 900), ImageFormat::Png)),
        ("blurred", encoded(image::imageops::blur(&sharp, 4.0), ImageFormat::Png)),
        ("photo_of_a_screen", exposed(&sharp)),
    ];
    for (rule, picture) in cases {
        assert!(warned(&picture, text()).contains(&rule.to_owned()), "{rule}");
    }
    let at = |area: Area| [text(), vec![line("and one line more", area)]].concat();
    let beside = |x: u32, w: u32| (0..3).map(move |row| line("a line of a page", Area(x, 300 + 30 * row, w, 20)));
    for (words, cut) in [
        (at(Area(20, 0, 200, 9)), true),
        (at(Area(20, HEIGHT - 9, 200, 9)), true),
        (at(Area(20, 0, 200, 20)), false),
        (at(Area(20, HEIGHT - 40, 200, 9)), false),
        ([text(), beside(0, 300).collect()].concat(), true),
        ([text(), beside(400, 200).collect()].concat(), true),
        ([text(), beside(0, 300).take(2).collect()].concat(), false),
    ] {
        let wanted: &[&str] = if cut { &["cut_off"] } else { &[] };
        assert_eq!(warned(&blank(), words.clone()), wanted, "{:?}", words.last());
    }
}

/// EV-06: an editor is told wherever it names itself, whatever else the file says of itself; and so are parts that only
/// one program writes.
#[test]
fn ev_06_odd_parts_and_hidden_editors_are_told() {
    let (still, photo) = (png(), jpeg());
    let after = |head: &[u8], part: &[u8], rest: &[u8]| [head, part, rest].concat();
    let phone = exposed(&page(120, 90));
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x xmp:CreatorTool='Adobe Photoshop 27.1'/>";
    let segment = |marker: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker][..], &length, body].concat()
    };
    let far = vec![b' '; 60_000];
    for (name, bytes, odd) in [
        ("a PNG", still.clone(), false),
        ("a JPEG", photo.clone(), false),
        ("a phone's", phone.clone(), false),
        (
            "a phone's, edited",
            after(&phone[..2], &segment(0xe1, xmp), &phone[2..]),
            true,
        ),
        (
            "an editor's name behind much else",
            after(
                &photo[..2],
                &[segment(0xe1, &far), segment(0xe1, &far), segment(0xe1, xmp)].concat(),
                &photo[2..],
            ),
            true,
        ),
        (
            "a chunk of its own",
            after(&still[..33], &chunk(b"prVw", b"x"), &still[33..]),
            true,
        ),
        (
            "a phone's own chunk",
            after(&still[..33], &chunk(b"iDOT", &[0; 28]), &still[33..]),
            false,
        ),
        (
            "a segment of its own",
            after(&photo[..2], &segment(0xe7, b"layers"), &photo[2..]),
            true,
        ),
        ("an editor's EXIF", tagged(1), true),
        ("an editor's EXIF in a WebP", tagged_webp(1), true),
    ] {
        let edited = judged(MAIL, &bytes, None, &context()).get("edited").copied();
        let wanted = if odd { Verdict::Warn } else { Verdict::Pass };
        assert_eq!(edited, Some(wanted), "{name}");
    }
}
