-- I have read all of them.
-- => void
-- writes
select app.mark_all_seen()
