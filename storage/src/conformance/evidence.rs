//! The evidence store.

use std::path::PathBuf;

use readmit_core::event::Event;
use readmit_core::ids::{AccountId, CaseId, Digest, EvidenceId};
use readmit_core::inspection::Alike;
use readmit_core::kind::Facts;
use readmit_core::time::{At, Span};
use sha2::{Digest as _, Sha256};

use super::hand::{BEGIN, after, folder, hand, new_case, open, unproven};
use crate::{Db, Print, Settings, StorageError, Stored};

const CHUNK: usize = 64 * 1024;

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|n| u8::try_from((n / 7 + n) % 251).unwrap()).collect()
}

async fn store(db: &Db, case: readmit_core::ids::CaseId, content: &[u8], piece: usize) -> Stored {
    let mut writer = db.blobs().create(case, BEGIN).await.unwrap();
    for piece in content.chunks(piece) {
        writer.write(piece).await.unwrap();
    }
    assert_eq!(writer.bytes(), content.len() as u64);
    writer.finish().await.unwrap()
}

fn files(settings: &Settings) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder(settings).to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files
}

pub(super) async fn files_come_back(settings: &Settings) {
    let db = open(settings).await;
    let case = unproven(&db, new_case()).await.case.id;
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
        let content = content(length);
        let stored = store(&db, case, &content, 10_007).await;
        assert_eq!(
            (stored.bytes, stored.sha256.0),
            (length as u64, Sha256::digest(&content).into())
        );
        assert_eq!(
            db.blobs().read(case, stored.blob).await.unwrap(),
            content,
            "{length} bytes"
        );
        assert_eq!(db.blobs().sha256(case, stored.blob).await.unwrap(), Some(stored.sha256));
    }
    assert_eq!(files(settings).len(), 7);
}

pub(super) async fn changed_files_do_not(settings: &Settings) {
    let db = open(settings).await;
    let (case, other) = (
        unproven(&db, new_case()).await.case.id,
        unproven(&db, new_case()).await.case.id,
    );
    let stored = store(&db, case, &content(2 * CHUNK + 100), CHUNK).await;
    let file = files(settings).pop().unwrap();
    let good = std::fs::read(&file).unwrap();
    let sealed_chunk = CHUNK + 16;
    let mut swapped = good.clone();
    swapped[20..20 + 2 * sealed_chunk].rotate_left(sealed_chunk);
    let flipped = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        bytes
    };
    let damaged = [
        ("empty", Vec::new()),
        ("header only", good[..20].to_vec()),
        ("cut between chunks", good[..20 + sealed_chunk].to_vec()),
        ("cut in a chunk", good[..good.len() - 1].to_vec()),
        ("longer", [good.as_slice(), &[0]].concat()),
        ("chunks swapped", swapped),
        ("format", flipped(0)),
        ("nonce", flipped(5)),
        ("first chunk", flipped(30)),
        ("last chunk", flipped(good.len() - 3)),
    ];
    for (what, bytes) in damaged {
        std::fs::write(&file, bytes).unwrap();
        let read = db.blobs().read(case, stored.blob).await;
        assert!(matches!(read, Err(StorageError::Corrupt { .. })), "{what}");
    }
    std::fs::write(&file, &good).unwrap();
    assert!(
        db.blobs().read(other, stored.blob).await.is_err(),
        "another case's key opens nothing"
    );
    assert_eq!(db.blobs().sha256(other, stored.blob).await.unwrap(), None);
    db.blobs().remove(other, stored.blob).await.unwrap();
    assert!(db.blobs().read(case, stored.blob).await.is_ok(), "nor removes anything");
    db.blobs().remove(case, stored.blob).await.unwrap();
    db.blobs().remove(case, stored.blob).await.unwrap();
    assert!(matches!(
        db.blobs().read(case, stored.blob).await,
        Err(StorageError::Corrupt { .. })
    ));
    assert!(files(settings).is_empty());
}

