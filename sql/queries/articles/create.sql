-- A new article, in one language; published at once, or a draft.
-- => json
-- writes
-- :section body bigint?
-- :language body text 2..40
-- :title body text 1..200
-- :body body text 1..4194304b
-- :format body text? markdown|html
-- :keywords body jsonb? 2..8000b
-- :audience body jsonb? 2..8000b
-- :publish body boolean?
-- :html made text
-- :key key text
select app.make_article(:'section', :'language', :'title', :'html', :'key', :'audience', coalesce(:'publish', false), :'keywords')
  where coalesce(:'format', :'body') is not null
