-- Hosts of customers' own: who claims them, who gets them, when they go, and
-- what is served there. In the tenants 21 and 22, made like the two of
-- fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (21, 'left', 'Left'), (22, 'right', 'Right');
select fixture.fill(21, 'left') \g /dev/null
select fixture.fill(22, 'right') \g /dev/null
delete from app.settings where tenant_id in (21, 22);
delete from app.host_claims where tenant_id in (21, 22);
select * from no_plan();
set story.tenant = 21;
set story.slug = 'left';
\ir lib/story.sql
create function pg_temp.right(portal text, person int, statement text) returns text language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, %L, 1::smallint, true)', portal || '.right.test', '22/' || person), statement) $$;
create function pg_temp.work(statement text) returns text language sql as $$ select coalesce(pg_temp.as_role('sportello_jobs', null, statement), '-') $$;

-- ---- names -------------------------------------------------------------------------

select is(app.host_fault(v.host), v.wants, left(v.says, 60)) from (values
  ('help.school.example', null, 'a name'), ('xn--bcher-kva.example', null, 'punycode'), ('a-b.c0.example', null, 'hyphens, digits'),
  (repeat('a', 63) || '.example', null, 'a label of 63'), (repeat('a', 64) || '.example', 'host', 'one of 64'),
  (repeat(repeat('a', 60) || '.', 3) || repeat('b', 59), null, '242 characters'), (repeat(repeat('a', 60) || '.', 3) || repeat('b', 60), 'too_long', '243'),
  ('example', 'host', 'one label'), ('', 'host', 'empty'), ('Help.example', 'host', 'capitals'), ('help.example.', 'host', 'a dot behind'),
  ('help..example', 'host', 'two dots'), ('-a.example', 'host', 'a hyphen first'), ('a-.example', 'host', 'a hyphen last'),
  ('a_b.example', 'host', 'an underscore'), ('help.example:8443', 'host', 'a port'), (E'help.example\n', 'host', 'a line''s end'), ('bücher.example', 'host', 'letters beyond ASCII'),
  ('192.0.2.1', 'address', 'an address'), ('help.1', 'address', 'what browsers take for one'),
  ('help.localhost', 'reserved', 'localhost'), ('printer.local', 'reserved', 'local'), ('1.168.192.in-addr.arpa', 'reserved', 'arpa')) v(host, wants, says);

-- ---- T3: who claims ----------------------------------------------------------------

create function pg_temp.add(portal text, person int, at int, host text, key text default null) returns text language sql as $$
  select pg_temp.at(portal, person, format('select app.add_host(%s, %L, %L)->>%L', at, host, coalesce(key, 'add-' || md5(host || at)), 'state')) $$;
select is(pg_temp.add('ten', 509, 110, 'help.school.example'), 'waiting', 'an account''s administrator claims a host');
select is(pg_temp.add('ten', 509, 110, 'help.school.example'), 'waiting', 'the same key again: the same answer');
select is((select count(*)::int from app.host_claims where tenant_id = 21), 1, 'one claim');
select is(pg_temp.add('ten', 509, 110, 'help.school.example', 'another-key'), 'PT422 claims_host.taken', 'twice is said');
select is(pg_temp.add('ten', 509, 111, 'help.school.example'), 'PT422 claims_host.taken', 'for another of its portals too');
select is(pg_temp.add('ten', 509, 111, 'sub.school.example'), 'waiting', 'a sub-portal has its own');
select is(pg_temp.add('ten', 509, 130, 'x.school.example'), 'PT404', 'not another account''s portal');
select is(pg_temp.add('ten', 501, 110, 'x.school.example'), 'PT403', 'nor does a member');
select is(pg_temp.add('partner', 504, 130, 'x.school.example'), 'PT403', 'nor the partner');
select is(pg_temp.add('desk', 507, 100, 'x.school.example'), 'PT403', 'nor an agent, for the desk');
select is(pg_temp.add('desk', 508, 110, 'x.school.example'), 'PT404', 'the tenant''s administrator not for an account');
select is(pg_temp.add('desk', 508, 100, 'support.left.example'), 'waiting', 'but for the desk');
select format('select is(pg_temp.add(%L, 509, 110, %L), %L, %L)', 'ten', v.host, 'PT422 claims_host.' || v.wants, v.says) from (values
  ('x.left.test', 'reserved', 'a name below our domain'), ('left.test', 'reserved', 'our domain itself'), ('a.b.right.test', 'reserved', 'and another tenant''s'),
  ('localhost', 'host', 'localhost'), ('10.0.0.1', 'address', 'an address'), ('Help.example', 'host', 'not canonical')) v(host, wants, says) \gexec
