-- Asks for the mail that proves a new address.
-- => json
-- writes
-- :email form text 1..254
-- :client client text
select app.register(:'email', :'client')
