-- Articles that a reader finds, the best first, a page of them, and where the words are.
-- => json
-- reads
-- :q query text 1..200
-- :page query int? 1..10
-- :lang query text? 2..40
-- :chosen asked text?
-- :browser asked text?
select app.search_articles(:'q', app.reading(coalesce(substring(:'lang' from '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$'), :'chosen'), :'browser'), :'page')
