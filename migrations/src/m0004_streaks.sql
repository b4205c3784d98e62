-- Wrong tries in a row, by what they were tried at; forgotten at `until`.
create table streaks (
    tag bytea primary key not null,
    wrong bigint not null,
    last bigint not null,
    until bigint not null
);
create index streaks_until on streaks (until);
