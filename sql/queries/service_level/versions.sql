-- The service level as administrators keep it: its versions, and one of them whole.
-- => json
-- reads
-- :version query int? 1..1000
select app.service_level(:'version')
