-- Takes a rule away; what it did stays in tickets' logs.
-- => json
-- writes
-- :id path bigint
select app.remove_rule(:'id')
