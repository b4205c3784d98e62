//! PostgreSQL: one statement a commit, one round trip.
//!
//! Every part is a member of one `WITH`. The case row `g` carries the version guard; every other part hangs on it, so
//! that a commit that comes too late touches nothing. Where `g` held and another guard touched no row, `refuse` raises,
//! and the whole statement is undone.

use readmit_core::decide::Cancel;
use readmit_core::effect::NOTICES;
use readmit_core::guard::Which;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement, Value};
use serde_json::json;

use super::Missed;
use super::plan::{AccountChange, Claims, FactorFate, Keeping, Lies, Plan, TaskRow};
use crate::connect::Pools;
use crate::error::code_of;
use crate::row::{Columns as _, word};

/// SQLSTATEs that mean: somebody else was first. 23505 unique violation, 40001 serialisation, 40P01 deadlock, and the
/// migration's own RM001.
const CONFLICTS: [&str; 4] = ["23505", "40001", "40P01", "RM001"];
const LEASE_LOST: &str = "RM002";

pub(super) async fn write(pools: &Pools, plan: &Plan) -> Result<(), Missed> {
    let statement = render(plan);
    match pools.write.query_one_raw(statement).await {
        Ok(Some(row)) if row.get::<i64>("done")? == 1 => Ok(()),
        Ok(_) => Err(Missed::Conflict),
        Err(error) => Err(match code_of(&error) {
            Some(code) if CONFLICTS.contains(&code.as_str()) => Missed::Conflict,
            Some(code) if code == LEASE_LOST => Missed::LeaseLost,
            _ => Missed::Failed(error.into()),
        }),
    }
}

/// The case's id is the first parameter of every text.
const ID: &str = "$1";

#[derive(Default)]
struct Text {
    members: Vec<String>,
    values: Vec<Value>,
    /// What must be true beside `g`, or the commit is a conflict.
    musts: Vec<String>,
    /// What must be true of the finished job.
    lease: Option<String>,
}

impl Text {
    /// A parameter's name in the text.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn member(&mut self, name: &str, sql: &str) {
        self.members.push(format!("{name} AS ({sql})"));
    }

    /// A member that must touch exactly this many rows.
    fn must(&mut self, name: &str, rows: usize, sql: &str) {
        self.member(name, sql);
        self.musts.push(format!("(SELECT count(*) FROM {name}) = {rows}"));
    }
}

fn render(plan: &Plan) -> Statement {
    let mut text = Text::default();
    text.bind(plan.case.0);
    case(&mut text, plan);
    event(&mut text, plan);
    task(&mut text, plan);
    jobs(&mut text, plan);
    spends(&mut text, plan);
    tries(&mut text, plan);
    for (place, change) in plan.accounts.iter().enumerate() {
        account(&mut text, place, change);
    }
    approvals(&mut text, plan);
    factors(&mut text, plan);

    let all = |musts: Vec<String>| {
        if musts.is_empty() {
            "true".to_owned()
        } else {
            musts.join(" AND ")
        }
    };
    let musts = all(std::mem::take(&mut text.musts));
    let lease = text.lease.take().unwrap_or_else(|| "true".to_owned());
    let sql = format!(
        "WITH {} SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM g) THEN 0::bigint WHEN NOT ({musts}) THEN refuse('RM001') \
         WHEN NOT ({lease}) THEN refuse('RM002') ELSE 1::bigint END AS done",
        text.members.join(", "),
    );
    Statement::from_sql_and_values(DbBackend::Postgres, sql, text.values)
}

