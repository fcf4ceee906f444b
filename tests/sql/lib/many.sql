-- Enough rows that a plan shows its nature: 30 tenants with 500 tickets each,
-- another thousand without. Every tenth person is an agent, the twentieth
-- a tenant_admin; account 20 looks after the first five, with person 199 as its
-- staff, and has the reports of the fifth first. No triggers and no
-- checks of keys: this is about plans.
set session_replication_role = replica;
insert into app.tenants (tenant_id, slug, name)
  select 1000 + n, 'many-' || n, 'Many ' || n from generate_series(1, 1060) n;
insert into app.ticket_counters select 1000 + n, 500 from generate_series(1, 1060) n;
insert into app.accounts (tenant_id, id, name, is_partner, partner_id)
  select 1000 + n, n * 1000 + a, 'Account ' || a, a = 20, case when a <= 5 then n * 1000 + 20 end from generate_series(1, 30) n, generate_series(1, 20) a;
insert into app.portals (tenant_id, id, account_id, name)
  select tenant_id, id + 500, id, name from app.accounts where tenant_id between 1001 and 2060
  union all select 1000 + n, n * 1000 + 500, null, 'Desk' from generate_series(1, 30) n;
insert into app.hosts (tenant_id, host, portal_id)
  select tenant_id, case when account_id is null then 'desk' else 'a' || account_id % 1000 end
    || '.many-' || tenant_id - 1000 || '.test', id from app.portals where tenant_id between 1001 and 2060;
insert into app.people (tenant_id, id, email, name, rank, principals, doors)
  select 1000 + n, n * 10000 + p, 'person-' || p || '@x.example', 'Person ' || p,
    case when p = 20 then 3 when p % 10 = 0 then 2 else 1 end,
    array[(n * 10000 + p) * 4::bigint, (n * 1000 + p % 20 + 1) * 4 + 1]
      || case when p between 1 and 9 or p = 11 then array[(n * 1000 + p % 20 + 1) * 4::bigint + 2] end
      || case when p = 199 then array[(n * 1000 + 20) * 4::bigint + 3] end,
    array[(n * 1000::bigint + p % 20 + 1) * 2]
  from generate_series(1, 30) n, generate_series(1, 200) p;
insert into app.memberships (tenant_id, id, person_id, role, account_id)
  select tenant_id, id, id, case when rank = 3 then 'tenant_admin' when rank = 2 then 'agent'
      when id % 10000 = 199 then 'partner' else 'member' end,
    case when rank >= 2 then null else doors[1] / 2 end from app.people where tenant_id between 1001 and 2060;
-- Everybody's eleventh administers their account.
insert into app.memberships (tenant_id, person_id, role, account_id)
  select tenant_id, id, 'account_admin', doors[1] / 2 from app.people where tenant_id between 1001 and 2060 and id % 10000 = 11;
insert into app.confirmations (tenant_id, person_id, portal_id, email)
  select p.tenant_id, p.id, po.id, p.email from app.people p
  join app.portals po on po.tenant_id = p.tenant_id
  where p.tenant_id between 1001 and 2060 and auth.may_enter(p.rank, p.doors, po.account_id, po.id);
insert into app.invitations (tenant_id, id, email, role, account_id, portal_id, invited_by, expires_at)
  select tenant_id, id, 'new-' || id || '@x.example', 'member', account_id, id, account_id / 1000 * 10000 + 1, now() + interval '1 day'
  from app.portals where tenant_id between 1001 and 2060 and account_id is not null;
insert into app.email_changes (tenant_id, id, person_id, account_id, portal_id, old_email, new_email, asked_by, due_at)
  select tenant_id, id, id, doors[1] / 2, doors[1] / 2 + 500, email, 'moved-' || id || '@x.example', id, now() + interval '1 day'
  from app.people where tenant_id between 1001 and 2060 and rank = 1;
insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
  select tenant_id, id, substr(sha256('x'), 1, 16), 2, 19456, sha256(sha256(id::text::bytea))
  from app.people where tenant_id between 1001 and 2060;
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at)
  select tenant_id, id, id, sha256(id::text::bytea), now() + interval '1 day' from app.people where tenant_id between 1001 and 2060;
insert into app.support_contacts (tenant_id, account_id, email)
  select tenant_id, id, 'contact@x.example' from app.accounts where tenant_id between 1001 and 2060;
insert into app.support_contacts (tenant_id, account_id, email, state)
  select tenant_id, id, 'person-1@x.example', 4 from app.accounts where tenant_id between 1001 and 2060;
