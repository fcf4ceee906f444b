-- The knowledge base's pages (K2, K4, K6). They look with the owner's eyes and ask once a page what is the
-- reader's (app.readable_audiences()): `mine`, which only functions have that no request may call by themselves.
-- lang: what the page is in; what is not there in it comes in the portal's language (fallback), else the article's own.

create or replace function app.article_url(lang text, slug text, key text) returns text
language sql immutable parallel safe
return '/' || lang || '/kb/' || slug || '-' || key;

create or replace function app.section_url(lang text, name text, key text) returns text
language sql immutable parallel safe
return '/' || lang || '/kb/s/' || app.slug(name) || '-' || key;

-- As policies/knowledge.sql says it; shown_to: its section's.
create or replace function app.is_readable(a app.articles, shown_to bigint, mine bigint[]) returns boolean
language sql stable
return (a).is_live and ((a).expires_at is null or (a).expires_at > now()) and coalesce((a).audience_id, shown_to) = any (mine);

-- Which of an article's texts is nearest. Without its words, which are many.
create or replace function app.nearest_text(article bigint, own text, lang text, fallback text)
returns table (language text, number int, title text, slug text, about text, minutes int)
language sql stable as $$
  select x.language, x.number, x.title, x.slug, x.about, x.minutes from app.article_texts x
  where x.tenant_id = auth.tenant_id() and x.article_id = article
  order by x.language = lang desc, x.language = split_part(lang, '-', 1) desc, x.language = fallback desc, x.language = own desc, x.language limit 1
$$;

-- What lies over something, as far as it is shown, from the category on.
create or replace function app.crumbs(path bigint[], lang text, fallback text, mine bigint[]) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_agg(json_build_object('name', x.name, 'url', app.section_url(lang, x.name, x.key)) order by x.n)
    from (select p.n, s.key, app.in_language(s.names, lang, fallback) as name
      from unnest(path) with ordinality p (id, n)
      join app.sections s on s.tenant_id = auth.tenant_id() and s.id = p.id and s.parent_id is not null and s.shown_to = any (mine)) x);
end $$;

-- The first articles of a section, for a list.
create or replace function app.articles_in(section bigint, lang text, fallback text, mine bigint[], most int) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  shown bigint := (select s.shown_to from app.sections s where s.tenant_id = auth.tenant_id() and s.id = section);
begin
  return (select json_agg(json_build_object('title', t.title, 'url', app.article_url(lang, t.slug, x.key), 'language', t.language) order by x.position, x.id)
    from (select a.* from app.articles a
      where a.tenant_id = auth.tenant_id() and a.section_id = section and app.is_readable(a, shown, mine)
      order by a.position, a.id limit most) x
    cross join lateral app.nearest_text(x.id, x.language, lang, fallback) t);
end $$;

-- Of the sections below one and itself (null: of all) those that are shown and that the reader finds something in, or below.
create or replace function app.filled_sections(below bigint, mine bigint[]) returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return array(select distinct p.id from app.sections s cross join lateral unnest(s.path) p (id)
    where s.tenant_id = auth.tenant_id() and s.shown_to = any (mine) and (below is null or below = any (s.path))
      and (exists (select from app.articles a where a.tenant_id = s.tenant_id and a.section_id = s.id and a.audience_id is null
          and a.is_live and (a.expires_at is null or a.expires_at > now()))
        or exists (select from app.articles a where a.tenant_id = s.tenant_id and a.section_id = s.id and a.audience_id = any (mine)
          and a.is_live and (a.expires_at is null or a.expires_at > now()))));
end $$;

-- Where a list goes on from a page of it, and goes back to. keys and ids: what the page's rows are ordered by; more: there are others, in the
-- direction in which it was read; after, before: where it began. Null: that way there is nothing.
create or replace function app.list_ways(at text, keys bigint[], ids bigint[], more boolean, after text, before text, forward text, backward text) returns json
language sql immutable parallel safe
return nullif(jsonb_strip_nulls(jsonb_build_object(
  'previous', case when ids = '{}' then case when coalesce(after, before) is not null then at end
    when case when before is not null then more else after is not null end then format('%s?%s=%s_%s', at, backward, keys[1], ids[1]) end,
  'next', case when ids <> '{}' and (before is not null or more) then format('%s?%s=%s_%s', at, forward, keys[cardinality(keys)], ids[cardinality(ids)]) end)), '{}')::json;

