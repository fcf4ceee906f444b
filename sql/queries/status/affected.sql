-- Whoever is signed in is affected by an incident, or takes that back.
-- => json
-- writes
-- :id path bigint
-- :affected form text yes|no
select app.be_affected(:'id', :'affected' = 'yes')
