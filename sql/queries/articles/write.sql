-- A draft of an article in one language, on the draft that was there (was); or that published at once.
-- => json
-- writes
-- :id path bigint
-- :language path text 2..40
-- :title body text 1..200
-- :body body text 1..4194304b
-- :format body text? markdown|html
-- :keywords body jsonb? 2..8000b
-- :was body int?
-- :publish body boolean?
-- :html made text
select app.save_draft(:'id', :'language', :'title', :'html', :'keywords', :'was', coalesce(:'publish', false))
  where coalesce(:'format', :'body') is not null