update app.tenants set base_domain = 'portals.example' where tenant_id = 22;
select is(pg_temp.add('ten', 509, 110, 'evil.portals.example'), 'PT422 claims_host.reserved', 'below a domain without portals yet');
select is(pg_temp.at('ten', 509, $$select json_array_length(app.list_hosts()->'hosts')$$), '2', 'they are listed');
select is(pg_temp.at('ten', 509, $$select app.list_hosts()->'can'$$), 'true', 'to be changed');
select is(pg_temp.at('ten', 509, $$select app.list_hosts()->'hosts'->0->'record'->>'name'$$), '_sportello.help.school.example', 'with the record''s name');
select ok(pg_temp.at('ten', 509, $$select app.list_hosts()->'hosts'->0->'record'->>'value'$$) ~ '^sportello=[A-Za-z0-9_-]{43}$', 'and what it says');
select is(pg_temp.at('ten', 501, $$select app.list_hosts()$$), 'PT403', 'not to a member');
select is(pg_temp.at('desk', 507, $$select app.list_hosts()$$), 'PT403', 'nor to an agent');
select is(pg_temp.at('desk', 508, $$select app.list_hosts()->'hosts'->0->>'host'$$), 'support.left.example', 'the tenant''s administrator reads the desk''s');
select is(pg_temp.at('desk', 508, $$select json_array_length(app.list_hosts()->'hosts')$$), '1', 'and no account''s');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('ten.left.test', '21/support', 1::smallint, false, '/')$$,
  $$select (app.list_hosts()->>'can') || json_array_length(app.list_hosts()->'hosts')$$), 'false2', 'support that was let in reads them');
insert into app.host_claims (tenant_id, account_id, portal_id, host, check_at)
  select 21, 10, 111, 'n' || n || '.school.example', null from generate_series(1, 19) n;
select is(pg_temp.add('ten', 509, 111, 'one-more.school.example'), 'PT422 claims_host.too_many', 'twenty a portal');
delete from app.host_claims where tenant_id = 21 and host ~ '^n[0-9]';

-- ---- who gets it -------------------------------------------------------------------

create function pg_temp.token(t bigint, name text) returns text language sql as $$
  select token from app.host_claims where tenant_id = t and host = name $$;
create function pg_temp.found(name text, variadic tokens text[]) returns text language sql as $$
  select pg_temp.work(format('select jobs.host_checked(%L, %L)', name, array_to_string(tokens, ','))) $$;
create function pg_temp.none(name text) returns text language sql as $$ select pg_temp.work(format('select jobs.host_checked(%L, %L)', name, '')) $$;
create function pg_temp.silence(name text) returns text language sql as $$ select pg_temp.work(format('select jobs.host_checked(%L, null)', name)) $$;
-- 'TENANT STATE FOUND …' of its claims, and where it leads.
create function pg_temp.how(name text) returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', tenant_id, state, found), ', ' order by tenant_id), '')
    || coalesce((select ' > ' || tenant_id || ' ' || portal_id || case when is_on then '' else ' off' end from app.hosts where host = name), '')
  from app.host_claims where host = name $$;
create function pg_temp.door(name text) returns text language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, null, 0::smallint, false)', name), 'select auth.portal_id()') $$;
create function pg_temp.due() returns text language sql as $$ select pg_temp.work($q$select jobs.take_hosts(16, '1 minute')$q$) $$;

