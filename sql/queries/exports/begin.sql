-- Before a list is handed out as CSV: so many at once, and time for it.
-- => void
-- reads
select app.begin_export()
