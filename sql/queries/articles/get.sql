-- One in all its languages, to be written on.
-- => json
-- reads
-- :id path bigint
select a from app.get_article(:'id') a where a is not null
