-- A knowledge base taken in from a bundle or another form (K7, K8, doc/knowledge-exports.md). What comes is kept aside
-- (import_rows), looked at and compared as a whole, and taken in by one statement or not at all.
-- What is there already and is not in what comes stays as it is.

create or replace function app.must_import() returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  if auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'the tenant''s administrators take in';
  end if;
end $$;

-- ---- what comes -------------------------------------------------------------------------

-- Begins anew, where nobody else is at it; what was left of another one goes.
create or replace function app.begin_import(dry boolean) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.imports;
begin
  perform app.must_import();
  select x.* into i from app.imports x where x.tenant_id = auth.tenant_id() for update skip locked;
  if i.at < now() - interval '2 minutes' then
    perform app.forget_import(i);
  elsif exists (select from app.imports x where x.tenant_id = auth.tenant_id()) then
    raise exception using errcode = 'PT429', constraint = 'import-busy', message = 'another one is coming in';
  end if;
  insert into app.imports as x (tenant_id, person_id, dry) values (auth.tenant_id(), auth.person_id(), begin_import.dry)
    on conflict do nothing returning x.* into i;
  -- Somebody began at the same time.
  if not found then
    raise exception using errcode = 'PT429', constraint = 'import-busy', message = 'another one is coming in';
  end if;
  return i.id;
end $$;

-- Before that: of what another one left some at a time, since it may be much. Is there more?
create or replace function app.clear_import() returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.imports;
  n bigint;
begin
  perform app.must_import();
  select x.* into i from app.imports x where x.tenant_id = auth.tenant_id() and x.at < now() - interval '2 minutes' for update skip locked;
  if not found then
    return false;
  end if;
  with gone as (delete from app.import_rows r where r.tenant_id = i.tenant_id and r.n in (select o.n from app.import_rows o where o.tenant_id = i.tenant_id order by o.n limit 5000) returning r.kind, r.about),
  files as (delete from app.files f where f.tenant_id = i.tenant_id and f.article_id is null and f.ticket_id is null and f.owner_id = i.person_id
    and f.id in (select (s.about->>'id')::bigint from gone s where s.kind = 7))
  select count(*) into n from gone;
  return n = 5000;
end $$;

-- The asker's own that is coming in, held.
create or replace function app.held_import(import bigint) returns app.imports
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  i app.imports;
begin
  perform app.must_import();
  update app.imports x set at = now() where x.tenant_id = auth.tenant_id() and x.id = import and x.person_id = auth.person_id() returning x.* into i;
  if not found then
    raise exception using errcode = 'PT429', constraint = 'import-busy', message = 'another one has begun since';
  end if;
  return i;
end $$;

