-- A batch of commits, statement by statement; each works on one list, a JSON array, and is left out where that is empty.
-- Each statement that must touch a row for each element tells so by RETURNING the name of its part; the writer counts them.

INSERT INTO unproven (id, class, workflow, opened, version, status, step, outcome, updated)
SELECT unhex(v.value->>'id'), v.value->>'class', unhex(v.value->>'workflow'), v.value->>'opened', v.value->>'version',
       v.value->>'status', v.value->>'step', v.value->>'outcome', v.value->>'updated'
FROM json_each($opened) AS v WHERE NOT EXISTS (SELECT 1 FROM cases WHERE id = unhex(v.value->>'id'))
ON CONFLICT DO NOTHING RETURNING 'case' AS part;

UPDATE unproven SET version = v.value->>'version', status = v.value->>'status', step = v.value->>'step',
       outcome = v.value->>'outcome', updated = v.value->>'updated'
FROM json_each($unproven) AS v
WHERE unproven.id = unhex(v.value->>'id') AND unproven.version = v.value->>'was' RETURNING 'case' AS part;

UPDATE cases SET version = v.value->>'version', status = v.value->>'status', step = v.value->>'step',
       outcome = v.value->>'outcome', updated = v.value->>'updated', asked = v.value->>'asked'
FROM json_each($cases) AS v
WHERE cases.id = unhex(v.value->>'id') AND cases.version = v.value->>'was' RETURNING 'case' AS part;

INSERT INTO cases (id, reference, class, workflow, account, opened, version, status, step, outcome, updated)
SELECT u.id, v.value->>'reference', u.class, u.workflow, unhex(v.value->>'account'), u.opened, v.value->>'version',
       v.value->>'status', v.value->>'step', v.value->>'outcome', v.value->>'updated'
FROM json_each($proven) AS v JOIN unproven AS u ON u.id = unhex(v.value->>'id') AND u.version = v.value->>'was'
RETURNING 'case' AS part;

INSERT INTO case_events (case_id, seq, at, key, entry, state, hash, sealed, sealed_seq)
SELECT e.case_id, e.seq, e.at, e.key, e.entry, e.state, e.hash, e.sealed, e.sealed_seq
FROM json_each($proven) AS v JOIN unproven_events AS e ON e.case_id = unhex(v.value->>'id');

DELETE FROM unproven_events WHERE case_id IN (SELECT unhex(v.value->>'id') FROM json_each($proven) AS v);

DELETE FROM unproven WHERE id IN (SELECT unhex(v.value->>'id') FROM json_each($proven) AS v);

INSERT INTO unproven_events (case_id, seq, at, key, entry, state, hash, sealed, sealed_seq)
SELECT unhex(v.value->>'id'), v.value->>'version', v.value->>'at', unhex(v.value->>'key'),
       unhex(v.value->>'packed'), x'', unhex(v.value->>'hash'),
       unhex(v.value->>'sealed'),
       iif(v.value->>'sealed' IS NULL,
           (SELECT e.sealed_seq FROM unproven_events AS e
            WHERE e.case_id = unhex(v.value->>'id') AND e.seq = v.value->>'was'),
           v.value->>'version')
FROM json_each($unproven_events) AS v RETURNING 'event' AS part;

INSERT INTO case_events (case_id, seq, at, key, entry, state, hash, sealed, sealed_seq)
SELECT unhex(v.value->>'id'), v.value->>'version', v.value->>'at', unhex(v.value->>'key'),
       unhex(v.value->>'packed'), x'', unhex(v.value->>'hash'),
       unhex(v.value->>'sealed'),
       iif(v.value->>'sealed' IS NULL,
           (SELECT e.sealed_seq FROM case_events AS e
            WHERE e.case_id = unhex(v.value->>'id') AND e.seq = v.value->>'was'),
           v.value->>'version')
FROM json_each($case_events) AS v RETURNING 'event' AS part;

SELECT 'lease' AS part FROM json_each($leases) AS v
JOIN tasks AS t ON t.id = unhex(v.value->>'task') AND t.token = v.value->>'token' AND t.claimed_by IS NOT NULL;