select is(pg_temp.door('help.school.example'), 'PT404', 'a claim alone opens nothing');
select is(pg_temp.due(), '["help.school.example", "sub.school.example", "support.left.example"]', 'new ones are looked at');
select is(pg_temp.due(), '-', 'once');
select is(pg_temp.none('help.school.example'), '', 'no record');
select is(pg_temp.how('help.school.example'), '21 1 2', 'it waits');
select is(pg_temp.found('help.school.example', repeat('x', 43)), '', 'a record that says something else');
select is(pg_temp.how('help.school.example'), '21 1 3', 'it waits');
select is(pg_temp.silence('help.school.example'), '', 'no answer');
select is(pg_temp.how('help.school.example'), '21 1 4', 'it waits');
select ok((select check_at between now() + '20 seconds' and now() + '40 seconds' from app.host_claims where host = 'help.school.example'), 'half a minute at first');
update app.host_claims set asked_at = now() - interval '3 days' where host = 'help.school.example';
select is(pg_temp.none('help.school.example'), '', 'later');
select ok((select check_at > now() + '11 hours' from app.host_claims where host = 'help.school.example'), 'half a day');
update app.host_claims set asked_at = now() - interval '31 days' where host = 'help.school.example';
select is(pg_temp.none('help.school.example'), '', 'at last');
select is((select check_at from app.host_claims where host = 'help.school.example'), null, 'only when asked');
create function pg_temp.claim(name text) returns bigint language sql as $$ select id from app.host_claims where tenant_id = 21 and host = name $$;
select is(pg_temp.at('ten', 509, format('select app.check_host(%s)->>%L', pg_temp.claim('help.school.example'), 'state')), 'waiting', 'somebody asks');
select ok((select check_at = checked_at + '10 seconds' from app.host_claims where host = 'help.school.example'), 'ten seconds behind the last look');
select is((select certificate_due_at from app.host_claims where host = 'help.school.example'), null, 'and no certificate is asked for yet');
select is(pg_temp.at('ten', 501, format('select app.check_host(%s)', pg_temp.claim('help.school.example'))), 'PT404', 'not a member');
select is(pg_temp.at('desk', 508, format('select app.check_host(%s)', pg_temp.claim('help.school.example'))), 'PT404', 'nor the tenant''s administrator');
select is(pg_temp.right('ten', 509, format('select app.check_host(%s)', pg_temp.claim('help.school.example'))), 'PT404', 'nor another tenant');

-- The other tenant wants the same name.
select is(pg_temp.right('ten', 509, $$select app.add_host(110, 'help.school.example', 'right-key-1')->>'state'$$), 'waiting', 'another tenant claims it, and learns nothing');
select isnt(pg_temp.token(21, 'help.school.example'), pg_temp.token(22, 'help.school.example'), 'to each its own token');
select is(pg_temp.found('help.school.example', pg_temp.token(22, 'help.school.example')), '', 'whose proof is there');
select is(pg_temp.how('help.school.example'), '21 1 3, 22 2 1 > 22 110', 'gets it');
select is(pg_temp.found('help.school.example', pg_temp.token(21, 'help.school.example'), pg_temp.token(22, 'help.school.example')), '', 'both proofs');
select is(pg_temp.how('help.school.example'), '21 4 1, 22 2 1 > 22 110', 'who has it keeps it');
select is(pg_temp.found('help.school.example', pg_temp.token(21, 'help.school.example')), '', 'only the other one''s');
select is(pg_temp.how('help.school.example'), '21 2 1, 22 3 3 > 21 110', 'it moves at once');
select is(pg_temp.door('help.school.example'), '110', 'and opens');
select is((select string_agg(tenant_id || ' ' || kind, ', ' order by id) from app.events where kind like 'host.%' and kind <> 'host.added' and tenant_id in (21, 22)),
  '22 host.on, 22 host.off, 21 host.on', 'each is told');
select is((select data->'people' from app.events where tenant_id = 21 and kind = 'host.on'), '[509]', 'its administrators');

