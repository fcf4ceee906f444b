with asked as (
  select x.words, x.stems, app.word_patterns(x.words, x.stems) as patterns
  from (select array_agg(p) as words, array_agg(coalesce((select string_agg(distinct s, ',') from unnest(array['it', 'en']) l, app.stem(w, l) s), '')) as stems
    from (select distinct on (p) w, app.plain_word(w) as p from app.raw_words('pagella xport') w order by p) r) x),
found as materialized (
  select t.*
  from (select ticket_id from app.ticket_access where tenant_id = :tenant and principal = any (array[:person::bigint * 4, :account::bigint * 4 + 1]) group by 1) a
  join app.tickets t on t.tenant_id = :tenant and t.id = a.ticket_id
  where exists (select from app.ticket_words w cross join lateral (select w.words || '' as words offset 0) x
    where w.tenant_id = :tenant and w.ticket_id = a.ticket_id and not w.is_internal and app.has_words(x.words, (select patterns from asked)))
  order by t.updated_at desc, t.id desc limit 201),
page as materialized (select * from found order by updated_at desc, id desc limit 20),
texts as materialized (
  select s.id, x.* from page s cross join lateral (
    select 'reply' as kind, c.id as turn, c.author_id as writer, trim(regexp_replace(app.html_text(c.html), '\s+', ' ', 'g')) as text
    from (select o.*, sum(octet_length(o.html)) over (order by o.id desc) as size from app.comments o
      where o.tenant_id = :tenant and o.ticket_id = s.id and not o.is_internal order by o.id desc limit 100) c
    where c.size <= 100000 or c.size = octet_length(c.html)
    union all
    (select 'file', f.id, f.owner_id, f.name from app.files f where f.tenant_id = :tenant and f.ticket_id = s.id and not f.is_internal limit 100)) x),
flat as materialized (
  select t.*, app.flat(t.text) as flat from texts t),
best as materialized (
  select distinct on (f.id) f.id, f.kind, f.writer, app.around(f.text, h.place) as text
  from flat f, asked
  cross join lateral (
    select count(*) as hits, min(place) as place from (
      select (select min(nullif(strpos(f.flat, n), 0)) from string_to_table(concat_ws(',', w, nullif(lower(s), '')), ',') n) as place
      from unnest(asked.words, asked.stems) y (w, s)) z
    where place is not null) h
  where h.hits > 0
  order by f.id, h.hits desc, f.kind desc, f.turn),
marked as materialized (
  select b.id, b.kind, app.marked(b.text, p.locale, asked.words, asked.stems) as text
  from asked, best b join app.people p on p.tenant_id = :tenant and p.id = b.writer),
excerpts as (
  select json_object_agg(s.id, json_build_object('title', app.marked(s.title, p.locale, asked.words, asked.stems),
    'text', case when m.text::jsonb @> '[[true]]' then m.text end, 'in', case when m.text::jsonb @> '[[true]]' then m.kind else 'title' end)) as found
  from asked, page s join app.people p on p.tenant_id = :tenant and p.id = s.requester_id left join marked m on m.id = s.id),
items as (
  select p.id as number, p.title,
    (array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'])[p.status] as status,
    case when p.status <= 2 then 'open' when p.status <= 4 then 'pending' else 'done' end as "group",
    (array['low', 'normal', 'high', 'urgent'])[p.priority] as priority,
    p.requester_id as requester, p.assignee_id as assignee, p.account_id as account, p.created_at, p.updated_at, null as desk_updated_at
  from page p)
select json_build_object(
  'items', (select coalesce(json_agg(to_jsonb(i) order by i.updated_at desc, i.number desc), '[]') from items i),
  'excerpts', (select found from excerpts),
  'count', (select count(*) from found), 'more', false,
  'people', (select json_object_agg(p.id, json_build_object('name', p.name, 'side', case when p.rank >= 2 then 'support' else 'customer' end))
    from app.people p where p.tenant_id = :tenant and p.id = any ((select array_agg(requester) || array_agg(assignee) from items)::bigint[])),
  'accounts', (select json_object_agg(a.id, json_build_object('name', a.name)) from app.accounts a
    where a.tenant_id = :tenant and a.id = any ((select array_agg(account) from items)::bigint[])),
  'next', null)
