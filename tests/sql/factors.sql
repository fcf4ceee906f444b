-- P5: second factors and single sign-on, as people and their workers use them. In
-- the tenant 11, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (11, 'proof', 'Proof');
select fixture.fill(11, 'proof') \g /dev/null
delete from app.totps where tenant_id = 11;
select * from no_plan();
set story.tenant = 11;
set story.slug = 'proof';
\ir lib/story.sql

create function pg_temp.anyone(role text, portal text, statement text) returns text
language sql as $$
  select pg_temp.as_role(role, format('select auth.enter(%L, null, 0::smallint, true)', portal || '.proof.test'), statement) $$;
-- prove(PORTAL, PERSON, STATEMENT): a request that the proof pool answers.
create function pg_temp.prove(portal text, person int, statement text) returns text
language sql as $$
  select pg_temp.as_role('sportello_proof', format('select auth.enter(%L, %L, 1::smallint, true)',
    portal || '.proof.test', '11/' || person), statement) $$;
create function pg_temp.sign_in(portal text, person int) returns json language sql as $$
  select pg_temp.anyone('sportello_login', portal, format('select auth.sign_in(%L, sha256(%L), sha256(%L))',
    (select email from app.people where tenant_id = 11 and id = person), '11:' || person, clock_timestamp()::text))::json $$;
-- step(PORTAL, STATEMENT): one at the step that :token is of.
create function pg_temp.step(portal text, token text, statement text) returns text language sql as $$
  select pg_temp.anyone('sportello_proof', portal, replace(statement, ':token', quote_literal(token))) $$;
create function pg_temp.mails(what text, person int) returns int language sql as $$
  select count(*)::int from app.events e join app.event_queue q on q.tenant_id = e.tenant_id and q.event_id = e.id
  where e.tenant_id = 11 and e.kind = 'security.' || what and e.data->'people' = jsonb_build_array(person) $$;

-- ---- a role wants one ------------------------------------------------------------

select is(pg_temp.sign_in('desk', 507)->>'rank', '2', 'an agent signs in by password');
select is(pg_temp.prove('desk', 507, 'select auth.factors()->>''required'''), 'false', 'nothing more is wanted');
select is(pg_temp.at('desk', 508, $$select app.set_setting('second_factor_roles', 'agent', false, null) is not null$$), 'true', 'the tenant now wants a second factor of agents');
select is(pg_temp.at('desk', 507, 'select 1'), 'PT401', 'who has none is out at once');
select is(pg_temp.at('desk', 508, 'select 1'), '1', 'others are not');
select is(pg_temp.at('ten', 501, 'select 1'), '1', 'nor are customers');
select pg_temp.sign_in('desk', 507)->>'step' as token \gset
select ok(:'token' ~ '^[0-9]+-[A-Za-z0-9_-]{43}$', 'the password leads to a step');
select is((select count(*)::int from app.sessions where tenant_id = 11 and person_id = 507 and grant_id is null), 0, 'and to no session');

select is(pg_temp.step('desk', :'token', $$select auth.step_show(:token, 'desk.proof.test', sha256('one'))->>'make'$$), 'true', 'an app is to be set up');
select is(pg_temp.step('desk', :'token', $$select auth.step_show(:token, 'desk.proof.test', sha256('two'))->>'secret'$$),
  encode(sha256('one'), 'hex'), 'looking again shows the same secret');
select is(pg_temp.step('ten', :'token', $$select auth.step_show(:token, 'ten.proof.test', sha256('x')) is null$$), 'true', 'at another portal there is no such step');
select is(pg_temp.step('desk', regexp_replace(:'token', '.$', case when right(:'token', 1) = 'A' then 'B' else 'A' end),
  $$select auth.step_show(:token, 'desk.proof.test', sha256('x')) is null$$), 'true', 'nor with another secret');
select is(pg_temp.step('desk', '1', $$select auth.step_show(:token, 'desk.proof.test', sha256('x')) is null$$), 'true', 'nor with none');
select is(pg_temp.step('desk', :'token', $$select auth.step_code(:token, 100, sha256('s1'), null) is null$$), 'true', 'without a try there is nothing to confirm');
select is(pg_temp.step('desk', :'token', $$select auth.step_try(:token, 'desk.proof.test', null)->>'secret'$$), encode(sha256('one'), 'hex'), 'a try tells the worker the secret');
select pg_temp.step('desk', :'token', $$select auth.step_code(:token, 100, sha256('s1'), null)$$) as done \gset
select is(:'done'::json->>'rank', '2', 'the code lets in');
select is(json_array_length(:'done'::json->'recovery'), 10, 'and brings recovery codes');
select ok(:'done'::json->'recovery'->>0 ~ '^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$', 'that can be typed');
select is((select count(distinct c)::int from json_array_elements_text(:'done'::json->'recovery') c), 10, 'all different');
select is(pg_temp.mails('app_added', 507), 1, 'the person is told');
select is(pg_temp.step('desk', :'token', $$select auth.step_code(:token, 101, sha256('s2'), null) is null$$), 'true', 'a step is passed once');
select is((select count(*)::int from app.sessions where tenant_id = 11 and token_hash = sha256('s1')), 1, 'one session');

-- ---- showing it ------------------------------------------------------------------

select pg_temp.sign_in('desk', 507)->>'step' as token \gset
select is(pg_temp.step('desk', :'token', $$select (auth.step_show(:token, 'desk.proof.test', sha256('x'))::jsonb - 'names' - 'challenge')::text$$),
  '{"app": true, "make": false, "email": "agent@x.example", "tries": 5, "secret": null, "passkeys": null, "recovery": true, "elsewhere": null}', 'the next time it is shown, and its secret is not');
