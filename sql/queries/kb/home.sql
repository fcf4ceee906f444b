-- The knowledge base's first page: its categories, and what is new.
-- => json
-- reads
-- :lang path text 2..40
select app.knowledge_home(:'lang', app.language_of((select auth.portal_id())))