fn case(text: &mut Text, plan: &Plan) {
    let row = &plan.row;
    let leases: String = plan
        .task
        .leases
        .iter()
        .map(|(task, token)| {
            let (task, token) = (text.bind(task.0), text.bind(i64::from(*token)));
            format!(
                " AND EXISTS (SELECT 1 FROM tasks WHERE id = {task} AND token = {token} AND claimed_by IS NOT NULL)"
            )
        })
        .collect();
    if plan.lies == Lies::Proven {
        let was = text.bind(i64::from(plan.was));
        text.member(
            "g",
            &format!("DELETE FROM unproven WHERE id = {ID} AND version = {was}{leases} RETURNING 1 AS won"),
        );
        text.member(
            "moved",
            &format!("INSERT INTO case_events SELECT unproven_events.* FROM unproven_events, g WHERE case_id = {ID}"),
        );
        text.member(
            "gone",
            &format!("DELETE FROM unproven_events USING g WHERE case_id = {ID}"),
        );
    }
    let version = text.bind(i64::from(row.version));
    let status = text.bind(row.status);
    let step = text.bind(row.step.as_str());
    let outcome = text.bind(row.outcome.map(str::to_owned));
    let updated = text.bind(row.updated.0);
    match plan.lies {
        Lies::Unproven | Lies::Case => {
            let table = if plan.lies == Lies::Case { "cases" } else { "unproven" };
            let was = text.bind(i64::from(plan.was));
            let asked = match plan.lies {
                Lies::Case => format!(", asked = {}", text.bind(row.asked.map(|at| at.0))),
                _ => String::new(),
            };
            text.member(
                "g",
                &format!(
                    "UPDATE {table} SET version = {version}, status = {status}, step = {step}, outcome = {outcome}, \
                     updated = {updated}{asked} WHERE id = {ID} AND version = {was}{leases} RETURNING 1 AS won"
                ),
            );
        }
        Lies::Opened => {
            let class = text.bind(row.class.as_str());
            let workflow = text.bind(row.workflow.0.to_vec());
            let opened = text.bind(row.opened.0);
            text.member(
                "g",
                &format!(
                    "INSERT INTO unproven (id, class, workflow, opened, version, status, step, outcome, updated) SELECT \
                     {ID}, {class}, {workflow}, {opened}, {version}, {status}, {step}, {outcome}, {updated} \
                     WHERE NOT EXISTS (SELECT 1 FROM cases WHERE id = {ID}) ON CONFLICT DO NOTHING RETURNING 1 AS won"
                ),
            );
        }
        Lies::Proven => {
            let class = text.bind(row.class.as_str());
            let workflow = text.bind(row.workflow.0.to_vec());
            let opened = text.bind(row.opened.0);
            let (reference, account) = row
                .proven
                .as_ref()
                .map_or((String::new(), Vec::new()), |(r, a)| (r.clone(), a.0.to_vec()));
            let (reference, account) = (text.bind(reference), text.bind(account));
            text.member(
                "born",
                &format!(
                    "INSERT INTO cases (id, reference, class, workflow, account, opened, version, status, step, \
                     outcome, updated) SELECT {ID}, {reference}, {class}, {workflow}, {account}, {opened}, {version}, \
                     {status}, {step}, {outcome}, {updated} FROM g"
                ),
            );
        }
    }
}

fn event(text: &mut Text, plan: &Plan) {
    let event = &plan.event;
    let (table, earlier) = match plan.lies {
        Lies::Opened | Lies::Unproven => ("unproven_events", "unproven_events"),
        Lies::Proven => ("case_events", "unproven_events"),
        Lies::Case => ("case_events", "case_events"),
    };
    let seq = text.bind(i64::from(plan.seq()));
    let at = text.bind(event.at.0);
    let key = text.bind(event.key.0);
    let packed = text.bind(event.packed.clone());
    let hash = text.bind(event.hash.0.to_vec());
    let (sealed, sealed_seq) = match &event.sealed {
        Some(sealed) => (text.bind(sealed.clone()), seq.clone()),
        None => {
            let was = text.bind(i64::from(plan.was));
            let last = format!("(SELECT sealed_seq FROM {earlier} WHERE case_id = {ID} AND seq = {was})");
            ("NULL::bytea".to_owned(), last)
        }
    };
    text.member(
        "e",
        &format!(
            "INSERT INTO {table} (case_id, seq, at, key, entry, state, hash, sealed, sealed_seq) \
             SELECT {ID}, {seq}, {at}, {key}, {packed}, ''::bytea, {hash}, {sealed}, {sealed_seq} FROM g"
        ),
    );
}

