-- A small company's data as the first release wrote them: every table of
-- migrations/0001_start.sql. Ids are the same in both tenants.
insert into app.tenants (tenant_id, slug, name) values (1, 'north', 'North'), (2, 'south', 'South');
insert into app.ticket_counters select t, 1001 from unnest('{1,2}'::bigint[]) t;
insert into app.accounts (tenant_id, id, name, is_partner, partner_id, routing)
  select t, v.id, v.name || ' ' || t, v.is_partner, v.partner, v.routing from unnest('{1,2}'::bigint[]) t,
    (values (20::bigint, 'Helpers', true, null::bigint, 1), (10, 'Town', false, 20, 1)) v(id, name, is_partner, partner, routing);
insert into app.portals (tenant_id, id, account_id, parent_id, name)
  select t, v.id, v.account, v.parent, v.name || ' ' || t from unnest('{1,2}'::bigint[]) t,
    (values (100::bigint, null::bigint, null::bigint, 'Desk'), (110, 10, null, 'Town'), (111, 10, 110, 'School'), (120, 20, null, 'Helpers')) v(id, account, parent, name);
update app.portals set brand = '#123456', brand_bg = '#654321', round = 2, mail_name = 'Town ' || tenant_id where id = 110;
insert into app.hosts (tenant_id, host, portal_id)
  select t, v.name || '-' || t || '.localhost', v.id from unnest('{1,2}'::bigint[]) t,
    (values ('desk', 100::bigint), ('town', 110), ('school', 111), ('helpers', 120)) v(name, id);
insert into app.people (tenant_id, id, email, name, rank, principals, doors)
  select t, v.id, v.name || '@old.example', v.name || ' ' || t, v.rank, v.principals::bigint[], v.doors::bigint[] from unnest('{1,2}'::bigint[]) t,
    (values (501::bigint, 'member', 1::smallint, '{2004,41}', '{20}'), (502, 'agent', 2, '{2008}', '{}'), (503, 'partner', 1, '{2012,81,83}', '{40}')) v(id, name, rank, principals, doors);
insert into app.memberships (tenant_id, id, person_id, role, account_id)
  select t, v.person, v.person, v.role, v.account from unnest('{1,2}'::bigint[]) t,
    (values (501::bigint, 'member', 10::bigint), (502, 'agent', null), (503, 'partner', 20)) v(person, role, account);
insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
  select tenant_id, id, substr(sha256('salt'), 1, 16), 2, 19456, sha256('verifier') from app.people;
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at)
  select tenant_id, id, id, sha256(sha256(convert_to(tenant_id || '/' || id, 'UTF8'))), now() + interval '1 day' from app.people;
insert into app.support_contacts (tenant_id, account_id, email, person_id)
  select t, v.account, v.email, v.person from unnest('{1,2}'::bigint[]) t,
    (values (10::bigint, 'partner@old.example', 503::bigint), (20, 'bare@old.example', null)) v(account, email, person);
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id, title, status, priority, at_desk)
  select t, 1001, 110, 10, 501, 502, 'Broken since ' || t, 2, 3, true from unnest('{1,2}'::bigint[]) t;
insert into app.comments (tenant_id, ticket_id, id, author_id, is_internal, source, html)
  select t, 1001, c, case c when 1 then 501 else 502 end, c = 3, 'word ' || c, '<p>word ' || c || '</p>' from unnest('{1,2}'::bigint[]) t, generate_series(1, 3) c;
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
  select t, 1001, p, now() from unnest('{1,2}'::bigint[]) t, unnest('{2004,42,83}'::bigint[]) p;
insert into app.events (tenant_id, kind, actor_id, ticket_id, comment_id)
  select t, 'ticket.opened', 501, 1001, 1 from unnest('{1,2}'::bigint[]) t;
insert into app.deliveries (tenant_id, id, event_id, email, person_id, reason, state, answer, sent_at)
  select e.tenant_id, 1, e.id, 'partner@old.example', 503, 'support_contact', 2, '250 taken', now() from app.events e;
insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer)
  select t, 501, 'tickets', 'first-key', sha256('x'), '{"number":1001}' from unnest('{1,2}'::bigint[]) t;