insert into app.contact_refusals (tenant_id, email, account_id)
  select tenant_id, 'never@x.example', id from app.accounts where tenant_id between 1001 and 2060;
insert into app.named_contacts (tenant_id, account_id, kind, person_id)
  select tenant_id, id, 'delivery', (tenant_id - 1000) * 10000 + 10 from app.accounts where tenant_id between 1001 and 2060;
insert into app.looks (tenant_id, scope, portal_id, brand)
  select tenant_id, id * 2 + 1, id, '#123456' from app.portals where tenant_id between 1001 and 2060;
insert into app.pictures (tenant_id, hash, type, width, height, bytes)
  select tenant_id, md5(id::text), 'image/png', 1, 1, 'x' from app.portals where tenant_id between 1001 and 2060;
-- Each asks a colour and nine lines, of which some are hidden from some.
insert into app.fields (tenant_id, key, kind, labels, options)
  select 1000 + n, 'colour', 'one_of', '{"en": "Colour"}'::jsonb, '[{"key": "red", "labels": {"en": "Red"}}]'::jsonb from generate_series(1, 30) n
  union all select 1000 + n, 'f' || f, 'text', '{"en": "F"}', '[]' from generate_series(1, 30) n, generate_series(1, 9) f;
insert into app.ticket_types (tenant_id, key, labels) select 1000 + n, 'report', '{"en": "Report"}' from generate_series(1, 30) n;
insert into app.ticket_types (tenant_id, key, position, labels) select 1000 + n, 'other' || o, o, '{"en": "Other"}' from generate_series(1, 30) n, generate_series(1, 20) o;
insert into app.type_fields (tenant_id, type, field) select tenant_id, 'report', key from app.fields where tenant_id between 1001 and 2060;
insert into app.priority_rules (tenant_id, type, position, condition, priority)
  select tenant_id, key, p, '{"all": [{"field": "colour", "is": ["red"]}]}', 4 from app.ticket_types, generate_series(1, 3) p where tenant_id between 1001 and 2060;
insert into app.field_policies (tenant_id, scope, field, role, access, account_id)
  select tenant_id, id * 2, 'f9', 'member', 0, id from app.accounts where tenant_id between 1001 and 2060;
update app.ticket_counters set has_forms = true where tenant_id between 1001 and 1060;
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id, title,
    status, priority, at_desk, created_at, updated_at, desk_updated_at, type)
  select 1000 + n, t, n * 1000 + 500 + t % 20 + 1, n * 1000 + t % 20 + 1, n * 10000 + t % 200 + 1,
    case when t % 3 = 0 then n * 10000 + (t % 20 + 1) * 10 end, 'Ticket ' || t,
    t % 7 + 1, nullif(t % 5, 0), t % 20 <> 4, d, d, d, 'report'
  from generate_series(1, 30) n, generate_series(1, 500) t,
    lateral (select timestamptz '2026-01-01' + (t * 60 + n) * interval '1 minute' as d) x;
insert into app.ticket_values (tenant_id, ticket_id, field, value, word)
  select tenant_id, id, 'colour', '"red"', 'red' from app.tickets where tenant_id between 1001 and 2060;
insert into app.ticket_access (tenant_id, principal, ticket_id, updated_at)
  select tenant_id, unnest(array[requester_id * 4, account_id * 4 + 2]
      || case when account_id % 1000 <= 5 then array[account_id / 1000 * 1000 * 4 + 20 * 4 + 3] end), id, updated_at
  from app.tickets where tenant_id between 1001 and 2060;
insert into app.followers (tenant_id, ticket_id, person_id, level)
  select tenant_id, id, (tenant_id - 1000) * 10000 + f, 1 from app.tickets, generate_series(1, 2) f where tenant_id between 1001 and 2060;
insert into app.seen (tenant_id, person_id, ticket_id, seen_at)
  select tenant_id, requester_id, id, updated_at from app.tickets where tenant_id between 1001 and 2060;
insert into app.macros (tenant_id, id, person_id, name, texts)
  select tenant_id, tenant_id * 10 + n, null, 'Macro ' || n, '{"en": "Dear {requester.name}"}' from app.tenants, generate_series(1, 9) n where tenant_id between 1001 and 2060;
insert into app.ticket_tags (tenant_id, ticket_id, tag)
  select tenant_id, id, 'tag ' || id % 40 from app.tickets where tenant_id between 1001 and 2060 and at_desk;
