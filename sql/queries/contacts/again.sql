-- Asks a support contact once more whether they want an account's reports.
-- => json
-- writes
-- :id path bigint
-- :email body text 1..254
select app.ask_contact_again(:'id', :'email')
