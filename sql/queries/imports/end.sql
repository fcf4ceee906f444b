-- What has come in goes.
-- => void
-- writes
-- :import made bigint
select app.end_import(:'import')
