-- Signs out everywhere, here too.
-- => void
-- writes
select app.end_sessions(null)
