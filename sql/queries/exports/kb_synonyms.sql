-- Words that mean the same. Streamed (db_stream).
-- => text
-- reads
select app.export_synonyms()
