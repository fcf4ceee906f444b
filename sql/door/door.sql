-- Signing in and out. auth.enter(), before every request, is in sql/context/.

-- Does a person of that rank and those doors have business at that portal? At
-- the tenant's desk (no account) its own staff; elsewhere who belongs to the
-- account or to that portal.
create or replace function auth.may_enter(rank smallint, doors bigint[],
  account_id bigint, portal_id bigint)
returns boolean language sql immutable parallel safe
return case when account_id is null then rank >= 2
  else account_id * 2 = any (doors) or portal_id * 2 + 1 = any (doors) end;

-- Raises unless they are of that rank, as auth.enter() does.
create or replace function auth.need_rank(who smallint) returns void
language plpgsql stable as $$
begin
  if auth.rank() < who then
    raise exception using errcode = 'PT403', message = 'the rank is too low';
  end if;
end $$;

-- Raises unless whoever is signed in is that person; then as above. Nobody is not
-- somebody else: they may sign in again.
create or replace function auth.need_person(reader bigint, who smallint) returns void
language plpgsql stable as $$
begin
  if auth.person_id() <> reader then
    raise exception using errcode = 'PT409', constraint = 'another-person',
      message = 'somebody else has signed in';
  elsif who > 0 and auth.person_id() is null then
    raise exception using errcode = 'PT401', message = 'nobody is signed in';
  end if;
  perform auth.need_rank(who);
end $$;

-- Salt and cost for an address. For an unknown one they are made up from a
-- secret, always the same, so that asking tells nothing.
create or replace function auth.password_salt(host text, address text)
returns json language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint;
  c app.credentials;
begin
  select h.tenant_id into t from app.hosts h
    where h.host = password_salt.host and h.is_on and not h.is_suspended;
  if not found then
    raise exception using errcode = 'PT404', message = 'no portal at this host';
  end if;
  select c2.* into c from app.people p
    join app.credentials c2 on c2.tenant_id = p.tenant_id and c2.person_id = p.id
    where p.tenant_id = t and p.email = lower(address);
  return json_build_object(
    'salt', encode(coalesce(c.salt, substr(sha256(
      (select s.secret from auth.secrets s) || convert_to(t || '|' || lower(address), 'UTF8')),
      1, 16)), 'hex'),
    'passes', coalesce(c.passes, 2), 'memory_kib', coalesce(c.memory_kib, 19456));
end $$;

create table if not exists auth.secrets (
  one boolean primary key default true check (one),
  secret bytea not null);
insert into auth.secrets (secret)
  values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')))
  on conflict do nothing;

-- derived_key: argon2id of the password with that salt. Null when anything is
-- wrong, and never which. token_hash: sha256 of a secret the worker made.
-- old_token: of the session this browser had, which ends here. client: the
-- address that asks; whoever was wrong too often is told when to come back,
-- whatever they send: {"wait": seconds}. mark: of this browser (auth.mark()). To
-- be asked at a portal, behind auth.enter().
create or replace function auth.sign_in(address text, derived_key bytea,
  token_hash bytea, old_token bytea default null, client text default null,
  browser text default null, mark text default null)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  who text := concat_ws('|', auth.tenant_id(), lower(address));
  net text := auth.network(client);
  -- Whose browser this is by its mark is counted by that alone: what others do
  -- wrong shuts them out of nothing.
  known boolean := auth.is_marked((select pe.id from app.people pe
    where pe.tenant_id = auth.tenant_id() and pe.email = lower(sign_in.address)), mark);
  person bigint;
  session json;
begin
  if known then
    net := mark;
  end if;
  if auth.is_spent('sign-in', who || '|' || net, 10, interval '15 minutes')
      or not known and (auth.is_spent('sign-in', net, 60, interval '15 minutes')
        or auth.is_spent('sign-in', who, 60, interval '1 hour')) then
    return json_build_object('wait', 60);
  end if;
  select pe.id into person
    from app.people pe
    join app.credentials c on c.tenant_id = pe.tenant_id and c.person_id = pe.id
    where pe.tenant_id = auth.tenant_id() and pe.email = lower(sign_in.address)
      and c.verifier = sha256(sign_in.derived_key);
  session := auth.let_in(person, token_hash, old_token, browser);
  if session is null then
    perform auth.take('sign-in', who || '|' || net, 10, interval '15 minutes');
    if not known then
      perform auth.take('sign-in', net, 60, interval '15 minutes'),
        auth.take('sign-in', who, 60, interval '1 hour');
    end if;
  end if;
  return session;
