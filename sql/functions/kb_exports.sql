-- The knowledge base handed out whole (K7, doc/knowledge-exports.md): once a list of what an export
-- holds, then a few texts a trip, as they were at a change of its number.

-- An audience for a bundle: accounts by name, portals by host. One from elsewhere as it came.
create or replace function app.audience_told(audience bigint) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(a.told, jsonb_strip_nulls(jsonb_build_object('level', (array['public', 'signed_in', 'agents'])[a.level],
      'accounts', (select jsonb_agg(x.name order by x.name collate "C", x.id) from app.accounts x where x.tenant_id = a.tenant_id and x.id = any (a.accounts)),
      'portals', (select jsonb_agg(h.host order by h.host collate "C") from app.hosts h
        where h.tenant_id = a.tenant_id and h.portal_id = any (a.portals) and h.is_canonical),
      'roles', case when a.roles <> '{}' then to_jsonb(a.roles) end)))
    from app.audiences a where a.tenant_id = auth.tenant_id() and a.id = audience);
end $$;

-- The same for who may write it.
create or replace function app.export_audience(audience bigint) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when app.writes_articles() then app.audience_told(audience) end;
end $$;

create or replace function app.no_export(field text, code text) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using errcode = 'PT422', constraint = 'exports_' || field || '.' || code, message = 'no such export';
end $$;

-- Whose texts: the asker's; for who writes it those of whoever comes to a portal, in any role.
create or replace function app.export_audiences(portal bigint) returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  po app.portals;
begin
  if portal is null or portal = auth.portal_id() and not app.writes_articles() then
    return array(select unnest(app.readable_audiences()) x order by x);
  end if;
  select x.* into po from app.portals x where x.tenant_id = auth.tenant_id() and x.id = portal;
  if not found or not app.writes_articles() then
    perform app.no_export('portal', 'unknown');
  end if;
  return array(select a.id from app.audiences a where a.tenant_id = auth.tenant_id()
    and app.is_of_audience(a, true, po.account_id is null, po.account_id, app.portals_up(po.id),
      array['account_admin', 'portal_admin', 'main_user', 'member', 'partner']) order by a.id);
end $$;

-- Sections from above to below, and in their order.
create or replace function app.sections_in_order() returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return array(
    with recursive turns as materialized (
      select s.id, s.parent_id, row_number() over (partition by s.parent_id order by s.position, s.key) as n
      from app.sections s where s.tenant_id = auth.tenant_id()),
    tree as (
      select t.id, array[]::bigint[] as turn from turns t where t.parent_id is null
      union all
      select t.id, tree.turn || t.n from tree join turns t on t.parent_id = tree.id)
    select tree.id from tree order by tree.turn);
end $$;

-- May an export of the texts of a change still be made? What was replaced stays for a day.
create or replace function app.must_be_kept(change bigint, now_at bigint) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if change > now_at then
    perform app.no_export('as_of', 'unknown');
  elsif change < now_at and (select v.until_at from app.article_versions v
      where v.tenant_id = auth.tenant_id() and v.from_change <= change and v.until_change > change order by v.until_change limit 1) < now() - interval '23 hours' then
    perform app.no_export('as_of', 'over');
  end if;
end $$;

-- What an export holds, a line each: h and what it is, s and ids of sections, g and keys of articles that are
-- gone since, a and ids of articles. JSON lines and bundles are in the order of keys, which no move changes;
-- what is read is in that of the tree. after: the last line that came, s.KEY, g.KEY or a.KEY.LANGUAGE.
create or replace function app.export_list(format text, section text, article text, lang text, portal bigint, as_of bigint, since bigint, after text) returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.export_audiences(portal);
  writes boolean := app.writes_articles();
  tree bigint[] := app.sections_in_order();
  change bigint := coalesce((select k.change from app.knowledge k where k.tenant_id = auth.tenant_id()), 0);
  stage int := coalesce(strpos('sga', left(after, 1)), 0);
  after_key text := split_part(after, '.', 2);
  top bigint;
  listed bigint[];
  places bigint[];
  files bigint[];
  head jsonb;