pub(super) async fn a_dropped_writer_leaves_nothing(settings: &Settings) {
    let db = open(settings).await;
    let case = unproven(&db, new_case()).await.case.id;
    let mut writer = db.blobs().create(case, BEGIN).await.unwrap();
    writer.write(&content(5 * CHUNK)).await.unwrap();
    assert_eq!(files(settings).len(), 1, "it is being written");
    drop(writer);
    assert!(files(settings).is_empty());
    assert!(db.0.pools.all("SELECT id FROM blobs", []).await.unwrap().is_empty());
    assert!(
        db.blobs().create(new_case(), BEGIN).await.is_err(),
        "a case without a key stores nothing"
    );
    assert!(files(settings).is_empty());
}

/// What a crash cut off between store and commit goes after a day; what a case names stays, and so does what is younger.
pub(super) async fn files_that_no_case_names_go(settings: &Settings) {
    let db = open(settings).await;
    let before = unproven(&db, new_case()).await;
    let case = before.case.id;
    let named = store(&db, case, b"named", 5).await;
    let lost = store(&db, case, b"lost", 5).await;
    // Its row was written, and the crash came before it had its name.
    let nameless = "INSERT INTO blobs (id, case_id, bytes, sha256, unclaimed_since) VALUES ($1, $2, 1, $3, $4)";
    let values = [
        uuid::Uuid::from_u128(9).into(),
        case.0.into(),
        Vec::<u8>::new().into(),
        BEGIN.0.into(),
    ];
    db.0.pools.write(nameless, values).await.unwrap();
    let event = Event::Turned {
        state: serde_json::json!({ "items": [{ "blob": named.blob }] }),
        facts: Facts::new(),
    };
    hand(vec![event]).commit(&db, &before).await.unwrap();
    assert_eq!(db.remove_unclaimed(after(Span::hours(23))).await.unwrap(), 0);
    assert_eq!(files(settings).len(), 2);
    let later = after(Span::hours(25));
    assert_eq!(db.remove_unclaimed(later).await.unwrap(), 2);
    assert_eq!(db.remove_unclaimed(later).await.unwrap(), 0, "and once");
    assert_eq!(db.blobs().read(case, named.blob).await.unwrap(), b"named");
    assert!(db.blobs().read(case, lost.blob).await.is_err());
    assert_eq!(files(settings).len(), 1);
    assert_eq!(db.0.pools.all("SELECT id FROM blobs", []).await.unwrap().len(), 1);
}

/// As the pack for every picture says.
const ALIKE: Alike = Alike {
    bits: 64,
    words: 50,
    unread_bits: 4,
    turned_bits: 32,
};

