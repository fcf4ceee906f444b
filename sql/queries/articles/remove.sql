-- One that was never live goes.
-- => json
-- writes
-- :id path bigint
select app.remove_article(:'id')
