-- Opens what an agent asked for, or less of it.
-- => json
-- writes
-- :id path bigint
-- :scope body text 1..4000
-- :ends_at body text 1..40
select app.approve_request(:'id', :'scope', :'ends_at')
