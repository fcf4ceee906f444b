-- Where live texts lead (K3), and what is amiss with it: jobs take it out of an article once it changed, and look anew at what
-- leads there; addresses elsewhere are asked in turn. Who writes waits for none of that.

-- An article or a section changed for who reads it.
create or replace function app.note_links() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.link_queue (tenant_id, of_section, id) values (new.tenant_id, tg_table_name = 'sections', new.id)
    on conflict on constraint link_queue_pkey do update set after = 0;
  return null;
end $$;

-- Is everybody of one audience of the other, too? Staff reads all.
create or replace function app.is_within(one bigint, other bigint) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  a app.audiences;
  b app.audiences;
begin
  if one = other then
    return true;
  end if;
  select x.* into a from app.audiences x where x.tenant_id = auth.tenant_id() and x.id = one;
  select x.* into b from app.audiences x where x.tenant_id = auth.tenant_id() and x.id = other;
  return a.level = 3 or a.level >= b.level
    and (b.portals = '{}' or a.portals <> '{}' and not exists (select from unnest(a.portals) p where not app.portals_up(p) && b.portals))
    and (b.accounts = '{}' or a.accounts <> '{}' and a.accounts <@ b.accounts
      or a.portals <> '{}' and not exists (select from unnest(a.portals) p
        where not exists (select from app.portals o where o.tenant_id = auth.tenant_id() and o.id = p and o.account_id = any (b.accounts))))
    and (b.roles = '{}' or a.roles <> '{}' and a.roles <@ b.roles);
end $$;

-- Who reads an article; null: it is not live.
create or replace function app.live_audience(article bigint) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(a.audience_id, s.shown_to) from app.articles a join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    where a.tenant_id = auth.tenant_id() and a.id = article and a.is_live and (a.expires_at is null or a.expires_at > now()));
end $$;

-- Has the text that a reader of that language gets this heading?
create or replace function app.has_heading(article bigint, lang text, heading text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select position(' id="' || heading || '"' in v.html) > 0
    from app.article_texts t
    join app.articles a on a.tenant_id = t.tenant_id and a.id = t.article_id
    join app.article_versions v on v.tenant_id = t.tenant_id and v.article_id = t.article_id and v.language = t.language and v.number = t.number
    where t.tenant_id = auth.tenant_id() and t.article_id = article
    order by t.language = lang desc, t.language = a.language desc, t.language limit 1);
end $$;

