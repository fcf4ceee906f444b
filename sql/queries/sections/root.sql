-- Who reads what says nothing else.
-- => json
-- writes
-- :audience body jsonb 2..8000b
select app.set_root_audience(:'audience')
