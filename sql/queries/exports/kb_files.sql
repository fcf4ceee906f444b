-- Files of articles, and what a bundle says of each. Streamed (db_stream).
-- => text
-- reads
-- :ids made text
select app.export_files(string_to_array(:'ids', ',')::bigint[])