DELETE FROM claims WHERE (person, case_id) IN
    (SELECT unhex(v.value->>'person'), unhex(v.value->>'id') FROM json_each($let_go) AS v);

DELETE FROM tasks WHERE (case_id, id) IN
    (SELECT unhex(v.value->>'id'), unhex(v.value->>'task') FROM json_each($closed) AS v) RETURNING 'task' AS part;

INSERT INTO tasks (case_id, id, kind, queue, round, wanted, given, senior, reference, workflow, tier, opened, priority,
                   due_at, token)
SELECT unhex(v.value->>'id'), unhex(v.value->>'task'), v.value->>'kind', v.value->>'queue', v.value->>'round',
       v.value->>'wanted', v.value->>'given', v.value->>'senior', v.value->>'reference', v.value->>'workflow',
       v.value->>'tier', v.value->>'opened', v.value->>'priority', v.value->>'due', v.value->>'token'
FROM json_each($tasks) AS v RETURNING 'task' AS part;

UPDATE tasks SET token = coalesce(v.value->>'token', tasks.token), claimed_by = unhex(v.value->>'person'),
       lease_until = v.value->>'until', reserved_by = NULL, reserved_until = NULL
FROM json_each($claimed) AS v
WHERE tasks.case_id = unhex(v.value->>'id') AND tasks.id = unhex(v.value->>'task')
  AND tasks.lease_until IS v.value->>'was' RETURNING 'task' AS part;

INSERT INTO claims (person, case_id)
SELECT unhex(v.value->>'person'), unhex(v.value->>'id') FROM json_each($takes) AS v
WHERE true ON CONFLICT DO NOTHING;

DELETE FROM jobs WHERE (due_at, id) IN
    (SELECT v.value->>'due', unhex(v.value->>'job') FROM json_each($finished) AS v) RETURNING 'finished' AS part;

-- Notices have a run of their own, which nothing cancels (RF-09).
DELETE FROM jobs WHERE case_id IN (SELECT unhex(v.value) FROM json_each($cancelled) AS v) AND run <> 4294967295;

DELETE FROM jobs WHERE (case_id, run) IN
    (SELECT unhex(v.value->>'id'), v.value->>'run' FROM json_each($runs_left) AS v);

INSERT INTO jobs (due_at, id, case_id, run, effect, attempts)
SELECT v.value->>'due', unhex(v.value->>'job'), unhex(v.value->>'id'), v.value->>'run', v.value->>'effect', 0
FROM json_each($jobs) AS v;

INSERT INTO counters AS c (tag, window_start, window_end, cap, used)
SELECT unhex(v.value->>'tag'), v.value->>'start', v.value->>'ends', v.value->>'cap', v.value->>'times'
FROM json_each($spends) AS v WHERE v.value->>'times' <= v.value->>'cap'
ON CONFLICT (tag, window_start) DO UPDATE SET used = c.used + excluded.used, cap = excluded.cap
WHERE c.used + excluded.used <= excluded.cap RETURNING 'spend' AS part;

UPDATE streaks SET wrong = v.value->>'wrong', last = v.value->>'at', until = v.value->>'until'
FROM json_each($tries) AS v
WHERE streaks.tag = unhex(v.value->>'tag')
  AND (v.value->>'seen' IS NULL OR streaks.wrong = v.value->>'seen' OR streaks.until <= v.value->>'at')
RETURNING 'tried' AS part;

INSERT INTO streaks (tag, wrong, last, until)
SELECT unhex(v.value->>'tag'), v.value->>'wrong', v.value->>'at', v.value->>'until' FROM json_each($tries) AS v
WHERE coalesce(v.value->>'seen', 0) = 0
  AND NOT EXISTS (SELECT 1 FROM streaks AS s WHERE s.tag = unhex(v.value->>'tag'))
RETURNING 'tried' AS part;

INSERT INTO account_standing AS s (account, open_case)
SELECT unhex(v.value->>'account'), unhex(v.value->>'id') FROM json_each($accounts_taken) AS v
WHERE true ON CONFLICT (account) DO UPDATE SET open_case = excluded.open_case
WHERE s.open_case IS NULL OR s.open_case = excluded.open_case RETURNING 'account' AS part;

