-- The queue with filters or in another order (functions/lists.sql).
-- => json
-- reads
-- :group query text? open|pending|active|done
-- :priority query text? low|normal|high|urgent
-- :type query text? 1..40
-- :requester query text? me|#
-- :assignee query text? me|none|#
-- :team query text? mine|none|#
-- :account query bigint?
-- :unread query text? yes|
-- :due query text? late|
-- :tag query text? 1..40
-- :snoozed query text? yes|no
-- :created_from query text? 1..10
-- :created_to query text? 1..10
-- :updated_from query text? 1..10
-- :updated_to query text? 1..10
-- :fields query text? 1..2000
-- :q query text? 1..200
-- :sort query text? updated|created|priority|status|title|due
-- :dir query text? asc|desc
-- :after query text? 1..300
-- :limit query int? 1..100
select app.ticket_list(jsonb_build_object('group', :'group', 'priority', :'priority', 'type', :'type', 'requester', :'requester', 'assignee', :'assignee', 'team', :'team', 'account',
  :'account', 'unread', :'unread', 'due', :'due', 'tag', :'tag', 'snoozed', :'snoozed', 'created_from', :'created_from', 'created_to', :'created_to', 'updated_from', :'updated_from', 'updated_to',
  :'updated_to', 'fields', :'fields', 'q', :'q', 'sort', :'sort', 'dir', :'dir') || jsonb_build_object('list', 'desk', 'after', :'after'), :'limit')