-- The proof goes.
select is(pg_temp.none('help.school.example'), '', 'no proof any more');
select is(pg_temp.how('help.school.example'), '21 2 2, 22 3 2 > 21 110', 'it stays for a while');
select is((select count(*)::int from app.events where tenant_id = 21 and kind = 'host.missing'), 1, 'and is told of');
select is(pg_temp.none('help.school.example'), '', 'again');
select is((select count(*)::int from app.events where tenant_id = 21 and kind = 'host.missing'), 1, 'once');
update app.host_claims set missing_since = now() - interval '4 days' where tenant_id = 21 and host = 'help.school.example';
select is(pg_temp.silence('help.school.example'), '', 'no answer proves nothing');
select is(pg_temp.how('help.school.example'), '21 2 4, 22 3 4 > 21 110', 'it stays');
select is(pg_temp.found('help.school.example', pg_temp.token(21, 'help.school.example')), '', 'the proof is back');
select is((select (misses, missing_since)::text from app.host_claims where tenant_id = 21 and host = 'help.school.example'), '(0,)', 'all is forgotten');
select 'select is(pg_temp.none(''help.school.example''), '''', ''gone, look ' || n || ''')' from generate_series(1, 5) n \gexec
select is(pg_temp.how('help.school.example'), '21 2 2, 22 3 2 > 21 110', 'of one day');
update app.host_claims set missing_since = now() - interval '3 days' where tenant_id = 21 and host = 'help.school.example';
select is(pg_temp.none('help.school.example'), '', 'for three days');
select is(pg_temp.how('help.school.example'), '21 3 2, 22 3 2 > 21 110 off', 'it is off');
select is(pg_temp.door('help.school.example'), 'PT404', 'and leads nowhere');
select is((select count(*)::int from app.events where tenant_id = 21 and kind = 'host.off'), 1, 'which is told');
select is(pg_temp.found('help.school.example', pg_temp.token(21, 'help.school.example')), '', 'its own proof');
select is(pg_temp.how('help.school.example'), '21 2 1, 22 3 3 > 21 110', 'brings it back');

-- It is taken back.
select is(pg_temp.at('ten', 501, format('select app.remove_host(%s)', pg_temp.claim('help.school.example'))), 'PT404', 'not by a member');
select is(pg_temp.at('desk', 508, format('select app.remove_host(%s)', pg_temp.claim('help.school.example'))), 'PT404', 'nor by the tenant');
select is(pg_temp.right('ten', 509, format('select app.remove_host(%s)', pg_temp.claim('help.school.example'))), 'PT404', 'nor by another');
select is(pg_temp.found('help.school.example', pg_temp.token(21, 'help.school.example'), pg_temp.token(22, 'help.school.example')), '', 'another one waits with its proof');
update app.host_claims set check_at = now() + interval '1 day' where host = 'help.school.example';
select is(pg_temp.at('ten', 509, format('select app.remove_host(%s)', pg_temp.claim('help.school.example'))), '', 'its administrator removes it');
select is(pg_temp.door('help.school.example'), 'PT404', 'it leads nowhere from now on');
select is(pg_temp.due(), '["help.school.example"]', 'and the other one is looked at');
select is(pg_temp.found('help.school.example', pg_temp.token(22, 'help.school.example')), '', 'who has proven it');
select is(pg_temp.how('help.school.example'), '22 2 1 > 22 110', 'gets it');
-- An operator may make a portal of that name meanwhile.
update app.hosts set host = 'sub.school.example' where tenant_id = 22 and host = 'partner.right.test';
select is(pg_temp.found('sub.school.example', pg_temp.token(21, 'sub.school.example')), '', 'a proof for a name that is a portal''s own by now');
select is(pg_temp.how('sub.school.example'), '21 4 1 > 22 120', 'takes nothing away');
delete from app.hosts where host = 'sub.school.example';

-- Whoever knows a name is told nothing of who else wants it.
select is(pg_temp.right('ten', 509, $$select json_array_length(app.list_hosts()->'hosts')$$), '1', 'a tenant reads its own claims');
select is((select check_at is not null from app.host_claims where host = 'support.left.example'), true, 'the desk''s waits');
select is(pg_temp.found('support.left.example', pg_temp.token(21, 'support.left.example')), '', 'it is proven');
select is(pg_temp.door('support.left.example'), '100', 'and leads to the desk');
select is((select data->'people' from app.events where tenant_id = 21 and kind = 'host.on' and account_id is null), '[508]', 'the tenant''s administrators are told');
update app.tenants set suspended_at = now() where tenant_id = 21;
select is(pg_temp.found('sub.school.example', pg_temp.token(21, 'sub.school.example')), '', 'a suspended tenant''s host is proven');
select is(pg_temp.door('sub.school.example'), 'PT404', 'and stays closed');
update app.hosts set is_suspended = false where tenant_id = 21;
update app.tenants set suspended_at = null where tenant_id = 21;

