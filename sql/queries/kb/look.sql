-- The same for support under a grant, which writes nothing.
-- => json
-- reads
-- :q query text? 0..200
-- :page query int? 1..10
-- :lang path text 2..40
select app.search_page_of(:'q', :'lang', :'page', false)
