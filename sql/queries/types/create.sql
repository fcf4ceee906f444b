-- A new type of tickets.
-- => json
-- writes
-- :key body text 1..40
-- :labels body jsonb 0..8000b
-- :help body jsonb? 0..16000b
-- :is_problem body boolean?
-- :roles body jsonb? 0..1000b
select app.save_type(:'key', true, :'labels', :'help', :'is_problem', :'roles', null, null, null, null)