-- A page of a section's articles, in their order: from its beginning, behind a place (after) or before one. with_loose: and then those that are the reader's by an
-- audience of their own, in a section that is not, which no other list has. → {"articles", "ways"}
create or replace function app.articles_page(section bigint, with_loose boolean, lang text, fallback text, mine bigint[], after text, before text, most int, at text) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  shown bigint := (select s.shown_to from app.sections s where s.tenant_id = auth.tenant_id() and s.id = section);
  place bigint := split_part(coalesce(before, after), '_', 1)::bigint;
  is_loose boolean := coalesce(place >> 32, 0) > 0;
  p bigint := coalesce(place & 4294967295, -1);
  i bigint := coalesce(split_part(coalesce(before, after), '_', 2)::bigint, 0);
  keys bigint[];
  ids bigint[];
  more boolean;
begin
  if before is null then
    select array_agg(x.place order by x.place, x.id), array_agg(x.id order by x.place, x.id) into keys, ids from (
      (select a.position::bigint as place, a.id from app.articles a
        where not is_loose and a.tenant_id = auth.tenant_id() and a.section_id = section and (a.position, a.id) > (p, i) and app.is_readable(a, shown, mine)
        order by a.position, a.id limit most + 1)
      union all
      (select 4294967296 + a.position, a.id from app.sections s join app.articles a on a.tenant_id = s.tenant_id and a.section_id = s.id and a.audience_id = any (mine)
        where with_loose and s.tenant_id = auth.tenant_id() and s.id <> section and s.shown_to <> all (mine) and app.is_readable(a, s.shown_to, mine)
          and (a.position, a.id) > (case when is_loose then p else -1 end, case when is_loose then i else 0 end)
        order by a.position, a.id limit most + 1)
      order by 1, 2 limit most + 1) x;
  else
    select array_agg(x.place order by x.place, x.id), array_agg(x.id order by x.place, x.id) into keys, ids from (
      (select a.position::bigint as place, a.id from app.articles a
        where a.tenant_id = auth.tenant_id() and a.section_id = section and (a.position, a.id) < (case when is_loose then 4294967296 else p end, case when is_loose then 0 else i end)
          and app.is_readable(a, shown, mine)
        order by a.position desc, a.id desc limit most + 1)
      union all
      (select 4294967296 + a.position, a.id from app.sections s join app.articles a on a.tenant_id = s.tenant_id and a.section_id = s.id and a.audience_id = any (mine)
        where with_loose and is_loose and s.tenant_id = auth.tenant_id() and s.id <> section and s.shown_to <> all (mine) and app.is_readable(a, s.shown_to, mine)
          and (a.position, a.id) < (p, i)
        order by a.position desc, a.id desc limit most + 1)
      order by 1 desc, 2 desc limit most + 1) x;
  end if;
  keys := coalesce(keys, '{}');
  ids := coalesce(ids, '{}');
  more := cardinality(ids) > most;
  if more then
    -- One that is not shown says that there are others.
    keys := case when before is null then keys[:most] else keys[2:] end;
    ids := case when before is null then ids[:most] else ids[2:] end;
  end if;
  return json_build_object('ways', app.list_ways(at, keys, ids, more, after, before, 'after', 'before'),
    'articles', (select json_agg(json_build_object('title', t.title, 'url', app.article_url(lang, t.slug, a.key), 'language', t.language,
        'about', t.about, 'minutes', t.minutes) order by x.n)
      from unnest(ids) with ordinality x (id, n)
      join app.articles a on a.tenant_id = auth.tenant_id() and a.id = x.id
      cross join lateral app.nearest_text(a.id, a.language, lang, fallback) t));
end $$;

-- A page of sections the same way, that are ordered by keys and ids: there are no more than two thousand in all. → ids in their order, and ways.
create or replace function app.sections_page(keys bigint[], ids bigint[], below text, above text, most int, at text, out shown bigint[], out ways json)
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  begin_at bigint := split_part(coalesce(above, below), '_', 1)::bigint;
  i bigint := split_part(coalesce(above, below), '_', 2)::bigint;
  places bigint[];
  more boolean;
