-- Whoever is signed in is affected by an incident, or takes that back, beside a new ticket.
-- => json
-- writes
-- :id path bigint
-- :affected body boolean
select app.be_affected(:'id', :'affected')
