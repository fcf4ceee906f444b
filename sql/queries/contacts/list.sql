-- The support contacts of the account here, and whether one keeps them.
-- => json
-- reads
select json_build_object(
  'account', json_build_object('id', a.id, 'name', a.name,
    'partner', app.account_name(a.partner_id), 'tenant', app.tenant_name()),
  'can', json_build_object('edit', app.keeps_contacts(a.id)),
  'contacts', app.contacts_of(a.id))
from app.accounts a
where a.tenant_id = (select auth.tenant_id()) and a.id = (select auth.account_id())
  and a.id = any ((select app.administered_accounts())::bigint[])
