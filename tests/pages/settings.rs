//! Security settings: the owner comes from the host, signed in, and binds or removes factors.

use readmit_core::command::Role;
use readmit_core::time::At;
use readmit_core::time::Span;
use readmit_worker::ports::Jobs as _;
use serde_json::json;

use crate::support::claimant::Claimant;
use crate::support::installation::{Installation, SAVED_CODE, Setup};
use crate::support::visitor::{Page, Visitor};

/// The security settings of an account, as its owner comes to them from the host.
pub(crate) async fn settings(app: &mut Installation, email: &str) -> Claimant {
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
    pub(crate) async fn begins(&mut self, app: &mut Installation, workflow: &str) {
        self.begins_with(app, workflow, "").await;
    }

    /// The same, about the factor of this name where there are several.
    pub(crate) async fn begins_with(&mut self, app: &mut Installation, workflow: &str, name: &str) {
        let path = format!("/security/{workflow}");
        // What removes a factor asks first.
        let asks = format!("{path}?factor=");
        let text = self.page.text();
        let (_, after) = text.split_once(name).expect("no factor of this name");
        let link = after.split('"').find(|link| link.starts_with(&asks));
        if let Some(link) = link {
            self.page = self
                .visitor
                .get(self.page.url.join(link).unwrap().as_str())
                .await
                .expect(200);
        }
        let form = self.page.form_to(&path);
        self.page = self.visitor.submit(form).await.expect(200);
        self.types_code(app).await;
    }

    /// Says that the recovery codes on the page are saved: what they are.
    pub(super) async fn saves_codes(&mut self, app: &mut Installation) -> Vec<String> {
        let codes = codes_of(&self.page.text());
        assert_eq!(codes.len(), 10, "SC-01: {}", self.page.words());
        app.plant_all(codes.clone());
        let form = self.page.press("saved").tick("saved", "yes");
        self.page = self.visitor.submit(form).await.expect(200);
        codes
    }

    /// Goes on without recovery codes.
    pub(super) async fn saves_none(&mut self) {
        let form = self.page.press("later");
        self.page = self.visitor.submit(form).await.expect(200);
    }

    pub(crate) async fn proves(&mut self, code: &str) -> &Page {
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

/// The recovery codes on the page that shows them.
pub(crate) fn codes_of(page: &str) -> Vec<String> {
    let items = page.split("<li><code>").skip(1);
    items
        .filter_map(|item| item.split_once("</code>"))
        .map(|(code, _)| code.to_owned())
        .collect()
}

/// TO-03, TO-04: an app is bound by its first code, the secret is nowhere in plain, and an abandoned one changed nothing.
#[test]
fn to_04_the_first_code_binds_an_authenticator_app() {
    Setup::default().with_a_newcomer().run(async |app| {
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
        femi.saves_none().await;
        assert!(
            femi.page.words().contains("Your change is in force"),
            "{}",
            femi.page.words()
        );
        let words = femi.page.words();
        assert!(words.contains("Your authenticator app was added"), "{words}");
        assert!(!words.contains("recovery codes"), "{words}");
        assert!(femi.page.links().contains(&"/security".to_owned()), "{words}");
        assert!(app.factors("acc_femi").await.contains(&"totp".to_owned()));
        app.work().await;
        let told = app.messages("femi@example.com").await;
        assert!(told.iter().any(|message| message.text.contains("was added")), "RF-09");
        let page = femi.visitor.get(&app.recover("/security")).await.expect(200);
        assert!(page.words().contains("Authenticator app"), "{}", page.words());
        assert!(!page.text().contains("/security/bind-totp"), "one app an account");
    });
}

/// SC-01: whoever binds a factor and has no recovery codes is shown ten on the way, once, and may say that they shall wait; the
/// factor is there when that is answered. Whoever has codes is not asked.
#[test]
fn sc_01_binding_a_factor_leads_to_recovery_codes() {
    Setup::default().with_a_newcomer().run(async |app| {
        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "bind-totp").await;
        let key = key_of(&femi.page.text());
        app.plant(&key);
        femi.proves(&shown(&key, app.clock.at())).await;
        let words = femi.page.words();
        assert!(words.contains("Ten codes, each good once"), "{words}");
        assert!(words.contains("added when you go on"), "{words}");
        assert!(!app.factors("acc_femi").await.contains(&"totp".to_owned()));
        let refused = femi.visitor.submit(femi.page.press("saved")).await;
        assert_eq!(refused.status, 422, "{}", refused.words());
        let codes = femi.saves_codes(app).await;
        let words = femi.page.words();
        assert!(words.contains("Your authenticator app was added"), "{words}");
        assert!(words.contains("Your recovery codes are in force, too"), "{words}");
        assert_eq!(app.factors("acc_femi").await, ["recovery_codes", "totp"]);
        app.work().await;
        let told = app.messages("femi@example.com").await;
        let told = told
            .iter()
            .filter(|message| message.text.contains("Ten recovery codes were made"));
        assert_eq!(told.count(), 1, "RF-09");
        let again = femi.visitor.get(&app.recover("/case")).await.expect(200);
        assert_eq!(codes_of(&again.text()), Vec::<String>::new(), "shown once");

        // One of them proves the removal of the app, and binding anew asks for none.
        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "unbind-totp").await;
        femi.proves(&codes[3]).await;
        app.work().await;
        assert_eq!(app.factors("acc_femi").await, ["recovery_codes"]);
        app.pass(Span::seconds(1)).await;
        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "bind-totp").await;
        let key = key_of(&femi.page.text());
        app.plant(&key);
        femi.proves(&shown(&key, app.clock.at())).await;
        let words = femi.page.words();
        assert!(words.contains("Your authenticator app was added"), "{words}");
        app.work().await;
    });
}