begin
  select coalesce(array_agg(x.place order by x.place, x.id), '{}'), coalesce(array_agg(x.id order by x.place, x.id), '{}') into places, shown from (
    select k.place, k.id from unnest(keys, ids) k (place, id)
    where case when above is not null then (k.place, k.id) < (begin_at, i) when below is not null then (k.place, k.id) > (begin_at, i) else true end
    order by case when above is not null then -k.place else k.place end, case when above is not null then -k.id else k.id end limit most + 1) x;
  more := cardinality(shown) > most;
  if more then
    places := case when above is null then places[:most] else places[2:] end;
    shown := case when above is null then shown[:most] else shown[2:] end;
  end if;
  ways := app.list_ways(at, places, shown, more, below, above, 'below', 'above');
end $$;

-- The newest that the reader may read, of the two hundred newest.
create or replace function app.newest_articles(lang text, fallback text, mine bigint[], most int) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_agg(json_build_object('title', t.title, 'url', app.article_url(lang, t.slug, x.key), 'language', t.language,
      'updated_at', x.updated_at) order by x.changed desc, x.id)
    from (select a.* from (select y.* from app.articles y where y.tenant_id = auth.tenant_id() order by y.changed desc limit 200) a
      join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
      where app.is_readable(a, s.shown_to, mine)
      order by a.changed desc, a.id limit most) x
    cross join lateral app.nearest_text(x.id, x.language, lang, fallback) t);
end $$;

