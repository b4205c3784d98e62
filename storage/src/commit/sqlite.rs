//! SQLite: one writer task. Commits that wait together are written together: one text over JSON arrays, one COMMIT, and
//! only then the answers, conflicts too.
//!
//! Anything unexpected (a part that touched fewer rows than it should, a violated key) rolls the batch back, and it is
//! written again with a savepoint a commit, so that only the guilty one fails. A full disk or a failing device fails all.
//!
//! All but vetoes (RF-11): one that meets a full disk takes the room that is reserved for it, and one that meets somebody
//! else's lock waits longer than the others.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use readmit_core::decide::Cancel;
use readmit_core::guard::Which;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, TransactionTrait as _};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::plan::{Claims, FactorFate, Keeping, Lies, Plan};
use super::{Missed, Shared, VETO_WAITS};
use crate::StorageError;
use crate::connect::Pools;
use crate::error::code_of;
use crate::row::{Columns as _, word};

/// The most commits in one batch.
const BATCH: usize = 64;

/// What batches are made of, in order: what stands before a statement's list, the list's name, and what stands after it.
static STATEMENTS: LazyLock<Vec<(&str, &str, &str)>> = LazyLock::new(|| {
    let statements = include_str!("sqlite.sql").split(";\n");
    let parted = statements.filter_map(|statement| {
        let (before, rest) = statement.split_once("json_each($")?;
        let (list, after) = rest.split_once(')')?;
        Some((before, list, after))
    });
    parted.collect()
});

pub(crate) struct Batches(mpsc::Sender<Write>);

struct Write {
    document: Document,
    answer: oneshot::Sender<Result<(), Refused>>,
    /// How often it waits for a lock; `None` for all but vetoes, who wait once.
    waits: Option<u32>,
}

/// Why one commit of a batch was not written.
enum Refused {
    Conflict,
    LeaseLost,
    Failed(Shared),
}

impl Batches {
    pub(super) fn start(pools: Pools) -> Self {
        let (queue, waiting) = mpsc::channel(4 * BATCH);
        tokio::spawn(write_batches(pools, waiting));
        Self(queue)
    }

    pub(super) async fn write(&self, plan: &Plan) -> Result<(), Missed> {
        let (answer, answered) = oneshot::channel();
        let document = Document::of(plan);
        let gone = |_| Missed::Failed(StorageError::Down);
        self.0
            .send(Write {
                document,
                answer,
                waits: plan.is_veto().then_some(VETO_WAITS),
            })
            .await
            .map_err(|_| Missed::Failed(StorageError::Down))?;
        answered.await.map_err(gone)?.map_err(|refused| match refused {
            Refused::Conflict => Missed::Conflict,
            Refused::LeaseLost => Missed::LeaseLost,
            Refused::Failed(error) => Missed::Failed(error.again()),
        })
    }
}

/// Runs until the last handle of the store is dropped.
async fn write_batches(pools: Pools, mut waiting: mpsc::Receiver<Write>) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        if batch.is_empty() && waiting.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        while batch.len() < BATCH
            && let Ok(write) = waiting.try_recv()
        {
            batch.push(write);
        }
        batch = settle(&pools, batch).await;
    }
}

/// Writes and answers; the vetoes that wait on.
async fn settle(pools: &Pools, mut batch: Vec<Write>) -> Vec<Write> {
    if let Err(error) = pools.room().await {
        let error = Arc::new(error);
        for write in batch.extract_if(.., |write| write.waits.is_none()) {
            write.tell(Err(Refused::Failed(Arc::clone(&error))));
        }
    }
    let (mut locked_out, mut without_room) = (Vec::new(), Vec::new());
    for (mut write, result) in write_all(pools, batch).await {
        match (&result, write.waits) {
            // A quota that is used up is told as a failing device.
            (Err(Refused::Failed(error)), Some(_)) if matches!(**error, StorageError::Full | StorageError::Io(_)) => {
                without_room.push(write);
            }
            (Err(Refused::Failed(error)), Some(left @ 1..)) if matches!(**error, StorageError::Busy) => {
                write.waits = Some(left - 1);
                locked_out.push(write);
            }
            _ => write.tell(result),
        }
    }
    if !without_room.is_empty() {
        pools.give_up_reserve().await;
        for (write, result) in write_all(pools, without_room).await {
            write.tell(result);
        }
    }
    locked_out
}

