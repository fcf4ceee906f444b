-- Single sign-on: which providers there are, and what follows from their word.
-- The pool 'proof' asks them and checks what they say (fcgi/oidc.h).

-- Those that let people in at this portal, having said what they are: the tenant's own, and its account's
-- once the tenant has agreed.
create or replace function auth.sign_on_here() returns setof app.providers
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return query select pr.* from app.providers pr
    where pr.tenant_id = auth.tenant_id() and pr.is_on and pr.state = 2
      and (pr.account_id is null or pr.account_id = auth.account_id() and pr.confirmed_at is not null);
end $$;

create or replace function auth.sign_on_names() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) order by lower(p.name), p.id), '[]')
    from (select * from auth.sign_on_here() order by lower(name), id limit 20) p);
end $$;

-- The host that a provider leads back to: the desk's for the tenant's own, the
-- account's top portal's for an account's. From there it goes on to the portal
-- that it began at.
create or replace function auth.sign_on_host(account bigint) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select h.host from app.portals po
    join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
    where po.tenant_id = auth.tenant_id() and po.account_id is not distinct from account and po.parent_id is null
    order by po.created_at, po.id limit 1);
end $$;

create or replace function auth.sign_on_back() returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return auth.sign_on_host(auth.account_id());
end $$;

-- All about one of them, for the worker. state: of this sign-in, where it is
-- asked with a code that came back: good once. Null: there is none such here.
create or replace function auth.sign_on_provider(provider bigint, state text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if state is not null and not auth.take('sign_on', state, 1, interval '1 hour') then
    return json_build_object('refused', 'again');
  elsif state is not null and auth.is_spent('sign_on_away', auth.tenant_id() || '|' || provider, 3, interval '1 minute') then
    return json_build_object('refused', 'unreachable');
  end if;
  return (select json_build_object('id', pr.id, 'issuer', pr.issuer, 'client_id', pr.client_id,
      'client_secret', encode(pr.client_secret, 'hex'), 'parts', pr.parts, 'keys', pr.keys::json,
      'back', auth.sign_on_host(pr.account_id),
      'here', (select h.host from app.hosts h where h.tenant_id = pr.tenant_id
        and h.portal_id = auth.portal_id() and h.is_canonical))
    from auth.sign_on_here() pr where pr.id = provider);
end $$;

-- One that did not answer: after three times it is asked every twenty seconds
-- at most, since workers wait for it that everybody needs.
create or replace function auth.sign_on_away(provider bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform auth.take('sign_on_away', auth.tenant_id() || '|' || provider, 3, interval '1 minute');
end $$;

-- Is its word alone too little here? Whoever runs the tenant's own provider could
-- otherwise be any customer: at customers' portals it proves no address.
create or replace function auth.sign_on_needs_mail(pr app.providers) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return pr.account_id is null and auth.account_id() is not null;
end $$;

-- What a provider said of somebody: a session, a step, {"mail": true} (a link is
-- on its way to whoever that is), or {"refused": why}. Only an address that it has
-- verified, or that is of a domain it speaks for, leads to a person, and only to
-- one who is there already. proof: hash of what this browser keeps meanwhile.
create or replace function auth.sign_on(provider bigint, subject text, address text, verified boolean,
  keys text, token_hash bytea, old_token bytea, browser text, proof bytea, client text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  pr app.providers;
  person bigint;
  who text := lower(address);
  session json;
begin
  select x.* into pr from auth.sign_on_here() x where x.id = provider;
  if not found then
    return json_build_object('refused', 'off');
  end if;
  -- They changed meanwhile, and the new ones have proven good.
  update app.providers x set keys = sign_on.keys, keys_at = now()
    where x.tenant_id = pr.tenant_id and x.id = pr.id and sign_on.keys is not null;
  if not app.is_email(who) is true then
    return json_build_object('refused', 'email');
  elsif pr.domains <> '' and not split_part(who, '@', 2) = any (string_to_array(pr.domains, ' ')) then
    return json_build_object('refused', 'domain');
  elsif (verified or pr.knows_addresses) is not true then
    return json_build_object('refused', 'unverified');
  end if;
  select p.id into person from app.people p
    where p.tenant_id = pr.tenant_id and p.email = who;
  if auth.sign_on_needs_mail(pr) and not auth.sign_on_is_mailed(pr.id, person, subject) then
    return auth.sign_on_ask(pr.id, person, subject, who, proof, client);
  elsif not auth.sign_on_is(pr.id, person, subject) then
    return json_build_object('refused', 'subject');
  end if;
  session := auth.let_in(person, token_hash, old_token, browser, pr.has_factor and not auth.sign_on_needs_mail(pr));
  if session is null then
    return json_build_object('refused', 'unknown');
  end if;
  perform auth.sign_on_note(pr.id, person, subject, false);
  return session;
end $$;

-- Has this person tied that subject to themself by a link from our mail?
create or replace function auth.sign_on_is_mailed(provider bigint, person bigint, subject text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.identities i
    where i.tenant_id = auth.tenant_id() and i.provider_id = provider and i.person_id = person
      and i.subject = sign_on_is_mailed.subject and i.is_mailed);
end $$;

-- Mails a link that ends the sign-in. The same answer and the same work for any
-- address; mail goes to those who have business at this portal.
create or replace function auth.sign_on_ask(provider bigint, person bigint, subject text, address text, proof bytea, client text)
returns json language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  secret bigint;
begin
  if not auth.may_ask('sign_on_mail', address, client) then
    return json_build_object('wait', 900);
  end if;
  secret := auth.one_time_new(auth.tenant_id(), 'sign_on', auth.portal_id(), person,
    (select p.email from app.people p where p.tenant_id = auth.tenant_id() and p.id = person
      and auth.may_enter(p.rank, p.doors, auth.account_id(), auth.portal_id())),
    jsonb_build_object('provider', provider, 'subject', subject, 'proof', encode(proof, 'hex')), interval '1 hour');
  perform app.record('security.sign_on_asked', null, null, jsonb_build_object('one_time', secret, 'known', true,
    'portal', auth.portal_id(), 'path', '/sign-in/mail/'));
  return json_build_object('mail', true);
end $$;

-- The link was opened. In the browser that began the subject is tied to the
-- person, and they are let in; in another one it opens nothing and stays good.
create or replace function auth.sign_on_mailed(token text, proof bytea, token_hash bytea, old_token bytea, browser text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.one_time_take(auth.tenant_id(), 'sign_on', token, false);
  session json;
begin
  if o.id is null or o.portal_id <> auth.portal_id() or o.data->>'proof' is distinct from encode(proof, 'hex')
      or not exists (select from app.people p
        where p.tenant_id = o.tenant_id and p.id = o.person_id and p.email = o.email) then
    return json_build_object('refused', 'over');
  end if;
  perform auth.one_time_take(o.tenant_id, o.kind, token, true);
  if not exists (select from auth.sign_on_here() x where x.id = (o.data->>'provider')::bigint) then
    return json_build_object('refused', 'off');
  elsif not auth.sign_on_is((o.data->>'provider')::bigint, o.person_id, o.data->>'subject') then
    return json_build_object('refused', 'subject');
  end if;
  session := auth.let_in(o.person_id, token_hash, old_token, browser);
  if session is null then
    return json_build_object('refused', 'unknown');
  end if;
  perform auth.sign_on_note((o.data->>'provider')::bigint, o.person_id, o.data->>'subject', true);
  return session;
end $$;

-- Is it who it was the last time?
create or replace function auth.sign_on_is(provider bigint, person bigint, subject text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return not exists (select from app.identities i
    where i.tenant_id = auth.tenant_id() and i.provider_id = provider
      and (i.person_id = person) <> (i.subject = sign_on_is.subject)
      and (i.person_id = person or i.subject = sign_on_is.subject));
end $$;

create or replace function auth.sign_on_note(provider bigint, person bigint, subject text, mailed boolean) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  update app.identities i set used_at = now(), is_mailed = i.is_mailed or mailed
    where i.tenant_id = auth.tenant_id() and i.provider_id = provider and i.person_id = person;
  if not found then
    insert into app.identities (tenant_id, provider_id, person_id, subject, is_mailed)
      values (auth.tenant_id(), provider, person, sign_on_note.subject, mailed);
    perform app.tell('security.provider_linked', person,
        jsonb_build_object('provider', split_part(pr.issuer, '/', 3)), jsonb_build_object('provider', pr.name))
      from app.providers pr where pr.tenant_id = auth.tenant_id() and pr.id = provider;
  end if;
end $$;

-- One's own link to a provider is forgotten: the next sign-in there makes it
-- anew.
create or replace function auth.identity_remove(provider bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  person bigint := auth.need_proof();
begin
  delete from app.identities i
    where i.tenant_id = auth.tenant_id() and i.provider_id = provider and i.person_id = person;
end $$;
