-- To which range of numbers a code went by text message, and whether it came back (OT-07). `number_range` is a tag of the range,
-- by which its codes are counted; `range_name` is the range itself, sealed, for an operator who has to stop it. Notices have
-- neither. `redeemed` is null until its time is over; then 1, or 0 for a code that did not come back.
alter table deliveries add column number_range bytea;
alter table deliveries add column range_name bytea;
alter table deliveries add column redeemed bigint;
create index deliveries_open on deliveries (sent, id) where redeemed is null and number_range is not null;
