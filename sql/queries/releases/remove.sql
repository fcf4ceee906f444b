-- Takes one away that is not published.
-- => json
-- writes
-- :id path bigint
select app.remove_release(:'id')