fn task(text: &mut Text, plan: &Plan) {
    let task = &plan.task;
    if let Some(closed) = task.closed {
        let closed = text.bind(closed.0);
        text.must(
            "closed",
            1,
            &format!("DELETE FROM tasks USING g WHERE case_id = {ID} AND tasks.id = {closed} RETURNING 1"),
        );
    }
    if let Some(row) = &task.opened {
        // The case's earlier task must be gone before the next takes its key.
        let after = if task.closed.is_some() { "closed" } else { "g" };
        let values = task_values(text, row);
        text.must(
            "opened",
            1,
            &format!(
                "INSERT INTO tasks (case_id, id, kind, queue, round, wanted, given, senior, reference, workflow, tier, \
                 opened, priority, due_at, token) SELECT {ID}, {values} FROM {after} RETURNING 1"
            ),
        );
    }
    if let Some(claimed) = task.claimed {
        let (claimed, was) = (text.bind(claimed.0), text.bind(task.lease_was.map(|until| until.0)));
        let set = match &task.claim {
            Claims::Now { person, token, until } => {
                let (person, token, until) = (text.bind(person.0), text.bind(i64::from(*token)), text.bind(until.0));
                format!("token = {token}, claimed_by = {person}, lease_until = {until}")
            }
            Claims::Kept | Claims::Nobody => "claimed_by = NULL, lease_until = NULL".to_owned(),
        };
        text.must(
            "claimed",
            1,
            &format!(
                "UPDATE tasks SET {set}, reserved_by = NULL, reserved_until = NULL FROM g \
                 WHERE case_id = {ID} AND tasks.id = {claimed} AND lease_until IS NOT DISTINCT FROM {was} RETURNING 1"
            ),
        );
    }
    let takes = match &task.claim {
        Claims::Now { person, .. } => Some(*person),
        Claims::Kept | Claims::Nobody => None,
    };
    if takes == task.let_go {
        return;
    }
    if let Some(person) = task.let_go {
        let person = text.bind(person.0);
        text.member(
            "let_go",
            &format!("DELETE FROM claims USING g WHERE person = {person} AND case_id = {ID}"),
        );
    }
    if let Some(person) = takes {
        let person = text.bind(person.0);
        text.member(
            "takes",
            &format!("INSERT INTO claims (person, case_id) SELECT {person}, {ID} FROM g ON CONFLICT DO NOTHING"),
        );
    }
}

fn task_values(text: &mut Text, row: &TaskRow) -> String {
    [
        text.bind(row.id.0),
        text.bind(word(&row.kind)),
        text.bind(row.queue.as_str()),
        text.bind(i64::from(row.round)),
        text.bind(i64::from(row.wanted)),
        text.bind(i64::from(row.given)),
        text.bind(i64::from(row.senior)),
        text.bind(row.reference.as_str()),
        text.bind(row.workflow.as_str()),
        text.bind(row.tier.clone()),
        text.bind(row.opened.0),
        text.bind(row.priority),
        text.bind(row.due.0),
        text.bind(i64::from(row.token)),
    ]
    .join(", ")
}

fn jobs(text: &mut Text, plan: &Plan) {
    let mut spared = String::new();
    if let Some(lease) = plan.finish {
        let (due, job) = (text.bind(lease.until.0), text.bind(lease.job.0));
        text.member(
            "finished",
            &format!("DELETE FROM jobs USING g WHERE due_at = {due} AND id = {job} RETURNING 1"),
        );
        text.lease = Some("(SELECT count(*) FROM finished) = 1".to_owned());
        spared = format!(" AND id <> {job}");
    }
    let runs = match &plan.cancel {
        Cancel::None => None,
        Cancel::All => Some(format!(" AND run <> {NOTICES}")),
        Cancel::Runs(runs) => {
            let runs = text.bind(json!(runs).to_string());
            Some(format!(
                " AND run IN (SELECT jsonb_array_elements({runs}::jsonb)::bigint)"
            ))
        }
    };
    if let Some(runs) = runs {
        text.member(
            "cancelled",
            &format!("DELETE FROM jobs USING g WHERE case_id = {ID}{runs}{spared}"),
        );
    }
    if plan.jobs.is_empty() {
        return;
    }
    let rows: Vec<_> = plan
        .jobs
        .iter()
        .map(|row| json!({"due_at": row.due.0, "id": row.id.0, "run": row.run, "effect": row.content}))
        .collect();
    let rows = text.bind(json!(rows).to_string());
    text.member(
        "queued",
        &format!(
            "INSERT INTO jobs (due_at, id, case_id, run, effect, attempts) SELECT x.due_at, x.id, {ID}, x.run, \
             x.effect, 0 FROM g, jsonb_to_recordset({rows}::jsonb) AS x(due_at bigint, id uuid, run bigint, effect text)"
        ),
    );
}

