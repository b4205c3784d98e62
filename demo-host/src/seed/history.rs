//! An account's past, but for its ledger: when it was opened and used, profile, sign-ins; and the decoys beside them.

use time::{Duration, OffsetDateTime};

use super::dice::Dice;
use super::ledger::{balances, ledger};
use super::people::{Home, Life, Resident};
use crate::model::{Account, Amount, LedgerRow, Profile, RowKind, SignIn};

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
const REFERRALS: [&str; 5] = ["none", "friend", "search", "advertisement", "event"];

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
    let first_trade = ledger.iter().rev().find(|row| row.kind == RowKind::Trade);
    let market = first_trade.and_then(|row| row.counterparty?.split_once('/'));
    Profile {
        registered_month: format!("{:04}-{:02}", since.year(), u8::from(since.month())),
        country: known.then_some(place.country),
        currency: known.then_some(place.currency),
        referral: dice.pick(&REFERRALS).copied().filter(|_| known),
        first_asset_traded: market.map(|(coin, _)| coin),
        assets_held: balances(ledger)
            .into_iter()
            .filter(|(_, held)| *held > Amount(0))
            .map(|(asset, _)| asset)
            .collect(),
    }
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
pub(super) fn moments(
    since: OffsetDateTime,
    until: OffsetDateTime,
    count: i64,
    dice: &mut Dice,
) -> Vec<OffsetDateTime> {
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
