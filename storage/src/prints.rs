//! What pictures are known again by, across cases and accounts (EV-09): the same bytes; or 256 bits of how they look, with
//! the words that tell a page from others that look the same.
//!
//! Two likenesses that differ in fewer than 16 bits have one of their 16 bands of 16 bits in common, so an index finds
//! them; words find what was cut or photographed. What is found is compared whole. A picture is kept as it was sent and looked
//! for in every way that it may have been turned or mirrored.

use std::collections::BTreeSet;

use readmit_core::ids::{AccountId, CaseId, Digest, EvidenceId, Tag};
use readmit_core::inspection::{Alike, Known};
use readmit_core::time::At;
use sea_orm::{ConnectionTrait as _, QueryResult, Value};

use crate::row::Columns as _;
use crate::{Db, StorageError};

/// Other places in which the same picture stands that are told of one.
const TOLD: usize = 5;
/// Pictures that are compared, the most: those that share the rarest keys.
const COMPARED: i64 = 4_000;
/// A key that more pictures have tells nothing: pages of one house share bands, and words such as its address.
const COMMON: i64 = 1_000;
/// Bytes of a band.
const BAND: usize = 2;
/// Where the keys of words begin.
const WORDS: i64 = 1 << 32;

/// One picture.
pub struct Print<'a> {
    pub evidence: EvidenceId,
    pub case: CaseId,
    pub account: Option<&'a AccountId>,
    pub sha256: Digest,
    /// `None` for a picture with too little on it.
    pub likeness: Option<[u8; 32]>,
    /// The same of the picture turned and mirrored every other way.
    pub turned: &'a [[u8; 32]],
    /// The words that tell the page from others; none where it was not read.
    pub telling: &'a [String],
}

