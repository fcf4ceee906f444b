-- What is said of all of an article's languages: where it lies (0: in no section), who reads it, until when.
-- => json
-- writes
-- :id path bigint
-- :section body bigint?
-- :in_front_of body bigint?
-- :audience body jsonb? 2..8000b
-- :expires_at body text? 0..40
-- :review_by body text? 0..40
-- :first_language body text? 2..40
select app.change_article(:'id', jsonb_strip_nulls(jsonb_build_object('section', :'section', 'in_front_of', :'in_front_of', 'audience', :'audience',
  'expires_at', :'expires_at', 'review_by', :'review_by', 'first_language', :'first_language')))
