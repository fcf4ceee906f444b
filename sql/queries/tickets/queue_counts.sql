-- How many tickets are in the queue under these filters, and how many I have not read.
-- => json
-- reads
-- :group query text? open|pending|active|done
-- :priority query text? low|normal|high|urgent
-- :type query text? 1..40
-- :requester query text? me|#
-- :assignee query text? me|none|#
-- :account query bigint?
-- :unread query text? yes|
-- :created_from query text? 1..10
-- :created_to query text? 1..10
-- :updated_from query text? 1..10
-- :updated_to query text? 1..10
-- :fields query text? 1..2000
select app.count_tickets(jsonb_build_object('group', :'group', 'priority', :'priority', 'type', :'type', 'requester', :'requester', 'assignee', :'assignee', 'account',
  :'account', 'unread', :'unread', 'created_from', :'created_from', 'created_to', :'created_to', 'updated_from', :'updated_from', 'updated_to',
  :'updated_to', 'fields', :'fields') || '{"list": "desk"}')
