//! What every answer carries, whatever the route and whatever became of the request.

use readmit_web::origins::Face;
use readmit_web::routes::Needs;
use reqwest::Method;

use crate::support::claimant::Claimant;
use crate::support::installation::Setup;
use crate::support::routes::{Shape, shapes};
use crate::support::visitor::{Page, Visitor};

/// SE-05, SE-08: the header matrix. Every route, known and unknown, on its own face. Where people come by TLS, which a proxy
/// ends, every answer says that they always shall.
#[test]
fn se_05_every_route_answers_with_the_headers_of_its_face() {
    for (setup, hsts) in [
        (Setup::default(), None),
        (
            Setup::default().behind_tls(),
            Some("max-age=31536000; includeSubDomains"),
        ),
    ] {
        setup.run(async |app| {
            let visitor = Visitor::new();
            for shape in shapes() {
                for path in [shape.path.clone(), format!("{}/none", shape.path)] {
                    let page = visitor
                        .send(shape.method.clone(), app.place.on(shape.face, &path), &[], None)
                        .await;
                    hardened(&page, &shape);
                    assert_eq!(page.header("strict-transport-security"), hsts, "{}", page.url);
                }
            }
        });
    }
}

fn hardened(page: &Page, shape: &Shape) {
    let what = format!("{} {} ({})", shape.method, page.url, page.status);
    let header = |name: &str| {
        page.header(name)
            .unwrap_or_else(|| panic!("{what} lacks {name}"))
            .to_owned()
    };
    let policy = header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    // Evidence may load nothing, by `default-src 'none'`.
    let objects = policy.contains("object-src 'none'");
    assert!(objects || shape.face == Face::Evidence, "{what}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert!(header("cross-origin-resource-policy").starts_with("same-"), "{what}");
    let referrer = header("referrer-policy");
    assert!(
        ["no-referrer", "same-origin"].contains(&referrer.as_str()),
        "{what}: {referrer}"
    );
    if shape.needs == Needs::Link {
        assert_eq!(referrer, "no-referrer", "{what}: its address is a token");
    }
    if !page.url.path().starts_with("/static/") {
        assert_eq!(header("cache-control"), "no-store", "{what}");
    }
    assert!(page.headers.get("server").is_none(), "{what}");
    assert!(page.status.as_u16() < 500, "{what}: {}", page.words());
}

/// SE-03: cookies are for one host, sent over secure channels only, unreadable to scripts.
#[test]
fn se_03_cookies_are_host_cookies() {
    Setup::default().run(async |app| {
        let visitor = Visitor::new();
        let start = visitor.get(&app.recover("/passkey-reset")).await.expect(200);
        let form = start.press("agree").tick("agree", "yes");
        let agreed = visitor
            .send(Method::POST, form.target.clone(), &form.headers(), Some(form.body()))
            .await;
        let set: Vec<String> = [&start, &agreed]
            .iter()
            .flat_map(|page| page.headers.get_all("set-cookie"))
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        assert!(!set.is_empty());
        for cookie in set {
            assert!(cookie.starts_with("__Host-"), "{cookie}");
            for part in ["Secure", "HttpOnly", "Path=/", "SameSite="] {
                assert!(cookie.contains(part), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    });
}

/// RF-20, SE-08: a request under another name is not served, and no link is built from the name it came by.
#[test]
fn rf_20_links_come_from_the_configuration() {
    Setup::default().run(async |app| {
        let visitor = Visitor::new();
        let at = app.recover("/passkey-reset").parse::<reqwest::Url>().unwrap();
        for name in [
            "evil.example",
            "evil.example:80",
            "recover.halcyon.localhost.evil.example",
        ] {
            let page = visitor
                .send(Method::GET, at.clone(), &[("host", name.into())], None)
                .await;
            assert_eq!(page.status, 404, "{name}: {}", page.words());
        }
    });
}

/// RF-20: a whole request whose every step carries forged headers about where it came by: no page names that place, and the
/// links in the mails that follow from it lead to the addresses of the configuration.
#[test]
fn rf_20_no_mail_links_to_where_a_request_says_it_came_by() {
    Setup::default().run(async |app| {
        let forger = Visitor::forging(&[
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-server", "evil.example"),
            ("forwarded", "host=evil.example;proto=https"),
            ("x-original-host", "evil.example"),
            ("x-host", "evil.example"),
        ]);
        let mut ada = Claimant::begin(app, "/passkey-reset", "ada@example.com", forger).await;
        ada.forgets_password().await;
        ada.types_code(app).await;
        ada.hands_in_documents(app).await;
        assert!(!ada.page.text().contains("evil.example"), "{}", ada.page.text());
        let mails = app.messages(&ada.email).await;
        assert!(mails.len() >= 3, "a code and two notices: {}", mails.len());
        let (ours, host) = (app.recover("/"), app.halcyon.url("/"));
        let mut links = 0;
        for mail in mails {
            assert!(!mail.text.contains("evil.example"), "{}", mail.text);
            for link in mail.text.split_whitespace().filter(|word| word.contains("://")) {
                let link = link.trim_start_matches(|c: char| !c.is_alphanumeric());
                assert!(link.starts_with(&ours) || link.starts_with(&host), "{link}");
                links += 1;
            }
        }
        assert!(links >= 4, "only {links} links");
        // One of them is followed.
        app.object(&app.stop_link(&ada.email).await).await.expect(200);
        app.work().await;
    });
}
