//! What chance must look like.

use readmit_core::codes::{Place, code};
use readmit_core::ids::CaseId;
use uuid::Uuid;

use super::memory::keys;
use crate::support::long::sample;

/// OT-01: codes keep their leading zeros, and neither their first nor their last three digits are likelier to be one thing
/// than another: Pearson's chi-square over a thousand cells, at six standard deviations. The keys are fixed, so the verdict
/// is always the same.
#[test]
fn ot_01_codes_are_evenly_spread() {
    let count = sample(50_000, 1_000_000);
    let (mut first, mut last, mut zeros) = (vec![0u32; 1_000], vec![0u32; 1_000], 0);
    for n in 0..count {
        let keys = keys(CaseId(Uuid::from_u128(n as u128 / 20)));
        let place = Place {
            purpose: "step",
            run: 3,
            issue: u32::try_from(n % 20).unwrap(),
            address: "ada@example.com",
        };
        let code = code(&keys, place, 6);
        assert_eq!(code.len(), 6, "{code}");
        first[code[..3].parse::<usize>().unwrap()] += 1;
        last[code[3..].parse::<usize>().unwrap()] += 1;
        zeros += usize::from(code.starts_with('0'));
    }
    let expected = count as f64 / 1_000.0;
    for (cells, which) in [(first, "first"), (last, "last")] {
        let chi: f64 = cells
            .iter()
            .map(|seen| (f64::from(*seen) - expected).powi(2) / expected)
            .sum();
        let deviations = (chi - 999.0) / (2.0f64 * 999.0).sqrt();
        assert!(
            deviations.abs() < 6.0,
            "{which} digits: chi-square {chi:.0}, {deviations:.1} deviations"
        );
    }
    assert!(
        (zeros * 100 / count).abs_diff(10) <= 1,
        "{zeros} of {count} begin with 0"
    );
}
