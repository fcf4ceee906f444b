-- An article as a page.
-- => json
-- reads
-- :key made text
-- :lang path text 2..40
select a from app.article_here(:'key', :'lang', app.language_of((select auth.portal_id()))) a where a is not null
