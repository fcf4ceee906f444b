-- I am back.
-- => json
-- writes
select app.end_absence()
