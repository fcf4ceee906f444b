-- Components, what goes on and what was, as the tenant's staff keeps them.
-- => json
-- reads
-- :after query cursor?
select app.list_status(:'after')