insert into app.teams (tenant_id, id, name, turns, types)
  select tenant_id, tenant_id * 10 + n, 'Team ' || n, n % 3, case when n = 1 then '{report}'::text[] else '{}' end from app.tenants, generate_series(1, 9) n where tenant_id between 1001 and 2060;
insert into app.team_members (tenant_id, team_id, person_id)
  select g.tenant_id, g.id, p.id from app.teams g join app.people p on p.tenant_id = g.tenant_id and p.rank >= 2 where g.tenant_id between 1001 and 2060;
insert into app.absences (tenant_id, person_id, begins_at, ends_at)
  select tenant_id, id, now(), now() + interval '1 day' from app.people where tenant_id between 1001 and 2060 and rank >= 2;
update app.tickets set team_id = tenant_id * 10 + id % 9 + 1 where tenant_id between 1001 and 2060 and id % 2 = 0;
update app.ticket_counters set has_teams = true where tenant_id between 1001 and 2060;
insert into app.rules (tenant_id, id, position, name, body, said, is_on, past_after)
  select tenant_id, n, n, 'Rule ' || n, case when n % 2 = 0 then '{"when": {"time": "status", "minutes": 600, "counted": "all"}, "if": {"field": "status", "is": ["blocked"]}, "do": [{"level": 1}]}'
    else '{"when": {"event": "changed"}, "if": {"field": "status", "is": ["blocked"]}, "do": [{"level": 1}]}' end::jsonb, '[null]', n > 2, case when n = 4 then 0 end
  from app.tenants, generate_series(1, 20) n where tenant_id between 1001 and 2060;
insert into app.rule_versions (tenant_id, rule_id, version, name, body, author_id)
  select r.tenant_id, r.id, 1, r.name, r.body, (select min(p.id) from app.people p where p.tenant_id = r.tenant_id) from app.rules r where r.tenant_id between 1001 and 2060
    and exists (select from app.people p where p.tenant_id = r.tenant_id);
insert into app.rule_runs (tenant_id, id, ticket_id, rule_id, version, outcome)
  select tenant_id, id * 10 + r, id, r, 1, 'ran' from app.tickets, generate_series(1, 3) r where tenant_id between 1001 and 2060;
insert into app.rule_alarms (tenant_id, ticket_id, rule_id, base, due_at)
  select tenant_id, id, 4, created_at, case when id % 20 = 0 then now() - interval '1 minute' end from app.tickets where tenant_id between 1001 and 2060;
insert into app.rule_turns (tenant_id, next_at) select tenant_id, case when tenant_id % 50 = 0 then now() - interval '1 minute' else 'infinity' end from app.tenants where tenant_id between 1001 and 2060;
insert into app.ticket_levels (tenant_id, ticket_id, level) select tenant_id, id, 1 from app.tickets where tenant_id between 1001 and 2060 and id % 5 = 0;
insert into app.bulk_jobs (tenant_id, id, person_id, change, state, total, done, created_at, ended_at)
  select 1000 + n, n * 1000 + k, n * 10000 + 10, '{"status": "solved"}', case k when 1 then 1 else 2 end, 20, 20, now() - k * interval '1 day', case when k > 1 then now() end from generate_series(1, 30) n, generate_series(1, 20) k;
insert into app.bulk_rows (tenant_id, job_id, ticket_id, state, before, after, code)
  select j.tenant_id, j.id, t, case when j.state = 1 then 1 when t = 20 then 3 else 2 end, '{"status": "new"}', '{"status": "solved"}', case when t = 20 then 'gone' end from app.bulk_jobs j, generate_series(1, 20) t where j.tenant_id between 1001 and 2060;
insert into app.views (tenant_id, id, person_id, place, name, query, position)
  select tenant_id, id, id, 'tickets', 'Open', 'group=open', 1 from app.people where tenant_id between 1001 and 2060;
insert into app.ticket_links (tenant_id, from_id, to_id, kind)
  select tenant_id, id, id - 20, 'follow_up' from app.tickets where tenant_id between 1001 and 2060 and id > 20;
insert into app.ticket_links (tenant_id, from_id, to_id, kind)
  select tenant_id, id, id + 40, 'blocks' from app.tickets where tenant_id between 1001 and 2060 and id <= 460;
insert into app.ticket_links (tenant_id, from_id, to_id, kind)
  select tenant_id, 479, 499, 'duplicate' from app.tenants where tenant_id between 1001 and 2060;