fn spends(text: &mut Text, plan: &Plan) {
    if plan.spends.is_empty() {
        return;
    }
    let rows: Vec<_> = plan
        .spends
        .iter()
        .map(|spend| {
            json!({
                "tag": spend.bucket.tag.to_string(), "start": spend.start.0,
                "ends": (spend.start + spend.bucket.window).0, "cap": spend.bucket.limit, "times": spend.times,
            })
        })
        .collect();
    let rows = text.bind(json!(rows).to_string());
    text.must(
        "spent",
        plan.spends.len(),
        &format!(
            "INSERT INTO counters AS c (tag, window_start, window_end, cap, used) \
             SELECT decode(x.tag, 'hex'), x.start, x.ends, x.cap, x.times FROM g, jsonb_to_recordset({rows}::jsonb) \
             AS x(tag text, start bigint, ends bigint, cap bigint, times bigint) WHERE x.times <= x.cap ORDER BY x.tag \
             ON CONFLICT (tag, window_start) DO UPDATE SET used = c.used + excluded.used, cap = excluded.cap \
             WHERE c.used + excluded.used <= excluded.cap RETURNING 1"
        ),
    );
}

fn tries(text: &mut Text, plan: &Plan) {
    for (place, tried) in plan.tries.iter().enumerate() {
        let tag = text.bind(tried.tag.0.to_vec());
        let seen = text.bind(tried.seen.map(i64::from));
        let wrong = text.bind(i64::from(tried.wrong));
        let (at, until) = (text.bind(plan.row.updated.0), text.bind(tried.until.0));
        text.must(
            &format!("tried{place}"),
            1,
            &format!(
                "INSERT INTO streaks AS s (tag, wrong, last, until) SELECT {tag}, {wrong}, {at}, {until} FROM g \
                 WHERE coalesce({seen}::bigint, 0) = 0 OR EXISTS (SELECT 1 FROM streaks WHERE tag = {tag}) \
                 ON CONFLICT (tag) DO UPDATE SET wrong = excluded.wrong, last = excluded.last, until = excluded.until \
                 WHERE {seen}::bigint IS NULL OR s.wrong = {seen}::bigint OR s.until <= {at} RETURNING 1"
            ),
        );
    }
}

fn account(text: &mut Text, place: usize, change: &AccountChange) {
    let Some(tag) = change.tag else { return };
    let tag = text.bind(tag.0.to_vec());
    let mut open = "NULL::uuid".to_owned();
    let mut sets = Vec::new();
    let mut only = String::new();
    if change.claim {
        only = format!(" WHERE s.open_case IS NULL OR s.open_case = {ID}");
        if !change.release {
            ID.clone_into(&mut open);
        }
        sets.push("open_case = excluded.open_case".to_owned());
    } else if change.release {
        sets.push(format!("open_case = nullif(s.open_case, {ID})"));
    }
    let mut veto = "NULL::bigint".to_owned();
    if let Some(at) = change.veto {
        veto = text.bind(at.0);
        sets.push("last_veto = excluded.last_veto".to_owned());
    }
    let mut signed_out = "NULL::bigint".to_owned();
    if let Some(at) = change.signed_out {
        signed_out = text.bind(at.0);
        sets.push("signed_out = greatest(s.signed_out, excluded.signed_out)".to_owned());
    }
    let mut questions = "NULL::bytea".to_owned();
    if let Some(sealed) = &change.questions {
        questions = text.bind(sealed.clone());
        sets.push("questions = excluded.questions".to_owned());
    }
    text.must(
        &format!("account{place}"),
        1,
        &format!(
            "INSERT INTO account_standing AS s (account, open_case, last_veto, signed_out, questions) \
             SELECT {tag}, {open}, {veto}, {signed_out}, {questions} FROM g \
             ON CONFLICT (account) DO UPDATE SET {}{only} RETURNING 1",
            sets.join(", ")
        ),
    );
}

