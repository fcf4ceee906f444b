-- Writing the knowledge base (K2–K4): a draft beside what is live, in each language; review, publishing
-- now or later, taking back, and what was live before.

-- Its title in an address: letters and digits of any script, without accents.
create or replace function app.slug(title text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  -- The same for letters of English, as each list has many.
  return coalesce(nullif(rtrim(left(case when octet_length(title) = length(title) then btrim(regexp_replace(lower(title), '[^a-z0-9]+', '-', 'g'), '-')
    else (select string_agg(app.plain_word(w), '-' order by n) from app.raw_words(title) with ordinality x (w, n)) end, 80), '-'), ''), 'a');
end $$;

-- Minutes that reading takes: 200 words, or 500 characters of a script without spaces, in one.
create or replace function app.reading_minutes(said text) returns int
language sql immutable parallel safe
return (select greatest(1, ceil(sum(case when ascii(w) >= 11904 then length(w) / 500.0 else 0.005 end)))::int from app.raw_words(said) w);

-- The headings of canonical text that a reader can go to.
create or replace function app.toc_of(html text) returns jsonb
language sql immutable parallel safe
return (select coalesce(jsonb_agg(jsonb_build_object('level', m[1]::int, 'id', m[2], 'text', btrim(app.html_text(m[3]))) order by n), '[]')
  from regexp_matches(html, '<h([23]) id="([^"]+)">((?:[^<]|<(?!/h))*)</h[23]>', 'g') with ordinality x (m, n) where n <= 200);

-- One to be written on; held until the transaction ends, with all where what is live changes.
create or replace function app.held_article(article bigint, for_all boolean) returns app.articles
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles;
begin
  perform app.must_be_at_desk();
  if for_all then
    perform app.hold_knowledge();
  end if;
  select x.* into a from app.articles x where x.tenant_id = auth.tenant_id() and x.id = article for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such article';
  end if;
  return a;
end $$;

create or replace function app.keywords_said(said jsonb) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  found text[];
begin
  if said is null or said = 'null' then
    return '{}';
  elsif jsonb_typeof(said) <> 'array' or exists (select from jsonb_array_elements(said) e where jsonb_typeof(e) <> 'string') then
    raise exception using errcode = 'PT422', constraint = 'articles_keywords.type', message = 'a list of words';
  end if;
  found := array(select distinct btrim(e) as w from jsonb_array_elements_text(said) e where btrim(e) <> '' order by w);
  if cardinality(found) > 50 or exists (select from unnest(found) f where char_length(f) > 60 or not app.is_line(f)) then
    raise exception using errcode = 'PT422', constraint = 'articles_keywords.too_many', message = 'fifty of sixty characters at most';
  end if;
  return found;
end $$;

-- Which version of the article's own language a translation of now is one of; null: it is that language.
create or replace function app.translated_version(a app.articles, lang text) returns int
language sql stable
return case when lang <> a.language then (select v.number from app.article_versions v
  where v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = a.language and v.until_change is null) end;

-- Stores a draft. was: the count of the one that it was written on; null: none was there. Another than
-- there is now is somebody else's, and nothing is lost.
create or replace function app.put_draft(a app.articles, lang text, title text, html text, keywords text[], was int) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  d app.article_drafts;
begin
  html := app.with_sizes(html);
  select x.* into d from app.article_drafts x where x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = lang;
  if d.edit is distinct from was then
    raise exception using errcode = 'PT409', constraint = 'conflict', message = 'somebody else has written on it meanwhile';
  elsif d.edit is null and (select count(*) from (
      select v.language from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id
      union select y.language from app.article_drafts y where y.tenant_id = a.tenant_id and y.article_id = a.id except select lang) l) >= 50 then
    raise exception using errcode = 'PT422', constraint = 'articles_language.too_many', message = 'fifty languages at most';
  elsif d.state > 1 and (d.html, d.title, d.keywords) is distinct from (html, title, keywords) then
    -- Approved is what was read.
    d.state := 1;
  end if;
  insert into app.article_drafts as x (tenant_id, article_id, language, title, html, keywords, translates, author_id)
    values (a.tenant_id, a.id, lang, title, html, keywords, app.translated_version(a, lang), auth.person_id())
    on conflict on constraint article_drafts_pkey do update set title = excluded.title, html = excluded.html, keywords = excluded.keywords,
      translates = excluded.translates, author_id = excluded.author_id, state = coalesce(d.state, 1), edit = x.edit + 1,
      publish_at = case when d.state = x.state then x.publish_at end, updated_at = now();
end $$;

create or replace function app.save_draft(article bigint, lang text, title text, html text, keywords jsonb, was int, publish boolean default false) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles := app.held_article(article, publish);
begin
  perform app.put_draft(a, lang, title, html, app.keywords_said(keywords), was);
  if publish then
    perform app.act_on_text(a.id, lang, 'publish', null);
  end if;
  return app.article_desk(a.id);
end $$;

-- A new article with its first draft, or that published at once; once however often it is sent.
create or replace function app.make_article(section bigint, lang text, title text, html text, key text,
  audience jsonb default null, publish boolean default false, keywords jsonb default null) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('articles', key, concat_ws(E'\n', section, lang, title, audience, publish, keywords, html));
  a app.articles;
begin
  perform app.must_be_at_desk();
  if sent.answer is not null then
    return app.article_desk((sent.answer->>'id')::bigint);
  end if;
  perform app.hold_knowledge();
  section := coalesce(section, app.root_section());
  if not exists (select from app.sections s where s.tenant_id = auth.tenant_id() and s.id = section) then
    raise exception using errcode = 'PT422', constraint = 'articles_section.unknown', message = 'no such section';
  elsif exists (select from app.articles x where x.tenant_id = auth.tenant_id() offset 199999) then
    raise exception using errcode = 'PT422', constraint = 'articles_title.too_many', message = 'two hundred thousand at most';
  end if;
  insert into app.articles as x (tenant_id, key, section_id, audience_id, language, author_id, position)
    values (auth.tenant_id(), app.new_key(), section, app.audience_said(audience), lang, auth.person_id(),
      (select coalesce(max(y.position), 0) + 1 from app.articles y where y.tenant_id = auth.tenant_id() and y.section_id = section))
    returning x.* into a;
  perform app.put_draft(a, lang, title, html, app.keywords_said(keywords), null);
  if publish then
    perform app.act_on_text(a.id, lang, 'publish', null);
  end if;
  perform app.remember(sent, json_build_object('id', a.id));
  return app.article_desk(a.id);
end $$;

-- Ends what is live in a language.
create or replace function app.end_version(a app.articles, lang text, change bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.article_texts t where t.tenant_id = a.tenant_id and t.article_id = a.id and t.language = lang;
  update app.article_versions v set until_change = change, until_at = now()
    where v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = lang and v.until_change is null;
end $$;

-- What readers find of an article in a language, from a version on.
create or replace function app.show_text(article bigint, lang text, number int, said_title text, said_html text, said_keywords text[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  plain text := app.html_text(said_html);
begin
  insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words)
    values (auth.tenant_id(), article, lang, show_text.number, said_title, app.slug(said_title), left(btrim(regexp_replace(plain, '\s+', ' ', 'g')), 300),
      app.toc_of(said_html), app.reading_minutes(plain), app.more_words(' ', app.words_of(concat_ws(E'\n', said_title, array_to_string(said_keywords, E'\n'), plain), lang)));
end $$;

-- A version goes live: the draft's text, or that of an older one.
create or replace function app.put_live(a app.articles, lang text, said_title text, said_html text, said_keywords text[], translated int, author bigint) returns int
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  change bigint := app.next_change();
  n int := (select coalesce(max(v.number), 0) + 1 from app.article_versions v
    where v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = lang);
begin
  perform app.end_version(a, lang, change);
  insert into app.article_versions (tenant_id, article_id, language, number, title, html, keywords, translates, author_id, from_change)
    values (a.tenant_id, a.id, lang, n, said_title, said_html, said_keywords, translated, author, change);
  perform app.show_text(a.id, lang, n, said_title, said_html, said_keywords);
  update app.articles x set is_live = true, changed = change, updated_at = now()
    where x.tenant_id = a.tenant_id and x.id = a.id;
  perform app.record_account('article.published', null, jsonb_build_object('article', a.id, 'language', lang, 'version', n));
  return n;
end $$;

create or replace function app.needs_review() returns boolean
language sql stable
return coalesce(app.setting_at('articles_need_review', null, null) = 'yes', false);

-- What happens to a draft: review (asked for), approve (by somebody else), refuse, publish (now, or at a
-- time), throw away; and to what is live: take back.
create or replace function app.act_on_text(article bigint, lang text, act text, at timestamptz) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles := app.held_article(article, act in ('publish', 'unpublish'));
  d app.article_drafts;
begin
  select x.* into d from app.article_drafts x where x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = lang for update;
  if act = 'unpublish' then
    if not exists (select from app.article_texts t where t.tenant_id = a.tenant_id and t.article_id = a.id and t.language = lang) then
      raise exception using errcode = 'PT422', constraint = 'articles_act.state', message = 'it is not published';
    end if;
    perform app.take_back(a, lang);
  elsif d.article_id is null then
    raise exception using errcode = 'PT422', constraint = 'articles_act.state', message = 'there is no draft';
  elsif act = 'discard' then
    delete from app.article_drafts x where x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = lang;
  elsif act = 'approve' and d.author_id = auth.person_id() then
    raise exception using errcode = 'PT422', constraint = 'articles_act.own_work', message = 'somebody else approves it';
  elsif act = 'publish' and d.state < 3 and app.needs_review() then
    raise exception using errcode = 'PT422', constraint = 'articles_act.review_first', message = 'somebody else approves it first';
  elsif act = 'publish' and (at is null or at <= now()) then
    perform app.publish_draft(a, d);
  elsif act = 'publish' and at > now() + interval '2 years' then
    raise exception using errcode = 'PT422', constraint = 'articles_at.too_late', message = 'within two years';
  else
    update app.article_drafts x set state = case act when 'review' then 2 when 'approve' then 3 when 'refuse' then 1 else x.state end,
        publish_at = case when act = 'publish' then at end, edit = x.edit + 1
      where x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = lang;
    perform app.record_account('article.' || case act when 'publish' then 'planned' when 'review' then 'to_review' when 'approve' then 'approved' else 'refused' end,
      null, jsonb_build_object('article', a.id, 'language', lang));
  end if;
  return app.article_desk(a.id);
end $$;

create or replace function app.publish_draft(a app.articles, d app.article_drafts) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.put_live(a, d.language, d.title, d.html, d.keywords, d.translates, d.author_id);
  delete from app.article_drafts x where x.tenant_id = d.tenant_id and x.article_id = d.article_id and x.language = d.language;
end $$;

-- Nobody reads it any more; where nothing else is being written it is what is.
create or replace function app.take_back(a app.articles, lang text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  change bigint := app.next_change();
begin
  insert into app.article_drafts (tenant_id, article_id, language, title, html, keywords, translates, author_id)
    select v.tenant_id, v.article_id, v.language, v.title, v.html, v.keywords, v.translates, v.author_id from app.article_versions v
    where v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = lang and v.until_change is null
    on conflict do nothing;
  perform app.end_version(a, lang, change);
  update app.articles x set changed = change, updated_at = now(),
      is_live = exists (select from app.article_texts t where t.tenant_id = a.tenant_id and t.article_id = a.id)
    where x.tenant_id = a.tenant_id and x.id = a.id;
  perform app.record_account('article.taken_back', null, jsonb_build_object('article', a.id, 'language', lang));
end $$;

-- What was live once becomes the draft; nothing is published by it.
create or replace function app.restore_version(article bigint, lang text, version int, was int) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles := app.held_article(article, false);
  v app.article_versions;
begin
  select x.* into v from app.article_versions x
    where x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = lang and x.number = version;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such version';
  end if;
  perform app.put_draft(a, lang, v.title, v.html, v.keywords, was);
  return app.article_desk(a.id);
end $$;

create or replace function app.article_time(said text, field text) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  t timestamptz := app.status_time(said, field);
begin
  if t > now() + interval '20 years' then
    raise exception using errcode = 'PT422', constraint = 'articles_' || field || '.too_late', message = 'within twenty years';
  end if;
  return t;
end $$;

create or replace function app.article_day(said text) returns date
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(said, '') = '' then
    return null;
  elsif said !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
    raise exception using errcode = 'PT422', constraint = 'articles_review_by.date', message = 'not a day';
  end if;
  return said::date;
exception when datetime_field_overflow or invalid_datetime_format then
  raise exception using errcode = 'PT422', constraint = 'articles_review_by.date', message = 'no such day';
end $$;

-- What is said of all its languages: where it lies, who reads it, when it ends, when it is looked at again.
create or replace function app.change_article(article bigint, said jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles := app.held_article(article, true);
  change bigint := app.next_change();
begin
  if said ? 'section' then
    a.section_id := coalesce(nullif((said->>'section')::bigint, 0), app.root_section());
    if not exists (select from app.sections s where s.tenant_id = a.tenant_id and s.id = a.section_id) then
      raise exception using errcode = 'PT422', constraint = 'articles_section.unknown', message = 'no such section';
    end if;
  end if;
  if said ? 'audience' then
    a.audience_id := app.audience_said(said->'audience');
  end if;
  if said ? 'expires_at' then
    a.expires_at := app.article_time(said->>'expires_at', 'expires_at');
  end if;
  if said ? 'review_by' then
    a.review_by := app.article_day(said->>'review_by');
  end if;
  if said ? 'first_language' then
    a.language := said->>'first_language';
    if not exists (select from app.article_texts t where t.tenant_id = a.tenant_id and t.article_id = a.id and t.language = a.language) then
      raise exception using errcode = 'PT422', constraint = 'articles_first_language.unknown', message = 'it is not published in that language';
    end if;
    -- What was a translation is what others are translated from.
    update app.article_drafts x set translates = null where x.tenant_id = a.tenant_id and x.article_id = a.id;
  end if;
  update app.articles x set section_id = a.section_id, audience_id = a.audience_id, expires_at = a.expires_at,
      review_by = a.review_by, language = a.language, changed = change, updated_at = now()
    where x.tenant_id = a.tenant_id and x.id = a.id;
  if said ? 'in_front_of' then
    with turns as (
      select x.id, row_number() over (order by x.position, x.id) * 2 as turn
      from app.articles x where x.tenant_id = a.tenant_id and x.section_id = a.section_id)
    update app.articles x set position = case when x.id = a.id
        then coalesce((select b.turn - 1 from turns b where b.id = (said->>'in_front_of')::bigint), (select max(b.turn) + 1 from turns b)) else t.turn end
      from turns t where x.tenant_id = a.tenant_id and x.id = t.id;
  end if;
  perform app.record_account('article.changed', null, jsonb_build_object('article', a.id));
  return app.article_desk(a.id);
end $$;

-- One as its writers see it: each language with what is live, what is being written, and whether it says
-- what the article's own language does now.
create or replace function app.article_desk(article bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('id', a.id, 'key', a.key, 'section', a.section_id, 'language', a.language,
      'audience', app.audience_json(a.audience_id), 'shown_to', app.audience_json(coalesce(a.audience_id, s.shown_to)),
      'expires_at', a.expires_at, 'review_by', a.review_by, 'needs_review', app.needs_review(), 'languages', coalesce(auth.languages(), '{en}'),
      'texts', (select json_object_agg(l.language, json_strip_nulls(json_build_object(
          'live', (select json_build_object('version', v.number, 'title', v.title, 'slug', t.slug, 'since', v.from_at, 'author', v.author_id,
              'by', (select p.name from app.people p where p.tenant_id = v.tenant_id and p.id = v.author_id), 'of', v.translates, 'outdated', case when v.translates < o.number then true end)
            from app.article_versions v join app.article_texts t using (tenant_id, article_id, language, number)
            where v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = l.language and v.until_change is null),
          'draft', (select json_build_object('title', d.title, 'edit', d.edit,
              'state', (array['draft', 'review', 'approved'])[d.state], 'publish_at', d.publish_at, 'updated_at', d.updated_at, 'author', d.author_id,
              'by', (select p.name from app.people p where p.tenant_id = d.tenant_id and p.id = d.author_id), 'mine', case when d.author_id = auth.person_id() then true end,
              'of', d.translates, 'outdated', case when d.translates < o.number then true end)
            from app.article_drafts d where d.tenant_id = a.tenant_id and d.article_id = a.id and d.language = l.language))))
        from (select v.language from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id
          union select d.language from app.article_drafts d where d.tenant_id = a.tenant_id and d.article_id = a.id) l))
    from app.articles a join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    left join app.article_versions o on o.tenant_id = a.tenant_id and o.article_id = a.id and o.language = a.language and o.until_change is null
    where a.tenant_id = auth.tenant_id() and a.id = article);
end $$;

-- Its text in a language, live and being written.
create or replace function app.article_written(article bigint, lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('id', a.id, 'language', lang,
      'live', (select json_build_object('version', v.number, 'title', v.title, 'keywords', v.keywords, 'html', v.html) from app.article_versions v
        where v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = lang and v.until_change is null),
      'draft', (select json_build_object('edit', d.edit, 'title', d.title, 'keywords', d.keywords, 'html', d.html) from app.article_drafts d
        where d.tenant_id = a.tenant_id and d.article_id = a.id and d.language = lang))
    from app.articles a where a.tenant_id = auth.tenant_id() and a.id = article);
end $$;

-- Those that were written on last, for the list where what stands before a ticket is written.
create or replace function app.articles_written() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select coalesce(json_agg(json_build_object('id', x.id, 'key', x.key, 'published', x.is_live, 'audience', app.audience_json(coalesce(x.audience_id, s.shown_to)),
      'titles', coalesce((select jsonb_object_agg(d.language, d.title) from app.article_drafts d where d.tenant_id = x.tenant_id and d.article_id = x.id), '{}')
        || coalesce((select jsonb_object_agg(t.language, t.title) from app.article_texts t where t.tenant_id = x.tenant_id and t.article_id = x.id), '{}'),
      'solved', (select coalesce(sum(d.count), 0) from app.deflections d where d.tenant_id = x.tenant_id and d.article_id = x.id))
      order by x.created_at desc, x.id desc), '[]')
    from (select a.* from app.articles a where a.tenant_id = auth.tenant_id() order by a.created_at desc, a.id desc limit 100) x
    join app.sections s on s.tenant_id = x.tenant_id and s.id = x.section_id);
end $$;

-- What was live in a language, the newest first, a hundred at most; before: from there on.
create or replace function app.article_history(article bigint, lang text, before int) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('versions', (select coalesce(json_agg(json_build_object('version', v.number, 'title', v.title,
      'author', v.author_id, 'by', p.name, 'size', octet_length(v.html), 'from', v.from_at, 'until', v.until_at) order by v.number desc), '[]')
    from (select x.* from app.article_versions x where x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = lang
      and (before is null or x.number < before) order by x.number desc limit 100) v
    left join app.people p on p.tenant_id = a.tenant_id and p.id = v.author_id))
    from app.articles a where a.tenant_id = auth.tenant_id() and a.id = article);
end $$;

-- One of them; 0: what is being written.
create or replace function app.article_version(article bigint, lang text, version int) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('version', v.number, 'title', v.title, 'keywords', v.keywords, 'html', v.html, 'from', v.from_at, 'until', v.until_at)
      from app.article_versions v where v.tenant_id = auth.tenant_id() and v.article_id = article and v.language = lang and v.number = version
    union all
    select json_build_object('version', 0, 'title', d.title, 'keywords', d.keywords, 'html', d.html)
      from app.article_drafts d where d.tenant_id = auth.tenant_id() and d.article_id = article and d.language = lang and version = 0);
end $$;

-- One that was never live goes; what was is taken back and stays, since exports tell that it is gone.
create or replace function app.remove_article(article bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles := app.held_article(article, true);
begin
  if exists (select from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id) then
    raise exception using errcode = 'PT422', constraint = 'articles_article.was_live', message = 'it was published: take it back instead';
  end if;
  delete from app.articles x where x.tenant_id = a.tenant_id and x.id = a.id;
  perform app.record_account('article.removed', null, jsonb_build_object('article', a.id));
  return '{}';
end $$;

-- For who writes, fifty at a time: a section's in their order (0: of no section), or all from the newest on; of them
-- those that are being written (draft), to be reviewed, approved, to be published at a time (planned), live,
-- that nobody looked at again in time (overdue), or whose translation is older than what it translates. at: where to go on.
create or replace function app.desk_articles(section bigint, state text, at bigint, id bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  ids bigint[];
  place bigint := case when section = 0 then (select s.id from app.sections s where s.tenant_id = auth.tenant_id() and s.parent_id is null) else section end;
begin
  perform app.must_be_at_desk();
  if section is not null then
    ids := array(select a.id from app.articles a where a.tenant_id = auth.tenant_id() and a.section_id = place
      and (at is null or (a.position, a.id) > (at, desk_articles.id)) and app.is_in_state(a, state) order by a.position, a.id limit 51);
  else
    ids := array(select a.id from app.articles a where a.tenant_id = auth.tenant_id()
      and (at is null or (a.created_at, a.id) < (to_timestamp(0) + at * interval '1 microsecond', desk_articles.id))
      and app.is_in_state(a, state) order by a.created_at desc, a.id desc limit 51);
  end if;
  return (select json_build_object('articles', coalesce(json_agg(json_build_object('id', a.id, 'key', a.key, 'section', a.section_id,
      'language', a.language, 'live', a.is_live, 'own_audience', a.audience_id is not null,
      'level', (select (array['public', 'signed_in', 'agents'])[u.level] from app.audiences u
        where u.tenant_id = a.tenant_id and u.id = coalesce(a.audience_id, s.shown_to)),
      'expires_at', a.expires_at, 'review_by', a.review_by, 'updated_at', a.updated_at, 'texts', app.texts_state(a)) order by x.n), '[]'),
      'next', case when cardinality(ids) > 50 then (select case when section is not null then a.position::bigint
          else (extract(epoch from a.created_at) * 1000000)::bigint end || '_' || a.id
        from app.articles a where a.tenant_id = auth.tenant_id() and a.id = ids[50]) end)
    from unnest(ids[:50]) with ordinality x (id, n)
    join app.articles a on a.tenant_id = auth.tenant_id() and a.id = x.id
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id);
end $$;

create or replace function app.is_in_state(a app.articles, wanted text) returns boolean
language sql stable
return case wanted
  when 'live' then (a).is_live
  when 'overdue' then coalesce((a).review_by <= current_date, false)
  when 'planned' then exists (select from app.article_drafts d where d.tenant_id = (a).tenant_id and d.article_id = (a).id and d.publish_at is not null)
  when 'outdated' then exists (select from app.article_versions v
    join app.article_versions o on o.tenant_id = v.tenant_id and o.article_id = v.article_id and o.language = (a).language and o.until_change is null
    where v.tenant_id = (a).tenant_id and v.article_id = (a).id and v.until_change is null and v.translates < o.number)
  else wanted is null or exists (select from app.article_drafts d where d.tenant_id = (a).tenant_id and d.article_id = (a).id
    and d.state = array_position('{draft,review,approved}'::text[], wanted)) end;

-- What it is in each language.
create or replace function app.texts_state(a app.articles) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(json_object_agg(l.language, json_strip_nulls(json_build_object('title', coalesce(d.title, v.title),
      'live', v.number, 'draft', (array['draft', 'review', 'approved'])[d.state], 'publish_at', d.publish_at,
      'outdated', case when v.translates < o.number then true end))), '{}')
    from (select x.language from app.article_drafts x where x.tenant_id = a.tenant_id and x.article_id = a.id
      union select y.language from app.article_texts y where y.tenant_id = a.tenant_id and y.article_id = a.id) l
    left join app.article_drafts d on d.tenant_id = a.tenant_id and d.article_id = a.id and d.language = l.language
    left join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = l.language and v.until_change is null
    left join app.article_versions o on o.tenant_id = a.tenant_id and o.article_id = a.id and o.language = a.language and o.until_change is null);
end $$;

-- What was to be published or taken back by now, of one tenant: the job's.
create or replace function app.publish_due(article bigint, lang text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles;
  d app.article_drafts;
begin
  perform app.hold_knowledge();
  select x.* into a from app.articles x where x.tenant_id = auth.tenant_id() and x.id = article for update;
  select x.* into d from app.article_drafts x
    where x.tenant_id = a.tenant_id and x.article_id = a.id and x.language = lang and x.publish_at <= now() for update;
  if not found then
    return false;
  end if;
  perform app.publish_draft(a, d);
  return true;
end $$;

create or replace function app.expire_due(article bigint) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.articles;
  lang text;
begin
  perform app.hold_knowledge();
  select x.* into a from app.articles x where x.tenant_id = auth.tenant_id() and x.id = article
    and x.is_live and x.expires_at <= now() for update;
  if not found then
    return false;
  end if;
  for lang in select t.language from app.article_texts t where t.tenant_id = a.tenant_id and t.article_id = a.id loop
    perform app.take_back(a, lang);
  end loop;
  return true;
end $$;

-- By `sportello events`: a tenant's whose turn it is, twenty at most. How many.
create or replace function jobs.publish_due() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn record;
  whose bigint;
  one record;
  n bigint := 0;
begin
  for turn in select * from jobs.turns('publish') loop
    select d.tenant_id into whose
      from ((select x.tenant_id from app.article_drafts x where x.publish_at <= now()
          and (select t.suspended_at from app.tenants t where t.tenant_id = x.tenant_id) is null order by x.publish_at limit 500)
        union all
        (select x.tenant_id from app.articles x where x.is_live and x.expires_at <= now()
          and (select t.suspended_at from app.tenants t where t.tenant_id = x.tenant_id) is null order by x.expires_at limit 500)) d
      where d.tenant_id >= turn.lowest and d.tenant_id < turn.below
      order by d.tenant_id limit 1;
    exit when found;
  end loop;
  if whose is null then
    return 0;
  end if;
  perform jobs.had_turn('publish', whose);
  perform jobs.enter(whose);
  for one in (select x.article_id, x.language from app.article_drafts x where x.publish_at <= now() and x.tenant_id = whose order by x.publish_at limit 20)
      union all
      (select x.id, null from app.articles x where x.is_live and x.expires_at <= now() and x.tenant_id = whose order by x.expires_at limit 20) loop
    begin
      n := n + (case when one.language is null then app.expire_due(one.article_id) else app.publish_due(one.article_id, one.language) end)::int;
    exception when query_canceled or others then
      -- The others do not wait for it.
      update app.article_drafts x set publish_at = now() + interval '1 minute'
        where x.tenant_id = whose and x.article_id = one.article_id and x.language = one.language;
    end;
  end loop;
  return n;
end $$;
