-- A file that was brought becomes an article's.
-- => json
-- writes
-- :id path bigint
-- :file body bigint
-- :width made int?
-- :height made int?
select app.attach_article_file(:'id', :'file', :'width', :'height')
