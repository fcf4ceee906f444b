-- One incident or maintenance with all that was said of it.
-- => json
-- reads
-- :id path bigint
-- :chosen asked text?
-- :browser asked text?
select app.status_incident(:'id', app.reading(:'chosen', :'browser'))
