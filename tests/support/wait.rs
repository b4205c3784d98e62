//! The one place where tests wait: for a condition, with a deadline so long that it only ever means "never".

use std::time::{Duration, Instant};

const NEVER: Duration = Duration::from_secs(60);

/// Asks again and again until there is an answer; `None` when there is none for a minute.
pub(crate) async fn within<T>(ask: impl AsyncFn() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    while start.elapsed() < NEVER {
        if let Some(answer) = ask().await {
            return Some(answer);
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    None
}

/// As [`within`], but there must be an answer.
///
/// # Panics
/// When there is none, naming what was waited for.
pub(crate) async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    within(ask).await.unwrap_or_else(|| panic!("waited in vain: {what}"))
}
