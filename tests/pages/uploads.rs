//! Files that are no pictures, or not whole ones.

use std::io::{BufRead as _, Read as _, Write as _};
use std::path::Path;

use crate::support::claimant::{Recovery, picture};
use crate::support::installation::{Installation, Setup};
use crate::support::sources::root;
use crate::support::visitor::{Filled, Visitor};
use crate::support::wait::until;

/// The largest picture that is taken, in bytes.
const LARGEST: usize = 15 * 1024 * 1024;

/// EV-01, EV-02: what is no whole picture of a kind that is taken is refused by a sentence beside its field. What was there
/// before stays, and nothing of the file does.
#[test]
fn ev_01_a_bad_file_is_refused_beside_its_field() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().proven().at(app).await;
        ada.page = ada.visitor.submit(ada.page.press("begin")).await.expect(200);
        ada.page = ada.visitor.submit(ada.page.press("give_up")).await.expect(200);
        let first = ada.page.press("attach").attach("account_email", "kept.png", &picture());
        ada.page = ada.visitor.submit(first).await.expect(200);
        assert!(ada.page.words().contains("kept.png"));
        let reference = ada.reference(app).await;
        let version = app.case(&reference).await.case.version;
        let stored = blobs(app);
        let slot = "counterparty_transaction";
        let whole = picture();
        let mut big = whole.clone();
        big.resize(LARGEST + 1, 0);
        for (name, bytes, code) in [
            ("big.png", big, "file_too_big"),
            ("empty.png", Vec::new(), "file_empty"),
            ("half.png", whole[..whole.len() / 2].to_vec(), "file_cut_off"),
            ("named.png", b"GIF89a..............".to_vec(), "file_gif"),
            ("named.png", b"%PDF-1.7 ...........".to_vec(), "file_pdf"),
            (
                "named.png",
                b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
                "file_svg",
            ),
            ("named.png", b"PK\x03\x04............".to_vec(), "file_archive"),
            ("named.png", b"just some words and no picture".to_vec(), "file_other"),
        ] {
            let form = ada.page.press("attach").attach(slot, name, &bytes);
            let refused = ada.visitor.submit(form).await;
            assert_eq!(refused.status, 422, "{code}: {}", refused.words());
            let text = refused.text();
            let beside = text
                .split(&format!("id=\"{slot}-e\""))
                .nth(1)
                .unwrap_or_else(|| panic!("{code}: {text}"));
            let beside = crate::support::html::words(&format!("<p>{}", beside.split("</p>").next().unwrap()));
            assert!(beside.contains(&sentence(code)), "{code}: {beside}");
            assert!(
                refused.words().contains("kept.png"),
                "{code}: what was there before is gone"
            );
            assert_eq!(app.case(&reference).await.case.version, version, "{code}");
            assert_eq!(blobs(app), stored, "{code}: something of it was kept");
            ada.page = refused;
        }
        let good = ada.page.press("attach").attach(slot, "good.png", &picture());
        ada.page = ada.visitor.submit(good).await.expect(200);
        assert!(ada.page.words().contains("good.png") && ada.page.words().contains("kept.png"));

        let form = ada.page.press("attach").attach(slot, "cut-off.png", &picture());
        let (version, stored) = (app.case(&reference).await.case.version, blobs(app));
        cut_off(&ada.visitor, &form);
        until("nothing of it is kept", async || (blobs(app) == stored).then_some(())).await;
        assert_eq!(app.case(&reference).await.case.version, version);
        ada.looks(app).await;
        assert!(!ada.page.words().contains("cut-off.png"), "{}", ada.page.words());

        ada.page.press("submit");
        app.work().await;
    });
}

/// EV-02: an upload without an end is ended: its sender is told so, the connection is closed, nothing of it is kept; and so is
/// any other form without one, also one that nobody reads.
#[test]
fn ev_02_a_body_without_an_end_is_ended() {
    Setup::default().run(async |app| {
        let mut ada = Recovery::passkey().proven().at(app).await;
        let (visitor, code) = (ada.visitor.clone(), ada.page.press("begin"));
        ada.page = ada.visitor.submit(code.clone()).await.expect(200);
        ada.page = ada.visitor.submit(ada.page.press("give_up")).await.expect(200);
        let reference = ada.reference(app).await;
        let (version, stored) = (app.case(&reference).await.case.version, blobs(app));
        let upload = ada
            .page
            .press("attach")
            .attach("account_email", "endless.png", &picture());
        let mut nowhere = code.clone();
        nowhere.target.set_path("/nowhere/at/all");
        for (form, status) in [(upload, "413"), (code, "413"), (nowhere, "404")] {
            let (what, visitor) = (form.target.path().to_owned(), visitor.clone());
            let ended = tokio::task::spawn_blocking(move || endless(&visitor, &form))
                .await
                .unwrap();
            let ended = ended.unwrap_or_else(|| panic!("{what}: was read for as long as it came"));
            assert_eq!(ended.status, status, "{what}");
            until("nothing of it is kept", async || (blobs(app) == stored).then_some(())).await;
            assert_eq!(app.case(&reference).await.case.version, version, "{what}");
        }
        ada.looks(app).await;
        assert!(!ada.page.words().contains("endless.png"), "{}", ada.page.words());
        ada.attaches("account_email", &picture()).await;
        app.work().await;
    });
}

