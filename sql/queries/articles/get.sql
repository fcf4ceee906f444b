-- One as its writers see it: what it is in each language, without the texts.
-- => json
-- reads
-- :id path bigint
select a from app.article_desk(:'id') a where a is not null
