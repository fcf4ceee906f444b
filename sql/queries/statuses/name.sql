-- The words for a status, all of a side's that is given.
-- => json
-- writes
-- :status path text 1..40
-- :agents body jsonb? 2..4000b
-- :customers body jsonb? 2..4000b
select app.name_status(:'status', :'agents', :'customers')
