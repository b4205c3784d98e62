//! Who wrote to whom, and whether there is a letter below it.

use readmit_core::inspection::{Area, Context};

use crate::pack::Shared;
use crate::page::{Page, letters, same_row};
use crate::phrases::{Phrase, alike};
use crate::read::Line;

/// An e-mail address on the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Address {
    pub text: String,
    pub area: Area,
    role: Option<Role>,
    /// In pointed brackets, as mail programs write the address after a name.
    bracketed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Sender,
    Recipient,
}

/// How an address on the page compares with the one that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    None,
    Same,
    /// The same but for letters that readers mix up.
    Alike,
    /// Partly hidden by stars, and the rest fits.
    Masked,
    Other,
}

impl Match {
    #[must_use]
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Same => "same",
            Self::Alike => "alike",
            Self::Masked => "masked",
            Self::Other => "other",
        }
    }
}

/// What the page tells of sender and recipient.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub addresses: Vec<Address>,
    pub recipient: Option<Address>,
    pub recipient_is: Match,
    pub sender: Option<Address>,
    pub sender_is: Match,
    /// Letters of the lines below the head, in its column.
    pub body_letters: usize,
}

impl Shared {
    /// Reads the head of a mail.
    #[must_use]
    pub(crate) fn mail(&self, page: &Page, context: &Context) -> Mail {
        let addresses = self.addresses(page, context);
        let head = Head {
            addresses: &addresses,
            wanted: &context.account.email,
            lines: self.bounds.head_lines,
        };
        let sender = head.sender();
        let recipient = head.recipient(sender, context);
        let (sender, recipient) = (sender.cloned(), recipient.cloned());
        Mail {
            recipient_is: recipient
                .as_ref()
                .map_or(Match::None, |found| compare(&found.text, &context.account.email)),
            sender_is: sender
                .as_ref()
                .map_or(Match::None, |found| from_operator(&found.text, context)),
            body_letters: body(page, &addresses, self),
            addresses,
            recipient,
            sender,
        }
    }

    fn addresses(&self, page: &Page, context: &Context) -> Vec<Address> {
        let mut found = Vec::new();
        for lines in page.texts() {
            for (place, line) in lines.iter().enumerate() {
                for address in self.mail_address.find_iter(&line.text) {
                    let before = line.text.get(..address.start()).unwrap_or_default();
                    let (text, label) = self.unlabelled(address.as_str(), before, &context.account.email);
                    let role = label.or_else(|| self.role(page, line, before));
                    found.push(Address {
                        text: text.to_owned(),
                        area: line.area,
                        role,
                        bracketed: before.trim_end().ends_with(['<', '＜', '〈']),
                    });
                }
                if let Some(next) = lines.get(place + 1) {
                    found.extend(broken(line, next, &context.account.email));
                }
            }
        }
        found.sort_by_key(|address| address.area.1);
        found
    }

    /// A reader may lose the space after a label: `Fromno-reply@…`. Then the address is what follows it.
    fn unlabelled<'a>(&self, found: &'a str, before: &str, wanted: &str) -> (&'a str, Option<Role>) {
        if !before.trim().is_empty() {
            return (found, None);
        }
        for (name, role) in [("sender", Role::Sender), ("recipient", Role::Recipient)] {
            for label in self.labels(name) {
                let rest = label.head_of(found).and_then(|length| found.get(length..));
                let capital = found.starts_with(char::is_uppercase);
                if let Some(rest) = rest.filter(|rest| {
                    *rest == wanted || capital && role == Role::Sender && self.mail_address.is_match(rest)
                }) {
                    return (rest, Some(role));
                }
            }
        }
        (found, None)
    }

    /// What the label before an address says, else the one to the left of its line, else the one above. A sender's label
    /// must begin its line: what a subject or a letter says of a sender is no head.
    fn role(&self, page: &Page, line: &Line, before: &str) -> Option<Role> {
        let of = |text: &str| {
            let any =
                |name: &str, says: fn(&Phrase, &str) -> bool| self.labels(name).iter().any(|label| says(label, text));
            if any("recipient", Phrase::closes) || any("recipient", Phrase::opens) {
                Some(Role::Recipient)
            } else {
                any("sender", Phrase::opens).then_some(Role::Sender)
            }
        };
        if before.chars().any(char::is_alphanumeric) {
            return of(before);
        }
        page.left_of(line).and_then(|label| of(&label.text)).or_else(|| {
            let label = page.above(line)?;
            let is = |name: &str| self.labels(name).iter().any(|word| word.is(&label.text));
            if is("recipient") {
                Some(Role::Recipient)
            } else {
                is("sender").then_some(Role::Sender)
            }
        })
    }
}

