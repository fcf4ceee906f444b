-- Words in quotation marks (V1). The index knows the words of a ticket and not
-- their order: that is looked up in the texts of what has the words.

-- What stands in quotation marks, of whichever kind; one that is not closed is none.
create or replace function app.quoted(q text) returns setof text
language sql immutable parallel safe
begin atomic
  select m[1] from regexp_matches(normalize(q, NFKC), '["“”„‟«»「」『』]([^"“”„‟«»「」『』]+)["“”„‟«»「」『』]', 'g') m;
end;

-- A text's words one after the other, each between spaces, as phrases are looked for.
-- Single spaces stay as they are: each match costs.
create or replace function app.in_order(t text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  t := ' ' || regexp_replace(lower(normalize(t, NFKC)), '[^[:alnum:]\u0300-\u036f ]+', ' ', 'g') || ' ';
  if octet_length(t) > length(t) then
    t := regexp_replace(t, '([\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+)', ' \1 ', 'g');
    t := app.plain_word(t);
  end if;
  return regexp_replace(t, '  +', ' ', 'g');
end $$;

-- What a text must be like that says the phrases of a question: of several words,
-- which stand together in this order. Scripts without spaces have no end of a
-- word: theirs may go on. Null: it has none.
create or replace function app.phrase_patterns(q text) returns text[]
language sql immutable parallel safe
return case when q ~ '["“”„‟«»「」『』＂｢｣]' then (
  select array_agg(distinct '%' || case when ascii(x.phrase) < 11904 then ' ' else '' end || x.phrase
    || case when ascii(right(x.phrase, 1)) < 11904 then ' ' else '' end || '%')
  from (select trim(app.in_order(t)) as phrase from app.quoted(q) t) x where x.phrase like '% %') end;

-- Whether a ticket says all of these phrases, each in its title, in a message or
-- in a file's name that the asker may read; of long conversations the newest
-- megabyte is looked at. size: how much it was.
create or replace function app.says(ticket bigint, phrases text[], out said boolean, out size bigint)
language plpgsql stable security definer cost 100000
set search_path = pg_catalog, pg_temp as $$
declare
  t text;
  words text;
begin
  size := 0;
  for t in
    select x.title from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = ticket
    union all
    (select f.name from app.files f
      where f.tenant_id = auth.tenant_id() and f.ticket_id = ticket and (not f.is_internal or auth.is_agent()) limit 100)
    union all
    (select app.html_text(c.html) from app.comments c
      where c.tenant_id = auth.tenant_id() and c.ticket_id = ticket and (not c.is_internal or auth.is_agent())
      order by c.id desc)
  loop
    words := app.in_order(t);
    phrases := array(select p from unnest(phrases) p where words not like p);
    size := size + octet_length(t);
    exit when phrases = '{}' or size > 1000000;
  end loop;
  said := phrases = '{}';
end $$;

-- Of these tickets, in their order, the first so many that say the phrases; whole:
-- two megabytes were enough to look at all.
create or replace function app.saying(tickets bigint[], phrases text[], most int, out ids bigint[], out whole boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  id bigint;
  answer record;
  size bigint := 0;
begin
  ids := '{}';
  foreach id in array tickets loop
    exit when cardinality(ids) >= most or size > 2000000;
    answer := app.says(id, phrases);
    size := size + answer.size;
    ids := case when answer.said then ids || id else ids end;
  end loop;
  whole := size <= 2000000;
end $$;
