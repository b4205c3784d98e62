//! An account's past: profile, sign-ins and a ledger that never pays out what is not there.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use time::{Duration, OffsetDateTime};

use super::address::{address, txid};
use super::dice::Dice;
use super::people::{Home, Life, Resident};
use crate::model::{Account, Amount, LedgerRow, Profile, RowKind, SignIn, Tier};

/// Every asset that Halcyon lists.
pub(crate) const ASSETS: [&str; 8] = ["ADA", "BTC", "DOGE", "ETH", "LTC", "SOL", "USDT", "XRP"];
pub(crate) const DEVICES: [&str; 8] = [
    "Android app",
    "Chrome on Windows",
    "Chrome on macOS",
    "Edge on Windows",
    "Firefox on Linux",
    "Firefox on Windows",
    "Safari on macOS",
    "iPhone app",
];
/// ISO 3166-1 alpha-2.
pub(crate) const COUNTRIES: [&str; 12] = ["AU", "BR", "CA", "DE", "ES", "FR", "GB", "JP", "KE", "NL", "SE", "US"];
pub(crate) const CITIES: [&str; 16] = [
    "Adelaide", "Antwerp", "Bergen", "Boston", "Bremen", "Curitiba", "Graz", "Krakow", "Lyon", "Osaka", "Porto",
    "Santiago", "Tampere", "Torino", "Warsaw", "Zagreb",
];
const COUNTERPARTIES: [&str; 6] = [
    "Norden Exchange",
    "Blauwhaven",
    "Coinmere",
    "Own wallet",
    "Tessera Pay",
    "Kitebridge Exchange",
];
const REFERRALS: [&str; 5] = ["none", "friend", "search", "advertisement", "event"];

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

/// Where residents of one place live and sign in.
struct Place {
    country: &'static str,
    currency: &'static str,
    cities: [&'static str; 3],
}

fn place(home: Home) -> Place {
    let (country, currency, cities) = match home {
        Home::Netherlands => ("NL", "EUR", ["Utrecht", "Rotterdam", "Eindhoven"]),
        Home::Britain => ("GB", "GBP", ["Leeds", "Bristol", "Glasgow"]),
        Home::Spain => ("ES", "EUR", ["Valencia", "Seville", "Zaragoza"]),
        Home::Mexico => ("MX", "MXN", ["Guadalajara", "Puebla", "Mérida"]),
        Home::Singapore => ("SG", "SGD", ["Singapore", "Johor Bahru", "Kuala Lumpur"]),
        Home::Germany => ("DE", "EUR", ["Leipzig", "Hamburg", "Freiburg"]),
        Home::Sweden => ("SE", "SEK", ["Gothenburg", "Uppsala", "Malmö"]),
        Home::Kenya => ("KE", "KES", ["Nairobi", "Mombasa", "Kisumu"]),
        Home::Canada => ("CA", "CAD", ["Montreal", "Halifax", "Ottawa"]),
    };
    Place {
        country,
        currency,
        cities,
    }
}

/// The country in which a city of `place` lies: only Singapore's neighbours are abroad.
fn country_of(city: &str, place: &Place) -> &'static str {
    match city {
        "Johor Bahru" | "Kuala Lumpur" => "MY",
        _ => place.country,
    }
}

pub(super) fn account(resident: &Resident, epoch: OffsetDateTime) -> Account {
    let mut dice = Dice::new(resident.id.to_owned());
    let place = place(resident.home);
    let (since, until) = lifetime(resident.life, epoch, &mut dice);
    let ledger = ledger(resident, since, until, &mut dice);
    Account {
        id: resident.id,
        email: resident.email,
        name: resident.name,
        language: resident.language,
        kyc: resident.kyc,
        tier: resident.tier,
        closed: resident.life == Life::Closed,
        since,
        profile: profile(resident, &place, since, &ledger, &mut dice),
        sign_ins: sign_ins(resident.life, &place, since, until, &mut dice),
        ledger,
    }
}

/// When the account was opened, and until when it was used.
fn lifetime(life: Life, epoch: OffsetDateTime, dice: &mut Dice) -> (OffsetDateTime, OffsetDateTime) {
    let days_ago = |days: i64| epoch - Duration::days(days);
    match life {
        Life::Fresh => (days_ago(5), days_ago(1)),
        Life::Dormant => (days_ago(dice.between(1900, 2600)), days_ago(dice.between(760, 900))),
        Life::Closed => (days_ago(dice.between(900, 1500)), days_ago(60)),
        Life::Active | Life::PasswordLocked | Life::NoTransactions => (
            days_ago(dice.between(500, 2600)),
            epoch - Duration::hours(dice.between(20, 200)),
        ),
    }
}

fn profile(
    resident: &Resident,
    place: &Place,
    since: OffsetDateTime,
    ledger: &[LedgerRow],
    dice: &mut Dice,
) -> Profile {
    let known = resident.life != Life::Fresh;
    let first_trade = ledger
        .iter()
        .rev()
        .find(|row| row.kind == RowKind::Trade && row.amount > Amount(0));
    Profile {
        registered_month: format!("{:04}-{:02}", since.year(), u8::from(since.month())),
        country: known.then_some(place.country),
        currency: known.then_some(place.currency),
        referral: dice.pick(&REFERRALS).copied().filter(|_| known),
        first_asset_traded: first_trade.map(|row| row.asset.to_owned()),
        assets_held: balances(ledger)
            .into_iter()
            .filter(|(_, held)| *held > Amount(0))
            .map(|(asset, _)| asset.to_owned())
            .collect(),
    }
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

fn sign_ins(life: Life, place: &Place, since: OffsetDateTime, until: OffsetDateTime, dice: &mut Dice) -> Vec<SignIn> {
    let count = if life == Life::Fresh { 1 } else { dice.between(9, 16) };
    let own: Vec<&'static str> = (0..2).filter_map(|_| dice.pick(&DEVICES).copied()).collect();
    let mut rows: Vec<SignIn> = moments(since, until, count, dice)
        .into_iter()
        .filter_map(|at| {
            let usual = dice.below(10) < 7;
            let city = if usual {
                place.cities.first()
            } else {
                dice.pick(&place.cities)
            }
            .copied()?;
            let device = dice.pick(&own).copied()?;
            Some(SignIn {
                at,
                city,
                country: country_of(city, place),
                device,
            })
        })
        .collect();
    rows.reverse();
    rows
}

/// `count` moments between two times, oldest first; the last three lie within the last 18 days.
fn moments(since: OffsetDateTime, until: OffsetDateTime, count: i64, dice: &mut Dice) -> Vec<OffsetDateTime> {
    let span = (until - since).whole_seconds();
    let late = span.min(Duration::days(18).whole_seconds());
    let mut all: Vec<OffsetDateTime> = (0..count)
        .map(|i| {
            let back = if i < 3 {
                dice.between(0, late)
            } else {
                dice.between(0, span)
            };
            until - Duration::seconds(back)
        })
        .collect();
    all.sort_unstable();
    all
}

fn ledger(resident: &Resident, since: OffsetDateTime, until: OffsetDateTime, dice: &mut Dice) -> Vec<LedgerRow> {
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
