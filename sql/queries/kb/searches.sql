-- What readers looked for, what found nothing, and what nobody went to.
-- => json
-- reads
-- :days query int? 1..90
-- :language query text? 2..40
select app.search_report(:'days', :'language')
