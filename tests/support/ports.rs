//! Ports for servers that stop and start again. They lie below those that the system hands to whoever asks for any, so
//! that nobody takes one in between.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

const FIRST: u32 = 20_000;
const COUNT: u32 = 12_000;

/// A listener on a port that nobody has.
pub(crate) fn listener() -> TcpListener {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let start = std::process::id().wrapping_mul(37);
    loop {
        let place = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let port = u16::try_from(FIRST + place).unwrap();
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            return listener;
        }
    }
}

/// A port that nobody had a moment ago.
pub(crate) fn free() -> u16 {
    listener().local_addr().unwrap().port()
}
