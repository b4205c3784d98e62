//! Pictures in a real browser, really read: sent as they are chosen, told while the page stays, mended, and looked at.

use readmit_core::command::Role;
use readmit_core::time::Span;
use readmit_demo_host::roster;

use super::person;
use crate::support::browser::Browser;
use crate::support::installation::{Installation, Setup};
use crate::support::webdriver::Driver;

/// The exchange's notice to somebody, as a file.
fn mail(app: &Installation, to: &str, name: &str) -> std::path::PathBuf {
    let who = roster().iter().find(|one| one.email == to).unwrap();
    let at = app.clock.at();
    let picture = readmit::pictures::mail(who, "no-reply@halcyon.example", at - Span::days(40), at).unwrap();
    let file = app.place.folder.path().join(name);
    std::fs::write(&file, picture).unwrap();
    file
}

/// How many icons of the page have no symbol there.
async fn blank_icons(browser: &Browser) -> i64 {
    let blank = "return [...document.querySelectorAll('use')].filter((icon) => \
        !document.querySelector(icon.getAttribute('href'))).length;";
    let blank = browser.session.run(blank, serde_json::json!([])).await;
    blank.as_i64().unwrap()
}

/// EV-11: nobody presses anything to be told what is missing; the spot is shown on the picture, for the reviewer as well.
#[test]
fn ev_11_pictures_are_told_of_while_the_page_stays() {
    Setup::default().reading().run(async |app| {
        let driver = Driver::start();
        let (emma, rina) = (Browser::open(&driver).await, Browser::open(&driver).await);
        person::start(&emma, app).await;
        person::forget(&emma, app, "emma@example.org").await;
        emma.attach("account_email", &mail(app, "ben@example.com", "wrong.png"))
            .await;
        emma.see("We are reading this picture.").await;
        let page = emma.source().await;
        assert!(
            !page.contains("http-equiv=\"refresh\""),
            "a renewed page reloads itself for browsers without scripts only"
        );
        app.work().await;
        emma.see("One picture needs a change").await;
        assert_eq!(blank_icons(&emma).await, 0);
        emma.see("sent to another address").await;
        assert!(emma.source().await.contains("class=\"halo\""));
        let replace = emma
            .file_fields()
            .await
            .into_iter()
            .find(|name| name.contains('.'))
            .unwrap();
        emma.attach(&replace, &mail(app, "emma@example.org", "right.png")).await;
        emma.see("right.png").await;
        app.work().await;
        emma.see("Nothing is missing on this picture.").await;
        assert_eq!(blank_icons(&emma).await, 0, "a renewed part brings its own");
        emma.press("Send for review").await;
        emma.see("We are checking your pictures").await;
        app.work().await;

        person::staff(&rina, app, "rina", Role::Reviewer).await;
        rina.press("Next case").await;
        rina.see("Checklist").await;
        rina.see("Every rule passed").await;
        rina.press_link_to("picture=1").await;
        rina.see("Other recipient").await;
        rina.press("1 Other recipient").await;
        assert!(rina.url().await.ends_with("#b1"), "the box is the page's target");
        rina.press("Rules with nothing to say (13)").await;
        rina.press("Copy").await;
        rina.see("Copied").await;
        for browser in [&emma, &rina] {
            browser.assert_quiet_console().await;
        }
    });
}

/// A script hands a picture to the page as people do: dropped on a slot, or pasted.
const HANDED: &str = "const [how, name, base64] = arguments; \
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)); \
    const data = new DataTransfer(); \
    data.items.add(new File([bytes], name, { type: 'image/png' })); \
    if (how === 'paste') document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true })); \
    else { const here = document.querySelectorAll('form[data-evidence] .drop')[1] ?? document.querySelector('form[data-evidence] .drop'); \
        for (const type of ['dragover', 'drop']) here.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true })); }";

/// EV-02: a picture that is dropped on a slot or pasted is sent at once, and is there when the page is opened anew.
#[test]
fn ev_02_pictures_are_dropped_and_pasted() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let emma = Browser::open(&driver).await;
        person::start(&emma, app).await;
        person::forget(&emma, app, "emma@example.org").await;
        emma.see("Show us pictures from your account").await;
        for (how, to) in [("drop", "emma@example.org"), ("paste", "ben@example.com")] {
            let file = mail(app, to, &format!("{how}.png"));
            let bytes = data_encoding::BASE64.encode(&std::fs::read(&file).unwrap());
            let handed = serde_json::json!([how, format!("{how}.png"), bytes]);
            emma.session.run(HANDED, handed).await;
            emma.see(&format!("{how}.png")).await;
            app.work().await;
        }
        emma.go(&app.recover("/case")).await;
        emma.see("drop.png").await;
        emma.see("paste.png").await;
        emma.assert_quiet_console().await;
    });
}

/// Writes down every state of the page's progress bar, and of the words above it.
const WATCHED: &str = "window.bars = []; window.words = []; \
    const look = () => { const bar = document.querySelector('form[data-evidence] progress'); if (!bar) return; \
        window.bars.push(bar.value); window.words.push(bar.previousElementSibling.textContent); }; \
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });";

