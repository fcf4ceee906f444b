-- Turns a rule on or off; past: a rule of time for tickets of before too.
-- => json
-- writes
-- :id path bigint
-- :on body boolean
-- :past body boolean?
select app.turn_rule(:'id', :'on', :'past')
