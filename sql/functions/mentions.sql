-- Mentions: '@' and a name in a reply or a note. In the text it is a name and
-- nothing else, safe in every mail and export; who is meant is kept beside it.

-- Whom the asker may mention in a ticket: people of their own side (the account,
-- its partner, the desk), agents in the ticket, and whoever is in it by name; in an
-- internal note its desk alone. Of these the first by name that begin so, or (ids)
-- these: then each is tried. sees: do they see it; else mentioning them shares it
-- with them.
create or replace function app.mentionable(t app.tickets, internal boolean, question text, ids bigint[], most int)
returns table (person bigint, name text, kind text, sees boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine text := case when internal then 'desk' else app.my_side(t.account_id) end;
begin
  return query
    with w as (
      select m.person_id as id from app.memberships m
        where mine = 'account' and m.tenant_id = t.tenant_id and m.account_id = t.account_id
      union
      select m.person_id from app.memberships m
        where mine = 'partner' and m.tenant_id = t.tenant_id and m.account_id = app.account_partner(t.account_id) and m.role = 'partner'
      union
      select p.id from app.people p where mine = 'desk' and t.at_desk and p.tenant_id = t.tenant_id and p.rank >= 2
      union
      select a.principal / 4 from app.ticket_access a
        where not internal and a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal % 4 = 0
      union
      select p.id from (select t.assignee_id as id union select c.author_id from app.comments c
          where c.tenant_id = t.tenant_id and c.ticket_id = t.id and not c.is_internal) s
        join app.people p on p.tenant_id = t.tenant_id and p.id = s.id and p.rank >= 2 and t.at_desk)
    select f.id, f.name, case when app.side_of(f.principals, t.account_id) = 'desk' then 'agent' else 'colleague' end,
      app.sees_as(t.id, f.rank, f.principals)
    from (select p.id, p.name, p.rank, p.principals
      from w join app.people p on p.tenant_id = t.tenant_id and p.id = w.id
      where p.rank > 0 and p.id <> auth.person_id()
        and (ids is null or p.id = any (ids)) and (question is null or app.begins(p.name, question))
      order by p.name, p.id limit most) f;
end $$;

-- Eight of them whose name begins so (null: any). may is false for who may not
-- use support; invite is true for who may bring somebody in here.
create or replace function app.find_mentions(ticket bigint, question text, internal boolean) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
begin
  if internal and not auth.is_agent() then
    return '{"items": [], "invite": false}';
  end if;
  return (select json_build_object('items', coalesce(json_agg(json_build_object('id', m.person, 'name', m.name, 'kind', m.kind,
      'sees', m.sees, 'may', m.sees or app.may_join(m.person, t.account_id, t.portal_id) is null) order by m.name, m.person), '[]'),
      'invite', t.account_id is not distinct from auth.account_id() and app.may_invite('member', t.account_id, auth.portal_id()))
    from app.mentionable(t, internal, question, null, 8) m);
end $$;

-- Of a reply or a note that was just written: keeps whom it mentions, as far as its
-- text has their names, shares a reply with who can't see it, and has all of them
-- told. Part of the statement that writes it; which one that is, is the caller's
-- word, so it must be the asker's own of just now.
create or replace function app.mention(ticket bigint, answered json, ids jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  comment bigint := (answered #>> '{comment,id}')::bigint;
  internal boolean;
  wanted bigint[];
  refused json;
  added bigint[];
begin
  if jsonb_typeof(ids) <> 'array' or jsonb_path_exists(ids, '$[*] ? (@.type() != "number")') then
    raise exception using errcode = 'PT422', constraint = 'comments_mentions.type', message = 'a list of ids';
  elsif jsonb_array_length(ids) > 10 then
    raise exception using errcode = 'PT422', constraint = 'comments_mentions.too_many', message = 'ten at most';
  end if;
  select c.is_internal into internal from app.comments c
    where c.tenant_id = t.tenant_id and c.ticket_id = t.id and c.id = comment
      and c.author_id = auth.person_id() and c.created_at = now();
  if not found then
    -- It was sent before.
    return answered;
  end if;
  wanted := array(select v::bigint from jsonb_array_elements_text(ids) v where v ~ '^[0-9]{1,16}$');
  -- Who is not on the list may be anybody, or nobody: the answer is the same.
  select json_agg(json_build_object('field', 'mentions', 'code', case when m.person is null then 'outside' else 'not_allowed' end,
      'detail', left(i.id, 20), 'name', m.name)) into refused
    from (select distinct v as id from jsonb_array_elements_text(ids) v) i
    left join app.mentionable(t, internal, null, wanted, 10) m on m.person::text = i.id
    where m.person is null or not m.sees and app.may_join(m.person, t.account_id, t.portal_id) is not null;
  if refused is not null then
    raise exception using errcode = 'PT422', message = 'some can''t be mentioned', detail = refused::text;
  end if;
  with said as (
    select m.person from app.mentionable(t, internal, null, wanted, 10) m
    join app.comments c on c.tenant_id = t.tenant_id and c.ticket_id = t.id and c.id = comment
    where position('@' || m.name in c.source) > 0),
  kept as (
    insert into app.mentions (tenant_id, ticket_id, comment_id, person_id)
    select t.tenant_id, t.id, comment, s.person from said s on conflict do nothing returning person_id)
  select array_agg(k.person_id) into added from kept k;
  if added is not null then
    if not internal then
      perform app.add_people(ticket, array(select m.person from app.mentionable(t, false, null, added, 10) m where not m.sees));
    end if;
    perform app.record(case when internal then 'ticket.note_mentioned' else 'ticket.mentioned' end, ticket, comment, jsonb_build_object('by', app.side_in(t.account_id), 'joined', to_jsonb(added)));
  end if;
  return answered;
end $$;
