-- One, with its holidays and its next fortnight; of an older version, if that is named.
-- => json
-- reads
-- :id path bigint
-- :version query int? 1..1000000
select app.get_calendar(:'id', :'version')
