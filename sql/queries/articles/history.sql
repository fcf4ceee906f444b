-- What was live of an article in a language, the newest first.
-- => json
-- reads
-- :id path bigint
-- :language query text 2..40
-- :before query int?
select h from app.article_history(:'id', :'language', :'before') h where h is not null
