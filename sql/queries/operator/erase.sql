-- Every row of the tenant that was entered.
-- => text
-- writes
select operator.erase_tenant()
