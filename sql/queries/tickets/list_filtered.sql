-- Tickets I may see by other lists, filters and orders than the newest of all
-- (functions/lists.sql).
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
-- :q query text? 1..200
-- :sort query text? updated|created|priority|status|title
-- :dir query text? asc|desc
-- :after query text? 1..300
-- :limit query int? 1..100
select app.ticket_list(jsonb_build_object('list', coalesce(:'list', 'all'), 'group', :'group', 'priority', :'priority', 'type', :'type', 'requester', :'requester', 'account', :'account',
  'unread', :'unread', 'created_from', :'created_from', 'created_to', :'created_to', 'updated_from', :'updated_from', 'updated_to', :'updated_to',
  'fields', :'fields', 'q', :'q', 'sort', :'sort', 'dir', :'dir') || jsonb_build_object('after', :'after'), :'limit')
