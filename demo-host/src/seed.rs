//! The accounts of Halcyon: made in code, the same on every machine, with times counted back from a given moment so that
//! they never look stale.

mod address;
mod dice;
mod history;
mod ledger;
mod people;

use time::OffsetDateTime;

use crate::model::Account;
pub(crate) use ledger::balances;
pub use people::{Factor, FactorKind, Resident, roster};

/// The rule that the landing page shows: the first word of the e-mail address, and `-halcyon`.
pub fn password_of(email: &str) -> String {
    let first: String = email.chars().take_while(char::is_ascii_alphabetic).collect();
    format!("{first}-halcyon")
}

/// All accounts as they stand at `epoch`, in the order of the roster.
pub(crate) fn accounts(epoch: OffsetDateTime) -> Vec<Account> {
    roster()
        .iter()
        .map(|resident| history::account(resident, epoch))
        .collect()
}

/// The ids of all accounts, in alphabetical order.
pub(crate) fn roster_ids() -> Vec<&'static str> {
    let mut ids: Vec<_> = roster().iter().map(|resident| resident.id).collect();
    ids.sort_unstable();
    ids
}

/// Devices that a new account already trusts.
pub(crate) const TRUSTED_DEVICES: [&str; 2] = ["Home computer", "Phone"];

/// Keys for programs that a new account already has.
pub(crate) const API_KEYS: [&str; 1] = ["Tax report, read only"];

/// What a question may offer beside the truth.
pub(crate) mod decoys {
    pub(crate) use super::history::{ASSETS, CITIES, COUNTRIES, DEVICES};
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use std::collections::BTreeSet;

    use time::macros::datetime;

    use super::*;
    use crate::model::{Amount, Kyc, Language, RowKind, Tier};

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

    #[test]
    fn the_same_moment_makes_the_same_accounts() {
        let digest = |accounts: &[Account]| -> Vec<String> {
            accounts
                .iter()
                .map(|a| serde_json::to_string(&(&a.ledger, &a.sign_ins, &a.profile)).unwrap())
                .collect()
        };
        assert_eq!(digest(&accounts(NOW)), digest(&accounts(NOW)));
    }

    #[test]
    fn every_branch_has_an_account() {
        let all = accounts(NOW);
        assert!(all.len() >= 12);
        for kyc in [Kyc::None, Kyc::Primary, Kyc::Advanced] {
            assert!(all.iter().any(|a| a.kyc == kyc), "{kyc:?}");
        }
        for tier in [Tier::Low, Tier::Standard, Tier::High] {
            assert!(all.iter().any(|a| a.tier == tier), "{tier:?}");
        }
        for language in [Language::En, Language::Zh, Language::Es] {
            assert!(all.iter().any(|a| a.language == language), "{language:?}");
        }
        assert!(all.iter().any(|a| a.ledger.is_empty()));
        assert!(all.iter().any(|a| a.email.len() >= 60 && a.name.len() >= 40));
        assert!(all.iter().any(|a| a.closed));
    }

    #[test]
    fn ids_addresses_and_passwords_tell_accounts_apart() {
        let all = accounts(NOW);
        let ids: BTreeSet<_> = all.iter().map(|a| a.id).collect();
        let emails: BTreeSet<_> = all.iter().map(|a| a.email).collect();
        assert_eq!((ids.len(), emails.len()), (all.len(), all.len()));
        for account in &all {
            assert!(account.email.ends_with("@example.com") || account.email.ends_with("@example.org"));
            assert!(password_of(account.email).len() > 8, "{}", account.email);
        }
    }

    #[test]
    fn ledgers_are_rich_ordered_and_never_overdrawn() {
        for account in accounts(NOW).iter().filter(|a| !a.ledger.is_empty()) {
            let resident = roster().iter().find(|r| r.id == account.id).unwrap();
            if resident.is_established() {
                assert!(
                    account.ledger.len() >= 12,
                    "{} has {} rows",
                    account.id,
                    account.ledger.len()
                );
            }
            assert!(account.ledger.windows(2).all(|w| w[0].at >= w[1].at), "{}", account.id);
            assert!(account.ledger[0].at < NOW && account.ledger.last().unwrap().at >= account.since);
            let mut held = std::collections::BTreeMap::new();
            for row in account.ledger.iter().rev() {
                let balance = held.entry(row.asset).or_insert(0_i64);
                *balance += match row.kind {
                    RowKind::Withdrawal => -(row.amount.0 + row.fee.0),
                    RowKind::Deposit | RowKind::Trade => row.amount.0 - row.fee.0,
                };
                assert!(*balance >= 0, "{} overdraws {} in {}", account.id, row.asset, row.id);
                assert!(row.fee >= Amount(0));
            }
        }
    }

    #[test]
    fn live_accounts_moved_something_within_the_last_weeks() {
        let newest = |id: &str| {
            accounts(NOW)
                .iter()
                .find(|a| a.id == id)
                .map(|a| a.ledger[0].at)
                .unwrap()
        };
        assert!(NOW - newest("acc_ada") < time::Duration::weeks(3));
        assert!(NOW - newest("acc_otto") > time::Duration::days(700), "the dormant one");
    }

    /// The accounts that are shown cover what the shipped workflows tell apart: worth, identity, life, language, and what is
    /// held, from nothing to everything.
    #[test]
    fn the_accounts_that_are_shown_cover_every_branch() {
        use super::people::Life;
        let shown: Vec<_> = roster()
            .iter()
            .filter(|resident| !resident.purpose.is_empty())
            .collect();
        let any = |holds: &dyn Fn(&Resident) -> bool| shown.iter().any(|resident| holds(resident));
        for tier in [Tier::Low, Tier::Standard, Tier::High] {
            assert!(any(&|one| one.tier == tier), "{tier:?}");
        }
        for kyc in [Kyc::None, Kyc::Primary, Kyc::Advanced] {
            assert!(any(&|one| one.kyc == kyc), "{kyc:?}");
        }
        for language in [Language::En, Language::Zh, Language::Es] {
            assert!(any(&|one| one.language == language), "{language:?}");
        }
        for life in [
            Life::Active,
            Life::PasswordLocked,
            Life::Dormant,
            Life::NoTransactions,
            Life::Fresh,
            Life::Closed,
        ] {
            assert!(any(&|one| one.life == life), "{life:?}");
        }
        let kinds = |one: &Resident| -> BTreeSet<u8> { one.factors.iter().map(|factor| factor.kind as u8).collect() };
        use FactorKind::{Passkey, Phone, RecoveryCodes, Totp};
        for set in [
            &[][..],
            &[Passkey],
            &[Passkey, Totp],
            &[Passkey, Phone],
            &[Passkey, RecoveryCodes],
            &[Totp, Phone],
            &[Passkey, Totp, Phone, RecoveryCodes],
        ] {
            let set: BTreeSet<u8> = set.iter().map(|kind| *kind as u8).collect();
            assert!(any(&|one| kinds(one) == set), "{set:?}");
        }
        assert!(
            any(&|one| one.tier == Tier::High && one.phone.is_none()),
            "no independent channel"
        );
    }
}
