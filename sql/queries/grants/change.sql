-- Another scope or end, each only when it is given.
-- => json
-- writes
-- :id path bigint
-- :scope body text? 1..4000
-- :ends_at body text? 1..40
select app.change_grant(:'id', :'scope', :'ends_at')
