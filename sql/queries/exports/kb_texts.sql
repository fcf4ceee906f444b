-- Texts of articles that the asker reads, as they were at a change. Streamed (db_stream). lines: place, language, and as texts: what is said of one, a line end,
-- and it; titles: without it. m: there is more, from here on.
-- => text
-- reads
-- :form made text
-- :ids made text
-- :last_language made text?
-- :as_of made bigint
-- :language made text?
with picked as materialized (
  select w.n, a.key, a.language as first_language, a.created_at, a.position, a.audience_id, s.key as section, s.parent_id is null as at_root,
    v.language, v.number, v.title, v.keywords, v.html, v.from_at,
    case when :'form' = 'lines' then array_agg(v.language) over (partition by w.n) end as languages
  from unnest(string_to_array(:'ids', ',')::bigint[]) with ordinality w (id, n)
  join app.articles a on a.tenant_id = (select auth.tenant_id()) and a.id = w.id
  join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id
    and v.from_change <= :'as_of' and (v.until_change is null or v.until_change > :'as_of')
  left join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id),
counted as (
  select p.*, row_number() over o as turn, case when :'form' = 'titles' then 0 else sum(octet_length(p.html)) over o - octet_length(p.html) end as before
  from picked p
  where (:'language' is null or p.language = :'language')
    and (p.n > 1 or :'last_language' is null or p.language collate "C" > :'last_language' collate "C")
  window o as (order by p.n, p.language collate "C")),
-- A text is unpacked once, and only if it goes along.
here as (
  select c.*, coalesce(lag(c.before) over (order by c.turn), 0) as last, case when c.turn <= 200 and c.before < 1310720 and :'form' <> 'titles' then c.html || '' end as body
  from counted c where c.turn <= 201)
select case when h.turn > 200 or h.before >= 1310720 then 'm' || h.n
  when :'form' = 'lines' then 't' || h.n || E'\t' || h.language || E'\t' || json_build_object('kind', 'article', 'cursor', 'a.' || h.key || '.' || h.language, 'key', h.key, 'language', h.language,
    'section', case when not h.at_root then h.section end, 'position', h.position, 'title', h.title, 'keywords', h.keywords, 'version', h.number,
    'first_language', h.first_language, 'languages', (select array_agg(l order by l collate "C") from unnest(h.languages) l),
    'created_at', app.iso_time(h.created_at), 'updated_at', app.iso_time(h.from_at)) || E'\n' || h.body
  else 't' || json_build_object('n', h.n, 'key', h.key, 'language', h.language, 'section', case when not h.at_root then h.section end, 'title', h.title, 'number', h.number,
    'position', h.position, 'first_language', nullif(h.first_language, h.language),
    'audience', case when :'form' = 'texts' and h.audience_id is not null then app.export_audience(h.audience_id) end,
    'keywords', h.keywords, 'created_at', app.iso_time(h.created_at), 'updated_at', app.iso_time(h.from_at),
    'links', case when :'form' = 'texts' and position('/kb/a/' in h.body) > 0 then app.export_links(h.body, h.language, :'as_of') end)
    || case when :'form' = 'texts' then E'\n' || h.body else '' end end
from here h where h.last < 1310720 order by h.turn
