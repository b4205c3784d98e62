//! Addresses whose checksum fails, on pages that a browser drew and that were really read (EV-11): what the reader can tell is
//! put right, and nobody is refused for the rest.

use readmit_core::inspection::{Report, Row, Verdict};

use super::score::{drawn, ledger, read, transaction};
use crate::support::webdriver::{Driver, Scripts, Session};

/// What is said of the page of a deposit that went to this address; `elsewhere` for one that is no row of the account by its
/// amount and time.
async fn shown(browser: &Session, address: &str, elsewhere: bool) -> Report {
    let row = ledger().into_iter().find(|row| row.asset == "BTC").unwrap();
    let own = Row {
        address: Some(address.into()),
        ..row
    };
    let row = if elsewhere {
        Row {
            amount: "0.31".into(),
            time: "2026-01-09T05:13:00Z".into(),
            ..own
        }
    } else {
        own
    };
    let folder = tempfile::tempdir().unwrap();
    let picture = drawn(browser, folder.path(), &transaction("exchange", "en", &row, "txid")).await;
    read(&picture, "counterparty-transaction").await
}

fn of(report: &Report, verdict: Verdict) -> Vec<&str> {
    let findings = report.findings.iter().filter(|finding| finding.verdict == verdict);
    findings.map(|finding| finding.rule.as_str()).collect()
}

#[tokio::test]
async fn ev_11_nobody_is_refused_for_a_misread_address() {
    crate::support::prepare();
    let driver = Driver::start();
    let browser = driver.open(Scripts::On, 1366).await;
    let own = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq";

    // One letter that looks like another is put right, and the page is that of the row.
    let slip = shown(&browser, "bc1qar0srrr7xfkvy51643lydnw9re59gtzzwf5mdg", true).await;
    assert_eq!(slip.read.get("address").map(String::as_str), Some(own), "{slip:?}");
    assert_eq!(of(&slip, Verdict::Fail), ["amount_differs"], "{slip:?}");

    // A letter that could have been any: a warning, which shows it.
    let misread = shown(&browser, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdt", true).await;
    assert_eq!(of(&misread, Verdict::Fail), [""; 0], "{misread:?}");
    let mut findings = misread.findings.iter();
    let told = findings.find(|finding| finding.rule == "address_misread").unwrap();
    assert_eq!(
        told.value.as_deref(),
        Some("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdt")
    );
    assert!(
        told.area.is_some() && told.message["en"].contains("misread"),
        "{told:?}"
    );

    // Another address that is one: the page of somebody else's transaction.
    let other = shown(&browser, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", true).await;
    assert_eq!(of(&other, Verdict::Fail), ["not_in_ledger"], "{other:?}");

    // The row itself, whatever became of its address.
    let same = shown(&browser, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdt", false).await;
    assert_eq!(of(&same, Verdict::Fail), [""; 0], "{same:?}");
    assert!(of(&same, Verdict::Warn).contains(&"address_misread"), "{same:?}");
}
