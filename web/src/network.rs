//! Where a request comes from: the client's network prefix, which counters use in place of an address (RL-02).

use std::net::{IpAddr, Ipv6Addr};

/// The client's address: the peer, or, behind `hops` proxies of our own, the entry of X-Forwarded-For that the outermost
/// of them wrote. Whatever a client puts before it is never read (SE-08).
#[must_use]
pub(crate) fn client(peer: IpAddr, forwarded: &[&str], hops: u8) -> IpAddr {
    let entries: Vec<&str> = forwarded
        .iter()
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect();
    usize::from(hops)
        .checked_sub(1)
        .and_then(|back| entries.iter().rev().nth(back))
        .and_then(|entry| read(entry))
        .unwrap_or(peer)
}

/// An address with or without a port, as proxies write it.
fn read(entry: &str) -> Option<IpAddr> {
    entry
        .parse()
        .ok()
        .or_else(|| {
            entry
                .parse::<std::net::SocketAddr>()
                .ok()
                .map(|with_port| with_port.ip())
        })
        .or_else(|| entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

/// The network that counts as one client: IPv4 /24, IPv6 /48; an IPv4 address in IPv6 clothes is an IPv4 address.
#[must_use]
pub(crate) fn prefix(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(four) => four.octets().iter().take(3).copied().collect(),
        IpAddr::V6(six) => match mapped(six) {
            Some(four) => prefix(IpAddr::V4(four)),
            None => six.octets().iter().take(6).copied().collect(),
        },
    }
}

fn mapped(six: Ipv6Addr) -> Option<std::net::Ipv4Addr> {
    six.to_ipv4_mapped()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// SE-08: the header counts only as far as our own proxies wrote it.
    #[test]
    fn se_08_forwarded_addresses_count_only_from_configured_hops() {
        let peer = ip("10.0.0.1");
        let spoofed = ["6.6.6.6, 203.0.113.9", "10.0.0.2"];
        assert_eq!(client(peer, &spoofed, 0), peer);
        assert_eq!(client(peer, &spoofed, 1), ip("10.0.0.2"));
        assert_eq!(client(peer, &spoofed, 2), ip("203.0.113.9"));
        assert_eq!(client(peer, &spoofed, 9), peer, "fewer entries than hops");
        assert_eq!(client(peer, &["rubbish"], 1), peer);
        assert_eq!(client(peer, &["[2001:db8::1]:443"], 1), ip("2001:db8::1"));
        assert_eq!(client(peer, &["203.0.113.9:5000"], 1), ip("203.0.113.9"));
    }

    #[test]
    fn a_prefix_is_a_network() {
        assert_eq!(prefix(ip("203.0.113.9")), prefix(ip("203.0.113.200")));
        assert_ne!(prefix(ip("203.0.113.9")), prefix(ip("203.0.114.9")));
        assert_eq!(prefix(ip("2001:db8:1::1")), prefix(ip("2001:db8:1:ffff::2")));
        assert_ne!(prefix(ip("2001:db8:1::1")), prefix(ip("2001:db8:2::1")));
        assert_eq!(prefix(ip("::ffff:203.0.113.9")), prefix(ip("203.0.113.1")));
    }
}
