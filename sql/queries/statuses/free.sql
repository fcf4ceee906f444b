-- A role may make of a status whatever it likes.
-- => json
-- writes
-- :role path text agent|tenant_admin
select app.limit_moves(:'role', null)