begin
  if format <> 'jsonl' and (since is not null or after is not null) then
    perform app.no_export(case when since is null then 'after' else 'since' end, 'only_lines');
  elsif since > change then
    perform app.no_export('since', 'unknown');
  elsif after is not null and after !~ '^([sg]\.[a-z0-9]{1,32}|a\.[a-z0-9]{1,32}\.[A-Za-z0-9-]{2,35})$' then
    perform app.no_export('after', 'type');
  end if;
  as_of := coalesce(as_of, change);
  perform app.must_be_kept(as_of, change);
  if section is not null then
    select s.id into top from app.sections s where s.tenant_id = auth.tenant_id() and s.key = section and (writes or s.shown_to = any (mine));
    if top is null then
      perform app.no_export('section', 'unknown');
    end if;
  end if;
  listed := array(
    select a.id from app.articles a
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    left join unnest(case when format not in ('jsonl', 'bundle') then tree end) with ordinality t (id, n) on t.id = s.id
    where a.tenant_id = auth.tenant_id() and a.is_live and (a.expires_at is null or a.expires_at > now())
      and coalesce(a.audience_id, s.shown_to) = any (mine)
      and (top is null or top = any (s.path)) and (article is null or a.key = article)
      and (since is null or greatest(a.changed, s.changed) > since)
      and (stage < 3 or a.key >= after_key)
      and (lang is null or exists (select from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = lang
        and v.from_change <= as_of and (v.until_change is null or v.until_change > as_of)))
    order by t.n, case when t.n is not null then a.position end, a.key);
  if article is not null and listed = '{}' and after is null and since is null then
    perform app.no_export('article', 'unknown');
  end if;
  places := array(
    select t.id from unnest(tree) with ordinality t (id, n) join app.sections s on s.tenant_id = auth.tenant_id() and s.id = t.id
    where s.parent_id is not null and stage < 2 and (top is null or top = any (s.path)) and (since is null or s.changed > since)
      and (writes and section is null and article is null and portal is null
        or (writes or s.shown_to = any (mine)) and t.id in (select unnest(b.path) from unnest(listed) l (id)
          join app.articles a on a.tenant_id = auth.tenant_id() and a.id = l.id
          join app.sections b on b.tenant_id = a.tenant_id and b.id = a.section_id))
    order by t.n);
  if stage = 1 then
    places := places[1 + array_position(places, (select s.id from app.sections s where s.tenant_id = auth.tenant_id() and s.key = after_key)):];
    if places is null then
      perform app.no_export('after', 'unknown');
    end if;
  end if;
  if format = 'bundle' then
    files := array(select f.id from unnest(listed) with ordinality l (id, n)
      join app.files f on f.tenant_id = auth.tenant_id() and f.article_id = l.id and f.state = 3
      where as_of = change or exists (select from app.article_versions v where v.tenant_id = f.tenant_id and v.article_id = l.id and v.from_change <= as_of)
      order by l.n, f.key);
  end if;
  head := (select jsonb_build_object('as_of', as_of, 'change', change, 'writes', writes, 'name', po.name, 'language', po.locale,
      'changed_at', case when format = 'epub' then app.iso_time(coalesce((select max(v.from_at) from unnest(listed) l (id)
        join app.article_versions v on v.tenant_id = auth.tenant_id() and v.article_id = l.id and v.from_change <= as_of and (v.until_change is null or v.until_change > as_of)), po.created_at)) end,
      'articles', cardinality(listed), 'sections', cardinality(places), 'files', cardinality(files),
      'others', case when writes and format = 'bundle' and num_nonnulls(section, article, lang, export_list.portal) = 0 then app.others_known() end,
      'begins', stage = 3 and (select a.key from app.articles a where a.tenant_id = auth.tenant_id() and a.id = listed[1]) = after_key,
      'root', case when writes and format in ('bundle', 'markdown.zip', 'html.zip') then app.audience_told((select s.audience_id from app.sections s
        where s.tenant_id = auth.tenant_id() and s.parent_id is null)) end)
    from app.portals po where po.tenant_id = auth.tenant_id() and po.id = coalesce(export_list.portal, auth.portal_id()));
  return next 'h' || (head || jsonb_build_object('tag', encode(sha256(convert_to(concat_ws('|', auth.tenant_id(), head, md5(files::text), format, coalesce(section, '-'), coalesce(article, '-'),
    coalesce(lang, '-'), coalesce(portal, 0), since, mine::text), 'UTF8')), 'hex')))::text;
  if format = 'jsonl' and after is null then
    return next 'l' || json_build_object('kind', 'knowledge', 'format', 1, 'as_of', as_of, 'since', since, 'name', head->'name', 'language', head->'language');
  end if;
  return query select 's' || string_agg(x.id::text, ',' order by x.n) from unnest(places) with ordinality x (id, n) group by (x.n - 1) / 1000 order by (x.n - 1) / 1000;
  if since is not null and stage < 3 then
    return query select 'g' || string_agg(x.key, ',' order by x.n) from (
        select a.key, row_number() over (order by a.key) as n from app.articles a
        join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
        where a.tenant_id = auth.tenant_id() and not (a.is_live and (a.expires_at is null or a.expires_at > now()))
          and greatest(a.changed, s.changed) > since and coalesce(a.audience_id, s.shown_to) = any (mine)
          and (top is null or top = any (s.path)) and (article is null or a.key = article)
          and (stage < 2 or a.key > after_key)
          and exists (select from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id)) x
      group by (x.n - 1) / 100 order by (x.n - 1) / 100;
  end if;
  return query select 'f' || string_agg(x.id::text, ',' order by x.n) from unnest(files) with ordinality x (id, n) group by (x.n - 1) / 1000 order by (x.n - 1) / 1000;
  return query select 'a' || string_agg(x.id::text, ',' order by x.n) from unnest(listed) with ordinality x (id, n) group by (x.n - 1) / 1000 order by (x.n - 1) / 1000;
