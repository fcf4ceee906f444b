-- An empty one goes.
-- => json
-- writes
-- :id path bigint
select app.remove_section(:'id')
