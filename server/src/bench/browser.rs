//! A browser as far as a figure needs one: cookies, forms with their tokens, redirects. Every request is timed.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, StatusCode, Url};

use super::watch::Watch;
use super::yard::now;
use crate::demo::NAMES;

pub(super) struct Browser {
    http: reqwest::Client,
    /// By host and name.
    cookies: BTreeMap<(String, String), String>,
    pub(super) watch: Watch,
}

pub(super) struct Page {
    url: Url,
    pub(super) status: StatusCode,
    text: String,
}

impl Browser {
    /// At an address of this machine: each is a network of its own to the counters.
    pub(super) fn at(address: Ipv4Addr) -> anyhow::Result<Self> {
        let mut http = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .local_address(IpAddr::V4(address));
        for name in NAMES {
            http = http.resolve(name, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        }
        Ok(Self {
            http: http.build()?,
            cookies: BTreeMap::new(),
            watch: Watch::default(),
        })
    }

    pub(super) async fn get(&mut self, call: &'static str, url: Url) -> anyhow::Result<Page> {
        let request = self.http.get(url.clone());
        self.follow(call, url, request).await
    }

    /// Sends the page's form of an address, with what is typed beside what is hidden in it.
    pub(super) async fn submit(
        &mut self,
        call: &'static str,
        page: &Page,
        action: &str,
        typed: &[(&str, &str)],
    ) -> anyhow::Result<Page> {
        let fields: Vec<_> = hidden(page.form(action)?).chain(typed.iter().copied()).collect();
        let url = page.url.join(action)?;
        let form = self
            .http
            .post(url.clone())
            .header(ORIGIN, url.origin().ascii_serialization())
            .header("sec-fetch-site", "same-origin")
            .form(&fields);
        self.follow(call, url, form).await
    }

    async fn follow(&mut self, call: &'static str, url: Url, request: RequestBuilder) -> anyhow::Result<Page> {
        let (mut page, mut next) = self.send(call, url, request).await?;
        while let Some(place) = next {
            let url = page.url.join(&place)?;
            let request = self.http.get(url.clone());
            (page, next) = self.send("page", url, request).await?;
        }
        Ok(page)
    }

    async fn send(
        &mut self,
        call: &'static str,
        url: Url,
        request: RequestBuilder,
    ) -> anyhow::Result<(Page, Option<String>)> {
        let host = url.host_str().context("an address without a host")?.to_owned();
        let of_host = self.cookies.iter().filter(|((there, _), _)| *there == host);
        let cookies: Vec<_> = of_host.map(|((_, name), value)| format!("{name}={value}")).collect();
        let request = request.header(COOKIE, cookies.join("; "));
        let from = now();
        let answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await?;
        self.watch.add(call, from);
        for cookie in headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
        {
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert((host.clone(), name.to_owned()), value.to_owned());
            }
        }
        let next = headers.get(LOCATION).filter(|_| status.is_redirection());
        let next = next.map(|next| next.to_str().map(str::to_owned)).transpose()?;
        Ok((Page { url, status, text }, next))
    }
}

impl Page {
    /// Where the first form goes whose address ends so.
    pub(super) fn action_to(&self, end: &str) -> Option<String> {
        let actions = self
            .text
            .split("action=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        actions.map(str::to_owned).find(|action| action.ends_with(end))
    }

    fn form(&self, action: &str) -> anyhow::Result<&str> {
        let (_, from) = self.text.split_once(&format!("action=\"{action}\"")).with_context(|| {
            let title = self
                .text
                .split("<title>")
                .nth(1)
                .and_then(|rest| rest.split('<').next());
            let title = title.unwrap_or("a page without a title");
            format!(
                "{} answered {}, “{title}”, without the form {action}",
                self.url, self.status
            )
        })?;
        Ok(from.split("</form>").next().unwrap_or(from))
    }
}

/// Names and values of a form's hidden fields, as our templates write them.
fn hidden(form: &str) -> impl Iterator<Item = (&str, &str)> {
    form.split("<input type=\"hidden\" name=\"").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        Some((name, rest.split('"').next()?))
    })
}
