-- Takes one away that should not have been.
-- => json
-- writes
-- :id path bigint
select app.remove_incident(:'id')