impl Db {
    /// Remembers a picture; one that is remembered already stays as it is.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nothing of it is kept.
    pub async fn remember_print(&self, print: &Print<'_>, at: At) -> Result<(), StorageError> {
        let account = print.account.map(|account| self.account_tag(account).0.to_vec());
        let words = self.words(print);
        let transaction = self.0.pools.begin().await?;
        let sql = "INSERT INTO prints (evidence, case_id, account, exact, likeness, words, at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                   ON CONFLICT (evidence) DO NOTHING";
        let values = [
            print.evidence.0.into(),
            print.case.0.into(),
            account.into(),
            self.exact(print).0.to_vec().into(),
            print.likeness.map(|likeness| likeness.to_vec()).into(),
            words
                .iter()
                .flat_map(|word| word.to_be_bytes())
                .collect::<Vec<u8>>()
                .into(),
            at.0.into(),
        ];
        transaction.execute_raw(self.0.pools.statement(sql, values)).await?;
        for band in bands(print.likeness.as_ref()).chain(of_words(&words)) {
            let sql = "INSERT INTO print_bands (band, evidence) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            let values = [band.into(), print.evidence.0.into()];
            transaction.execute_raw(self.0.pools.statement(sql, values)).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Where the picture was sent before: the same bytes in any other case, and what looks and reads the same in cases of
    /// other accounts, whose own pictures look alike for good reasons. The most alike first, a case once.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn known_prints(&self, print: &Print<'_>, alike: Alike) -> Result<Vec<Known>, StorageError> {
        let account = print.account.map(|account| self.account_tag(account));
        let sql = "SELECT case_id, account FROM prints WHERE exact = $1 AND case_id <> $2 ORDER BY at LIMIT 20";
        let exact = [self.exact(print).0.to_vec().into(), print.case.0.into()];
        let mut known = Vec::new();
        for row in self.0.pools.all(sql, exact).await? {
            known.push(Known {
                case: row.case("case_id")?,
                same_account: same(&row, account)?,
                bits: None,
                turned: false,
            });
        }
        if let Some(likeness) = &print.likeness {
            let words = self.words(print);
            let keys = bands(Some(likeness)).chain(bands(print.turned)).chain(of_words(&words));
            for row in self.candidates(keys.collect(), print.case).await? {
                let theirs = row.bytes32("likeness")?;
                let their_words = unpacked(&row)?;
                let upright = Some(distance(likeness, &theirs)).filter(|bits| alike.holds(*bits, &words, &their_words));
                let turned = print.turned.iter().map(|turned| distance(turned, &theirs)).min();
                let turned = turned.filter(|bits| *bits <= alike.turned_bits);
                if let Some(bits) = upright.or(turned)
                    && !same(&row, account)?
                {
                    known.push(Known {
                        case: row.case("case_id")?,
                        same_account: false,
                        bits: Some(bits),
                        turned: upright.is_none(),
                    });
                }
            }
        }
        known.sort_by_key(|known| (known.bits, known.case));
        let mut seen = BTreeSet::new();
        known.retain(|known| seen.insert(known.case));
        known.truncate(TOLD);
        Ok(known)
    }

    /// Pictures of other cases that share a key.
    async fn candidates(&self, keys: Vec<i64>, case: CaseId) -> Result<Vec<QueryResult>, StorageError> {
        let keys = self.rare(keys).await?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let case_place = keys.len() + 1;
        let sql = format!(
            "SELECT case_id, account, likeness, words FROM prints WHERE evidence IN (\
                 SELECT evidence FROM print_bands WHERE band IN ({})) \
             AND case_id <> ${case_place} AND likeness IS NOT NULL",
            places(&keys)
        );
        let values = keys.into_iter().map(Value::from).chain([case.0.into()]);
        self.rows(sql, values).await
    }

    /// The rarest of the keys, as many as few enough pictures have: so the table may grow, and what two pictures alone have
    /// in common is still found.
    async fn rare(&self, keys: Vec<i64>) -> Result<Vec<i64>, StorageError> {
        let keys: Vec<i64> = keys.into_iter().collect::<BTreeSet<i64>>().into_iter().collect();
        let counts = (1..=keys.len()).map(|place| {
            format!(
                "SELECT CAST(${place} AS BIGINT) AS band, (SELECT COUNT(*) FROM \
                 (SELECT 1 AS one FROM print_bands WHERE band = ${place} LIMIT {COMMON}) AS few) AS held"
            )
        });
        let counts: Vec<String> = counts.collect();
        let mut held = Vec::new();
        for row in self
            .rows(counts.join(" UNION ALL "), keys.into_iter().map(Value::from))
            .await?
        {
            let (band, count): (i64, i64) = (row.get("band")?, row.get("held")?);
            held.push((count, band));
        }
        held.sort_unstable();
        let mut sum = 0;
        let few = held.into_iter().filter(|(count, _)| (1..COMMON).contains(count));
        let few = few.take_while(|(count, _)| {
            sum += count;
            sum <= COMPARED
        });
        Ok(few.map(|(_, band)| band).collect())
    }

    async fn rows(&self, sql: String, values: impl Iterator<Item = Value>) -> Result<Vec<QueryResult>, StorageError> {
        let statement = sea_orm::Statement::from_sql_and_values(self.0.pools.backend(), sql, values);
        Ok(self.0.pools.read.query_all_raw(statement).await?)
    }

    /// Tags of the telling words, in order: what was written is not to be read here.
    fn words(&self, print: &Print<'_>) -> BTreeSet<u32> {
        let tag = |word: &String| self.index_tag("picture word", &[word.as_bytes()]).0;
        let short = |tag: [u8; 32]| tag.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        print.telling.iter().map(|word| short(tag(word))).collect()
    }

    /// A tag, so that the table tells nobody whether a file that they have was sent.
    fn exact(&self, print: &Print<'_>) -> Tag {
        self.index_tag("picture", &[&print.sha256.0])
    }
}

/// `$1, $2, …`
fn places(keys: &[i64]) -> String {
    let places: Vec<String> = (1..=keys.len()).map(|place| format!("${place}")).collect();
    places.join(", ")
}

fn same(row: &QueryResult, account: Option<Tag>) -> Result<bool, StorageError> {
    let theirs: Option<Vec<u8>> = row.get("account")?;
    Ok(account.is_some_and(|own| theirs.is_some_and(|theirs| theirs == own.0)))
}

/// What pictures may be found by: the bands of likenesses, each with its place above it.
fn bands<'a>(likenesses: impl IntoIterator<Item = &'a [u8; 32]>) -> impl Iterator<Item = i64> {
    let bands = likenesses
        .into_iter()
        .flat_map(|likeness| (0i64..).zip(likeness.chunks_exact(BAND)));
    bands.map(|(place, band)| band.iter().fold(place, |value, byte| value << 8 | i64::from(*byte)))
}

/// … and their words.
fn of_words(words: &BTreeSet<u32>) -> impl Iterator<Item = i64> {
    words.iter().map(|word| WORDS + i64::from(*word))
}

fn unpacked(row: &QueryResult) -> Result<BTreeSet<u32>, StorageError> {
    let bytes: Vec<u8> = row.get("words")?;
    let words = bytes.as_chunks::<4>().0;
    Ok(words.iter().map(|word| u32::from_be_bytes(*word)).collect())
}

fn distance(a: &[u8; 32], b: &[u8; 32]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}
