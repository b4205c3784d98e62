//! How much of what chance decides is tried: `./check --long` tries more of it.

/// Proptest's own number of cases; PROPTEST_CASES sets another, and everything else here follows it.
const USUAL: u32 = 256;

/// So many random cases, and as many times more as PROPTEST_CASES asks for.
pub(crate) fn cases(usual: u32) -> u32 {
    usual * (proptest::test_runner::Config::default().cases / USUAL).max(1)
}

/// A sample: `usual` in `./check`, `long` in `./check --long`, which sets READMIT_LONG.
pub(crate) fn sample(usual: usize, long: usize) -> usize {
    if std::env::var_os("READMIT_LONG").is_some() {
        long
    } else {
        usual
    }
}