update app.tickets set has_links = true where tenant_id = 1007 and id > 20;
insert into app.ratings (tenant_id, ticket_id, person_id, score)
  select tenant_id, id, requester_id, 4 from app.tickets where tenant_id between 1001 and 2060 and status >= 5;
insert into app.comments (tenant_id, ticket_id, id, author_id, source, html, created_at)
  select tenant_id, id, c, requester_id, 'x', '<p>x</p>', created_at
  from app.tickets, generate_series(1, 3) c where tenant_id between 1001 and 2060;
insert into app.files (tenant_id, id, owner_id, ticket_id, comment_id, name, type, size, received, sha256, state)
  select tenant_id, id * 10 + 1, requester_id, id, 1, 'x', 'text/plain', 1, 1, sha256('x'), 3 from app.tickets where tenant_id between 1001 and 2060;
insert into app.files (tenant_id, id, owner_id, name, size, writer)
  select tenant_id, id % 10000 * 10 + 2, id, 'x', 1000, 5 from app.people where tenant_id between 1001 and 2060;
insert into app.file_chunks (tenant_id, file_id, seq, data) select tenant_id, id, 0, 'x' from app.files where tenant_id between 1001 and 2060;
insert into app.sla_versions (tenant_id, version, valid_from, body)
  select tenant_id, 1, '2026-01-01', '{"shown": true, "escalated_runs": false, "warn": 60, "priorities": {}, "matrix": {}, "plans": [{"key": "standard", "names": {"en": "x"}, "targets": {"high": {"first": 60, "resolution": 600}}}]}' from app.tenants where tenant_id between 1001 and 2060;
insert into app.ticket_clocks (tenant_id, ticket_id, kind, state, started_at, target, version, due_at, alarm_at, is_next)
  select tenant_id, id, k, 1, created_at, 3600, 1, created_at + interval '10 years', case when id % 50 = 0 then created_at end, k = 1 from app.tickets, generate_series(1, 3, 2) k where tenant_id between 1001 and 2060;
insert into app.clock_results (tenant_id, ticket_id, kind, turn, met, at, used, target, version, ended_at)
  select tenant_id, id, k, 1, true, created_at + interval '1 hour', 3600, 7200, 1, created_at + interval '1 hour' from app.tickets, generate_series(1, 3, 2) k where tenant_id between 1001 and 2060;
insert into app.account_plans (tenant_id, account_id, since, plan) select tenant_id, id, '2026-01-01', 'standard' from app.accounts where tenant_id between 1001 and 2060;
insert into app.signposts (tenant_id, id, kind, position, titles, roles)
  select tenant_id, n, 'first_aid', n, '{"en": "Sign"}', '{}' from app.tenants, generate_series(1, 20) n where tenant_id between 1001 and 2060;
insert into app.components (tenant_id, id, parent_id, names)
  select tenant_id, n, nullif(n % 5, n), '{"en": "Part"}' from app.tenants, generate_series(1, 20) n where tenant_id between 1001 and 2060 and (n < 5 or n % 5 > 0);
insert into app.incidents (tenant_id, id, kind, titles, state, components, starts_at, ends_at)
  select tenant_id, n, case n % 3 when 0 then 'maintenance' else 'incident' end, '{"en": "Incident"}', case when n % 3 = 0 then null when n > 3 then 4 else 1 end,
    case when n % 2 = 0 then '{1}'::bigint[] else '{}' end, now() - interval '1 day' * n, case when n % 3 = 0 or n > 3 then now() - interval '1 day' * (n - 1) end
  from app.tenants, generate_series(1, 20) n where tenant_id between 1001 and 2060;
insert into app.incident_updates (tenant_id, incident_id, n, state, texts)
  select tenant_id, id, u, state, '{"en": "Said"}' from app.incidents, generate_series(1, 3) u where tenant_id between 1001 and 2060;
insert into app.status_subscribers (tenant_id, id, portal_id, email)
  select p.tenant_id, n, min(p.id), 'reader-' || n || '@x.example' from app.portals p, generate_series(1, 50) n where p.tenant_id between 1001 and 2060 group by p.tenant_id, n;
insert into app.incident_people (tenant_id, incident_id, person_id, portal_id)
  select p.tenant_id, i, p.id, (select min(o.id) from app.portals o where o.tenant_id = p.tenant_id) from app.people p, generate_series(1, 2) i where p.tenant_id between 1001 and 2060;
