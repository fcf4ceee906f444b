-- Moves a login of an account that one is shown to as a contact.
-- => json
-- writes
-- :account body bigint
-- :person body text 1..254
-- :email body text 1..254
select app.move_for(:'account', :'person', :'email')
