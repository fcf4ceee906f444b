-- Search of tickets (V1): what is taken in, and what is found. schema/search.sql
-- has the index; sql/README.md ('Search') why it is so.

-- ---- words ----------------------------------------------------------------------

-- A text's words as they are written, in small letters. Scripts without spaces
-- stand apart from others: each run of theirs is one.
create or replace function app.raw_words(t text) returns setof text
language sql immutable parallel safe
begin atomic
  select w from string_to_table(regexp_replace(regexp_replace(lower(normalize(t, NFKC)),
    '[^[:alnum:]\u0300-\u036f]+', ' ', 'g'), '([\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+)', ' \1 ', 'g'), ' ') w
  where w <> '';
end;

-- A word without accents, the same however it was typed.
create or replace function app.plain_word(w text) returns text
language sql immutable parallel safe
return case when octet_length(w) = length(w) or ascii(w) >= 11904 then w else
  replace(replace(replace(translate(
    lower(normalize(regexp_replace(normalize(w, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC)), 'øđłıςŧħ', 'odliσth'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') end;

-- What finds stems in a language; null: it has none.
create or replace function app.stemmer(language text) returns regdictionary
language sql immutable parallel safe
return case left(language, 2) when 'en' then 'pg_catalog.english_stem'::regdictionary
  when 'fr' then 'pg_catalog.french_stem'::regdictionary when 'de' then 'pg_catalog.german_stem'::regdictionary
  when 'es' then 'pg_catalog.spanish_stem'::regdictionary when 'it' then 'pg_catalog.italian_stem'::regdictionary
  when 'pt' then 'pg_catalog.portuguese_stem'::regdictionary when 'sv' then 'pg_catalog.swedish_stem'::regdictionary end;

-- A word's stem, in capitals; null for what has none.
create or replace function app.stem(w text, language text) returns text
language sql immutable parallel safe
return (select upper(s) from (select app.plain_word((ts_lexize(app.stemmer(language), w))[1]) as s) x
  where s ~ '^[a-z]{2,}$');

-- The words of a text that somebody wrote in a language, and the stems that are
-- not words themselves.
create or replace function app.words_of(t text, language text) returns text[]
language sql immutable parallel safe
return (
  with raw as (select distinct w from app.raw_words(t) w),
  plain as (select w, case when ascii(w) >= 11904 then w else left(app.plain_word(w), 64) end as p from raw)
  select coalesce(array_agg(distinct f), '{}') from (
    select p as f from plain where p <> ''
    union all
    select s from plain, app.stem(w, language) s where lower(s) <> p) x);

-- What canonical XHTML says.
create or replace function app.html_text(html text) returns text
language sql immutable parallel safe
return replace(replace(replace(replace(replace(regexp_replace(regexp_replace(html,
  '</?(strong|em|del|code|a)( [^>]*)?>', '', 'g'), '<[^>]*>', E'\n', 'g'),
  '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&');

-- Some more words after those that are there, as far as they fit.
create or replace function app.more_words(words text, more text[]) returns text
language sql immutable parallel safe
return (select case when length(x.all) <= 60000 then x.all else regexp_replace(left(x.all, 60000), '[^ ]*$', '') end
  from (select words || coalesce(string_agg(w || ' ', ''), '') as all
    from (select unnest(more) except select string_to_table(words, ' ')) x (w)) x);

-- The language that somebody writes in a ticket: their own, or its portal's.
create or replace function app.written_in(person bigint, ticket bigint) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select p.locale from app.people p where p.tenant_id = auth.tenant_id() and p.id = person),
    (select o.locale from app.tickets t join app.portals o on o.tenant_id = t.tenant_id and o.id = t.portal_id
      where t.tenant_id = auth.tenant_id() and t.id = ticket));
end $$;

-- ---- taking in --------------------------------------------------------------------

-- A ticket's words are taken in after an event that changed what it says: in the
-- event's turn, so that who writes does not wait for it. What moves texts makes
-- them all anew.
create or replace function app.queue_words(event bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.search_queue as q (tenant_id, ticket_id, from_id)
    select e.tenant_id, e.ticket_id, case when e.kind in ('ticket.split', 'ticket.split_off') then 0 else coalesce(e.comment_id, 0) end
    from app.events e
    where e.tenant_id = auth.tenant_id() and e.id = event
      and e.kind in ('ticket.opened', 'ticket.replied', 'ticket.prioritised', 'ticket.noted', 'ticket.split', 'ticket.split_off')
    on conflict (tenant_id, ticket_id) do update
      set from_id = least(q.from_id, excluded.from_id), is_old = false, not_before = '-infinity';
end $$;

-- Takes in a ticket's comments from one on, and their files' names; the title
-- with the first. At most five hundred, or a megabyte, at a time. What is left
-- begins at the answer; null: nothing.
create or replace function app.take_words(ticket bigint, from_id bigint) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := auth.tenant_id();
  shown text := (select w.words from app.ticket_words w where w.tenant_id = tenant and w.ticket_id = ticket and not w.is_internal);
  noted text := (select w.words from app.ticket_words w where w.tenant_id = tenant and w.ticket_id = ticket and w.is_internal);
  anew boolean := from_id = 0 or shown is null;
  batch bigint[];
  part record;
  left_at bigint;
begin
  if anew then
    shown := ' ';
    noted := null;
  end if;
  batch := array(select x.id from (
    select c.id, row_number() over w as n, sum(octet_length(c.html)) over w as size from app.comments c
    where c.tenant_id = tenant and c.ticket_id = ticket and c.id >= case when anew then 0 else from_id end
    window w as (order by c.id) limit 500) x
    where x.n = 1 or x.size < 1000000);
  left_at := (select min(c.id) from app.comments c where c.tenant_id = tenant and c.ticket_id = ticket
    and c.id > batch[cardinality(batch)]);
  for part in
    with texts as (
      select 0 as turn, false as is_internal, t.requester_id as writer, t.title as text from app.tickets t
        where t.tenant_id = tenant and t.id = ticket and anew
      union all
      select 1, c.is_internal, c.author_id, app.html_text(c.html) from app.comments c
        where c.tenant_id = tenant and c.ticket_id = ticket and c.id = any (batch)
      union all
      select 1, f.is_internal, f.owner_id, f.name from app.files f
        where f.tenant_id = tenant and f.ticket_id = ticket and f.comment_id = any (batch))
    select x.is_internal, app.words_of(string_agg(x.text, E'\n'), l.language) as words
    from texts x cross join lateral (select app.written_in(x.writer, ticket) as language) l
    group by x.turn, x.is_internal, l.language order by x.turn, x.is_internal
  loop
    if part.is_internal then
      noted := app.more_words(coalesce(noted, shown), part.words);
    else
      shown := app.more_words(shown, part.words);
      noted := case when noted is not null then app.more_words(noted, part.words) end;
    end if;
  end loop;
  insert into app.ticket_words as w (tenant_id, ticket_id, is_internal, words)
    select tenant, ticket, x.is_internal, x.words from (values (false, shown), (true, noted)) x (is_internal, words)
    where x.words is not null
    on conflict (tenant_id, ticket_id, is_internal) do update set words = excluded.words where w.words <> excluded.words;
  if anew and noted is null then
    delete from app.ticket_words w where w.tenant_id = tenant and w.ticket_id = ticket and w.is_internal;
  end if;
  return left_at;
end $$;

-- ---- asking -----------------------------------------------------------------------

-- What is asked for: its words, and beside each its stems in the languages of
-- the asker and of the portal ('HOUS' or 'HOUS,HOUSE' or ''). What stands in
-- quotation marks is meant as it is written: it has null, and is whole words.
create or replace function app.read_search(q text, out words text[], out stems text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  languages text[] := array[
    (select p.locale from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id()),
    (select o.locale from app.portals o where o.tenant_id = auth.tenant_id() and o.id = auth.portal_id())];
  exact text[] := case when q ~ '["“”„‟«»「」『』＂｢｣]'
    then array(select left(app.plain_word(w), 64) from app.quoted(q) t, app.raw_words(t) w) end;
begin
  if q is null or char_length(q) > 200 or not app.is_line(q) then
    raise exception using errcode = 'PT422', constraint = case when q is null then 'search_q.required' when char_length(q) > 200 then 'search_q.too_long' else 'search_q.wrong' end, message = 'one line of 1 to 200 characters';
  end if;
  select array_agg(x.p), array_agg(x.s) into words, stems from (
    select r.p, case when exact is null or r.p <> all (exact) then
      coalesce((select string_agg(distinct s, ',') from unnest(languages) l, app.stem(r.w, l) s), '') end as s
    from (select distinct on (p) w, case when ascii(w) >= 11904 then w else left(app.plain_word(w), 64) end as p
      from app.raw_words(q) w order by p) r where r.p <> '') x;
  if words is null then
    raise exception using errcode = 'PT422', constraint = 'search_q.required', message = 'there is no word in it';
  elsif cardinality(words) > 16 then
    raise exception using errcode = 'PT422', constraint = 'search_q.too_many', message = 'sixteen words at most';
  end if;
end $$;

-- The pieces of a word that is looked for; short ones begin a word, others are
-- anywhere in one.
create or replace function app.looked_up(word text, key text) returns text
language sql immutable parallel safe
return (select '(' || string_agg(quote_literal(key || piece), '&') || ')' from (
  select word as piece where ascii(word) >= 11904 and length(word) = 1
  union all select substr(word, n, 2) from generate_series(1, least(length(word) - 1, 16)) n where ascii(word) >= 11904
  union all select '^' || word where ascii(word) < 11904 and length(word) < 3
  union all select substr(word, n, 3) from generate_series(1, least(length(word) - 2, 16)) n where ascii(word) < 11904) x);

-- The question to the index.
create or replace function app.words_query(words text[], stems text[], internal boolean) returns tsquery
language sql stable
return (
  select string_agg('(' || app.looked_up(w, key) || coalesce((select string_agg(
      format('|%L|%s', key || left(x, 16), app.looked_up(lower(x), key)), '')
    from string_to_table(nullif(s, ''), ',') x), '') || ')', '&')::tsquery
  from unnest(words, stems) y (w, s),
    (select app.words_key(auth.tenant_id()) || case when internal then '-' else '+' end as key) k);

-- What the words of a ticket must be like, each word's choices in one.
create or replace function app.word_patterns(words text[], stems text[]) returns text[]
language sql immutable parallel safe
return (select array_agg(case when ascii(w) >= 11904 then '%' || w || '%' when s is null then '% ' || w || ' %'
      when length(w) < 3 then '% ' || w || '%' else '%' || w || '%' end
    || coalesce((select string_agg(format('|%% %s %%|%% %s %%', x, lower(x)), '') from string_to_table(nullif(s, ''), ',') x), ''))
  from unnest(words, stems) y (w, s));

create or replace function app.has_words(words text, patterns text[]) returns boolean
language sql immutable parallel safe
return not exists (select from unnest(patterns) p where not words like any (string_to_array(p, '|')));

-- So many are looked at for one search: the newest that the asker sees, or those
-- that the index finds.
create or replace function app.search_reach() returns int language sql immutable parallel safe return 10000;

-- The tenant's tickets whose pieces fit, some of them when there are more. The
-- index is of use to nobody under a policy, which would be asked first, row by
-- row: so this is the door's, and reads the one tenant's rows. The limit stands
-- outside, so that the plan is the one for all.
create or replace function auth.word_candidates(shown tsquery, noted tsquery) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  return array(
    (with w as materialized (
      select w.ticket_id from app.ticket_words w
      where w.tenant_id = auth.tenant_id() and app.word_pieces(w.tenant_id, w.is_internal, w.words) @@ shown)
    select w.ticket_id from w limit app.search_reach())
    union
    (with w as materialized (
      select w.ticket_id from app.ticket_words w
      where noted is not null and w.tenant_id = auth.tenant_id() and app.word_pieces(w.tenant_id, w.is_internal, w.words) @@ noted)
    select w.ticket_id from w limit app.search_reach()));
end $$;

-- The newest tickets that the asker sees, at most so many.
create or replace function app.newest_seen(most int) returns table (ticket_id bigint, at timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select x.id, x.at from (
    (select t.id, t.desk_updated_at as at from app.tickets t
      where t.tenant_id = auth.tenant_id() and t.at_desk and auth.is_agent()
      order by t.desk_updated_at desc, t.id desc limit most)
    union
    select t.id, case when auth.is_agent() then t.desk_updated_at else t.updated_at end
    from unnest(auth.principals()) p
    cross join lateral (select a.ticket_id from app.ticket_access a
      where a.tenant_id = auth.tenant_id() and a.principal = p
      order by a.updated_at desc, a.ticket_id desc limit most) a
    join app.tickets t on t.tenant_id = auth.tenant_id() and t.id = a.ticket_id) x
  order by x.at desc, x.id desc limit most;
end $$;

-- Of these tickets, those that the asker sees, the newest change first.
create or replace function app.seen_of(tickets bigint[]) returns table (ticket_id bigint, at timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select t.id, case when auth.is_agent() then t.desk_updated_at else t.updated_at end as at
  from unnest(tickets) c join app.tickets t on t.tenant_id = auth.tenant_id() and t.id = c
  where t.at_desk and auth.is_agent() or exists (select from app.ticket_access a
    where a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal = any (auth.principals()))
  order by 2 desc, 1 desc;
end $$;

-- Of these tickets, in their order, the first so many that hold the words.
create or replace function app.fitting(tickets bigint[], patterns text[], most int) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return array(
    select c.id from unnest(tickets) c (id)
    where exists (select from app.ticket_words w
      -- Fetched once, however many words there are.
      cross join lateral (select w.words || '' as words offset 0) x
      where w.tenant_id = auth.tenant_id() and w.ticket_id = c.id and (not w.is_internal or auth.is_agent())
        and app.has_words(x.words, patterns))
    limit most);
end $$;

-- A search that is nothing but a ticket's number.
create or replace function app.asked_number(q text) returns bigint
language sql immutable parallel safe
return substring(q from '^\s*#?\s*([0-9]{1,15})\s*$')::bigint;

-- The tickets that the asker sees and that hold all the words, the newest change
-- first, a thousand at most, and whether these are all. Few are looked at one by
-- one, which costs the same however much others have. Of many, when a tenth of the
-- newest fits, some more of these will do; when fewer fit, the index knows them,
-- unless it has too many: then they are others', and more of one's own are looked at.
-- Phrases are looked for in the texts of what has their words, a thousand at most.
create or replace function app.search_tickets(q text, most int, out ids bigint[], out whole boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  asked record;
  patterns text[];
  number bigint;
  near bigint[];
  likely bigint[];
  phrases text[] := app.phrase_patterns(q);
  wanted int := least(most, 1000);
  told record;
begin
  asked := app.read_search(q);
  patterns := app.word_patterns(asked.words, asked.stems);
  most := case when phrases is null then wanted else 1000 end;
  number := (select s.ticket_id from app.seen_of(array[app.asked_number(q)]) s);
  if q like '%#%' and number is not null then
    ids := array[number];
    whole := true;
    return;
  end if;
  near := array(select n.ticket_id from app.newest_seen(200) n);
  ids := app.fitting(near, patterns, 200);
  whole := cardinality(near) < 200;
  if not whole and cardinality(ids) between 20 and most - 1 then
    near := array(select n.ticket_id from app.newest_seen(app.search_reach()) n);
    ids := app.fitting(near, patterns, most);
    whole := cardinality(near) < app.search_reach();
  end if;
  if not whole and cardinality(ids) < most then
    likely := auth.word_candidates(app.words_query(asked.words, asked.stems, false),
      case when auth.is_agent() then app.words_query(asked.words, asked.stems, true) end);
    whole := cardinality(likely) < app.search_reach();
    if whole then
      ids := app.fitting(array(select s.ticket_id from app.seen_of(likely) s), patterns, most);
    else
      near := array(select n.ticket_id from app.newest_seen(5 * app.search_reach()) n);
      ids := app.fitting(near, patterns, most);
      whole := cardinality(near) < 5 * app.search_reach();
    end if;
  end if;
  if phrases is not null then
    told := app.saying(ids, phrases, wanted);
    whole := whole and told.whole and cardinality(ids) < most;
    ids := told.ids;
  end if;
  ids := case when number is null then ids[:wanted] else (number || array_remove(ids, number))[:wanted] end;
  whole := whole and cardinality(ids) < wanted;
end $$;

-- Whether a ticket t is one of them, as SQL, for lists that are walked; $1 the tenant.
create or replace function app.words_condition(q text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  asked record;
begin
  asked := app.read_search(q);
  return format('(t.id = %L::bigint or exists (select from app.ticket_words v cross join lateral (select v.words || '''' as words offset 0) y
      where v.tenant_id = $1 and v.ticket_id = t.id %s and app.has_words(y.words, %L::text[])))',
    app.asked_number(q), case when not auth.is_agent() then 'and not v.is_internal' end, app.word_patterns(asked.words, asked.stems))
    || coalesce(format(' and (app.says(t.id, %L::text[])).said', app.phrase_patterns(q)), '');
end $$;

-- ---- excerpts ---------------------------------------------------------------------

-- A text in pieces, [text, is it a hit] each: of a word the part that was asked
-- for, or all of it where its stem was or it stands in quotation marks. It is in
-- the language of who wrote it.
create or replace function app.marked(t text, language text, words text[], stems text[]) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (
    with roots as materialized (
      select y as root, lower(y) as small, lower(left(y, 2)) as start from unnest(stems) s, string_to_table(nullif(s, ''), ',') y),
    tokens as materialized (
      select m[1] as raw, n from regexp_matches(t,
        '[\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+|(?:(?![\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff])[[:alnum:]\u0300-\u036f])+|[^[:alnum:]\u0300-\u036f]+',
        'g') with ordinality x (m, n)),
    folded as materialized (
      select x.*, app.plain_word(x.small) as word from (select raw, n, lower(normalize(raw, NFKC)) as small from tokens offset 0) x),
    judged as materialized (
      select f.*, exists (select from unnest(words, stems) y (w, s) where case when ascii(w) >= 11904 then strpos(f.word, w) > 0
          when s is null then f.word = w when length(w) < 3 then starts_with(f.word, w) else strpos(f.word, w) > 0 end) as part,
        -- A stem begins as its word does.
        exists (select from roots y where left(f.word, 2) = y.start and (f.word = y.small or app.stem(f.small, language) = y.root)) as whole
      from folded f),
    chars as (
      select j.n, i, substr(j.raw, i, 1) as c, j.whole and not j.part or j.part and (length(j.raw) <> length(j.word)
        or exists (select from unnest(words, stems) y (w, s), generate_series(greatest(1, i - length(w) + 1), i) k
          where substr(j.word, k, length(w)) = w and case when ascii(w) >= 11904 then true
            when s is null then j.word = w else length(w) > 2 or k = 1 end)) as hit
      from judged j, generate_series(1, length(j.raw)) i where j.part or j.whole
      union all
      select j.n, 1, j.raw, false from judged j where not (j.part or j.whole)),
    runs as (
      select string_agg(c, '' order by place) as text, hit, min(place) as place from (
        select c.*, row_number() over w as place, row_number() over w - row_number() over (partition by hit order by n, i) as run
        from chars c window w as (order by n, i)) x
      group by run, hit)
    select json_agg(json_build_array(r.text, r.hit) order by r.place) from runs r);
end $$;

-- The same for comparing only: as many characters as before, mostly.
create or replace function app.flat(t text) returns text
language sql immutable parallel safe
return lower(normalize(regexp_replace(normalize(t, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC));

-- The part of a text around a place, cut between words.
create or replace function app.around(t text, place int) returns text
language sql immutable parallel safe
return case when place > 60 then '… ' || regexp_replace(substr(t, place - 50, 50), '^[^ ]{0,20} ', '') else left(t, place - 1) end
  || regexp_replace(substr(t, place, 170), case when length(t) >= place + 170 then ' [^ ]{0,20}$' else '$' end, '')
  || case when length(t) >= place + 170 then ' …' else '' end;

-- Where the words of a search are in tickets, at most a hundred: {"42": {"title":
-- pieces, "text": pieces or null, "in": reply, note, file or title}}. The text is
-- one that says a phrase, or the one that holds most of the words, of those the asker may see: of long
-- conversations among the newest 100 kB.
create or replace function app.excerpts(q text, ids bigint[]) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  asked record;
  phrases text[] := app.phrase_patterns(q);
begin
  asked := app.read_search(q);
  return (
    with seen as materialized (
      select t.id, t.title, t.requester_id from app.seen_of((select array_agg(distinct i) from unnest(ids[:100]) i)) s
      join app.tickets t on t.tenant_id = auth.tenant_id() and t.id = s.ticket_id),
    texts as materialized (
      select s.id, x.* from seen s cross join lateral (
        select case when c.is_internal then 'note' else 'reply' end as kind, c.id as turn, c.author_id as writer,
          trim(regexp_replace(app.html_text(c.html), '\s+', ' ', 'g')) as text
        from (select o.*, sum(octet_length(o.html)) over (order by o.id desc) as size from app.comments o
          where o.tenant_id = auth.tenant_id() and o.ticket_id = s.id and (not o.is_internal or auth.is_agent())
          order by o.id desc limit 100) c
        where c.size <= 100000 or c.size = octet_length(c.html)
        union all
        (select 'file', f.id, f.owner_id, f.name from app.files f
        where f.tenant_id = auth.tenant_id() and f.ticket_id = s.id and (not f.is_internal or auth.is_agent())
        limit 100)) x),
    flat as materialized (
      select t.*, app.flat(t.text) as flat from texts t),
    best as materialized (
      select distinct on (f.id) f.id, f.kind, f.writer, app.around(f.text, coalesce(
          (select min(nullif(strpos(f.flat, trim(both '% ' from p)), 0)) from unnest(phrases) p), h.place)) as text
      from flat f
      cross join lateral (
        select count(*) as hits, min(place) as place from (
          select (select min(nullif(strpos(f.flat, n), 0)) from string_to_table(concat_ws(',', w, nullif(lower(s), '')), ',') n) as place
          from unnest(asked.words, asked.stems) y (w, s)) z
        where place is not null) h
      where h.hits > 0
      order by f.id, phrases is not null and app.in_order(f.text) like any (phrases) desc, h.hits desc, f.kind desc, f.turn),
    marked as materialized (
      select b.id, b.kind, app.marked(b.text, app.written_in(b.writer, b.id), asked.words, asked.stems) as text from best b)
    select json_object_agg(s.id, json_build_object(
      'title', app.marked(s.title, app.written_in(s.requester_id, s.id), asked.words, asked.stems),
      'text', case when m.text::jsonb @> '[[true]]' then m.text end,
      'in', case when m.text::jsonb @> '[[true]]' then m.kind else 'title' end))
    from seen s left join marked m using (id));
end $$;
