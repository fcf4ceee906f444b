\set n random(0, :last)
with a as materialized (
  select a.id, a.key, a.section_id, a.position, a.language, a.created_at, s.path, s.shown_to, u.level = 1 as everybodys
  from app.articles a
  join app.sections s on s.tenant_id = :tenant and s.id = a.section_id
  join app.audiences u on u.tenant_id = :tenant and u.id = coalesce(a.audience_id, s.shown_to)
  where a.tenant_id = :tenant and a.key = (:keys::text[])[1 + :n] and a.is_live and (a.expires_at is null or a.expires_at > now()) and coalesce(a.audience_id, s.shown_to) = 1),
t as materialized (
  select a.*, t.title, t.slug, t.language as said_in, t.about, t.minutes, t.toc, t.number, v.html, v.keywords, v.from_at, v.translates
  from a
  cross join lateral (select x.* from app.article_texts x where x.tenant_id = :tenant and x.article_id = a.id order by x.language = 'en' desc, x.language = a.language desc, x.language limit 1) t
  join app.article_versions v on v.tenant_id = :tenant and v.article_id = a.id and v.language = t.language and v.number = t.number),
near as materialized (
  select x.id, x.key, x.position, x.language, x.before, coalesce(k.n, 0) as alike
  from t cross join lateral (
    (select y.*, false as before from app.articles y where y.tenant_id = :tenant and y.section_id = t.section_id and (y.position, y.id) > (t.position, t.id)
        and y.is_live and (y.expires_at is null or y.expires_at > now()) and coalesce(y.audience_id, t.shown_to) = 1 order by y.position, y.id limit 20)
    union all
    (select y.*, true from app.articles y where y.tenant_id = :tenant and y.section_id = t.section_id and (y.position, y.id) < (t.position, t.id)
        and y.is_live and (y.expires_at is null or y.expires_at > now()) and coalesce(y.audience_id, t.shown_to) = 1 order by y.position desc, y.id desc limit 20)) x
  left join lateral (select max(cardinality(array(select unnest(v.keywords) intersect select unnest(t.keywords)))) as n
    from app.article_versions v where v.tenant_id = :tenant and v.article_id = x.id and v.until_change is null and t.keywords <> '{}') k on true
  order by alike desc, x.before, x.position, x.id limit 5)
select json_build_object('id', t.id, 'key', t.key, 'title', t.title, 'slug', t.slug, 'language', t.said_in, 'about', t.about,
  'other', case when t.said_in <> 'en' then true end,
  'outdated', case when t.said_in <> t.language then (select json_build_object('url', '/' || o.language || '/kb/' || o.slug || '-' || t.key, 'language', o.language)
    from app.article_texts o where o.tenant_id = :tenant and o.article_id = t.id and o.language = t.language and t.translates < o.number) end,
  'url', '/en/kb/' || t.slug || '-' || t.key, 'html', t.html,
  'links', case when position('"/kb/' in t.html) = 0 then '{}'::json else (
    select json_object_agg('/kb/a/' || o.key, '/en/kb/' || x.slug || '-' || o.key)
    from (select distinct m[1] collate "C" as key from regexp_matches(t.html, '"/kb/a/([a-z0-9]{1,32})[#"]', 'g') m limit 500) m
    join app.articles o on o.tenant_id = :tenant and o.key = m.key and o.is_live
    join app.article_texts x on x.tenant_id = :tenant and x.article_id = o.id and x.language = 'en') end,
  'minutes', t.minutes,
  'toc', case when jsonb_array_length(t.toc) > 1 then (select json_agg(json_build_object('level', e->'level', 'text', e->'text', 'url', '/en/kb/' || t.slug || '-' || t.key || '#' || (e->>'id')) order by n)
    from jsonb_array_elements(t.toc) with ordinality x (e, n)) end,
  'keywords', case when t.keywords <> '{}' then to_json(t.keywords) end,
  'created_at', t.created_at, 'updated_at', t.from_at, 'version', t.number,
  'crumbs', (select json_agg(json_build_object('name', s.names->>'en', 'url', '/en/kb/s/' || app.slug(s.names->>'en') || '-' || s.key) order by p.n)
    from unnest(t.path) with ordinality p (id, n) join app.sections s on s.tenant_id = :tenant and s.id = p.id and s.parent_id is not null and s.shown_to = 1),
  'languages', (select json_agg(json_build_object('language', o.language, 'slug', o.slug) order by o.language) from app.article_texts o where o.tenant_id = :tenant and o.article_id = t.id),
  'near', (select json_agg(json_build_object('title', x.title, 'url', '/en/kb/' || x.slug || '-' || n.key, 'language', x.language) order by n.alike desc, n.before, n.position, n.id)
    from near n cross join lateral (select y.title, y.slug, y.language from app.article_texts y where y.tenant_id = :tenant and y.article_id = n.id
      order by y.language = 'en' desc, y.language = n.language desc, y.language limit 1) x),
  'everybodys', t.everybodys)
from t
