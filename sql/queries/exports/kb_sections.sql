-- Sections of it, a line each. Streamed (db_stream).
-- => text
-- reads
-- :ids made text
-- :whole made boolean
-- :top made text?
select app.export_sections(string_to_array(:'ids', ',')::bigint[], :'whole', :'top')
