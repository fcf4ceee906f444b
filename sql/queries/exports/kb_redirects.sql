-- Where something was before, from a path on. Streamed (db_stream).
-- => text
-- reads
-- :last made text?
select app.export_redirects(:'last')