end $$;

-- What a browser keeps once somebody has signed in with it: an HMAC of who that
-- was over a word made by chance, good until their password is another. It opens
-- nothing: it says that this is not just anybody who tries passwords.
create or replace function auth.mark(person bigint, word text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return word || '-' || translate(rtrim(encode(auth.hmac(concat_ws('|', 'mark', auth.tenant_id(), coalesce(person, 0),
    (select extract(epoch from c.set_at) from app.credentials c where c.tenant_id = auth.tenant_id() and c.person_id = person),
    word)), 'base64'), '='), '+/', '-_');
end $$;

create or replace function auth.is_marked(person bigint, mark text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(mark ~ '^[0-9a-f]{32}-[A-Za-z0-9_-]{43}$', false)
    and sha256(convert_to(mark, 'UTF8')) = sha256(convert_to(auth.mark(person, left(mark, 32)), 'UTF8'))
    and person is not null;
end $$;

-- What a browser says of itself, as far as it is plain.
create or replace function auth.plain(browser text) returns text
language sql immutable parallel safe
return nullif(left(regexp_replace(browser, '[^ -~]', '', 'g'), 200), '');

-- The only way to a session for whoever has proven who they are: by password
-- here, elsewhere by a provider's word or a secret from a mail. Null: no such
-- person, or none with business at this portal. {"step": …}: a second factor is
-- due first (steps.sql), unless it was there. How long a session lasts, and how
-- long unused, the tenant says: apart for its staff and for customers.
create or replace function auth.let_in(person bigint, token_hash bytea,
  old_token bytea default null, browser text default null,
  has_factor boolean default false)
returns json language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  rank smallint;
  life interval;
begin
  select case when po.account_id is null then pe.rank else least(pe.rank, 1::smallint) end into rank
    from app.people pe
    join app.portals po on po.tenant_id = pe.tenant_id and po.id = auth.portal_id()
    where pe.tenant_id = auth.tenant_id() and pe.id = let_in.person
      and auth.may_enter(pe.rank, pe.doors, po.account_id, po.id);
  if not found then
    return null;
  elsif not has_factor and auth.factor_due(person) <> 'no' then
    return auth.step_new(person, browser);
  end if;
  delete from app.sessions s
    where s.tenant_id = auth.tenant_id() and s.token_hash = sha256(let_in.old_token);
  life := app.setting(case when rank >= 2 then 'agent_session_hours' else 'customer_session_hours' end)::int * interval '1 hour';
  insert into app.sessions (tenant_id, person_id, token_hash, host, expires_at, browser, idle_minutes)
    values (auth.tenant_id(), person, let_in.token_hash, auth.host(), now() + life, auth.plain(let_in.browser),
      app.setting(case when rank >= 2 then 'agent_idle_minutes' else 'customer_idle_minutes' end)::int);
  insert into app.events (tenant_id, kind, actor_id)
    values (auth.tenant_id(), 'session.opened', person);
  return json_build_object('rank', rank, 'seconds', extract(epoch from life)::int,
    'mark', auth.mark(person, replace(gen_random_uuid()::text, '-', '')));
end $$;

-- Ends the session this request came with, and those it was handed over to
-- or from.
create or replace function auth.sign_out() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.sessions s
    where s.tenant_id = auth.tenant_id() and s.person_id = auth.person_id()
      and coalesce(s.root_id, s.id) = (select coalesce(x.root_id, x.id) from app.sessions x
        where x.tenant_id = auth.tenant_id() and x.id = auth.session_id());
  if found then
    insert into app.events (tenant_id, kind, actor_id)
      values (auth.tenant_id(), 'session.closed', auth.person_id());
  end if;
end $$;
