-- One in all its languages, with what was said of it.
-- => json
-- reads
-- :id path bigint
select app.get_incident(:'id')