/// RF-04: a code by e-mail alone makes no recovery codes for whoever has a factor already.
#[test]
fn rf_04_a_second_factor_leads_to_no_recovery_codes() {
    Setup::default().run(async |app| {
        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "bind-totp").await;
        let key = key_of(&femi.page.text());
        app.plant(&key);
        femi.proves(&shown(&key, app.clock.at())).await;
        let words = femi.page.words();
        assert!(words.contains("Your authenticator app was added"), "{words}");
        assert_eq!(app.factors("acc_femi").await, ["passkey", "totp"]);
        app.work().await;
    });
}

/// SC-01: whoever shows the codes in two tabs keeps those that were saved first, and binds an app in one of them.
#[test]
fn sc_01_a_second_tab_changes_nothing_that_the_first_saved() {
    Setup::default().with_a_newcomer().run(async |app| {
        let mut tabs = Vec::new();
        for workflow in ["bind-totp", "bind-totp"] {
            let mut femi = settings(app, "femi@example.com").await;
            femi.begins(app, workflow).await;
            tabs.push(femi);
        }
        for femi in &mut tabs {
            let key = key_of(&femi.page.text());
            app.plant(&key);
            femi.proves(&shown(&key, app.clock.at())).await;
        }
        let codes = tabs[0].saves_codes(app).await;
        assert!(tabs[0].page.words().contains("Your change is in force"));
        let late = codes_of(&tabs[1].page.text());
        assert_ne!(late, codes);
        tabs[1].saves_codes(app).await;
        let words = tabs[1].page.words();
        assert!(!words.contains("in force") && !words.contains("try again"), "{words}");
        assert_eq!(app.factors("acc_femi").await, ["recovery_codes", "totp"]);
        app.work().await;
        let mut femi = settings(app, "femi@example.com").await;
        femi.begins(app, "unbind-totp").await;
        femi.proves(&late[0]).await;
        assert!(femi.page.offers("submit"), "{}", femi.page.words());
        // After a wrong one there is a wait.
        app.pass(Span::minutes(1)).await;
        femi.proves(&codes[0]).await;
        app.work().await;
        assert_eq!(app.factors("acc_femi").await, ["recovery_codes"]);
        app.work().await;
    });
}

/// SE-04: the settings as another tab showed them before a visit of its own are not taken, and lead back to the settings.
#[test]
fn se_04_settings_of_an_earlier_visit_lead_back_to_them() {
    Setup::default().run(async |app| {
        let carla = settings(app, "carla@example.com").await;
        let form = carla
            .page
            .form_to("/security/recovery-codes")
            .with("token", "of another visit");
        let refused = carla.visitor.submit(form).await;
        assert_eq!(refused.status, 403, "{}", refused.words());
        assert!(
            refused.words().contains("Back to security settings"),
            "{}",
            refused.words()
        );
        let back = app.recover("/security");
        let links = refused.links();
        assert!(
            links.iter().any(|link| link == "/security" || *link == back),
            "{links:?}"
        );
        carla.visitor.get(&back).await.expect(200);
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
        app.work().await;
    });
}