-- ---- certificates ------------------------------------------------------------------

create function pg_temp.certificate() returns text language sql as $$ select pg_temp.work($q$select jobs.take_certificate('5 minutes')->>'host'$q$) $$;
create function pg_temp.finish(t bigint, name text, ends text, answer text) returns text language sql as $$
  select pg_temp.work(format('select jobs.finish_certificate(%s, %s, %s, %L)', t, (select id from app.host_claims where tenant_id = t and host = name), ends, answer)) $$;
update app.host_claims set certificate_tried_at = now() where tenant_id = 21 and host = 'support.left.example';
select is(pg_temp.certificate(), 'help.school.example', 'the tenant that has waited longest comes first');
select ok(pg_temp.certificate() in ('support.left.example', 'sub.school.example'), 'then the other');
select isnt(pg_temp.certificate(), '-', 'and its second');
select is(pg_temp.certificate(), '-', 'each once');
select is(pg_temp.finish(21, 'support.left.example', 'null', 'connection refused'), '-', 'one fails');
select ok((select certificate_due_at - certificate_tried_at between '10 minutes' and '11 minutes' from app.host_claims where host = 'support.left.example'), 'ten minutes later again');
select is(pg_temp.at('desk', 508, $$select concat_ws(' ', c->>'state', c->>'answer') from (select app.list_hosts()->'hosts'->0->'certificate' as c) x$$), 'failed connection refused', 'which is shown');
select is(pg_temp.finish(22, 'help.school.example', extract(epoch from now() + interval '90 days')::bigint::text, null), '-', 'one is there');
select ok((select certificate_due_at between now() + '59 days 23 hours' and now() + '60 days 1 minute' from app.host_claims where host = 'help.school.example'), 'renewed thirty days before its end');
select is(pg_temp.finish(22, 'help.school.example', extract(epoch from now() + interval '6 days')::bigint::text, null), '-', 'a short one');
select ok((select certificate_due_at between now() + '2 days 23 hours' and now() + '3 days 1 minute' from app.host_claims where host = 'help.school.example'), 'at half its life');
select is(pg_temp.work($$select jobs.certified_hosts('')$$), '["help.school.example"]', 'nginx is told');
select is(pg_temp.work($$select jobs.certified_hosts('help.school.example')$$), '-', 'page by page');
select is(pg_temp.work($$select string_agg(h, ', ' order by h) from json_array_elements_text(jobs.marked_hosts('')) h where h ~ ' t22$' and h !~ 'school'$$),
  (select string_agg(host || ' t22', ', ' order by host) from app.hosts where tenant_id = 22 and host !~ 'school'), 'T9: and whose each host is');
select is(pg_temp.work($$select count(*) from json_array_elements_text(jobs.marked_hosts('zzz')) h$$), '0', 'page by page');
select is(pg_temp.work($$select jobs.certificate_lost('help.school.example')$$), '-', 'its file is gone');
select is(pg_temp.certificate(), 'help.school.example', 'another is asked for');
select is(pg_temp.finish(22, 'help.school.example', extract(epoch from now() + interval '90 days')::bigint::text, null), '-', 'and comes');
select is(pg_temp.right('ten', 509, format('select app.remove_host(%s)', (select id from app.host_claims where tenant_id = 22 and host = 'help.school.example'))), '', 'removed');
select is(pg_temp.work($$select jobs.certified_hosts('')$$), '-', 'nginx forgets it');
select is(pg_temp.at('ten', 509, $$select jobs.host_checked('x', '')$$), '42501', 'no worker does the jobs'' work');
select is(pg_temp.at('ten', 509, $$select token from app.host_claims limit 1$$) is not null, true, 'an administrator reads the own claims');
select is(pg_temp.at('ten', 509, $$update app.host_claims set state = 2$$), '42501', 'and writes none');
select is(pg_temp.at('ten', 501, $$select count(*) from app.host_claims$$), '0', 'a member reads none');

