-- Incidents and maintenance of the last ninety days, a page of them.
-- => json
-- reads
-- :after query cursor?
-- :chosen asked text?
-- :browser asked text?
select app.status_history(app.reading(:'chosen', :'browser'), :'after')
