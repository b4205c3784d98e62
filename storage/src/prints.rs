//! What pictures are known again by, across cases and accounts (EV-09): the same bytes, or 256 bits of how they look.
//!
//! Two likenesses that differ in fewer than 16 bits have one of their 16 bands of 16 bits in common, so an index finds
//! every one of them; it also finds others, which are compared and left out.

use readmit_core::ids::{AccountId, CaseId, Digest, EvidenceId, Tag};
use readmit_core::inspection::Known;
use readmit_core::time::At;
use sea_orm::{ConnectionTrait as _, QueryResult, Value};

use crate::row::Columns as _;
use crate::{Db, StorageError};

/// Other places in which the same picture stands that are told of one.
const TOLD: usize = 5;
/// Pictures that are compared at the most; the newest ones. Pages of one house share bands.
const COMPARED: i64 = 2_000;
/// Bytes of a band.
const BAND: usize = 2;

/// One picture.
pub struct Print<'a> {
    pub evidence: EvidenceId,
    pub case: CaseId,
    pub account: Option<&'a AccountId>,
    pub sha256: Digest,
    /// `None` for a picture with too little on it.
    pub likeness: Option<[u8; 32]>,
}

impl Db {
    /// Remembers a picture; one that is remembered already stays as it is.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails; then nothing of it is kept.
    pub async fn remember_print(&self, print: &Print<'_>, at: At) -> Result<(), StorageError> {
        let account = print.account.map(|account| self.account_tag(account).0.to_vec());
        let transaction = self.0.pools.begin().await?;
        let sql = "INSERT INTO prints (evidence, case_id, account, exact, likeness, at) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (evidence) DO NOTHING";
        let values = [
            print.evidence.0.into(),
            print.case.0.into(),
            account.into(),
            self.exact(print).0.to_vec().into(),
            print.likeness.map(|likeness| likeness.to_vec()).into(),
            at.0.into(),
        ];
        transaction.execute_raw(self.0.pools.statement(sql, values)).await?;
        for band in print.likeness.iter().flat_map(bands) {
            let sql = "INSERT INTO print_bands (band, evidence) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            let values = [band.into(), print.evidence.0.into()];
            transaction.execute_raw(self.0.pools.statement(sql, values)).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Where the picture was sent before: the same bytes in any other case, and what looks the same (in at most `within`
    /// bits of 256 another) in cases of other accounts, whose own pictures look alike for good reasons. The most alike
    /// first, a case once.
    ///
    /// # Errors
    /// [`StorageError`] when the database fails.
    pub async fn known_prints(&self, print: &Print<'_>, within: u32) -> Result<Vec<Known>, StorageError> {
        let account = print.account.map(|account| self.account_tag(account));
        let sql =
            "SELECT case_id, account, likeness FROM prints WHERE exact = $1 AND case_id <> $2 ORDER BY at LIMIT 20";
        let exact = [self.exact(print).0.to_vec().into(), print.case.0.into()];
        let mut known = Vec::new();
        for row in self.0.pools.all(sql, exact).await? {
            known.push(Known {
                case: row.case("case_id")?,
                same_account: same(&row, account)?,
                bits: None,
            });
        }
        if let Some(likeness) = print.likeness {
            for row in self.alike(&likeness, print.case).await? {
                let bits = distance(&likeness, &row.bytes32("likeness")?);
                if bits <= within && !same(&row, account)? {
                    known.push(Known {
                        case: row.case("case_id")?,
                        same_account: false,
                        bits: Some(bits),
                    });
                }
            }
        }
        known.sort_by_key(|known| (known.bits, known.case));
        let mut seen = std::collections::BTreeSet::new();
        known.retain(|known| seen.insert(known.case));
        known.truncate(TOLD);
        Ok(known)
    }

    /// Pictures of other cases that share a band.
    async fn alike(&self, likeness: &[u8; 32], case: CaseId) -> Result<Vec<QueryResult>, StorageError> {
        let sql = "SELECT case_id, account, likeness FROM prints WHERE evidence IN (\
                       SELECT evidence FROM print_bands WHERE band IN \
                       ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)) \
                   AND case_id <> $17 ORDER BY at DESC LIMIT $18";
        let bands = bands(likeness).map(Value::from);
        let values: Vec<Value> = bands.chain([case.0.into(), COMPARED.into()]).collect();
        let statement = sea_orm::Statement::from_sql_and_values(self.0.pools.backend(), sql, values);
        Ok(self.0.pools.read.query_all_raw(statement).await?)
    }

    /// A tag, so that the table tells nobody whether a file that they have was sent.
    fn exact(&self, print: &Print<'_>) -> Tag {
        self.index_tag("picture", &[&print.sha256.0])
    }
}

fn same(row: &QueryResult, account: Option<Tag>) -> Result<bool, StorageError> {
    let theirs: Option<Vec<u8>> = row.get("account")?;
    Ok(account.is_some_and(|own| theirs.is_some_and(|theirs| theirs == own.0)))
}

/// The bands of a likeness, each with its place above it.
fn bands(likeness: &[u8; 32]) -> impl Iterator<Item = i64> {
    (0i64..)
        .zip(likeness.chunks_exact(BAND))
        .map(|(place, band)| band.iter().fold(place, |value, byte| value << 8 | i64::from(*byte)))
}

fn distance(a: &[u8; 32], b: &[u8; 32]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}
