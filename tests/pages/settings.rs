//! Security settings: the owner comes from the host, signed in, and binds or removes factors.

use readmit_core::time::At;
use readmit_core::time::Span;

use crate::support::claimant::Claimant;
use crate::support::installation::{Installation, SAVED_CODE, Setup};
use crate::support::visitor::{Page, Visitor};

/// The security settings of an account, as its owner comes to them from the host.
async fn settings(app: &mut Installation, email: &str) -> Claimant {
    let visitor = app.signed_in_owner(email).await;
    app.plant(email);
    let page = visitor.get(&app.halcyon.url("/security")).await.expect(200);
    assert_eq!(page.url.path(), "/security", "{}", page.words());
    Claimant {
        visitor,
        email: email.into(),
        page,
    }
}

impl Claimant {
    /// Begins a workflow and proves the address.
    async fn begins(&mut self, app: &mut Installation, workflow: &str) {
        let path = format!("/security/{workflow}");
        // What removes a factor asks first.
        let asks = format!("{path}?factor=");
        if let Some(link) = self.page.links().into_iter().find(|link| link.contains(&asks)) {
            self.page = self
                .visitor
                .get(self.page.url.join(&link).unwrap().as_str())
                .await
                .expect(200);
        }
        let form = self.page.form_to(&path);
        self.page = self.visitor.submit(form).await.expect(200);
        self.types_code(app).await;
    }

    async fn proves(&mut self, code: &str) -> &Page {
        let form = self.page.press("submit").fill("code", code);
        self.page = self.visitor.submit(form).await;
        &self.page
    }
}

/// What an app shows for a key.
pub(crate) fn shown(key: &str, at: At) -> String {
    let secret = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    app.generate(at.as_unix_seconds().unsigned_abs()).to_string()
}

/// The key on the page of a new app.
pub(crate) fn key_of(page: &str) -> String {
    let (_, rest) = page.split_once("?secret=").expect("no key on this page");
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// TO-03, TO-04: an app is bound by its first code, the secret is nowhere in plain, and an abandoned one changed nothing.
#[test]
fn to_04_the_first_code_binds_an_authenticator_app() {
    Setup::default().run(async |app| {
        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "bind-totp").await;
        let abandoned = key_of(&femi.page.text());
        assert!(!app.factors("acc_femi").await.contains(&"totp".to_owned()));

        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "bind-totp").await;
        let key = key_of(&femi.page.text());
        assert_ne!(key, abandoned);
        assert_eq!(key.len(), 32);
        app.plant(&key);
        femi.proves(&shown(&abandoned, app.clock.at())).await;
        assert!(femi.page.offers("submit"), "{}", femi.page.words());
        let code = shown(&key, app.clock.at());
        femi.proves(&code).await;
        assert!(
            femi.page.words().contains("Your change is in force"),
            "{}",
            femi.page.words()
        );
        assert!(app.factors("acc_femi").await.contains(&"totp".to_owned()));
        app.work().await;
        let told = app.messages("femi@example.com").await;
        assert!(told.last().unwrap().text.contains("was added"), "RF-09");
        let page = femi.visitor.get(&app.recover("/security")).await.expect(200);
        assert!(page.words().contains("Authenticator app"), "{}", page.words());
        assert!(!page.text().contains("/security/bind-totp"), "one app an account");
    });
}

/// SC-01, RF-14: an app is removed on the word of a saved code, which is then used up; withdrawals are locked at the host.
#[test]
fn sc_01_a_saved_code_removes_an_authenticator_app() {
    Setup::default().run(async |app| {
        let mut carla = settings(app, "carla@example.com").await;
        carla.begins(app, "unbind-totp").await;
        assert!(carla.page.words().contains("Use your passkey"), "the strongest first");
        assert!(
            !carla.page.text().contains("value=\"totp\""),
            "what goes proves nothing"
        );
        let form = carla.page.press("switch").with("method", "recovery_code");
        carla.page = carla.visitor.submit(form).await.expect(200);
        carla.proves("aaaa-aaaa-aaaa-aaaa").await;
        assert!(carla.page.offers("submit"), "{}", carla.page.words());
        app.clock.pass(Span::seconds(30));
        carla.proves(SAVED_CODE).await;
        assert_eq!(carla.page.status, 200);
        app.work().await;
        assert!(!app.factors("acc_carla").await.contains(&"totp".to_owned()));
        let done = carla.visitor.get(&app.recover("/case")).await.expect(200);
        assert!(done.words().contains("Withdrawals are locked"), "{}", done.words());

        let mut carla = settings(app, "carla@example.com").await;
        carla.begins(app, "recovery-codes").await;
        assert!(
            carla.page.offers("begin"),
            "a passkey proves it: {}",
            carla.page.words()
        );
    });
}

/// Invariant 10: with nothing but the passkey that goes, the owner is led to its reset, which proves everything again.
#[test]
fn the_only_factor_cannot_prove_its_own_removal() {
    Setup::default().run(async |app| {
        let mut ines = settings(app, "ines@example.com").await;
        ines.begins(app, "delete-passkey").await;
        assert_eq!(ines.page.url.path(), "/passkey-reset", "{}", ines.page.words());
        assert_eq!(app.factors("acc_ines").await, ["passkey"]);
    });
}

/// The address that the host gets is good once and for a minute, opens nothing else, and nobody else begins a change.
#[test]
fn se_06_the_way_in_is_good_once_and_briefly() {
    Setup::default().run(async |app| {
        let page = Visitor::new().get(&app.recover("/bind-totp")).await;
        assert_eq!(page.status, 404, "not for strangers");
        let page = Visitor::new().get(&app.recover("/security")).await;
        assert_eq!(page.status, 403, "{}", page.words());
        let page = Visitor::new().get(&app.recover("/enter/nothing")).await;
        assert_eq!(page.status, 403, "{}", page.words());
        let ada = crate::support::claimant::Recovery::passkey().proven().at(app).await;
        let page = ada.visitor.get(&app.recover("/security")).await;
        assert_eq!(page.status, 403, "a recovery opens no settings: {}", page.words());
    });
}

/// OT-06, OT-07: a number is bound by the code sent to it, and the text message carries nothing else.
#[test]
fn ot_06_a_number_is_bound_by_its_own_code() {
    Setup::default().run(async |app| {
        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "bind-mobile").await;
        let wrong = femi.page.press("send").fill("number", "12");
        let refused = femi.visitor.submit(wrong).await;
        assert_eq!(refused.status, 422, "{}", refused.words());
        let form = femi.page.press("send").fill("number", "+44 7400 123456");
        femi.page = femi.visitor.submit(form).await.expect(200);
        assert!(femi.page.words().contains("+44 ••• ••56"), "{}", femi.page.words());
        let told = app.messages("+447400123456").await;
        let text = &told.last().unwrap().text;
        let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
        app.plant(&code);
        femi.proves(&code).await;
        assert!(
            femi.page.words().contains("Your change is in force"),
            "{}",
            femi.page.words()
        );
        assert!(app.factors("acc_femi").await.contains(&"phone".to_owned()));
    });
}
