//! What only the demo mounts exists in no installation.

use readmit_web::assets::ROUTES as ASSETS;
use readmit_web::reports::ROUTES as REPORTS;
use readmit_web::routes::Route;
use reqwest::Method;

use crate::support::installation::Setup;
use crate::support::visitor::Visitor;

/// Every host name that reaches the port, with the tables that `serve` has for it: none for the demo's own names.
const NAMES: [(&str, &[&[Route]]); 6] = [
    ("127.0.0.1", &[]),
    ("localhost", &[]),
    ("halcyon.localhost", &[]),
    (
        "recover.halcyon.localhost",
        &[ASSETS, REPORTS, readmit_claimant_ui::ROUTES],
    ),
    (
        "staff.readmit.localhost",
        &[ASSETS, REPORTS, readmit_reviewer_ui::ROUTES],
    ),
    (
        "evidence.readmit.localhost",
        &[
            readmit_reviewer_ui::EVIDENCE_ROUTES,
            readmit_claimant_ui::EVIDENCE_ROUTES,
        ],
    ),
];

/// PK-09: the exchange's pages and calls, the demo's front page, and staff sign-in by password. Under every name and method
/// `serve` answers them as it answers a path that nobody ever wrote.
#[test]
fn pk_09_no_route_of_the_demo_is_served() {
    Setup::default().run(async |app| {
        let front = readmit::DEMO_PATHS.map(str::to_owned);
        let passwords = readmit_reviewer_ui::PASSWORD_ROUTES
            .iter()
            .map(|route| route.path.to_owned());
        let of_the_demo: Vec<String> = readmit_demo_host::Host::paths().chain(front).chain(passwords).collect();
        let mut asked = 0;
        for (name, tables) in NAMES {
            let served = |path: &str| tables.iter().any(|table| table.iter().any(|row| row.path == path));
            for path in of_the_demo.iter().filter(|path| !served(path)) {
                for method in [Method::GET, Method::POST] {
                    let answer = async |path: String| {
                        let url = format!("http://{name}:{}{path}", app.place.port).parse().unwrap();
                        let page = Visitor::new().send(method.clone(), url, &[], None).await;
                        (page.status, page.header("content-type").map(str::to_owned))
                    };
                    let path = path.replace(['{', '}'], "");
                    let nobodys = answer(nobodys(&path)).await;
                    assert!(nobodys.0.is_client_error(), "{name}: {}", nobodys.0);
                    assert_eq!(answer(path.clone()).await, nobodys, "{method} {path} at {name}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 150, "only {asked} requests");
    });
}

/// A path of the same length that begins with a word nobody ever chose.
fn nobodys(path: &str) -> String {
    path.split('/')
        .skip(2)
        .fold("/nobody-chose-this".to_owned(), |path, part| path + "/" + part)
}
