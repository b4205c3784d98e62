//! What a reviewer ticks for each kind of document before approving (EV-11): the check's name, as the record keeps it, and
//! its sentence.

use super::Piece;

const UNEDITED: (&str, &str) = ("unedited", "No sign of editing at 200 %");

/// The checks of a slot, in the order of looking.
fn of_slot(slot: &str) -> &'static [(&'static str, &'static str)] {
    match slot {
        "account_email" => &[
            ("ours", "The mail is one of ours: sender, wording and layout"),
            ("recipient", "It was sent to the account’s address"),
            ("whole", "The whole page can be seen"),
            UNEDITED,
        ],
        "counterparty_transaction" => &[
            ("counterparty", "The page is the counterparty’s, not ours"),
            ("asset", "Asset and network fit the ledger row"),
            ("amount", "Amount fits, fees allowed for"),
            ("address", "Address or TXID fits"),
            UNEDITED,
        ],
        _ => &[("shown", "It shows what was asked for"), UNEDITED],
    }
}

/// The checks that these pictures want, each `slot.check`: of every slot with a picture that counts, in the order of arrival.
#[must_use]
pub fn names(pieces: &[Piece]) -> Vec<String> {
    let mut slots: Vec<&str> = Vec::new();
    for piece in pieces {
        if piece.counts() && !slots.contains(&piece.slot.as_str()) {
            slots.push(&piece.slot);
        }
    }
    let names = |slot: &str| {
        let checks = of_slot(slot).iter();
        checks.map(|(check, _)| format!("{slot}.{check}")).collect::<Vec<_>>()
    };
    slots.into_iter().flat_map(names).collect()
}

/// The slot of a check, and its sentence.
#[must_use]
pub fn read(name: &str) -> Option<(&str, &'static str)> {
    let (slot, wanted) = name.split_once('.')?;
    let check = of_slot(slot).iter().find(|(check, _)| *check == wanted);
    check.map(|(_, sentence)| (slot, *sentence))
}
