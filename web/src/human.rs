//! HumanCheck: what somebody does who asks oftener than people do. Never a riddle for people: the browser does some work,
//! which costs one person seconds and a program that floods us hours.
//!
//! The puzzle of proof of work is the token of the form it stands in, so nothing is stored: a token is made by us, bound
//! to one session, young, and good for one request (SE-04), and so is its solution.

use readmit_core::command::Human;
use readmit_core::time::{At, Span};
use sha2::{Digest as _, Sha256};

use crate::forms::FormKey;

/// Leading zero bits of SHA-256(`TOKEN:ANSWER`): a quarter of a million tries, a second or two on a telephone.
const BITS: u32 = 18;
/// How long a puzzle may be worked on.
const LASTS: Span = Span::minutes(10);
/// The longest answer, in digits.
const LONGEST: usize = 12;

/// Which check an installation has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HumanCheck {
    /// Everybody passes; the counters stand alone.
    None,
    #[default]
    ProofOfWork,
}

impl HumanCheck {
    /// How hard the puzzle of a form is; `None` where there is none.
    #[must_use]
    pub const fn bits(self) -> Option<u32> {
        match self {
            Self::None => None,
            Self::ProofOfWork => Some(BITS),
        }
    }

    /// Whether the form of this token, which its holder was found to hold, comes with its work done.
    #[must_use]
    pub fn judge(self, token: &str, answer: Option<&str>, now: At) -> Human {
        let passed = match (self, answer) {
            (Self::None, _) => true,
            (Self::ProofOfWork, None) => false,
            (Self::ProofOfWork, Some(answer)) => young(token, now) && solves(token, answer),
        };
        if passed { Human::Checked } else { Human::Unchecked }
    }
}

fn young(token: &str, now: At) -> bool {
    FormKey::made(token).is_some_and(|made| made <= now && now - made < LASTS)
}

fn solves(token: &str, answer: &str) -> bool {
    let digits = !answer.is_empty() && answer.len() <= LONGEST && answer.bytes().all(|byte| byte.is_ascii_digit());
    digits && zeros(&Sha256::digest(format!("{token}:{answer}"))) >= BITS
}

fn zeros(hash: &[u8]) -> u32 {
    let whole = hash.iter().take_while(|byte| **byte == 0).count();
    let next = hash.get(whole).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(whole).map_or(0, |whole| whole * 8) + next
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use readmit_core::cx::Entropy;

    use super::*;

    const NOW: At = At(1_700_000_000_000_000);

    fn token(seed: u8) -> String {
        FormKey::new([5; 32]).issue(&[1; 32], NOW, &Entropy([seed; 32]))
    }

    fn solution(token: &str) -> String {
        (0u64..).map(|n| n.to_string()).find(|n| solves(token, n)).unwrap()
    }

    #[test]
    fn bits_are_counted_over_bytes() {
        assert_eq!(zeros(&[0, 0, 0b0010_0000, 1]), 18);
        assert_eq!(zeros(&[0, 0]), 16);
        assert_eq!(zeros(&[255]), 0);
    }

    /// RL-04: work counts for the form it was done for, while it is young, and nothing else does.
    #[test]
    fn rl_04_work_is_done_for_one_form() {
        let (mine, other) = (token(3), token(4));
        let answer = solution(&mine);
        let judged = |token: &str, answer: &str, now| HumanCheck::ProofOfWork.judge(token, Some(answer), now);
        assert_eq!(judged(&mine, &answer, NOW + Span::minutes(9)), Human::Checked);
        assert_eq!(judged(&mine, &answer, NOW + LASTS), Human::Unchecked, "too late");
        assert_eq!(judged(&other, &answer, NOW), Human::Unchecked, "another form's");
        for wrong in ["", " ", "-1", "0", "00000000000000", &format!("{answer}a")] {
            assert_eq!(judged(&mine, wrong, NOW), Human::Unchecked, "{wrong}");
        }
        assert_eq!(HumanCheck::ProofOfWork.judge(&mine, None, NOW), Human::Unchecked);
        assert_eq!(HumanCheck::None.judge(&mine, None, NOW), Human::Checked);
    }
}
