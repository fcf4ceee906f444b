-- A rule with its versions and what it did.
-- => json
-- reads
-- :id path bigint
select app.get_rule(:'id')
