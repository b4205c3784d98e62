//! What the owner sees.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::json;
use time::Duration;

use super::{Rig, SECRET, START};
use crate::sign::{Line, Signer};

fn notice(text: &str, stop: bool) -> serde_json::Value {
    let stop = stop.then_some("http://recover.halcyon.localhost:8080/stop/abc");
    json!({"thread": "t1", "kind": "recovery_started", "title": "A reset was asked for", "text": text, "stop_url": stop, "until": null,
           "at": "2026-11-20T12:00:00Z"})
}

#[actix_web::test]
async fn se_05_every_page_has_its_headers() {
    let rig = Rig::new();
    let cookie = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    for path in [
        "/",
        "/account",
        "/ledger",
        "/mail",
        "/mail/1",
        "/nothing",
        "/style.css",
        "/password/x",
    ] {
        let page = rig.page(path, &cookie).await;
        assert!(
            page.header("content-security-policy")
                .starts_with("default-src 'none'; style-src 'self'"),
            "{path}"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(
            !page.text.contains("style=") && !page.text.contains("</script"),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn pages_are_told_apart_by_name_on_a_shared_port() {
    let rig = Rig::new();
    let host = rig.host.clone();
    let name = actix_web::guard::Host("halcyon.localhost");
    let ours = web::scope("")
        .guard(name)
        .configure(move |services| host.configure(services));
    let app = actix_web::test::init_service(
        App::new()
            .service(ours)
            .default_service(web::to(HttpResponse::ImATeapot)),
    )
    .await;
    let mut statuses = Vec::new();
    for (name, path) in [
        ("halcyon", "/"),
        ("halcyon", "/nothing"),
        ("halcyon", "/readmit/accounts/acc_ada"),
        ("staff", "/"),
    ] {
        let request = TestRequest::with_uri(path).insert_header(("host", format!("{name}.localhost:8080")));
        statuses.push(
            actix_web::test::call_service(&app, request.to_request())
                .await
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [200, 404, 401, 418]);
}

#[actix_web::test]
async fn forms_that_cannot_be_read_get_a_page() {
    let rig = Rig::new();
    let long = "x".repeat(20_000);
    let cases = [
        (
            rig.submit("/sign-in", "", json!({"email": "ada@example.com"})).await,
            StatusCode::BAD_REQUEST,
        ),
        (
            rig.submit("/sign-in", "", json!({"email": "a", "password": long}))
                .await,
            StatusCode::BAD_REQUEST,
        ),
        (rig.page("/mail?before=yesterday", "").await, StatusCode::BAD_REQUEST),
        (rig.page("/mail/first", "").await, StatusCode::NOT_FOUND),
    ];
    for (answer, status) in cases {
        assert_eq!(answer.status, status);
        assert!(answer.text.contains("To the start page"), "{}", answer.text);
    }
}

#[actix_web::test]
async fn se_03_the_cookie_is_opaque_and_kept_apart() {
    let rig = Rig::new();
    let form = json!({"email": "ada@example.com", "password": "ada-halcyon"});
    let cookie = rig.submit("/sign-in", "", form).await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-halcyon="));
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
}

#[actix_web::test]
async fn se_04_forms_of_other_sites_are_refused() {
    let rig = Rig::new();
    let form = || {
        TestRequest::post()
            .uri("/sign-in")
            .set_form(json!({"email": "ada@example.com", "password": "ada-halcyon"}))
    };
    let sms = || {
        TestRequest::post()
            .uri("/sms")
            .set_form(json!({"to": "+447700900101", "text": "Your code is 123456"}))
    };
    let foreign = [
        form(),
        form().insert_header(("sec-fetch-site", "same-site")),
        form()
            .insert_header(("sec-fetch-site", "cross-site"))
            .insert_header(("origin", "http://halcyon.localhost:8080")),
        form().insert_header(("origin", "http://recover.halcyon.localhost:8080")),
        form().insert_header(("origin", "null")),
        sms().insert_header(("sec-fetch-site", "cross-site")),
    ];
    for request in foreign {
        assert_eq!(rig.ask(request).await.status, StatusCode::FORBIDDEN);
    }
    let own = form().insert_header(("origin", "http://halcyon.localhost:8080"));
    assert_eq!(rig.ask(own).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        rig.ask(sms()).await.status,
        StatusCode::NO_CONTENT,
        "a program says nothing of its site"
    );
}

#[actix_web::test]
async fn a_wrong_entry_gets_one_answer_and_ten_pause_the_account() {
    let rig = Rig::new();
    let refused = |email: &'static str, password: &'static str| {
        rig.submit("/sign-in", "", json!({"email": email, "password": password}))
    };
    let known = refused("ada@example.com", "guess").await;
    let unknown = refused("ida@example.com", "guess").await;
    assert_eq!(known.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        known.text.replace("ada@", ""),
        unknown.text.replace("ida@", "").replace("ada@", "")
    );
    assert!(known.text.contains("<title>Error: sign in") && !known.text.contains("guess"));
    for _ in 0..9 {
        refused("ada@example.com", "guess").await;
    }
    assert!(rig.sign_in("ada@example.com", "ada-halcyon").await.is_none());
    rig.pass(Duration::minutes(16));
    assert!(rig.sign_in("ada@example.com", "ada-halcyon").await.is_some());
}

#[actix_web::test]
async fn se_02_sessions_end_after_an_hour_of_rest_a_day_or_a_sign_out() {
    let rig = Rig::new();
    let cookie = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    rig.pass(Duration::minutes(59));
    assert_eq!(rig.page("/account", &cookie).await.status, StatusCode::OK);
    rig.pass(Duration::minutes(59));
    assert_eq!(rig.page("/account", &cookie).await.status, StatusCode::OK);
    rig.pass(Duration::minutes(61));
    assert_eq!(rig.page("/account", &cookie).await.status, StatusCode::SEE_OTHER);

    let busy = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    let mut last = StatusCode::OK;
    for _ in 0..48 {
        rig.pass(Duration::minutes(30));
        last = rig.page("/account", &busy).await.status;
    }
    assert_eq!(last, StatusCode::SEE_OTHER);

    let left = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    let out = rig.submit("/sign-out", &left, json!({})).await;
    assert_eq!(out.header("location"), "/?news=signed-out-here", "Readmit is away");
    let page = rig.page(out.header("location"), "").await.text;
    assert!(page.contains("Your security settings could not be told"), "{page}");
    assert_eq!(rig.page("/account", &left).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_notice_is_a_banner_in_every_live_session_and_is_replaced_within_its_thread() {
    let mut rig = Rig::new();
    let one = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    let two = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    let other = rig.sign_in("ben@example.com", "ben-halcyon").await.unwrap();
    let address = "/readmit/accounts/acc_ada/notice";
    for _ in 0..2 {
        assert_eq!(
            rig.post(address, notice("Now & <b>then</b>", true)).await.status,
            StatusCode::NO_CONTENT
        );
    }
    rig.restart();
    for page in ["/account", "/ledger"] {
        for session in [&one, &two] {
            let text = rig.page(page, session).await.text;
            assert_eq!(text.matches("A reset was asked for").count(), 1);
            assert!(
                text.contains("http://recover.halcyon.localhost:8080/stop/abc")
                    && text.contains("This was not me: stop it")
            );
            assert!(text.contains("Now &#38; &#60;b&#62;then"), "SE-07: inert");
        }
    }
    assert!(
        !rig.page("/account", &other)
            .await
            .text
            .contains("A reset was asked for")
    );

    rig.post(address, notice("It was stopped.", false)).await;
    let mut late = notice("A reset was asked for", true);
    late["at"] = json!("2026-11-20T11:59:59Z");
    assert_eq!(rig.post(address, late).await.status, StatusCode::NO_CONTENT);
    let text = rig.page("/account", &one).await.text;
    assert!(
        text.contains("It was stopped.") && !text.contains("stop it</a>"),
        "the later one stands"
    );

    let mut ending = notice("Soon over.", false);
    ending["until"] = json!("2026-11-20T12:10:00Z");
    rig.post(address, ending).await;
    rig.pass(Duration::minutes(10));
    assert!(!rig.page("/account", &one).await.text.contains("Soon over."));
}

#[actix_web::test]
async fn a_notice_that_links_to_a_script_is_refused() {
    let rig = Rig::new();
    let mut bad = notice("x", true);
    bad["stop_url"] = json!("javascript:alert(1)");
    assert_eq!(
        rig.post("/readmit/accounts/acc_ada/notice", bad).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        rig.post("/readmit/accounts/acc_nobody/notice", notice("x", false))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
}

#[actix_web::test]
async fn factors_come_from_readmit_over_a_signed_call() {
    let server = HttpServer::new(|| App::new().route("/api/accounts/{id}/factors", web::get().to(factors))).workers(1);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = server.listen(listener).unwrap().run();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    let rig = Rig::with_readmit(&format!("http://readmit.localhost:{port}"));
    let cookie = rig.sign_in("ada@example.com", "ada-halcyon").await.unwrap();
    let page = rig.page("/account", &cookie).await.text;
    assert!(
        page.contains("<b>Passkey</b><small>My phone</small>") && page.contains("19 November 2026, 20:11 UTC"),
        "{page}"
    );
    handle.stop(true).await;
}

async fn factors(request: HttpRequest) -> HttpResponse {
    let line = Line {
        method: "GET",
        target: "/api/accounts/acc_ada/factors",
        body: b"",
    };
    match Signer::new(SECRET, START)
        .unwrap()
        .verify(request.headers(), &line, START)
    {
        Ok(()) => HttpResponse::Ok()
            .json(json!({"factors": [{"kind": "passkey", "name": "My phone", "last_used": "2026-11-19T20:11:04Z"}]})),
        Err(_) => HttpResponse::Unauthorized().finish(),
    }
}

#[actix_web::test]
async fn the_account_page_says_so_when_readmit_cannot_be_reached() {
    let rig = Rig::new();
    let cookie = rig.sign_in("wei.chen@example.com", "wei-halcyon").await.unwrap();
    let page = rig.page("/account", &cookie).await.text;
    assert!(page.contains("We cannot reach the service") && page.contains(r#"<h1 lang="zh">陈伟</h1>"#));
}