/// EV-09: the same bytes are found in every other case; what looks and reads the same in cases of other accounts only; what
/// looks the same and reads otherwise, as pages of one house do, is not found.
pub(super) async fn pictures_are_known_again(settings: &Settings) {
    let db = open(settings).await;
    let words = |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let (ada, ben) = (AccountId("ada".into()), AccountId("ben".into()));
    let (page, other) = (
        words(&["0.5", "ada@x.example", "2026-01-01"]),
        words(&["7", "ben@x.example", "2025-02-02"]),
    );
    let mut turned = [0x5a; 32];
    turned[..5].fill(0x5b);
    let print = |n: u128, account, sha: u8, likeness, telling| Print {
        evidence: EvidenceId(uuid::Uuid::from_u128(n)),
        case: CaseId(uuid::Uuid::from_u128(n)),
        account: Some(account),
        sha256: Digest([sha; 32]),
        likeness: Some(likeness),
        turned: &[],
        telling,
    };
    let first = print(1, &ada, 1, [0x5a; 32], &page[..]);
    db.remember_print(&first, At(1)).await.unwrap();
    db.remember_print(&first, At(2)).await.unwrap();
    let known = async |print: &Print<'_>| {
        let known = db.known_prints(print, ALIKE).await.unwrap();
        known
            .into_iter()
            .map(|known| (known.same_account, known.bits))
            .collect::<Vec<_>>()
    };
    assert!(known(&first).await.is_empty(), "not in its own case");
    assert_eq!(
        known(&print(2, &ada, 1, [0; 32], &[])).await,
        [(true, None)],
        "the same bytes"
    );
    assert_eq!(known(&print(3, &ben, 1, [0; 32], &[])).await, [(false, None)]);
    assert_eq!(
        known(&print(4, &ben, 9, turned, &page)).await,
        [(false, Some(5))],
        "recompressed"
    );
    assert!(
        known(&print(5, &ada, 9, turned, &page)).await.is_empty(),
        "the owner's own pages look alike"
    );
    assert!(
        known(&print(6, &ben, 9, [0x5a; 32], &other)).await.is_empty(),
        "another page of the house"
    );
    assert!(
        known(&print(7, &ben, 9, turned, &[])).await.is_empty(),
        "unread, and not alike enough"
    );
    assert_eq!(
        known(&print(8, &ben, 9, [0x5a; 32], &[])).await,
        [(false, Some(0))],
        "unread, and the same"
    );
    let far = [0xa5; 32];
    assert!(
        known(&print(9, &ben, 9, far, &page)).await.is_empty(),
        "the same words on a page that looks otherwise"
    );
    let garbled = words(&["0x9", "6=51"]);
    for (bits, found) in [(0x5a, true), (0x5b, true), (0xa5, false)] {
        let mut mirrored = [0x5a; 32];
        mirrored[..9].fill(bits);
        let ways = [[0x77; 32], mirrored];
        let print = Print {
            turned: &ways,
            ..print(10, &ben, 9, far, &garbled)
        };
        let known = db.known_prints(&print, ALIKE).await.unwrap();
        assert_eq!(
            known.iter().map(|known| known.turned).collect::<Vec<_>>(),
            vec![true; usize::from(found)],
            "mirrored"
        );
    }
}

/// A picture of a page of one house.
fn house_print<'a>(n: u128, account: &'a AccountId, likeness: [u8; 32], telling: &'a [String]) -> Print<'a> {
    Print {
        evidence: EvidenceId(uuid::Uuid::from_u128(n)),
        case: CaseId(uuid::Uuid::from_u128(n)),
        account: Some(account),
        sha256: Digest(Sha256::digest(n.to_le_bytes()).into()),
        likeness: Some(likeness),
        turned: &[],
        telling,
    }
}

/// EV-09: a picture is found among thousands of newer ones of the same house, which share its words and parts of its looks:
/// what few have in common decides.
pub(super) async fn a_picture_is_known_among_many(settings: &Settings) {
    const MANY: u128 = 2_200;
    let db = open(settings).await;
    let (ada, ben) = (AccountId("ada".into()), AccountId("ben".into()));
    // The upper half of a page looks the same on all of them; below, each looks otherwise.
    let likeness = |n: u128| {
        let mut likeness = [0x5a; 32];
        let own = Sha256::digest(n.to_be_bytes());
        likeness[16..].copy_from_slice(&own[..16]);
        likeness
    };
    let of_house = "post@house.example".to_owned();
    let words = |n: u128| [of_house.clone(), format!("{n}.25"), format!("2026-{n}")];
    for n in 1..=MANY {
        let words = words(n);
        let at = At(i64::try_from(n).unwrap());
        db.remember_print(&house_print(n, &ada, likeness(n), &words), at)
            .await
            .unwrap();
    }
    for n in [1, 2, MANY / 2, MANY] {
        let words = words(n);
        let mut resaved = likeness(n);
        resaved[3] ^= 1;
        resaved[20] ^= 1;
        let known = db
            .known_prints(&house_print(MANY + 1, &ben, resaved, &words), ALIKE)
            .await
            .unwrap();
        let found: Vec<_> = known.iter().map(|known| (known.case.0.as_u128(), known.bits)).collect();
        assert_eq!(found, [(n, Some(2))], "the {n}th of {MANY}");
    }
}
