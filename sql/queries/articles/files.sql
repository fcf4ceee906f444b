-- An article's pictures and files, for who writes it.
-- => json
-- reads
-- :id path bigint
select f from app.article_files(:'id') f where f is not null