impl Write {
    fn tell(self, result: Result<(), Refused>) {
        // A caller that has gone away loses its answer, not its commit.
        self.answer.send(result).ok();
    }
}

async fn write_all(pools: &Pools, batch: Vec<Write>) -> Vec<(Write, Result<(), Refused>)> {
    let documents: Vec<&Document> = batch.iter().map(|write| &write.document).collect();
    let results = write_batch(pools, &documents).await;
    batch.into_iter().zip(results).collect()
}

async fn write_batch(pools: &Pools, documents: &[&Document]) -> Vec<Result<(), Refused>> {
    if documents.is_empty() {
        return Vec::new();
    }
    let written = match together(pools, documents).await {
        Ok(true) => Ok(documents.iter().map(|_| Ok(())).collect()),
        Ok(false) => one_by_one(pools, documents).await,
        Err(error) if error.is_general() => Err(error),
        Err(_) => one_by_one(pools, documents).await,
    };
    written.unwrap_or_else(|error| {
        let error = Arc::new(error);
        let failed = |_: &&Document| Err(Refused::Failed(Arc::clone(&error)));
        documents.iter().map(failed).collect()
    })
}

/// All in one text; `false` and nothing written when not every part touched what it should.
async fn together(pools: &Pools, documents: &[&Document]) -> Result<bool, StorageError> {
    let whole = Document::join(documents);
    let transaction = pools.begin_in_reserve().await?;
    let touched = run(&transaction, &whole).await?;
    if touched? != whole.expected {
        transaction.rollback().await?;
        return Ok(false);
    }
    pools.points.reach("commit: rows written")?;
    transaction.commit().await?;
    Ok(true)
}

async fn one_by_one(pools: &Pools, documents: &[&Document]) -> Result<Vec<Result<(), Refused>>, StorageError> {
    let transaction = pools.begin_in_reserve().await?;
    let mut results = Vec::with_capacity(documents.len());
    for document in documents {
        let savepoint = transaction.begin().await?;
        let result = match run(&savepoint, document).await? {
            Ok(touched) => judge(&document.expected, &touched),
            Err(error) => Err(Refused::Failed(Arc::new(error))),
        };
        match result {
            Ok(()) => savepoint.commit().await?,
            Err(_) => savepoint.rollback().await?,
        }
        results.push(result);
    }
    transaction.commit().await?;
    Ok(results)
}

type Touched = BTreeMap<String, usize>;

/// Runs a document. The outer error concerns the whole database, the inner one this document.
async fn run(
    connection: &impl ConnectionTrait,
    document: &Document,
) -> Result<Result<Touched, StorageError>, StorageError> {
    let rows = match connection.query_all_raw(document.text()).await {
        Ok(rows) => rows,
        Err(error) => {
            let unique = is_unique_violation(&error);
            let error = StorageError::from(error);
            return match error {
                error if error.is_general() => Err(error),
                // A key that is taken touched nothing: the guard counts say so.
                _ if unique => Ok(Ok(Touched::new())),
                error => Ok(Err(error)),
            };
        }
    };
    let mut touched = Touched::new();
    for row in rows {
        *touched.entry(row.get("part")?).or_default() += 1;
    }
    Ok(Ok(touched))
}

/// SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
fn is_unique_violation(error: &DbErr) -> bool {
    code_of(error).is_some_and(|code| code == "1555" || code == "2067")
}

/// A commit of which only the finished job is missing lost its lease; any other miss is a conflict.
fn judge(expected: &Touched, touched: &Touched) -> Result<(), Refused> {
    if expected == touched {
        return Ok(());
    }
    let mut without_lease = expected.clone();
    without_lease.remove(FINISHED);
    if &without_lease == touched {
        Err(Refused::LeaseLost)
    } else {
        Err(Refused::Conflict)
    }
}

const FINISHED: &str = "finished";

/// The lists that the text reads, each element as JSON, and how many rows each part must touch.
#[derive(Default)]
struct Document {
    lists: BTreeMap<&'static str, Vec<String>>,
    expected: Touched,
}