-- What is amiss with a link of our own; null: nothing.
create or replace function app.link_trouble(article bigint, lang text, href text, kind smallint, key text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  heading text := nullif(split_part(href, '#', 2), '');
  target bigint;
  theirs bigint;
begin
  if kind = 3 then
    return case when not app.has_heading(article, lang, heading) then 'heading' end;
  elsif kind = 1 then
    target := (select a.id from app.articles a where a.tenant_id = auth.tenant_id() and a.key = link_trouble.key);
  else
    target := (select f.article_id from app.files f where f.tenant_id = auth.tenant_id() and f.key = link_trouble.key and f.article_id is not null);
  end if;
  if target is null then
    return 'gone';
  elsif target = article and heading is null then
    return null;
  end if;
  theirs := app.live_audience(target);
  return case when theirs is null then 'unpublished'
    when not app.is_within(app.live_audience(article), theirs) then 'narrower'
    when not app.has_heading(target, lang, heading) then 'heading' end;
end $$;

-- The links of an article's live texts, five hundred a text: what is new comes, what is gone goes.
create or replace function app.take_links(article bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  v record;
begin
  delete from app.text_links l where l.tenant_id = auth.tenant_id() and l.article_id = article
    and not exists (select from app.article_texts t where t.tenant_id = l.tenant_id and t.article_id = l.article_id and t.language = l.language);
  for v in select t.language, x.html from app.article_texts t
      join app.article_versions x on x.tenant_id = t.tenant_id and x.article_id = t.article_id and x.language = t.language and x.number = t.number
      where t.tenant_id = auth.tenant_id() and t.article_id = article loop
    with said as materialized (
      select distinct replace(replace(replace(m[1], '&lt;', '<'), '&gt;', '>'), '&amp;', '&') collate "C" as href
      from regexp_matches(v.html, '(?:<a href|<img [^>]*src)="([^"]+)"', 'g') m limit 500),
    told as materialized (
      select s.href, case when s.href ~ '^/kb/a/[a-z0-9]{1,32}(#.*)?$' then 1 when s.href ~ '^/kb/f/[a-z0-9]{1,32}$' then 2 when s.href ~ '^#.' then 3 when s.href ~ '^https://.' then 4 end as kind
      from said s where octet_length(s.href) <= 2000),
    over as (
      delete from app.text_links l where l.tenant_id = auth.tenant_id() and l.article_id = article and l.language = v.language
        and not exists (select from told s where s.href = l.href and s.kind is not null))
    insert into app.text_links (tenant_id, article_id, language, href, kind, key, due_at)
      select auth.tenant_id(), article, v.language, s.href, s.kind,
        case when s.kind < 3 then substring(s.href from '^/kb/[af]/([a-z0-9]+)') when s.kind = 3 then (select a.key from app.articles a where a.tenant_id = auth.tenant_id() and a.id = article) end,
        case when s.kind = 4 then now() end
      from told s where s.kind is not null
      on conflict on constraint text_links_pkey do nothing;
  end loop;
end $$;

-- What is amiss with the links of an article, and with those that lead to it or to a file of it, a thousand of each.
create or replace function app.judge_links(article bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  with them as materialized (
    select l.article_id, l.language, l.href, l.kind, l.key from app.text_links l
      where l.tenant_id = auth.tenant_id() and l.article_id = article and l.kind < 4
    union
    (select l.article_id, l.language, l.href, l.kind, l.key from app.text_links l
      where l.tenant_id = auth.tenant_id() and l.kind = 1 and l.key = (select a.key from app.articles a where a.tenant_id = auth.tenant_id() and a.id = article) limit 1000)
    union
    (select l.article_id, l.language, l.href, l.kind, l.key from app.files f
      join app.text_links l on l.tenant_id = f.tenant_id and l.key = f.key and l.kind = 2
      where f.tenant_id = auth.tenant_id() and f.article_id = article limit 1000)),
  judged as materialized (select t.*, app.link_trouble(t.article_id, t.language, t.href, t.kind, t.key) as trouble from them t)
  update app.text_links l set trouble = j.trouble, since = case when j.trouble is not null then coalesce(l.since, now()) end
    from judged j
    where l.tenant_id = auth.tenant_id() and l.article_id = j.article_id and l.language = j.language and l.href = j.href
      and l.trouble is distinct from j.trouble;
end $$;

-- Some of what is queued here; a section two hundred articles at a time.
create or replace function app.work_links() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  q app.link_queue;
  ids bigint[];
  n bigint := 0;
begin
  for q in select x.* from app.link_queue x where x.tenant_id = auth.tenant_id() order by x.of_section, x.id limit 20 for update skip locked loop
    ids := case when q.of_section then array(select a.id from app.articles a
      where a.tenant_id = q.tenant_id and a.section_id = q.id and a.is_live and a.audience_id is null and a.id > q.after order by a.id limit 200) else array[q.id] end;
    begin
      if not q.of_section then
        perform app.take_links(q.id);
      end if;
      perform app.judge_links(x) from unnest(ids) x;
    exception when query_canceled or others then
      -- The others do not wait for it, and it is looked at again when it changes.
      raise log 'links of % of tenant % are not looked at: %', q.id, q.tenant_id, sqlerrm;
    end;
    if cardinality(ids) < 200 then
      delete from app.link_queue x where x.tenant_id = q.tenant_id and x.of_section = q.of_section and x.id = q.id;
    else
      update app.link_queue x set after = ids[200] where x.tenant_id = q.tenant_id and x.of_section = q.of_section and x.id = q.id;
    end if;
    n := n + 1;
    exit when q.of_section;
  end loop;
  return n;
end $$;

-- By `sportello events`: of a tenant whose turn it is. How many.
create or replace function jobs.check_links() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn record;
  whose bigint;
begin
  for turn in select * from jobs.turns('links') loop
    select q.tenant_id into whose from app.link_queue q
      where q.tenant_id >= turn.lowest and q.tenant_id < turn.below
        and (select t.suspended_at from app.tenants t where t.tenant_id = q.tenant_id) is null
      order by q.tenant_id limit 1;
    exit when found;
  end loop;
  if whose is null then
    return 0;
  end if;
  perform jobs.had_turn('links', whose);
  perform jobs.enter(whose);
  return app.work_links();
end $$;

-- ---- elsewhere --------------------------------------------------------------------------------

-- By `sportello hosts`: an address that is to be asked, once for all texts that have it.
create or replace function jobs.take_link(lease interval) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  l record;
  turn record;
begin
  for turn in select * from jobs.turns('link') loop
    select o.tenant_id, o.href into l from app.text_links o
      where o.due_at <= now() and o.tenant_id >= turn.lowest and o.tenant_id < turn.below
        and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null
      order by o.tenant_id, o.due_at limit 1 for update skip locked;
    exit when found;
  end loop;
  if l.href is null then
    return null;
  end if;
  perform jobs.had_turn('link', l.tenant_id);
  update app.text_links x set due_at = now() + lease where x.tenant_id = l.tenant_id and x.href = l.href and x.kind = 4;
  return json_build_object('tenant', l.tenant_id, 'href', l.href);
end $$;

-- fault: missing (it says so), unreachable; null: it is there, or can't be asked by us. What is missing is told when it was so
-- twice, what is unreachable three times, some hours apart.
create or replace function app.link_asked(href text, fault text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.text_links l set asked_at = now(), fails = case when fault is null then 0 else least(l.fails + 1, 100) end,
      trouble = x.trouble, since = case when x.trouble is not null then coalesce(l.since, now()) end,
      -- Not everybody's at the same hour.
      due_at = now() + case when fault is null then interval '7 days' else interval '6 hours' end + random() * interval '1 hour'
    from (select y.article_id, y.language, case when fault is null then null when y.fails >= case fault when 'missing' then 1 else 2 end then fault else y.trouble end as trouble
      from app.text_links y where y.tenant_id = auth.tenant_id() and y.href = link_asked.href and y.kind = 4) x
    where l.tenant_id = auth.tenant_id() and l.article_id = x.article_id and l.language = x.language and l.href = link_asked.href;
end $$;
create or replace function jobs.link_asked(tenant bigint, href text, fault text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform jobs.enter(tenant);
  perform app.link_asked(href, fault);
end $$;

-- ---- for who writes ---------------------------------------------------------------------------

-- What is amiss, the newest first, fifty a page; waiting: changed articles and sections that nobody has looked at yet.
create or replace function app.link_report(trouble text, page int) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  page := coalesce(page, 1);
  return (
    with n as materialized (
      select l.trouble, count(*) as n from app.text_links l where l.tenant_id = auth.tenant_id() and l.trouble is not null group by l.trouble)
    select json_build_object('troubles', (select coalesce(json_object_agg(n.trouble, n.n), '{}') from n),
      'count', (select coalesce(sum(n.n), 0) from n where link_report.trouble is null or n.trouble = link_report.trouble), 'page', page, 'most', 50,
      'waiting', (select count(*) from (select from app.link_queue q where q.tenant_id = auth.tenant_id() limit 1000) q),
      'links', (select coalesce(json_agg(json_build_object('article', l.article_id, 'language', l.language,
          'title', (select t.title from app.article_texts t where t.tenant_id = l.tenant_id and t.article_id = l.article_id and t.language = l.language),
          'href', l.href, 'kind', (array['article', 'file', 'heading', 'elsewhere'])[l.kind], 'trouble', l.trouble, 'since', l.since, 'asked_at', l.asked_at,
          'to', case when l.kind = 1 then (select json_build_object('id', a.id, 'title', coalesce((select t.title from app.article_texts t
                where t.tenant_id = a.tenant_id and t.article_id = a.id order by t.language = l.language desc, t.language = a.language desc, t.language limit 1),
              (select v.title from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id order by v.language = a.language desc, v.from_change desc limit 1),
              (select d.title from app.article_drafts d where d.tenant_id = a.tenant_id and d.article_id = a.id order by d.language = a.language desc, d.language limit 1)))
            from app.articles a where a.tenant_id = l.tenant_id and a.key = l.key) end)
          order by l.since desc, l.article_id, l.language, l.href), '[]')
        from (select x.* from app.text_links x where x.tenant_id = auth.tenant_id() and x.trouble is not null
            and (link_report.trouble is null or x.trouble = link_report.trouble)
          order by x.since desc, x.article_id, x.language, x.href limit 50 offset (page - 1) * 50) l)));
end $$;
