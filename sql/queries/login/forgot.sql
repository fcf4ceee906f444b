-- Asks for a code to set a new password with.
-- => json
-- writes
-- :email form text 1..254
-- :client client text
select app.ask_reset(:'email', :'client')
