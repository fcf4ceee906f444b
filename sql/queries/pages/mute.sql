-- What a link that mutes a ticket asks.
-- => json
-- reads
-- :token path text 1..100
select app.see_mute(:'token')
