-- The newest hundred invitations that the asker may see, with how far they
-- are; and what the asker may invite to here. The portal one is at is among the
-- portals for whom all of them are too many.
-- => json
-- reads
-- :account query bigint?
with at as (select coalesce(:'account', (select auth.account_id())) as account)
select json_build_object(
  'items', (select coalesce(json_agg(i order by i.created_at desc, i.id), '[]') from (
    select x.id, x.email, x.role, x.is_support as support, x.scope_id as portal, x.created_at, x.expires_at,
      app.invitation_state(x) as state
    from app.invitations x, at
    where x.tenant_id = (select auth.tenant_id()) and x.account_id is not distinct from at.account
      and x.withdrawn_at is null
      and (x.accepted_at is null or x.accepted_at > now() - interval '30 days')
    order by x.created_at desc, x.id limit 100) i),
  'roles', (select coalesce(json_agg(r.role order by r.n), '[]')
    from unnest(array['account_admin', 'main_user', 'member', 'partner', 'tenant_admin', 'agent'])
      with ordinality r(role, n), at
    where app.may_invite(r.role, at.account, null)),
  'closed', (select app.setting_at('registration', at.account, null) = 'closed' and at.account is not null from at),
  'support', (select coalesce(at.account = any (app.administered_accounts()), false) from at),
  'portals', (select coalesce(json_agg(p order by p.name, p.id), '[]') from (
    select po.id, po.name, app.may_invite('portal_admin', po.account_id, po.id) as admin
    from app.portals po, at
    where po.tenant_id = (select auth.tenant_id()) and po.account_id = at.account
      and (po.parent_id is not null
        or po.id = (select auth.portal_id()) and not app.may_invite('member', po.account_id, null))
      and app.may_invite('member', po.account_id, po.id)
    order by po.name, po.id limit 200) p))