-- ---- the operator ------------------------------------------------------------------

create function pg_temp.operate(statement text) returns text language sql as $$
  select coalesce(pg_temp.as_role('sportello_operator', 'select auth.operator_enter(''left'', false)', statement), '-') $$;
create function pg_temp.doctor() returns text language sql as $$
  select pg_temp.as_role('sportello_operator', null, $q$select string_agg(l->>'state' || ' ' || (l->>'text'), '; ' order by n)
    from json_array_elements(operator.doctor('1')) with ordinality x (l, n) where l->>'check' in ('proofs', 'own hosts')$q$) $$;
update app.host_claims set check_at = null, certificate_due_at = null, certificate_ends_at = now() + interval '60 days', certificate_tries = 0, missing_since = null
  where tenant_id not in (21, 22);
select count(*) as others from app.host_claims where state = 2 and tenant_id <> 21 \gset
update app.host_claims set check_at = now() + interval '1 day', certificate_ends_at = now() + interval '60 days',
  certificate_due_at = now() + interval '30 days', certificate_tries = 0, missing_since = null where tenant_id = 21;
select is(pg_temp.doctor(), format('ok nothing waits; ok %s in use', 2 + :others), 'the operator''s doctor finds them well');
update app.host_claims set missing_since = now() where host = 'sub.school.example';
update app.host_claims set certificate_tries = 2 where host = 'support.left.example';
select is(pg_temp.doctor(), 'ok nothing waits; warn the certificate can''t be renewed: support.left.example; warn the proof is gone: sub.school.example', 'or what is wrong');
update app.host_claims set certificate_ends_at = now() - interval '1 day' where tenant_id = 21;
update app.host_claims set missing_since = null, check_at = now() - interval '20 minutes' where host = 'sub.school.example';
select is(pg_temp.doctor(), 'fail the oldest has waited for 1200 s; fail the certificate is over: sub.school.example, support.left.example', 'that nobody works');
update app.host_claims set certificate_ends_at = null, proven_at = now() - interval '2 hours', certificate_due_at = now() - interval '2 hours' where tenant_id = 21;
select is(pg_temp.operate('select operator.suspend_tenant(true)'), 'left is suspended: its hosts answer 404, its mail waits', 'a tenant is suspended');
select is(pg_temp.due() || ' ' || pg_temp.certificate(), '- -', 'its hosts are not looked at');
select is(pg_temp.doctor(), format('ok nothing waits; ok %s in use', :others), 'nor missed');
update app.host_claims set check_at = null where host = 'support.left.example';
select is(pg_temp.operate('select operator.suspend_tenant(false)'), 'left is open again', 'it comes back');
select is(pg_temp.due(), '["sub.school.example"]', 'who was to be looked at is');
select ok(pg_temp.certificate() in ('sub.school.example', 'support.left.example') and pg_temp.certificate() <> '-', 'and who wants a certificate gets one');
select is(pg_temp.doctor(), 'ok nothing waits; warn no certificate yet: sub.school.example, support.left.example', 'till then that is said');
select is(pg_temp.operate('select operator.own_hosts()'), E'sub.school.example\nsupport.left.example', 'they are named before it is erased');

-- ---- T4: tickets there -------------------------------------------------------------

