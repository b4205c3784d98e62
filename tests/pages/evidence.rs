//! Pictures that are really read, with the models: what claimants are told at once, and what reviewers see.

use std::io::Cursor;

use image::ImageFormat;
use readmit_core::answers::LedgerRow;
use readmit_core::case::CaseStatus;
use readmit_core::command::Role;
use readmit_core::ids::AccountId;
use readmit_core::ports::Store as _;
use readmit_core::time::Span;
use readmit_demo_host::{Resident, roster};

use crate::support::claimant::{Claimant, Recovery};
use crate::support::installation::{Installation, Setup};
use crate::support::visitor::{Page, Visitor};

const SENDER: &str = "no-reply@halcyon.example";
const MAIL: &str = "account_email";
const TRANSACTION: &str = "counterparty_transaction";

fn resident(email: &str) -> &'static Resident {
    roster().iter().find(|one| one.email == email).unwrap()
}

fn mail(app: &Installation, to: &str, sender: &str) -> Vec<u8> {
    let at = app.clock.at();
    readmit::pictures::mail(resident(to), sender, at - Span::days(40), at).unwrap()
}

/// A row of the account's ledger at the host that has another side.
async fn row(app: &Installation, email: &str) -> LedgerRow {
    let account = AccountId(resident(email).id.into());
    let ledger = app.wired.worker.host.ledger(&account).await.unwrap();
    ledger
        .rows
        .into_iter()
        .find(|row| row.kind != "trade" && !row.txid.is_empty())
        .unwrap()
}

impl Claimant {
    /// Begins a case and goes on to its documents.
    pub(super) async fn at_documents(app: &mut Installation, email: &str) -> Self {
        let mut claimant = Self::begin(app, "/passkey-reset", email, Visitor::new()).await;
        claimant.forgets_password().await;
        claimant.types_code(app).await;
        claimant
    }

    /// Uploads a picture, which is then being read.
    pub(super) async fn attaches(&mut self, field: &str, picture: &[u8]) {
        let form = self.page.press("attach").attach(field, "IMG_2041.png", picture);
        self.page = self.visitor.submit(form).await.expect(200);
        assert!(
            self.page.words().contains("We are reading this picture."),
            "{}",
            self.page.words()
        );
    }

    /// Uploads a picture, and looks at the page once it is read.
    async fn uploads(&mut self, app: &Installation, field: &str, picture: &[u8]) {
        self.attaches(field, picture).await;
        app.work().await;
        self.looks(app).await;
    }

    async fn sends(&mut self, app: &Installation) {
        self.page = self.visitor.submit(self.page.press("submit")).await.expect(200);
        app.work().await;
        self.looks(app).await;
    }
}

