-- Ends one of one's own sessions.
-- => void
-- writes
-- :id path bigint
select app.end_sessions(:'id')
