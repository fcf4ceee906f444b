-- Invites an address.
-- => json
-- writes
-- :email body text 1..254
-- :role body text account_admin|main_user|member|portal_admin|partner|tenant_admin|agent
-- :account body bigint?
-- :portal body bigint?
-- :support body boolean?
-- :key key text
select app.invite(:'email', :'role',
  case when :'role' in ('tenant_admin', 'agent') then null else coalesce(:'account', auth.account_id()) end,
  :'portal', :'support', :'key')
