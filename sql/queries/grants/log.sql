-- The record of support access behind a cursor, newest first.
-- => json
-- reads
-- :after query cursor?
-- :limit query int? 1..100
select app.access_log_here(:'after', least(coalesce(:'limit', 50), 100))
