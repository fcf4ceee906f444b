-- What was said of incidents and maintenance, the newest first.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select app.status_feed(app.reading(:'chosen', :'browser'))
