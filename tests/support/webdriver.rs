//! The few words of WebDriver (W3C) that the browser tests speak, and two of WebDriver BiDi's neighbours: virtual
//! authenticators (WebAuthn, section 11) and Chromium's own `goog` capabilities.

use std::time::Duration;

use serde_json::{Value, json};

use super::leash::Leash;

/// The key under which elements travel (W3C WebDriver, 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running chromedriver: one a test, ended with it.
pub(crate) struct Driver {
    _leash: Leash,
    address: String,
    http: reqwest::Client,
}

/// One browser window of its own profile.
pub(crate) struct Session {
    base: String,
    http: reqwest::Client,
}

/// An element on the page that is shown now.
#[derive(Clone)]
pub(crate) struct Element(String);

/// What the driver said instead of doing it: its code (`no such element`, `stale element reference`) and its words.
#[derive(Debug)]
#[expect(dead_code, reason = "read by people, when a test fails")]
pub(crate) struct Refused {
    code: String,
    message: String,
}

impl Driver {
    pub(crate) fn start() -> Self {
        let mut leash = Leash::run("chromedriver", ["--port=0"]);
        let port = loop {
            let line = leash.line();
            if let Some((_, after)) = line.split_once("started successfully on port ") {
                break after.trim_end_matches('.').to_owned();
            }
        };
        // A page that loads may take long on a busy machine; nothing here means "slow".
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(120))
            .no_proxy()
            .build()
            .unwrap();
        Self {
            _leash: leash,
            address: format!("http://127.0.0.1:{port}"),
            http,
        }
    }

    /// Opens a browser with a profile that nobody used before.
    pub(crate) async fn open(&self, scripts: Scripts, width: u32) -> Session {
        let size = format!("--window-size={width},900");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP *.localhost 127.0.0.1",
            &size,
        ];
        let setting = if scripts == Scripts::Off { 2 } else { 1 };
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "webauthn:virtualAuthenticators": true,
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {
                "args": arguments,
                "prefs": {"profile.managed_default_content_settings.javascript": setting},
            },
        }}});
        let said = ask(&self.http, "POST", &format!("{}/session", self.address), Some(wanted))
            .await
            .unwrap();
        Session {
            base: format!("{}/session/{}", self.address, said["sessionId"].as_str().unwrap()),
            http: self.http.clone(),
        }
    }
}

/// Whether pages may run scripts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scripts {
    On,
    Off,
}

impl Session {
    async fn get(&self, path: &str) -> Result<Value, Refused> {
        ask(&self.http, "GET", &format!("{}{path}", self.base), None).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, Refused> {
        ask(&self.http, "POST", &format!("{}{path}", self.base), Some(body)).await
    }

    pub(crate) async fn go(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await.unwrap();
    }

    pub(crate) async fn url(&self) -> String {
        self.get("/url").await.unwrap().as_str().unwrap().to_owned()
    }

    pub(crate) async fn source(&self) -> String {
        self.get("/source").await.unwrap().as_str().unwrap().to_owned()
    }

    /// What the window shows, as a PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        let said = self.get("/screenshot").await.unwrap();
        data_encoding::BASE64.decode(said.as_str().unwrap().as_bytes()).unwrap()
    }

    /// Runs the body of a function on the page, and waits for what it promises.
    pub(crate) async fn run(&self, body: &str, arguments: Value) -> Value {
        let script = json!({ "script": body, "args": arguments });
        self.post("/execute/sync", script).await.unwrap()
    }

    /// Runs a script before any other on every page that is opened from here on (Chromium's own
    /// `Page.addScriptToEvaluateOnNewDocument`).
    pub(crate) async fn on_every_page(&self, source: &str) {
        let call = json!({
            "cmd": "Page.addScriptToEvaluateOnNewDocument",
            "params": { "source": source },
        });
        self.post("/goog/cdp/execute", call).await.unwrap();
    }

    /// All elements that an XPath finds.
    pub(crate) async fn find(&self, xpath: &str) -> Vec<Element> {
        let body = json!({"using": "xpath", "value": xpath});
        let found = self.post("/elements", body).await.unwrap();
        let found = found.as_array().unwrap().iter();
        found
            .map(|one| Element(one[ELEMENT].as_str().unwrap().to_owned()))
            .collect()
    }

    pub(crate) async fn click(&self, element: &Element) -> Result<(), Refused> {
        self.post(&format!("/element/{}/click", element.0), json!({}))
            .await
            .map(drop)
    }

    pub(crate) async fn fill(&self, element: &Element, text: &str) -> Result<(), Refused> {
        self.post(&format!("/element/{}/clear", element.0), json!({})).await?;
        self.choose(element, text).await
    }

    /// Types into an element without clearing it: how a file is chosen.
    pub(crate) async fn choose(&self, element: &Element, text: &str) -> Result<(), Refused> {
        self.post(&format!("/element/{}/value", element.0), json!({ "text": text }))
            .await
            .map(drop)
    }

    /// Sends no more than so many bytes a second from now on.
    pub(crate) async fn sends_at_most(&self, bytes: u32) {
        let conditions = json!({"offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes});
        for (command, parameters) in [
            ("Network.enable", json!({})),
            ("Network.emulateNetworkConditions", conditions),
        ] {
            let body = json!({ "cmd": command, "params": parameters });
            self.post("/goog/cdp/execute", body).await.unwrap();
        }
    }

    /// What went wrong by the browser's console since it was last asked: warnings and errors, not what it tells.
    pub(crate) async fn console(&self) -> Vec<String> {
        let lines = self.post("/se/log", json!({"type": "browser"})).await.unwrap();
        lines
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| matches!(line["level"].as_str().unwrap(), "WARNING" | "SEVERE"))
            .map(|line| line["message"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Plugs a passkey holder in that always agrees and verifies its user: one that lives in the machine (`internal`), or a
    /// key on a wire (`usb`). Its name.
    pub(crate) async fn plug_authenticator(&self, transport: &str) -> String {
        let device = json!({
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "isUserConsenting": true,
        });
        let said = self.post("/webauthn/authenticator", device).await.unwrap();
        said.as_str().unwrap().to_owned()
    }

    pub(crate) async fn unplug_authenticator(&self, name: &str) {
        let url = format!("{}/webauthn/authenticator/{name}", self.base);
        ask(&self.http, "DELETE", &url, None).await.unwrap();
    }

    /// Whether the holder verifies its user from now on.
    pub(crate) async fn verify_user(&self, name: &str, verified: bool) {
        let path = format!("/webauthn/authenticator/{name}/uv");
        self.post(&path, json!({ "isUserVerified": verified })).await.unwrap();
    }

    /// The passkeys that a holder has, as they can be put into another.
    pub(crate) async fn passkeys(&self, name: &str) -> Vec<Value> {
        let path = format!("/webauthn/authenticator/{name}/credentials");
        self.get(&path).await.unwrap().as_array().unwrap().clone()
    }

    pub(crate) async fn put_passkey(&self, name: &str, passkey: &Value) {
        let path = format!("/webauthn/authenticator/{name}/credential");
        self.post(&path, passkey.clone()).await.unwrap();
    }
}

async fn ask(http: &reqwest::Client, method: &str, url: &str, body: Option<Value>) -> Result<Value, Refused> {
    let request = http.request(method.parse().unwrap(), url);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let response = request.send().await.unwrap();
    let failed = !response.status().is_success();
    let value = response.json::<Value>().await.unwrap()["value"].take();
    if failed {
        let said = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        return Err(Refused {
            code: said("error"),
            message: said("message"),
        });
    }
    Ok(value)
}