insert into app.incident_tickets (tenant_id, ticket_id, incident_id)
  select tenant_id, id, id % 20 + 1 from app.tickets where tenant_id between 1001 and 2060 and id % 10 = 0;
insert into app.statuses (tenant_id, status, customers)
  select tenant_id, s, '{"en": "Other"}' from app.tenants, unnest(array['new', 'blocked', 'solved']) s where tenant_id between 1001 and 2060;
insert into app.releases (tenant_id, id, name, said, published_at, published_by)
  select t.tenant_id, n, 'Release ' || n, '{"en": {"source": "x", "html": "<p>x</p>"}}', case when n > 3 then now() end, case when n > 3 then (select min(person_id) from app.memberships m where m.tenant_id = t.tenant_id and m.role = 'tenant_admin') end
  from app.tenants t, generate_series(1, 6) n where t.tenant_id between 1001 and 2060
    and (n <= 3 or exists (select from app.memberships m where m.tenant_id = t.tenant_id and m.role = 'tenant_admin'));
insert into app.engineering_items (tenant_id, id, key, title, release_id)
  select r.tenant_id, r.id * 10 + n, 'ENG-' || r.id * 10 + n, 'Item', case when n < 3 then r.id end from app.releases r, generate_series(1, 3) n where r.tenant_id between 1001 and 2060;
insert into app.ticket_items (tenant_id, ticket_id, item_id, told_at, comment_id)
  select t.tenant_id, t.id, 11 + t.id % 3, case when t.id = 41 then now() end, case when t.id = 41 then 1 end
  from app.tickets t where t.tenant_id between 1001 and 1060 and (t.id % 2 = 0 or t.id = 41);
insert into app.transitions (tenant_id, role, from_status, to_status)
  select tenant_id, r, f, s from app.tenants, unnest(array['agent', 'tenant_admin']) r,
    unnest(array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated']) f,
    unnest(array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated']) s where tenant_id between 1001 and 1060 and f <> s;
insert into app.knowledge (tenant_id, change) select tenant_id, 1 from app.tenants where tenant_id between 1001 and 2060;
insert into app.audiences (tenant_id, id, level) select tenant_id, n, n from app.tenants, generate_series(1, 3) n where tenant_id between 1001 and 2060;
insert into app.sections (tenant_id, id, key, parent_id, position, names, audience_id, shown_to, path)
  select tenant_id, n, 'n' || n, case when n > 1 then 1 end, n, '{"en": "Section"}', case when n = 1 then 1 when n = 5 then 2 end,
    case when n = 5 then 2 else 1 end, case when n > 1 then array[1, n] else array[1] end
  from app.tenants, generate_series(1, 6) n where tenant_id between 1001 and 2060;
insert into app.articles (tenant_id, id, key, section_id, position, language, is_live, changed)
  select tenant_id, n, 'n' || n, 1 + n % 5, n, 'en', true, 1 from app.tenants, generate_series(1, 20) n where tenant_id between 1001 and 2060;
insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change)
  select tenant_id, id, 'en', 1, 'Article', '<p>x</p>', 1 from app.articles where tenant_id between 1001 and 2060;
insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words, heads, place)
  select tenant_id, id, 'en', 1, 'Article', 'article', 'x', '[]', 1, ' article person words w' || tenant_id * 100 + id || ' ', ' article ', 2 * section_id + 1
  from app.articles where tenant_id between 1001 and 2060;
insert into app.article_words (tenant_id, word) select tenant_id, w from app.tenants, unnest('{article,person,words}'::text[]) w where tenant_id between 1001 and 2060;
insert into app.article_drafts (tenant_id, article_id, language, title, html) select tenant_id, id, l, 'Draft', '<p>y</p>'
  from app.articles, unnest(array['de', 'en']) l where tenant_id between 1001 and 2060 and id between 11 and 12;
-- Never live, and what was once.
insert into app.files (tenant_id, id, owner_id, article_id, key, name, type, size, received, sha256, state)
  select a.tenant_id, a.tenant_id * 1000 + n, p.id, 11, 'f' || n, 'x', 'image/png', 1, 1, sha256('x'), 3
  from app.articles a join lateral (select x.id from app.people x where x.tenant_id = a.tenant_id order by x.id limit 1) p on true, generate_series(1, 20) n
  where a.tenant_id between 1001 and 2060 and a.id = 11;
