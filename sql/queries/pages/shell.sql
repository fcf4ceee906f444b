-- What every page says of the reader and the portal. support_at: the host where
-- tickets are used, if this one is not; lang: what the page is in, of languages,
-- null for all; labels: the tenant's own words for statuses, by the keys of the texts that
-- they stand in for; service: the worst that goes on here; moves: what the reader may make of each status, where that is limited.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select json_build_object(
  'me', (select json_build_object('id', p.id, 'name', p.name, 'email', p.email,
      'lang', p.locale, 'time_zone', p.time_zone, 'who', p.rank, 'agent', p.rank >= 2 and (select auth.grant_id()) is null,
      'hold', case when p.rank >= 2 and (select auth.grant_id()) is null then p.hold_seconds end,
      'takes', case when p.rank >= 2 and (select auth.grant_id()) is null then app.setting_at('assign_on_reply', null, null) = 'yes' end,
      'admin', (select auth.rank()) >= 3,
      'invites', app.invites_here(),
      'side', case when p.rank >= 2 then 'support' else 'customer' end,
      'photo', '/api/photos/' || p.photo, 'is', (select json_object_agg(r, true) from unnest(app.roles_here()) r),
      'initials', upper(left(p.name, 1) || coalesce(substring(p.name from ' (\S)\S*$'), '')))
    from app.people p
    where p.tenant_id = (select auth.tenant_id()) and p.id = (select auth.person_id())),
  'labels', case when (select auth.person_id()) is not null then app.labels_here(r.lang) end,
  'moves', case when (select auth.person_id()) is not null then app.nexts_here() end,
  'support', (select json_build_object('tenant', t.name, 'account', app.account_name(g.account_id),
      'reason', g.reason, 'ticket', g.ticket_id, 'ends_at', g.ends_at)
    from app.grants g join app.tenants t on t.tenant_id = g.tenant_id
    where g.tenant_id = (select auth.tenant_id()) and g.id = (select auth.grant_id())),
  'service', case when po.account_id is not null then app.service_banner(r.lang) end,
  'portal', json_build_object('id', po.id, 'name', po.name, 'lang', r.lang, 'languages', app.languages_of(po.id),
    'account', (select json_build_object('id', a.id, 'name', a.name)
      from app.accounts a where a.tenant_id = po.tenant_id and a.id = po.account_id),
    'support_at', case when not (select auth.has_tickets()) then (select h.host from app.hosts h
      where h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical) end,
    'brand_bg', l.brand_bg, 'theme', l.theme, 'logo', l.logo, 'favicon', l.favicon,
    'footer', l.footer, 'links', l.links))
from app.portals po
cross join lateral (select app.reading(:'chosen', :'browser') as lang offset 0) r
cross join lateral app.look(po.id, r.lang) l
where po.tenant_id = (select auth.tenant_id()) and po.id = (select auth.portal_id())
