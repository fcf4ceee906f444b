-- The page of a search, which counts what is looked for.
-- => json
-- writes
-- :q query text? 0..200
-- :page query int? 1..10
-- :lang path text 2..40
select app.search_page_of(:'q', :'lang', :'page', true)
