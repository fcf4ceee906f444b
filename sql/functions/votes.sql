-- Was it helpful (K2)? Who reads an article says so, once a person; its writers are told how many, and what they
-- said, not who.

create or replace function app.vote_article(article bigint, helpful boolean, said text, lang text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'support only reads';
  elsif auth.person_id() is null or app.readable_of(array[article]) = '{}' then
    raise exception using errcode = 'PT404', message = 'no such article';
  end if;
  insert into app.votes as v (tenant_id, article_id, person_id, language, is_helpful, comment)
    values (auth.tenant_id(), article, auth.person_id(), (app.article_text(article, lang)).language, helpful, nullif(btrim(said), ''))
    on conflict on constraint votes_pkey do update set is_helpful = excluded.is_helpful, comment = excluded.comment,
      language = excluded.language, at = now();
  return json_build_object('helpful', helpful);
end $$;

-- Of each network once a day and article; and a thousand a day and article.
create or replace function auth.take_rating(article bigint, client text) returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.take('rating', auth.tenant_id() || '/' || article || '/' || auth.network(client), 1, interval '1 day')
    and auth.take('ratings', auth.tenant_id() || '/' || article, 1000, interval '1 day')
$$;

-- A visitor's word: what counts is counted, and nothing of whose it was is kept. What does not count is answered alike.
create or replace function app.rate_article(article bigint, helpful boolean, client text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if app.readable_of(array[article]) = '{}' then
    raise exception using errcode = 'PT404', message = 'no such article';
  end if;
  if auth.take_rating(article, client) then
    update app.articles a set rated_helpful = coalesce(a.rated_helpful, 0) + case when helpful then 1 else 0 end,
        rated_unhelpful = coalesce(a.rated_unhelpful, 0) + case when helpful then 0 else 1 end
      where a.tenant_id = auth.tenant_id() and a.id = article;
  end if;
  return json_build_object('helpful', helpful);
end $$;

-- For its writers: the sums, and the newest hundred comments; before: those older than that moment, in microseconds.
create or replace function app.article_votes(article bigint, before bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('id', a.id,
      'helpful', coalesce(a.rated_helpful, 0) + (select count(*) from app.votes v where v.tenant_id = a.tenant_id and v.article_id = a.id and v.is_helpful),
      'unhelpful', coalesce(a.rated_unhelpful, 0) + (select count(*) from app.votes v where v.tenant_id = a.tenant_id and v.article_id = a.id and not v.is_helpful),
      'comments', (select coalesce(json_agg(json_build_object('helpful', x.is_helpful, 'comment', x.comment, 'language', x.language, 'at', x.at,
          'place', (extract(epoch from x.at) * 1000000)::bigint) order by x.at desc), '[]')
        from (select v.* from app.votes v where v.tenant_id = a.tenant_id and v.article_id = a.id and v.comment is not null
          and (before is null or v.at < to_timestamp(0) + before * interval '1 microsecond') order by v.at desc limit 100) x))
    from app.articles a where a.tenant_id = auth.tenant_id() and a.id = article);
end $$;
