-- Search of the knowledge base (K5): what readers find, in their language, and how it is told.
-- schema/knowledge.sql has the indexes; words and their pieces are as in tickets (search.sql).

-- ---- taking in ------------------------------------------------------------------------

-- The places of all that the asker reads, as texts have them (article_texts.place).
create or replace function app.readable_places() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
begin
  return array(select 2 * m from unnest(mine) m union all
    select 2 * s.id + 1 from app.sections s where s.tenant_id = auth.tenant_id() and s.shown_to = any (mine));
end $$;

-- A text that goes live: where it lies, what it is called by, and its words for who mistypes them.
create or replace function app.text_found() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  select coalesce(2 * a.audience_id, 2 * a.section_id + 1) into new.place from app.articles a
    where a.tenant_id = new.tenant_id and a.id = new.article_id;
  new.heads := app.more_words(' ', app.words_of(concat_ws(E'\n', new.title, (select array_to_string(v.keywords, E'\n') from app.article_versions v
    where v.tenant_id = new.tenant_id and v.article_id = new.article_id and v.language = new.language and v.number = new.number)), new.language));
  insert into app.article_words (tenant_id, word)
    select new.tenant_id, x.w from (select distinct w from string_to_table(new.words, ' ') w
      where length(w) between 4 and 24 and ascii(w) >= 97 and ascii(w) < 11904 and w !~ '[0-9]') x order by x.w
    on conflict do nothing;
  return new;
end $$;

-- An article that moves, or is somebody else's to read, with its texts.
create or replace function app.texts_moved() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  update app.article_texts t set place = coalesce(2 * new.audience_id, 2 * new.section_id + 1)
    where t.tenant_id = new.tenant_id and t.article_id = new.id;
  return null;
end $$;

-- ---- what is asked --------------------------------------------------------------------

-- How many letters' work it is to make one word of another that has a slip in common with it: 1 or, of
-- long words, 2. Null: too much. Of short ones the first letter is taken to be right.
create or replace function app.slip_size(a text, b text) returns int
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  most int := greatest(length(a), length(b));
  least_ int := least(length(a), length(b));
  p int := 0;
  s int := 0;
begin
  while p < least_ and substr(a, p + 1, 1) = substr(b, p + 1, 1) loop
    p := p + 1;
  end loop;
  while s < least_ - p and substr(a, length(a) - s, 1) = substr(b, length(b) - s, 1) loop
    s := s + 1;
  end loop;
  return case when p = 0 and least_ < 6 then null
    when most - p - s <= 1 or length(a) = length(b) and most - p - s = 2 and reverse(substr(a, p + 1, 2)) = substr(b, p + 1, 2) then 1
    when least_ >= 8 then 2 end;
end $$;

-- Words of the tenant's articles that this one may be a mistyped one of, the likeliest first. As
-- auth.article_texts_with(): the index is read with no policy in its way.
create or replace function auth.similar_words(w text) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  return array(
    select z.word from (
      select y.word, app.slip_size(y.word, w) as size
      from (select x.word from app.article_words x where x.tenant_id = auth.tenant_id()
        and app.slips(x.tenant_id, x.word) && app.slips(auth.tenant_id(), w) limit 200) y where y.word <> w) z
    where z.size is not null order by z.size, length(z.word) = length(w) desc, z.word limit 8);
end $$;

