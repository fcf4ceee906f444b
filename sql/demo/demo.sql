-- Two tenants for a first look and for tests: a school platform and a maker of
-- telephone systems. psql -f sql/demo/demo.sql, once, as a superuser, behind
-- sql/load.sql.
--
-- The two share e-mail addresses, ticket numbers and titles on purpose: what
-- shows of one in the other is then easy to see. All times are relative to
-- now(). What happened is on record as if it had gone through the product,
-- but nothing is queued: no mail goes out for it.

\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;
set timezone = 'Europe/Rome';

-- argon2id of 'welcome to the demo' with this salt and cost, and sha256 of that.
\set salt '\\x00112233445566778899aabbccddeeff'
\set verifier '\\x88e8e35c10b8c60df4b79357c2bb1cb5faaec9a74425eab72ce7d14adfda2a76'

-- ---- how the data is written --------------------------------------------------

-- The portal at a host's first label, the account of a name, the person whose
-- address begins with a first name.
create function pg_temp.place(slug text) returns app.portals
language plpgsql stable as $$
declare
  p app.portals;
begin
  select po.* into strict p from app.hosts h
    join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
    where h.tenant_id = auth.tenant_id() and h.host = slug || '.localhost';
  return p;
end $$;

create function pg_temp.account(called text) returns bigint
language plpgsql stable as $$
declare
  a bigint;
begin
  if called is not null then
    select id into strict a from app.accounts
      where tenant_id = auth.tenant_id() and name = called;
  end if;
  return a;
end $$;

create function pg_temp.person(first_name text) returns app.people
language plpgsql stable as $$
declare
  p app.people;
begin
  select * into strict p from app.people
    where tenant_id = auth.tenant_id() and email like first_name || '.%';
  return p;
end $$;

-- '12 09:30' is half past nine twelve days ago (two at least, so that every
-- load is later); '5h' and '40m' are so long ago.
create function pg_temp.ago(t text) returns timestamptz
language sql stable as $$
  select case when t like '% %' then date_trunc('day', now())
      - make_interval(days => split_part(t, ' ', 1)::int) + split_part(t, ' ', 2)::interval
    else now() - t::interval end
$$;

