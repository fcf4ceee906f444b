-- Says one anew.
-- => json
-- writes
-- :id path bigint
-- :name body text 1..80
-- :team body boolean
-- :texts body jsonb 2..70000b
-- :change body jsonb 2..2000b
select app.save_macro(:'id', :'name', :'team', :'texts', :'change')
