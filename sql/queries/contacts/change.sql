-- Adds and removes support contacts of an account, all at once.
-- => json
-- writes
-- :id path bigint
-- :add body jsonb 0..16000b
-- :remove body jsonb 0..16000b
-- :key key text
select app.change_contacts(:'id', :'add', :'remove', :'key')
