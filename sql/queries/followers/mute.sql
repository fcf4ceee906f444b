-- Mutes a ticket by the link in its mail, whoever sends it.
-- => json
-- writes
-- :token path text 1..100
select app.mute(:'token')