-- The part of Markdown that is used here, as fcgi/markup.h would make it.
create function pg_temp.inline(source text) returns text
language sql immutable as $$
  select string_agg(case when n % 2 = 0 then '<code>' || part || '</code>' else
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(part,
      '\[([^]]+)\]\(([^)]+)\)', '<a href="\2">\1</a>', 'g'),
      '(^|\s)(https?://\S*[^\s.,])', '\1<a href="\2">\2</a>', 'g'),
      '\*\*([^*]+)\*\*', '<strong>\1</strong>', 'g'),
      '\*([^*]+)\*', '<em>\1</em>', 'g') end, '' order by n)
  from regexp_split_to_table(
    replace(replace(replace(source, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'),
    '`') with ordinality p (part, n)
$$;

create function pg_temp.cells(line text, tag text, aligns text[]) returns text
language sql immutable as $$
  select '<tr>' || string_agg(format('<%1$s%2$s>%3$s</%1$s>', tag,
      case when aligns[n] ~ '^:-+:$' then ' class="center"'
        when aligns[n] ~ '-:$' then ' class="right"' else '' end,
      pg_temp.inline(trim(cell))), '' order by n) || '</tr>'
  from unnest(string_to_array(trim(line, '| '), '|')) with ordinality c (cell, n)
$$;

create function pg_temp.block(source text) returns text
language plpgsql immutable as $$
declare
  lines text[] := string_to_array(source, E'\n');
  aligns text[];
begin
  if source like '```%' then
    return '<pre><code>' || replace(replace(replace(
      array_to_string(lines[2:cardinality(lines) - 1], E'\n'),
      '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || E'\n</code></pre>';
  elsif source like '|%' then
    select array_agg(trim(a) order by n) into aligns
      from unnest(string_to_array(trim(lines[2], '| '), '|')) with ordinality c (a, n);
    return '<table><thead>' || pg_temp.cells(lines[1], 'th', aligns) || '</thead><tbody>'
      || (select string_agg(pg_temp.cells(line, 'td', aligns), '' order by n)
        from unnest(lines[3:]) with ordinality l (line, n)) || '</tbody></table>';
  elsif source ~ '^(- |\d+\. )' then
    return (select format('<%1$s>%2$s</%1$s>', case when source like '-%' then 'ul' else 'ol' end,
        string_agg('<li>' || pg_temp.inline(regexp_replace(line, '^(- |\d+\. )', '')) || '</li>',
          '' order by n))
      from unnest(lines) with ordinality l (line, n));
  elsif source like '>%' then
    return '<blockquote>' || pg_temp.block(regexp_replace(source, '^> ?', '', 'gn')) || '</blockquote>';
  elsif source like '## %' then
    return '<h2>' || pg_temp.inline(substr(source, 4)) || '</h2>';
  end if;
  return '<p>' || (select string_agg(pg_temp.inline(line), '<br/>' order by n)
    from unnest(lines) with ordinality l (line, n)) || '</p>';
end $$;

create function pg_temp.html(source text) returns text
language sql immutable as $$
  select string_agg(pg_temp.block(b), '' order by n)
  from regexp_split_to_table(source, '\n\n+') with ordinality p (b, n)
$$;

create temp table happened (
  at timestamptz, kind text, actor bigint, ticket bigint, comment bigint, data jsonb);

-- One ticket and what became of it. The story is the description and then,
-- each behind a line '@ <how much later> <who> <words>', what followed: a
-- text (a short one in the same line behind a bar) or only a change. Words:
-- note (internal), a status, a priority, =<assignee>, escalated (the partner
-- hands it to the tenant).
create function pg_temp.ticket(opened text, who text, place text, title text, story text)
returns void language plpgsql as $$
declare
  tenant bigint := auth.tenant_id();
  here app.portals := pg_temp.place(place);
  account app.accounts;
  requester app.people := pg_temp.person(who);
  actor app.people := requester;
  number bigint;
  at timestamptz := pg_temp.ago(opened);
  comment bigint;
  t app.tickets;
  before app.tickets;
  part record;
  head text;
  body text;
  word text;
  internal boolean;
begin
  select * into strict account from app.accounts a
    where a.tenant_id = tenant and a.id = here.account_id;
  update app.ticket_counters c set last = c.last + 1
    where c.tenant_id = tenant returning c.last into strict number;
  assert not exists (select from app.tickets x where x.tenant_id = tenant and x.created_at >= at),
    format('ticket %s is older than the one before it', number);
  insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk,
      created_at, updated_at, desk_updated_at)
    values (tenant, number, here.id, account.id, requester.id, ticket.title,
      account.routing = 1, at, at, at)
    returning * into t;
  for part in select * from regexp_split_to_table(trim(story, E'\n'), '\n+@ ')
      with ordinality p (said, n) loop
    body := part.said;
    internal := false;
    before := t;
    if part.n > 1 then
      head := split_part(split_part(body, E'\n', 1), ' | ', 1);
      body := trim(substr(body, length(head) + 1), E' |\n');
      at := at + split_part(head, ' ', 1)::interval + random() * interval '50 s';
      actor := pg_temp.person(split_part(head, ' ', 2));
      internal := ' ' || head || ' ' like '% note %';
      if body <> '' and not internal then
        t.status := case when actor.rank < 2 and t.status in (3, 5) then 2
          when actor.rank >= 2 and t.status = 1 then 2 else t.status end;
      end if;
      foreach word in array (string_to_array(head, ' '))[3:] loop
        if word = 'escalated' then
          t.at_desk := true;
          insert into happened values (at, 'ticket.escalated', actor.id, number, null, '{"by": "partner"}');
        elsif word like '=%' then
          t.assignee_id := (pg_temp.person(substr(word, 2))).id;
        elsif app.status_number(word) is not null then
          t.status := app.status_number(word);
        elsif app.priority_number(word) is not null then
          t.priority := app.priority_number(word);
        else
          assert word = 'note', format('ticket %s: %s', number, head);
        end if;
      end loop;
      assert at < now(), format('ticket %s goes on in the future', number);
      assert t.at_desk or actor.rank < 2,
        format('an agent answers ticket %s, which is not at the desk', number);
    end if;
    t.desk_updated_at := at;
    if body <> '' then
      comment := (extract(epoch from at) * 1000)::bigint;
      comment := (comment - 1704067200000) * 1024 + part.n;
      insert into app.comments (tenant_id, ticket_id, id, author_id, is_internal, source, html, created_at)
        values (tenant, number, comment, actor.id, internal, body, pg_temp.html(body), at);
      insert into happened values (at, case when part.n = 1 then 'ticket.opened'
        when internal then 'ticket.noted' else 'ticket.replied' end,
        actor.id, number, comment, '{}');
    end if;
    if (t.status, t.priority, t.assignee_id) is distinct from
       (before.status, before.priority, before.assignee_id) then
      insert into happened values (at, 'ticket.changed', actor.id, number, null,
        jsonb_strip_nulls(jsonb_build_object(
          'status', case when t.status <> before.status then
            jsonb_build_array(app.status_name(before.status), app.status_name(t.status)) end,
          'priority', case when t.priority is distinct from before.priority then
            jsonb_build_array(app.priority_name(before.priority), app.priority_name(t.priority)) end,
          'assignee', case when t.assignee_id is distinct from before.assignee_id then
            jsonb_build_array(before.assignee_id, t.assignee_id) end)));
      t.updated_at := at;
    elsif t.at_desk <> before.at_desk then
      t.updated_at := at;
    elsif body <> '' and not internal then
      t.updated_at := at;
    end if;
  end loop;
  update app.tickets x set status = t.status, priority = t.priority, assignee_id = t.assignee_id,
      at_desk = t.at_desk, updated_at = t.updated_at, desk_updated_at = t.desk_updated_at
    where x.tenant_id = tenant and x.id = number;
  insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
    select tenant, number, p, t.updated_at
    from unnest(array[app.principal(requester.id, 0), app.principal(account.id, 2),
      app.principal(account.partner_id, 3)]) p where p is not null;
end $$;

-- A tenant's people, each with one role at a place; who comes twice has two
-- memberships.
create function pg_temp.people(salt bytea, verifier bytea) returns void
language plpgsql as $$
begin
  insert into app.people (tenant_id, email, name, locale, time_zone, created_at)
    select auth.tenant_id(), a.email, a.name, a.locale, a.time_zone,
      now() - interval '300 days' + a.n * interval '40 min'
    from (select distinct on (l.email) l.* from listed l order by l.email, l.n) a;
  insert into app.memberships (tenant_id, person_id, role, account_id, portal_id)
    select auth.tenant_id(), p.id, l.role, (pg_temp.place(l.place)).account_id,
      case when (pg_temp.place(l.place)).parent_id is not null then (pg_temp.place(l.place)).id end
    from listed l
    join app.people p on p.tenant_id = auth.tenant_id() and p.email = l.email;
  insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
    select p.tenant_id, p.id, people.salt, 2, 19456, people.verifier
    from app.people p where p.tenant_id = auth.tenant_id();
end $$;

-- The events of the tickets at the desk, one after the other, and between them those that
-- their clocks would have made: warned and late, each when it was due. So nothing is due
-- any more when the demo is loaded, and nobody gets mail of what is long over.
create function pg_temp.told() returns void
language plpgsql as $$
declare
  t app.tickets;
  h record;
  c app.ticket_clocks;
  handed boolean;
  kind text;
begin
  for t in select x.* from app.tickets x where x.tenant_id = auth.tenant_id() and x.at_desk order by x.id loop
    handed := exists (select from happened x where x.ticket = t.id and x.kind = 'ticket.escalated');
    -- As it was before its first change.
    t.status := 1;
    t.priority := null;
    t.at_desk := not handed;
    for h in select x.*, coalesce(lead(x.at) over (order by x.at, x.comment nulls last), now()) as until,
        max(x.comment) filter (where x.kind in ('ticket.opened', 'ticket.replied')) over (order by x.at, x.comment nulls last) as said
      from happened x where x.ticket = t.id order by x.at, x.comment nulls last
    loop
      insert into app.events (tenant_id, kind, actor_id, ticket_id, comment_id, data, created_at)
        values (t.tenant_id, h.kind, h.actor, t.id, h.comment, h.data, h.at);
      t.at_desk := t.at_desk or h.kind = 'ticket.escalated';
      loop
        select x.* into c from app.fold_clocks(t, false) f cross join lateral app.clock_rows(f.clocks) x
          where x.alarm_at <= h.until order by x.alarm_at, x.kind limit 1;
        exit when not found;
        kind := case when c.due_at <= c.alarm_at then 'ticket.late' else 'ticket.warned' end;
        insert into app.events (tenant_id, kind, ticket_id, comment_id, data, created_at)
          values (t.tenant_id, kind, t.id, h.said, jsonb_build_object('by', 'clock', 'clock', c.kind, 'due', c.due_at), c.alarm_at);
        insert into happened values (c.alarm_at, kind, null, t.id, h.said, jsonb_build_object('by', 'clock', 'clock', c.kind, 'due', c.due_at));
      end loop;
    end loop;
  end loop;
  delete from app.events e where e.tenant_id = auth.tenant_id() and e.ticket_id is not null;
end $$;

-- What is on record beside the tickets: events in the order they happened,
-- the mails of then as sent, the requests of today, and who is signed in
-- somewhere (with tokens nobody has).
create function pg_temp.record() returns void
language plpgsql as $$
declare
  tenant bigint := auth.tenant_id();
begin
  perform pg_temp.told();
  insert into app.sessions (tenant_id, person_id, token_hash, created_at, expires_at)
    select tenant, a.id, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), a.at,
      a.at + case when a.rank >= 2 then interval '12 h' else interval '14 days' end
    from (select p.id, p.rank, max(h.at) - interval '4 min' as at
      from happened h join app.people p on p.tenant_id = tenant and p.id = h.actor
      group by p.id, p.rank) a
    where a.at > now() - case when a.rank >= 2 then interval '11 h' else interval '12 days' end;
  insert into happened
    select s.created_at, 'session.opened', s.person_id, null, null, '{}'
    from app.sessions s where s.tenant_id = tenant;
  -- What was set up by the product's own functions is of today, and comes last.
  with today as (
    delete from app.events e where e.tenant_id = tenant and e.account_id is null returning e.*)
  insert into happened select d.created_at, d.kind, d.actor_id, d.ticket_id, d.comment_id, d.data from today d;
  insert into app.events (tenant_id, kind, actor_id, ticket_id, comment_id, data, created_at)
    select tenant, h.kind, h.actor, h.ticket, h.comment, h.data, h.at
    from happened h order by h.at, h.comment nulls last;
  insert into app.deliveries (tenant_id, event_id, email, person_id, reason,
      state, attempts, next_try_at, answer, sent_at)
    select tenant, e.id, r.email, r.person_id, r.reason,
      2, 1, e.created_at, '250 2.0.0 Ok', e.created_at + interval '1 s'
    from app.events e cross join lateral jobs.ticket_recipients(e.id) r
    where e.tenant_id = tenant and e.kind in ('ticket.opened', 'ticket.replied')
      -- Nothing goes to the desk before the partner hands it over.
      and not (r.reason = 'desk' and exists (select from app.events x
        where x.tenant_id = tenant and x.ticket_id = e.ticket_id
          and x.kind = 'ticket.escalated' and x.id > e.id));
  insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer, created_at)
    select tenant, t.requester_id, 'tickets', 'demo-' || t.id || '-' || md5(t.title),
      sha256(convert_to(t.title || E'\n' || c.source, 'UTF8')),
      json_build_object('number', t.id), t.created_at
    from app.tickets t
    join lateral (select * from app.comments f where f.tenant_id = tenant
      and f.ticket_id = t.id order by f.id limit 1) c on true
    where t.tenant_id = tenant and t.created_at > now() - interval '23 h';
  delete from happened;
end $$;

create temp table listed (
  n int generated always as identity,
  email text, name text, locale text, time_zone text, role text, place text);

-- ---- the data -----------------------------------------------------------------

\set tenant griffel
\set calendar 'Stockholm'
\set zone Europe/Stockholm
\set holidays '{"01-01": "Nyårsdagen", "01-06": "Trettondedag jul", "05-01": "Första maj", "06-06": "Nationaldagen", "12-24": "Julafton", "12-25": "Juldagen", "12-26": "Annandag jul", "12-31": "Nyårsafton"}'
\ir griffel.sql
\ir forms.sql
\ir before.sql
\ir status.sql
\ir knowledge.sql
\ir teams.sql
\ir rules.sql
\ir reports.sql
\ir macros.sql
\ir releases.sql
delete from listed;
\set tenant klangtal
\set calendar 'Berlin'
\set zone Europe/Berlin
\set holidays '{"01-01": "Neujahr", "05-01": "Tag der Arbeit", "10-03": "Tag der Deutschen Einheit", "12-25": "1. Weihnachtstag", "12-26": "2. Weihnachtstag"}'
\ir klangtal.sql
\ir forms.sql
\ir before.sql
\ir status.sql
\ir teams.sql
\ir rules.sql
\ir reports.sql
\ir macros.sql

\ir tags.sql

-- Their words are taken in as those of older tickets are.
insert into app.search_queue (tenant_id, ticket_id, from_id, is_old)
  select t.tenant_id, t.id, 0, true from app.tickets t;

-- Everybody has been here before.
insert into app.confirmations (tenant_id, person_id, portal_id, email)
  select p.tenant_id, p.id, po.id, p.email from app.people p
  join app.portals po on po.tenant_id = p.tenant_id
  where auth.may_enter(p.rank, p.doors, po.account_id, po.id);

drop table listed, happened;
drop function pg_temp.record, pg_temp.told, pg_temp.people, pg_temp.ticket, pg_temp.html,
  pg_temp.block, pg_temp.cells, pg_temp.inline, pg_temp.ago, pg_temp.person,
  pg_temp.account, pg_temp.place;
reset timezone;
reset client_min_messages;