/// EV-11: a mail to somebody else is told at once, with its spot, and mended; then the case goes on, read and checked, with the
/// ledger row that the other picture shows.
#[test]
fn ev_11_what_is_missing_is_told_at_once_and_reviewers_see_what_was_read() {
    Setup::default().reading().run(async |app| {
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        ada.uploads(app, MAIL, &mail(app, "ben@example.com", SENDER)).await;
        let told = ada.page.words();
        assert!(
            told.contains("One picture needs a change") && told.contains("sent to another address"),
            "{told}"
        );
        assert!(ada.page.text().contains("class=\"halo\""), "the spot is shown");
        for (language, said) in [
            ("es", "otra dirección"),
            ("zh", "与账户邮箱不同"),
            ("en", "another address"),
        ] {
            let address = format!("{}?lang={language}", ada.page.url.as_str());
            let words = ada.visitor.get(&address).await.expect(200).words();
            assert!(words.contains(said), "{language}: {words}");
        }
        ada.looks(app).await;
        let row = row(app, "ada@example.com").await;
        let other = readmit::pictures::transaction(&row, app.clock.at()).unwrap();
        ada.uploads(app, TRANSACTION, &other).await;
        let replaced = ada.page.press("attach").files();
        let field = replaced
            .into_iter()
            .find(|name| name.starts_with("account_email."))
            .unwrap();
        ada.uploads(app, &field, &mail(app, "ada@example.com", SENDER)).await;
        let told = ada.page.words();
        assert_eq!(told.matches("Nothing is missing on this picture.").count(), 2, "{told}");
        ada.sends(app).await;
        let reference = ada.reference(app).await;
        assert_eq!(app.case(&reference).await.case.status(), CaseStatus::InReview);

        let mut rina = app.signed_in("rina", Role::Reviewer).await;
        rina.takes_next(app).await;
        let path = format!("/cases/{reference}");
        let first = rina
            .visitor
            .get(&app.staff(&format!("{path}?picture=1")))
            .await
            .expect(200);
        let words = first.words();
        assert!(
            words.contains("Other recipient") && words.contains("Read: ben@exam"),
            "{words}"
        );
        assert!(
            first.text().contains("id=\"b1\"") && words.contains("replaced"),
            "{words}"
        );
        let second = rina
            .visitor
            .get(&app.staff(&format!("{path}?picture=2")))
            .await
            .expect(200);
        let words = second.words();
        assert!(words.contains("Every rule passed"), "{words}");
        assert!(
            words.contains("Ledger row that it shows") && words.contains(&row.id),
            "{words}"
        );
    });
}

/// Who sent pictures and left is told by mail when something is missing: they do not go on by themselves then.
#[test]
fn what_was_sent_and_did_not_go_on_is_told_by_mail() {
    Setup::default().reading().run(async |app| {
        let mut emma = Claimant::at_documents(app, "emma@example.org").await;
        let form = emma
            .page
            .press("submit")
            .attach(MAIL, "a.png", &mail(app, "ben@example.com", SENDER));
        emma.page = emma.visitor.submit(form).await.expect(200);
        assert!(
            emma.page.words().contains("you may close this page"),
            "{}",
            emma.page.words()
        );
        app.work().await;
        let mails = app.messages("emma@example.org").await;
        let last = mails.last().unwrap();
        assert!(
            last.text.contains("something is missing, so they were not sent on"),
            "{}",
            last.text
        );
        emma.looks(app).await;
        assert!(
            emma.page.words().contains("Send them as they are"),
            "{}",
            emma.page.words()
        );
    });
}

/// RF-18: a transaction that is not the account's, and one with another amount, are told in the same words, without a spot.
#[test]
fn rf_18_the_ledger_is_no_oracle() {
    Setup::default().reading().run(async |app| {
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        let own = row(app, "ada@example.com").await;
        let foreign = LedgerRow {
            txid: "ab".repeat(32),
            address: String::new(),
            amount: "77777".into(),
            at: own.at - Span::days(400),
            ..own.clone()
        };
        let more = LedgerRow {
            amount: format!("9{}", own.amount),
            ..own
        };
        for forged in [foreign, more] {
            let picture = readmit::pictures::transaction(&forged, app.clock.at()).unwrap();
            app.clock.pass(Span::minutes(1));
            ada.uploads(app, TRANSACTION, &picture).await;
        }
        let told = ada.page.words();
        assert_eq!(
            told.matches("We could not match this to a transaction of the account.")
                .count(),
            2,
            "{told}"
        );
        assert!(!ada.page.text().contains("class=\"halo\""), "{}", ada.page.text());
    });
}