-- A question about articles, in groups (gs) of which each is to be found: by the word that was asked for, or by
-- other words for the same (alts), all words of which are to be there. Beside a word its stems in the languages of page
-- and portal, as app.read_search() has them, and how much it counts. Little words are left out unless there are
-- no others; of a run of Japanese what is in kanji or katakana is asked for. strict: more than sixteen are
-- refused, else left out.
create or replace function app.ask_articles(q text, langs text[], strict boolean,
  out gs int[], out alts int[], out ws text[], out ss text[], out weights real[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  exact text[] := case when q ~ '["“”„‟«»「」『』＂｢｣]'
    then array(select left(app.plain_word(w), 64) from app.quoted(q) t, app.raw_words(t) w) else '{}' end;
  toks text[];
  stems text[];
  roots text[];
  little boolean[];
  seen text[] := '{}';
  span record;
  other record;
  i int := 1;
  g int := 0;
begin
  if q is null or char_length(q) > 200 or not app.is_line(q) then
    raise exception using errcode = 'PT422', constraint = case when q is null then 'search_q.required' when char_length(q) > 200 then 'search_q.too_long' else 'search_q.wrong' end, message = 'one line of 1 to 200 characters';
  end if;
  select array_agg(x.t order by x.n, x.k), array_agg(x.s order by x.n, x.k), array_agg(x.root order by x.n, x.k), array_agg(x.little order by x.n, x.k)
    into toks, stems, roots, little
  from (
    select r.n, m.k, m.t, case when m.t <> all (exact) then coalesce((select string_agg(distinct s, ',') from unnest(langs) l, app.stem(r.w, l) s), '') end as s,
      coalesce(lower(app.stem(r.w, langs[1])), m.t) as root,
      m.t <> all (exact) and ascii(m.t) < 11904 and (length(m.t) < 2 or coalesce(ts_lexize(app.stemmer(langs[1]), r.w) = '{}', false)) as little
    from app.raw_words(q) with ordinality r (w, n)
    cross join lateral (
      select y.m[1] as t, y.k from regexp_matches(r.w, '[\u3400-\u9fff々]{2,}|[ァ-ヺー]{2,}', 'g') with ordinality y (m, k)
        where ascii(r.w) >= 11904 and r.w <> all (exact)
      union all
      select case when ascii(r.w) >= 11904 then r.w else left(app.plain_word(r.w), 64) end, 1
        where ascii(r.w) < 11904 or r.w = any (exact) or r.w !~ '[\u3400-\u9fff々]{2,}|[ァ-ヺー]{2,}') m
    where m.t <> '') x;
  if toks is null then
    raise exception using errcode = 'PT422', constraint = 'search_q.required', message = 'there is no word in it';
  end if;
  if false <> all (little) then
    little := array_fill(false, array[cardinality(toks)]);
  end if;
  gs := '{}'; alts := '{}'; ws := '{}'; ss := '{}'; weights := '{}';
  while i <= cardinality(toks) loop
    -- The longest run of words from here that has others for the same.
    select n.len, s.id, s.language, s.root into span from generate_series(least(4, cardinality(toks) - i + 1), 1, -1) n (len)
      join app.synonyms s on s.tenant_id = auth.tenant_id() and s.language = any (array[langs[1], split_part(langs[1], '-', 1)])
        and s.root = array_to_string(roots[i:i + n.len - 1], ' ')
      where toks[i] <> all (exact) order by n.len desc, s.id limit 1;
    if span.id is not null and toks[i] <> all (seen) then
      g := g + 1;
      gs := gs || array_fill(g, array[span.len]); alts := alts || array_fill(0, array[span.len]);
      ws := ws || toks[i:i + span.len - 1]; ss := ss || stems[i:i + span.len - 1]; weights := weights || array_fill(1::real, array[span.len]);
      seen := seen || toks[i:i + span.len - 1];
      for other in
        select s.position + 1 as alt, case when ascii(r.w) >= 11904 then r.w else left(app.plain_word(r.w), 64) end as t, coalesce(app.stem(r.w, s.language), '') as stem
        from app.synonyms s cross join lateral app.raw_words(s.word) r (w)
        where s.tenant_id = auth.tenant_id() and s.id = span.id and s.root <> span.root and cardinality(ws) < 100
      loop
        gs := gs || g; alts := alts || other.alt; ws := ws || other.t; ss := ss || other.stem; weights := weights || 0.8::real;
      end loop;
      i := i + span.len;
    else
      if not little[i] and toks[i] <> all (seen) then
        g := g + 1;
        gs := gs || g; alts := alts || 0; weights := weights || 1::real; ss := ss || stems[i];
        -- A long vowel at the end is written or not.
        ws := ws || case when length(toks[i]) > 2 then rtrim(toks[i], 'ー') else toks[i] end;
        seen := seen || toks[i];
      end if;
      i := i + 1;
    end if;
    if g > 16 then
      if strict then
        raise exception using errcode = 'PT422', constraint = 'search_q.too_many', message = 'sixteen words at most';
      end if;
      exit;
    end if;
  end loop;
end $$;

-- The same with what may have been meant, where a word was mistyped: of Japanese a half of it.
create or replace function app.mistyped(gs int[], alts int[], ws text[], ss text[], weights real[],
  out gs2 int[], out alts2 int[], out ws2 text[], out ss2 text[], out weights2 real[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  select gs || array_agg(x.g), alts || array_agg((100 + x.n)::int), ws || array_agg(x.w), ss || array_agg(''::text), weights || array_agg(0.5::real)
    into gs2, alts2, ws2, ss2, weights2
  from (
    select y.g, s.w, 10 * y.n + s.k as n from unnest(gs, alts, ws, ss) with ordinality y (g, alt, w, s, n)
    cross join lateral (
      select z.w, z.k from unnest(case when ascii(y.w) < 11904 and length(y.w) between 4 and 24 then auth.similar_words(y.w)
        when ascii(y.w) >= 11904 and length(y.w) >= 4 then array[left(y.w, (length(y.w) + 1) / 2), right(y.w, (length(y.w) + 1) / 2)] end) with ordinality z (w, k)) s
    where y.alt = 0 and y.s is not null
      -- Of several that stand for one another together none is meant alone.
      and (select count(*) from unnest(gs, alts) z (g, alt) where z.g = y.g and z.alt = 0) = 1) x;
end $$;

-- The question to an index: all groups, or the one.
create or replace function app.groups_query(gs int[], alts int[], ws text[], ss text[], heads boolean, one int) returns tsquery
language sql stable
return (
  select string_agg('(' || y.said || ')', '&')::tsquery from (
    select x.g, string_agg('(' || x.said || ')', '|') as said from (
      select t.g, t.alt, string_agg('(' || app.looked_up(t.w, k.key) || coalesce((select string_agg(format('|%L|%s', k.key || left(z, 16), app.looked_up(lower(z), k.key)), '')
        from string_to_table(nullif(t.s, ''), ',') z), '') || ')', '&') as said
      from unnest(gs, alts, ws, ss) t (g, alt, w, s), (select app.words_key(auth.tenant_id()) || case when heads then '-' else '+' end as key) k
      where one is null or t.g = one group by t.g, t.alt) x
    group by x.g) y);

-- The same for what has the words whole, or their stems: what it finds need not be looked into. Of Japanese, and of
-- what is in it, pieces as above.
create or replace function app.whole_query(gs int[], alts int[], ws text[], ss text[]) returns tsquery
language sql stable
return (
  select string_agg('(' || y.said || ')', '&')::tsquery from (
    select x.g, string_agg('(' || x.said || ')', '|') as said from (
      select t.g, t.alt, string_agg('(' || case when ascii(t.w) < 11904 then quote_literal(k.key || '=' || t.w) else app.looked_up(t.w, k.key) end
          || coalesce((select string_agg(format('|%L|%L', k.key || left(z, 16), k.key || '=' || lower(z)), '') from string_to_table(nullif(t.s, ''), ',') z), '') || ')', '&') as said
      from unnest(gs, alts, ws, ss) t (g, alt, w, s), (select app.words_key(auth.tenant_id()) || '+' as key) k
      group by t.g, t.alt) x
    group by x.g) y);

-- ---- what is found --------------------------------------------------------------------

-- Texts of the tenant whose pieces fit (of title and keywords, or all), that lie where the asker reads (null: everywhere) and are what is
-- shown to readers of these languages (as app.article_text() has it); some when there are more. @@ is of no use to
-- an index under a policy: so this is the door's, reads the one tenant's entries, and gives ids alone.
create or replace function auth.article_texts_with(q tsquery, in_heads boolean, places bigint[], langs text[], most int)
returns table (article_id bigint, language text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  return query
    with h as materialized (
      select x.article_id, x.language, x.place from app.article_texts x
      where in_heads and x.tenant_id = auth.tenant_id() and app.word_pieces(x.tenant_id, true, x.heads) @@ q),
    t as materialized (
      select x.article_id, x.language, x.place from app.article_texts x
      where not in_heads and x.tenant_id = auth.tenant_id() and app.article_pieces(x.tenant_id, x.words) @@ q)
    select c.article_id, c.language from (select * from h union all select * from t) c
    where (places is null or (c.place in (select unnest(places))) is true)
      and (c.language = langs[1] or not exists (
        select from app.article_texts o join app.articles a on a.tenant_id = o.tenant_id and a.id = o.article_id
        where o.tenant_id = auth.tenant_id() and o.article_id = c.article_id and o.language <> c.language
          and (coalesce(array_position(langs, o.language), case when o.language = a.language then 100 else 101 end), o.language)
            < (coalesce(array_position(langs, c.language), case when c.language = a.language then 100 else 101 end), c.language)))
    limit most;
end $$;

-- How much a word counts in a text: more in title and keywords, and more when it is all of a word, its stem, or
-- the beginning of one. 0: it is not there.
create or replace function app.word_weight(heads text, words text, w text, s text) returns real
language sql immutable parallel safe
-- No subselect, so that it is a part of the statement that asks: of two languages there are two stems at most.
return case
  when strpos(heads, ' ' || w || ' ') > 0 then 12
  when s <> '' and (strpos(heads, ' ' || split_part(s, ',', 1) || ' ') > 0 or strpos(heads, ' ' || lower(split_part(s, ',', 1)) || ' ') > 0
    or strpos(heads, ' ' || split_part(s, ',', -1) || ' ') > 0 or strpos(heads, ' ' || lower(split_part(s, ',', -1)) || ' ') > 0) then 10
  when s is not null and strpos(heads, ' ' || w) > 0 then 8
  when s is not null and (length(w) > 2 or ascii(w) >= 11904) and strpos(heads, w) > 0 then 6
  when strpos(words, ' ' || w || ' ') > 0 then 4
  when s <> '' and (strpos(words, ' ' || split_part(s, ',', 1) || ' ') > 0 or strpos(words, ' ' || lower(split_part(s, ',', 1)) || ' ') > 0
    or strpos(words, ' ' || split_part(s, ',', -1) || ' ') > 0 or strpos(words, ' ' || lower(split_part(s, ',', -1)) || ' ') > 0) then 3
  when s is not null and strpos(words, ' ' || w) > 0 then 2.5
  when s is not null and (length(w) > 2 or ascii(w) >= 11904) and strpos(words, w) > 0 then 2
  else 0 end;

-- Of these texts those that are live now and hold one of the groups at least, with which of them and how well.
create or replace function app.weigh_texts(ids bigint[], languages text[], gs int[], alts int[], ws text[], ss text[], weights real[])
returns table (id bigint, language text, score real, hit int[], size int)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select c.id, c.language, b.score, b.hit, length(t.heads)
    from (select distinct u.id, u.language from unnest(ids, languages) u (id, language)) c
    join app.articles a on a.tenant_id = auth.tenant_id() and a.id = c.id and a.is_live and (a.expires_at is null or a.expires_at > now())
    join app.article_texts t on t.tenant_id = auth.tenant_id() and t.article_id = c.id and t.language = c.language
    -- Fetched once, however many words there are.
    cross join lateral (select t.heads, t.words || '' as words offset 0) x
    cross join lateral (
      select sum(e.best)::real as score, array_agg(e.g) as hit from (
        select d.g, max(d.v) as best from (
          select y.g, y.alt, min(app.word_weight(x.heads, x.words, y.w, y.s) * y.weight) as v
          from unnest(gs, alts, ws, ss, weights) y (g, alt, w, s, weight) group by y.g, y.alt) d
        where d.v > 0 group by d.g) e) b
    where b.score > 0;
end $$;

-- The same by title and keywords alone, without a text being looked into. rest: what a group counts that is not there, since it is known to be in the
-- text; 0: it must be there.
create or replace function app.weigh_heads(ids bigint[], languages text[], gs int[], alts int[], ws text[], ss text[], weights real[], rest real)
returns table (id bigint, language text, score real, size int)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select c.id, c.language, b.score, length(t.heads)
    from (select distinct u.id, u.language from unnest(ids, languages) u (id, language)) c
    join app.articles a on a.tenant_id = auth.tenant_id() and a.id = c.id and a.is_live and (a.expires_at is null or a.expires_at > now())
    join app.article_texts t on t.tenant_id = auth.tenant_id() and t.article_id = c.id and t.language = c.language
    cross join lateral (
      select sum(greatest(d.v, rest))::real as score, min(greatest(d.v, rest)) as least_ from (
        select max(e.v) as v from (
          select y.g, min(app.word_weight(t.heads, '', y.w, y.s) * y.weight) as v
          from unnest(gs, alts, ws, ss, weights) y (g, alt, w, s, weight) group by y.g, y.alt) e
        group by e.g) d) b
    where b.least_ > 0;
end $$;

-- So many texts are looked at for one search, by an index of what has the words whole; and so many, word by word, where it is parts of words.
create or replace function app.text_reach() returns int language sql immutable parallel safe return 300;
create or replace function app.part_reach() returns int language sql immutable parallel safe return 200;

-- The articles that the asker reads and that a question finds, the best first, with the language that they are shown in;
-- whether these are all, and whether some of the words had to do. how: 'all' of the words, or what is nearest where nothing has
-- them; 'some': what has most of them; 'heads': all of them in title and keywords. ws, ss: what was looked for in the end.
create or replace function app.find_texts(q text, lang text, how text, most int,
  out ids bigint[], out languages text[], out whole boolean, out loose boolean, out ws text[], out ss text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  reach int := app.text_reach();
  places bigint[] := case when not app.writes_articles() then app.readable_places() end;
  langs text[] := array(select l from unnest(array[lang, split_part(lang, '-', 1), 
      (select po.locale from app.portals po where po.tenant_id = auth.tenant_id() and po.id = auth.portal_id())]) with ordinality x (l, n)
    where l is not null group by l order by min(n));
  a record;
  m record;
  c record;
  groups int;
  sure boolean;
begin
  ids := '{}'; languages := '{}'; whole := true; loose := false;
  a := app.ask_articles(q, langs, how <> 'some');
  ws := a.ws; ss := a.ss;
  groups := a.gs[cardinality(a.gs)];
  if places = '{}' then
    return;
  end if;
  if how <> 'some' then
    -- What has all in title and keywords comes first, and costs least.
    select array_agg(t.article_id) as ids, array_agg(t.language) as languages into c
      from auth.article_texts_with(app.groups_query(a.gs, a.alts, a.ws, a.ss, true, null), true, places, langs, reach + 1) t;
    whole := coalesce(cardinality(c.ids), 0) <= reach;
    select coalesce(array_agg(w.id order by w.score desc, w.size, w.id), '{}'), coalesce(array_agg(w.language order by w.score desc, w.size, w.id), '{}') into ids, languages
      from app.weigh_heads(c.ids, c.languages, a.gs, a.alts, a.ws, a.ss, a.weights, 0) w;
    if how = 'all' and cardinality(ids) >= most then
      -- There are others in whose texts it is, most of the time.
      whole := false;
    elsif how = 'all' then
      -- Two letters of Japanese are a piece; of more the text has to be asked.
      sure := not exists (select from unnest(a.ws, a.ss) x (w, s) where ascii(x.w) >= 11904 and (x.s is null or length(x.w) > 2));
      select ids || array_agg(t.article_id) as ids, languages || array_agg(t.language) as languages into c
        from auth.article_texts_with(app.whole_query(a.gs, a.alts, a.ws, a.ss), false, places, langs, case when sure then reach else 0 end) t;
      if (select count(distinct i) from unnest(c.ids) i) > most then
        whole := false;
        select coalesce(array_agg(w.id order by w.score desc, w.size, w.id), '{}'), coalesce(array_agg(w.language order by w.score desc, w.size, w.id), '{}') into ids, languages
          from app.weigh_heads(c.ids, c.languages, a.gs, a.alts, a.ws, a.ss, a.weights, 4) w;
      else
        select c.ids || array_agg(t.article_id) as ids, c.languages || array_agg(t.language) as languages, count(*) as n into c
          from auth.article_texts_with(app.groups_query(a.gs, a.alts, a.ws, a.ss, false, null), false, places, langs, app.part_reach() + 1) t;
        whole := c.n <= app.part_reach();
        select coalesce(array_agg(w.id order by w.score desc, w.size, w.id), '{}'), coalesce(array_agg(w.language order by w.score desc, w.size, w.id), '{}') into ids, languages
          from app.weigh_texts(c.ids, c.languages, a.gs, a.alts, a.ws, a.ss, a.weights) w where cardinality(w.hit) = groups;
      end if;
    end if;
  end if;
  if cardinality(ids) < 3 then
    m := app.mistyped(a.gs, a.alts, a.ws, a.ss, a.weights);
    ws := m.ws2; ss := m.ss2;
    if how <> 'some' and cardinality(m.gs2) > cardinality(a.gs) then
      select array_agg(t.article_id) as ids, array_agg(t.language) as languages into c
        from auth.article_texts_with(app.groups_query(m.gs2, m.alts2, m.ws2, m.ss2, how = 'heads', null), how = 'heads', places, langs, app.part_reach()) t;
      select find_texts.ids || coalesce(array_agg(w.id order by w.score desc, w.size, w.id), '{}'), find_texts.languages || coalesce(array_agg(w.language order by w.score desc, w.size, w.id), '{}') into ids, languages
        from app.weigh_texts(c.ids, c.languages, m.gs2, m.alts2, m.ws2, m.ss2, m.weights2) w where cardinality(w.hit) = groups and w.id <> all (find_texts.ids);
    end if;
    if ids = '{}' and how <> 'heads' then
      loose := groups > 1;
      select array_agg(t.article_id) as ids, array_agg(t.language) as languages into c
        from generate_series(1, groups) n cross join lateral (
          select * from auth.article_texts_with(app.groups_query(m.gs2, m.alts2, m.ws2, m.ss2, true, n), true, places, langs, 60)
          union select * from auth.article_texts_with(app.groups_query(m.gs2, m.alts2, m.ws2, m.ss2, false, n), false, places, langs, 60)) t;
      with found as materialized (
        select * from app.weigh_texts(c.ids, c.languages, m.gs2, m.alts2, m.ws2, m.ss2, m.weights2)),
      many as (select h, count(*) as n from found f, unnest(f.hit) h group by h),
      best as (
        select f.id, f.language, f.score, f.size, (select sum(1.0 / y.n) + count(*) from unnest(f.hit) h join many y using (h)) as rare
        from found f where how = 'some' or 2 * cardinality(f.hit) >= groups)
      select coalesce(array_agg(b.id order by b.rare desc, b.score desc, b.size, b.id), '{}'), coalesce(array_agg(b.language order by b.rare desc, b.score desc, b.size, b.id), '{}')
        into ids, languages from best b;
      whole := false;
    end if;
  end if;
  whole := whole and cardinality(ids) <= most;
  ids := ids[:most];
  languages := languages[:most];
end $$;

-- ---- how it is told -------------------------------------------------------------------

-- What is marked in a text: words where they are asked for, and what begins as their stems do.
create or replace function app.mark_pattern(ws text[], ss text[]) returns text
language sql immutable parallel safe
return (select string_agg(distinct p, '|') from (
  select case when s is null and ascii(w) < 11904 then '\m' || v || '\M' when length(w) < 3 and ascii(w) < 11904 then '\m' || v else v end as p
    from unnest(ws, ss) x (w, s), lateral (select replace(replace(replace(w, 'ss', '(?:ss|ß)'), 'ae', '(?:ae|æ)'), 'oe', '(?:oe|œ)') as v) y
  union all
  select '\m' || lower(z) || '\w' || case when length(z) < 4 then '{0,3}\M' else '*' end from unnest(ss) s, string_to_table(nullif(s, ''), ',') z) p);

-- A text in pieces, [text, is it a hit] each.
create or replace function app.mark_text(t text, pattern text) returns json
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  flat text := translate(app.flat(t), 'øđłıςŧħ', 'odliσth');
  pieces jsonb[] := '{}';
  at int := 1;
  n int;
  past int;
begin
  if length(flat) = length(t) then
    loop
      n := regexp_instr(flat, pattern, at, 1, 0);
      exit when n = 0 or cardinality(pieces) > 200;
      past := regexp_instr(flat, pattern, at, 1, 1);
      exit when past <= n;
      if n > at then
        pieces := pieces || jsonb_build_array(substr(t, at, n - at), false);
      end if;
      pieces := pieces || jsonb_build_array(substr(t, n, past - n), true);
      at := past;
    end loop;
  end if;
  if at <= length(t) then
    pieces := pieces || jsonb_build_array(substr(t, at), false);
  end if;
  return array_to_json(pieces);
end $$;

-- Where an article has what was looked for, in some words of its own; null: in none of its text.
create or replace function app.text_excerpt(html text, ws text[], ss text[], pattern text) returns json
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  small text := lower(html);
  place int;
  said text;
begin
  -- A part of it is enough, mostly: the markup of all of it is not taken away for a line.
  place := (select min(nullif(strpos(small, n), 0)) from (select w from unnest(ws) w
    union all select lower(z) from unnest(ss) s, string_to_table(nullif(s, ''), ',') z) x (n));
  if place is not null then
    said := regexp_replace(regexp_replace(regexp_replace(substr(html, greatest(1, place - 500), 1400), '^[^<>]*>', ''), '<[^<>]*$', ''), '&[#a-z0-9]{0,6}$', '');
    said := btrim(regexp_replace(app.html_text(said), '\s+', ' ', 'g'));
    place := regexp_instr(translate(app.flat(said), 'øđłıςŧħ', 'odliσth'), pattern);
  end if;
  if coalesce(place, 0) = 0 then
    said := btrim(regexp_replace(app.html_text(html), '\s+', ' ', 'g'));
    place := regexp_instr(translate(app.flat(said), 'øđłıςŧħ', 'odliσth'), pattern);
  end if;
  return case when place > 0 then app.mark_text(app.around(said, place), pattern) end;
end $$;

-- So many articles a search tells, and on a page.
create or replace function app.search_most() returns int language sql immutable parallel safe return 100;
create or replace function app.search_page() returns int language sql immutable parallel safe return 10;

-- What a reader finds, a page of it. title, text: pieces as above. other: it is not there in their language. more: there are others.
create or replace function app.search_articles(q text, lang text, page int) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f record := app.find_texts(q, lang, 'all', app.search_most());
  size int := app.search_page();
  pattern text := app.mark_pattern(f.ws, f.ss);
  mine bigint[] := app.readable_audiences();
begin
  page := coalesce(page, 1);
  return json_build_object('q', q, 'count', cardinality(f.ids), 'more', not f.whole and cardinality(f.ids) > 0, 'loose', f.loose and cardinality(f.ids) > 0, 'page', page,
    'pages', greatest(1, ceil(cardinality(f.ids) / size::float8)),
    'hits', (select coalesce(json_agg(json_build_object('id', a.id, 'key', a.key, 'title', app.mark_text(t.title, pattern),
        'text', coalesce(app.text_excerpt(v.html, f.ws, f.ss, pattern), json_build_array(json_build_array(t.about, false))),
        'url', '/' || lang || '/kb/' || t.slug || '-' || a.key, 'language', t.language, 'other', case when t.language <> lang and t.language <> split_part(lang, '-', 1) then true end,
        'section', case when s.parent_id is not null and s.shown_to = any (mine) then app.in_language(s.names, lang, app.language_of(auth.portal_id())) end) order by h.n), '[]')
      from unnest(f.ids[(page - 1) * size + 1:page * size], f.languages[(page - 1) * size + 1:page * size]) with ordinality h (id, language, n)
      join app.articles a on a.tenant_id = auth.tenant_id() and a.id = h.id
      join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
      join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id and t.language = h.language
      join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = t.language and v.number = t.number));
end $$;

-- Titles while somebody types, eight at most: those that have all the words, or the beginning of them, in title or keywords.
create or replace function app.suggest_articles(q text, lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f record := app.find_texts(q, lang, 'heads', 8);
  pattern text := app.mark_pattern(f.ws, f.ss);
begin
  return json_build_object('suggestions', (select coalesce(json_agg(json_build_object('key', a.key, 'title', app.mark_text(t.title, pattern),
      'url', '/' || lang || '/kb/' || t.slug || '-' || a.key, 'language', t.language) order by h.n), '[]')
    from unnest(f.ids, f.languages) with ordinality h (id, language, n)
    join app.articles a on a.tenant_id = auth.tenant_id() and a.id = h.id
    join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id and t.language = h.language));
end $$;

-- Five at most for a ticket's title, those first that have more of its words, and rarer ones.
create or replace function app.find_articles(q text, lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f record := app.find_texts(q, lang, 'some', 5);
begin
  return (select coalesce(json_agg(json_build_object('id', t.article_id, 'title', t.title, 'language', t.language) order by h.n), '[]')
    from unnest(f.ids, f.languages) with ordinality h (id, language, n)
    join app.article_texts t on t.tenant_id = auth.tenant_id() and t.article_id = h.id and t.language = h.language);
end $$;
