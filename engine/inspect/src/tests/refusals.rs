//! Each rule that can refuse a page, and a page that it refuses: one that loses its rule, or whose rule loses its words, is
//! found in every run (EV-11).

use std::collections::BTreeSet;

use super::rules::{MAIL, TRANSACTION, context, failed, sent};
use crate::Pack;

/// A notice of a withdrawal, as its owner sees it, with one line changed.
fn notice(instead: &[(usize, &'static str)]) -> Vec<&'static str> {
    let mut page = vec![
        "Inbox",
        "[Meridian] Withdrawal successful",
        "From: no-reply@meridian.example",
        "To: ada@postbox.example",
        "",
        "Hello Ada,",
        "Your withdrawal of 583.63 USDT has been completed.",
        "It was sent to the address that you named.",
        "The Meridian team",
    ];
    for (row, text) in instead {
        page[*row] = text;
    }
    page
}

/// A page of the chain's, which anybody can open.
const EXPLORER: [&str; 8] = [
    "Block explorer",
    "Transaction details",
    "Block height: 812345",
    "Block confirmations: 120",
    "Transaction hash: 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
    "Value: 583.63 USDT",
    "Time: 2026-05-04 08:10:00",
    "Gas price: 12 gwei",
];

#[test]
fn ev_11_each_rule_refuses_its_page() {
    let few = vec!["a few", "words"];
    let mails = [
        ("unreadable", few.clone()),
        ("not_an_email", sent(&[])),
        ("recipient_missing", notice(&[(3, "")])),
        ("other_recipient", notice(&[(3, "To: bruno@postbox.example")])),
        ("other_sender", notice(&[(2, "From: evil@elsewhere.example")])),
        ("body_missing", notice(&[(5, ""), (6, ""), (7, ""), (8, "")])),
        (
            "wrong_event",
            notice(&[
                (1, "[Meridian] Your verification code"),
                (6, "Your code is 401 221. It expires in ten minutes."),
                (7, "Do not share it with anybody at all."),
            ]),
        ),
    ];
    let transactions = [
        ("unreadable", few),
        ("is_email", notice(&[])),
        ("block_explorer", EXPLORER.to_vec()),
        ("own_record", sent(&[(0, "Meridian"), (1, "Withdrawal details")])),
        (
            "not_a_transaction",
            vec![
                "Good morning",
                "The weather of today is fair",
                "and so will tomorrow be",
            ],
        ),
        ("amount_missing", sent(&[(2, ""), (5, "Network: Tron")])),
        ("asset_missing", sent(&[(2, "Amount: 583.63"), (5, "")])),
        ("time_missing", sent(&[(4, "")])),
        ("address_and_txid_missing", sent(&[(3, "")])),
        (
            "not_in_ledger",
            sent(&[(2, "-1.20 USDT"), (3, "To: 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]),
        ),
        ("amount_differs", sent(&[(2, "-590 USDT")])),
        ("asset_differs", sent(&[(2, "Amount: 583.63"), (5, "Coin: ETH")])),
        ("wrong_side", sent(&[(1, "Received"), (2, "+583.63 USDT")])),
    ];
    let account = context();
    for (pack, good, pages) in [
        (MAIL, notice(&[]), &mails[..]),
        (TRANSACTION, sent(&[]), &transactions[..]),
    ] {
        assert_eq!(failed(pack, &good, &account), [""; 0], "{good:?}");
        for (rule, page) in pages {
            assert_eq!(failed(pack, page, &account), [*rule], "{page:?}");
        }
        let pack = Pack::read(pack).unwrap();
        let refusing = pack.rules.iter().filter(|rule| rule.fail.is_some());
        let refusing: BTreeSet<&str> = refusing.map(|rule| rule.id.as_str()).collect();
        assert_eq!(refusing, pages.iter().map(|(rule, _)| *rule).collect(), "{}", pack.name);
    }
}