insert into app.files (tenant_id, id, owner_id, name, type, size, received, sha256, state)
  select 1007, 7, 70020, 'x', 'image/png', 1, 1, sha256('x'), 3;
insert into app.articles (tenant_id, id, key, section_id, position, language) select tenant_id, 21, 'n21', 1, 21, 'en' from app.tenants where tenant_id between 1001 and 2060;
insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change, until_change, until_at)
  select tenant_id, 11, 'fr', 1, 'Article', '<p>x</p>', 1, 2, now() from app.tenants where tenant_id between 1001 and 2060;
insert into app.link_queue (tenant_id, of_section, id) select tenant_id, false, id from app.articles where tenant_id between 1001 and 2060 and id < 9 on conflict do nothing;
insert into app.text_links (tenant_id, article_id, language, href, kind, key, trouble, since) select tenant_id, id, 'en', '/kb/a/n' || n, 1, 'n' || n, case when id < 4 then 'gone' end, case when id < 4 then now() end
  from app.articles, unnest(array[1, 21]) n where tenant_id between 1001 and 2060 and is_live;
insert into app.text_links (tenant_id, article_id, language, href, kind, due_at) select tenant_id, id, 'en', 'https://x.example/' || id % 5, 4, now() + case when id > 1 then interval '1 day' else '0' end
  from app.articles where tenant_id between 1001 and 2060 and is_live;
insert into app.votes (tenant_id, article_id, person_id, language, is_helpful, comment)
  select p.tenant_id, 1 + p.id % 20, p.id, 'en', true, 'x' from app.people p where p.tenant_id between 1001 and 2060;
insert into app.synonyms (tenant_id, id, language, position, word, root)
  select tenant_id, n, 'en', p, 'word ' || n || ' ' || p, 'word' || n || ' ' || p from app.tenants, generate_series(1, 5) n, generate_series(0, 1) p where tenant_id between 1001 and 2060;
insert into app.kb_searches (tenant_id, day, language, q, hits) select tenant_id, current_date - n, 'en', 'per', n % 3 from app.tenants, generate_series(0, 9) n where tenant_id between 1001 and 2060;
insert into app.kb_clicks (tenant_id, day, language, q, article_id) select tenant_id, day, language, q, 11 + hits from app.kb_searches where tenant_id between 1001 and 2060;
insert into app.redirects (tenant_id, path, article_id) select tenant_id, '/old/' || id, id from app.articles where tenant_id between 1001 and 2060 and id < 11;
insert into app.imports (tenant_id, id, person_id, dry, at) select t.tenant_id, 7, 70020, false, now() - interval '3 minutes'
  from app.tenants t where t.tenant_id between 1001 and 2060;
insert into app.import_rows (tenant_id, n, kind, entry, key, language, number, about, html)
  select i.tenant_id, 3 * n + k, k + 1, 'x', case k when 0 then 'm' else 'n' end || n, case when k = 1 then 'en' end, case when k = 1 then 2 end,
    '{"language": "en", "names": {"en": "x"}, "title": "Article", "section": "n2"}', case when k = 1 then '<p>y</p>' end
  from app.imports i, generate_series(1, 20) n, generate_series(0, 2) k where i.tenant_id between 1001 and 2060;
insert into app.deflections (tenant_id, article_id, day) select tenant_id, id, current_date from app.articles where tenant_id between 1001 and 2060;
insert into app.calendars (tenant_id, id, name, feed_url, feed_state, due_at)
  select tenant_id, n, 'Calendar ' || n, 'https://days.x.example', 1, case when n = 1 then now() end from app.tenants, generate_series(1, 5) n where tenant_id between 1001 and 2060;
insert into app.calendar_versions (tenant_id, calendar_id, version, zone, hours, since, until)
  select tenant_id, id, v, 'UTC', '[[[540,1080]],[],[],[],[],[],[]]', '2026-01-01', '2027-01-01' from app.calendars, generate_series(1, 1) v where tenant_id between 1001 and 2060;
insert into app.calendar_spans (tenant_id, calendar_id, version, opens, closes, before)
  select tenant_id, calendar_id, version, d, d + interval '9 hours', n * 32400 from app.calendar_versions, generate_series(0, 50) n,
    lateral (select timestamptz '2026-01-05 09:00Z' + n * interval '7 days' as d) x where tenant_id between 1001 and 2060;
insert into app.drafts (tenant_id, person_id, portal_id, place, body, updated_at)
  select tenant_id, id, 0, n || '.reply', '{}', now() - n * interval '4 days' from app.people, generate_series(1, 3) n where tenant_id between 1001 and 2060;