/// An address that goes on in the next line: only the one that is looked for is put together.
fn broken(line: &Line, next: &Line, wanted: &str) -> Option<Address> {
    let tail = line.text.rsplit([' ', '<', ':']).next()?;
    let head = next.text.split([' ', '>', ',']).next()?;
    let whole = format!("{tail}{head}");
    let right = !wanted.is_empty() && whole.eq_ignore_ascii_case(wanted) && !head.is_empty() && !tail.is_empty();
    right.then_some(Address {
        text: whole,
        area: line.area,
        role: Some(Role::Recipient),
        bracketed: false,
    })
}

/// The addresses of a page, from its top, and what belongs to the head of the mail among them. A mailbox shows its own
/// address above the head, and letters name addresses below it: neither says who wrote to whom.
struct Head<'a> {
    addresses: &'a [Address],
    wanted: &'a str,
    /// Line heights from the head's first address to its last.
    lines: u32,
}

impl<'a> Head<'a> {
    /// The sender: of the addresses above the recipient the one that is labelled so, else the nearest; where the head shows
    /// no recipient, the topmost. Of several in that row, the last is the address and what is before it a name.
    fn sender(&self) -> Option<&'a Address> {
        let could_be: Vec<&Address> = self.addresses.iter().filter(|found| self.may_send(found)).collect();
        let top = could_be.first()?;
        let to = self.addresses.iter().find(|found| {
            let is = found.role == Some(Role::Recipient) || self.is_wanted(found) && found.role.is_none();
            is && self.near(top, found, self.lines) && could_be.iter().any(|from| not_below(from, found))
        });
        let labelled = |found: &&&Address| found.role == Some(Role::Sender);
        let chosen = match to {
            Some(to) => {
                let above = || could_be.iter().filter(|from| not_below(from, to));
                let bracketed = || above().rfind(|found| found.bracketed);
                above()
                    .find(labelled)
                    .or_else(bracketed)
                    .or_else(|| above().next_back())
            }
            None => {
                let named = |found: &&&Address| labelled(found) || found.bracketed;
                could_be.iter().find(named).or_else(|| could_be.first())
            }
        };
        chosen.map(|chosen| self.last_of_row(chosen))
    }

    /// The recipient: in the head the one that is labelled so, else the first address after the sender's; where the head
    /// names none, the wanted address wherever it stands.
    fn recipient(&self, sender: Option<&Address>, context: &Context) -> Option<&'a Address> {
        let top = sender.or(self.addresses.first())?;
        let others = || {
            let other = |found: &&Address| found.role != Some(Role::Sender) && sender != Some(*found);
            self.addresses.iter().filter(other)
        };
        let labelled =
            others().filter(|found| found.role == Some(Role::Recipient) && self.near(top, found, self.lines));
        let beside = others().filter(|found| {
            let own = from_operator(&found.text, context) == Match::Same;
            found.role.is_none() && !own && not_below(top, found) && self.near(top, found, BESIDE)
        });
        self.best_of_row(labelled)
            .or_else(|| sender.and_then(|_| self.best_of_row(beside)))
            .or_else(|| self.fittest(others()))
            .or_else(|| others().find(|found| found.role == Some(Role::Recipient)))
    }

    fn may_send(&self, found: &Address) -> bool {
        match found.role {
            Some(Role::Sender) => true,
            Some(Role::Recipient) => false,
            None => !self.is_wanted(found),
        }
    }

    fn is_wanted(&self, found: &Address) -> bool {
        matches!(
            compare(&found.text, self.wanted),
            Match::Same | Match::Masked | Match::Alike
        )
    }

    fn near(&self, from: &Address, to: &Address, lines: u32) -> bool {
        to.area.1.saturating_sub(from.area.1) <= lines * from.area.3
    }

    /// The address itself, where a name before it is made to look like one: `"post@house.example" <other@elsewhere.example>`.
    fn last_of_row(&self, chosen: &'a Address) -> &'a Address {
        let after = self.addresses.iter().rev().find(|found| {
            let beside = same_row(&found.area, &chosen.area) && found.area.0 >= chosen.area.0;
            let below = found.area.1 > chosen.area.1 && self.near(chosen, found, 2) && !self.is_wanted(found);
            let could_be = found.bracketed && found.role != Some(Role::Recipient) || self.may_send(found);
            could_be && (beside || found.bracketed && below && found.role.is_none())
        });
        after.unwrap_or(chosen)
    }

    /// Of the row of the first, the wanted one if it is there.
    fn best_of_row(&self, found: impl Iterator<Item = &'a Address> + Clone) -> Option<&'a Address> {
        let first = found.clone().next()?;
        let row = found.filter(|other| same_row(&other.area, &first.area));
        self.fittest(row).or(Some(first))
    }

    /// The one that fits the wanted address best.
    fn fittest(&self, found: impl Iterator<Item = &'a Address> + Clone) -> Option<&'a Address> {
        [Match::Same, Match::Masked, Match::Alike].into_iter().find_map(|is| {
            let mut found = found.clone();
            found.find(|found| compare(&found.text, self.wanted) == is)
        })
    }
}

/// Line heights in which an address without a label stands right under the sender.
const BESIDE: u32 = 3;

/// Whether an address stands above another one, or before it in the same row.
fn not_below(a: &Address, b: &Address) -> bool {
    a != b && (same_row(&a.area, &b.area) || a.area.1 < b.area.1)
}

/// How an address compares with the wanted one.
#[must_use]
pub(crate) fn compare(found: &str, wanted: &str) -> Match {
    let (found, wanted) = (found.to_lowercase(), wanted.to_lowercase());
    if wanted.is_empty() {
        Match::Other
    } else if found == wanted {
        Match::Same
    } else if found.contains(['*', '•', '…']) {
        if fits(&found, &wanted) {
            Match::Masked
        } else {
            Match::Other
        }
    } else if alike(&found) == alike(&wanted) {
        Match::Alike
    } else {
        Match::Other
    }
}

/// Whether a starred address could be the wanted one: what is shown at its ends and in its domain is the same.
fn fits(masked: &str, wanted: &str) -> bool {
    let hides = |c: char| matches!(c, '*' | '•' | '…');
    let parts = |text: &str| {
        text.split_once('@')
            .map(|(name, domain)| (name.to_owned(), domain.to_owned()))
    };
    let (Some((name, domain)), Some((own, home))) = (parts(masked), parts(wanted)) else {
        return false;
    };
    let part = |shown: &str, real: &str| match (shown.find(hides), shown.rfind(hides)) {
        (Some(from), Some(to)) => {
            let tail = shown.get(to..).unwrap_or_default().trim_start_matches(hides);
            real.starts_with(shown.get(..from).unwrap_or_default()) && real.ends_with(tail)
        }
        _ => shown == real,
    };
    part(&name, &own) && part(&domain, &home)
}

/// Whether an address is of the operator: one of its domains, or below one.
fn from_operator(address: &str, context: &Context) -> Match {
    let Some((_, domain)) = address.rsplit_once('@') else {
        return Match::Other;
    };
    let domain = domain.to_lowercase();
    let of = |own: &String| {
        let own = own.to_lowercase();
        domain == own || domain.strip_suffix(&own).is_some_and(|sub| sub.ends_with('.'))
    };
    if context.operator.domains.iter().any(of) {
        Match::Same
    } else {
        Match::Other
    }
}

fn body(page: &Page, addresses: &[Address], shared: &Shared) -> usize {
    let labelled = |line: &&Line| {
        ["sender", "recipient", "time"]
            .iter()
            .any(|name| shared.labels(name).iter().any(|label| label.opens(&line.text)))
    };
    let heads: Vec<Area> = match addresses.first() {
        Some(first) => {
            let within = |area: &Area| {
                area.1 >= first.area.1 && area.1 <= first.area.1 + shared.bounds.head_lines * first.area.3
            };
            let lines = page.lines.iter().filter(labelled).map(|line| line.area);
            let near = addresses.iter().map(|found| found.area).chain(lines);
            near.filter(within).collect()
        }
        None => Vec::new(),
    };
    let bottom = heads.iter().map(|area| area.1 + area.3 / 2).max().unwrap_or(0);
    let left = heads.iter().map(|area| area.0).min().unwrap_or(0);
    let below = page
        .lines
        .iter()
        .filter(|line| line.area.1 > bottom && line.area.0 + line.area.2 > left);
    below
        .map(|line| letters(&line.text))
        .filter(|count| *count >= shared.bounds.sentence_letters)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_and_never_passed_when_they_only_look_alike() {
        for (found, is) in [
            ("Ada.L@mail.example", Match::Same),
            ("ada.1@mail.example", Match::Alike),
            ("a***l@mail.example", Match::Masked),
            ("a***@m***.example", Match::Masked),
            ("b***l@mail.example", Match::Other),
            ("eve@mail.example", Match::Other),
        ] {
            assert_eq!(compare(found, "ada.l@mail.example"), is, "{found}");
        }
    }

    #[test]
    fn a_lookalike_domain_is_another_sender() {
        let mut context = Context::default();
        context.operator.domains = vec!["exchange.example".into()];
        for (address, is) in [
            ("no-reply@exchange.example", Match::Same),
            ("a@mail.exchange.example", Match::Same),
            ("a@exchange.example.net", Match::Other),
            ("a@myexchange.example", Match::Other),
            ("a@exchamge.example", Match::Other),
        ] {
            assert_eq!(from_operator(address, &context), is, "{address}");
        }
    }
}
