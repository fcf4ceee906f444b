-- What a role may make of each status, {"new": ["in_progress"]}.
-- => json
-- writes
-- :role path text agent|tenant_admin
-- :moves body jsonb 2..4000b
select app.limit_moves(:'role', :'moves')
