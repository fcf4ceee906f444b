-- The channel of one's session, where it is told that something changed.
-- => json
-- writes
select app.listen()
