-- Two tenants that are as alike as the database allows: the same ids, e-mail
-- addresses, ticket numbers and keys, so that a policy that forgot the tenant
-- shows at once. A third has no rows, and is there to be written into.
--
-- Loaded once by tests/sql/run, as the superuser. What is secret is derived:
-- a session's token is '<tenant>/<person>', a password's derived key
-- sha256('<tenant>:<person>').

\set ON_ERROR_STOP on
set client_min_messages = warning;

insert into app.tenants (tenant_id, slug, name) values
  (1, 'north', 'North'), (2, 'south', 'South'), (3, 'empty', 'Empty');

create schema fixture;
create function fixture.fill(t bigint, slug text) returns void
language plpgsql as $$
declare
  opened timestamptz := '2026-01-05 09:00:00+00';
begin
  perform auth.set_context(t, null, null, null, null, 0::smallint, '{}', false);
  insert into app.ticket_counters (tenant_id, last) values (t, 100);

  -- 10 stands alone, 30 is looked after by the partner 20 and reports to it.
  insert into app.accounts (tenant_id, id, name, is_partner, partner_id, routing) values
    (t, 10, 'Ten ' || slug, false, null, 1),
    (t, 20, 'Partner ' || slug, true, null, 1),
    (t, 30, 'Thirty ' || slug, false, 20, 2);
  insert into app.portals (tenant_id, id, account_id, parent_id, name) values
    (t, 100, null, null, 'Desk ' || slug),
    (t, 110, 10, null, 'Ten ' || slug),
    (t, 111, 10, 110, 'Ten, sub ' || slug),
    (t, 120, 20, null, 'Partner ' || slug),
    (t, 130, 30, null, 'Thirty ' || slug);
  insert into app.hosts (tenant_id, host, portal_id) values
    (t, 'desk.' || slug || '.test', 100), (t, 'ten.' || slug || '.test', 110),
    (t, 'sub.' || slug || '.test', 111), (t, 'partner.' || slug || '.test', 120),
    (t, 'thirty.' || slug || '.test', 130);

  insert into app.people (tenant_id, id, email, name) values
    (t, 501, 'ada@x.example', 'Ada ' || slug), (t, 502, 'bob@x.example', 'Bob ' || slug),
    (t, 503, 'cy@x.example', 'Cy ' || slug), (t, 504, 'pam@x.example', 'Pam ' || slug),
    (t, 505, 'dee@x.example', 'Dee ' || slug), (t, 506, 'eve@x.example', 'Eve ' || slug),
    (t, 507, 'agent@x.example', 'Agent ' || slug), (t, 508, 'admin@x.example', 'Admin ' || slug),
    (t, 509, 'chief@x.example', 'Chief ' || slug), (t, 510, 'nobody@x.example', 'Nobody ' || slug),
    -- One person whom the other tenant does not have: 601 and 602.
    (t, 600 + t, 'only@' || slug || '.example', 'Only ' || slug);
  insert into app.memberships (tenant_id, id, person_id, role, account_id, portal_id) values
    (t, 1, 501, 'member', 10, null), (t, 2, 502, 'main_user', 10, null),
    (t, 3, 503, 'member', 10, 111), (t, 4, 504, 'partner', 20, null),
    (t, 5, 505, 'member', 30, null), (t, 6, 506, 'main_user', 30, null),
    (t, 7, 507, 'agent', null, null), (t, 8, 508, 'tenant_admin', null, null),
    (t, 9, 509, 'account_admin', 10, null), (t, 10, 600 + t, 'agent', null, null);
  insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
    select t, id, substr(sha256(convert_to('salt' || t || id, 'UTF8')), 1, 16), 2, 19456,
      sha256(sha256(convert_to(t || ':' || id, 'UTF8')))
    from app.people where tenant_id = t and id between 501 and 509;
  insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at)
    select t, id + 1000, id, sha256(convert_to(t || '/' || id, 'UTF8')), now() + interval '1 day'
    from app.people where tenant_id = t and id <> 510;
  insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at) values
    (t, 1999, 501, sha256(convert_to(t || '/old', 'UTF8')), now() - interval '1 day');
  -- Everybody has confirmed their address wherever they go in.
  insert into app.confirmations (tenant_id, person_id, portal_id, email)
    select t, p.id, po.id, p.email from app.people p join app.portals po on po.tenant_id = t
    where p.tenant_id = t and auth.may_enter(p.rank, p.doors, po.account_id, po.id);
  insert into app.invitations (tenant_id, id, email, role, account_id, portal_id, invited_by, expires_at) values
    (t, 1, 'new@x.example', 'member', 10, 110, 502, now() + interval '1 day'),
    (t, 2, 'staff@x.example', 'agent', null, 100, 600 + t, now() + interval '1 day');
  insert into app.email_changes (tenant_id, id, person_id, account_id, portal_id, old_email, new_email, asked_by, due_at) values
    (t, 1, 501, 10, 110, 'ada@x.example', 'ada2@x.example', 509, now() + interval '1 day'),
    (t, 2, 502, 10, 110, 'bob@x.example', 'bob2@x.example', 509, now() - interval '1 minute');
  -- Agent 507 was let into account 10 and is there.
  insert into app.grants (tenant_id, id, account_id, reason, granted_by, ends_at) values
    (t, 1, 10, 'Look at it ' || slug, 509, now() + interval '1 day');
  insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at, grant_id) values
    (t, 1990, 507, sha256(convert_to(t || '/support', 'UTF8')), now() + interval '1 day', 1);
  insert into app.grant_visits (tenant_id, id, grant_id, account_id, portal_id, person_id, page) values
    (t, 1, 1, 10, 110, 507, '/');
  insert into app.settings (tenant_id, scope, name, value, account_id, portal_id) values
    (t, 0, 'languages', 'en it', null, null), (t, 20, 'languages', 'en', 10, null),
    (t, 223, 'languages', 'it', null, 111), (t, 20, 'tickets_on_white_label', 'yes', 10, null);
  insert into app.pictures (tenant_id, hash, type, width, height, bytes, person_id) values
    (t, md5('logo ' || t), 'image/png', 200, 50, convert_to('logo ' || slug, 'UTF8'), null),
    (t, md5('photo ' || t), 'image/png', 192, 192, convert_to('photo ' || slug, 'UTF8'), 502);
  update app.people set photo = md5('photo ' || t) where tenant_id = t and id = 502;
  insert into app.looks (tenant_id, scope, account_id, portal_id, brand, logo) values
    (t, 0, null, null, '#112233', md5('logo ' || t)), (t, 20, 10, null, '#445566', null), (t, 223, null, 111, '#778899', null);
  insert into app.quotas (tenant_id, people) values (t, 1000);
  insert into app.usage (tenant_id, day, storage, mails) values (t, '2026-01-05', 100, 3);
  insert into app.one_time (tenant_id, id, kind, portal_id, email, expires_at) values
    (t, 1, 'invitation', 110, 'new@x.example', now() + interval '1 day');
  -- Both tenants want the same names, an account's and the desk's.
  insert into app.host_claims (tenant_id, id, account_id, portal_id, host, token, added_by, check_at) values
    (t, 1, 10, 110, 'help.own.example', rpad('help-' || t || '-', 43, 'x'), 509, null),
    (t, 2, null, 100, 'desk.own.example', rpad('desk-' || t || '-', 43, 'x'), 508, null);
  -- All of it is Nobody's, who can't come in.
  insert into app.totps (tenant_id, person_id, secret) values (t, 510, sha256('app'));
  insert into app.passkeys (tenant_id, id, person_id, host, credential, algorithm, public_key, name) values
    (t, 1, 510, 'ten.' || slug || '.test', 'id', -7, sha256('key') || sha256('key'), 'Key ' || slug);
  insert into app.recovery_codes (tenant_id, person_id, hash) values (t, 510, sha256('code'));
  insert into app.providers (tenant_id, id, account_id, name, issuer, client_id, parts, keys, domains) values
    (t, 1, null, 'Tenant''s ' || slug, 'https://id.x.example', 'us', '{}', '{}', ''),
    (t, 2, 10, 'Ten''s ' || slug, 'https://id.ten.example', 'us', '{}', '{}', 'x.example');
  insert into app.identities (tenant_id, provider_id, person_id, subject) values (t, 1, 510, 'n');
  insert into app.support_contacts (tenant_id, account_id, email, person_id) values
    (t, 10, 'contact@x.example', null), (t, 20, 'pam@x.example', 504), (t, 30, 'pam@x.example', 504);
  insert into app.contact_refusals (tenant_id, email, account_id) values (t, 'never@x.example', 10);
  insert into app.named_contacts (tenant_id, account_id, kind, person_id) values (t, 10, 'delivery', 507);

  -- 3 is with the partner and not at the desk. 71 and 72: one tenant's only.
  insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id,
      title, status, at_desk, created_at, updated_at, desk_updated_at)
    select t, v.id, v.portal, v.account, v.requester, v.assignee,
      'Ticket ' || v.id || ' ' || slug, v.status, v.at_desk, opened, opened, opened
    from (values (1, 110, 10, 501, null, 1, true), (2, 111, 10, 503, null, 3, true),
      (3, 130, 30, 505, null, 1, false), (4, 130, 30, 505, 507, 2, true),
      (70 + t, 110, 10, 501, null, 5, true))
      v(id, portal, account, requester, assignee, status, at_desk);
  insert into app.grant_requests (tenant_id, id, account_id, ticket_id, reason, days, asked_by) values
    (t, 1, 10, 1, 'May I? ' || slug, 2, 507);
  insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
    select t, k.id, p, k.updated_at
    from app.tickets k join app.accounts a on a.tenant_id = t and a.id = k.account_id,
      unnest(array[app.principal(k.requester_id, 0), app.principal(a.id, 2),
        app.principal(a.partner_id, 3)]) p
    where k.tenant_id = t and p is not null;
  insert into app.followers (tenant_id, ticket_id, person_id, level) values (t, 1, 502, 2);
  insert into app.seen (tenant_id, person_id, ticket_id, seen_at) values (t, 501, 1, opened);
  insert into app.views (tenant_id, id, person_id, place, name, query, position) values (t, 1, 501, 'tickets', 'Open ' || slug, 'group=open', 1);
  insert into app.ticket_links (tenant_id, from_id, to_id, kind) values (t, 2, 1, 'follow_up');
  insert into app.ratings (tenant_id, ticket_id, person_id, score) values (t, 1, 501, 4);
  insert into app.comments (tenant_id, ticket_id, id, author_id, is_internal, source, html, created_at)
    select t, k.id, 1, k.requester_id, false, 'Help ' || slug, '<p>Help ' || slug || '</p>', opened
    from app.tickets k where k.tenant_id = t;
  insert into app.comments (tenant_id, ticket_id, id, author_id, is_internal, source, html, created_at) values
    (t, 1, 2, 507, true, 'A note ' || slug, '<p>A note ' || slug || '</p>', opened),
    (t, 1, 3, 507, false, 'Done ' || slug, '<p>Done ' || slug || '</p>', opened),
    (t, 3, 2, 504, false, 'Partner here ' || slug, '<p>Partner here ' || slug || '</p>', opened);
  insert into app.mentions (tenant_id, ticket_id, comment_id, person_id) values (t, 1, 3, 501);
  insert into app.pending_shares (tenant_id, ticket_id, invitation_id, added_by) values (t, 1, 1, 502);
  -- Not valid yet, so that nothing is promised.
  insert into app.sla_versions (tenant_id, version, valid_from, author_id, body) values
    (t, 1, opened + interval '100 years', 508, jsonb_build_object('shown', true, 'escalated_runs', false, 'warn', 60, 'priorities', '{}'::jsonb, 'matrix', '{}'::jsonb,
      'plans', jsonb_build_array(jsonb_build_object('key', 'standard', 'names', jsonb_build_object('en', 'Plan ' || slug), 'targets', '{"high": {"first": 60}}'::jsonb))));
  insert into app.account_plans (tenant_id, account_id, since, plan) values (t, 10, opened, 'standard');
  insert into app.ticket_clocks (tenant_id, ticket_id, kind, state, started_at, target) values (t, 1, 1, 1, opened, 3600);
  insert into app.clock_results (tenant_id, ticket_id, kind, turn, met, at, used, target, version) values (t, 1, 1, 1, true, opened, 60, 3600, 1);
  insert into app.signposts (tenant_id, id, kind, titles) values (t, 1, 'first_aid', jsonb_build_object('en', 'Sign ' || slug));
  insert into app.components (tenant_id, id, names) values (t, 1, jsonb_build_object('en', 'Component ' || slug));
  insert into app.incidents (tenant_id, id, kind, titles, state) values (t, 1, 'incident', jsonb_build_object('en', 'Incident ' || slug), 1);
  insert into app.incident_updates (tenant_id, incident_id, n, state, texts) values (t, 1, 1, 1, jsonb_build_object('en', 'Update ' || slug));
  insert into app.status_subscribers (tenant_id, id, portal_id, email) values (t, 1, 110, 'updates@' || slug || '.example');
  insert into app.incident_people (tenant_id, incident_id, person_id, portal_id) values (t, 1, 501, 110);
  insert into app.incident_tickets (tenant_id, ticket_id, incident_id) values (t, 1, 1);
  insert into app.macros (tenant_id, id, name, texts) values (t, 1, 'Hello ' || slug, jsonb_build_object('en', 'Dear {requester.name}'));
  insert into app.ticket_tags (tenant_id, ticket_id, tag) values (t, 1, 'tag ' || slug);
  insert into app.teams (tenant_id, id, name) values (t, 1, 'Team ' || slug);
  insert into app.team_members (tenant_id, team_id, person_id) values (t, 1, 507);
  insert into app.absences (tenant_id, person_id, begins_at, ends_at) values (t, 507, opened + interval '100 years', opened + interval '101 years');
  insert into app.bulk_jobs (tenant_id, id, person_id, change, state, total, ended_at) values (t, 1, 507, '{"status": "solved"}', 2, 1, opened);
  insert into app.bulk_rows (tenant_id, job_id, ticket_id, state) values (t, 1, 1, 4);
  insert into app.statuses (tenant_id, status, agents, customers) values (t, 'on_hold', jsonb_build_object('sv', 'Vilar ' || slug), '{}');
  insert into app.transitions (tenant_id, role, from_status, to_status) values (t, 'tenant_admin', 'closed', 'in_progress');
  insert into app.releases (tenant_id, id, name, said) values (t, 1, 'Release ' || slug, '{"en": {"source": "Out", "html": "<p>Out</p>"}}');
  insert into app.engineering_items (tenant_id, id, key, title, release_id) values (t, 1, 'ENG-1', 'Item ' || slug, 1), (t, 2, 'ENG-2', 'Other ' || slug, null);
  insert into app.ticket_items (tenant_id, ticket_id, item_id) values (t, 4, 1);
  -- One that waits for nothing that happens in tests, and one of time.
  insert into app.rules (tenant_id, id, position, name, body, said, is_on) values
    (t, 1, 1, 'Rule ' || slug, '{"when": {"event": "late"}, "if": null, "do": [{"level": 1}]}', '[null]', false),
    (t, 2, 2, 'Clock ' || slug, '{"when": {"time": "status", "minutes": 600, "counted": "all"}, "if": null, "do": [{"level": 2}]}', '[null]', false);
  insert into app.rule_versions (tenant_id, rule_id, version, name, body, author_id)
    select t, r.id, 1, r.name, r.body, 508 from app.rules r where r.tenant_id = t;
  insert into app.rule_runs (tenant_id, id, ticket_id, rule_id, version, outcome, created_at) values (t, 1, 1, 1, 1, 'ran', now() - interval '91 days');
  insert into app.rule_alarms (tenant_id, ticket_id, rule_id, base) values (t, 1, 2, opened);
  insert into app.rule_turns (tenant_id, next_at) values (t, null);
  insert into app.ticket_levels (tenant_id, ticket_id, level) values (t, 1, 2);
  -- Everybody's, customers' of one account, agents'; one of each as its section is, and one of its own audience.
  insert into app.knowledge (tenant_id, change) values (t, 3);
  insert into app.audiences (tenant_id, id, level, accounts) values (t, 1, 1, '{}'), (t, 2, 2, '{10}'), (t, 3, 3, '{}');
  insert into app.sections (tenant_id, id, key, parent_id, names, audience_id, shown_to, path) values
    (t, 1, 'root', null, '{}', 1, 1, '{1}'), (t, 2, 'two', 1, jsonb_build_object('en', 'Section ' || slug), 2, 2, '{1,2}'),
    (t, 3, 'three', 2, '{"en": "Agents"}', 3, 3, '{1,2,3}');
  insert into app.articles (tenant_id, id, key, section_id, audience_id, language, is_live, author_id, changed) values
    (t, 1, 'one', 1, 1, 'en', true, 508, 1), (t, 2, 'two', 2, null, 'en', true, 508, 2), (t, 3, 'three', 3, null, 'en', true, 508, 3),
    (t, 4, 'four', 3, 1, 'en', false, 508, 3);
  -- And one whose time is over.
  insert into app.articles (tenant_id, id, key, section_id, language, is_live, author_id, changed, expires_at) values (t, 5, 'five', 1, 'en', true, 508, 1, '2026-01-03');
  insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change, until_change, until_at) values
    (t, 1, 'en', 1, 'Old ' || slug, '<p>Before</p>', 1, 2, '2026-01-02'), (t, 1, 'en', 2, 'Article ' || slug, '<p>Help</p>', 2, null, null),
    (t, 1, 'de', 1, 'Alt ' || slug, '<p>Vorher</p>', 1, 2, '2026-01-02'),
    (t, 2, 'en', 1, 'Account ' || slug, '<p>Help</p>', 2, null, null), (t, 3, 'en', 1, 'Agents ' || slug, '<p>Help</p>', 3, null, null),
    (t, 5, 'en', 1, 'Over ' || slug, '<p>Help</p>', 1, null, null);
  insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words)
    select t, v.article_id, v.language, v.number, v.title, 'article', 'Help', '[]', 1, ' article help '
    from app.article_versions v where v.tenant_id = t and v.until_change is null;
  insert into app.article_drafts (tenant_id, article_id, language, title, html, author_id, publish_at) values (t, 4, 'en', 'Draft ' || slug, '<p>Soon</p>', 508, '2026-01-03');
  insert into app.calendars (tenant_id, id, name, feed_url, feed_state) values (t, 1, 'Office ' || slug, 'https://days.x.example/' || slug, 2);
  insert into app.calendar_versions (tenant_id, calendar_id, version, zone, hours, since, until, created_by) values
    (t, 1, 1, 'Europe/Rome', '[[[540,1080]],[],[],[],[],[],[]]', '2026-01-05', '2026-01-12', 508);
  insert into app.calendar_spans (tenant_id, calendar_id, version, opens, closes, before) values
    (t, 1, 1, '2026-01-05 08:00Z', '2026-01-05 17:00Z', 0), (t, 1, 1, '2026-01-11 23:00Z', null, 32400);
  insert into app.text_links (tenant_id, article_id, language, href, kind, key, trouble, since, due_at) values
    (t, 1, 'en', '/kb/a/none-' || slug, 1, 'none', 'gone', '2026-01-02', null), (t, 1, 'en', 'https://' || slug || '.example/', 4, null, null, null, '2026-01-03');
  insert into app.votes (tenant_id, article_id, person_id, language, is_helpful, comment) values (t, 1, 501, 'en', true, 'Thanks ' || slug);
  insert into app.synonyms (tenant_id, id, language, position, word, root) values (t, 1, 'en', 0, 'SSO ' || slug, 'sso ' || slug), (t, 1, 'en', 1, 'single sign-on', 'singl sign on');
  insert into app.kb_searches (tenant_id, day, language, q, hits) values (t, current_date - 91, 'en', 'help ' || slug, 1);
  insert into app.redirects (tenant_id, path, article_id, language) values (t, '/old/' || slug, 1, 'en');
  insert into app.imports (tenant_id, id, person_id, dry, at) values (t, 1, 508, true, opened);
  insert into app.import_rows (tenant_id, n, kind, entry, key, about) values (t, 1, 1, 'sections.jsonl:1', 'one', jsonb_build_object('names', jsonb_build_object('en', 'Comes ' || slug)));
  insert into app.kb_clicks (tenant_id, day, language, q, article_id) values (t, current_date - 91, 'en', 'help ' || slug, 1);
  insert into app.deflections (tenant_id, article_id, day, count) values (t, 1, '2026-01-01', 3);
  insert into app.drafts (tenant_id, person_id, portal_id, place, body, updated_at) values
    (t, 501, 110, 'new.ticket', jsonb_build_object('body', 'Begun ' || slug), now()),
    (t, 501, 0, '1.reply', jsonb_build_object('body', 'Forgotten ' || slug), now() - interval '31 days');

  insert into app.snoozes (tenant_id, ticket_id, person_id, until_at) values (t, 70 + t, 507, opened + interval '100 years');
  insert into app.held_tellings (tenant_id, ticket_id, what, person_id, told, out_at) values (t, 1, 'priority', 507, null, opened + interval '100 years');
  insert into app.held_comments (tenant_id, id, ticket_id, author_id, is_internal, source, html, key, out_at) values
    (t, 1, 1, 507, true, 'Held ' || slug, '<p>Held</p>', 'held-key-1', opened + interval '100 years');

  -- Ada's own, which nothing has; one with her ticket, one with the note about
  -- it, and one with the answer, which is still looked at.
  insert into app.files (tenant_id, id, owner_id, ticket_id, comment_id, is_internal, name, type, size, received, sha256, state) values
    (t, 1, 501, null, null, false, 'Coming ' || slug, null, 9, 0, null, 1),
    (t, 2, 501, 1, 1, false, 'Sent ' || slug, 'text/plain', 5, 5, sha256('sent'), 3),
    (t, 3, 507, 1, 2, true, 'Noted ' || slug, 'text/plain', 5, 5, sha256('note'), 3),
    (t, 4, 507, 1, 3, false, 'Looked at ' || slug, 'text/plain', 5, 5, sha256('look'), 2);
  -- And a picture of the article that customers of one account read.
  insert into app.files (tenant_id, id, owner_id, article_id, key, name, type, size, received, sha256, state) values
    (t, 5, 508, 2, 'picture', 'Shown ' || slug, 'image/png', 5, 5, sha256('shown'), 3);
  -- What they are found by, with and without the note; one of them is to be taken in.
  insert into app.ticket_words (tenant_id, ticket_id, is_internal, words)
    select t, c.ticket_id, i.internal, ' ' || array_to_string(app.words_of(string_agg(c.source, ' '), 'en'), ' ') || ' '
    from app.comments c join (values (false), (true)) i (internal) on i.internal or not c.is_internal
    where c.tenant_id = t and (not i.internal or c.ticket_id = 1) group by c.ticket_id, i.internal;
  insert into app.search_queue (tenant_id, ticket_id, from_id) values (t, 2, 0);
  insert into app.file_chunks (tenant_id, file_id, seq, data)
    select t, n, 0, convert_to(slug, 'UTF8') from generate_series(2, 5) n;
  -- A type that nobody opens tickets by any more, and what was answered to its
  -- form. Members of account 10 don't see one of the answers.
  insert into app.fields (tenant_id, key, kind, labels, options) values
    (t, 'colour', 'one_of', jsonb_build_object('en', 'Colour ' || slug), '[{"key": "red", "labels": {"en": "Red"}}]'),
    (t, 'secret', 'text', jsonb_build_object('en', 'Secret ' || slug), '[]');
  insert into app.ticket_types (tenant_id, key, labels, archived_at) values (t, 'problem', jsonb_build_object('en', 'Problem ' || slug), opened);
  insert into app.type_fields (tenant_id, type, field) values (t, 'problem', 'colour');
  insert into app.priority_rules (tenant_id, type, position, condition, priority) values
    (t, 'problem', 1, '{"all": [{"field": "colour", "is": ["red"]}]}', 4);
  insert into app.field_policies (tenant_id, scope, field, role, access, account_id) values (t, 20, 'secret', 'member', 0, 10);
  insert into app.ticket_values (tenant_id, ticket_id, field, value, word) values
    (t, 1, 'colour', '"red"', 'red'), (t, 3, 'colour', '"red"', 'red'), (t, 1, 'secret', to_jsonb('Answer ' || slug), 'answer');

  insert into app.events (tenant_id, id, kind, actor_id, ticket_id, comment_id)
    overriding system value values
    (t, 1, 'ticket.opened', 501, 1, 1), (t, 2, 'ticket.replied', 507, 1, 3),
    (t, 3, 'session.opened', 501, null, null);
  insert into app.grant_keys (tenant_id, id, public) values (t, 1, repeat('A', 43));
  insert into app.webhooks (tenant_id, url) values (t, 'https://product.example/' || slug);
  insert into app.webhook_deliveries (tenant_id, id, event_id, kind, body, next_try_at) values (t, 1, 3, 'grant.opened', '{}', opened);
  insert into app.event_queue (tenant_id, event_id) values (t, 1);
  insert into app.listeners (tenant_id, principal, session_id, channel, expires_at)
    select t, p.principals[1], s.id, md5(s.id::text), opened + interval '20 years' from app.sessions s
    join app.people p on p.tenant_id = t and p.id = s.person_id and p.principals <> '{}'
    where s.tenant_id = t and s.grant_id is null;
  insert into app.listeners (tenant_id, principal, session_id, channel, expires_at) values (t, 901, 1501, md5('old ' || t), opened);
  insert into app.presence (tenant_id, ticket_id, person_id, types, expires_at) values (t, 1, 507, true, opened + interval '20 years');
  insert into app.closed_channels (tenant_id, channel) values (t, md5(t::text));
  insert into app.deliveries (tenant_id, id, event_id, email, person_id, reason, state, next_try_at) values
    (t, 1, 2, 'ada@x.example', 501, 'requester', 1, opened),
    (t, 2, 2, 'contact@x.example', null, 'support_contact', 2, opened);
  insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer, created_at) values
    (t, 501, 'tickets', 'same-key-1', sha256('x'), '{"number":1}', now()),
    (t, 502, 'tickets', 'same-key-1', sha256('x'), '{"number":2}', now() - interval '2 days');
end $$;

select jobs.know_languages('de en es fr it ja pt sv') \g /dev/null
-- A context lasts for a transaction, so each tenant has its own.
select fixture.fill(1, 'north') \g /dev/null
select fixture.fill(2, 'south') \g /dev/null
select setval(pg_get_serial_sequence('app.events', 'id'), 1000) \g /dev/null
analyze;
