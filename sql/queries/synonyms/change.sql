-- What is in a group now.
-- => json
-- writes
-- :id path bigint
-- :words body jsonb 2..8000b
select app.save_synonyms(:'id', :'words')
