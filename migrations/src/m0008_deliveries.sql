-- Text messages that a gateway took, and what it told of them since (WH-06). No number and no word of them stands here.
-- `gateway` is a tag of the gateway's own name of the message; `issue` is left out of notices.
create table deliveries (
    id uuid primary key not null,
    case_id uuid not null,
    run bigint not null,
    issue bigint,
    gateway bytea,
    sent bigint not null,
    told bigint,
    state text not null,
    error text
);
create index deliveries_gateway on deliveries (gateway);
create index deliveries_state on deliveries (state, told);
create index deliveries_sent on deliveries (sent);
