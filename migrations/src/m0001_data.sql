-- What never changes comes first in a row, what changes last: an update writes a short log record.
-- Moments are microseconds since 1970-01-01 UTC. `account` is a tag; columns said to be sealed are AEAD ciphertext.

-- A case from its first possession proof on. State and chain head lie in its last event row.
create table cases (
    id uuid primary key not null,
    reference text not null unique,
    class text not null,
    workflow bytea not null,
    account bytea not null,
    opened bigint not null,
    version bigint not null,
    status text not null,
    step text not null,
    outcome text,
    updated bigint not null
);
create index cases_opened on cases (opened, id);
create index cases_status on cases (status, opened, id);

-- One row a commit: the list of events, the case folded after it, the chain's hash over both.
-- sealed_seq names the row that holds the sealed state in force.
create table case_events (
    case_id uuid not null,
    seq bigint not null,
    at bigint not null,
    key uuid not null,
    entry bytea not null,
    state bytea not null,
    hash bytea not null,
    sealed bytea,
    sealed_seq bigint,
    primary key (case_id, seq)
);

-- Requests before their first proof: the same shape, purged after an hour, copied by the first proof.
create table unproven (
    id uuid primary key not null,
    class text not null,
    workflow bytea not null,
    opened bigint not null,
    version bigint not null,
    status text not null,
    step text not null,
    outcome text,
    updated bigint not null
);
create index unproven_opened on unproven (opened);

create table unproven_events (
    case_id uuid not null,
    seq bigint not null,
    at bigint not null,
    key uuid not null,
    entry bytea not null,
    state bytea not null,
    hash bytea not null,
    sealed bytea,
    sealed_seq bigint,
    primary key (case_id, seq)
);

-- Live human work, at most one a case, with all that the queue page shows. Done is deleted.
-- senior is 1 where only seniors may work; priority ascending is urgent first.
create table tasks (
    case_id uuid primary key not null,
    id uuid not null unique,
    kind text not null,
    queue text not null,
    round bigint not null,
    wanted bigint not null,
    given bigint not null,
    senior bigint not null,
    reference text not null,
    workflow text not null,
    tier text,
    opened bigint not null,
    priority bigint not null,
    due_at bigint not null,
    token bigint not null,
    claimed_by uuid,
    lease_until bigint,
    reserved_by uuid,
    reserved_until bigint
);
create index tasks_page on tasks (queue, priority, due_at, case_id);

-- Who works on what: an index kept by hand, so that a claim touches no index of tasks.
create table claims (
    person uuid not null,
    case_id uuid not null,
    primary key (person, case_id)
) /* clustered */;

-- IN-01: nobody approves twice in a round.
create table approvals (
    case_id uuid not null,
    round bigint not null,
    person uuid not null,
    at bigint not null,
    primary key (case_id, round, person)
);

-- due_at is visibility and lease in one: the moment a worker was given is its fencing token.
create table jobs (
    due_at bigint not null,
    id uuid not null,
    case_id uuid not null,
    run bigint not null,
    effect text not null,
    attempts bigint not null,
    primary key (due_at, id)
) /* clustered */;
create index jobs_case on jobs (case_id);

create table dead_jobs (
    id uuid primary key not null,
    case_id uuid not null,
    run bigint not null,
    effect text not null,
    attempts bigint not null,
    died bigint not null,
    error text not null
);
create index dead_jobs_died on dead_jobs (died, id);

-- Counts in fixed windows; cap is the limit in force when the row was last touched.
create table counters (
    tag bytea not null,
    window_start bigint not null,
    window_end bigint not null,
    cap bigint not null,
    used bigint not null,
    primary key (tag, window_start)
) /* clustered */;
create index counters_end on counters (window_end);

-- What belongs to an account, not to one case. open_case: RF-19. questions is sealed (QS-04).
create table account_standing (
    account bytea primary key not null,
    open_case uuid,
    last_veto bigint,
    questions bytea
);

-- The factors kept for accounts; body (name and secret) is sealed.
create table factors (
    account bytea not null,
    kind text not null,
    id uuid not null,
    added bigint not null,
    body bytea not null,
    last_used bigint,
    suspended_by uuid,
    primary key (account, kind, id)
);

create table workflows (
    hash bytea primary key not null,
    name text not null,
    class text not null,
    body text not null,
    published bigint not null
);
create index workflows_name on workflows (name, published);

create table policies (
    hash bytea primary key not null,
    body text not null,
    published bigint not null
);
create index policies_published on policies (published);

-- Staff. left_at is set when somebody may no longer sign in.
create table people (
    id uuid primary key not null,
    name text not null unique,
    display text not null,
    added bigint not null,
    roles text not null,
    left_at bigint
);

-- Passkeys of staff; tag is of the credential's id, which is registered once (PK-01); body is sealed.
create table credentials (
    id uuid primary key not null,
    tag bytea not null unique,
    person uuid not null,
    label text not null,
    added bigint not null,
    body bytea not null,
    used bigint
);
create index credentials_person on credentials (person);

-- Password hash and TOTP secret, sealed: the demo and the break-glass only. last_step: a code is used once.
create table staff_secrets (
    person uuid primary key not null,
    body bytea not null,
    last_step bigint not null
);

-- Server-side sessions; id is SHA-256 of the token, data is sealed.
create table sessions (
    id bytea primary key not null,
    face text not null,
    created bigint not null,
    person uuid,
    case_id uuid,
    seen bigint not null,
    data bytea not null
);
create index sessions_created on sessions (created);
create index sessions_person on sessions (person);

-- Somebody coming back to a case; case_id is null where the reference names none.
create table visits (
    id uuid primary key not null,
    session bytea not null,
    case_id uuid,
    created bigint not null,
    issue bigint not null,
    tries bigint not null,
    verified bigint
);
create index visits_created on visits (created);

create table audit (
    at bigint not null,
    id uuid not null,
    who text not null,
    what text not null,
    case_id uuid,
    outcome text not null,
    detail text not null,
    primary key (at, id)
);
create index audit_case on audit (case_id, at, id);

-- What a reviewer has typed and not sent; body is sealed.
create table drafts (
    task uuid not null,
    person uuid not null,
    body bytea not null,
    primary key (task, person)
);

-- What lies in the evidence store; sha256 is sealed.
create table blobs (
    id uuid primary key not null,
    case_id uuid not null,
    bytes bigint not null,
    sha256 bytea not null
);
create index blobs_case on blobs (case_id);

-- One row: which key shelf this data belongs to.
create table installation (
    id bigint primary key not null,
    shelf bytea not null
);