select pg_temp.step('desk', :'token', $$select auth.step_try(:token, 'desk.proof.test', null)$$) \g /dev/null
select is(pg_temp.step('desk', :'token', $$select auth.step_code(:token, 100, sha256('s3'), null) is null$$), 'true', 'the same code again is refused');
select is(pg_temp.step('desk', :'token', $$select auth.step_code(:token, 99, sha256('s3'), null) is null$$), 'true', 'and an older one');
select is(pg_temp.step('desk', :'token', $$select auth.step_code(:token, 101, sha256('s3'), null)->>'rank'$$), '2', 'a later one is not');

select pg_temp.sign_in('desk', 507)->>'step' as token \gset
-- Each in a transaction of its own.
create temp table tries (n int generated always as identity, answer text);
create procedure pg_temp.try_codes(token text, times int) language plpgsql as $$
begin
  for i in 1..times loop
    insert into tries (answer) values (pg_temp.step('desk', token, $s$select auth.step_try(:token, 'desk.proof.test', null) is null$s$));
    commit;
  end loop;
end $$;
call pg_temp.try_codes(:'token', 6);
select is(array(select answer from tries order by n), '{false,false,false,false,false,true}', 'five tries');
select is(pg_temp.step('desk', :'token', $$select auth.step_code(:token, 102, sha256('s4'), null)->>'rank'$$), '2', 'the last one counts');
select pg_temp.sign_in('desk', 507)->>'step' as token \gset
update app.one_time set expires_at = now() where tenant_id = 11 and id = split_part(:'token', '-', 1)::bigint;
select is(pg_temp.step('desk', :'token', $$select auth.step_try(:token, 'desk.proof.test', null) is null$$), 'true', 'after ten minutes it is over');
-- Thirty wrong codes an hour, in however many steps: 9 are spent.
truncate tries;
create procedure pg_temp.spend() language plpgsql as $$
declare
  token text;
begin
  for i in 1..10 loop
    token := pg_temp.sign_in('desk', 507)->>'step';
    commit;
    call pg_temp.try_codes(token, 5);
  end loop;
end $$;
call pg_temp.spend();
select is((select count(*)::int from tries where answer = 'false'), 23, 'thirty codes an hour');
delete from auth.buckets;

-- ---- recovery codes --------------------------------------------------------------

select pg_temp.sign_in('desk', 507)->>'step' as token \gset
select is(pg_temp.step('desk', :'token', $$select auth.step_recover(:token, 'AAAA-AAAA-AAAA-AAAA', sha256('r0'), null) is null$$), 'true', 'a recovery code that is none');
select is(pg_temp.step('desk', :'token', format('select auth.step_recover(:token, %L, sha256(%L), null)->>''rank''',
  lower(replace(:'done'::json->'recovery'->>0, '-', ' ')), 'r1')), '2', 'one that is, as people type');
select is(pg_temp.mails('recovery_used', 507), 1, 'the person is told');
select is((select data->'args'->>'left' from app.events where tenant_id = 11 and kind = 'security.recovery_used'), '9', 'and how many are left');
select pg_temp.sign_in('desk', 507)->>'step' as token \gset
select is(pg_temp.step('desk', :'token', format('select auth.step_recover(:token, %L, sha256(%L), null) is null',
  :'done'::json->'recovery'->>0, 'r2')), 'true', 'it is good once');
select is(pg_temp.step('desk', :'token', format('select auth.step_recover(:token, %L, sha256(%L), null)->>''rank''',
  :'done'::json->'recovery'->>1, 'r3')), '2', 'each is');

-- ---- one's own -------------------------------------------------------------------

update app.sessions set id = 11507, token_hash = sha256('11/507') where tenant_id = 11 and token_hash = sha256('r3');
select is(pg_temp.prove('desk', 507, 'select (auth.factors()->''app'') is not null and (auth.factors()->>''recovery'')::int = 8 and (auth.factors()->>''required'')::boolean'), 'true', 'what one has');
select is(pg_temp.prove('desk', 507, 'select auth.totp_start(sha256(''x''))'), 'PT409 factor-there', 'a second app');
select is(pg_temp.prove('desk', 507, 'select auth.totp_remove()'), 'PT409 factor-last', 'the last one stays, since the role wants it');
select is(pg_temp.prove('desk', 507, 'select json_array_length(auth.recovery_make()->''recovery'')'), '10', 'new recovery codes');
select pg_temp.sign_in('desk', 507)->>'step' as token \gset
select is(pg_temp.step('desk', :'token', format('select auth.step_recover(:token, %L, sha256(%L), null) is null',
  :'done'::json->'recovery'->>2, 'r4')), 'true', 'the old ones have ended');
update app.sessions set proved_at = now() - interval '16 minutes' where tenant_id = 11 and id = 11507;
select format('select is(pg_temp.prove(%L, 507, %L), %L, %L)', 'desk', 'select ' || v.act, 'PT403 proof-old', 'a quarter of an hour later: ' || v.act)
  from (values ('auth.recovery_make()'), ('auth.totp_remove()'), ('auth.totp_start(sha256(''x''))'), ('auth.totp_pending()'),
    ('auth.totp_confirm(1)'), ('auth.passkey_start()'), ('auth.passkey_remove(1)'), ('auth.identity_remove(1)'),
    ('auth.passkey_add(''1'', ''h'', ''id'', -7, sha256(''x''), 0, ''n'')')) v(act) \gexec
select is(pg_temp.prove('desk', 507, 'select auth.factors()->>''proved'''), 'false', 'and it can be seen');
update app.sessions set proved_at = now() where tenant_id = 11 and id = 11507;


