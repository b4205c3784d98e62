//! A person without a browser: keeps cookies, reads pages, fills in their forms, follows redirects.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};

use sha2::{Digest as _, Sha256};

use super::html::{self, Form};

/// The host names of one installation; all of them are this machine.
const NAMES: &[&str] = &[
    "halcyon.localhost",
    "recover.halcyon.localhost",
    "staff.readmit.localhost",
    "evidence.readmit.localhost",
];

/// Cookies are kept by host name, as `__Host-` cookies are.
type Jar = BTreeMap<(String, String), String>;

/// Clones share their cookies, as the tabs of one browser do.
#[derive(Clone)]
pub(crate) struct Visitor {
    http: reqwest::Client,
    jar: Arc<Mutex<Jar>>,
}

/// What came back, after redirects.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// One part of a form as it is sent.
#[derive(Clone)]
pub(crate) enum Part {
    Text(String, String),
    File { slot: String, name: String, bytes: Vec<u8> },
}

impl Visitor {
    /// Somebody at an address of this machine.
    pub(crate) fn new() -> Self {
        Self::at(Ipv4Addr::LOCALHOST)
    }

    /// Somebody at another loopback address, and so in another network.
    pub(crate) fn at(address: Ipv4Addr) -> Self {
        Self::with(address, HeaderMap::new())
    }

    /// Somebody whose every request carries these headers as well.
    pub(crate) fn forging(headers: &[(&'static str, &'static str)]) -> Self {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        Self::with(Ipv4Addr::LOCALHOST, headers.collect())
    }

    fn with(address: Ipv4Addr, headers: HeaderMap) -> Self {
        let mut http = reqwest::Client::builder()
            .no_proxy()
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .local_address(IpAddr::V4(address));
        for name in NAMES {
            http = http.resolve(name, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        }
        Self {
            http: http.build().unwrap(),
            jar: Arc::default(),
        }
    }

    pub(crate) async fn get(&self, url: &str) -> Page {
        self.follow(Method::GET, url.parse().unwrap(), &[], None).await
    }

    /// Sends a form as the browser would, from the page it stands on.
    pub(crate) async fn submit(&self, filled: Filled) -> Page {
        let (headers, body) = (filled.headers(), filled.body());
        self.follow(Method::POST, filled.target, &headers, Some(body)).await
    }

    /// One request as it is, without following where it leads.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: Url,
        headers: &[(&str, String)],
        body: Option<Vec<u8>>,
    ) -> Page {
        self.try_send(method, url, headers, body).await.expect("no answer")
    }