end $$;

-- What a bundle says of sections that its asker may read; who writes it learns who reads them.
-- top: what a bundle of a part begins with, which says who reads it wherever that is said.
create or replace function app.export_sections(ids bigint[], whole boolean, top text) returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
  writes boolean := app.writes_articles();
begin
  return query select (case when whole then '{}'::jsonb else jsonb_build_object('kind', 'section', 'cursor', 's.' || s.key) end || jsonb_strip_nulls(jsonb_build_object('key', s.key, 'position', s.position, 'parent', (
        select p.key from unnest(s.path[2:cardinality(s.path) - 1]) with ordinality u (id, n)
        join app.sections p on p.tenant_id = s.tenant_id and p.id = u.id and (writes or p.shown_to = any (mine)) order by u.n desc limit 1),
      'names', s.names, 'abouts', nullif(s.abouts, '{}'),
      'audience', case when writes and whole then app.audience_told(case when s.key = top then s.shown_to else s.audience_id end) end)))::text
    from unnest(ids) with ordinality x (id, n) join app.sections s on s.tenant_id = auth.tenant_id() and s.id = x.id
    where writes or s.shown_to = any (mine) order by x.n;
end $$;

-- Where the links of a text to other articles lead: the key, the article's id, and the language that it is read in.
create or replace function app.export_links(html text, lang text, as_of bigint) returns json
language sql stable
return case when position('/kb/a/' in html) > 0 then (
  select json_agg(json_build_array(a.key, a.id::text, t.language)) from app.articles a
  cross join lateral (select v.language from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id
    and v.from_change <= as_of and (v.until_change is null or v.until_change > as_of)
    order by v.language = lang desc, v.language = split_part(lang, '-', 1) desc, v.language = a.language desc, v.language limit 1) t
  where a.tenant_id = (select auth.tenant_id()) and a.key = any (array(
    select m[1] collate "C" from regexp_matches(html, '"/kb/a/([a-z0-9]{1,32})[#"]', 'g') m limit 500))) end;

-- For who writes it: what a bundle keeps of articles, each with all that was ever live in it.
create or replace function app.export_whole(ids bigint[], after_language text, after_number int, as_of bigint, lang text) returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  writes boolean := app.writes_articles();
  mine bigint[] := app.readable_audiences();
begin
  return query
    with picked as materialized (
      select x.n, a.id, v.language, v.number, v.html, row_number() over o as turn, sum(octet_length(v.html)) over o - octet_length(v.html) as before,
        row_number() over (partition by x.n order by v.language collate "C" desc, v.number desc) as rest,
        v.title, v.keywords, v.translates, v.from_at, case when v.until_change <= as_of then v.until_at end as until_at
      from unnest(ids) with ordinality x (id, n)
      join app.articles a on a.tenant_id = auth.tenant_id() and a.id = x.id
      join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
      join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.from_change <= as_of
      where coalesce(a.audience_id, s.shown_to) = any (mine) and a.is_live and (a.expires_at is null or a.expires_at > now())
        and (lang is null or v.language = lang)
        and (writes or (v.until_change is null or v.until_change > as_of and v.until_at > now() - interval '1 day') and exists (select from app.article_texts t
          where t.tenant_id = v.tenant_id and t.article_id = v.article_id and t.language = v.language))
        and (x.n > 1 or after_language is null or (v.language collate "C", v.number) > (after_language, after_number))
      window o as (order by x.n, v.language collate "C", v.number)),
    here as (
      select p.*, coalesce(lag(p.before) over (order by p.turn), 0) as last from picked p where p.turn <= 201)
    select case when h.turn > 200 or h.before >= 2621440 then 'm' || coalesce(h.n, 0) else 't' || jsonb_strip_nulls(jsonb_build_object('n', h.n, 'key', a.key, 'language', h.language, 'number', h.number,
        'text', jsonb_build_object('language', h.language, 'number', h.number, 'title', h.title, 'keywords', to_jsonb(nullif(h.keywords, '{}')),
          'from', app.exact_time(h.from_at), 'until', case when writes then app.exact_time(h.until_at) end, 'translates', case when writes then h.translates end),
        'article', case when h.rest = 1 then jsonb_build_object('key', a.key, 'position', a.position, 'language', a.language,
          'section', case when s.parent_id is not null and (writes or s.shown_to = any (mine)) then s.key end,
          'created', app.exact_time(a.created_at), 'updated', app.exact_time(a.updated_at),
          'audience', case when writes then app.audience_told(a.audience_id) end,
          'expires', case when writes then app.exact_time(a.expires_at) end, 'review_by', case when writes then a.review_by end) end))::text || E'\n' || h.html end
      from here h join app.articles a on a.tenant_id = auth.tenant_id() and a.id = h.id
      join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
      where h.last < 2621440 order by h.turn;