-- Handed over to another host of the portal, a session is what it was.
insert into app.hosts (tenant_id, host, portal_id, is_canonical, has_tickets) values (11, 'desk.proof.example', 100, false, true);
select pg_temp.at('desk', 507, $$select auth.hand_over('desk.proof.example', 'browser')$$) as token \gset
create function pg_temp.arrive(token text, session text) returns text language sql as $$
  select pg_temp.as_role('sportello_api', 'select auth.enter(''desk.proof.example'', null, 0::smallint, true)',
    format('select auth.arrive(%L, ''browser'', sha256(%L), null)', token, session)) $$;
select ok(pg_temp.arrive(:'token', 'h1')::json->>'seconds' is not null, 'handed over, the second step is behind one');
select is((select count(*)::int from app.sessions s join app.sessions o on o.tenant_id = 11 and o.id = 11507
  where s.tenant_id = 11 and s.token_hash = sha256('h1') and s.root_id = 11507 and s.proved_at = o.proved_at), 1, 'and nothing is proven anew');

-- A customer, from nothing.
select is(pg_temp.prove('ten', 501, 'select auth.recovery_make()'), 'PT409 factor-none', 'nothing to recover from');
select is(pg_temp.prove('ten', 501, 'select auth.totp_pending() is null'), 'true', 'no app is being set up');
select is(pg_temp.prove('ten', 501, 'select auth.totp_start(sha256(''a''))::text'), '{"issuer" : "Ten proof", "account" : "ada@x.example"}', 'an app: what it will be called');
select is(pg_temp.sign_in('ten', 501)->>'rank', '1', 'one that is not confirmed asks for nothing');
select is(pg_temp.prove('ten', 501, 'select auth.totp_start(sha256(''b'')) is not null'), 'true', 'beginning again');
select is(pg_temp.prove('ten', 501, 'select auth.totp_pending()->>''secret'''), encode(sha256('b'), 'hex'), 'is another secret');
select is(pg_temp.prove('ten', 501, 'select json_array_length(auth.totp_confirm(500)->''recovery'')'), '10', 'confirmed');
select is(pg_temp.prove('ten', 501, 'select auth.totp_confirm(501)'), 'PT409 factor-there', 'once');
select ok(pg_temp.sign_in('ten', 501)->>'step' is not null, 'now it is asked for, though no role wants it');
select is(pg_temp.prove('ten', 501, 'select auth.totp_remove()'), '', 'it may go');
select is(pg_temp.mails('app_removed', 501), 1, 'which is told');
select is(pg_temp.prove('ten', 501, 'select auth.factors()->>''recovery'''), '0', 'and takes its recovery codes along');
select is(pg_temp.sign_in('ten', 501)->>'rank', '1', 'a password is enough again');
select is(pg_temp.as_role('sportello_proof', format('select auth.enter(%L, %L, 1::smallint, false, %L)', 'ten.proof.test', '11/support', '/me'),
  'select auth.factors() is null'), 'true', 'support under a grant sees nobody''s');

-- ---- passkeys --------------------------------------------------------------------

create function pg_temp.add_key(portal text, person int, challenge text, credential text) returns text language sql as $$
  select pg_temp.prove(portal, person, format('select auth.passkey_add(%L, %L, %L, -7, sha256(%L), 0, %L)',
    challenge, portal || '.proof.test', credential, credential, 'My key')) $$;
select pg_temp.prove('ten', 501, 'select auth.passkey_start()->>''challenge''') as challenge \gset
select is(pg_temp.add_key('ten', 502, :'challenge', 'k0'), 'PT422 passkeys_challenge.over', 'another person''s challenge');
select is(pg_temp.add_key('sub', 501, :'challenge', 'k0'), 'PT422 passkeys_challenge.over', 'another portal''s');
select is(json_array_length((pg_temp.add_key('ten', 501, :'challenge', 'k1')::json)->'recovery'), 10, 'a passkey, the first factor');
select is(pg_temp.add_key('ten', 501, :'challenge', 'k2'), 'PT422 passkeys_challenge.over', 'the same challenge again');
select pg_temp.prove('ten', 501, 'select auth.passkey_start()->>''challenge''') as challenge \gset
select is(pg_temp.add_key('ten', 501, :'challenge', 'k1'), '23505 passkeys_credential_key', 'the same passkey again');
select is((pg_temp.add_key('ten', 501, :'challenge', 'k2')::json)->>'recovery', null, 'another one');
select is(pg_temp.mails('passkey_added', 501), 2, 'both are told');
select is(pg_temp.prove('ten', 502, format('select auth.passkey_rename(%s, ''Mine'') is null', (select min(id) from app.passkeys where tenant_id = 11 and person_id = 501))), 'true', 'nobody names another''s');
select is(pg_temp.prove('ten', 502, format('select auth.passkey_remove(%s)', (select min(id) from app.passkeys where tenant_id = 11 and person_id = 501))), '', 'or removes it');
select is((select count(*)::int from app.passkeys where tenant_id = 11 and person_id = 501), 2, 'two are there');

select pg_temp.sign_in('ten', 501)->>'step' as token \gset
select is(pg_temp.step('ten', :'token', $$select auth.step_show(:token, 'ten.proof.test', sha256('x'))->>'passkeys'$$),
  (select string_agg(encode(credential, 'hex'), ' ') from app.passkeys where tenant_id = 11 and person_id = 501), 'a step offers them at their host');
select is(pg_temp.step('ten', :'token', $$select auth.step_show(:token, 'help.ten.test', sha256('x'))->>'elsewhere'$$), 'ten.proof.test', 'at another it says where they are');
select is(pg_temp.step('ten', :'token', $$select auth.step_try(:token, 'ten.proof.test', 'k1')->'key'->>'algorithm'$$), '-7', 'the worker gets the key');
select is(pg_temp.step('ten', :'token', $$select auth.step_try(:token, 'ten.proof.test', 'id')->>'key'$$), null, 'of this person only');
select is(pg_temp.step('ten', :'token', $$select auth.step_try(:token, 'sub.proof.test', 'k1')->>'key'$$), null, 'and of this host');
select is(pg_temp.step('ten', :'token', $$select auth.step_passkey(:token, 'ten.proof.test', 'k1', 7, sha256('p1'), null)->>'rank'$$), '1', 'it lets in');
select is(pg_temp.step('ten', :'token', $$select auth.step_passkey(:token, 'ten.proof.test', 'k1', 8, sha256('p2'), null)->>'rank'$$), null, 'once');
create procedure pg_temp.use_key(n int) language plpgsql as $$
declare
  token text := pg_temp.sign_in('ten', 501)->>'step';
