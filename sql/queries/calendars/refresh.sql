-- Its feed is read again, as soon as jobs come to it.
-- => json
-- writes
-- :id path bigint
select app.refresh_calendar(:'id')
