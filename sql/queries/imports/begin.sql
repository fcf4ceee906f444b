-- A knowledge base begins to come in.
-- => text
-- writes
-- :dry made boolean
select app.begin_import(:'dry')
