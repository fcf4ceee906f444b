-- Sets what is given: address, on or off, a new secret, new keys.
-- => void
-- writes
-- :url body text? 1..2000
-- :is_on body boolean?
-- :new_secret body boolean?
-- :new_keys body boolean?
select app.change_webhook(:'url', :'is_on', :'new_secret', :'new_keys')