-- Rows of it: [{n, kind, entry, key, language, number, about, html}].
create or replace function app.import_more(import bigint, rows text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.imports := app.held_import(import);
begin
  insert into app.import_rows (tenant_id, n, kind, entry, key, language, number, about, html)
    select i.tenant_id, r.n, r.kind, r.entry, r.key, r.language, r.number, r.about, r.html
    from jsonb_to_recordset(rows::jsonb) r (n int, kind smallint, entry text, key text, language text, number int, about jsonb, html text);
end $$;

-- Bytes of a file, whole chunks but for the last ones; with those its sum. It is the asker's own until it is an article's.
create or replace function app.import_bytes(import bigint, name text, seq int, data bytea, type text, sha256 bytea, width int, height int, scan boolean) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.imports := app.held_import(import);
begin
  if seq = 0 then
    insert into app.files as f (tenant_id, owner_id, name, size) values (i.tenant_id, i.person_id, import_bytes.name, octet_length(data)) returning f.id into i.file_id;
    update app.imports x set file_id = i.file_id where x.tenant_id = i.tenant_id;
    -- So that it goes with the import, however that ends.
    insert into app.import_rows (tenant_id, n, kind, entry, about)
      select i.tenant_id, least(0, (select min(r.n) from app.import_rows r where r.tenant_id = i.tenant_id)) - 1, 7, '', jsonb_build_object('id', i.file_id::text);
  else
    update app.files f set size = f.size + octet_length(data) where f.tenant_id = i.tenant_id and f.id = i.file_id;
    perform app.count_storage(octet_length(data));
  end if;
  insert into app.file_chunks (tenant_id, file_id, seq, data)
    select i.tenant_id, i.file_id, import_bytes.seq + n, substring(import_bytes.data from n * 262144 + 1 for 262144)
    from generate_series(0, (octet_length(data) - 1) / 262144) n;
  update app.files f set received = f.size, type = coalesce(import_bytes.type, f.type), sha256 = import_bytes.sha256, width = import_bytes.width, height = import_bytes.height,
      state = case when import_bytes.sha256 is null then 1 when scan then 2 else 3 end, scan_at = case when import_bytes.sha256 is not null and scan then now() end
    where f.tenant_id = i.tenant_id and f.id = i.file_id;
  return i.file_id;
end $$;

-- It has ended before its end, or after: nothing of it stays.
create or replace function app.end_import(import bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.imports := app.held_import(import);
begin
  perform app.forget_import(i);
end $$;

create or replace function app.forget_import(i app.imports) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.files f where f.tenant_id = i.tenant_id and f.article_id is null and f.ticket_id is null and f.owner_id = i.person_id
    and f.id in (select (r.about->>'id')::bigint from app.import_rows r where r.tenant_id = i.tenant_id and r.kind = 7);
  delete from app.imports x where x.tenant_id = i.tenant_id;
end $$;

-- ---- what each says by itself -----------------------------------------------------------

-- A time as bundles have it; null: it is none.
create or replace function app.time_told(said text) returns timestamptz
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  return case when said ~ '^[12][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?Z$' then said::timestamptz end;
exception when datetime_field_overflow or invalid_datetime_format then
  return null;
end $$;

create or replace function app.day_told(said text) returns date
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  return case when said ~ '^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$' then said::date end;
exception when datetime_field_overflow or invalid_datetime_format then
  return null;
end $$;

-- Are these members of it, where they are there, what they are to be: times, days, whole numbers, texts of a line?
create or replace function app.told_fits(said jsonb, times text[], numbers text[], lines text[]) returns boolean
language sql immutable
return (select coalesce(bool_and(case when said->m is null or said->m = 'null' then true
    when m = any (times) then jsonb_typeof(said->m) = 'string' and app.time_told(said->>m) is not null
    when m = any (numbers) then jsonb_typeof(said->m) = 'number' and said->>m ~ '^[0-9]{1,9}$'
    else jsonb_typeof(said->m) = 'string' and app.is_line(said->>m) and char_length(said->>m) <= 500 end), true)
  from unnest(times || numbers || lines) m);

create or replace function app.words_told(said jsonb, fewest int, most int) returns boolean
language sql immutable
return case when said is null or said = 'null' then fewest = 0 when jsonb_typeof(said) <> 'array' then false
  else jsonb_array_length(said) between fewest and most and not exists (select from jsonb_array_elements(said) e
    where jsonb_typeof(e) <> 'string' or char_length(e #>> '{}') not between 1 and 60 or not app.is_line(e #>> '{}')) end;

create or replace function app.audience_told_fits(said jsonb) returns boolean
language sql immutable
return said is null or said = 'null' or jsonb_typeof(said) = 'object' and pg_column_size(said) <= 8000;

create or replace function app.is_language(said text) returns boolean
language sql immutable
return coalesce(said ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and char_length(said) <= 35, false);

create or replace function app.import_row_fits(kind smallint, language text, a jsonb) returns boolean
language sql immutable
return jsonb_typeof(a) = 'object' and case kind
  when 0 then app.audience_told_fits(a->'audience')
  when 1 then app.texts_fit(a->'names', 120, true) and a->'names' <> '{}' and app.texts_fit(coalesce(a->'abouts', '{}'), 500, false)
    and app.told_fits(a, '{}', '{position}', '{parent}') and app.audience_told_fits(a->'audience')
  when 2 then app.is_language(language) and coalesce(jsonb_typeof(a->'title') = 'string' and char_length(a->>'title') between 1 and 200 and app.is_line(a->>'title'), false)
    and app.words_told(a->'keywords', 0, 50) and app.told_fits(a, '{from,until}', '{translates}', '{}')
  when 3 then app.is_language(a->>'language') and app.told_fits(a, '{created,updated,expires}', '{position}', '{section}')
    and (coalesce(a->'review_by', 'null') = 'null' or app.day_told(a->>'review_by') is not null) and app.audience_told_fits(a->'audience')
  when 4 then app.told_fits(a, '{created}', '{}', '{name,article}') and coalesce(char_length(a->>'name') between 1 and 200 and a->>'article' <> '', false)
  when 5 then app.told_fits(a, '{}', '{}', '{path,article,section,language}') and coalesce(a->>'path' ~ '^/[^?#]*$', false)
    and num_nonnulls(a->>'article', a->>'section') = 1 and (a->>'language' is null or app.is_language(a->>'language'))
  else app.is_language(a->>'language') and app.words_told(a->'words', 2, 10)
    and not exists (select from jsonb_array_elements_text(a->'words') w where (select count(*) from app.raw_words(w)) not between 1 and 4) end;

-- ---- who reads it -----------------------------------------------------------------------

-- The audience that a bundle says, by names of accounts and hosts of portals. One that names what is not here, or not
-- one alone, is kept as it came, shown to staff.
create or replace function app.audience_read(said jsonb) returns app.audiences
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  a app.audiences;
  plain boolean := said - '{level,accounts,portals,roles}'::text[] = '{}'
    and not exists (select from jsonb_each(said - 'level') e where jsonb_typeof(e.value) <> 'array');
begin
  a.tenant_id := auth.tenant_id();
  a.level := array_position('{public,signed_in,agents}', said->>'level');
  if plain then
    a.accounts := array(select x.id from app.accounts x where x.tenant_id = a.tenant_id
      and x.name in (select jsonb_array_elements_text(coalesce(said->'accounts', '[]'))) order by x.id);
    a.portals := array(select h.portal_id from app.hosts h where h.tenant_id = a.tenant_id and h.is_canonical
      and h.host in (select jsonb_array_elements_text(coalesce(said->'portals', '[]'))) order by h.portal_id);
    a.roles := array(select distinct r from jsonb_array_elements_text(coalesce(said->'roles', '[]')) r order by r);
    -- Each name is one's alone: two of a name would be somebody else's.
    plain := not exists (select from jsonb_array_elements_text(coalesce(said->'accounts', '[]')) e
        where (select count(*) from app.accounts x where x.tenant_id = a.tenant_id and x.name = e) <> 1)
      and cardinality(a.portals) = (select count(distinct e) from jsonb_array_elements_text(coalesce(said->'portals', '[]')) e)
      and a.roles <@ array['account_admin', 'portal_admin', 'main_user', 'member', 'partner']
      and cardinality(a.accounts) <= 100 and cardinality(a.portals) <= 100
      and (a.level = 2 or a.accounts = '{}' and a.roles = '{}');
  end if;
  if a.level is null or plain is not true then
    a.level := 3;
    a.accounts := '{}';
    a.portals := '{}';
    a.roles := '{}';
    a.told := said;
  end if;
  return a;
end $$;

-- Is it the one that something has now? Null is none of its own.
create or replace function app.has_audience(audience bigint, said jsonb) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  a app.audiences;
begin
  if said is null or said = 'null' or audience is null then
    return audience is null and (said is null or said = 'null');
  end if;
  a := app.audience_read(said);
  return exists (select from app.audiences x where x.tenant_id = auth.tenant_id() and x.id = audience
    and x.level = a.level and x.accounts = a.accounts and x.portals = a.portals and x.roles = a.roles and x.told is not distinct from a.told);
end $$;

-- Does a show something to nobody but those whom b shows it to? What is for staff is for nobody else.
create or replace function app.is_within(a app.audiences, b app.audiences) returns boolean
language sql immutable
return case when (a).level = 3 and (b).level < 3 then true else (a).level >= (b).level
  and ((b).portals = '{}' or (a).portals <> '{}' and (a).portals <@ (b).portals)
  and ((b).accounts = '{}' or (a).accounts <> '{}' and (a).accounts <@ (b).accounts)
  and ((b).roles = '{}' or (a).roles <> '{}' and (a).roles <@ (b).roles) end;

create or replace function app.take_audience(said jsonb) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  a app.audiences;
begin
  if said is null or said = 'null' then
    return null;
  end if;
  a := app.audience_read(said);
  return app.audience(a.level, a.accounts, a.portals, a.roles, a.told);
end $$;

-- ---- what it is among the others --------------------------------------------------------

-- Is there no knowledge base yet? Then what lies over all is taken from what comes.
create or replace function app.knows_nothing() returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return not exists (select from app.articles a where a.tenant_id = auth.tenant_id())
    and not exists (select from app.sections s where s.tenant_id = auth.tenant_id() and s.parent_id is not null);
end $$;

-- Marks what is wrong: each by itself, what is there twice, what names something that is not there. all_came: the reader kept
-- nothing back.
create or replace function app.check_import(largest bigint, all_came boolean) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  root app.sections;
  over jsonb;
begin
  select s.* into root from app.sections s where s.tenant_id = t and s.parent_id is null;
  update app.import_rows r set fault = case
      when r.kind between 1 and 4 and coalesce(r.key, '') !~ '^[a-z0-9]{1,32}$' or r.kind = 1 and r.key in ('root', root.key) then 'key'
      when app.import_row_fits(r.kind, r.language, r.about) is not true then 'shape'
      when r.kind = 4 and (r.about->>'size')::bigint = 0 then 'empty'
      when r.kind = 4 and (r.about->>'size')::bigint > largest then 'too_large' end
    where r.tenant_id = t and r.kind < 7 and (r.kind between 1 and 4 and coalesce(r.key, '') !~ '^[a-z0-9]{1,32}$' or r.kind = 1 and r.key in ('root', root.key)
      or app.import_row_fits(r.kind, r.language, r.about) is not true or r.kind = 4 and (r.about->>'size')::bigint not between 1 and largest);
  update app.import_rows r set fault = 'twice'
    from (select x.n from (select y.n, row_number() over (partition by y.kind, y.key, y.language, y.number order by y.n) as turn
      from app.import_rows y where y.tenant_id = t and y.kind < 6) x where x.turn > 1) d
    where r.tenant_id = t and r.n = d.n and r.fault is null;

  -- What says nothing of its readers is read there as what lay over it: here that is said of it.
  select r.about->'audience' into over from app.import_rows r where r.tenant_id = t and r.kind = 0 and r.fault is null order by r.n limit 1;
  if over is not null and over <> 'null' and not app.knows_nothing() and not app.has_audience(root.audience_id, over) then
    update app.import_rows r set about = r.about || jsonb_build_object('audience', over)
      where r.tenant_id = t and coalesce(r.about->'audience', 'null') = 'null'
        and (r.kind = 1 and r.about->>'parent' is null or r.kind = 3 and r.about->>'section' is null);
  end if;

  update app.import_rows r set fault = 'parent' where r.tenant_id = t and r.kind = 1 and r.fault is null and r.about->>'parent' is not null
    and not exists (select from app.import_rows p where p.tenant_id = t and p.kind = 1 and p.key = r.about->>'parent')
    and not exists (select from app.sections s where s.tenant_id = t and s.key = r.about->>'parent' and s.parent_id is not null);
  -- From above to below: what is not reached lies in itself.
  with recursive told as materialized (
    select r.key, r.about->>'parent' as parent from app.import_rows r where r.tenant_id = t and r.kind = 1 and r.fault is null),
  nodes as materialized (
    select o.key, o.parent from told o
    union all
    select s.key, case when p.parent_id is not null then p.key end from app.sections s
      join app.sections p on p.tenant_id = s.tenant_id and p.id = s.parent_id
      where s.tenant_id = t and s.key not in (select o.key from told o)),
  tree as (
    select n.key, 1 as depth from nodes n where n.parent is null
    union all
    select n.key, d.depth + 1 from tree d join nodes n on n.parent = d.key where d.depth < 2001)
  update app.import_rows r set fault = case when d.key is null then 'circle' else 'deep' end
    from told o left join tree d on d.key = o.key
    where r.tenant_id = t and r.kind = 1 and r.key = o.key and r.fault is null and (d.key is null or d.depth > 8)
      and not exists (select from app.import_rows p where p.tenant_id = t and p.kind = 1 and p.key = o.parent and p.fault is not null);

  update app.import_rows r set fault = 'article' where r.tenant_id = t and r.kind = 2 and r.fault is null
    and not exists (select from app.import_rows a where a.tenant_id = t and a.kind = 3 and a.key = r.key);
  -- What was replaced has an end.
  update app.import_rows r set fault = 'versions' where r.tenant_id = t and r.kind = 2 and r.fault is null and r.about->>'until' is null
    and exists (select from app.import_rows o where o.tenant_id = t and o.kind = 2 and o.key = r.key and o.language = r.language and o.number > r.number);
  update app.import_rows r set fault = case
      when r.about->>'section' is not null and not exists (select from app.import_rows s where s.tenant_id = t and s.kind = 1 and s.key = r.about->>'section')
        and not exists (select from app.sections s where s.tenant_id = t and s.key = r.about->>'section' and s.parent_id is not null) then 'section'
      when all_came and not exists (select from app.import_rows x where x.tenant_id = t and x.kind = 2 and x.key = r.key) then 'texts'
      when (select count(distinct x.language) from app.import_rows x where x.tenant_id = t and x.kind = 2 and x.key = r.key) > 50 then 'too_many' end
    where r.tenant_id = t and r.kind = 3 and r.fault is null;
  update app.import_rows r set fault = case
      when not exists (select from app.import_rows a where a.tenant_id = t and a.kind = 3 and a.key = r.about->>'article')
        and not exists (select from app.articles a where a.tenant_id = t and a.key = r.about->>'article') then 'article'
      when exists (select from app.files f join app.articles a on a.tenant_id = f.tenant_id and a.id = f.article_id
        where f.tenant_id = t and f.key = r.key and a.key <> r.about->>'article') then 'taken' end
    where r.tenant_id = t and r.kind = 4 and r.fault is null;
  update app.import_rows r set fault = 'too_many'
    from (select x.n from (select y.n, row_number() over (partition by y.about->>'article' order by y.n) as turn
      from app.import_rows y where y.tenant_id = t and y.kind = 4) x where x.turn > 200) d
    where r.tenant_id = t and r.n = d.n and r.fault is null;
  update app.import_rows r set fault = 'target' where r.tenant_id = t and r.kind = 5 and r.fault is null
    and not exists (select from app.import_rows a where a.tenant_id = t and a.kind = case when r.about ? 'article' then 3 else 1 end
      and a.key = coalesce(r.about->>'article', r.about->>'section'))
    and case when r.about->>'article' is not null then not exists (select from app.articles a where a.tenant_id = t and a.key = r.about->>'article')
      else not exists (select from app.sections s where s.tenant_id = t and s.key = r.about->>'section' and s.parent_id is not null) end;
end $$;

-- What comes from a form that does not know all that is said here ("here") leaves alone what it says nothing of. So does a
-- bundle of somebody who is not told who reads what (it does not say what lies over all): and what is new in it is staff's.
create or replace function app.keep_import() returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  blind boolean := not exists (select from app.import_rows r where r.tenant_id = t and r.kind = 0 and r.fault is null);
begin
  update app.import_rows r set about = r.about
      || jsonb_build_object('names', s.names || (r.about->'names'), 'abouts', s.abouts || coalesce(r.about->'abouts', '{}'))
    from app.sections s
    where r.tenant_id = t and r.kind = 1 and r.fault is null and r.about ? 'here' and s.tenant_id = t and s.key = r.key and s.parent_id is not null;
  -- An audience that is said as the one here is said is that one, whoever else has the same name.
  update app.import_rows r set readers = coalesce(s.audience_id, 0) from app.sections s
    where r.tenant_id = t and r.kind = 1 and r.fault is null and s.tenant_id = t and s.key = r.key and s.parent_id is not null
      and case when coalesce(r.about->'audience', 'null') = 'null' then blind or r.about ? 'here' else r.about->'audience' = app.audience_told(s.audience_id)
        or s.audience_id is null and r.about->'audience' = app.audience_told(s.shown_to) and not exists (select from app.import_rows p where p.tenant_id = t and p.kind = 1 and p.key = r.about->>'parent') end;
  update app.import_rows r set readers = coalesce(a.audience_id, 0) from app.articles a
    where r.tenant_id = t and r.kind = 3 and r.fault is null and a.tenant_id = t and a.key = r.key
      and case when coalesce(r.about->'audience', 'null') = 'null' then blind or r.about ? 'here' else r.about->'audience' = app.audience_told(a.audience_id) end;
  update app.import_rows r set about = jsonb_strip_nulls(jsonb_build_object('expires', app.exact_time(a.expires_at), 'review_by', a.review_by)) || r.about
    from app.articles a
    where r.tenant_id = t and r.kind = 3 and r.fault is null and (blind or r.about ? 'here') and a.tenant_id = t and a.key = r.key;
  if blind then
    update app.import_rows r set about = r.about || '{"audience": {"level": "agents"}}'
      where r.tenant_id = t and r.kind in (1, 3) and r.fault is null and not r.about ? 'here' and coalesce(r.about->'audience', 'null') = 'null'
        and not exists (select from app.import_rows p where p.tenant_id = t and p.kind = 1 and p.key = coalesce(r.about->>'parent', r.about->>'section')
          and not exists (select from app.sections s where s.tenant_id = t and s.key = p.key))
        and case when r.kind = 1 then not exists (select from app.sections s where s.tenant_id = t and s.key = r.key)
          else not exists (select from app.articles a where a.tenant_id = t and a.key = r.key) end;
  end if;
end $$;

-- What is here and would be read by more than who reads it now, or for longer, stays as narrow as it is and is told ("opens"),
-- unless it was asked for (over).
create or replace function app.guard_import(over boolean) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  top app.audiences;
begin
  select x.* into top from app.audiences x join app.sections s on s.tenant_id = t and s.parent_id is null and s.shown_to = x.id where x.tenant_id = t;
  with recursive nodes as materialized (
    select r.n, r.key, r.about->>'parent' as parent, s.audience_id, s.shown_to, case when r.readers is null and coalesce(r.about->'audience', 'null') <> 'null' then app.audience_read(r.about->'audience')
        else (select x from app.audiences x where x.tenant_id = t and x.id = r.readers) end as own
      from app.import_rows r left join app.sections s on s.tenant_id = t and s.key = r.key where r.tenant_id = t and r.kind = 1 and r.fault is null
    union all
    select null, s.key, case when p.parent_id is not null then p.key end, s.audience_id, s.shown_to, (select x from app.audiences x where x.tenant_id = t and x.id = s.audience_id)
      from app.sections s join app.sections p on p.tenant_id = t and p.id = s.parent_id
      where s.tenant_id = t and not exists (select from app.import_rows r where r.tenant_id = t and r.kind = 1 and r.fault is null and r.key = s.key)),
  tree as (
    select n.n, n.key, n.audience_id, n.shown_to, top as over_it, w.opens, case when w.opens and not over then w.now else coalesce(n.own, top) end as reads, 1 as depth
      from nodes n cross join lateral (select o.now, coalesce(not app.is_within(coalesce(n.own, top), o.now), false) as opens
        from (select (select x from app.audiences x where x.tenant_id = t and x.id = n.shown_to) as now) o) w
      where n.parent is null
    union all
    select n.n, n.key, n.audience_id, n.shown_to, d.reads, w.opens, case when w.opens and not over then w.now else coalesce(n.own, d.reads) end, d.depth + 1
      from tree d join nodes n on n.parent = d.key cross join lateral (select o.now, coalesce(not app.is_within(coalesce(n.own, d.reads), o.now), false) as opens
        from (select (select x from app.audiences x where x.tenant_id = t and x.id = n.shown_to) as now) o) w
      where d.depth < 10),
  reading as materialized (select * from tree),
  opening as (
    select d.n, d.over_it, d.audience_id, d.shown_to from reading d where d.n is not null and d.opens
    union all
    select r.n, coalesce(d.reads, top), a.audience_id, x.id
      from app.import_rows r join app.articles a on a.tenant_id = t and a.key = r.key join app.sections s on s.tenant_id = t and s.id = a.section_id
      join app.audiences x on x.tenant_id = t and x.id = coalesce(a.audience_id, s.shown_to) left join reading d on d.key = r.about->>'section'
      where r.tenant_id = t and r.kind = 3 and r.fault is null
        and not app.is_within(coalesce(case when r.readers is null and coalesce(r.about->'audience', 'null') <> 'null' then app.audience_read(r.about->'audience')
          else (select y from app.audiences y where y.tenant_id = t and y.id = r.readers) end, d.reads, top), x))
  update app.import_rows r set said = 'opens', readers = case when over then r.readers when o.audience_id is null
      and app.is_within(o.over_it, (select x from app.audiences x where x.tenant_id = t and x.id = o.shown_to)) then 0 else o.shown_to end
    from opening o where r.tenant_id = t and r.n = o.n;
  update app.import_rows r set said = 'opens', about = case when over then r.about else r.about || jsonb_build_object('expires', app.exact_time(a.expires_at)) end
    from app.articles a where r.tenant_id = t and r.kind = 3 and r.fault is null and a.tenant_id = t and a.key = r.key
      and a.expires_at < coalesce(app.time_told(r.about->>'expires'), 'infinity');
end $$;

-- Marks what is new, changed or the same. Of a language that is there already what is live is compared, and what was before is
-- left alone: its history is the one here. A text here that was published later than the one that comes stays ("older"), and what
-- nobody reads any more stays so ("unpublished"), unless over.
create or replace function app.compare_import(over boolean) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
begin
  perform app.keep_import();
  if not app.knows_nothing() then
    perform app.guard_import(over);
  end if;
  update app.import_rows r set what = case when s.id is null then 'new'
      when s.names = r.about->'names' and s.abouts = coalesce(r.about->'abouts', '{}') and s.position = coalesce((r.about->>'position')::int, s.position)
        and case when p.parent_id is not null then p.key end is not distinct from r.about->>'parent'
        and case when r.readers is null then app.has_audience(s.audience_id, r.about->'audience') else coalesce(s.audience_id, 0) = r.readers end then 'same'
      else 'changed' end
    from app.import_rows o left join app.sections s on s.tenant_id = t and s.key = o.key left join app.sections p on p.tenant_id = t and p.id = s.parent_id
    where r.tenant_id = t and r.n = o.n and r.kind = 1 and r.fault is null and o.tenant_id = t;
  update app.import_rows r set what = case when a.id is null then 'new'
      when a.position = coalesce((r.about->>'position')::int, a.position) and a.language = r.about->>'language'
        and case when s.parent_id is not null then s.key end is not distinct from r.about->>'section'
        and case when r.readers is null then app.has_audience(a.audience_id, r.about->'audience') else coalesce(a.audience_id, 0) = r.readers end
        and a.expires_at is not distinct from app.time_told(r.about->>'expires') and a.review_by is not distinct from app.day_told(r.about->>'review_by') then 'same'
      else 'changed' end
    from app.import_rows o left join app.articles a on a.tenant_id = t and a.key = o.key left join app.sections s on s.tenant_id = t and s.id = a.section_id
    where r.tenant_id = t and r.n = o.n and r.kind = 3 and r.fault is null and o.tenant_id = t;
  update app.import_rows r set what = case
      when a.id is null or not exists (select from app.article_versions v where v.tenant_id = t and v.article_id = a.id and v.language = r.language) then 'new'
      when r.about->>'until' is not null then 'same'
      when exists (select from app.article_versions v where v.tenant_id = t and v.article_id = a.id and v.language = r.language and v.until_change is null
        and v.title = r.about->>'title' and v.html = r.html and v.keywords = app.keywords_told(r.about)) then 'same'
      else 'changed' end
    from app.import_rows o left join app.articles a on a.tenant_id = t and a.key = o.key
    where r.tenant_id = t and r.n = o.n and r.kind = 2 and r.fault is null and o.tenant_id = t;
  update app.import_rows r set what = case when over then r.what else 'same' end, said = case when v.until_change is null then 'older' else 'unpublished' end
    from app.articles a join app.article_versions v on v.tenant_id = t and v.article_id = a.id
    where r.tenant_id = t and r.kind = 2 and r.what = 'changed' and a.tenant_id = t and a.key = r.key and v.language = r.language
      and v.number = (select max(l.number) from app.article_versions l where l.tenant_id = t and l.article_id = a.id and l.language = r.language)
      and (v.until_change is not null or app.time_told(r.about->>'from') < v.from_at);
  update app.import_rows r set what = case when over then r.what else 'same' end, said = case when r.about->>'until' is null then 'unpublished' end
    from app.articles a where r.tenant_id = t and r.kind = 2 and r.what = 'new' and a.tenant_id = t and a.key = r.key and not a.is_live
      and exists (select from app.article_versions v where v.tenant_id = t and v.article_id = a.id);
  update app.import_rows r set what = case when f.id is null then 'new'
      when f.sha256 = decode(r.about->>'sha256', 'hex') and f.name = r.about->>'name' then 'same' else 'changed' end
    from app.import_rows o left join app.files f on f.tenant_id = t and f.key = o.key and f.article_id is not null
    where r.tenant_id = t and r.n = o.n and r.kind = 4 and r.fault is null and o.tenant_id = t;
  update app.import_rows r set what = case when d.path is null then 'new'
      when coalesce(a.key, s.key) = coalesce(r.about->>'article', r.about->>'section') and (a.key is null) = (r.about->>'article' is null)
        and d.language is not distinct from r.about->>'language' then 'same' else 'changed' end
    from app.import_rows o left join app.redirects d on d.tenant_id = t and d.path = o.key
    left join app.articles a on a.tenant_id = t and a.id = d.article_id left join app.sections s on s.tenant_id = t and s.id = d.section_id
    where r.tenant_id = t and r.n = o.n and r.kind = 5 and r.fault is null and o.tenant_id = t;
  update app.import_rows r set what = case when exists (select from app.synonyms s where s.tenant_id = t and s.language = r.about->>'language' and s.position = 0
        and array(select x.word from app.synonyms x where x.tenant_id = t and x.id = s.id order by x.position) = array(select jsonb_array_elements_text(r.about->'words'))) then 'same'
      else 'new' end
    where r.tenant_id = t and r.kind = 6 and r.fault is null;
  -- As many as there may be.
  update app.import_rows r set fault = 'too_many'
    from (select x.n from (select y.n, y.kind, row_number() over (partition by y.kind order by y.n) as turn
        from app.import_rows y where y.tenant_id = t and y.kind in (1, 3, 5, 6) and y.what = 'new') x
      join (values (1, 2000 - (select count(*) from app.sections s where s.tenant_id = t and s.parent_id is not null)),
        (3, 200000 - (select count(*) from app.articles a where a.tenant_id = t)),
        (5, 200000 - (select count(*) from app.redirects d where d.tenant_id = t)),
        (6, 1000 - (select count(distinct s.id) from app.synonyms s where s.tenant_id = t))) m (kind, free) on m.kind = x.kind
      where x.turn > m.free) d
    where r.tenant_id = t and r.n = d.n;
end $$;

create or replace function app.keywords_told(about jsonb) returns text[]
language sql immutable
return array(select jsonb_array_elements_text(case when jsonb_typeof(about->'keywords') = 'array' then about->'keywords' else '[]' end));

-- ---- taking it in -----------------------------------------------------------------------

-- Sections, from above to below; and then where all lie and who reads them.
create or replace function app.take_sections(empty boolean, change bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  root bigint := app.root_section();
  over jsonb := (select r.about->'audience' from app.import_rows r where r.tenant_id = t and r.kind = 0 order by r.n limit 1);
  s record;
begin
  if empty and over is not null and over <> 'null' then
    update app.sections x set audience_id = app.take_audience(over), changed = take_sections.change where x.tenant_id = t and x.id = root;
  end if;
  for s in with recursive told as materialized (
        select r.key, r.about->>'parent' as parent, r.about, r.what, r.readers from app.import_rows r where r.tenant_id = t and r.kind = 1),
      tree as (
        select o.key, 1 as depth from told o where o.parent is null or o.parent not in (select p.key from told p)
        union all
        select o.key, d.depth + 1 from tree d join told o on o.parent = d.key where d.depth < 10)
      select o.key, o.parent, o.about, o.readers from tree d join told o on o.key = d.key where o.what <> 'same' order by d.depth, o.key loop
    insert into app.sections as x (tenant_id, id, key, parent_id, position, names, abouts, audience_id, shown_to, path, changed)
      select t, app.new_id(), s.key, p.id, coalesce((s.about->>'position')::int, o.position, 0), s.about->'names', coalesce(s.about->'abouts', '{}'),
        case when s.readers is null then app.take_audience(s.about->'audience') else nullif(s.readers, 0) end, p.shown_to, array[p.id], take_sections.change
      from app.sections p left join app.sections o on o.tenant_id = t and o.key = s.key
      where p.tenant_id = t and case when s.parent is null then p.id = root else p.key = s.parent end
      on conflict (tenant_id, key) do update set parent_id = excluded.parent_id, position = excluded.position, names = excluded.names, abouts = excluded.abouts, audience_id = excluded.audience_id, changed = excluded.changed;
  end loop;
  with recursive down as (
    select x.id, array[x.id] as path, x.audience_id as shown_to from app.sections x where x.tenant_id = t and x.id = root
    union all
    select x.id, d.path || x.id, coalesce(x.audience_id, d.shown_to) from down d join app.sections x on x.tenant_id = t and x.parent_id = d.id
      where cardinality(d.path) < 10)
  update app.sections x set path = d.path, shown_to = d.shown_to, changed = take_sections.change
    from down d where x.tenant_id = t and x.id = d.id and (x.path, x.shown_to) is distinct from (d.path, d.shown_to);
exception when check_violation then
  raise exception using errcode = 'PT422', constraint = 'sections_parent.eight_deep', message = 'eight below each other at most';
end $$;

-- Articles with their texts. Those of a language that is new come with what was before, each from a change of
-- its own, so that no two of them were ever live at once; of one that was there what is live follows as its next version.
create or replace function app.take_articles(change bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  root bigint := app.root_section();
  r record;
begin
  insert into app.articles as x (tenant_id, id, key, section_id, position, audience_id, language, expires_at, review_by, changed, created_at, updated_at)
    select t, app.new_id(), r2.key, coalesce(s.id, root), coalesce((r2.about->>'position')::int, e.position, 0), case when r2.readers is null then app.take_audience(r2.about->'audience') else nullif(r2.readers, 0) end, r2.about->>'language',
      app.time_told(r2.about->>'expires'), app.day_told(r2.about->>'review_by'), take_articles.change,
      coalesce(app.time_told(r2.about->>'created'), now()), coalesce(app.time_told(r2.about->>'updated'), now())
    from app.import_rows r2 left join app.sections s on s.tenant_id = t and s.key = r2.about->>'section' and s.parent_id is not null
    left join app.articles e on e.tenant_id = t and e.key = r2.key
    where r2.tenant_id = t and r2.kind = 3 and r2.what <> 'same'
    on conflict (tenant_id, key) do update set section_id = excluded.section_id, audience_id = excluded.audience_id, language = excluded.language,
      position = excluded.position, expires_at = excluded.expires_at, review_by = excluded.review_by, changed = excluded.changed, updated_at = now();
  for r in select a.id, o.language, o.number, o.about, o.html, o.what, o.about->>'until' is null as live, n.what = 'new' as begins,
      count(*) over w as n, row_number() over (w order by o.number) as turn, bool_or(o.about->>'until' is null) over w as ends_live
      from app.import_rows o join app.articles a on a.tenant_id = t and a.key = o.key
      join app.import_rows n on n.tenant_id = t and n.kind = 3 and n.key = o.key
      where o.tenant_id = t and o.kind = 2 and o.what <> 'same' window w as (partition by a.id, o.language)
      -- Its own language first: translations say which version of that they are of.
      order by a.id, o.language <> a.language, o.language, o.number loop
    if r.what = 'changed' then
      delete from app.article_texts x where x.tenant_id = t and x.article_id = r.id and x.language = r.language;
      update app.article_versions v set until_change = take_articles.change, until_at = now()
        where v.tenant_id = t and v.article_id = r.id and v.language = r.language and v.until_change is null;
      r.number := (select max(v.number) + 1 from app.article_versions v where v.tenant_id = t and v.article_id = r.id and v.language = r.language);
    end if;
    insert into app.article_versions (tenant_id, article_id, language, number, title, html, keywords, translates, from_change, until_change, from_at, until_at)
      select t, r.id, r.language, r.number, r.about->>'title', r.html, app.keywords_told(r.about),
        case when r.begins then (r.about->>'translates')::int else app.translated_now(r.id, r.language, r.about) end,
        f.change, case when not r.live then f.change + 1 end,
        -- When it was published there, so that what was later there is later here.
        case when r.what = 'new' then coalesce(app.time_told(r.about->>'from'), now()) when app.time_told(r.about->>'from') >= (select max(v.from_at) from app.article_versions v
          where v.tenant_id = t and v.article_id = r.id and v.language = r.language) then least(app.time_told(r.about->>'from'), now()) else now() end, case when not r.live then app.time_told(r.about->>'until') end
      from (select take_articles.change - r.n + r.turn - (not r.ends_live)::int as change) f;
    if r.live then
      perform app.show_text(r.id, r.language, r.number, r.about->>'title', r.html, app.keywords_told(r.about));
    end if;
  end loop;
  update app.articles a set changed = take_articles.change, updated_at = case when a.is_live then now() else a.updated_at end,
      is_live = exists (select from app.article_texts x where x.tenant_id = t and x.article_id = a.id)
    where a.tenant_id = t and a.key in (select o.key from app.import_rows o where o.tenant_id = t and o.kind = 2 and o.what <> 'same');
end $$;

-- Which version here a translation says that comes as the next one: what is live, if it said what was live there.
create or replace function app.translated_now(article bigint, lang text, about jsonb) returns int
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
begin
  return (select case when a.language = lang then null
      -- What it was made of was left, since here is a newer one.
      when exists (select from app.import_rows o where o.tenant_id = t and o.kind = 2 and o.key = a.key and o.language = a.language and o.said = 'older' and o.what = 'same')
        then (select greatest(1, max(v.number) - 1) from app.article_versions v where v.tenant_id = t and v.article_id = a.id and v.language = a.language)
      when (about->>'translates')::int < (select max(o.number) from app.import_rows o where o.tenant_id = t and o.kind = 2 and o.key = a.key and o.language = a.language)
        then (select max(v.number) - 1 from app.article_versions v where v.tenant_id = t and v.article_id = a.id and v.language = a.language)
      else (select max(v.number) from app.article_versions v where v.tenant_id = t and v.article_id = a.id and v.language = a.language) end
    from app.articles a where a.tenant_id = t and a.id = article);
end $$;

-- Files, redirects and synonyms, when articles and sections are there.
create or replace function app.take_others() returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
begin
  update app.files f set article_id = null, key = null, width = null, height = null, created_at = now() - interval '24 hours'
    where f.tenant_id = t and f.article_id is not null and f.key in (select r.key from app.import_rows r where r.tenant_id = t and r.kind = 4 and r.what = 'changed');
  update app.files f set article_id = a.id, key = r.key, sum = null, writer = null, created_at = coalesce(app.time_told(r.about->>'created'), f.created_at)
    from app.import_rows r join app.articles a on a.tenant_id = t and a.key = r.about->>'article'
    where r.tenant_id = t and r.kind = 4 and r.what <> 'same' and f.tenant_id = t and f.id = (r.about->>'id')::bigint
      and f.owner_id = auth.person_id() and f.article_id is null and f.ticket_id is null;
  insert into app.redirects (tenant_id, path, article_id, section_id, language)
    select t, r.key, a.id, s.id, r.about->>'language' from app.import_rows r
    left join app.articles a on a.tenant_id = t and a.key = r.about->>'article'
    left join app.sections s on s.tenant_id = t and s.key = r.about->>'section' and a.id is null
    where r.tenant_id = t and r.kind = 5 and r.what <> 'same'
    on conflict (tenant_id, path) do update set article_id = excluded.article_id, section_id = excluded.section_id, language = excluded.language;
  insert into app.synonyms (tenant_id, id, language, position, word, root)
    select t, g.id, g.about->>'language', x.n - 1, x.w, app.synonym_root(x.w, g.about->>'language')
    from (select app.new_id() as id, r.about from app.import_rows r where r.tenant_id = t and r.kind = 6 and r.what = 'new' offset 0) g,
      jsonb_array_elements_text(g.about->'words') with ordinality x (w, n);
end $$;

-- ---- the end ----------------------------------------------------------------------------

-- All is there: the report, and where nothing was refused and it is no trial all of it at once. said: what the reader refused
-- itself or tells, [{entry, code, refused}], and how many there were; whole: it came to the end. most: how large a file the operator allows.
-- over: what is newer here is replaced, and what is narrower opened.
create or replace function app.finish_import(import bigint, said jsonb, refused bigint, told bigint, whole boolean, most bigint, over boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.imports := app.held_import(import);
  change bigint;
  empty boolean;
  report jsonb;
begin
  if whole then
    -- A trial holds up nobody who writes.
    if not i.dry then
      perform app.hold_knowledge();
    end if;
    perform app.check_import((app.file_limits(most)->>'size')::bigint, refused = 0);
    perform app.compare_import(over);
  end if;
  refused := refused + (select count(*) from app.import_rows r where r.tenant_id = i.tenant_id and r.fault is not null);
  told := told + (select count(*) from app.import_rows r where r.tenant_id = i.tenant_id and r.fault is null and r.said is not null);
  report := jsonb_build_object('dry', i.dry, 'over', over, 'done', not i.dry and refused = 0, 'refused', refused, 'told', told,
    'counts', (select jsonb_object_agg(k.name, jsonb_build_object('new', c.new, 'changed', c.changed, 'same', c.same, 'refused', c.refused))
      from (values (1, 'sections'), (2, 'texts'), (3, 'articles'), (4, 'files'), (5, 'redirects'), (6, 'synonyms')) k (kind, name)
      cross join lateral (select count(*) filter (where r.fault is null and r.what = 'new') as new, count(*) filter (where r.fault is null and r.what = 'changed') as changed,
          count(*) filter (where r.fault is null and r.what = 'same') as same, count(*) filter (where r.fault is not null) as refused
        from app.import_rows r where r.tenant_id = i.tenant_id and r.kind = k.kind) c),
    'lines', said || coalesce((select jsonb_agg(jsonb_build_object('entry', x.entry, 'code', x.fault, 'refused', true) order by x.n)
      from (select r.n, r.entry, r.fault from app.import_rows r where r.tenant_id = i.tenant_id and r.fault is not null order by r.n limit 200) x), '[]')
      || coalesce((select jsonb_agg(jsonb_build_object('entry', x.entry, 'code', x.said, 'refused', false) order by x.n)
      from (select r.n, r.entry, r.said from app.import_rows r where r.tenant_id = i.tenant_id and r.fault is null and r.said is not null order by r.n limit 200) x), '[]'));
  if not i.dry and refused > 0 then
    report := jsonb_build_object('errors', (select jsonb_agg(jsonb_build_object('field', l->>'entry', 'code', l->>'code'))
      from jsonb_array_elements(report->'lines') l where (l->>'refused')::boolean));
  elsif not i.dry and exists (select from app.import_rows r where r.tenant_id = i.tenant_id and r.what <> 'same') then
    empty := app.knows_nothing();
    -- As many changes as a language has versions, and one.
    update app.knowledge k set change = k.change + 1 + coalesce((select max(x.n) from (select count(*) as n from app.import_rows r
        where r.tenant_id = i.tenant_id and r.kind = 2 and r.what = 'new' group by r.key, r.language) x), 0)
      where k.tenant_id = i.tenant_id returning k.change into change;
    perform app.take_sections(empty, change);
    perform app.take_articles(change);
    perform app.take_others();
    perform app.record_account('articles.imported', null, report->'counts');
  end if;
  perform app.forget_import(i);
  return report;
end $$;

-- Before that, which may take long where much is new.
create or replace function app.allow_import() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('statement_timeout', '540s', true);
end $$;

-- ---- where it was before ----------------------------------------------------------------

-- Where a path leads that was elsewhere; null: nowhere that the asker may read. What is behind a hyphen in its last part
-- may be a title, which changes: then it is found without.
create or replace function app.redirect_found(path text, lang text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  d app.redirects;
begin
  select x.* into d from app.redirects x where x.tenant_id = auth.tenant_id()
    and x.path in (redirect_found.path, regexp_replace(redirect_found.path, '-[^/]*$', '')) order by x.path = redirect_found.path desc limit 1;
  if d.article_id is not null then
    return app.article_found((select a.key from app.articles a where a.tenant_id = d.tenant_id and a.id = d.article_id), coalesce(d.language, lang));
  end if;
  return (select app.section_url(coalesce(d.language, lang), app.in_language(s.names, coalesce(d.language, lang), app.language_of(auth.portal_id())), s.key)
    from app.sections s where s.tenant_id = d.tenant_id and s.id = d.section_id and s.shown_to = any (app.readable_audiences()));
end $$;
