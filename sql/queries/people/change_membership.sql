-- What somebody is in an account; without a portal, in all of it. Or which of
-- the tenant's staff they are.
-- => json
-- writes
-- :id path bigint
-- :role body text account_admin|main_user|member|portal_admin|partner|agent|tenant_admin
-- :portal body bigint?
-- :support body boolean
select app.change_membership(:'id', :'role', :'portal', :'support')
