-- All tenants, a line each.
-- => text
-- reads
select auth.operator_list()