/// EV-02: an upload streams to the store: a server that takes 14 MB as its first needs at most 8 MB more than it had while
/// it was idle.
#[test]
fn ev_02_memory_stays_flat_whatever_the_size() {
    Setup::default().on_postgres().run(async |app| {
        let other = app.process_beside().await;
        let mut ada = Recovery::passkey().proven().at(app).await;
        ada.page = ada.visitor.submit(ada.page.press("begin")).await.expect(200);
        ada.page = ada.visitor.submit(ada.page.press("give_up")).await.expect(200);
        let config = app.place.at("readmit-beside.yaml");
        let mut form = ada.page.press("attach").attach("account_email", "one.png", &noise());
        form.target.set_port(Some(other.port)).unwrap();
        let (headers, body) = (form.headers(), form.body());
        let idle = peak(&config);
        let answer = ada
            .visitor
            .send(reqwest::Method::POST, form.target, &headers, Some(body))
            .await;
        assert_eq!(answer.status, 303, "{}", answer.words());
        let more = peak(&config) - idle;
        assert!(more <= 8 * 1024, "{more} kB more than the {idle} kB while it was idle");
        app.work().await;
    });
}

/// A picture of 14 MB: noise cannot be compressed.
fn noise() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let picture = image::RgbImage::from_fn(2_200, 2_200, |_, _| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let [r, g, b, ..] = state.to_be_bytes();
        image::Rgb([r, g, b])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    assert!((13_000_000..LARGEST).contains(&bytes.len()), "{}", bytes.len());
    bytes
}

/// The most memory that the process with this configuration ever held, in kB (proc(5)).
fn peak(config: &str) -> u64 {
    let processes = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let ours = processes.filter(|path| {
        let command = std::fs::read_to_string(path.join("cmdline")).unwrap_or_default();
        command.contains(config) && command.split('\0').next().unwrap().ends_with("readmit")
    });
    let status = ours
        .map(|path| std::fs::read_to_string(path.join("status")).unwrap())
        .next()
        .expect("no such process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Begins to post a form whose body is as long as this line of its head says.
fn begin(visitor: &Visitor, form: &Filled, length: &str) -> std::net::TcpStream {
    let url = &form.target;
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut head = format!("POST {} HTTP/1.1\r\nhost: {host}\r\n{length}\r\n", url.path());
    head += &format!("cookie: {}\r\n", visitor.cookies(url.host_str().unwrap()));
    for (name, value) in form.headers() {
        head += &format!("{name}: {value}\r\n");
    }
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", url.port().unwrap())).unwrap();
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    stream
}

/// How a connection was ended whose sender would have gone on.
struct Ended {
    status: String,
}

/// Posts a form that never ends, in pieces that say their own length, until the connection is closed; nothing if it is still
/// open after a hundred times what is read of any request.
fn endless(visitor: &Visitor, form: &Filled) -> Option<Ended> {
    let mut stream = begin(visitor, form, "transfer-encoding: chunked");
    let body = form.body();
    let piece = |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    // The last bytes of a form with a file are those after it.
    let begun = body.len() - 200.min(body.len() / 2);
    stream.write_all(&piece(&body[..begun])).unwrap();
    let mut answer = std::io::BufReader::new(stream.try_clone().unwrap());
    let more = piece(&[b'0'; 64 * 1024]);
    let pieces = 1_000 * LARGEST / more.len();
    let sent = (0..pieces).find(|_| stream.write_all(&more).is_err());
    sent.map(|_| {
        let mut line = String::new();
        answer.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap_or_default().to_owned();
        Ended { status }
    })
}

/// Posts all of a form but its last bytes, and goes away.
fn cut_off(visitor: &Visitor, form: &Filled) {
    let body = form.body();
    let mut stream = begin(visitor, form, &format!("content-length: {}", body.len()));
    stream.write_all(&body[..body.len() - 200]).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
}

/// What the product says of a refused file, in English.
fn sentence(code: &str) -> String {
    let mut found = None;
    for file in [
        "web/texts/en.ftl",
        "claimant-ui/texts/en.ftl",
        "engine/steps/src/texts/en.ftl",
    ] {
        let text = std::fs::read_to_string(root().join(file)).unwrap_or_default();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("refusal-{code} = ")).map(str::to_owned));
        found = found.or(line);
    }
    let found = found.unwrap_or_else(|| panic!("no text says {code}"));
    found.split('{').next().unwrap().trim().to_owned()
}

/// Files in the evidence store.
fn blobs(app: &Installation) -> usize {
    fn count(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let count_one = |path: &Path| if path.is_dir() { count(path) } else { 1 };
        entries.map(|entry| count_one(&entry.unwrap().path())).sum()
    }
    count(Path::new(&app.place.at("evidence")))
}