UPDATE account_standing SET open_case = NULL WHERE (account, open_case) IN
    (SELECT unhex(v.value->>'account'), unhex(v.value->>'id') FROM json_each($accounts_released) AS v);

INSERT INTO account_standing (account, last_veto)
SELECT unhex(v.value->>'account'), v.value->>'at' FROM json_each($vetoes) AS v
WHERE true ON CONFLICT (account) DO UPDATE SET last_veto = excluded.last_veto;

INSERT INTO account_standing (account, signed_out)
SELECT unhex(v.value->>'account'), v.value->>'at' FROM json_each($signed_out) AS v
WHERE true ON CONFLICT (account) DO UPDATE SET signed_out = max(coalesce(signed_out, 0), excluded.signed_out);

INSERT INTO account_standing (account, questions)
SELECT unhex(v.value->>'account'), unhex(v.value->>'set') FROM json_each($questions) AS v
WHERE true ON CONFLICT (account) DO UPDATE SET questions = excluded.questions;

INSERT INTO approvals (case_id, round, person, at)
SELECT unhex(v.value->>'id'), v.value->>'round', unhex(v.value->>'person'), v.value->>'at'
FROM json_each($approvals) AS v WHERE true ON CONFLICT DO NOTHING RETURNING 'approval' AS part;

DELETE FROM factors WHERE (account, kind) IN
    (SELECT unhex(v.value->>'account'), v.value->>'kind' FROM json_each($factors_removed) AS v);

UPDATE factors SET suspended_by = unhex(v.value->>'id') FROM json_each($factors_suspended) AS v
WHERE factors.account = unhex(v.value->>'account') AND factors.kind = v.value->>'kind';

UPDATE factors SET suspended_by = NULL FROM json_each($factors_restored) AS v
WHERE factors.account = unhex(v.value->>'account') AND factors.kind = v.value->>'kind'
  AND factors.suspended_by = unhex(v.value->>'id');

DELETE FROM factors WHERE (account, kind, id) IN
    (SELECT unhex(v.value->>'account'), v.value->>'kind', unhex(v.value->>'factor')
     FROM json_each($factor_removed) AS v);

UPDATE factors SET suspended_by = unhex(v.value->>'id') FROM json_each($factor_suspended) AS v
WHERE factors.account = unhex(v.value->>'account') AND factors.kind = v.value->>'kind'
  AND factors.id = unhex(v.value->>'factor');

UPDATE factors SET suspended_by = NULL FROM json_each($factor_restored) AS v
WHERE factors.account = unhex(v.value->>'account') AND factors.kind = v.value->>'kind'
  AND factors.id = unhex(v.value->>'factor') AND factors.suspended_by = unhex(v.value->>'id');

INSERT INTO factors (account, kind, id, added, body, mark)
SELECT unhex(v.value->>'account'), v.value->>'kind', unhex(v.value->>'factor'), v.value->>'at',
       unhex(v.value->>'body'), v.value->>'mark'
FROM json_each($factors_added) AS v
WHERE v.value->>'alone' = 0 OR NOT EXISTS
    (SELECT 1 FROM factors AS f WHERE f.account = unhex(v.value->>'account') AND f.kind = v.value->>'kind')
RETURNING 'factor' AS part;

INSERT INTO passkey_ids (tag, account, factor)
SELECT unhex(v.value->>'tag'), unhex(v.value->>'account'), unhex(v.value->>'factor') FROM json_each($passkeys) AS v
WHERE true ON CONFLICT DO NOTHING RETURNING 'passkey' AS part;

UPDATE factors SET mark = v.value->>'mark', body = unhex(v.value->>'body'), last_used = v.value->>'at'
FROM json_each($factors_used) AS v
WHERE factors.account = unhex(v.value->>'account') AND factors.kind = v.value->>'kind'
  AND factors.id = unhex(v.value->>'factor') AND factors.suspended_by IS NULL
  AND (factors.mark < v.value->>'mark' OR (factors.mark = 0 AND v.value->>'mark' = 0))
RETURNING 'factor' AS part;