begin
  commit;
  perform pg_temp.step('ten', token, $s$select auth.step_try(:token, 'ten.proof.test', 'k1')$s$);
  commit;
  insert into tries (answer) values (coalesce(pg_temp.step('ten', token,
    format($s$select auth.step_passkey(:token, 'ten.proof.test', 'k1', %s, sha256(%L), null)->>'rank'$s$, n, clock_timestamp()::text)), '-'));
  commit;
end $$;
truncate tries;
call pg_temp.use_key(7);
call pg_temp.use_key(6);
call pg_temp.use_key(0);
call pg_temp.use_key(8);
select is(array(select answer from tries order by n), '{-,-,-,1}', 'its count only goes forward');
update app.passkeys set uses = 0 where tenant_id = 11;
truncate tries;
call pg_temp.use_key(0);
call pg_temp.use_key(0);
select is(array(select answer from tries order by n), '{1,1}', 'or stays 0 for good');
select is(pg_temp.prove('ten', 501, format('select auth.passkey_remove(%s)', (select min(id) from app.passkeys where tenant_id = 11 and person_id = 501))), '', 'one goes');
select ok(pg_temp.sign_in('ten', 501)->>'step' is not null, 'the other is still asked for');
select is(pg_temp.prove('ten', 501, format('select auth.passkey_remove(%s)', (select min(id) from app.passkeys where tenant_id = 11 and person_id = 501))), '', 'so does the last');
select is(pg_temp.sign_in('ten', 501)->>'rank', '1', 'and nothing is');

-- What the tenant wants, accounts and portals add to. It ends sessions.
create temporary table kept as select * from app.sessions where tenant_id = 11;
select is(pg_temp.at('desk', 508, $$select app.set_setting('second_factor_roles', 'agent member', false, null) is not null$$), 'true', 'the tenant wants it of members too');
select is(pg_temp.at('ten', 509, $$select app.set_setting('second_factor_roles', '', false, null) is not null$$), 'true', 'an account that says of nobody');
select ok(pg_temp.sign_in('ten', 501)->>'step' is not null, 'excuses no member');
select is(pg_temp.at('ten', 509, $$select app.set_setting('second_factor_roles', 'main_user', false, 111) is not null$$), 'true', 'a portal adds');
select is(pg_temp.at('ten', 509, $$select string_agg(app.setting_at('second_factor_roles', v.account, v.portal), ', ' order by v.portal)
  from (values (100, null), (110, 10), (111, 10)) v (portal, account)$$), 'agent member, agent member, agent main_user member', 'so that this holds at desk, portal and the one below');
select is(pg_temp.at('ten', 509, $$select string_agg(concat_ws(' ', '[' || (s->>'value') || ']', s->>'own', s->'inherited'->>'value', s->'inherited'->'from'->>'kind', json_array_length(s->'floor'),
  s->'floor'->1->'from'->>'kind', s->'floor'->1->>'value'), '') from json_array_elements(app.list_settings(111)->'settings') s where s->>'name' = 'second_factor_roles'$$),
  '[agent main_user member] true agent member account 2 tenant agent member', 'and it is told where it comes from');
select is(pg_temp.at('ten', 509, $$select app.set_setting('second_factor_roles', null, true, null) is not null$$), 'true', 'inherited again');
select is(pg_temp.at('ten', 509, $$select app.set_setting('second_factor_roles', null, true, 111) is not null$$), 'true', 'everywhere');
select is(pg_temp.at('desk', 508, $$select app.set_setting('second_factor_roles', 'agent', false, null) is not null$$), 'true', 'and of agents alone');
insert into app.sessions select * from kept on conflict do nothing;

-- A first one where the role wants one.
select is(pg_temp.at('ten', 509, $$select app.set_setting('second_factor_roles', 'main_user', false, 111) is not null$$), 'true', 'one portal of an account wants it of main users');
select ok(pg_temp.sign_in('ten', 502)->>'step' is not null, 'which holds at all that their role opens');
select is(pg_temp.at('ten', 509, 'select 1'), '1', 'of others it wants nothing');
select pg_temp.sign_in('ten', 502)->>'step' as token \gset
select pg_temp.step('ten', :'token', 'select auth.step_ask(:token)->>''challenge''') as challenge \gset
select is(json_array_length(pg_temp.step('ten', :'token', format($$select auth.step_made(:token, %L, 'ten.proof.test', 'k3', -8, sha256('k3'), 0, 'Key', sha256('m1'), null)$$, :'challenge'))::json->'recovery'), 10, 'a passkey is made on the way in');
select pg_temp.sign_in('ten', 502)->>'step' as token \gset
select is(pg_temp.step('ten', :'token', 'select auth.step_ask(:token) is null'), 'true', 'where there is one, no other can be made');
select is(pg_temp.step('ten', :'token', format($$select auth.step_made(:token, %L, 'ten.proof.test', 'k4', -8, sha256('k4'), 0, 'Key', sha256('m2'), null) is null$$, :'challenge')), 'true', 'by no way');

-- ---- single sign-on --------------------------------------------------------------

