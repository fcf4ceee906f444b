-- Some of what comes, kept aside.
-- => void
-- writes
-- :import made bigint
-- :rows made text
select app.import_more(:'import', :'rows')
