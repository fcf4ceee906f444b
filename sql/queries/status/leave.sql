-- Ends mail of service status by the link in it, whoever sends it.
-- => json
-- writes
-- :token path text 1..100
select app.leave_status(:'token')
