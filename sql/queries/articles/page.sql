-- An article as a page, in the language nearest to the reader's.
-- => json
-- reads
-- :id path bigint
-- :chosen asked text?
-- :browser asked text?
select a from app.article_page(:'id', app.reading(:'chosen', :'browser')) a where a is not null
