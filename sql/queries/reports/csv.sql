-- A table of a report as CSV on its way.
-- => text
-- reads
-- :part query text? volume|times|ages|attainment|agents
-- :since query text? 1..10
-- :until query text? 1..10
-- :by query text? day|week|month
-- :account query bigint?
-- :priority query text? low|normal|high|urgent
-- :type query text? 1..40
-- :team query bigint?
-- :zone query text? 1..60
-- :lang query text? 2..10
select app.report_csv(jsonb_build_object('since', :'since', 'until', :'until', 'by', :'by', 'account', :'account', 'priority', :'priority', 'type', :'type', 'team', :'team', 'zone', :'zone'),
  coalesce(:'part', 'volume'), coalesce(:'lang', 'en'))
