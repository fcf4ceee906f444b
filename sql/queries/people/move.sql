-- Moves the login of somebody of the account to another address.
-- => json
-- writes
-- :id path bigint
-- :email body text 1..254
-- :account body bigint?
select app.move_login(:'id', coalesce(:'account', auth.account_id()), :'email')