create function pg_temp.on(portal text, provider int, subject text, address text, verified boolean) returns text language sql as $$
  select pg_temp.anyone('sportello_proof', portal, format('select auth.sign_on(%s, %L, %L, %L, null, sha256(%L), null, null, sha256(''b''), ''192.0.2.9'')',
    provider, subject, address, verified, clock_timestamp()::text)) $$;
select is(pg_temp.anyone('sportello_api', 'ten', 'select auth.sign_on_names()'), '[{"id" : 1, "name" : "Tenant''s proof"}]', 'an account''s provider is not offered before the tenant has agreed');
select is(pg_temp.on('ten', 2, 'ten-ada', 'ada@x.example', true), '{"refused" : "off"}', 'and opens nothing');
select is(pg_temp.prove('ten', 509, 'select app.change_provider(2, null, null, null, null, null, true)'), 'PT403', 'the account can''t agree for it');
select is(pg_temp.prove('desk', 508, 'select app.change_provider(2, null, null, ''y.example'', null, null, true)'), 'PT409 conflict', 'the tenant agrees to what it has seen');
select is(pg_temp.prove('desk', 508, 'select app.change_provider(2, null, null, ''x.example'', false, true, true)'), 'PT409 conflict', 'to all of it');
select is(pg_temp.prove('desk', 508, 'select app.change_provider(2, null, null, ''x.example'', false, false, true)->>''id'''), '2', 'it agrees');
select format('select is(pg_temp.prove(''desk'', 508, %L), ''PT403'', ''and changes nothing itself'')', format('select app.change_provider(2, null, null, %s)', v.args))
  from (values ('null, null, true, null'), ('null, true, null, null'), ('''y.example'', null, null, false')) v (args) \gexec
select is(pg_temp.anyone('sportello_api', 'ten', 'select json_array_length(auth.sign_on_names())'), '2', 'two ways in at the account''s portal');
select is(pg_temp.anyone('sportello_api', 'thirty', 'select json_array_length(auth.sign_on_names())'), '1', 'one at another''s');
select is(pg_temp.on('thirty', 2, 'ten-dee', 'dee@x.example', true), '{"refused" : "off"}', 'where it opens nothing');
select is(pg_temp.on('ten', 2, 'ten-ada', 'ada@x.example', true)::json->>'rank', '1', 'Ada comes in by her account''s');
select is(pg_temp.mails('provider_linked', 501), 1, 'and is told, the first time');
select is(pg_temp.on('ten', 2, 'ten-ada', 'Ada@X.Example', true)::json->>'rank', '1', 'in capitals too');
select is(pg_temp.mails('provider_linked', 501), 1, 'not again');
select is(pg_temp.on('ten', 2, 'ten-eve', 'eve@y.example', true), '{"refused" : "domain"}', 'it speaks for its domains alone');
select is(pg_temp.on('ten', 2, 'ten-ada', 'ada@x.example', false), '{"refused" : "unverified"}', 'an address that it has not verified');
select is(pg_temp.prove('ten', 509, 'select app.change_provider(2, null, null, null, true, null, null)->>''id'''), '2', 'or the account says that it knows its own');
select is(pg_temp.on('ten', 2, 'ten-ada', 'ada@x.example', false), '{"refused" : "off"}', 'which waits for the tenant');
select is(pg_temp.prove('desk', 508, 'select app.change_provider(2, null, null, ''x.example'', true, false, true)->>''id'''), '2', 'that agrees to it');
select is(pg_temp.on('ten', 2, 'ten-ada', 'ada@x.example', false)::json->>'rank', '1', 'and is then believed');
select is(pg_temp.prove('ten', 509, 'select app.change_provider(2, null, null, null, null, true, null)->>''id'''), '2', 'that it asks for a second factor itself');
select is(pg_temp.on('ten', 2, 'ten-ada', 'ada@x.example', true), '{"refused" : "off"}', 'waits too');
select is(pg_temp.prove('desk', 508, 'select app.change_provider(2, null, null, ''x.example'', true, true, true)->>''id'''), '2', 'for a yes');
select is(pg_temp.prove('ten', 509, 'select app.change_provider(2, null, null, null, null, false, null)->>''id'''), '2', 'less of it');
select is(pg_temp.on('ten', 2, 'ten-ada', 'ada@x.example', true)::json->>'rank', '1', 'needs none');
select is(pg_temp.on('ten', 2, 'ten-other', 'ada@x.example', true), '{"refused" : "subject"}', 'the address was given to somebody else');
select is(pg_temp.on('ten', 2, 'ten-ada', 'bob@x.example', true), '{"refused" : "subject"}', 'or the same one comes under another''s');
select is(pg_temp.on('desk', 1, 'ten-ada', 'who@x.example', true), '{"refused" : "unknown"}', 'nobody is made up');
select is(pg_temp.on('desk', 1, 't-ada', 'ada@x.example', true), '{"refused" : "unknown"}', 'who has no business at this portal');
select is(pg_temp.on('ten', 1, 't-ada', 'ada@x.example' || chr(10), true), '{"refused" : "email"}', 'an address that is none');
select is(pg_temp.on('ten', 1, 't-ada', null, true), '{"refused" : "email"}', 'no address');
select is(pg_temp.on('ten', 1, 't-ada', 'ada@x.example', null), '{"refused" : "unverified"}', 'nothing said of it');
select ok(pg_temp.on('desk', 1, 't-agent', 'agent@x.example', true)::json->>'step' is not null, 'whoever has a second factor shows it all the same');
select is(pg_temp.prove('desk', 508, 'select app.change_provider(1, null, null, null, null, true, null)->>''id'''), '1', 'unless the tenant says that the provider asks for one');
select is(pg_temp.on('desk', 1, 't-agent', 'agent@x.example', true)::json->>'rank', '2', 'then it is not asked for twice');
-- The tenant's own, at a customer's portal: its word is not enough there.
create function pg_temp.mailed(portal text, person bigint, browser text) returns text language sql as $$
  select pg_temp.anyone('sportello_proof', portal, format('select auth.sign_on_mailed(%L, sha256(%L), sha256(%L), null, null)',
    (select auth.one_time_token(o.tenant_id, o.kind, o.id) from app.one_time o where o.tenant_id = 11 and o.kind = 'sign_on' and o.person_id is not distinct from person order by o.created_at desc, o.id desc limit 1),
    browser, clock_timestamp()::text)) $$;
