-- Opens a ticket of the person at the portal; cc: addresses of who joins it;
-- files: ids of those that go with it; fields: what its type's form asks, by key;
-- follows: one that has ended, which it goes on with.
-- => json
-- writes
-- :title body text 1..200
-- :description body text 1..65536b
-- :html made text
-- :key key text
-- :cc body jsonb? 0..16000b
-- :files body jsonb? 0..1000b
-- :type body text? 1..40
-- :fields body jsonb? 0..65536b
-- :follows body bigint?
select case when :'follows' is null then app.open_ticket(:'title', :'description', :'html', :'key', :'cc', :'files', :'type', :'fields')
  else app.follow_up(:'follows', app.open_ticket(:'title', :'description', :'html', :'key', :'cc', :'files', :'type', :'fields')) end
