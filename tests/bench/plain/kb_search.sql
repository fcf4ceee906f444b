\set n random(0, :last)
with asked as materialized (
  select z.q, array_agg(x.p order by x.n) as ws, array_agg(x.s order by x.n) as ss, app.mark_pattern(array_agg(x.p order by x.n), array_agg(x.s order by x.n)) as pattern
  from (select (:questions::text[])[1 + :n] as q) z
  cross join lateral (select r.n, app.plain_word(r.w) as p, coalesce(upper((ts_lexize('english_stem', r.w))[1]), '') as s
    from app.raw_words(z.q) with ordinality r (w, n)) x group by z.q),
query as materialized (
  select string_agg('(' || app.looked_up(w, k || '+') || s.parts || ')', '&')::tsquery as parts,
    string_agg('(' || app.looked_up(w, k || '-') || s.heads || ')', '&')::tsquery as heads,
    string_agg('(' || quote_literal(k || '+=' || w) || s.whole || ')', '&')::tsquery as whole
  from asked, app.words_key(:tenant) k, unnest(ws, ss) y (w, s)
  cross join lateral (select case when y.s <> '' then format('|%L|%s', k || '+' || left(y.s, 16), app.looked_up(lower(y.s), k || '+')) else '' end as parts,
    case when y.s <> '' then format('|%L|%s', k || '-' || left(y.s, 16), app.looked_up(lower(y.s), k || '-')) else '' end as heads,
    case when y.s <> '' then format('|%L|%L', k || '+' || left(y.s, 16), k || '+=' || lower(y.s)) else '' end as whole) s),
places as materialized (select 2 * s.id + 1 as place from app.sections s where s.tenant_id = :tenant and s.shown_to in (1, 2)),
h as materialized (
  select x.article_id, x.place from app.article_texts x where x.tenant_id = :tenant and app.word_pieces(x.tenant_id, true, x.heads) @@ (select heads from query)),
titled as materialized (
  select c.article_id as id, b.score, length(t.heads) as size
  from (select article_id from h where (place in (select place from places)) is true limit 301) c
  join app.articles a on a.tenant_id = :tenant and a.id = c.article_id and a.is_live and (a.expires_at is null or a.expires_at > now())
  join app.article_texts t on t.tenant_id = :tenant and t.article_id = c.article_id and t.language = 'en'
  cross join lateral (select sum(v) as score, min(v) as least from (select app.word_weight(t.heads, '', w, s) as v from asked, unnest(ws, ss) y (w, s)) e) b
  where b.least > 0),
w as materialized (
  select x.article_id, x.place from app.article_texts x where (select count(*) from titled) < 100 and x.tenant_id = :tenant and app.article_pieces(x.tenant_id, x.words) @@ (select whole from query)),
told as materialized (
  select article_id as id from (select article_id from w where (place in (select place from places)) is true limit 300) y union select id from titled),
p as materialized (
  select x.article_id, x.place from app.article_texts x where (select count(*) from told) <= 100 and x.tenant_id = :tenant and app.article_pieces(x.tenant_id, x.words) @@ (select parts from query)),
part as materialized (select article_id as id from p where (place in (select place from places)) is true limit 201),
weighed as materialized (
  select id, score, size from titled where (select count(*) from titled) >= 100
  union all
  select c.id, b.score, length(t.heads)
  from told c
  join app.articles a on a.tenant_id = :tenant and a.id = c.id and a.is_live and (a.expires_at is null or a.expires_at > now())
  join app.article_texts t on t.tenant_id = :tenant and t.article_id = c.id and t.language = 'en'
  cross join lateral (select sum(greatest(app.word_weight(t.heads, '', w, s), 4)) as score from asked, unnest(ws, ss) y (w, s)) b
  where (select count(*) from titled) < 100 and (select count(*) from told) > 100
  union all
  select c.id, b.score, length(t.heads)
  from (select id from told where (select count(*) from told) <= 100 union select id from part) c
  join app.articles a on a.tenant_id = :tenant and a.id = c.id and a.is_live and (a.expires_at is null or a.expires_at > now())
  join app.article_texts t on t.tenant_id = :tenant and t.article_id = c.id and t.language = 'en'
  cross join lateral (select t.words || '' as words offset 0) x
  cross join lateral (select sum(v) as score, min(v) as least from (select app.word_weight(t.heads, x.words, w, s) as v from asked, unnest(ws, ss) y (w, s)) e) b
  where (select count(*) from told) <= 100 and b.least > 0),
best as materialized (select id, row_number() over (order by score desc, size, id) as n from weighed order by 2 limit 100),
hits as (
  select b.n, a.id, a.key, t.title, t.about, t.slug, t.language, v.html, case when s.parent_id is not null and s.shown_to in (1, 2) then s.names->>'en' end as section
  from best b
  join app.articles a on a.tenant_id = :tenant and a.id = b.id
  join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
  join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id and t.language = 'en'
  join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = t.language and v.number = t.number
  where b.n <= 10)
select json_build_object('q', asked.q, 'count', (select count(*) from best),
  'more', ((select count(*) from titled) >= 100 or (select count(*) from told) > 100 or (select count(*) from part) > 200 or (select count(*) from weighed) > 100), 'loose', false, 'page', 1,
  'pages', ceil((select count(*) from best) / 10.0)::int,
  'hits', (select coalesce(json_agg(json_build_object('id', h.id, 'key', h.key, 'title', app.mark_text(h.title, asked.pattern),
      'text', coalesce(app.text_excerpt(h.html, asked.ws, asked.ss, asked.pattern), json_build_array(json_build_array(h.about, false))),
      'url', '/en/kb/' || h.slug || '-' || h.key, 'language', h.language, 'section', h.section) order by h.n), '[]') from hits h))
from asked