create function pg_temp.there(host text, person int, support bool, statement text) returns text language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, %L, 1::smallint, true, null, %L)', host, '21/' || person, support), statement) $$;
-- sub.school.example is the sub-portal's, support.left.example the desk's.
select is(pg_temp.there('sub.school.example', 503, false, 'select auth.portal_id()'), '111', 'one comes in');
select is(pg_temp.there('sub.school.example', 503, false, 'select auth.has_tickets()'), 'false', 'where no tickets are');
select is(pg_temp.there('sub.school.example', 503, false, 'select count(*) from app.tickets'), '0', 'so there are none to be seen');
select is(pg_temp.there('sub.school.example', 503, true, 'select 1'), 'PT421', 'and the way to them is elsewhere');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('sub.school.example', null, 1::smallint, false, null, true)$$, 'select 1'), 'PT421', 'also for who is not signed in');
select is(pg_temp.at('sub', 503, 'select count(*) from app.tickets'), '1', 'at the canonical host they are');
select is(pg_temp.there('sub.left.test', 503, true, 'select auth.has_tickets()'), 'true', 'whatever is set');
select is(pg_temp.there('support.left.example', 507, false, 'select auth.rank() || count(*)::text from app.tickets'), '10', 'at the desk''s nobody is an agent');
select is(pg_temp.there('sub.school.example', 509, false, $$select app.list_hosts()->>'can'$$), 'true', 'an administrator still is one');
select is(left(pg_temp.at('ten', 509, $$select app.set_setting('tickets_on_white_label', 'yes', false, null)$$), 5), '{"at"', 'the account lets them');
select is(pg_temp.there('sub.school.example', 503, true, 'select count(*) from app.tickets'), '1', 'they are there');
select is(pg_temp.there('support.left.example', 507, false, 'select auth.rank()'), '1', 'the desk has its own word');
select is(left(pg_temp.at('ten', 509, $$select app.set_setting('tickets_on_white_label', 'no', false, 111)$$), 5), '{"at"', 'but not that portal');
select is(pg_temp.there('sub.school.example', 503, true, 'select 1'), 'PT421', 'the nearest wins');
select is(left(pg_temp.at('ten', 509, $$select app.set_setting('tickets_on_white_label', null, true, 111)$$), 5), '{"at"', 'it inherits again');
select is(pg_temp.there('sub.school.example', 503, true, 'select count(*) from app.tickets'), '1', 'and has them');
select is(left(pg_temp.at('desk', 508, $$select app.set_setting('tickets_on_white_label', 'yes', false, null)$$), 5), '{"at"', 'the tenant lets them everywhere');
select is(pg_temp.there('support.left.example', 507, true, 'select auth.rank()'), '2', 'agents are agents at the desk''s');
select is(left(pg_temp.at('ten', 509, $$select app.set_setting('tickets_on_white_label', 'no', false, null)$$), 5), '{"at"', 'the account does not');
select is(pg_temp.there('sub.school.example', 503, true, 'select 1'), 'PT421', 'and that counts');

-- ---- T4: from host to host ---------------------------------------------------------

create function pg_temp.hand(host text, person text, target text, proof text) returns text language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, %L, 0::smallint, true)', host, person), format('select auth.hand_over(%L, %L)', target, proof)) $$;
create function pg_temp.arrive(host text, token text, proof text, new text) returns text language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, null, 0::smallint, true)', host),
    format('select auth.arrive(%L, %L, sha256(%L), null) is not null', token, proof, new)) $$;
-- What the token is: each test makes one.
select pg_temp.hand('sub.school.example', '21/503', 'sub.left.test', 'p1') as token \gset
select ok(:'token' ~ '^[0-9]+-[A-Za-z0-9_-]{43}$', 'who is signed in is handed over');
select is(pg_temp.arrive('sub.left.test', :'token', 'p1', 'h1'), 'true', 'and is signed in there');
select is(pg_temp.arrive('sub.left.test', :'token', 'p1', 'h2'), 'false', 'once');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('sub.left.test', 'h1', 1::smallint, true)$$, 'select auth.person_id()'), '503', 'as the same person');
select is(pg_temp.as_role('sportello_api', format($$select auth.enter(%L, 'h1', 1::smallint, true)$$, v.host), 'select 1'), 'PT401', 'and nobody at ' || v.host)
  from (values ('sub.school.example'), ('ten.left.test'), ('desk.left.test'), ('sub.right.test')) v (host);
update app.people set doors = array[20, 40, 223] where tenant_id = 21 and id = 503;
select is(pg_temp.as_role('sportello_api', $$select auth.enter('partner.left.test', 'h1', 1::smallint, true)$$, 'select 1'), 'PT401', 'nor where their door is open');
select is(pg_temp.at('partner', 503, 'select auth.person_id()'), '503', 'which a session made before hosts were kept still opens');
update app.people set doors = array[223] where tenant_id = 21 and id = 503;
select is((select (root_id, expires_at) = (1503, (select expires_at from app.sessions where tenant_id = 21 and id = 1503)) from app.sessions
  where tenant_id = 21 and token_hash = sha256('h1')), true, 'for as long as the first session lasts');