/// RF-16: what removes a factor signs its owner out everywhere, out of the security settings too: of a browser that was let in
/// before, neither the page nor a change that is under way is left, and nobody binds anything there. The one that removed it
/// sees how it ended.
#[test]
fn rf_16_what_the_host_let_in_before_is_over() {
    for setup in [Setup::default(), Setup::default().on_postgres()] {
        let_in_before(setup);
    }
}

fn let_in_before(setup: Setup) {
    setup.run(async |app| {
        let mut other = settings(app, "carla@example.com").await;
        other.begins(app, "recovery-codes").await;
        let under_way = other.page.press("begin");
        let idle = settings(app, "carla@example.com").await;
        app.pass(Span::seconds(1)).await;
        let mut carla = settings(app, "carla@example.com").await;
        carla.begins(app, "unbind-totp").await;
        let form = carla.page.press("switch").with("method", "recovery_code");
        carla.page = carla.visitor.submit(form).await.expect(200);
        app.pass(Span::seconds(1)).await;
        carla.proves(SAVED_CODE).await;
        app.work().await;
        assert!(!app.factors("acc_carla").await.contains(&"totp".to_owned()));

        for (visitor, path) in [
            (&other.visitor, "/security"),
            (&other.visitor, "/case"),
            (&idle.visitor, "/security"),
            (&carla.visitor, "/security"),
        ] {
            let page = visitor.get(&app.recover(path)).await;
            assert_eq!(page.status, 403, "{path}: {}", page.words());
        }
        let late = other.visitor.submit(under_way).await;
        assert_eq!(late.status, 403, "{}", late.words());
        let late = idle.visitor.submit(idle.page.form_to("/security/bind-passkey")).await;
        assert_eq!(late.status, 403, "{}", late.words());
        let done = carla.visitor.get(&app.recover("/case")).await.expect(200);
        assert!(done.words().contains("Withdrawals are locked"), "{}", done.words());
        assert!(done.words().contains("Every device was signed out"), "{}", done.words());
        let led = done.links();
        assert!(!led.iter().any(|link| link.contains("/security")), "{led:?}");
        assert!(led.iter().any(|link| link.contains("halcyon")), "{led:?}");
        settings(app, "carla@example.com").await;
        app.work().await;
    });
}

/// SE-01: signing out at the host ends the security settings that it led to, a change under way in them, and an address that was
/// not opened yet. Another account's settings, and a recovery, go on; the owner comes in again from the host.
#[test]
fn se_01_signing_out_at_the_host_ends_the_settings() {
    for setup in [Setup::default(), Setup::default().on_postgres()] {
        signed_out_at_the_host(setup);
    }
}

