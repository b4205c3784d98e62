-- Published rule packs: immutable, named by the hash of their file. Which of them are current stands in the policy.
create table rule_packs (
    hash bytea primary key not null,
    name text not null,
    body text not null,
    published bigint not null
);
create index rule_packs_name on rule_packs (name, published);