impl Document {
    fn join(documents: &[&Self]) -> Self {
        let mut whole = Self::default();
        for document in documents {
            for (list, values) in &document.lists {
                whole.lists.entry(list).or_default().extend_from_slice(values);
            }
            for (part, rows) in &document.expected {
                *whole.expected.entry(part.clone()).or_default() += rows;
            }
        }
        whole
    }

    /// The statements that have something to do, each list as a parameter.
    fn text(&self) -> Statement {
        let known = |list| STATEMENTS.iter().any(|(_, name, _)| *name == list);
        debug_assert!(self.lists.keys().all(|list| known(*list)), "a list that nothing reads");
        let mut sql = String::new();
        for (before, list, after) in STATEMENTS.iter() {
            if let Some(place) = self.lists.keys().position(|name| name == list) {
                let number = place + 1;
                sql.extend([before, "json_each($", &number.to_string(), ")", after, ";\n"]);
            }
        }
        let values = self.lists.values().map(|list| format!("[{}]", list.join(",")).into());
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
    }

    fn add(&mut self, list: &'static str, value: Value) {
        self.lists.entry(list).or_default().push(value.to_string());
    }

    /// A value whose part must touch one row.
    fn must(&mut self, part: &str, list: &'static str, value: Value) {
        *self.expected.entry(part.to_owned()).or_default() += 1;
        self.add(list, value);
    }

    fn of(plan: &Plan) -> Self {
        let mut document = Self::default();
        document.case(plan);
        document.task(plan);
        document.jobs(plan);
        document.guards(plan);
        document
    }

    fn case(&mut self, plan: &Plan) {
        let (row, event, id) = (&plan.row, &plan.event, hex(plan.case.0.as_bytes()));
        let (list, events) = match plan.lies {
            Lies::Opened => ("opened", "unproven_events"),
            Lies::Unproven => ("unproven", "unproven_events"),
            Lies::Proven => ("proven", "case_events"),
            Lies::Case => ("cases", "case_events"),
        };
        let (reference, account) = row.proven.as_ref().map(|(r, a)| (r, a.to_string())).unzip();
        self.must(
            "case",
            list,
            json!({
                "id": id, "was": plan.was, "class": row.class, "workflow": row.workflow, "reference": reference,
                "account": account, "opened": row.opened, "version": row.version, "status": row.status,
                "step": row.step, "outcome": row.outcome, "updated": row.updated, "asked": row.asked,
            }),
        );
        self.must(
            "event",
            events,
            json!({
                "id": id, "was": plan.was, "version": plan.seq(), "at": event.at, "key": hex(event.key.0.as_bytes()),
                "packed": hex(&event.packed), "hash": event.hash, "sealed": event.sealed.as_deref().map(hex),
            }),
        );
    }

    fn task(&mut self, plan: &Plan) {
        let (task, id) = (&plan.task, hex(plan.case.0.as_bytes()));
        for (task, token) in &task.leases {
            self.must(
                "lease",
                "leases",
                json!({"task": hex(task.0.as_bytes()), "token": token}),
            );
        }
        if let Some(closed) = task.closed {
            self.must("task", "closed", json!({"id": id, "task": hex(closed.0.as_bytes())}));
        }
        if let Some(row) = &task.opened {
            self.must(
                "task",
                "tasks",
                json!({
                    "id": id, "task": hex(row.id.0.as_bytes()), "kind": word(&row.kind), "queue": row.queue,
                    "round": row.round, "wanted": row.wanted, "given": row.given, "senior": i64::from(row.senior),
                    "reference": row.reference, "workflow": row.workflow, "tier": row.tier, "opened": row.opened,
                    "priority": row.priority, "due": row.due, "token": row.token,
                }),
            );
        }
        let takes = match &task.claim {
            Claims::Now { person, token, until } => Some((hex(person.0.as_bytes()), *token, *until)),
            Claims::Kept | Claims::Nobody => None,
        };
        if let Some(claimed) = task.claimed {
            let (person, token, until) = takes.clone().map_or((None, None, None), |(person, token, until)| {
                (Some(person), Some(token), Some(until))
            });
            let task = hex(claimed.0.as_bytes());
            let change = json!({
                "id": id, "task": task, "person": person, "token": token, "until": until, "was": plan.task.lease_was,
            });
            self.must("task", "claimed", change);
        }
        if let Some(person) = task.let_go {
            self.add("let_go", json!({"id": id, "person": hex(person.0.as_bytes())}));
        }
        if let Some((person, ..)) = takes {
            self.add("takes", json!({"id": id, "person": person}));
        }
    }

