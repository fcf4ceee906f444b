-- Opens a ticket of the person at the portal; cc: addresses of who joins it.
-- => json
-- writes
-- :title body text 1..200
-- :description body text 1..65536b
-- :html made text
-- :key key text
-- :cc body jsonb? 0..16000b
select app.open_ticket(:'title', :'description', :'html', :'key', :'cc')
