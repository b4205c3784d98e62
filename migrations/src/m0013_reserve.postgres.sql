-- Rows that say nothing, for the room that they take. Not logged: filling it costs no write-ahead log, no replica gets it, and
-- it is empty after a crash. Its values may not be moved out of their rows: then it has one file, and emptying it makes no
-- other one that takes room.
create unlogged table reserve () with (autovacuum_enabled = off);
alter table reserve add column filler bytea not null, alter column filler set storage plain;
