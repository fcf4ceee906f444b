-- Before that: it may take its time.
-- => void
-- writes
select app.allow_import()
