-- One more is said of one, and at what stage it is.
-- => json
-- writes
-- :id path bigint
-- :stage body text? investigating|identified|monitoring|resolved
-- :texts body jsonb 2..64000b
-- :key key text
select app.update_incident(:'id', :'stage', :'texts', :'key')
