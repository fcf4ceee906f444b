-- Asks for the mail of an invitation once more.
-- => json
-- writes
-- :email form text 1..254
-- :client client text
select app.ask_invitation(:'email', :'client')