insert into app.snoozes (tenant_id, ticket_id, person_id, until_at)
  select tenant_id, id, requester_id, now() + case when id % 50 = 0 then interval '-1 minute' else interval '1 day' end from app.tickets where tenant_id between 1001 and 2060 and id % 5 = 0;
insert into app.held_tellings (tenant_id, ticket_id, what, person_id, told, out_at)
  select tenant_id, id, 'priority', requester_id, 1, now() + case when id % 50 = 0 then interval '0' else interval '1 day' end from app.tickets where tenant_id between 1001 and 2060 and id % 3 = 0;
insert into app.held_comments (tenant_id, id, ticket_id, author_id, is_internal, source, html, key, held_at, out_at, stopped)
  select tenant_id, id, id, requester_id, false, 'x', '<p>x</p>', 'many-key-' || id, now() - interval '31 days', now() - case when id % 50 = 0 then interval '0' else interval '-1 day' end,
    case when id % 7 = 0 then 'refused' end from app.tickets where tenant_id between 1001 and 2060;
insert into app.invitations (tenant_id, id, email, role, account_id, portal_id, invited_by, expires_at)
  select po.tenant_id, po.id + 100000, 'asked-' || po.id || '@x.example', 'account_admin', po.account_id, po.id, m.person_id, now() + interval '1 day'
  from app.portals po join (select tenant_id, min(person_id) as person_id from app.memberships where role = 'tenant_admin' group by 1) m
    on m.tenant_id = po.tenant_id where po.tenant_id between 1001 and 2060 and po.account_id is not null;
insert into app.pending_shares (tenant_id, ticket_id, invitation_id, added_by)
  select t.tenant_id, t.id, t.portal_id + 100000, t.requester_id from app.tickets t where t.tenant_id between 1001 and 2060;
insert into app.mentions (tenant_id, ticket_id, comment_id, person_id)
  select tenant_id, ticket_id, id, author_id from app.comments where tenant_id between 1001 and 2060 and id = 2;
insert into app.events (tenant_id, id, kind, actor_id, ticket_id, comment_id) overriding system value
  select tenant_id, 10000 + row_number() over (order by tenant_id, id), 'ticket.opened', requester_id, id, 1
  from app.tickets where tenant_id between 1001 and 2060;
insert into app.ticket_words (tenant_id, ticket_id, is_internal, words)
  select tenant_id, id, false, ' ticket ' || id || ' x per ' || n || ' ' from app.tickets, lateral (select md5(id::text) as n) x where tenant_id between 1001 and 2060;
insert into app.search_queue (tenant_id, ticket_id, from_id, is_old) select tenant_id, id, 0, true from app.tickets where tenant_id between 1001 and 2060 and id % 10 = 0;
insert into app.listeners (tenant_id, principal, session_id, channel, expires_at)
  select s.tenant_id, x, s.id, md5(s.id::text), now() + interval '1 hour' from app.sessions s
  join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id cross join unnest(p.principals || 0::bigint) x where s.tenant_id between 1001 and 2060;
insert into app.presence (tenant_id, ticket_id, person_id, types, told, expires_at)
  select tenant_id, id, requester_id, true, id % 10 > 0, now() + interval '1 hour' from app.tickets where tenant_id between 1001 and 2060;
insert into app.closed_channels (tenant_id, channel) select tenant_id, md5('old ' || id) from app.sessions where tenant_id between 1001 and 2060;
insert into app.event_queue select tenant_id, id from app.events where tenant_id between 1001 and 2060 and id % 20 = 0;
insert into app.deliveries (tenant_id, event_id, email, person_id, reason, state)
  select tenant_id, id, 'person@x.example', actor_id, 'requester', case when id % 100 = 0 then 1 else 2 end
  from app.events where tenant_id between 1001 and 2060;
insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer, created_at)
  select tenant_id, requester_id, 'tickets', 'many-key-' || id, '', '{}', now() - case when id % 100 = 0 then interval '2 days' else '0' end
  from app.tickets where tenant_id between 1001 and 2060;
insert into app.grants (tenant_id, id, account_id, reason, granted_by, ends_at)
  select tenant_id, id, id, 'x', 1, now() + interval '1 day' from app.accounts where tenant_id between 1001 and 2060;