fn approvals(text: &mut Text, plan: &Plan) {
    for (place, (round, person)) in plan.approvals.iter().enumerate() {
        let (round, person, at) = (
            text.bind(i64::from(*round)),
            text.bind(person.0),
            text.bind(plan.row.updated.0),
        );
        text.must(
            &format!("approval{place}"),
            1,
            &format!(
                "INSERT INTO approvals (case_id, round, person, at) SELECT {ID}, {round}, {person}, {at} FROM g \
                 ON CONFLICT DO NOTHING RETURNING 1"
            ),
        );
    }
}

fn factors(text: &mut Text, plan: &Plan) {
    for (place, change) in plan.factors.iter().enumerate() {
        let account = text.bind(change.account.0.to_vec());
        let which = match &change.which {
            Which::Kinds(kinds) => {
                let kinds = text.bind(json!(kinds).to_string());
                format!("account = {account} AND kind IN (SELECT jsonb_array_elements_text({kinds}::jsonb))")
            }
            Which::One { kind, factor } => {
                let (kind, factor) = (text.bind(kind.as_str()), text.bind(*factor));
                format!("account = {account} AND kind = {kind} AND factors.id = {factor}")
            }
        };
        let sql = match change.what {
            FactorFate::Removed => format!("DELETE FROM factors USING g WHERE {which}"),
            FactorFate::Suspended => format!("UPDATE factors SET suspended_by = {ID} FROM g WHERE {which}"),
            FactorFate::Restored => {
                format!("UPDATE factors SET suspended_by = NULL FROM g WHERE {which} AND suspended_by = {ID}")
            }
        };
        text.member(&format!("factors{place}"), &sql);
    }
    for (place, kept) in plan.kept.iter().enumerate() {
        let account = text.bind(kept.account.0.to_vec());
        let (kind, id) = (text.bind(kept.kind.as_str()), text.bind(kept.id));
        let (body, mark) = (text.bind(kept.body.clone()), text.bind(kept.mark));
        let at = text.bind(plan.row.updated.0);
        let alone = match kept.how {
            Keeping::AddedAlone => {
                format!(" WHERE NOT EXISTS (SELECT 1 FROM factors WHERE account = {account} AND kind = {kind})")
            }
            Keeping::Added | Keeping::Used => String::new(),
        };
        let sql = match kept.how {
            Keeping::Added | Keeping::AddedAlone => format!(
                "INSERT INTO factors (account, kind, id, added, body, mark) \
                 SELECT {account}, {kind}, {id}, {at}, {body}, {mark} FROM g{alone} RETURNING 1"
            ),
            Keeping::Used => format!(
                "UPDATE factors SET mark = {mark}, body = {body}, last_used = {at} FROM g \
                 WHERE account = {account} AND kind = {kind} AND factors.id = {id} AND suspended_by IS NULL \
                 AND (mark < {mark} OR (mark = 0 AND {mark} = 0)) RETURNING 1"
            ),
        };
        text.must(&format!("kept{place}"), 1, &sql);
        if let Some(tag) = kept.unique {
            let tag = text.bind(tag.0.to_vec());
            let sql = format!(
                "INSERT INTO passkey_ids (tag, account, factor) SELECT {tag}, {account}, {id} FROM g \
                 ON CONFLICT DO NOTHING RETURNING 1"
            );
            text.must(&format!("named{place}"), 1, &sql);
        }
    }
}
