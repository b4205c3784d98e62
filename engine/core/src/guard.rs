//! Guards: conditional writes outside the case, in its transaction (invariant 5), and the standing they are decided on.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use uuid::Uuid;

use crate::cx::Keys;
use crate::ids::{CaseId, PersonId, Tag, TaskId};
use crate::time::{At, Span};

/// A counter that belongs to an account, number, factor, prefix or reviewer. Counts in fixed windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bucket {
    pub tag: Tag,
    pub limit: u32,
    pub window: Span,
}

impl Bucket {
    /// When the window of `now` began: windows are aligned to the epoch.
    #[must_use]
    pub fn window_start(&self, now: At) -> At {
        At(now.0 - now.0.rem_euclid(self.window.0.max(1)))
    }
}

/// Wrong tries in a row: at an account's codes, at one of its factors. A right try ends them, and so does time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Streak {
    pub tag: Tag,
    /// How long after the last wrong try they are forgotten.
    pub kept: Span,
}

impl Streak {
    /// Of the wrong tries at an account's factors of one kind: longer than any case, until that kind is bound anew.
    #[must_use]
    pub fn of_factor(keys: &Keys, account: Tag, kind: &str) -> Self {
        Self {
            tag: keys.index_tag("streak-factor", &[&account.0, kind.as_bytes()]),
            kept: Span::days(3_650),
        }
    }
}

/// A guard that touches no row is a conflict: the case is loaded and decided again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Adds one to the bucket if it holds fewer than its limit (RL-03: atomic under a burst).
    Spend(Bucket),
    /// Sets the number of wrong tries in a row, if it is still the one that was seen: what waits for its turn waits under a
    /// burst, too (OT-04, RL-03). With `seen` left out it is set whatever it was.
    Tried {
        streak: Streak,
        seen: Option<u32>,
        wrong: u32,
    },
    /// The account has no other open case of class recovery (RF-19).
    OneOpenCase { account: Tag },
    /// The account's open case is no longer this one.
    ReleaseAccount { account: Tag },
    /// The task is claimed under exactly this fencing token.
    Lease { task: TaskId, token: u32 },
    /// An approval that nobody can give twice: `approvals(case, round, person)` is unique (IN-01).
    Approve { round: u32, person: PersonId },
    /// Deletes factors that the account has here; from now on they are refused (RF-16).
    RemoveFactors { account: Tag, which: Which },
    /// Marks factors of the account as refused while the remedy runs (invariant 11).
    SuspendFactors { account: Tag, which: Which },
    /// Gives suspended factors back: the remedy was given up.
    RestoreFactors { account: Tag, which: Which },
    /// Keeps a new factor. With `alone` the account must have no other of its kind.
    AddFactor {
        account: Tag,
        id: Uuid,
        factor: Enrolled,
        alone: bool,
    },
    /// A factor proved something: its mark only rises, so that no step, counter or code counts twice (TO-02, PK-04).
    /// A passkey that never counts keeps the mark 0. `now` takes the place of what was kept.
    FactorStep { account: Tag, factor: Uuid, now: Enrolled },
    /// The account is signed out everywhere: what the host let in before is over here, too (RF-16).
    SignOut { account: Tag, at: At },
    /// Remembers a veto of the account; a further case within 30 days is disputed.
    RecordVeto { account: Tag, at: At },
    /// Binds an account's question set until it is solved (QS-04); `None` forgets it. The value is sealed by the store.
    KeepQuestions {
        account: Tag,
        set: Option<serde_json::Value>,
    },
}

/// Some of an account's factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    Kinds(Vec<String>),
    One { kind: String, factor: Uuid },
}

/// What is kept of a factor. Sealed state only: in a case while the factor waits for the remedy, then with the account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Enrolled {
    /// `passkey`, `totp`, `phone` or `recovery_codes`.
    pub kind: String,
    /// What its owner calls it; a phone's number in E.164.
    pub name: String,
    pub secret: serde_json::Value,
    /// See [`Guard::FactorStep`]. A new one has a mark, too: the code that proved a TOTP app is used up.
    pub mark: i64,
}

/// What a decision asks the store for, beside the case. Read anew at every try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    pub buckets: Vec<Bucket>,
    pub streaks: Vec<Streak>,
    /// Ask for the account's standing: open case, last veto, factors kept, question set.
    pub account: Option<Tag>,
    /// Ask for the secrets of the account's factors, too.
    pub secrets: bool,
}

impl Wants {
    /// Without the account: what a decision is first tried with.
    #[must_use]
    pub fn counters(&self) -> Self {
        Self {
            buckets: self.buckets.clone(),
            streaks: self.streaks.clone(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.buckets.extend(other.buckets);
        self.streaks.extend(other.streaks);
        self.account = self.account.or(other.account);
        self.secrets |= other.secrets;
        self
    }
}

/// What the store answered to [`Wants`].
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Used so far in the current window, by bucket tag; absent means none.
    pub spent: BTreeMap<Tag, u32>,
    /// Wrong tries in a row, by the streak's tag; absent means none.
    pub wrong: BTreeMap<Tag, Wrong>,
    account: AccountStanding,
    /// Whether anybody looked at the account: most decisions do not, and theirs need no read of it.
    looked: OnceLock<()>,
}

/// What is kept of an account beside its cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountStanding {
    pub open_case: Option<CaseId>,
    pub last_veto: Option<At>,
    /// Those that are refused are not among them.
    pub factors: Vec<FactorSummary>,
    /// What the factors are checked with, by factor; empty unless asked for.
    pub secrets: BTreeMap<Uuid, serde_json::Value>,
    /// The account's unsolved question set, opened.
    pub questions: Option<serde_json::Value>,
}

/// How many tries in a row were wrong, and when the last one was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub tries: u32,
    pub last: At,
}

impl Standing {
    #[must_use]
    pub fn new(spent: BTreeMap<Tag, u32>, wrong: BTreeMap<Tag, Wrong>, account: AccountStanding) -> Self {
        Self {
            spent,
            wrong,
            account,
            looked: OnceLock::new(),
        }
    }

    /// The account's standing; that it was looked at is remembered.
    pub fn account(&self) -> &AccountStanding {
        self.looked.get_or_init(|| ());
        &self.account
    }

    pub const fn account_mut(&mut self) -> &mut AccountStanding {
        &mut self.account
    }

    /// Whether a decision looked at the account.
    #[must_use]
    pub fn looked(&self) -> bool {
        self.looked.get().is_some()
    }

    /// How many are left in the bucket.
    #[must_use]
    pub fn left(&self, bucket: &Bucket) -> u32 {
        bucket
            .limit
            .saturating_sub(self.spent.get(&bucket.tag).copied().unwrap_or(0))
    }
}

/// One factor that an account has here, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FactorSummary {
    pub id: Uuid,
    /// `passkey`, `totp`, `phone` or `recovery_codes`.
    pub kind: String,
    /// What its owner calls it; a phone's number in E.164.
    pub name: String,
    pub last_used: Option<At>,
    /// A TOTP app's last time step, a passkey's counter, how many recovery codes are used.
    pub mark: i64,
}
