//! How often a job is tried, and how long it waits in between.

use readmit_core::effect::Effect;
use readmit_core::time::Span;

pub(crate) struct Patience {
    /// Tries in all; after the last one the job is dead.
    pub(crate) tries: u32,
    first: Span,
    longest: Span,
}

/// Codes live for minutes and are sent again by the claimant; notices and remedies are worth a day.
pub(crate) fn patience(effect: &Effect) -> Patience {
    let (tries, first, longest) = match effect {
        Effect::SendCode { .. } | Effect::SendReturnCode { .. } => (6, Span::seconds(2), Span::minutes(1)),
        Effect::SendInvitation => (12, Span::seconds(2), Span::minutes(5)),
        Effect::Notice { .. } => (40, Span::seconds(5), Span::hours(1)),
        Effect::Timer { .. } | Effect::Signal { .. } | Effect::Undelivered { .. } => {
            (60, Span::seconds(1), Span::minutes(15))
        }
        Effect::ReadAccount => (16, Span::seconds(2), Span::minutes(5)),
        // A picture that cannot be read is given up by its executor; what is left is a host, a store or a program away.
        Effect::Inspect { .. } => (400, Span::seconds(1), Span::minutes(5)),
        Effect::Remedy => (64, Span::seconds(2), Span::minutes(30)),
    };
    Patience { tries, first, longest }
}

impl Patience {
    /// The wait after the given number of earlier tries: doubled each time, then shortened at random by up to a half, so
    /// that jobs that failed together do not come back together.
    pub(crate) fn wait(&self, earlier: u32, chance: u64) -> Span {
        let doubled = self.first.0.saturating_mul(1 << earlier.min(30)).min(self.longest.0);
        let half = doubled / 2;
        let chance = i64::try_from(chance >> 1).unwrap_or(0);
        Span(half + chance.rem_euclid(half.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_limit_and_are_spread() {
        let remedy = patience(&Effect::Remedy);
        for chance in [0, 1, u64::MAX / 2, u64::MAX] {
            let first = remedy.wait(0, chance);
            assert!(first >= Span::seconds(1) && first < Span::seconds(2));
            let last = remedy.wait(u32::MAX, chance);
            assert!(last >= Span::minutes(15) && last < Span::minutes(30));
        }
    }

    /// A host that is away for a night is not a dead remedy.
    #[test]
    fn a_remedy_is_tried_for_more_than_a_day_half() {
        let remedy = patience(&Effect::Remedy);
        let least: i64 = (0..remedy.tries).map(|earlier| remedy.wait(earlier, 0).0).sum();
        assert!(Span(least) > Span::hours(12));
    }
}
