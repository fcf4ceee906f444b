-- Sets an account's name, its routing, or whom of the staff it is shown.
-- => json
-- writes
-- :id path bigint
-- :name body text? 1..200
-- :routing body text? partner|tenant
-- :named body jsonb? 0..4000b
select app.change_account(:'id', :'name', :'routing', :'named')
