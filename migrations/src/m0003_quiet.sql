-- Addresses whose reader asked for no codes, by tag, and until when.
create table quiet (
    address bytea primary key not null,
    until bigint not null
);
create index quiet_until on quiet (until);
