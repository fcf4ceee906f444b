-- The articles there are for the reader.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select json_build_object('articles', app.articles_here(app.reading(:'chosen', :'browser')))
