-- Takes a picture or file from an article that shows it no more.
-- => void
-- writes
-- :id path bigint
-- :key path text 1..32
select app.remove_article_file(:'id', :'key')
