//! What a reviewer ticks for each kind of document before approving (EV-11).

/// The checks of a slot, in the order of looking.
pub(crate) fn of_slot(slot: &str) -> &'static [&'static str] {
    match slot {
        "account_email" => &[
            "The mail is one of ours: sender, wording and layout",
            "It was sent to the account’s address",
            "The whole page can be seen",
            "No sign of editing at 200 %",
        ],
        "counterparty_transaction" => &[
            "The page is the counterparty’s, not ours",
            "Asset and network fit the ledger row",
            "Amount fits, fees allowed for",
            "Address or TXID fits",
            "No sign of editing at 200 %",
        ],
        _ => &["It shows what was asked for", "No sign of editing at 200 %"],
    }
}
