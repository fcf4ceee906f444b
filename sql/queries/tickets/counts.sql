-- How many tickets there are in each of my lists under these filters, and how many I have not read; ninety-nine and more are not told apart.
-- => json
-- reads
-- :list query text? all|mine|shared|followed|organisation
-- :group query text? open|pending|active|done
-- :priority query text? low|normal|high|urgent
-- :type query text? 1..40
-- :requester query text? me|#
-- :account query bigint?
-- :unread query text? yes|
-- :created_from query text? 1..10
-- :created_to query text? 1..10
-- :updated_from query text? 1..10
-- :updated_to query text? 1..10
-- :fields query text? 1..2000
select app.count_tickets(jsonb_build_object('list', coalesce(:'list', 'all'), 'group', :'group', 'priority', :'priority', 'type', :'type', 'requester', :'requester', 'account', :'account',
  'unread', :'unread', 'created_from', :'created_from', 'created_to', :'created_to', 'updated_from', :'updated_from', 'updated_to', :'updated_to',
  'fields', :'fields'))
