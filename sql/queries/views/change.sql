-- Names it anew, says what it shows, puts it before another one (0: last), or shares
-- it with the other agents.
-- => json
-- writes
-- :id path bigint
-- :name body text? 1..80
-- :query body text? 0..2000b
-- :before body bigint?
-- :shared body boolean?
select app.change_view(:'id', :'name', :'query', :'before', :'shared')
