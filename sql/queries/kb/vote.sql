-- Was an article of help? By the form of its page, of whoever reads it.
-- => json
-- writes
-- :key made text
-- :lang path text 2..40
-- :helpful form text yes|no
-- :comment form text? 0..2000
-- :client client text
select case when (select auth.person_id()) is null then app.rate_article(x.id, :'helpful' = 'yes', :'client')
  else app.vote_article(x.id, :'helpful' = 'yes', :'comment', :'lang') end
from (select (select a.id from app.articles a where a.tenant_id = (select auth.tenant_id()) and a.key = :'key') as id) x
