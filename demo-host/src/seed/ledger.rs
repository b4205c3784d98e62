//! Ledgers that never pay out what is not there.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use time::OffsetDateTime;

use super::address::{address, txid};
use super::dice::Dice;
use super::history::moments;
use super::people::{Life, Resident};
use crate::model::{Amount, LedgerRow, RowKind, Tier};

const COUNTERPARTIES: [&str; 6] = [
    "Norden Exchange",
    "Blauwhaven",
    "Coinmere",
    "Own wallet",
    "Tessera Pay",
    "Kitebridge Exchange",
];

/// An asset that the ledgers move: its chain, its market, its price in cents of a dollar (about), the fee of a withdrawal.
struct Coin {
    asset: &'static str,
    network: &'static str,
    market: &'static str,
    cents: i64,
    fee: i64,
}

const COINS: [Coin; 3] = [
    Coin {
        asset: "BTC",
        network: "bitcoin",
        market: "BTC/USDT",
        cents: 6_150_000,
        fee: 15_000,
    },
    Coin {
        asset: "ETH",
        network: "ethereum",
        market: "ETH/USDT",
        cents: 264_000,
        fee: 120_000,
    },
    Coin {
        asset: "SOL",
        network: "solana",
        market: "SOL/USDT",
        cents: 14_800,
        fee: 1_000_000,
    },
];
/// What every market is quoted in.
const USDT: Coin = Coin {
    asset: "USDT",
    network: "tron",
    market: "",
    cents: 100,
    fee: Amount::ONE,
};

/// All rows of an account, newest first.
pub(super) fn ledger(
    resident: &Resident,
    since: OffsetDateTime,
    until: OffsetDateTime,
    dice: &mut Dice,
) -> Vec<LedgerRow> {
    let moves = match resident.life {
        Life::NoTransactions => 0,
        Life::Fresh => 1,
        _ => dice.between(14, 26),
    };
    let mut book = Book {
        rows: Vec::new(),
        largest: largest_cents(resident.tier),
    };
    for (turn, at) in moments(since, until, moves, dice).into_iter().enumerate() {
        match (turn, dice.below(10)) {
            (0, _) | (_, 0..=2) => book.deposit(at, dice),
            (_, 3..=5) => book.withdraw(at, dice),
            _ => book.trade(at, dice),
        }
    }
    book.rows.reverse();
    book.rows
}

/// What lies on the account by its ledger, by asset in alphabetical order.
pub(crate) fn balances(ledger: &[LedgerRow]) -> BTreeMap<&'static str, Amount> {
    let mut held = BTreeMap::new();
    for row in ledger {
        let moved = match row.kind {
            RowKind::Withdrawal => -row.amount.0 - row.fee.0,
            RowKind::Deposit | RowKind::Trade => row.amount.0 - row.fee.0,
        };
        held.entry(row.asset).or_insert(Amount::default()).0 += moved;
    }
    held
}

/// The largest single deposit of a tier, in cents of a dollar.
fn largest_cents(tier: Tier) -> i64 {
    match tier {
        Tier::Low => 30_000,
        Tier::Standard => 400_000,
        Tier::High => 24_000_000,
    }
}

/// A ledger in the making, oldest row first.
struct Book {
    rows: Vec<LedgerRow>,
    /// Of a deposit, in cents of a dollar.
    largest: i64,
}

impl Book {
    fn deposit(&mut self, at: OffsetDateTime, dice: &mut Dice) {
        let coin = any_coin(dice);
        let amount = worth(dice.between(self.largest / 20, self.largest), &coin);
        self.rows.push(transfer(RowKind::Deposit, &coin, amount, 0, at, dice));
    }

    /// Pays out a part of what is there, or takes a deposit where nothing is.
    fn withdraw(&mut self, at: OffsetDateTime, dice: &mut Dice) {
        let coin = any_coin(dice);
        let there = self.held(&coin);
        if there <= coin.fee * 4 {
            return self.deposit(at, dice);
        }
        let amount = round((there - coin.fee) / 100 * dice.between(10, 60));
        self.rows
            .push(transfer(RowKind::Withdrawal, &coin, amount, coin.fee, at, dice));
    }

    /// Sells a part of a coin for USDT where there is any, and else buys it; without both it takes a deposit. The fee is a
    /// thousandth of what was bought.
    fn trade(&mut self, at: OffsetDateTime, dice: &mut Dice) {
        let Some(coin) = dice.pick(&COINS) else {
            return;
        };
        let (sold, bought) = if self.held(coin) > worth(1_000, coin) {
            (coin, &USDT)
        } else {
            (&USDT, coin)
        };
        let paid = round(self.held(sold) / 100 * dice.between(20, 80));
        let got = round(exchanged(paid, sold, bought));
        if got < 1_000 {
            return self.deposit(at, dice);
        }
        for (asset, amount, fee) in [(sold.asset, -paid, 0), (bought.asset, got, got / 1_000)] {
            let row = row(RowKind::Trade, asset, amount, at, dice);
            self.rows.push(LedgerRow {
                fee: Amount(fee),
                counterparty: Some(coin.market),
                ..row
            });
        }
    }

    fn held(&self, coin: &Coin) -> i64 {
        balances(&self.rows).get(coin.asset).map_or(0, |held| held.0)
    }
}

fn any_coin(dice: &mut Dice) -> Coin {
    let [btc, eth, sol] = COINS;
    match dice.below(4) {
        0 => btc,
        1 => eth,
        2 => sol,
        _ => USDT,
    }
}

/// What so many cents of a dollar buy of `coin`.
fn worth(cents: i64, coin: &Coin) -> i64 {
    round(exchanged(cents * Amount::ONE / 100, &USDT, coin))
}

fn exchanged(paid: i64, sold: &Coin, bought: &Coin) -> i64 {
    let got = i128::from(paid) * i128::from(sold.cents) / i128::from(bought.cents);
    i64::try_from(got).unwrap_or(0)
}

/// Cut to five significant digits, as people type amounts.
fn round(units: i64) -> i64 {
    let grain = 10_i64.pow(units.max(1).ilog10().saturating_sub(4));
    units / grain * grain
}

fn transfer(kind: RowKind, coin: &Coin, amount: i64, fee: i64, at: OffsetDateTime, dice: &mut Dice) -> LedgerRow {
    LedgerRow {
        network: Some(coin.network),
        fee: Amount(fee),
        address: Some(address(coin.network, dice)),
        txid: Some(txid(coin.network, dice)),
        counterparty: dice.pick(&COUNTERPARTIES).copied(),
        ..row(kind, coin.asset, amount, at, dice)
    }
}

fn row(kind: RowKind, asset: &'static str, amount: i64, at: OffsetDateTime, dice: &mut Dice) -> LedgerRow {
    let [a, b, c, d, e, ..] = dice.bytes();
    LedgerRow {
        id: format!("tx_{}", HEXLOWER.encode(&[a, b, c, d, e])),
        kind,
        asset,
        network: None,
        amount: Amount(amount),
        fee: Amount(0),
        at,
        address: None,
        txid: None,
        counterparty: None,
    }
}
