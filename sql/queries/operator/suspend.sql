-- Closes the tenant that was entered, or opens it again.
-- => text
-- writes
-- :yes made boolean
select operator.suspend_tenant(:'yes')
