-- A team more.
-- => json
-- writes
-- :name body text 1..80
-- :turns body text off|turn|least
-- :types body jsonb 2..8000b
-- :rest body boolean
-- :members body jsonb 2..4000b
select app.save_team(null, :'name', :'turns', :'types', :'rest', :'members', false)
