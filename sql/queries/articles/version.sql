-- One version of an article's text; 0: what is being written.
-- => json
-- reads
-- :id path bigint
-- :version path int
-- :language query text 2..40
select v from app.article_version(:'id', :'language', :'version') v where v is not null
