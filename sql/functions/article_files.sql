-- Pictures and files of articles (K2). One comes as any file does (files.sql); from when an article has it,
-- it is read as that is.

create or replace function app.shown_article_file(f app.files) returns json
language sql stable parallel safe
return json_build_object('key', f.key, 'url', '/kb/f/' || f.key, 'name', f.name, 'size', f.size, 'kind', app.file_kind(f.type),
  'width', f.width, 'height', f.height, 'created_at', f.created_at);

-- One of the asker's own that nothing has, whole and found clean: two hundred an article at most. Sent again it is the same.
create or replace function app.attach_article_file(article bigint, file bigint, wide int, high int) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles := app.held_article(article, false);
  f app.files;
begin
  select x.* into f from app.files x where x.tenant_id = a.tenant_id and x.id = file and x.owner_id = auth.person_id()
    and x.ticket_id is null and (x.article_id = a.id or x.article_id is null and x.created_at > now() - interval '24 hours') for update;
  if not found or f.state in (1, 4) then
    raise exception using errcode = 'PT422', constraint = 'articles_file.choice', message = 'not whole, own and free';
  elsif f.state = 2 then
    raise exception using errcode = 'PT422', constraint = 'articles_file.checking', message = 'the scanner has not looked at it yet';
  elsif f.article_id is not null then
    return app.shown_article_file(f);
  elsif (select count(*) from app.files x where x.tenant_id = a.tenant_id and x.article_id = a.id) >= 200 then
    raise exception using errcode = 'PT422', constraint = 'articles_file.too_many', message = 'two hundred at most';
  end if;
  update app.files x set article_id = a.id, key = app.new_key(), sum = null, writer = null,
      width = case when app.file_kind(x.type) = 'picture' then wide end, height = case when app.file_kind(x.type) = 'picture' then high end
    where x.tenant_id = a.tenant_id and x.id = f.id returning x.* into f;
  return app.shown_article_file(f);
end $$;

-- For who writes it.
create or replace function app.article_files(article bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('id', a.id, 'files', (select coalesce(json_agg(app.shown_article_file(f) order by f.created_at, f.id), '[]')
      from app.files f where f.tenant_id = a.tenant_id and f.article_id = a.id))
    from app.articles a where a.tenant_id = auth.tenant_id() and a.id = article);
end $$;

-- Not what its text still shows. What is left of it goes as what nobody attached does.
create or replace function app.remove_article_file(article bigint, wanted text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles := app.held_article(article, false);
begin
  if exists (select from app.article_drafts d where d.tenant_id = a.tenant_id and d.article_id = a.id and position('"/kb/f/' || wanted || '"' in d.html) > 0)
      or exists (select from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id and v.until_change is null
        and position('"/kb/f/' || wanted || '"' in v.html) > 0) then
    raise exception using errcode = 'PT422', constraint = 'articles_file.shown', message = 'the text shows it';
  end if;
  update app.files f set article_id = null, key = null, width = null, height = null, created_at = now() - interval '24 hours'
    where f.tenant_id = a.tenant_id and f.article_id = a.id and f.key = wanted;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such file';
  end if;
end $$;

-- The text with the size of each picture that says none, so that nothing moves while they come.
create or replace function app.with_sizes(html text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  p record;
begin
  if position('" src="/kb/f/' in html) = 0 then
    return html;
  end if;
  for p in select x.alt, f.key, f.width, f.height
      from (select distinct m[1] as alt, m[2] collate "C" as key from regexp_matches(html, '<img alt="([^"]*)" src="/kb/f/([a-z0-9]{1,32})"/>', 'g') m limit 500) x
      join app.files f on f.tenant_id = auth.tenant_id() and f.key = x.key
      where f.width is not null and f.height is not null loop
    html := replace(html, concat('<img alt="', p.alt, '" src="/kb/f/', p.key, '"/>'),
      concat('<img alt="', p.alt, '" height="', p.height, '" src="/kb/f/', p.key, '" width="', p.width, '"/>'));
  end loop;
  return html;
end $$;
