-- What readers said of an article, without who.
-- => json
-- reads
-- :id path bigint
-- :before query bigint?
select v from app.article_votes(:'id', :'before') v where v is not null
