-- The identity providers that one administers here, and where they lead back to.
-- => json
-- reads
select json_build_object('back', auth.sign_on_back(),
  'tenant', (select auth.account_id()) is null,
  'providers', (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'issuer', p.issuer,
      'client_id', p.client_id, 'domains', p.domains, 'knows_addresses', p.knows_addresses,
      'has_factor', p.has_factor, 'on', p.is_on,
      'state', case p.state when 1 then 'asked' when 2 then 'ready' else 'failed' end, 'fault', p.fault, 'confirmed', p.account_id is null or p.confirmed_at is not null,
      'account', case when (select auth.account_id()) is null then app.account_name(p.account_id) end)
    order by p.account_id is not null, lower(p.name), p.id), '[]')
  from app.providers p
  where p.tenant_id = (select auth.tenant_id())
    and ((select auth.account_id()) is null or p.account_id = (select auth.account_id()))))
from app.check_provider((select auth.account_id()))
