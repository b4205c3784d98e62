//! Pictures on the case page with what was found in them, and the evidence origin that serves their copies (EV-05, EV-07).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use readmit_core::ids::{BlobId, CaseId, EvidenceId};
use readmit_core::inspection::{Area, Finding, Inspected, Report, Scanned, Verdict};
use readmit_core::kind::Media;
use readmit_core::ports::Store as _;
use readmit_core::time::At;
use readmit_steps::documents::{Gone, Piece, Reading, Tally, pieces};
use readmit_web::picture::{self, Look};
use readmit_web::{Anyone, App, Caller, Face, Holder, PageError, Staff, session};
use serde_json::json;

use super::find::Found;
use super::ticket::{Ticket, link};
use crate::contact::letters::reads;
use crate::page;
use crate::sight::{Sight, sight};
use crate::words::{self, capital, plain};

/// The width, in pixels, at which a box's number and the watermark are as large as letters of the page.
const WIDTH: u32 = 390;

/// The strip of pictures and the one that is shown.
#[derive(Default)]
pub(super) struct Evidence {
    pub(super) strip: Vec<Item>,
    pub(super) picture: Option<Picture>,
}

pub(super) struct Item {
    pub(super) number: usize,
    pub(super) thumbnail: Option<String>,
    pub(super) label: String,
    pub(super) detail: String,
    pub(super) tally: Option<Tally>,
    pub(super) here: bool,
}

pub(super) struct Picture {
    pub(super) label: String,
    pub(super) stage: Stage,
    /// The rule pack that judged, and its version.
    pub(super) rules: String,
    /// What needs an eye, worst first.
    pub(super) findings: Vec<Line>,
    /// Rules that have nothing to say.
    pub(super) passed: Vec<String>,
    /// Values that were read, to be copied.
    pub(super) values: Vec<(String, String)>,
    /// The ledger row that the picture shows, and by what.
    pub(super) ledger: Option<(String, String)>,
    pub(super) known: Vec<Elsewhere>,
    /// Which virus scanner had its word, and when.
    pub(super) scanned: String,
    pub(super) kind: String,
    /// As the claimant's machine called it.
    pub(super) name: String,
    pub(super) sha256: Vec<String>,
}

/// What stands where the picture is.
pub(super) enum Stage {
    Shown(Shown),
    /// Why there is nothing to see.
    Nothing(&'static str),
}

pub(super) struct Shown {
    pub(super) src: String,
    pub(super) width: u32,
    pub(super) height: u32,
    /// How much larger than usual it is.
    pub(super) scale: String,
    pub(super) water: String,
    pub(super) boxes: Vec<Spot>,
}

/// A finding's place on the picture.
pub(super) struct Spot {
    pub(super) number: usize,
    pub(super) tone: &'static str,
    pub(super) title: String,
    pub(super) area: Area,
}

/// A finding in words.
pub(super) struct Line {
    /// Of its box.
    pub(super) number: Option<usize>,
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) mark: &'static str,
    pub(super) rule: String,
    pub(super) text: String,
    pub(super) value: String,
}

/// The same picture in another case.
pub(super) struct Elsewhere {
    pub(super) reference: String,
    pub(super) how: String,
}

/// What the claimant handed in, with the picture of this number (from 1) on the stage.
pub(super) async fn view(
    app: &App,
    caller: &Caller,
    holder: &Holder,
    who: &str,
    found: &Found,
    number: usize,
) -> Result<Evidence, PageError> {
    let all = pieces(&found.loaded.sealed, &found.definition);
    // Unless one was asked for: the first that counts.
    let first = all.iter().position(Piece::counts).map_or(1, |place| place + 1);
    let number = if number == 0 {
        first
    } else {
        number.min(all.len().max(1))
    };
    let to = |blob: BlobId| link(app, holder, found.id, blob, caller.at);
    let strip = all.iter().enumerate().map(|(place, piece)| Item {
        number: place + 1,
        thumbnail: piece
            .inspected()
            .and_then(|inspected| Some(to(inspected.shown?.thumbnail))),
        label: format!("{} · {}", place + 1, capital(&plain(&piece.slot))),
        detail: detail(piece, caller.at),
        tally: piece.tally(),
        here: place + 1 == number,
    });
    let strip = strip.collect();
    let Some(piece) = all.get(number - 1) else {
        return Ok(Evidence::default());
    };
    let water = format!("{who} · {} UTC", words::stamp(caller.at));
    let mut picture = picture(piece, number, &to, water);
    for known in piece.inspected().iter().flat_map(|inspected| &inspected.known) {
        let whose = if known.same_account {
            "same account"
        } else {
            "another account"
        };
        let turned = if known.turned { ", turned or mirrored" } else { "" };
        let alike = known.bits.map_or("the same file".to_owned(), |bits| {
            format!("looks the same ({bits} of 256 bits differ)")
        });
        picture.known.push(Elsewhere {
            reference: reference(app, known.case).await?,
            how: format!("{whose}, {alike}{turned}"),
        });
    }
    Ok(Evidence {
        strip,
        picture: Some(picture),
    })
}

