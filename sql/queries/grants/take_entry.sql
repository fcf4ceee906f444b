-- Makes the session of an entry, or answers null.
-- => json
-- writes
-- :host made text
-- :entry path text 1..100
-- :token_hash made bytea
select auth.take_entry(:'host', :'entry', :'token_hash')
