-- What the link that ends mail of service status asks.
-- => json
-- reads
-- :token path text 1..100
select app.see_leave(:'token')
