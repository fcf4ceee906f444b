-- What a host and a session's secret token mean: the one question of the door.
-- Its twin in C is in context/door.c. No row: no such host, or one that is
-- off. A token that does not fit the host, has expired or lain idle, or whose
-- person has no business at this portal counts as none.

-- Is the grant in force, and for this portal?
create or replace function auth.grant_opens(g app.grants, account_id bigint, portal_id bigint)
returns boolean language sql stable
return g.ended_at is null and g.ends_at > now() and g.account_id = grant_opens.account_id
  and (g.portals is null or grant_opens.portal_id = any (g.portals));

create or replace function auth.lookup(host text, token bytea)
returns table (tenant_id bigint, portal_id bigint, account_id bigint,
  person_id bigint, session_id bigint, grant_id bigint, rank smallint,
  principals bigint[], is_due boolean, has_tickets boolean)
language sql stable rows 1
begin atomic
  select h.tenant_id, h.portal_id, po.account_id, p.id, s.id, s.grant_id,
    -- At a customer's portal nobody is an agent, whatever else they are; nor
    -- at a host where no tickets are used.
    case when po.account_id is null and h.has_tickets then coalesce(p.rank, 0::smallint)
      else least(coalesce(p.rank, 0::smallint), 1::smallint) end,
    -- Support under a grant reads what the portal shows, and no tickets that
    -- are not its own. Where no tickets are used they are nobody's.
    case when s.grant_id is null and h.has_tickets then coalesce(p.principals, '{}'::bigint[])
      else '{}'::bigint[] end,
    coalesce(s.seen_at <= now() - interval '5 minutes', false), h.has_tickets
  from app.hosts h
  join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
  left join (app.sessions s
    join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id
    left join app.grants g on g.tenant_id = s.tenant_id and g.id = s.grant_id)
    on s.tenant_id = h.tenant_id and s.token_hash = sha256(lookup.token)
    and (s.host is null or s.host = h.host)
    and s.expires_at > now() and s.seen_at + s.idle_minutes * interval '1 minute' > now()
    and case when s.grant_id is null then auth.may_enter(p.rank, p.doors, po.account_id, po.id)
      else p.rank >= 2 and po.account_id is not null and auth.grant_opens(g, po.account_id, po.id) end
  where h.host = lookup.host and h.is_on and not h.is_suspended;
end;

-- Writes down that a session is used, at most every five minutes; and each
-- page that support reads under a grant.
create or replace function auth.note_use(tenant bigint, portal bigint, account bigint,
  person bigint, session bigint, support_grant bigint, page text)
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if support_grant is not null then
    -- Asked a second time: what is written down must be true.
    if not exists (select from app.grants g where g.tenant_id = tenant and g.id = support_grant
        and auth.grant_opens(g, account, portal)) then
      raise exception using errcode = 'PT401', message = 'the grant has ended';
    end if;
    insert into app.grant_visits (tenant_id, grant_id, account_id, portal_id, person_id, page)
      select tenant, support_grant, account, portal, person, left(page, 300) where page is not null;
  end if;
  update app.sessions s set seen_at = now()
    where s.tenant_id = tenant and s.id = session and s.seen_at <= now() - interval '5 minutes';
end $$;
