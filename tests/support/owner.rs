//! The account's owner, who is told of a case and may stop it without signing in.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;

use super::claimant::stop_link_in;
use super::installation::Installation;
use super::visitor::{Page, Visitor};

impl Installation {
    /// The link that stops a case, from the newest mail that carries one.
    pub(crate) async fn stop_link(&self, email: &str) -> String {
        let messages = self.messages(email).await;
        messages
            .iter()
            .rev()
            .find_map(|message| stop_link_in(&message.text))
            .expect("no mail carries a veto")
    }

    /// The owner of an account, signed in at the host itself.
    pub(crate) async fn signed_in_owner(&self, email: &str) -> Visitor {
        let owner = Visitor::new();
        let front = owner.get(&self.halcyon.url("/")).await.expect(200);
        let password = readmit_demo_host::password_of(email);
        let form = front
            .form_to("/sign-in")
            .fill("email", email)
            .fill("password", &password);
        let page = owner.submit(form).await.expect(200);
        assert_eq!(page.url.path(), "/account", "{}", page.words());
        owner
    }

    /// The status of what a call as the host signs it is answered.
    pub(crate) async fn host_calls(&self, path: &str, body: &serde_json::Value) -> u16 {
        self.host_asks(path, body).await.status.as_u16()
    }

    /// A call as the host signs it, under an id of its own.
    pub(crate) async fn host_asks(&self, path: &str, body: &serde_json::Value) -> Page {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        let id = format!("msg_test_{}_{}", self.place.port, CALLS.fetch_add(1, Ordering::Relaxed));
        let (at, body) = (time::OffsetDateTime::now_utc().unix_timestamp(), body.to_string());
        let hook = standardwebhooks::Webhook::new(super::halcyon::SECRET).unwrap();
        let signature = hook.sign(&id, at, format!("POST {path}\n{body}").as_bytes()).unwrap();
        let headers = [
            ("webhook-id", id),
            ("webhook-timestamp", at.to_string()),
            ("webhook-signature", signature),
        ];
        let url = self.recover(path).parse().unwrap();
        Visitor::new()
            .send(Method::POST, url, &headers, Some(body.into_bytes()))
            .await
    }

    /// Follows a veto link and confirms it, without a cookie; the page itself where there is nothing to confirm any more.
    pub(crate) async fn object(&self, link: &str) -> Page {
        let owner = Visitor::new();
        let page = owner.get(link).await.expect(200);
        if page.forms().is_empty() {
            return page;
        }
        let path = page.url.path().to_owned();
        owner.submit(page.form_to(&path).tick("sure", "yes")).await
    }
}