async fn reference(app: &App, case: CaseId) -> Result<String, PageError> {
    let proven = app.db.opened(case).await?.and_then(|loaded| loaded.case.proven);
    Ok(proven.map_or("a case that is gone".into(), |proven| proven.reference.to_string()))
}

fn picture(piece: &Piece, number: usize, link: &impl Fn(BlobId) -> String, water: String) -> Picture {
    let inspected = piece.inspected();
    let (findings, spots) = findings(inspected.map_or(&[], |inspected| &inspected.report.findings));
    let report = inspected.map(|inspected| &inspected.report);
    let passed = report
        .iter()
        .flat_map(|report| &report.findings)
        .filter(|finding| finding.verdict == Verdict::Pass);
    let read = report.map_or_else(BTreeMap::new, |report| report.read.clone());
    Picture {
        label: format!("Evidence {number}, {}", plain(&piece.slot)),
        stage: match (&piece.reading, inspected) {
            (
                _,
                Some(Inspected {
                    report,
                    shown: Some(shown),
                    ..
                }),
            ) => Stage::Shown(Shown {
                src: link(shown.copy),
                width: report.width,
                height: report.height,
                scale: scale(report.width),
                water,
                boxes: spots,
            }),
            (Reading::Waiting, _) if !piece.counts() => {
                Stage::Nothing("It was replaced or removed before it was read, so there is nothing to see.")
            }
            (Reading::Waiting, _) => Stage::Nothing("It is being read. Open the page again in a moment."),
            _ => Stage::Nothing("The file could not be opened, so there is nothing to see. The claimant was told."),
        },
        rules: report.map(judged_by).unwrap_or_default(),
        findings,
        passed: passed.map(|finding| capital(&plain(&finding.rule))).collect(),
        ledger: read.get("ledger").map(|line| match line.rsplit_once(": ") {
            Some((row, by)) => (row.to_owned(), by.to_owned()),
            None => (line.clone(), String::new()),
        }),
        values: read
            .into_iter()
            .filter(|(name, _)| name != "ledger" && name != "page")
            .map(|(name, value)| (capital(&plain(&name)), value))
            .collect(),
        known: Vec::new(),
        scanned: inspected
            .and_then(|inspected| inspected.scanned.as_ref())
            .map(scanned)
            .unwrap_or_default(),
        kind: kind(piece),
        name: piece.name.clone(),
        sha256: sixteens(&piece.sha256.to_string()),
    }
}

fn scanned(word: &Scanned) -> String {
    format!("{}, {} UTC", word.by, words::stamp(word.at))
}

/// The pack's name and version, and the beginnings of the hashes of the files that judged:
/// `by rules account-email 1.1, files 3fab12cd90ab and 20c5…`.
fn judged_by(report: &Report) -> String {
    let files: Vec<String> = report
        .judged_by
        .values()
        .map(|hash| hash.to_string().chars().take(12).collect())
        .collect();
    match files.as_slice() {
        [] => format!("by rules {}", report.pack),
        files => format!("by rules {}, files {}", report.pack, files.join(" and ")),
    }
}

/// What needs an eye, worst first, with its boxes numbered in that order.
fn findings(all: &[Finding]) -> (Vec<Line>, Vec<Spot>) {
    let (mut lines, mut spots): (Vec<Line>, Vec<Spot>) = (Vec::new(), Vec::new());
    let wanted = [
        (Verdict::Fail, "fail", "cross", "Fail"),
        (Verdict::Warn, "warn", "warn", "Warning"),
    ];
    for (verdict, tone, icon, mark) in wanted {
        for finding in all.iter().filter(|finding| finding.verdict == verdict) {
            let rule = capital(&plain(&finding.rule));
            // What could not be read is one line, not one a rule.
            let text = finding.said("en");
            let same = |line: &&mut Line| line.tone == tone && line.text == text && line.number.is_none();
            if let (None, None, Some(line)) = (&finding.value, finding.area, lines.iter_mut().find(same)) {
                line.rule = format!("{} · {}", line.rule, rule.to_lowercase());
                continue;
            }
            let number = finding.area.map(|area| {
                spots.push(Spot {
                    number: spots.len() + 1,
                    tone,
                    title: rule.clone(),
                    area,
                });
                spots.len()
            });
            lines.push(Line {
                number,
                tone,
                icon,
                mark,
                rule,
                text: text.to_owned(),
                value: finding.value.clone().unwrap_or_default(),
            });
        }
    }
    (lines, spots)
}

