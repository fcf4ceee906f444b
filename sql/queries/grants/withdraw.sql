-- An agent no longer asks.
-- => void
-- writes
-- :id path bigint
select app.withdraw_request(:'id')