select is(pg_temp.on('ten', 1, 't-ada', 'ada@x.example', true), '{"mail" : true}', 'an address that the tenant''s provider has verified: a mail goes there');
select is(pg_temp.on('ten', 1, 't-who', 'nobody@x.example', true), '{"mail" : true}', 'an address that nobody has: the same answer');
select is(pg_temp.on('ten', 1, 't-agent', 'agent@x.example', true), '{"mail" : true}', 'somebody who has no business here, and signs in with it at the desk: the same');
select is((select count(*)::int from app.one_time where tenant_id = 11 and kind = 'sign_on'), 3, 'and the same rows');
select is((select count(*)::int from app.one_time where tenant_id = 11 and kind = 'sign_on' and email is not null), 1, 'of which one has an address');
select is((select count(*)::int from app.identities where tenant_id = 11 and provider_id = 1 and person_id = 501), 0, 'nothing is tied yet');
select is(pg_temp.mailed('ten', 501, 'another'), '{"refused" : "over"}', 'its link in another browser opens nothing');
select is(pg_temp.mailed('sub', 501, 'b'), '{"refused" : "over"}', 'nor at another portal');
select is(pg_temp.mailed('ten', 501, 'b')::json->>'rank', '1', 'in the one that began it does');
select is(pg_temp.mailed('ten', 501, 'b'), '{"refused" : "over"}', 'once');
select is(pg_temp.on('ten', 1, 't-ada', 'ada@x.example', true)::json->>'rank', '1', 'then its word is enough for that subject');
select is(pg_temp.on('ten', 1, 't-forged', 'ada@x.example', true), '{"mail" : true}', 'not for another');
select is(pg_temp.mailed('ten', 501, 'b'), '{"refused" : "subject"}', 'which stays out with the mail too');
select is(pg_temp.on('sub', 1, 't-ada', 'ada@x.example', true)::json->>'rank', '1', 'at the account''s other portals it holds');
insert into app.identities (tenant_id, provider_id, person_id, subject) values (11, 1, 503, 't-dee');
select is(pg_temp.on('thirty', 1, 't-dee', 'dee@x.example', true), '{"mail" : true}', 'what was tied without a mail proves nothing here');
delete from app.identities where tenant_id = 11 and person_id = 503;
insert into app.recovery_codes (tenant_id, person_id, hash) values (11, 501, sha256('r'));
insert into app.totps (tenant_id, person_id, secret, confirmed_at) values (11, 501, sha256('a') || sha256('b'), now());
select ok(pg_temp.on('ten', 1, 't-ada', 'ada@x.example', true)::json->>'step' is not null, 'it says that it asks for a second factor: Ada''s own is asked for all the same');
delete from app.totps where tenant_id = 11 and person_id = 501;
delete from app.recovery_codes where tenant_id = 11 and person_id = 501;
select is(pg_temp.prove('ten', 501, 'select auth.identity_remove(1)'), '', 'she ends that link');
select is(pg_temp.on('ten', 1, 't-ada', 'ada@x.example', true), '{"mail" : true}', 'and begins with a mail again');
delete from app.one_time where tenant_id = 11 and kind = 'sign_on';
select is(pg_temp.prove('ten', 501, 'select json_array_length(auth.factors()->''providers'')'), '1', 'Ada sees the link');
select is(pg_temp.prove('ten', 501, 'select auth.identity_remove(2)'), '', 'and ends it');
select is(pg_temp.on('ten', 2, 'ten-new', 'ada@x.example', true)::json->>'rank', '1', 'the next one is linked anew');
select is(pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_provider(1, ''state-1'')->>''back'''), 'desk.proof.test', 'the tenant''s leads back to the desk');
select is(pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_provider(1, ''state-1'')->>''refused'''), 'again', 'a state is good once');
select pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_away(1)') \g /dev/null
select is(pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_provider(1, ''state-2'')->>''id'''), '1', 'one that did not answer once is asked again');
select pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_away(1)') \g /dev/null
select pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_away(1)') \g /dev/null
select is(pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_provider(1, ''state-3'')->>''refused'''), 'unreachable', 'thrice, and nobody waits for it');
select is(pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_provider(1, null)->>''id'''), '1', 'the way to it is open');
select is(pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on_provider(2, ''state-4'')->>''id'''), '2', 'as are others');
select is(pg_temp.anyone('sportello_api', 'ten', 'select auth.sign_on_away(1)'), '42501', 'another pool says nothing of it');
delete from auth.buckets;
select is(pg_temp.anyone('sportello_proof', 'sub', 'select auth.sign_on_provider(2, null)->>''back'''), 'ten.proof.test', 'an account''s to its top portal');
select is(pg_temp.anyone('sportello_proof', 'ten', 'select auth.sign_on(1, ''t-new'', ''who@x.example'', true, ''{"keys":[]}'', sha256(''x''), null, null, sha256(''b''), ''192.0.2.9'')->>''mail'''), 'true', 'new keys come with an answer');
select is((select keys from app.providers where tenant_id = 11 and id = 1), '{"keys":[]}', 'and are kept');
select is((select count(*)::int from app.events where tenant_id = 11 and kind = 'security.provider_changed' and account_id = 10), 6, 'what was changed of an account''s is in its record');
select is(pg_temp.prove('ten', 509, 'select app.change_provider(2, null, null, ''x.example y.example'', null, null, null)->>''id'''), '2', 'other domains');
select is(pg_temp.on('ten', 2, 'ten-new', 'ada@x.example', true), '{"refused" : "off"}', 'wait for the tenant again');

