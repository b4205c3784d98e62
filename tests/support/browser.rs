//! A person at a real browser: sees words, presses buttons, fills labelled fields. Everything waits for its condition.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::wait::{until, within};
use super::webdriver::{Driver, Element, Refused, Scripts, Session};

/// One person's browser. Several may sit at one driver.
pub(crate) struct Browser {
    pub(crate) session: Session,
    pub(crate) scripts: Scripts,
}

impl Browser {
    pub(crate) async fn open(driver: &Driver) -> Self {
        Self {
            session: driver.open(Scripts::On, 1366).await,
            scripts: Scripts::On,
        }
    }

    pub(crate) async fn open_without_scripts(driver: &Driver) -> Self {
        Self {
            session: driver.open(Scripts::Off, 390).await,
            scripts: Scripts::Off,
        }
    }

    /// The passkey holder of this machine.
    pub(crate) async fn plug_authenticator(&self) -> String {
        self.session.plug_authenticator("internal").await
    }

    /// Writes down what pages tell the browser about passkeys (WebAuthn Level 3, 5.1.10), and lets it through.
    pub(crate) async fn record_signals(&self) {
        let recorder = "globalThis.signals = []; \
            for (const name of ['signalUnknownCredential', 'signalAllAcceptedCredentials']) { \
              const own = globalThis.PublicKeyCredential?.[name]; \
              if (!own) continue; \
              PublicKeyCredential[name] = (told) => { \
                const signal = { name, told, came: 'nothing yet' }; \
                signals.push(signal); \
                const done = own.call(PublicKeyCredential, told); \
                done.then(() => { signal.came = 'taken'; }, (error) => { signal.came = error.name; }); \
                return done; \
              }; \
            }";
        self.session.on_every_page(recorder).await;
    }

    /// What this page told the browser so by this call, once it did, with what came of it: `taken`, or the name of an error.
    pub(crate) async fn signalled(&self, name: &str) -> (Value, String) {
        let told = async || {
            let signals = self.session.run("return globalThis.signals", json!([])).await;
            let signal = signals
                .as_array()?
                .iter()
                .find(|signal| signal["name"] == name)?
                .clone();
            let came = signal["came"].as_str()?.to_owned();
            (came != "nothing yet").then(|| (signal["told"].clone(), came))
        };
        until("the page tells the browser about passkeys", told).await
    }

    pub(crate) async fn go(&self, url: &str) {
        self.session.go(url).await;
    }

    pub(crate) async fn url(&self) -> String {
        self.session.url().await
    }

    /// The page as it is.
    pub(crate) async fn source(&self) -> String {
        self.session.source().await
    }

    /// Waits until the page shows these words.
    pub(crate) async fn see(&self, words: &str) {
        self.seen(
            &format!("//body[contains(normalize-space(.), {})]", quoted(words)),
            words,
        )
        .await;
    }

    /// Waits for the button or link with these words and presses it.
    pub(crate) async fn press(&self, words: &str) {
        let words = quoted(words);
        let xpath = format!(
            "//*[self::button or self::a or self::summary][normalize-space(.)={words}] | //input[@type='submit'][@value={words}]"
        );
        self.act(&xpath, async |element| self.session.click(element).await)
            .await;
    }

    /// Waits for the field under this label and types into it.
    pub(crate) async fn fill(&self, label: &str, text: &str) {
        self.act(&field(label), async |element| self.session.fill(element, text).await)
            .await;
    }

    /// Ticks the box, or chooses the option, with this label.
    pub(crate) async fn tick(&self, label: &str) {
        let xpath = format!("//label[contains(normalize-space(.), {})]", quoted(label));
        self.act(&xpath, async |element| self.session.click(element).await)
            .await;
    }

    /// Chooses a value of a field: its box, or its line in a list.
    pub(crate) async fn pick(&self, name: &str, value: &str) {
        let xpath = format!(
            "//label[.//input[@name='{name}'][@value='{value}']] | //select[@name='{name}']/option[@value='{value}']"
        );
        self.act(&xpath, async |element| self.session.click(element).await)
            .await;
    }

    /// Follows the first link whose address holds this.
    pub(crate) async fn press_link_to(&self, part: &str) {
        let xpath = format!("//a[contains(@href, '{part}')]");
        self.act(&xpath, async |element| self.session.click(element).await)
            .await;
    }

    /// The values that the page offers for a field.
    pub(crate) async fn offered(&self, name: &str) -> Vec<String> {
        let source = self.session.source().await;
        let offered = super::html::forms(&source).into_iter().flat_map(|form| form.offered);
        offered
            .filter(|(there, _)| there == name)
            .map(|(_, value)| value)
            .collect()
    }

    /// The first slot that takes a new picture.
    pub(crate) async fn open_slot(&self) -> String {
        let xpath = "//input[@type='file'][not(contains(@name, '.'))]";
        self.seen(xpath, "an open slot").await;
        let source = self.session.source().await;
        let files = super::html::forms(&source).into_iter().flat_map(|form| form.files);
        files.into_iter().find(|name| !name.contains('.')).unwrap()
    }

    /// The names of the fields that take files.
    pub(crate) async fn file_fields(&self) -> Vec<String> {
        let source = self.session.source().await;
        super::html::forms(&source)
            .into_iter()
            .flat_map(|form| form.files)
            .collect()
    }

    /// Chooses a file for the field of this name.
    pub(crate) async fn attach(&self, name: &str, file: &std::path::Path) {
        let (xpath, path) = (format!("//input[@type='file'][@name='{name}']"), file.to_str().unwrap());
        self.act(&xpath, async |element| self.session.choose(element, path).await)
            .await;
    }

    /// Nothing was blocked by the content security policy, and no script failed.
    pub(crate) async fn assert_quiet_console(&self) {
        let lines = self.session.console().await;
        assert!(lines.is_empty(), "{lines:#?}");
    }

    /// Does something with the first element that an XPath finds; a page that changes underneath is asked again.
    async fn act(&self, xpath: &str, act: impl AsyncFn(&Element) -> Result<(), Refused>) {
        let last = RefCell::new(String::new());
        let done = async || match self.session.find(xpath).await.first() {
            Some(element) => act(element)
                .await
                .map_err(|refused| last.replace(format!("{refused:?}")))
                .ok(),
            None => None,
        };
        self.waited(xpath, done, || last.take()).await;
    }

    async fn seen(&self, xpath: &str, what: &str) {
        let ask = async || (!self.session.find(xpath).await.is_empty()).then_some(());
        self.waited(what, ask, String::new).await;
    }

    /// Waits, and says with what was waited for why not, where the browser stood and what it showed.
    async fn waited(&self, what: &str, ask: impl AsyncFn() -> Option<()>, why: impl Fn() -> String) {
        if within(ask).await.is_none() {
            let page = super::html::words(&self.session.source().await);
            let (why, at) = (why(), self.url().await);
            panic!("waited in vain for {what} {why}\nat {at}\nshowing: {page}");
        }
    }
}

/// The field that a label with these words belongs to, by `for` or by lying inside.
fn field(label: &str) -> String {
    let words = quoted(label);
    format!(
        "//*[@id=//label[contains(normalize-space(.), {words})]/@for] \
         | //label[contains(normalize-space(.), {words})]//*[self::input or self::textarea or self::select]"
    )
}

/// An XPath string; XPath 1.0 has no escapes, so the quote is chosen to fit.
fn quoted(words: &str) -> String {
    if words.contains('"') {
        format!("'{words}'")
    } else {
        format!("\"{words}\"")
    }
}