/// `3.00`: by how much a picture of this width is larger than a page.
fn scale(width: u32) -> String {
    let hundredths = (width.max(WIDTH) * 100).div_ceil(WIDTH);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// `412 kB, 14:05:30`, and what became of it.
fn detail(piece: &Piece, now: At) -> String {
    match piece.gone {
        Some(Gone { at, replaced: true }) => format!("{}, replaced {}", size(piece), words::moment(at, now)),
        Some(Gone { at, replaced: false }) => format!("{}, removed {}", size(piece), words::moment(at, now)),
        None => format!("{}, {}", size(piece), words::moment(piece.at, now)),
    }
}

/// `image/png, 1170 × 2532, 412 kB`.
fn kind(piece: &Piece) -> String {
    let (media, size) = (piece.media.content_type(), size(piece));
    match piece
        .inspected()
        .map(|inspected| &inspected.report)
        .filter(|report| report.was_opened())
    {
        Some(report) => format!("{media}, {} × {}, {size}", report.width, report.height),
        None => format!("{media}, {size}"),
    }
}

fn size(piece: &Piece) -> String {
    match piece.bytes {
        bytes @ 0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        bytes => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Long hexadecimal numbers in groups of sixteen, so that they can be compared and wrap.
fn sixteens(hex: &str) -> Vec<String> {
    let digits: Vec<char> = hex.chars().collect();
    digits.chunks(16).map(|group| group.iter().collect()).collect()
}

/// `GET /look/{blob}/{ticket}`: on to the evidence origin, for the session that the page was made for and no other,
/// whoever is signed in there (EV-12).
pub(crate) async fn send(
    caller: Caller,
    app: Data<App>,
    staff: Result<Staff<Anyone>, PageError>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let staff = staff.map_err(over)?;
    let (blob, ticket) = path.into_inner();
    let blob: BlobId = blob.parse().map_err(|_| PageError::PictureLink)?;
    let key = app.db.secret("evidence-ticket");
    let ticket = Ticket::read(&ticket, &key, blob, caller.at).filter(|ticket| ticket.holder == staff.holder);
    let ticket = ticket.ok_or(PageError::PictureLink)?;
    let look = Look {
        holder: ticket.holder,
        case: ticket.case,
        blob,
    };
    picture::send(&app, Face::Staff, look, caller.at).await
}

/// A session that has ended leaves a picture's address without its picture, not with a page to sign in by.
fn over(error: PageError) -> PageError {
    match error {
        PageError::SignedOut => PageError::PictureLink,
        other => other,
    }
}

/// `GET /e/{look}` on the evidence origin: a copy or a thumbnail, never the file as it came. The session must be alive and
/// its person must see the case at this moment; every view is recorded before the picture leaves (AU-03).
pub(crate) async fn show(caller: Caller, app: Data<App>, drawn: Path<String>) -> Result<HttpResponse, PageError> {
    let Look { holder, case, blob } = picture::take(&app, Face::Staff, &drawn, caller.at).await?;
    let person = session::staff_of(&app, &holder, caller.at).await.map_err(over)?;
    let found = app.db.opened(case).await?.ok_or(PageError::NotFound)?;
    let sight = sight(&person.roles, person.id, &found.case);
    let enclosed = found.sealed.enclosures.iter().filter(|_| reads(sight));
    let mut enclosed = enclosed.filter_map(|(id, shown)| shown.as_ref()?.which(blob).map(|copy| (*id, copy)));
    let enclosed = enclosed.next();
    if enclosed.is_none() && sight != Sight::Whole {
        return Err(PageError::Forbidden);
    }
    let definition = app
        .db
        .definition(found.case.workflow)
        .await?
        .ok_or(PageError::NotFound)?;
    let pieces = pieces(&found.sealed, &definition);
    let seen = |(id, (size, media)): (EvidenceId, (&str, Media))| (json!({"evidence": id, "size": size}), media);
    let copy = pieces.iter().find_map(|piece| {
        let shown = piece.inspected()?.shown?;
        Some((piece.id, shown.which(blob)?))
    });
    let (detail, media) = enclosed.or(copy).map(seen).ok_or(PageError::NotFound)?;
    page::audit(&app, &caller, &person, "evidence_seen", Some(case), detail).await?;
    let content = app.db.blobs().read(case, blob).await?;
    Ok(picture::answer(&app, Face::Staff, media, content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_grouped() {
        assert_eq!(sixteens(&"ab".repeat(12)), ["abababababababab", "abababab"]);
    }

    #[test]
    fn boxes_grow_with_the_picture() {
        assert_eq!(
            (scale(390), scale(64), scale(1170), scale(1000)),
            ("1.00".into(), "1.00".into(), "3.00".into(), "2.57".into())
        );
    }

    /// The worst comes first, and boxes carry the numbers of their lines.
    #[test]
    fn findings_are_sorted_and_numbered() {
        let finding = |rule: &str, verdict, area| Finding {
            rule: rule.into(),
            verdict,
            message: BTreeMap::from([("en".into(), "Look.".into())]),
            value: None,
            area,
            tell: readmit_core::inspection::Tell::All,
        };
        let all = [
            finding("asset_missing", Verdict::Pass, None),
            finding("time_missing", Verdict::Warn, Some(Area(1, 2, 3, 4))),
            finding("amount_differs", Verdict::Fail, Some(Area(5, 6, 7, 8))),
            finding("is_email", Verdict::Fail, None),
        ];
        let (lines, spots) = findings(&all);
        let lines: Vec<_> = lines.iter().map(|line| (line.rule.as_str(), line.number)).collect();
        assert_eq!(
            lines,
            [
                ("Amount differs", Some(1)),
                ("Is email", None),
                ("Time missing", Some(2))
            ]
        );
        assert_eq!(spots.len(), 2);
    }
}
