-- Takes back what was sent and is not out, as often as asked; kept: the author has it.
-- => json
-- writes
-- :id path bigint
-- :kept query text? yes|
select app.take_back(:'id', coalesce(:'kept' = 'yes', false))
