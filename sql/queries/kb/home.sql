-- The knowledge base's first page: its categories, what lies in none, and what is new. Its lists go on in pages.
-- => json
-- reads
-- :lang path text 2..40
-- :after query cursor?
-- :before query cursor?
-- :below query cursor?
-- :above query cursor?
select app.knowledge_home(:'lang', app.language_of((select auth.portal_id())), :'after', :'before', :'below', :'above')
