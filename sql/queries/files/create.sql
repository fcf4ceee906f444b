-- A new file, of which nothing is there yet.
-- => json
-- writes
-- :name made text
-- :size made bigint
-- :most made bigint
select app.create_file(:'name', :'size', :'most')