end $$;

-- Files of articles, {id, key, size, about}: in a bundle each has its own entry, and what is said of it.
create or replace function app.export_files(ids bigint[]) returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
begin
  return query select jsonb_build_object('id', f.id::text, 'key', f.key, 'size', f.size::text,
      'about', jsonb_build_object('article', a.key, 'name', f.name, 'created', app.exact_time(f.created_at)))::text
    from unnest(ids) with ordinality x (id, n)
    join app.files f on f.tenant_id = auth.tenant_id() and f.id = x.id and f.state = 3
    join app.articles a on a.tenant_id = f.tenant_id and a.id = f.article_id
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    where coalesce(a.audience_id, s.shown_to) = any (mine) and a.is_live and (a.expires_at is null or a.expires_at > now()) order by x.n;
end $$;

-- What else who writes it has: where something was before, a thousand from a path on, of what a bundle has; and words that mean the same.
create or replace function app.export_redirects(after text) returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query select jsonb_strip_nulls(jsonb_build_object('path', x.path, 'article', x.article, 'section', x.section, 'language', x.language))::text
    from (select d.path, a.key as article, s.key as section, d.language from app.redirects d
      left join app.articles a on a.tenant_id = d.tenant_id and a.id = d.article_id
      left join app.sections s on s.tenant_id = d.tenant_id and s.id = d.section_id
      where d.tenant_id = auth.tenant_id() and app.writes_articles() and (after is null or d.path > after)
        and (d.article_id is null or a.is_live and (a.expires_at is null or a.expires_at > now()))
      order by d.path limit 1000) x order by x.path;
end $$;

create or replace function app.export_synonyms() returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query select jsonb_build_object('language', x.language, 'words', to_jsonb(x.words))::text
    from (select s.language, array_agg(s.word order by s.position) as words from app.synonyms s
      where s.tenant_id = auth.tenant_id() and app.writes_articles() group by s.id, s.language) x order by x.language collate "C", x.words collate "C";
end $$;

-- By which a bundle that has them is known to be the same.
create or replace function app.others_known() returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return md5(concat_ws('|', (select string_agg(concat_ws(' ', d.path, d.article_id, d.section_id, d.language), '|' order by d.path) from app.redirects d where d.tenant_id = auth.tenant_id()),
    (select string_agg(concat_ws(' ', s.id, s.language, s.word), '|' order by s.id, s.position) from app.synonyms s where s.tenant_id = auth.tenant_id())));
end $$;

-- To the microsecond, so that what is taken in again is the same.
create or replace function app.exact_time(at timestamptz) returns text
language sql stable parallel safe
return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- How much an export would hold, for staff that chooses one: bytes of its texts, and of all that ever were live (whole).
create or replace function app.export_size(section text, lang text, portal bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[];
  top bigint;
begin
  perform app.must_be_at_desk();
  mine := app.export_audiences(portal);
  if section is not null then
    select s.id into top from app.sections s where s.tenant_id = auth.tenant_id() and s.key = section;
    if top is null then
      perform app.no_export('section', 'unknown');
    end if;
  end if;
  return (
    select json_build_object('articles', count(distinct v.article_id) filter (where v.until_change is null), 'texts', count(*) filter (where v.until_change is null),
      'bytes', coalesce(sum(octet_length(v.html) + 500) filter (where v.until_change is null), 0), 'whole', coalesce(sum(octet_length(v.html) + 500), 0),
      'as_of', coalesce((select k.change from app.knowledge k where k.tenant_id = auth.tenant_id()), 0))
    from app.articles a
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id
    where a.tenant_id = auth.tenant_id() and a.is_live and (a.expires_at is null or a.expires_at > now())
      and coalesce(a.audience_id, s.shown_to) = any (mine)
      and (top is null or top = any (s.path)) and (lang is null or v.language = lang));
end $$;
