-- Reading the knowledge base, where policies cannot say it alone.

-- Of these articles, those that the asker may read now, as policies/knowledge.sql says; for functions
-- that look with the owner's eyes.
create or replace function app.readable_of(wanted bigint[]) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
begin
  return array(select a.id from unnest(wanted) w (id)
    join app.articles a on a.tenant_id = auth.tenant_id() and a.id = w.id
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    where a.is_live and (a.expires_at is null or a.expires_at > now()) and coalesce(a.audience_id, s.shown_to) = any (mine));
end $$;

-- An article's text in the language nearest to one.
create or replace function app.article_text(article bigint, lang text) returns app.article_texts
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.article_texts;
begin
  select x.* into t from app.article_texts x
    where x.tenant_id = auth.tenant_id() and x.article_id = article
    order by x.language = lang desc, x.language = split_part(lang, '-', 1) desc,
      x.language = (select po.locale from app.portals po where po.tenant_id = x.tenant_id and po.id = auth.portal_id()) desc,
      x.language = (select a.language from app.articles a where a.tenant_id = x.tenant_id and a.id = x.article_id) desc, x.language limit 1;
  return t;
end $$;

-- ---- pages: by policy, so that what is not the reader's is not there ----------------------------

-- What lies over something, as far as it is shown, from the category on.
create or replace function app.crumbs(path bigint[], lang text, fallback text) returns json
language sql stable
return (select coalesce(json_agg(json_build_object('key', s.key, 'name', app.in_language(s.names, lang, fallback),
    'slug', app.slug(app.in_language(s.names, lang, fallback))) order by p.n), '[]')
  from unnest(path) with ordinality p (id, n)
  join app.sections s on s.tenant_id = (select auth.tenant_id()) and s.id = p.id and s.parent_id is not null);

-- Articles of a section for a list: a hundred from a position on.
create or replace function app.articles_in(section bigint, lang text, after_position int, after_id bigint, most int) returns json
language sql stable
return (select coalesce(json_agg(json_build_object('key', x.key, 'title', t.title, 'slug', t.slug, 'language', t.language,
    'about', t.about, 'minutes', t.minutes, 'position', x.position, 'id', x.id) order by x.position, x.id), '[]')
  from (select a.id, a.key, a.position from app.articles a
    where a.tenant_id = (select auth.tenant_id()) and a.section_id = section and (a.position, a.id) > (after_position, after_id)
    order by a.position, a.id limit most) x
  cross join lateral (select (app.article_text(x.id, lang)).*) t);

-- The categories with what is right below them, and how many articles each shows.
create or replace function app.knowledge_home(lang text, fallback text) returns json
language sql stable
return (
  with shown as materialized (
    select s.id, s.key, s.parent_id, s.position, s.names, s.abouts, s.path from app.sections s where s.tenant_id = (select auth.tenant_id())),
  counted as (
    select a.section_id as id, count(*)::int as n from app.articles a where a.tenant_id = (select auth.tenant_id()) group by a.section_id),
  totals as (
    select p.id, sum(c.n)::int as n from counted c join shown s on s.id = c.id cross join lateral unnest(s.path) p (id) group by p.id)
  select json_build_object('sections', (select coalesce(json_agg(json_build_object('key', s.key, 'id', s.id,
      'parent', case when cardinality(s.path) > 2 then s.parent_id end, 'name', n.name, 'slug', app.slug(n.name),
      'about', app.in_language(s.abouts, lang, fallback), 'articles', t.n) order by cardinality(s.path), s.position, s.id), '[]')
    from shown s join totals t on t.id = s.id
    cross join lateral (select app.in_language(s.names, lang, fallback) as name) n
    where s.parent_id is not null and cardinality(s.path) <= 3)));

-- A section's page; null: there is none for the reader.
create or replace function app.section_here(key text, lang text, fallback text, after_position int, after_id bigint) returns json
language sql stable
return (select json_build_object('key', s.key, 'name', n.name, 'slug', app.slug(n.name), 'about', app.in_language(s.abouts, lang, fallback),
    'crumbs', app.crumbs(s.path[:cardinality(s.path) - 1], lang, fallback),
    'sections', (select coalesce(json_agg(json_build_object('key', c.key, 'name', m.name, 'slug', app.slug(m.name),
        'about', app.in_language(c.abouts, lang, fallback)) order by c.position, c.id), '[]')
      from app.sections c cross join lateral (select app.in_language(c.names, lang, fallback) as name) m
      where c.tenant_id = s.tenant_id and c.parent_id = s.id),
    'articles', app.articles_in(s.id, lang, after_position, after_id, 100))
  from app.sections s cross join lateral (select app.in_language(s.names, lang, fallback) as name) n
  where s.tenant_id = (select auth.tenant_id()) and s.key = section_here.key and s.parent_id is not null);

-- An article's page; null: there is none for the reader. other: it is not there in their language.
-- everybodys: it may be kept for whoever comes.
create or replace function app.article_here(key text, lang text, fallback text) returns json
language sql stable
return (select json_build_object('id', a.id, 'key', a.key, 'title', t.title, 'slug', t.slug, 'language', t.language,
    'other', case when t.language <> lang and t.language <> split_part(lang, '-', 1) then true end,
    'html', v.html, 'toc', case when jsonb_array_length(t.toc) > 1 then t.toc end, 'minutes', t.minutes,
    'keywords', case when v.keywords <> '{}' then to_json(v.keywords) end,
    'created_at', a.created_at, 'updated_at', v.from_at, 'version', v.number,
    'crumbs', app.crumbs((select s.path from app.sections s where s.tenant_id = a.tenant_id and s.id = a.section_id), lang, fallback),
    'languages', (select json_agg(json_build_object('language', o.language, 'slug', o.slug) order by o.language)
      from app.article_texts o where o.tenant_id = a.tenant_id and o.article_id = a.id),
    'near', (select json_agg(json_build_object('key', r.key, 'title', rt.title, 'slug', rt.slug, 'language', rt.language) order by r.n desc, r.position, r.id)
      from (select x.id, x.key, x.position, cardinality(array(select unnest(xv.keywords) intersect select unnest(v.keywords))) as n
        from (select y.id, y.key, y.position from app.articles y where y.tenant_id = a.tenant_id and y.section_id = a.section_id and y.id <> a.id
          order by y.position, y.id limit 100) x
        left join app.article_versions xv on xv.tenant_id = a.tenant_id and xv.article_id = x.id and xv.language = t.language and xv.until_change is null
        order by n desc, x.position, x.id limit 5) r
      cross join lateral (select (app.article_text(r.id, lang)).*) rt),
    'everybodys', coalesce((select u.level = 1 from app.audiences u where u.tenant_id = a.tenant_id
      and u.id = coalesce(a.audience_id, (select s.shown_to from app.sections s where s.tenant_id = a.tenant_id and s.id = a.section_id))), false))
  from app.articles a
  cross join lateral (select (app.article_text(a.id, lang)).*) t
  join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = t.language and v.until_change is null
  where a.tenant_id = (select auth.tenant_id()) and a.key = article_here.key);
