-- Words that mean the same for a search of articles (K5), as the tenant's staff keeps them.

-- How one is looked up: its words' stems, or the words themselves.
create or replace function app.synonym_root(word text, language text) returns text
language sql immutable parallel safe
return (select string_agg(coalesce(lower(app.stem(r.w, language)), case when ascii(r.w) >= 11904 then r.w else left(app.plain_word(r.w), 64) end), ' ' order by r.n)
  from app.raw_words(word) with ordinality r (w, n));

create or replace function app.list_synonyms() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return json_build_object('most', 1000, 'languages', coalesce(auth.languages(), '{en}'),
    'groups', (select coalesce(json_agg(json_build_object('id', x.id, 'language', x.language, 'words', x.words) order by x.language, lower(x.words->>0), x.id), '[]')
      from (select s.id, s.language, json_agg(s.word order by s.position) as words from app.synonyms s
        where s.tenant_id = auth.tenant_id() group by s.id, s.language) x));
end $$;

-- A new group (null), or what is in one now.
create or replace function app.write_synonyms(id bigint, lang text, words jsonb) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  said text[];
begin
  perform app.must_be_at_desk();
  -- Two at once could both be the thousandth.
  perform pg_advisory_xact_lock(hashtextextended('synonyms/' || auth.tenant_id(), 0));
  if jsonb_typeof(words) <> 'array' or exists (select from jsonb_array_elements(words) e where jsonb_typeof(e) <> 'string') then
    raise exception using errcode = 'PT422', constraint = 'synonyms_words.type', message = 'a list of words';
  end if;
  said := array(select min(btrim(e)) from jsonb_array_elements_text(words) with ordinality x (e, n) where btrim(e) <> '' group by lower(btrim(e)) order by min(n));
  if cardinality(said) not between 2 and 10 then
    raise exception using errcode = 'PT422', constraint = 'synonyms_words.too_few', message = 'two to ten';
  elsif exists (select from unnest(said) w where char_length(w) > 60 or not app.is_line(w)) then
    raise exception using errcode = 'PT422', constraint = 'synonyms_words.too_long', message = 'sixty characters each at most';
  elsif exists (select from unnest(said) w where (select count(*) from app.raw_words(w)) not between 1 and 4) then
    raise exception using errcode = 'PT422', constraint = 'synonyms_words.too_many', message = 'one to four words each';
  end if;
  if id is null then
    if (select count(distinct s.id) from app.synonyms s where s.tenant_id = auth.tenant_id()) >= 1000 then
      raise exception using errcode = 'PT422', constraint = 'synonyms_words.full', message = 'a thousand groups at most';
    end if;
    id := app.new_id();
  else
    select s.language into lang from app.synonyms s where s.tenant_id = auth.tenant_id() and s.id = write_synonyms.id limit 1;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such group';
    end if;
    delete from app.synonyms s where s.tenant_id = auth.tenant_id() and s.id = write_synonyms.id;
  end if;
  insert into app.synonyms (tenant_id, id, language, position, word, root)
    select auth.tenant_id(), write_synonyms.id, lang, n - 1, w, app.synonym_root(w, lang) from unnest(said) with ordinality x (w, n);
  return id;
end $$;

create or replace function app.save_synonyms(id bigint, words jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.write_synonyms(id, null, words);
  return app.list_synonyms();
end $$;

-- A new group, once however often it is sent.
create or replace function app.make_synonyms(lang text, words jsonb, key text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('synonyms', key, concat_ws(E'\n', lang, words));
begin
  if sent.answer is null then
    perform app.remember(sent, json_build_object('id', app.write_synonyms(null, lang, words)));
  end if;
  return app.list_synonyms();
end $$;

create or replace function app.remove_synonyms(group_id bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  delete from app.synonyms s where s.tenant_id = auth.tenant_id() and s.id = group_id;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such group';
  end if;
  return app.list_synonyms();
end $$;