/// EV-05, EV-09, EV-12: people see a copy without the file's metadata and trailer, never the file; the same file in a case of
/// another account is found, named to the reviewer, and a signal.
#[test]
fn ev_09_a_file_that_was_sent_in_another_case_is_found() {
    Setup::default().reading().run(async |app| {
        let mut file = mail(app, "ada@example.com", SENDER);
        file.extend(b"<script>sentinel-after-the-end</script>");
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        ada.uploads(app, MAIL, &file).await;
        let mut ben = Claimant::at_documents(app, "ben@example.com").await;
        ben.uploads(app, MAIL, &file).await;
        assert!(
            !ben.page.words().contains("other case"),
            "claimants are not told: {}",
            ben.page.words()
        );
        let seen = picture_of(&ben.visitor, &ben.page, app).await;
        assert!(
            !seen.windows(8).any(|window| window == b"sentinel"),
            "the copy has no trailer"
        );
        assert_ne!(seen, file);
        image::load_from_memory_with_format(&seen, ImageFormat::Png).unwrap();

        let (of_ada, of_ben) = (ada.reference(app).await, ben.reference(app).await);
        let signals = app.case(&of_ben).await.case.signals;
        assert!(signals.contains_key("evidence_known"), "{signals:?}");
        assert!(
            !app.case(&of_ada).await.case.signals.contains_key("evidence_known"),
            "the first one was new"
        );
        let rina = app.signed_in("signe", Role::Senior).await;
        let page = rina
            .visitor
            .get(&app.staff(&format!("/cases/{of_ben}")))
            .await
            .expect(200);
        let words = page.words();
        assert!(words.contains("Duplicate exact") && words.contains("Edited"), "{words}");
        assert!(
            words.contains(&of_ada) && words.contains("another account, the same file"),
            "{words}"
        );
    });
}

/// The first picture of a claimant's page, as it is served.
async fn picture_of(visitor: &Visitor, page: &Page, app: &Installation) -> Vec<u8> {
    let text = page.text();
    let small = text
        .split("src=\"/case/evidence/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    let thumbnail = visitor
        .get(&app.recover(&format!("/case/evidence/{small}")))
        .await
        .expect(200);
    assert_eq!(thumbnail.header("content-type"), Some("image/jpeg"));
    image::load(Cursor::new(&thumbnail.body), ImageFormat::Jpeg).unwrap();
    let whole = small.strip_suffix("/small").unwrap();
    let whole = visitor
        .get(&app.recover(&format!("/case/evidence/{whole}")))
        .await
        .expect(200);
    whole.body
}

/// EV-08: no file is opened or shown before the virus scanner's word; while it is away files stay where nobody sees them, and
/// what it objects to is told and does not count.
#[test]
fn ev_08_a_file_stays_unseen_until_it_was_scanned() {
    Setup::default().scanning().run(async |app| {
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        let mut bad = mail(app, "ada@example.com", SENDER);
        bad.extend(EICAR.as_bytes());
        ada.uploads(app, MAIL, &bad).await;
        assert!(
            ada.page.words().contains("We are reading this picture."),
            "the scanner is away"
        );
        let scanner = clamd(app.place.scanner()).await;
        app.pass(Span::minutes(1)).await;
        ada.looks(app).await;
        assert!(
            ada.page.words().contains("Our virus scanner objects to this file."),
            "{}",
            ada.page.words()
        );
        let field = ada.page.press("attach").files();
        let field = field
            .into_iter()
            .find(|name| name.starts_with("account_email."))
            .unwrap();
        ada.uploads(app, &field, &mail(app, "ada@example.com", SENDER)).await;
        assert!(
            ada.page.text().contains("src=\"/case/evidence/"),
            "{}",
            ada.page.words()
        );
        scanner.abort();
        let reference = ada.reference(app).await;
        let loaded = app.case(&reference).await;
        let definition = app.wired.db.definition(loaded.case.workflow).await.unwrap().unwrap();
        for piece in readmit_steps::documents::pieces(&loaded.sealed, &definition) {
            let scanned = piece.inspected().unwrap().scanned.clone().unwrap();
            assert!(scanned.by.starts_with("ClamAV 1.4.1/27456/") && scanned.at <= app.clock.at());
        }
        let signe = app.signed_in("signe", Role::Senior).await;
        let page = signe
            .visitor
            .get(&app.staff(&format!("/cases/{reference}")))
            .await
            .expect(200);
        assert!(
            page.words().contains("Virus scan ClamAV 1.4.1/27456"),
            "{}",
            page.words()
        );
    });
}

/// The test file of the European Institute for Computer Anti-Virus Research, in two parts so that no scanner minds this one.
const EICAR: &str = concat!(
    "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STAND",
    "ARD-ANTIVIRUS-TEST-FILE!$H+H*"
);

/// A clamd that knows one virus: speaks INSTREAM (clamd(8)).
async fn clamd(port: u16) -> tokio::task::JoinHandle<()> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut command = Vec::new();
            while command.last() != Some(&0) {
                command.push(stream.read_u8().await.unwrap());
            }
            if command == b"zVERSION\0" {
                let said = b"ClamAV 1.4.1/27456/Mon Nov 23 08:40:05 2026\0";
                stream.write_all(said).await.unwrap();
                continue;
            }
            assert_eq!(command, b"zINSTREAM\0");
            let mut file: Vec<u8> = Vec::new();
            loop {
                let length = stream.read_u32().await.unwrap() as usize;
                let mut chunk = vec![0; length];
                stream.read_exact(&mut chunk).await.unwrap();
                file.extend(&chunk);
                if length == 0 {
                    break;
                }
            }
            let found = file.windows(EICAR.len()).any(|window| window == EICAR.as_bytes());
            let said: &[u8] = if found {
                b"stream: Eicar-Test-Signature FOUND\0"
            } else {
                b"stream: OK\0"
            };
            stream.write_all(said).await.unwrap();
        }
    })
}

