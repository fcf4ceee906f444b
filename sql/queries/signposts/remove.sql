-- Takes one away.
-- => json
-- writes
-- :id path bigint
select app.remove_signpost(:'id')
