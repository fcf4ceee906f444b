-- Asks for the link that confirms one's address at this portal.
-- => json
-- writes
-- :client client text
select app.ask_confirmation(:'client')
