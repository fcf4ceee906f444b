-- What a host and a session's secret token mean: the one question of the door.
-- Its twin in C is in context/context.c. No row: no such host. A token that does
-- not fit the host's tenant, has expired, or whose person has no business at
-- this portal counts as none.

create or replace function auth.lookup(host text, token bytea)
returns table (tenant_id bigint, portal_id bigint, account_id bigint,
  person_id bigint, session_id bigint, rank smallint, principals bigint[])
language sql stable rows 1
begin atomic
  select h.tenant_id, h.portal_id, po.account_id, p.id, s.id,
    -- At a customer's portal nobody is an agent, whatever else they are.
    case when po.account_id is null then coalesce(p.rank, 0::smallint)
      else least(coalesce(p.rank, 0::smallint), 1::smallint) end, coalesce(p.principals, '{}'::bigint[])
  from app.hosts h
  join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
  left join (app.sessions s
    join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id)
    on s.tenant_id = h.tenant_id and s.token_hash = sha256(lookup.token)
    and s.expires_at > now()
    and auth.may_enter(p.rank, p.doors, po.account_id, po.id)
  where h.host = lookup.host;
end;