insert into app.grant_visits (tenant_id, id, grant_id, account_id, portal_id, person_id, page)
  select g.tenant_id, row_number() over (), g.id, g.account_id, g.account_id + 500, 1, '/'
  from app.grants g, generate_series(1, 5) where g.tenant_id between 1001 and 2060;
insert into app.grant_keys (tenant_id, public) select tenant_id, repeat('A', 43) from app.tenants, generate_series(1, 3) where tenant_id between 1001 and 1060;
insert into app.webhooks (tenant_id, url) select tenant_id, 'https://product.example' from app.tenants where tenant_id between 1001 and 2060;
insert into app.webhook_deliveries (tenant_id, id, event_id, kind, body, state)
  select tenant_id, id, id, 'grant.opened', '{}', case when id % 100 = 0 then 1 else 2 end from app.events where tenant_id between 1001 and 2060;
insert into app.grant_requests (tenant_id, id, account_id, ticket_id, reason, days, asked_by, state)
  select tenant_id, id, account_id, id, 'x', 2, (tenant_id - 1000) * 10000 + 10, case when id % 20 = 11 then 1 else 3 end
  from app.tickets where tenant_id between 1001 and 2060;
insert into app.quotas (tenant_id, people) select tenant_id, 100000 from app.tenants where tenant_id between 1001 and 2060;
insert into app.usage (tenant_id, day, storage)
  select tenant_id, date '2026-01-01' + n, 1 from app.tenants, generate_series(1, 20) n where tenant_id between 1001 and 2060;
insert into app.settings (tenant_id, scope, name, value, account_id)
  select tenant_id, id * 2, 'languages', 'en', id from app.accounts where tenant_id between 1001 and 2060;
insert into app.one_time (tenant_id, id, kind, portal_id, email, expires_at)
  select tenant_id, id, 'invitation', id, 'person@x.example', now() + interval '1 day' from app.portals where tenant_id between 1001 and 2060;
insert into app.host_claims (tenant_id, id, account_id, portal_id, host, state, check_at, certificate_due_at)
  select tenant_id, id, account_id, id, 'help-' || id || '.own.example', 2, now() + interval '1 day', now() + interval '1 day'
  from app.portals where tenant_id between 1001 and 2060 and account_id is not null;
insert into app.hosts (tenant_id, host, portal_id, is_canonical, has_tickets)
  select tenant_id, host, portal_id, false, false from app.host_claims where tenant_id between 1001 and 2060;
insert into app.totps (tenant_id, person_id, secret, confirmed_at)
  select tenant_id, id, sha256('x'), case when id % 3 > 0 then now() end from app.people where tenant_id between 1001 and 2060;
insert into app.passkeys (tenant_id, person_id, host, credential, algorithm, public_key, name)
  select tenant_id, id, 'a3.many-' || tenant_id - 1000 || '.test', id::text::bytea, -7, sha256('x'), 'Key'
  from app.people where tenant_id between 1001 and 2060;
insert into app.recovery_codes (tenant_id, person_id, hash)
  select tenant_id, id, sha256((id || '|' || n)::bytea) from app.people, generate_series(1, 10) n where tenant_id between 1001 and 2060;
insert into app.providers (tenant_id, id, account_id, name, issuer, client_id, parts, keys, domains, confirmed_at)
  select tenant_id, id, id, 'Id', 'https://id.x.example', 'us', '{}', '{}', 'x.example', now() from app.accounts where tenant_id between 1001 and 2060;
insert into app.identities (tenant_id, provider_id, person_id, subject)
  select tenant_id, doors[1] / 2, id, 's-' || id from app.people where tenant_id between 1001 and 2060;
-- Steps that somebody is at: 70042 with all there is, 70003 who must make one.
insert into app.one_time (tenant_id, id, kind, portal_id, person_id, tries, expires_at) values
  (1007, 777, 'second_step', 7503, 70042, 1, now() + interval '1 day'),
  (1007, 778, 'second_step', 7504, 70003, 1, now() + interval '1 day'),
  (1007, 779, 'passkey', 7503, 70042, 0, now() + interval '1 day'),
  (1007, 780, 'passkey', 7504, 70003, 0, now() + interval '1 day');
insert into app.settings (tenant_id, scope, name, value, account_id) values (1007, 14008, 'second_factor_roles', 'member', 7004);
delete from app.totps where person_id = 70003;
delete from app.passkeys where person_id = 70003;
select setval(pg_get_serial_sequence('app.events', 'id'), 1000000) \g /dev/null
set session_replication_role = origin;
vacuum analyze;
