-- Subscribes an address by its link.
-- => json
-- writes
-- :token path text 1..100
select app.confirm_subscription(:'token')
