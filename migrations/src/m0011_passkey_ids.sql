-- Every passkey that was ever bound, by a keyed hash of its id, and the factor that it became. Rows are never changed: one
-- that was removed is refused for ever, and none is bound twice.
create table passkey_ids (
    tag bytea primary key not null,
    account bytea not null,
    factor uuid not null
);