fn signed_out_at_the_host(setup: Setup) {
    setup.run(async |app| {
        let ada = crate::support::claimant::Recovery::passkey().proven().at(app).await;
        let mut femi = settings(app, "femi@example.com").await;
        let idle = settings(app, "femi@example.com").await.visitor;
        femi.begins(app, "bind-totp").await;
        let under_way = femi.page.press("submit").fill("code", "123456");
        let carla = settings(app, "carla@example.com").await;
        let asked = app.host_asks("/api/accounts/acc_femi/visits", &json!({})).await;
        let asked: serde_json::Value = serde_json::from_str(&asked.text()).unwrap();
        let unopened = asked["url"].as_str().unwrap();
        app.pass(Span::seconds(1)).await;

        let account = femi.visitor.get(&app.halcyon.url("/account")).await.expect(200);
        let left = femi.visitor.submit(account.form_to("/sign-out")).await.expect(200);
        assert!(
            left.words().contains("You are signed out. Sign in again"),
            "{}",
            left.words()
        );
        for (visitor, path) in [
            (&femi.visitor, "/case"),
            (&femi.visitor, "/security"),
            (&idle, "/security"),
        ] {
            let page = visitor.get(&app.recover(path)).await;
            assert_eq!(page.status, 403, "{path}: {}", page.words());
        }
        let page = femi.visitor.get(&app.recover("/security")).await;
        assert!(
            page.words().contains("when you sign out at Halcyon"),
            "{}",
            page.words()
        );
        assert!(page.words().contains("Nothing was done just now"), "{}", page.words());
        let late = femi.visitor.submit(under_way).await;
        assert_eq!(late.status, 403, "{}", late.words());
        let late = Visitor::new().get(unopened).await;
        assert_eq!(late.status, 403, "{}", late.words());
        assert!(!app.factors("acc_femi").await.contains(&"totp".to_owned()));

        let others = carla.visitor.get(&app.recover("/security")).await.expect(200);
        assert!(
            others.words().contains("Two-factor authentication"),
            "{}",
            others.words()
        );
        ada.visitor.get(&app.recover("/case")).await.expect(200);
        let back = settings(app, "femi@example.com").await;
        for _ in 0..2 {
            let told = app.host_calls("/api/accounts/acc_carla/sign-outs", &json!({})).await;
            assert_eq!(told, 204, "said twice, it is said once");
        }
        let url = app.recover("/api/accounts/acc_femi/sign-outs").parse().unwrap();
        let unsigned = Visitor::new().send(reqwest::Method::POST, url, &[], None).await;
        assert_eq!(unsigned.status, 401, "WH-06: nobody else signs an owner out");
        app.pass(Span::seconds(1)).await;
        let page = carla.visitor.get(&app.recover("/security")).await;
        assert_eq!(page.status, 403, "{}", page.words());
        back.visitor.get(&app.recover("/security")).await.expect(200);
        app.work().await;
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
        app.work().await;
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
        app.work().await;
    });
}

/// OT-07: operators are told of a range of numbers from which next to no code comes back; of one from which they do, not.
#[test]
fn ot_07_codes_that_do_not_come_back_raise_an_alarm() {
    Setup::default().run(async |app| {
        // Three codes each, to numbers of one range; one of them comes back.
        for (place, email) in [
            "femi@example.com",
            "henrik@example.org",
            "ines@example.com",
            "priya@example.org",
        ]
        .into_iter()
        .enumerate()
        {
            let mut owner = settings(app, email).await;
            owner.begins(app, "bind-mobile").await;
            let number = format!("+4474001234{place}0");
            let form = owner.page.press("send").fill("number", &number);
            owner.page = owner.visitor.submit(form).await.expect(200);
            for _ in 0..2 {
                app.work().await;
                owner.page = owner.visitor.submit(owner.page.press("resend")).await.expect(200);
            }
            let told = app.messages(&number).await;
            assert_eq!(told.len(), 3, "{email}");
            if place == 0 {
                let text = &told.last().unwrap().text;
                let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
                app.plant(&code);
                owner.proves(&code).await;
            }
        }
        let olu = app.signed_in("olu", Role::Operator).await.visitor;
        let says = async |app: &Installation| {
            let page = olu.get(&app.staff("/operations")).await.expect(200).words();
            let figures = app.wired.metrics.text(&app.wired.db, app.clock.at()).await.unwrap();
            let counted = figures
                .lines()
                .find(|line| line.starts_with("readmit_quiet_ranges "))
                .unwrap();
            (page, counted.to_owned())
        };
        app.wired.worker.jobs.tidy(app.clock.at()).await.unwrap();
        let (page, counted) = says(app).await;
        assert!(
            page.contains("come back from every range of numbers"),
            "their time is not over: {page}"
        );
        assert_eq!(counted, "readmit_quiet_ranges 0");
        app.pass(Span::minutes(11)).await;
        app.wired.worker.jobs.tidy(app.clock.at()).await.unwrap();
        let (page, counted) = says(app).await;
        assert!(page.contains("+44740012…: 1 of 12 came back in a day"), "{page}");
        assert!(page.contains("stop the range at the gateway"), "{page}");
        assert_eq!(counted, "readmit_quiet_ranges 1");
    });
}

/// OT-06, OT-07: a number is bound by the code sent to it, and the text message carries nothing else.
#[test]
fn ot_06_a_number_is_bound_by_its_own_code() {
    Setup::default().with_a_newcomer().run(async |app| {
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
        femi.saves_codes(app).await;
        assert!(
            femi.page.words().contains("Your change is in force"),
            "{}",
            femi.page.words()
        );
        assert!(app.factors("acc_femi").await.contains(&"phone".to_owned()));
        app.work().await;
    });
}