-- Who sets one up.
create function pg_temp.make(portal text, person int, domains text, key text) returns text language sql as $$
  select pg_temp.prove(portal, person, format('select app.create_provider(%L, %L, %L, null, %L, false, false, %L)->>''id'' is not null',
    'New', 'https://new.example', 'us', domains, key)) $$;
select is(pg_temp.make('desk', 508, '', 'provider-1'), 'true', 'a tenant_admin');
select is(pg_temp.make('desk', 508, '', 'provider-1'), 'true', 'the same key again');
select is((select count(*)::int from app.providers where tenant_id = 11 and name = 'New'), 1, 'is the same one');
select is(pg_temp.make('ten', 509, 'x.example', 'provider-2'), 'true', 'an account_admin');
select is(pg_temp.make('ten', 509, '', 'provider-3'), '23514 providers_domains_account_check', 'who must name domains');
select is(pg_temp.make('ten', 509, 'X', 'provider-3'), '23514 providers_domains_check', 'that are domains');
select is(pg_temp.make('ten', 501, 'x.example', 'provider-4'), 'PT403', 'a member');
select is(pg_temp.make('desk', 507, '', 'provider-5'), 'PT403', 'an agent');
select is(pg_temp.prove('ten', 509, 'select app.change_provider(1, ''Mine'', null, null, null, null, null)'), 'PT403', 'the tenant''s is not the account''s to change');
select is(pg_temp.prove('desk', 508, 'select app.change_provider(2, ''Mine'', null, null, null, null, null)'), 'PT403', 'nor the other way round');
select is(pg_temp.prove('desk', 508, 'select app.change_provider(2, null, false, null, null, null, null)->>''id'''), '2', 'but off it may switch it');
select is(pg_temp.prove('ten', 509, 'select app.remove_provider(1)'), 'PT403', 'or remove it');
select is(pg_temp.prove('ten', 509, 'select app.remove_provider(2)'), '', 'its own it may');
select is((select count(*)::int from app.identities where tenant_id = 11 and provider_id = 2), 0, 'and with it go the links');

-- Before it is of use it says what it is, to a process that nobody waits for.
create function pg_temp.work(statement text) returns text language sql as $$ select coalesce(pg_temp.as_role('sportello_jobs', null, statement), '-') $$;
create function pg_temp.said(fault text) returns text language sql as $$
  select pg_temp.work(format('select jobs.provider_said(11, %s, ''https://new.example'', %L, %L, %L)',
    (select id from app.providers where tenant_id = 11 and account_id is null and name = 'New'), '{"token": "t"}', '{"keys":[1]}', fault)) $$;
create function pg_temp.stands() returns text language sql as $$
  select concat_ws(' ', state, fault, keys, ask_at is null) from app.providers where tenant_id = 11 and account_id is null and name = 'New' $$;
select id as asked from app.providers where tenant_id = 11 and account_id is null and name = 'New' \gset
update app.providers set ask_at = now() - interval '1 minute' where tenant_id = 11 and id = :asked;
insert into app.providers (tenant_id, id, name, issuer, client_id, parts, keys, state, ask_at, asked_at) values
  (1, 900, 'Busy', 'https://a.example', 'us', '{}', '{}', 1, now() - interval '1 hour', now());
select is(pg_temp.stands(), '1 {"keys":[]} f', 'a new one is to be asked');
select is(json_array_length(pg_temp.anyone('sportello_api', 'ten', 'select auth.sign_on_names()')::json), 1, 'and lets nobody in');
select is(pg_temp.work($$select jobs.take_provider('1 minute')->>'provider'$$), :'asked', 'the tenant that has waited longest comes first');
select is(pg_temp.work($$select jobs.take_provider('1 minute')->>'provider'$$), '900', 'then the other, before the first one''s second');
select is(pg_temp.work($$select jobs.take_provider('1 minute')->>'tenant'$$), '11', 'which comes last');
select is(pg_temp.work($$select jobs.take_provider('1 minute')$$), '-', 'each once');
select is(pg_temp.said('unreachable'), '', 'nobody is there');
select is(pg_temp.stands(), '3 unreachable {"keys":[1]} t', 'which is kept');
select is(pg_temp.said(null), '', 'an answer that is late');
select is(left(pg_temp.stands(), 13), '3 unreachable', 'counts for nothing');
select is(pg_temp.prove('ten', 509, format('select app.change_provider(%s, null, null, null, null, null, null, %L)', :asked, 'https://x.example')), 'PT403', 'who has no say can''t have another one asked');
select is(pg_temp.prove('desk', 508, format('select app.change_provider(%s, null, null, null, null, null, null, %L)->>''id''', :asked, 'https://new.example')), :'asked', 'it is asked again');
select is(pg_temp.said(null), '', 'and says what it is');
select is(pg_temp.stands(), '2 {"keys":[1]} t', 'it is ready');
select is(json_array_length(pg_temp.anyone('sportello_api', 'ten', 'select auth.sign_on_names()')::json), 2, 'and offered');
select is(pg_temp.prove('desk', 508, format('select app.change_provider(%s, null, null, null, null, null, null, %L)', :asked, 'https://x.example')), 'PT409 conflict', 'from then on it is who it is');
select is(pg_temp.at('desk', 508, $$select jobs.take_provider('1 minute')$$), '42501', 'no worker does that');
update app.providers set state = 1 where tenant_id = 11 and id = :asked;
select is(pg_temp.work(format('select jobs.provider_said(11, %s, ''https://new.example'', null, %L, null)', :asked, repeat('x', 140000))), '', 'more than fits');
select is(left(pg_temp.stands(), 7), '3 unfit', 'is no answer');
delete from app.providers where tenant_id = 1 and id = 900;
select count(auth.take('provider', 'person 11|508', 40, '15 minutes')) from generate_series(1, 41) \g /dev/null
select is(pg_temp.prove('desk', 508, $$select app.create_provider('Newer', 'https://new.example', 'us', null, '', false, false, 'provider-9')->>'wait'$$), '900', 'nobody has strangers asked without end');