    fn jobs(&mut self, plan: &Plan) {
        let id = hex(plan.case.0.as_bytes());
        if let Some(lease) = plan.finish {
            let finished = json!({"due": lease.until, "job": hex(lease.job.0.as_bytes())});
            self.must(FINISHED, "finished", finished);
        }
        match &plan.cancel {
            Cancel::None => {}
            Cancel::All => self.add("cancelled", json!(id)),
            Cancel::Runs(runs) => runs
                .iter()
                .for_each(|run| self.add("runs_left", json!({"id": id, "run": run}))),
        }
        for job in &plan.jobs {
            self.add(
                "jobs",
                json!({
                    "id": id, "due": job.due, "job": hex(job.id.0.as_bytes()), "run": job.run,
                    "effect": job.content,
                }),
            );
        }
    }

    fn guards(&mut self, plan: &Plan) {
        let id = hex(plan.case.0.as_bytes());
        for spend in &plan.spends {
            let (start, ends) = (spend.start, spend.start + spend.bucket.window);
            let (tag, cap) = (spend.bucket.tag, spend.bucket.limit);
            let value = json!({"tag": tag, "start": start, "ends": ends, "cap": cap, "times": spend.times});
            self.must("spend", "spends", value);
        }
        for tried in &plan.tries {
            let (tag, seen, wrong) = (tried.tag, tried.seen, tried.wrong);
            let value = json!({"tag": tag, "seen": seen, "wrong": wrong, "at": plan.row.updated, "until": tried.until});
            self.must("tried", "tries", value);
        }
        for change in &plan.accounts {
            let account = change.tag;
            if change.claim {
                self.must("account", "accounts_taken", json!({"account": account, "id": id}));
            }
            if change.release {
                self.add("accounts_released", json!({"account": account, "id": id}));
            }
            if let Some(at) = change.veto {
                self.add("vetoes", json!({"account": account, "at": at}));
            }
            if let Some(at) = change.signed_out {
                self.add("signed_out", json!({"account": account, "at": at}));
            }
            if let Some(sealed) = &change.questions {
                self.add(
                    "questions",
                    json!({"account": account, "set": sealed.as_deref().map(hex)}),
                );
            }
        }
        for (round, person) in &plan.approvals {
            let person = hex(person.0.as_bytes());
            let value = json!({"id": id, "round": round, "person": person, "at": plan.row.updated});
            self.must("approval", "approvals", value);
        }
        for change in &plan.factors {
            let (kinds, one) = match change.what {
                FactorFate::Removed => ("factors_removed", "factor_removed"),
                FactorFate::Suspended => ("factors_suspended", "factor_suspended"),
                FactorFate::Restored => ("factors_restored", "factor_restored"),
            };
            match &change.which {
                Which::Kinds(all) => {
                    for kind in all {
                        self.add(kinds, json!({"id": id, "account": change.account, "kind": kind}));
                    }
                }
                Which::One { kind, factor } => {
                    let factor = hex(factor.as_bytes());
                    self.add(
                        one,
                        json!({"id": id, "account": change.account, "kind": kind, "factor": factor}),
                    );
                }
            }
        }
        for kept in &plan.kept {
            let (list, alone) = match kept.how {
                Keeping::Added => ("factors_added", 0),
                Keeping::AddedAlone => ("factors_added", 1),
                Keeping::Used => ("factors_used", 0),
            };
            let value = json!({
                "account": kept.account, "kind": kept.kind, "factor": hex(kept.id.as_bytes()), "body": hex(&kept.body),
                "mark": kept.mark, "at": plan.row.updated, "alone": alone,
            });
            self.must("factor", list, value);
            if let Some(tag) = kept.unique {
                let value = json!({"tag": tag, "account": kept.account, "factor": hex(kept.id.as_bytes())});
                self.must("passkey", "passkeys", value);
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
