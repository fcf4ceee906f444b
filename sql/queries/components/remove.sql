-- Takes one away, with its parts.
-- => json
-- writes
-- :id path bigint
select app.remove_component(:'id')
