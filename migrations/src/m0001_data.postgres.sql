-- Ends a commit whose guard touched no row: the whole statement is undone. RM001 is a conflict, RM002 a lost job lease.
create function refuse(code text) returns bigint language plpgsql as $$
begin
    raise exception 'commit refused' using errcode = code;
end $$;

-- Room for updates on the same page.
alter table cases set (fillfactor = 80);
alter table tasks set (fillfactor = 70);
alter table counters set (fillfactor = 70);

-- Small tables that turn over fast: their statistics must not go stale, or a plan made while they were empty stays.
alter table tasks set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
alter table jobs set (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 500,
    autovacuum_analyze_scale_factor = 0.02
);