-- ---- lost ones ---------------------------------------------------------------------

create function pg_temp.held(person int) returns int language sql as $$
  select (select count(*) from app.totps where tenant_id = 11 and person_id = person)::int
    + (select count(*) from app.passkeys where tenant_id = 11 and person_id = person)::int
    + (select count(*) from app.recovery_codes where tenant_id = 11 and person_id = person)::int $$;
create procedure pg_temp.hold(person int) language sql as $$
  insert into app.passkeys (tenant_id, person_id, host, credential, algorithm, public_key, name)
    values (11, person, 'x.proof.test', ('lost-' || person)::bytea, -7, sha256('x'), 'Lost');
  insert into app.recovery_codes (tenant_id, person_id, hash) values (11, person, sha256('lost')) $$;
update app.sessions set proved_at = now() where tenant_id = 11;
call pg_temp.hold(501);
call pg_temp.hold(504);
select is(pg_temp.at('ten', 509, 'select app.with_factors(''{501,502,504,507,509}'')'), '{501,502}', 'an account_admin sees who of the account has one');
select is(pg_temp.at('ten', 501, 'select app.with_factors(''{501,502,507}'')'), '{}', 'nobody else does');
select is(pg_temp.at('desk', 508, 'select app.with_factors(''{501,507}'')'), '{507}', 'at the desk: of the staff');
select format('select is(pg_temp.at(%L, %s, %L), %L, %L)', v.portal, v.person, 'select app.reset_factors(' || v.whose || ')', v.wants, v.what)
  from (values ('ten', 501, 502, 'PT404', 'a member takes nobody''s'), ('desk', 507, 508, 'PT404', 'nor does an agent'),
    ('ten', 509, 509, 'PT404', 'nor an administrator their own'), ('ten', 509, 507, 'PT404', 'or an agent''s'),
    ('ten', 509, 504, 'PT404', 'or that of somebody of another account'), ('desk', 508, 501, 'PT404', 'the desk not a customer''s'),
    ('ten', 509, 1, 'PT404', 'or of nobody')) v(portal, person, whose, wants, what) \gexec
insert into app.memberships (tenant_id, person_id, role, account_id) values (11, 501, 'member', 20);
select is(pg_temp.at('ten', 509, 'select app.reset_factors(501)'), 'PT404', 'or of somebody who is elsewhere too');
delete from app.memberships where tenant_id = 11 and person_id = 501 and account_id = 20;
update app.sessions set proved_at = now() - interval '16 minutes' where tenant_id = 11 and person_id = 509;
select is(pg_temp.at('ten', 509, 'select app.reset_factors(501)'), 'PT403 proof-old', 'who has not proven lately who they are may not');
update app.sessions set proved_at = now() where tenant_id = 11;
select is(pg_temp.held(501) > 0, true, 'so far nothing happened');
select is(pg_temp.at('ten', 509, 'select app.reset_factors(501)'), '', 'an account_admin takes what a member lost');
select is(pg_temp.held(501), 0, 'all of it');
select is(pg_temp.at('ten', 501, 'select 1'), 'PT401', 'with the sessions');
select is(pg_temp.mails('factors_reset', 501), 1, 'the person is told');
select is((select account_id::text || ' ' || actor_id from app.events where tenant_id = 11 and kind = 'security.factors_reset'), '10 509', 'and the account''s record says who did it');
select is(pg_temp.sign_in('ten', 501)->>'rank', '1', 'a password is enough again');
select is(pg_temp.at('ten', 509, 'select app.reset_factors(501)'), '', 'once more');
select is(pg_temp.mails('factors_reset', 501), 1, 'is nothing');
select is(pg_temp.at('desk', 508, 'select app.reset_factors(507)'), '', 'a tenant_admin takes an agent''s');
select ok(pg_temp.sign_in('desk', 507)->>'step' is not null, 'who must make one on the way in');
call pg_temp.hold(508);
select is(pg_temp.as_role('sportello_operator', 'select auth.operator_enter(''proof'', false)', 'select operator.reset_factors(''nowhere@x.example'')'), 'PT422', 'the operator: nobody of that address');
select matches(pg_temp.as_role('sportello_operator', 'select auth.operator_enter(''proof'', false)', format('select operator.reset_factors(%L)',
  (select upper(email) from app.people where tenant_id = 11 and id = 508))), 'has no second factor any more', 'the operator takes the last administrator''s');
select is(pg_temp.held(508), 0, 'which is gone');

-- A role that wants one, while somebody is signed in.
insert into app.settings (tenant_id, scope, name, value, account_id) values (11, 20, 'second_factor_roles', 'main_user', 10)
  on conflict (tenant_id, scope, name) do update set value = excluded.value;
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at) values (11, 11999, 501, sha256('11/x'), now() + interval '1 hour');
begin;
select auth.set_context(11, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id, portal_id) values (11, 11999, 501, 'member', 10, 111);
select is((select count(*)::int from app.sessions where tenant_id = 11 and id = 11999), 1, 'another role ends no session');
update app.memberships set role = 'main_user' where tenant_id = 11 and id = 1;
commit;
select is((select count(*)::int from app.sessions where tenant_id = 11 and id = 11999), 0, 'one that wants a second factor does');
delete from auth.buckets;
select * from finish();
