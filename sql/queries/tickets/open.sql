-- Opens a ticket of the person at the portal.
-- => json
-- writes
-- :title body text 1..200
-- :description body text 1..65536b
-- :html made text
-- :key key text
select app.open_ticket(:'title', :'description', :'html', :'key')
