-- Articles for a bundle, with what was live before. Streamed (db_stream); m: there is more, from here on.
-- => text
-- reads
-- :ids made text
-- :last_language made text?
-- :last_number made int?
-- :as_of made bigint
-- :language made text?
select app.export_whole(string_to_array(:'ids', ',')::bigint[], :'last_language', :'last_number', :'as_of', :'language')
