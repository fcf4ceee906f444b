-- The languages that there are: one a file of lang/. The program, which has read
-- them, tells the database when its jobs begin.

create table if not exists auth.languages (tag text primary key);

-- By their tags. Null: nobody has told yet, so any may be meant.
create or replace function auth.languages() returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select array_agg(l.tag order by l.tag) from auth.languages l);
end $$;

create or replace function jobs.know_languages(tags text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.languages l where l.tag <> all (string_to_array(tags, ' '));
  insert into auth.languages (tag) select unnest(string_to_array(tags, ' ')) on conflict do nothing;
end $$;

-- Has each of these a file?
create or replace function app.are_languages(tags text[]) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return tags <@ coalesce(auth.languages(), tags);
end $$;

-- Those that a portal, or one to be made below it or of an account, may be in.
create or replace function app.languages_for(account bigint, portal bigint) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(string_to_array(app.set_value('languages', account, portal), ' '), auth.languages());
end $$;

-- ---- what the database says itself ---------------------------------------------------

-- Those texts that are stored in a language, such as what a ticket's conversation
-- states: told with the languages.
create table if not exists auth.texts (
  tag text not null,
  key text not null,
  said text not null,
  primary key (tag, key));

-- A text in a language, or in English; one that nobody has told is its key.
create or replace function auth.said(key text, lang text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select x.said from auth.texts x where x.key = said.key and x.tag in (lang, split_part(lang, '-', 1), 'en')
    order by x.tag = lang desc, x.tag <> 'en' desc limit 1), key);
end $$;

-- {"<language>": {"<key>": "…"}}: all there are.
create or replace function jobs.know_texts(texts jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.texts x where texts->x.tag->>x.key is null;
  insert into auth.texts as x (tag, key, said)
    select l.key, w.key, w.value from jsonb_each(texts) l cross join lateral jsonb_each_text(l.value) w
    on conflict (tag, key) do update set said = excluded.said;
end $$;
