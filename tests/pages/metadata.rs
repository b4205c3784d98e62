//! What a picture tells beside what it shows, as a reader of somebody else's finds it (EV-05): written into pictures of every
//! kind, sent through the real pages, and looked for in all that people are shown of them.

use std::io::Cursor;
use std::path::Path;

use exif::experimental::Writer;
use exif::{Context, Field, In, Rational, Reader, Tag, Value};
use image::{ImageFormat, RgbImage};
use readmit_core::command::Role;
use readmit_core::ids::BlobId;
use readmit_core::ports::Store as _;
use readmit_steps::documents::pieces;
use reqwest::Method;

use crate::support::claimant::Claimant;
use crate::support::installation::{Installation, Setup};
use crate::support::planted::walk;
use crate::support::visitor::Visitor;

/// Where and with what the pictures say that they were taken.
const MAKER: &[u8] = b"Sentinel Camera of Ada";
/// What follows the end of each file that may have something there: the head of an archive, and a page with a script.
const TRAILER: &[u8] = b"PK\x03\x04 hidden archive <html><script>alert(1)</script>";

/// What pictures have at their heads, too long to stand in sealed bytes by chance.
const HEADS: [&[u8]; 4] = [
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xe0\0\x10JFIF\0",
    b"Exif\0\0MM\0\x2a",
    b"WEBPVP8X",
];

/// Fifty-one degrees north and a bit, and who says so, as a TIFF block.
fn place() -> Vec<u8> {
    let degrees = |whole| {
        let parts = [(whole, 1), (28, 1), (4044, 100)];
        Value::Rational(parts.map(|(num, denom)| Rational { num, denom }).into())
    };
    let ascii = |text: &[u8]| Value::Ascii(vec![text.to_vec()]);
    let fields = [
        (Tag::Make, ascii(MAKER)),
        (Tag::DateTime, ascii(b"2026:05:04 08:10:00")),
        (Tag(Context::Gps, 1), ascii(b"N")),
        (Tag(Context::Gps, 2), degrees(51)),
        (Tag(Context::Gps, 3), ascii(b"E")),
        (Tag(Context::Gps, 4), degrees(0)),
    ];
    let fields = fields.map(|(tag, value)| Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    });
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = Cursor::new(Vec::new());
    writer.write(&mut block, false).unwrap();
    block.into_inner()
}

/// A picture of noise-free stripes with such a block inside, and a trailer where its kind may have one.
fn told(format: ImageFormat) -> Vec<u8> {
    let seed = format!("{format:?}").len() as u32;
    let shown = RgbImage::from_fn(410, 310, |x, y| {
        image::Rgb([((x / 9 + y / (5 + seed)) % 2 * 200) as u8; 3])
    });
    let mut still = Cursor::new(Vec::new());
    shown.write_to(&mut still, format).unwrap();
    let (still, block) = (still.into_inner(), place());
    let long = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
    match format {
        ImageFormat::Jpeg => {
            let block = [&b"Exif\0\0"[..], &block].concat();
            let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
            [&still[..2], &[0xff, 0xe1], &length, &block, &still[2..], TRAILER].concat()
        }
        ImageFormat::Png => {
            let body = [&b"eXIf"[..], &block].concat();
            let (head, rest) = still.split_at(33);
            let sum = crc(&body).to_be_bytes();
            [head, &long(&block).to_be_bytes(), &body, &sum, rest, TRAILER].concat()
        }
        _ => {
            let even = |bytes: &[u8]| {
                bytes
                    .iter()
                    .copied()
                    .chain((bytes.len() % 2 == 1).then_some(0))
                    .collect::<Vec<u8>>()
            };
            let head = [
                &b"VP8X\x0a\0\0\0\x08\0\0\0"[..],
                &409u32.to_le_bytes()[..3],
                &309u32.to_le_bytes()[..3],
            ]
            .concat();
            let exif = [&b"EXIF"[..], &long(&block).to_le_bytes(), &even(&block)].concat();
            let body = [&b"WEBP"[..], &head, &still[12..], &exif].concat();
            [&b"RIFF"[..], &long(&body).to_le_bytes(), &body].concat()
        }
    }
}

