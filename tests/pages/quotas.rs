//! What may be sent in a day (EV-02).

use readmit_core::time::Span;

use crate::support::claimant::Claimant;
use crate::support::installation::{Installation, Setup};

const SLOT: &str = "account_email";

/// Noise of so many pixels in each row and column: as many bytes as three times that.
fn noise(side: u32, seed: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(side, side, |x, y| {
        let [r, g, b, _] = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503) ^ seed)
            .wrapping_mul(0x85eb_ca6b)
            .to_be_bytes();
        image::Rgb([r, g, b])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

impl Claimant {
    /// What is said of a file that is not taken.
    async fn is_told(&mut self, picture: &[u8]) -> String {
        let form = self.page.press("attach").attach(SLOT, "more.png", picture);
        let page = self.visitor.submit(form).await;
        assert_eq!(page.status, 422, "{}", page.words());
        page.words()
    }
}

/// Passes into the first minute of a day: what is sent in the next hours is sent in one.
async fn a_day_begins(app: &Installation) {
    let now = app.clock.at();
    app.pass(Span(
        Span::days(1).0 - now.0.rem_euclid(Span::days(1).0) + Span::minutes(1).0,
    ))
    .await;
}

/// EV-02: a case may send so many bytes a day, whatever the number of files; the next day there is room again.
#[test]
fn ev_02_bytes_of_a_day_are_counted() {
    Setup::default().sparing().run(async |app| {
        a_day_begins(app).await;
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        ada.attaches(SLOT, &noise(560, 1)).await;
        app.work().await;
        ada.looks(app).await;
        let told = ada.is_told(&noise(900, 2)).await;
        assert!(told.contains("larger together than what we take in one day"), "{told}");
        ada.looks(app).await;
        assert_eq!(ada.page.text().matches("more.png").count(), 0, "nothing of it was kept");
        app.pass(Span::days(1)).await;
        let ask = ada.visitor.get(&app.recover("/continue")).await.expect(200);
        let reference = app.halcyon.reference("ada@example.com").await;
        let form = ask.form_to("/continue").fill("reference", &reference);
        let page = ada.visitor.submit(form).await.expect(200);
        let code = ada.return_code(app).await;
        let form = page.form_to("/continue/code").fill("code", &code);
        ada.page = ada.visitor.submit(form).await.expect(200);
        ada.attaches(SLOT, &noise(900, 2)).await;
        app.work().await;
    });
}

/// EV-02, RL-02: an account may send so many files a day, through however many cases, also over a restart.
#[test]
fn ev_02_files_of_an_account_are_counted_over_its_cases() {
    Setup::default().sparing().run(async |app| {
        a_day_begins(app).await;
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        for n in 0..3 {
            if n == 2 {
                app.restart().await;
                ada.looks(app).await;
            }
            ada.attaches(SLOT, &noise(60, n)).await;
            app.work().await;
            ada.looks(app).await;
        }
        let page = ada.visitor.get(&app.recover("/case/withdraw")).await.expect(200);
        ada.visitor.submit(page.form_to("/case/withdraw")).await.expect(200);
        app.pass(Span::minutes(5)).await;
        let mut again = Claimant::at_documents(app, "ada@example.com").await;
        let told = again.is_told(&noise(60, 9)).await;
        assert!(told.contains("more pictures than we take in one day"), "{told}");
        let mut ben = Claimant::at_documents(app, "ben@example.com").await;
        ben.attaches(SLOT, &noise(60, 9)).await;
        app.work().await;
    });
}

/// EV-02: files that arrive at the same moment are counted as those that follow each other: the quota is a guard of the
/// commit.
#[test]
fn ev_02_a_race_at_the_quota_takes_no_more_than_it_allows() {
    Setup::default().on_postgres().sparing().run(async |app| {
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        let (page, visitor) = (&ada.page, &ada.visitor);
        let sends = async |n: u32| {
            let form = page.press("attach").attach(SLOT, "race.png", &noise(60, n));
            let (headers, body) = (form.headers(), form.body());
            visitor
                .send(reqwest::Method::POST, form.target, &headers, Some(body))
                .await
                .status
        };
        let (a, b, c, d, e, f, g, h) = tokio::join!(
            sends(1),
            sends(2),
            sends(3),
            sends(4),
            sends(5),
            sends(6),
            sends(7),
            sends(8)
        );
        let taken = [a, b, c, d, e, f, g, h]
            .into_iter()
            .filter(|status| *status == 303)
            .count();
        assert!((1..=3).contains(&taken), "{taken} of eight were taken");
        app.work().await;
        ada.looks(app).await;
        let shown = ada.page.text().matches("race.png").count();
        assert!(shown >= 1, "{}", ada.page.words());
        let mut kept = 0;
        while kept < 4 {
            let form = ada.page.press("attach").attach(SLOT, "more.png", &noise(60, 20 + kept));
            if ada.visitor.submit(form).await.status == 422 {
                break;
            }
            app.work().await;
            ada.looks(app).await;
            kept += 1;
        }
        assert_eq!(
            taken as u32 + kept,
            3,
            "what was refused in the race does not count, what was taken does"
        );
        app.work().await;
    });
}
