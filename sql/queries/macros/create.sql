-- A macro more, of the team or my own.
-- => json
-- writes
-- :name body text 1..80
-- :team body boolean
-- :texts body jsonb 2..70000b
-- :change body jsonb 2..2000b
select app.save_macro(null, :'name', :'team', :'texts', :'change')