/// CRC-32 of ISO 3309, as PNG wants it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                (sum >> 1) ^ 0xedb8_8320
            } else {
                sum >> 1
            }
        })
    })
}

/// How many fields the reader finds; those of the place are some.
fn fields(picture: &[u8]) -> Result<usize, exif::Error> {
    let read = Reader::new().read_from_container(&mut Cursor::new(picture))?;
    Ok(read.fields().count())
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The addresses of a page that begin so.
fn links(page: &str, start: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split('"')
        .filter(|part| part.starts_with(start))
        .map(|part| part.replace("&#38;", "&").replace("&amp;", "&"))
        .collect();
    found.sort();
    found.dedup();
    found
}

async fn shown(visitor: &Visitor, address: &str) -> Vec<u8> {
    let ask = async |address: &str| visitor.send(Method::GET, address.parse().unwrap(), &[], None).await;
    let sent_on = ask(address).await.expect(303);
    ask(sent_on.header("location").unwrap()).await.expect(200).body
}

/// What the store gives back for each picture, and what lies in it.
async fn kept(app: &Installation, reference: &str, sent: &[Vec<u8>]) {
    let loaded = app.case(reference).await;
    let definition = app.wired.db.definition(loaded.case.workflow).await.unwrap().unwrap();
    let blobs: Vec<BlobId> = pieces(&loaded.sealed, &definition)
        .iter()
        .map(|piece| piece.blob)
        .collect();
    assert_eq!(blobs.len(), sent.len());
    assert!(sent.iter().all(|sent| HEADS.iter().any(|head| holds(sent, head))));
    for (blob, sent) in blobs.into_iter().zip(sent) {
        let whole = app.wired.db.blobs().read(loaded.case.id, blob).await.unwrap();
        assert!(whole == *sent, "the original is kept as it came");
    }
    let lying = walk(Path::new(&app.place.at("evidence")));
    assert!(lying.len() >= sent.len());
    for file in lying {
        let bytes = std::fs::read(&file).unwrap();
        for open in HEADS.into_iter().chain([MAKER, TRAILER]) {
            assert!(!holds(&bytes, open), "{}: not sealed", file.display());
        }
    }
}

/// EV-05: of where a picture was taken nobody is told anything, by its copy or its thumbnail, on the claimant's page or the
/// reviewer's; nor is anything handed on that follows its end. The original stays as it came, sealed.
#[test]
fn ev_05_nothing_but_the_picture_comes_out() {
    Setup::default().run(async |app| {
        let mut ada = Claimant::at_documents(app, "ada@example.com").await;
        let sent = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP].map(told);
        for picture in &sent {
            assert!(fields(picture).unwrap() >= 6, "the reader finds what was written");
            ada.attaches("account_email", picture).await;
            app.work().await;
            ada.looks(app).await;
        }
        let reference = ada.reference(app).await;
        kept(app, &reference, &sent).await;

        let mut seen = Vec::new();
        let own = links(&ada.page.text(), "/case/evidence/");
        assert_eq!(own.len(), 6, "{own:?}");
        for link in own {
            seen.push(shown(&ada.visitor, &app.recover(&link)).await);
        }
        let signe = app.signed_in("signe", Role::Senior).await.visitor;
        for number in 1..=3 {
            let page = app.staff(&format!("/cases/{reference}?picture={number}"));
            let page = signe.get(&page).await.expect(200);
            let looks = links(&page.text(), "/look/");
            assert!(!looks.is_empty(), "{}", page.words());
            for link in looks {
                seen.push(shown(&signe, &app.staff(&link)).await);
            }
        }
        for copy in &seen {
            let found = fields(copy);
            assert!(matches!(found, Err(exif::Error::NotFound(_))), "{found:?}");
            for part in [MAKER, &b"Exif"[..], b"eXIf", b"PK\x03\x04", b"<script"] {
                assert!(!holds(copy, part), "{}", String::from_utf8_lossy(part));
            }
            let ends = copy.ends_with(b"IEND\xae\x42\x60\x82") || copy.ends_with(b"\xff\xd9");
            assert!(ends, "something follows the end");
            image::load_from_memory(copy).unwrap();
        }
    });
}