-- The categories with what is right below them. A section whose parent is not shown stands among them, behind them. Each list is told in pages (below and above: of
-- sections; after and before: of articles), and goes on alone.
create or replace function app.knowledge_home(lang text, fallback text, after text, before text, below text, above text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
  root bigint := (select s.id from app.sections s where s.tenant_id = auth.tenant_id() and s.parent_id is null);
  filled bigint[] := app.filled_sections(null, mine);
  at text := '/' || lang || '/kb';
  of_sections boolean := coalesce(below, above) is not null;
  of_articles boolean := coalesce(after, before) is not null and not of_sections;
  c record;
  others json := case when not of_sections then app.articles_page(root, true, lang, fallback, mine, after, before, case when of_articles then 100 else 20 end, at) end;
begin
  if not of_articles then
    select p.shown, p.ways into c from (
      select coalesce(array_agg(x.place), '{}') as keys, coalesce(array_agg(x.id), '{}') as ids from (
        select (cardinality(s.path)::bigint << 32) + s.position as place, s.id from app.sections s
        left join app.sections p on p.tenant_id = s.tenant_id and p.id = s.parent_id and p.parent_id is not null and p.shown_to = any (mine) and p.id = any (filled)
        where s.tenant_id = auth.tenant_id() and s.parent_id is not null and s.shown_to = any (mine) and s.id = any (filled) and p.id is null) x) y
      cross join lateral app.sections_page(y.keys, y.ids, below, above, 100, at) p;
  else
    select '{}'::bigint[] as shown, null::json as ways into c;
  end if;
  return json_build_object(
    'categories', (select json_agg(json_build_object('name', n.name, 'url', app.section_url(lang, n.name, s.key),
        'about', app.in_language(s.abouts, lang, fallback),
        'sections', (select json_agg(json_build_object('name', m.name, 'url', app.section_url(lang, m.name, b.key)) order by b.position, b.id)
          from (select y.* from app.sections y where y.tenant_id = s.tenant_id and y.parent_id = s.id and y.shown_to = any (mine) and y.id = any (filled)
            order by y.position, y.id limit 8) b cross join lateral (select app.in_language(b.names, lang, fallback) as name) m),
        'articles', app.articles_in(s.id, lang, fallback, mine, 5)) order by x.n)
      from unnest(c.shown) with ordinality x (id, n)
      join app.sections s on s.tenant_id = auth.tenant_id() and s.id = x.id
      cross join lateral (select app.in_language(s.names, lang, fallback) as name) n),
    'section_ways', c.ways,
    'others', others->'articles', 'ways', others->'ways',
    'newest', case when not of_articles and not of_sections then app.newest_articles(lang, fallback, mine, 5) end,
    'goes_on', case when of_articles or of_sections then true end);
end $$;

-- A section's page; null: there is none for the reader. Its lists are told in pages, as those of the home are.
create or replace function app.section_here(key text, lang text, fallback text, after text, before text, below text, above text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
  s record;
  called text;
  at text;
  filled bigint[];
  of_sections boolean := coalesce(below, above) is not null;
  c record;
  listed json;
begin
  select x.id, x.key, x.path, x.names, x.abouts into s from app.sections x
    where x.tenant_id = auth.tenant_id() and x.key = section_here.key and x.parent_id is not null and x.shown_to = any (mine);
  if not found then
    return null;
  end if;
  called := app.in_language(s.names, lang, fallback);
  at := app.section_url(lang, called, s.key);
  filled := app.filled_sections(s.id, mine);
  if of_sections or coalesce(after, before) is null then
    select p.shown, p.ways into c from (
      select coalesce(array_agg(x.position::bigint), '{}') as keys, coalesce(array_agg(x.id), '{}') as ids from app.sections x
        where x.tenant_id = auth.tenant_id() and x.parent_id = s.id and x.shown_to = any (mine) and x.id = any (filled)) y
      cross join lateral app.sections_page(y.keys, y.ids, below, above, 100, at) p;
  else
    select '{}'::bigint[] as shown, null::json as ways into c;
  end if;
  if not of_sections then
    listed := app.articles_page(s.id, false, lang, fallback, mine, after, before, 100, at);
  end if;
  return json_build_object('key', s.key, 'name', called, 'slug', app.slug(called), 'about', app.in_language(s.abouts, lang, fallback),
    'crumbs', app.crumbs(s.path[:cardinality(s.path) - 1], lang, fallback, mine),
    'sections', (select json_agg(json_build_object('name', m.name, 'url', app.section_url(lang, m.name, b.key),
        'about', app.in_language(b.abouts, lang, fallback)) order by x.n)
      from unnest(c.shown) with ordinality x (id, n)
      join app.sections b on b.tenant_id = auth.tenant_id() and b.id = x.id
      cross join lateral (select app.in_language(b.names, lang, fallback) as name) m),
    'section_ways', c.ways,
    'articles', listed->'articles', 'ways', listed->'ways',
    'filled', s.id = any (filled),
    'languages', (select json_agg(json_build_object('language', n.key, 'slug', app.slug(n.value)) order by n.key) from jsonb_each_text(s.names) n),
    'everybodys', true);
end $$;

-- Five at most from the same section, those first that share more keywords, then those that stand behind it.
create or replace function app.near_articles(a app.articles, shown bigint, words text[], lang text, fallback text, mine bigint[]) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  -- Where it has no keywords none shares any.
  reach int := case when words = '{}' then 5 else 20 end;
begin
  return (select json_agg(json_build_object('title', t.title, 'url', app.article_url(lang, t.slug, r.key), 'language', t.language) order by r.alike desc, r.before, r.position, r.id)
    from (select x.*, coalesce(k.n, 0) as alike, (x.position, x.id) < (a.position, a.id) as before
      from ((select y.* from app.articles y
          where y.tenant_id = a.tenant_id and y.section_id = a.section_id and (y.position, y.id) > (a.position, a.id) and app.is_readable(y, shown, mine)
          order by y.position, y.id limit reach)
        union all
        (select y.* from app.articles y
          where y.tenant_id = a.tenant_id and y.section_id = a.section_id and (y.position, y.id) < (a.position, a.id) and app.is_readable(y, shown, mine)
          order by y.position desc, y.id desc limit reach)) x
      left join lateral (select max(cardinality(array(select unnest(v.keywords) intersect select unnest(words)))) as n
        from app.article_versions v where v.tenant_id = x.tenant_id and v.article_id = x.id and v.until_change is null and words <> '{}') k on true
      order by alike desc, before, x.position, x.id limit 5) r
    cross join lateral app.nearest_text(r.id, r.language, lang, fallback) t);
end $$;

-- Where a text's links to articles lead: {"/kb/a/<key>": "/sv/kb/…"}, and its pictures and files, "/kb/f/<key>":
-- those alone that the reader may follow and see, five hundred of each.
create or replace function app.article_links(html text, lang text, fallback text, mine bigint[]) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  keys text[];
  files text[];
begin
  if position('"/kb/' in html) = 0 then
    return '{}';
  end if;
  keys := array(select distinct m[1] collate "C" from regexp_matches(html, '"/kb/a/([a-z0-9]{1,32})[#"]', 'g') m limit 500);
  files := array(select distinct m[1] collate "C" from regexp_matches(html, '"/kb/f/([a-z0-9]{1,32})"', 'g') m limit 500);
  return (select coalesce(json_object_agg(x.said, x.url), '{}') from (
    select '/kb/a/' || a.key as said, app.article_url(lang, t.slug, a.key) as url
    from app.articles a
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    cross join lateral app.nearest_text(a.id, a.language, lang, fallback) t
    where a.tenant_id = auth.tenant_id() and a.key = any (keys) and app.is_readable(a, s.shown_to, mine)
    union all
    select '/kb/f/' || f.key, '/kb/f/' || f.key
    from app.files f
    join app.articles a on a.tenant_id = f.tenant_id and a.id = f.article_id
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    where f.tenant_id = auth.tenant_id() and f.key = any (files) and app.is_readable(a, s.shown_to, mine)) x);
end $$;

-- An article's page; null: there is none for the reader. other: it is not there in their language; outdated:
-- what it was translated from says something else by now; everybodys: it may be kept for whoever comes. Who
-- wrote it is told to who is signed in, so that no page that is kept for everybody has a name.
create or replace function app.article_here(key text, lang text, fallback text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
  a app.articles;
  s record;
  t record;
  v record;
begin
  select x.* into a from app.articles x where x.tenant_id = auth.tenant_id() and x.key = article_here.key;
  select x.path, x.shown_to into s from app.sections x where x.tenant_id = a.tenant_id and x.id = a.section_id;
  if a.id is null or not app.is_readable(a, s.shown_to, mine) then
    return null;
  end if;
  select n.*, x.toc into t from app.nearest_text(a.id, a.language, lang, fallback) n
    join app.article_texts x on x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = n.language;
  select x.html, x.keywords, x.from_at, x.translates, coalesce(x.author_id, a.author_id) as author_id into v from app.article_versions x
    where x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = t.language and x.number = t.number;
  return json_build_object('id', a.id, 'key', a.key, 'title', t.title, 'slug', t.slug, 'language', t.language, 'about', t.about,
    'other', case when t.language <> lang and t.language <> split_part(lang, '-', 1) then true end,
    'outdated', case when t.language <> a.language then (
      select json_build_object('url', app.article_url(o.language, o.slug, a.key), 'language', o.language)
      from app.article_texts o where o.tenant_id = a.tenant_id and o.article_id = a.id and o.language = a.language and v.translates < o.number) end,
    'url', app.article_url(lang, t.slug, a.key),
    'html', v.html, 'links', app.article_links(v.html, lang, fallback, mine), 'minutes', t.minutes,
    'toc', case when jsonb_array_length(t.toc) > 1 then (select json_agg(json_build_object('level', e->'level', 'text', e->'text',
        'url', app.article_url(lang, t.slug, a.key) || '#' || (e->>'id')) order by n) from jsonb_array_elements(t.toc) with ordinality x (e, n)) end,
    'keywords', case when v.keywords <> '{}' then to_json(v.keywords) end,
    'created_at', a.created_at, 'updated_at', v.from_at, 'version', t.number,
    'author', case when auth.person_id() is not null then (
      select p.name from app.people p where p.tenant_id = a.tenant_id and p.id = v.author_id) end,
    'crumbs', app.crumbs(s.path, lang, fallback, mine),
    'languages', (select json_agg(json_build_object('language', o.language, 'slug', o.slug) order by o.language)
      from app.article_texts o where o.tenant_id = a.tenant_id and o.article_id = a.id),
    'near', app.near_articles(a, s.shown_to, v.keywords, lang, fallback, mine),
    'everybodys', (select u.level = 1 from app.audiences u where u.tenant_id = a.tenant_id and u.id = coalesce(a.audience_id, s.shown_to)));
end $$;

-- Where an article is that is called by its key, or by the number that it had before it had one.
create or replace function app.article_found(called text, lang text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
  old bigint := case when called ~ '^[0-9]{1,18}$' then called::bigint end;
begin
  return (select app.article_url(lang, t.slug, a.key)
    from app.articles a
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    cross join lateral app.nearest_text(a.id, a.language, lang, app.language_of(auth.portal_id())) t
    where a.tenant_id = auth.tenant_id() and (a.key = called or a.id = old) and app.is_readable(a, s.shown_to, mine)
    order by a.key = called desc limit 1);
end $$;

-- ---- for machines: what everybody may read, and nothing else, whoever asks ---------------------

-- Fifty that were changed last, of the thousand newest, that are there in a language.
create or replace function app.feed_articles(lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('name', (select coalesce(p.name, '') from app.portals p where p.tenant_id = auth.tenant_id() and p.id = auth.portal_id()),
    'articles', (select json_agg(json_build_object('key', x.key, 'title', x.title, 'slug', x.slug, 'about', x.about,
        'published', to_char(x.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'updated', to_char(x.from_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by x.from_at desc, x.key)
      from (select a.key, t.title, t.slug, t.about, a.created_at, v.from_at
        from unnest(app.readable_of(array(select y.id from app.articles y where y.tenant_id = auth.tenant_id() order by y.changed desc limit 1000))) r (id)
        join app.articles a on a.tenant_id = auth.tenant_id() and a.id = r.id
        join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id and t.language = feed_articles.lang
        join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = t.language and v.number = t.number
        order by v.from_at desc, a.key limit 50) x));
end $$;

-- How much of a sitemap an article takes, that may hold fifty thousand addresses and fifty megabytes: each of its
-- languages names the others.
create or replace function app.sitemap_weight(languages bigint) returns bigint
language sql immutable parallel safe
return greatest(languages, languages * languages / 5);

-- The articles behind a key, as many as go into one file; from the beginning, if all do: else where the files begin.
create or replace function app.sitemap_lines(after text) returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off rows 50000 as $$
declare
  full_at constant bigint := 49000;
  offered text[] := app.languages_of(auth.portal_id());
  mine bigint[] := app.readable_audiences();
begin
  if after is null and full_at < (select sum(app.sitemap_weight(x.n)) from (
      select count(*) as n from app.articles a
      join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
      join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id and (offered is null or t.language = any (offered))
      where a.tenant_id = auth.tenant_id() and a.is_live and (a.expires_at is null or a.expires_at > now()) and coalesce(a.audience_id, s.shown_to) = any (mine)
      group by a.key) x) then
    return query
      select '#' || min(z.before) from (
        select y.weight::bigint / full_at as part, lag(y.key, 1, '-') over (order by y.key) as before from (
          select x.key, sum(app.sitemap_weight(x.n)) over (order by x.key) as weight from (
            select a.key, count(*) as n from app.articles a
            join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
            join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id and (offered is null or t.language = any (offered))
            where a.tenant_id = auth.tenant_id() and a.is_live and (a.expires_at is null or a.expires_at > now()) and coalesce(a.audience_id, s.shown_to) = any (mine)
            group by a.key) x) y) z
      group by z.part order by z.part;
    return;
  end if;
  return query
    select json_build_object('key', y.key, 'updated', to_char(y.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'languages', y.languages)::text
    from (select x.key, x.updated_at, l.languages, sum(app.sitemap_weight(l.n)) over (order by x.key) as weight
      from (select a.id, a.key, a.updated_at from app.articles a
        join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
        where a.tenant_id = auth.tenant_id() and a.key > coalesce(after, '') and a.is_live
          and (a.expires_at is null or a.expires_at > now()) and coalesce(a.audience_id, s.shown_to) = any (mine)
        order by a.key limit 50000) x
      cross join lateral (select count(*) as n, json_agg(json_build_object('language', t.language, 'slug', t.slug) order by t.language) as languages
        from app.article_texts t where t.tenant_id = auth.tenant_id() and t.article_id = x.id and (offered is null or t.language = any (offered))) l
      where l.n > 0) y
    -- A little more than a part is, so that none falls between two.
    where y.weight <= full_at + 320 order by y.key;
end $$;
