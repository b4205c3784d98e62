//! The four origins (SE-08). All links are built from here, never from a request's Host header (RF-20).

use std::fmt;

use serde::{Deserialize, Serialize};

/// `scheme://host[:port]`, as browsers write it in `Origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
}

impl Origin {
    /// Host name without port, lower case: what a Host guard compares.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    #[must_use]
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https://")
    }

    /// A link to a path of this origin; `path` begins with a slash.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The text is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin; write scheme, host and port only, for example https://recover.example.com")]
pub struct NotAnOrigin(pub String);

impl std::str::FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let wrong = || NotAnOrigin(text.to_owned());
        let lower = text.trim_end_matches('/').to_lowercase();
        let (scheme, authority) = lower.split_once("://").ok_or_else(wrong)?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let scheme_fits = matches!(scheme, "http" | "https");
        let host_fits = !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok());
        if !(scheme_fits && host_fits && port_fits) {
            return Err(wrong());
        }
        // Browsers leave a scheme's own port out.
        let usual = matches!((scheme, port), ("http", Some("80")) | ("https", Some("443")));
        let shown = if usual { host } else { authority };
        Ok(Self {
            text: format!("{scheme}://{shown}"),
            host: host.to_owned(),
        })
    }
}

/// Where each face is reached.
#[derive(Clone, Debug)]
pub struct Origins {
    claimant: Origin,
    staff: Origin,
    evidence: Origin,
    host: Origin,
}

/// Two faces share a host name: cookies and Host guards could not tell them apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is named for two origins; claimants, staff, evidence and the host need a host name each")]
pub struct SharedHost(pub String);

/// Which of our faces a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    Claimant,
    Staff,
    Evidence,
}

impl Origins {
    /// # Errors
    /// [`SharedHost`] when two of the four have the same host name.
    pub fn new(claimant: Origin, staff: Origin, evidence: Origin, host: Origin) -> Result<Self, SharedHost> {
        let names = [&claimant, &staff, &evidence, &host].map(Origin::host);
        for (place, name) in names.iter().enumerate() {
            if names.iter().skip(place + 1).any(|other| other == name) {
                return Err(SharedHost((*name).to_owned()));
            }
        }
        Ok(Self {
            claimant,
            staff,
            evidence,
            host,
        })
    }

    #[must_use]
    pub fn of(&self, face: Face) -> &Origin {
        match face {
            Face::Claimant => &self.claimant,
            Face::Staff => &self.staff,
            Face::Evidence => &self.evidence,
        }
    }

    /// The host's own pages: where the account lives.
    #[must_use]
    pub fn host(&self) -> &Origin {
        &self.host
    }

    /// Whether browsers take two faces for one site: host names beside each other, as `staff.bank.example` and
    /// `evidence.bank.example` are. Names that share less may be two sites, and count as two.
    #[must_use]
    pub fn are_one_site(&self, one: Face, other: Face) -> bool {
        let above = |face| self.of(face).host().split_once('.').map(|(_, above)| above);
        let same_scheme = self.of(one).is_https() == self.of(other).is_https();
        same_scheme && above(one) == above(other) && above(one).is_some_and(|above| above.contains('.'))
    }

    /// The face that a Host header names, with or without a port; `None` for every other name.
    #[must_use]
    pub fn face(&self, host_header: &str) -> Option<Face> {
        let name = host_header
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(host_header, |(name, _)| name);
        [Face::Claimant, Face::Staff, Face::Evidence]
            .into_iter()
            .find(|face| self.of(*face).host().eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn origins() -> Origins {
        Origins::new(
            "http://recover.bank.localhost:8080".parse().unwrap(),
            "http://staff.readmit.localhost:8080".parse().unwrap(),
            "http://evidence.readmit.localhost:8080".parse().unwrap(),
            "http://bank.localhost:8080".parse().unwrap(),
        )
        .unwrap()
    }

    /// SE-08, RF-20: a face is chosen by exact name; a strange Host header chooses none.
    #[test]
    fn se_08_faces_are_told_apart_by_host() {
        let origins = origins();
        assert_eq!(origins.face("recover.bank.localhost:8080"), Some(Face::Claimant));
        assert_eq!(origins.face("RECOVER.bank.localhost"), Some(Face::Claimant));
        assert_eq!(origins.face("staff.readmit.localhost:1"), Some(Face::Staff));
        for strange in [
            "",
            "evil.example",
            "recover.bank.localhost.evil.example",
            "x.recover.bank.localhost",
            "127.0.0.1:8080",
            "[::1]:8080",
        ] {
            assert_eq!(origins.face(strange), None, "{strange}");
        }
    }

    /// EV-07: what browsers take for another site is never taken for the same.
    #[test]
    fn ev_07_sites_are_told_by_what_stands_above_a_name() {
        let origins = origins();
        assert!(origins.are_one_site(Face::Staff, Face::Evidence));
        assert!(!origins.are_one_site(Face::Claimant, Face::Evidence));
        let named = |claimant: &str, evidence: &str| {
            let origin = |text: &str| text.parse().unwrap();
            let (staff, host) = (origin("https://staff.example"), origin("https://bank.example"));
            let all = Origins::new(origin(claimant), staff, origin(evidence), host).unwrap();
            all.are_one_site(Face::Claimant, Face::Evidence)
        };
        assert!(named("https://recover.a.example", "https://evidence.a.example"));
        assert!(
            !named("https://a.example", "https://b.example"),
            "two names under a suffix"
        );
        assert!(!named("https://recover.a.example", "https://evidence.b.example"));
        assert!(
            !named("https://recover.a.example", "http://evidence.a.example"),
            "two schemes"
        );
    }

    #[test]
    fn origins_are_read_strictly() {
        let origin: Origin = "https://Recover.example.com:443/".parse().unwrap();
        assert_eq!(origin.link("/case"), "https://recover.example.com/case");
        assert!(origin.is_https());
        for wrong in [
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "https://a/b",
            "https://a:b",
            "https://u@a",
        ] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn two_faces_never_share_a_name() {
        let one: Origin = "https://a.example".parse().unwrap();
        let two: Origin = "https://b.example".parse().unwrap();
        let again: Origin = "https://a.example:8443".parse().unwrap();
        let three: Origin = "https://c.example".parse().unwrap();
        assert_eq!(
            Origins::new(one, two, again, three).unwrap_err(),
            SharedHost("a.example".into())
        );
    }
}