/// EV-02: what is refused of a form leaves the good pictures that came with it.
#[test]
fn ev_02_one_bad_file_does_not_lose_the_good_ones() {
    Setup::default().run(async |app| {
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        let form = ada.page.press("submit");
        let form = form.attach(MAIL, "good.png", &mail(app, "ada@example.com", SENDER));
        let form = form.attach(TRANSACTION, "bad.pdf", b"%PDF-1.7 ....................");
        let page = ada.visitor.submit(form).await;
        assert_eq!(page.status, 422);
        assert!(page.words().contains("good.png") && page.text().contains(&format!("id=\"{TRANSACTION}-e\"")));
        ada.looks(app).await;
        assert!(ada.page.words().contains("good.png"), "{}", ada.page.words());
        app.work().await;
    });
}

/// A picture that cannot be opened is told, does not count, and there is nothing to see of it.
#[test]
fn ev_03_a_picture_with_too_many_pixels_is_told_and_does_not_count() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().proven().at(app).await;
        ada.page = ada.visitor.submit(ada.page.press("begin")).await.expect(200);
        ada.page = ada.visitor.submit(ada.page.press("give_up")).await.expect(200);
        let mut bomb = mail(app, "ada@example.com", SENDER);
        bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
        ada.uploads(app, MAIL, &bomb).await;
        assert!(ada.page.words().contains("Needs a change"), "{}", ada.page.words());
        assert!(
            !ada.page.text().contains("src=\"/case/evidence/"),
            "there is nothing to see"
        );
        let form = ada
            .page
            .press("submit")
            .attach(TRANSACTION, "b.png", &crate::support::claimant::picture());
        let page = ada.visitor.submit(form).await;
        assert_eq!(page.status, 422);
        assert!(page.words().contains("cannot be opened"), "{}", page.words());
        app.work().await;
    });
}

/// A machine without the models says so where operators look, with what to do; one that has them says that, too.
#[test]
fn operators_see_that_the_models_are_missing() {
    let operations = async |app: &Installation| {
        let olu = app.signed_in("olu", Role::Operator).await;
        olu.visitor.get(&app.staff("/operations")).await.expect(200).words()
    };
    Setup::default().run(async |app| {
        let words = operations(app).await;
        assert!(words.contains("missing: pictures are not read"), "{words}");
        assert!(words.contains("readmit models fetch"), "{words}");
    });
    Setup::default().reading().run(async |app| {
        let words = operations(app).await;
        assert!(!words.contains("pictures are not read"), "{words}");
        app.work().await;
    });
}
