//! The account's owner, who is told of a case and may stop it without signing in.

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
