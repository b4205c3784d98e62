-- The role that the application works as (IN-08). The owner of the tables runs this after every migration.
do $$
begin
    if not exists (select from pg_roles where rolname = 'readmit_app') then
        create role readmit_app nologin;
    end if;
end $$;

grant usage on schema public to readmit_app;
grant select, insert, update, delete on all tables in schema public to readmit_app;

-- The record: rows are added and never changed.
revoke update, delete, truncate on case_events, approvals, audit, passkey_ids from readmit_app;

-- What only the owner writes.
revoke insert, update, delete, truncate on seaql_migrations, installation from readmit_app;

-- Room that is kept for an owner's objection, given up by emptying the table (RF-11).
grant truncate on reserve to readmit_app;
