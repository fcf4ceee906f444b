-- Titles of articles while somebody types.
-- => json
-- reads
-- :q query text 1..200
-- :lang query text? 2..40
-- :chosen asked text?
-- :browser asked text?
select app.suggest_articles(:'q', app.reading(coalesce(substring(:'lang' from '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$'), :'chosen'), :'browser'))
