-- What may spare a ticket whose title begins so.
-- => json
-- reads
-- :q query text 1..200
-- :chosen asked text?
-- :browser asked text?
select app.spares_ticket(:'q', app.reading(:'chosen', :'browser'))