select pg_temp.hand('sub.school.example', '21/503', 'sub.left.test', 'p1') as token \gset
select is(pg_temp.arrive('sub.school.example', :'token', 'p1', 'h3'), 'false', 'not at another host');
select is(pg_temp.arrive('sub.left.test', :'token', 'p1', 'h3'), 'false', 'where it was used up');
select pg_temp.hand('sub.school.example', '21/503', 'sub.left.test', 'p1') as token \gset
select is(pg_temp.arrive('ten.left.test', :'token', 'p1', 'h3'), 'false', 'not at another portal');
select pg_temp.hand('sub.school.example', '21/503', 'sub.left.test', 'p1') as token \gset
select is(pg_temp.arrive('sub.left.test', :'token', 'p2', 'h3'), 'false', 'not in another browser');
select pg_temp.hand('sub.school.example', '21/503', 'sub.left.test', 'p1') as token \gset
select is(pg_temp.as_role('sportello_api', $$select auth.enter('sub.right.test', null, 0::smallint, true)$$,
  format('select auth.arrive(%L, %L, sha256(%L), null)', :'token', 'p1', 'h3')), null, 'not in another tenant');
update app.one_time set expires_at = now() where tenant_id = 21 and kind = 'hand_over';
select is(pg_temp.arrive('sub.left.test', :'token', 'p1', 'h3'), 'false', 'not after its time');
select ok((select max(expires_at - created_at) <= interval '30 seconds' from app.one_time where tenant_id = 21 and kind = 'hand_over'), 'which is thirty seconds');
-- Ended one by one, from either side, and listed as what they are.
update app.sessions set browser = 'Lynx' where tenant_id = 21 and id = 1503;
select pg_temp.hand('sub.school.example', '21/503', 'sub.left.test', 'p1') as token \gset
select is(pg_temp.arrive('sub.left.test', :'token', 'p1', 'h5'), 'true', 'in a browser that has a name');
select is((select string_agg(concat_ws(' ', s->>'browser', s->>'host'), ', ' order by s->>'host') from json_array_elements((pg_temp.at('sub', 503, 'select app.profile()'))::json->'sessions') s),
  'Lynx sub.left.test, sub.left.test, Lynx', 'it is named with its host');
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at) values (21, 1803, 503, sha256('other'), now() + interval '1 hour');
select is(pg_temp.at('sub', 503, format('select app.end_sessions(%s)', (select id from app.sessions where tenant_id = 21 and token_hash = sha256('h5')))), '', 'one is ended');
select is((select array_agg(id) from app.sessions where tenant_id = 21 and person_id = 503), '{1803}', 'with all it was handed over to and from');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('sub.left.test', 'other', 1::smallint, true)$$, 'select app.end_sessions(1501)'), 'PT404', 'and nobody else''s');
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at) values (21, 1503, 503, sha256('21/503'), now() + interval '1 day');
delete from app.sessions where tenant_id = 21 and id = 1803;
select is(pg_temp.hand('sub.school.example', '21/503', 'ten.left.test', 'p1'), null, 'nobody is handed over to another portal');
select is(pg_temp.hand('sub.school.example', '21/503', 'evil.example', 'p1'), null, 'or to a stranger');
select is(pg_temp.hand('sub.school.example', null, 'sub.left.test', 'p1'), null, 'or without being signed in');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('ten.left.test', '21/support', 1::smallint, false, '/')$$,
  $$select auth.hand_over('ten.left.test', 'p1')$$), null, 'or as support');
select pg_temp.hand('sub.school.example', '21/503', 'sub.left.test', 'p1') as token \gset
select is(pg_temp.as_role('sportello_api', $$select auth.enter('sub.school.example', '21/503', 1::smallint, true)$$, 'select auth.sign_out()'), '', 'who signs out');
select is((select count(*)::int from app.sessions where tenant_id = 21 and person_id = 503), 0, 'is signed out at both hosts');
select is(pg_temp.arrive('sub.left.test', :'token', 'p1', 'h4'), 'false', 'and is handed over no more');
select * from finish();
