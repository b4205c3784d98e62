-- What pictures are known again by (EV-09): a tag of their bytes, 256 bits of how they look, and tags of the words that tell
-- a page from others, four bytes each, in order.
create table prints (
    evidence uuid primary key not null,
    case_id uuid not null,
    account bytea,
    exact bytea not null,
    likeness bytea,
    words bytea not null,
    at bigint not null
);
create index prints_exact on prints (exact);
create index prints_case on prints (case_id);
-- What may find one again: its likeness in 16 bands of 16 bits, each with its number above it (two that differ in fewer
-- than 16 bits share one), and its words, from 2^32 on.
create table print_bands (
    band bigint not null,
    evidence uuid not null,
    primary key (band, evidence)
) /* clustered */;
