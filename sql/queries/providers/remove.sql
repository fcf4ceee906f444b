-- Nobody signs in by it any more.
-- => void
-- writes
-- :id path bigint
select app.remove_provider(:'id')
