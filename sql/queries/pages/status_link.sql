-- What the link of a subscription asks.
-- => json
-- writes
-- :token path text 1..100
-- :chosen asked text?
-- :browser asked text?
select app.see_subscription(:'token', app.reading(:'chosen', :'browser'))
