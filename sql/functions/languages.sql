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
