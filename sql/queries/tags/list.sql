-- The tags that there are, by letters of them.
-- => json
-- reads
-- :q query text? 1..40
select app.list_tags(:'q')
