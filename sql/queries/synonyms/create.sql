-- A new group.
-- => json
-- writes
-- :language body text 2..40
-- :words body jsonb 2..8000b
-- :key key text
select app.make_synonyms(:'language', :'words', :'key')
