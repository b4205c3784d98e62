-- Since when a file has waited for a case to name it; null once one was seen to. Files from before are looked at once.
alter table blobs add column unclaimed_since bigint default 0;
create index blobs_unclaimed on blobs (unclaimed_since) where unclaimed_since is not null;