    /// As [`Visitor::send`]; `None` when the server goes away before it has answered.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        url: Url,
        headers: &[(&str, String)],
        body: Option<Vec<u8>>,
    ) -> Option<Page> {
        let host = url.host_str().unwrap().to_owned();
        let mut request = self.http.request(method, url.clone());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let cookies = self.cookies(&host);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        let response = request.body(body.unwrap_or_default()).send().await.ok()?;
        self.keep_cookies(&host, response.headers());
        Some(Page {
            url,
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.ok()?.to_vec(),
        })
    }

    async fn follow(&self, method: Method, url: Url, headers: &[(&str, String)], body: Option<Vec<u8>>) -> Page {
        let mut page = self.send(method, url, headers, body).await;
        for _ in 0..10 {
            let Some(next) = page.header("location").filter(|_| page.status.is_redirection()) else {
                return page;
            };
            let next = page.url.join(next).unwrap();
            page = self.send(Method::GET, next, &[], None).await;
        }
        panic!("redirected in a circle: {}", page.url);
    }

    /// Puts a cookie into the jar, as if a page had set it.
    pub(crate) fn hold_cookie(&self, host: &str, name: &str, value: &str) {
        self.jar
            .lock()
            .unwrap()
            .insert((host.into(), name.into()), value.into());
    }

    /// Somebody with a copy of the cookies as they are now, who does not hear of later ones.
    pub(crate) fn copy(&self) -> Self {
        Self {
            http: self.http.clone(),
            jar: Arc::new(Mutex::new(self.jar.lock().unwrap().clone())),
        }
    }

    /// The Cookie header for a host.
    pub(crate) fn cookies(&self, host: &str) -> String {
        let jar = self.jar.lock().unwrap();
        let own = jar.iter().filter(|((of, _), _)| of == host);
        own.map(|((_, name), value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn keep_cookies(&self, host: &str, headers: &HeaderMap) {
        let mut jar = self.jar.lock().unwrap();
        for cookie in headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            let key = (host.to_owned(), name.trim().to_owned());
            if cookie.to_lowercase().contains("max-age=0") {
                jar.remove(&key);
            } else {
                jar.insert(key, value.to_owned());
            }
        }
    }
}

impl Page {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn words(&self) -> String {
        html::words(&self.text())
    }

    pub(crate) fn title(&self) -> String {
        let text = self.text();
        let after = text.split_once("<title>").map_or("", |(_, after)| after);
        after.split("</title>").next().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// What the browser's work for the page's human check comes to.
    pub(crate) fn work(&self) -> String {
        let text = self.text();
        let bits = text.split_once("data-bits=\"").expect("no human check").1;
        let bits: u32 = bits.split_once('"').unwrap().0.parse().unwrap();
        let tokens = self.forms().into_iter().flat_map(|form| form.fields);
        let (_, token) = tokens.into_iter().find(|(name, _)| name == "token").unwrap();
        let enough = |hash: &[u8]| u32::from_be_bytes(hash[..4].try_into().unwrap()).leading_zeros() >= bits;
        let answer = (0u64..).find(|n| enough(&Sha256::digest(format!("{token}:{n}"))));
        answer.unwrap().to_string()
    }

    pub(crate) fn links(&self) -> Vec<String> {
        html::links(&self.text())
    }

    pub(crate) fn forms(&self) -> Vec<Form> {
        html::forms(&self.text())
    }

    /// Checks the status, and says what the page showed if it is another.
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} showed: {}", self.url, self.words());
        self
    }

    /// Whether some form has a button of this verb.
    pub(crate) fn offers(&self, verb: &str) -> bool {
        self.forms()
            .iter()
            .any(|form| form.buttons.iter().any(|(_, value, _)| value == verb))
    }

    /// The form that has a button of this verb, ready to be filled in, with that button pressed.
    pub(crate) fn press(&self, verb: &str) -> Filled {
        let form = self
            .forms()
            .into_iter()
            .find(|form| form.buttons.iter().any(|(_, value, _)| value == verb));
        let form = form.unwrap_or_else(|| panic!("{} has no button `{verb}`: {}", self.url, self.text()));
        let name = form
            .buttons
            .iter()
            .find(|(_, value, _)| value == verb)
            .unwrap()
            .0
            .clone();
        self.filled(form).with(&name, verb)
    }

    /// Every form that posts, once with each of its buttons pressed, or as it is where none has a name.
    pub(crate) fn every_form(&self) -> Vec<Filled> {
        let mut filled = Vec::new();
        for form in self.forms().into_iter().filter(|form| form.method == "post") {
            let buttons: Vec<_> = form
                .buttons
                .iter()
                .filter(|(name, ..)| !name.is_empty())
                .cloned()
                .collect();
            if buttons.is_empty() {
                filled.push(self.filled(form.clone()));
            }
            let pressed = buttons
                .into_iter()
                .map(|(name, value, _)| self.filled(form.clone()).with(&name, &value));
            filled.extend(pressed);
        }
        filled
    }

    /// The first form that posts to this path, ready to be filled in.
    pub(crate) fn form_to(&self, path: &str) -> Filled {
        let form = self.forms().into_iter().find(|form| form.action == path);
        self.filled(form.unwrap_or_else(|| panic!("{} has no form to {path}: {}", self.url, self.text())))
    }

    fn filled(&self, form: Form) -> Filled {
        Filled {
            from: self.url.clone(),
            target: if form.action.is_empty() {
                self.url.clone()
            } else {
                self.url.join(&form.action).unwrap()
            },
            multipart: form.multipart,
            parts: form
                .fields
                .iter()
                .map(|(name, value)| Part::Text(name.clone(), value.clone()))
                .collect(),
            form,
            as_browser: true,
        }
    }
}

/// A form on its way.
#[derive(Clone)]
pub(crate) struct Filled {
    from: Url,
    pub(crate) target: Url,
    form: Form,
    multipart: bool,
    parts: Vec<Part>,
    as_browser: bool,
}

