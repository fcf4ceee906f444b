-- The language that the knowledge base is read in, by who has named none.
-- => text
-- reads
-- :chosen asked text?
-- :browser asked text?
select app.reading(:'chosen', :'browser')