/// EV-02: while a picture goes out over a slow line, a bar moves from nothing to all of it, and its words say how far it is.
#[test]
fn ev_02_a_bar_shows_how_far_an_upload_is() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let emma = Browser::open(&driver).await;
        person::start(&emma, app).await;
        person::forget(&emma, app, "emma@example.org").await;
        emma.see("Show us pictures from your account").await;
        emma.session.run(WATCHED, serde_json::json!([])).await;
        emma.session.sends_at_most(400_000).await;
        let noise = image::RgbImage::from_fn(640, 640, |x, y| {
            let [r, g, b, _] = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503))
                .wrapping_mul(0x85eb_ca6b)
                .to_be_bytes();
            image::Rgb([r, g, b])
        });
        let file = app.place.folder.path().join("slow.png");
        noise.save(&file).unwrap();
        assert!(std::fs::metadata(&file).unwrap().len() > 1_000_000);
        emma.attach("account_email", &file).await;
        emma.see("slow.png").await;
        let told = emma.session.run("return [bars, words]", serde_json::json!([])).await;
        let bars: Vec<f64> = serde_json::from_value(told[0].clone()).unwrap();
        let mut steps = bars.clone();
        steps.dedup();
        assert!(bars.is_sorted(), "{bars:?}");
        assert!(
            steps.len() >= 4 && steps[0] < 50.0 && *steps.last().unwrap() == 100.0,
            "{steps:?}"
        );
        let words = told[1].as_array().unwrap();
        let between = |words: &serde_json::Value| {
            let digits: String = words.as_str().unwrap().chars().filter(char::is_ascii_digit).collect();
            digits.parse().is_ok_and(|percent: u32| (1..100).contains(&percent))
        };
        assert!(words.iter().any(between), "{words:?}");
        emma.assert_quiet_console().await;
        app.work().await;
    });
}

/// EV-02: a phone offers its camera and its gallery for a field that takes pictures, and does not insist on either; several may
/// be chosen for a slot at once.
#[test]
fn ev_02_a_phone_offers_camera_and_gallery() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let emma = Browser::open(&driver).await;
        person::start(&emma, app).await;
        person::forget(&emma, app, "emma@example.org").await;
        emma.see("Show us pictures from your account").await;
        let fields = "return [...document.querySelectorAll('input[type=file]')].map((one) => \
            [one.accept, one.hasAttribute('capture'), one.multiple, one.labels.length])";
        let fields = emma.session.run(fields, serde_json::json!([])).await;
        let fields = fields.as_array().unwrap();
        assert!(!fields.is_empty());
        for field in fields {
            assert_eq!(
                *field,
                serde_json::json!(["image/png,image/jpeg,image/webp", false, true, 1])
            );
        }
        app.work().await;
    });
}

/// EV-07, EV-12: a link to a picture shows it to its own session alone: no other site's page may embed it, no other browser is
/// shown anything by it, and after the reviewer signed out it is dead though its minute is not over.
#[test]
fn ev_07_a_copy_is_for_its_page_and_its_session() {
    Setup::default().run(async |app| {
        let driver = Driver::start();
        let (emma, signe) = (Browser::open(&driver).await, Browser::open(&driver).await);
        person::start(&emma, app).await;
        person::forget(&emma, app, "emma@example.org").await;
        emma.attach("account_email", &mail(app, "emma@example.org", "own.png"))
            .await;
        emma.see("own.png").await;
        app.work().await;
        let reference = app.halcyon.reference("emma@example.org").await;

        person::staff(&signe, app, "signe", Role::Senior).await;
        signe.go(&app.staff(&format!("/cases/{reference}"))).await;
        signe.see("Findings").await;
        let image = "const image = document.querySelector('.stage image'); return image.href.baseVal;";
        let link = signe.session.run(image, serde_json::json!([])).await;
        let link = &app.staff(link.as_str().unwrap());
        assert!(link.contains("/look/"), "{link}");
        assert_eq!(embedded(&signe, link).await, "shown", "on its own page");
        let (foreign, control) = another_site().await;
        signe.go(&foreign).await;
        assert_eq!(embedded(&signe, &control).await, "shown", "pictures are shown there");
        assert_eq!(embedded(&signe, link).await, "refused", "on another site's page");

        signe.go(link).await;
        let drawn = signe.url().await;
        assert!(drawn.contains("evidence.readmit.localhost"), "{drawn}");
        let other = Browser::open(&driver).await;
        for (browser, address) in [(&other, link), (&other, &drawn), (&signe, &drawn)] {
            browser.go(address).await;
            browser.see("This address shows no picture any more").await;
        }
        signe.go(&app.staff("/me")).await;
        signe.press("Sign out").await;
        signe.see("Continue with passkey").await;
        signe.go(link).await;
        signe.see("Go back to the page that the picture is on").await;

        // The claimant's page is of another site than the evidence origin.
        emma.go(&app.recover("/case")).await;
        let small = "return document.querySelector('img.pic').src";
        let small = emma.session.run(small, serde_json::json!([])).await;
        let small = small.as_str().unwrap();
        assert_eq!(embedded(&emma, small).await, "shown", "{small}");
        emma.assert_quiet_console().await;
        emma.go(&foreign).await;
        assert_eq!(embedded(&emma, small).await, "refused", "on another site's page");
    });
}

/// Whether the page that a browser is on can show a picture.
async fn embedded(browser: &Browser, address: &str) -> serde_json::Value {
    let embed = "return new Promise((tell) => { const image = new Image(); image.onload = () => tell('shown'); \
                 image.onerror = () => tell('refused'); image.src = arguments[0]; })";
    browser.session.run(embed, serde_json::json!([address])).await
}

/// A site of its own on this machine, without rules of any kind: its page, and a picture of its own.
async fn another_site() -> (String, String) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let at = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let read = stream.read(&mut asked).await.unwrap_or_default();
            let picture = asked[..read].starts_with(b"GET /own.png ");
            let (media, body) = match picture {
                true => ("image/png", crate::support::claimant::picture()),
                false => ("text/html", b"<p>A page without rules".to_vec()),
            };
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {media}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(&[head.into_bytes(), body].concat()).await.ok();
        }
    });
    (format!("{at}/"), format!("{at}/own.png"))
}