impl Filled {
    /// Fills a field in, replacing what stood there.
    ///
    /// # Panics
    /// When the form has no such field: a test that fills in what a person could not see proves nothing.
    pub(crate) fn fill(self, name: &str, value: &str) -> Self {
        assert!(
            self.form.offered.iter().any(|(offered, _)| offered == name),
            "no field `{name}` in {:?}",
            self.form
        );
        self.with(name, value)
    }

    /// Ticks a box or chooses an option, beside what is chosen already.
    ///
    /// # Panics
    /// When it is not offered.
    pub(crate) fn tick(mut self, name: &str, value: &str) -> Self {
        let wanted = (name.to_owned(), value.to_owned());
        assert!(
            self.form.offered.contains(&wanted),
            "`{name}={value}` is not offered in {:?}",
            self.form
        );
        self.parts.push(Part::Text(wanted.0, wanted.1));
        self
    }

    pub(crate) fn attach(mut self, slot: &str, name: &str, bytes: &[u8]) -> Self {
        assert!(
            self.form.files.iter().any(|there| there == slot),
            "no slot `{slot}` in {:?}",
            self.form
        );
        self.parts.push(Part::File {
            slot: slot.to_owned(),
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        });
        self
    }

    /// The names of its file fields.
    pub(crate) fn files(&self) -> Vec<String> {
        self.form.files.clone()
    }

    /// Sets a field whether the form has it or not.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.parts
            .retain(|part| !matches!(part, Part::Text(there, _) if there == name));
        self.parts.push(Part::Text(name.to_owned(), value.to_owned()));
        self
    }

    /// One more value of a field that may have several.
    pub(crate) fn also(mut self, name: &str, value: &str) -> Self {
        self.parts.push(Part::Text(name.to_owned(), value.to_owned()));
        self
    }

    /// With nothing filled in and nothing pressed: only what lets a form in.
    pub(crate) fn empty(mut self) -> Self {
        self.parts
            .retain(|part| matches!(part, Part::Text(name, _) if name == "token" || name == "run"));
        self
    }

    /// With words replaced by others wherever they stand in its fields, their names and its files' slots.
    pub(crate) fn with_fields_changed(mut self, words: &[(String, String)]) -> Self {
        for part in &mut self.parts {
            match part {
                Part::Text(name, value) => (*name, *value) = (changed(name, words), changed(value, words)),
                Part::File { slot, .. } => *slot = changed(slot, words),
            }
        }
        self
    }

    /// With words replaced by others wherever they stand in its address.
    pub(crate) fn with_address_changed(mut self, words: &[(String, String)]) -> Self {
        self.target = changed(self.target.as_str(), words).parse().unwrap();
        self
    }

    /// The value of its first field of this name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.parts.iter().find_map(|part| match part {
            Part::Text(there, value) if there == name => Some(value.as_str()),
            _ => None,
        })
    }

    /// Sends it as a page of another site would.
    pub(crate) fn posted_elsewhere(mut self) -> Self {
        self.as_browser = false;
        self
    }

    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        let kind = if self.multipart {
            format!("multipart/form-data; boundary={BOUNDARY}")
        } else {
            "application/x-www-form-urlencoded".into()
        };
        let (site, origin) = if self.as_browser {
            ("same-origin", self.from.origin().ascii_serialization())
        } else {
            ("cross-site", "https://elsewhere.example".into())
        };
        vec![
            ("content-type", kind),
            ("sec-fetch-site", site.into()),
            ("origin", origin),
        ]
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        if !self.multipart {
            let mut query = Url::parse("form:").unwrap();
            for part in &self.parts {
                if let Part::Text(name, value) = part {
                    query.query_pairs_mut().append_pair(name, value);
                }
            }
            return query.query().unwrap_or_default().as_bytes().to_vec();
        }
        let mut body = Vec::new();
        for part in &self.parts {
            let (head, bytes) = match part {
                Part::Text(name, value) => (format!("form-data; name=\"{name}\""), value.as_bytes()),
                Part::File { slot, name, bytes } => {
                    let head = format!("form-data; name=\"{slot}\"; filename=\"{name}\"\r\nContent-Type: image/png");
                    (head, bytes.as_slice())
                }
            };
            body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n").bytes());
            body.extend(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        body
    }
}

fn changed(text: &str, words: &[(String, String)]) -> String {
    words
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

const BOUNDARY: &str = "a-line-that-no-file-holds-7d93a1";
