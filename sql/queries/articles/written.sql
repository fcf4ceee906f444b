-- An article's text in one language, live and being written, as HTML or Markdown.
-- => json
-- reads
-- :id path bigint
-- :language path text 2..40
-- :format query text? markdown|html
select a from app.article_written(:'id', :'language') a where a is not null and coalesce(:'format', '') is not null
