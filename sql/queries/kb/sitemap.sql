-- The sitemap: a line an article, or, where they are more than one file may hold, a line a part of it, which begins
-- with '#' (db_stream; fcgi/handlers/kb_feed.c).
-- => text
-- reads
-- :after made text?
select app.sitemap_lines(:'after')
