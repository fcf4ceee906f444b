-- The tenant's business calendars, and what there may be of them.
-- => json
-- reads
select app.list_calendars()
