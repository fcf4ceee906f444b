-- All fields, types and policies of the tenant, for who keeps them.
-- => json
-- reads
select app.list_forms()
