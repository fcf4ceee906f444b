-- Was an article of help? By the form of its page.
-- => json
-- writes
-- :key made text
-- :lang path text 2..40
-- :helpful form text yes|no
-- :comment form text? 0..2000
select app.vote_article((select a.id from app.articles a where a.tenant_id = (select auth.tenant_id()) and a.key = :'key'),
  :'helpful' = 'yes', :'comment', :'lang')
