//! Values as pages show them.

use time::OffsetDateTime;
use time::macros::format_description;

/// A time for people and, in `machine`, for the `datetime` attribute.
pub(super) struct When {
    pub(super) machine: String,
    pub(super) people: String,
}

pub(super) fn when(at: OffsetDateTime) -> When {
    let people = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    let machine = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    When {
        machine: at.format(machine).unwrap_or_default(),
        people: at.format(people).unwrap_or_default(),
    }
}

/// A piece of a plain text: an address that may be followed, or anything else.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

/// Cuts out what begins with `http://` or `https://`, up to a space; a full stop or bracket after it is not part of it.
pub(super) fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some(start) = [text.find("http://"), text.find("https://")]
        .into_iter()
        .flatten()
        .min()
    {
        let (before, from) = text.split_at(start);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
            .unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        let link = run.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '。', '，', '）']);
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Link(link));
        pieces.push(Piece::Text(run.strip_prefix(link).unwrap_or_default()));
        text = after;
    }
    pieces.push(Piece::Text(text));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    #[test]
    fn links_end_before_punctuation() {
        let cut = pieces("Stop it: http://recover.halcyon.localhost:8080/stop/a?b=c. Or wait.\nhttps://x.example");
        assert_eq!(
            cut,
            [
                Piece::Text("Stop it: "),
                Piece::Link("http://recover.halcyon.localhost:8080/stop/a?b=c"),
                Piece::Text("."),
                Piece::Text(" Or wait.\n"),
                Piece::Link("https://x.example"),
            ]
        );
        assert_eq!(pieces("nothing"), [Piece::Text("nothing")]);
    }
}
