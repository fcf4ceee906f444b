-- How things are: components, what goes on, what is to come, what ended this week.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select app.status_page(app.reading(:'chosen', :'browser'))
