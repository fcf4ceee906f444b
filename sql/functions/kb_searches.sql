-- What readers look for in the knowledge base (K5): the words, how much they found and whether they went to something of
-- it, by day; nothing of who it was, kept for ninety days. Staff's own searches are not counted.

-- Twenty thousand different ones a day and tenant; what is there already is counted on.
create or replace function auth.take_search() returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.take('kb_search', auth.tenant_id()::text, 20000, interval '1 day')
$$;

-- As it is kept: its words in small letters.
create or replace function app.search_words(q text) returns text
language sql immutable parallel safe
return (select left(string_agg(r.w, ' ' order by r.n), 200) from app.raw_words(q) with ordinality r (w, n));

-- Characters as an address has them.
create or replace function app.in_address(t text) returns text
language sql immutable parallel safe
return (select coalesce(string_agg(case when b between 48 and 57 or b between 65 and 90 or b between 97 and 122 or b in (45, 46, 95, 126) then chr(b) else '%' || upper(lpad(to_hex(b), 2, '0')) end, '' order by n), '')
  from (select n, get_byte(convert_to(t, 'UTF8'), n) as b from generate_series(0, octet_length(t) - 1) n) x);

-- The page of a search; without words only where it is asked. counts: whoever asks may write. What is found leads over a place that
-- counts where the reader went (go).
create or replace function app.search_page_of(q text, lang text, page int, counts boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  answer jsonb := jsonb_build_object('home', '/' || lang || '/kb', 'find', '/' || lang || '/search');
  said text := app.search_words(q);
  at text := '/' || lang || '/search?q=' || app.in_address(q);
begin
  if said is null then
    return answer;
  end if;
  page := coalesce(page, 1);
  answer := answer || app.search_articles(q, lang, page)::jsonb;
  if counts and page = 1 and not coalesce(auth.is_agent(), false) then
    -- Nobody waits for the disk because of it.
    perform set_config('synchronous_commit', 'off', true);
    update app.kb_searches s set count = s.count + 1, hits = (answer->>'count')::int
      where s.tenant_id = auth.tenant_id() and s.day = current_date and s.language = lang and s.q = said;
    if not found and auth.take_search() then
      insert into app.kb_searches as s (tenant_id, language, q, hits) values (auth.tenant_id(), lang, said, (answer->>'count')::int)
        on conflict on constraint kb_searches_pkey do update set count = s.count + 1, hits = excluded.hits;
    end if;
  end if;
  return answer || jsonb_strip_nulls(jsonb_build_object('asked', true, 'from', (page - 1) * app.search_page() + 1, 'several', (answer->>'pages')::int > 1,
    'previous_url', case when page > 1 then at || '&page=' || page - 1 end,
    'next_url', case when page < (answer->>'pages')::int then at || '&page=' || page + 1 end,
    'hits', (select coalesce(jsonb_agg(h || jsonb_build_object('go', '/' || lang || '/search/' || (h->>'key') || '?q=' || app.in_address(q)) order by n), '[]')
      from jsonb_array_elements(answer->'hits') with ordinality x (h, n))));
end $$;

-- Where an article is that somebody goes to from a search, which is counted; null: it is not theirs. typed: from a title that was
-- suggested for these words, which is a search and where it led, in one.
create or replace function app.search_went(key text, q text, lang text, counts boolean, typed boolean) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  id bigint := (app.readable_of(array(select a.id from app.articles a where a.tenant_id = auth.tenant_id() and a.key = search_went.key)))[1];
  said text := app.search_words(q);
  counted boolean;
begin
  if id is null then
    return null;
  end if;
  if counts and not coalesce(auth.is_agent(), false) then
    perform set_config('synchronous_commit', 'off', true);
    update app.kb_searches s set clicks = s.clicks + 1, count = s.count + typed::int
      where s.tenant_id = auth.tenant_id() and s.day = current_date and s.language = lang and s.q = said and (typed or s.clicks < s.count);
    counted := found;
    if not counted and typed and said is not null and auth.take_search() then
      insert into app.kb_searches as s (tenant_id, language, q, hits, clicks) values (auth.tenant_id(), lang, said, 1, 1)
        on conflict on constraint kb_searches_pkey do update set count = s.count + 1, clicks = s.clicks + 1;
      counted := true;
    end if;
    if counted then
      insert into app.kb_clicks as c (tenant_id, language, q, article_id) values (auth.tenant_id(), lang, said, id)
        on conflict on constraint kb_clicks_pkey do update set count = c.count + 1;
    end if;
  end if;
  return (select '/' || lang || '/kb/' || app.in_address(t.slug) || '-' || search_went.key from app.article_text(id, lang) t);
end $$;

-- For staff: what was looked for in so many days (ninety at most) and found nothing; found something that nobody went to; and
-- the most of all, with where they went. Fifty of each.
create or replace function app.search_report(days int, lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (
    with s as materialized (
      select x.language, x.q, sum(x.count)::bigint as count, sum(x.clicks)::bigint as clicks, (array_agg(x.hits order by x.day desc))[1] as hits, max(x.day) as last
      from app.kb_searches x
      where x.tenant_id = auth.tenant_id() and x.day > current_date - coalesce(days, 30) and (lang is null or x.language = lang)
      group by x.language, x.q)
    select json_build_object('days', coalesce(days, 30), 'languages', coalesce(auth.languages(), '{en}'),
      'searches', (select coalesce(sum(s.count), 0) from s), 'different', (select count(*) from s),
      'empty', (select coalesce(sum(s.count), 0) from s where s.hits = 0), 'clicked', (select coalesce(sum(s.clicks), 0) from s),
      'without_result', (select coalesce(json_agg(json_build_object('q', y.q, 'language', y.language, 'count', y.count, 'last', y.last) order by y.count desc, y.q, y.language), '[]')
        from (select * from s where s.hits = 0 order by s.count desc, s.q, s.language limit 50) y),
      'without_click', (select coalesce(json_agg(json_build_object('q', y.q, 'language', y.language, 'count', y.count, 'hits', y.hits, 'last', y.last) order by y.count desc, y.q, y.language), '[]')
        from (select * from s where s.hits > 0 and s.clicks = 0 order by s.count desc, s.q, s.language limit 50) y),
      'most', (select coalesce(json_agg(json_build_object('q', y.q, 'language', y.language, 'count', y.count, 'hits', y.hits, 'clicks', y.clicks, 'last', y.last,
          'articles', (select json_agg(json_build_object('id', z.id, 'title', (app.article_text(z.id, y.language)).title, 'count', z.count) order by z.count desc, z.id)
            from (select c.article_id as id, sum(c.count)::bigint as count from app.kb_clicks c
              where c.tenant_id = auth.tenant_id() and c.language = y.language and c.q = y.q and c.day > current_date - coalesce(days, 30)
              group by c.article_id order by 2 desc limit 3) z)) order by y.count desc, y.q, y.language), '[]')
        from (select * from s order by s.count desc, s.q, s.language limit 50) y)));
end $$;
