-- Takes a group away.
-- => json
-- writes
-- :id path bigint
select app.remove_synonyms(:'id')
