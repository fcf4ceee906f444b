-- What stands before a new ticket (N2, N3, N5), and who writes it: the tenant's staff.

-- Is something of that portal shown at the portal here? Portals below have it, too.
create or replace function app.is_shown_here(portal bigint, here bigint[]) returns boolean
language sql immutable parallel safe
return portal is null or portal * 2 + 1 = any (here);

-- Of some kinds what is shown here, in a language, as they stand. Who is named is told to
-- the account's people alone.
create or replace function app.signposts_here(kinds text[], lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[];
  mine text[];
  named jsonb;
begin
  if not exists (select from app.signposts s where s.tenant_id = auth.tenant_id() and s.kind = any (kinds)) then
    return '[]';
  end if;
  here := app.scopes(null, auth.portal_id());
  mine := case when auth.person_id() is null then '{}' else app.roles_with(auth.portal_id(), auth.account_id()) end;
  named := app.named_contacts(auth.account_id());
  return (select coalesce(json_agg(json_build_object('id', s.id, 'kind', s.kind,
      'title', app.in_language(s.titles, lang, po.locale), 'text', app.in_language(s.texts, lang, po.locale),
      'url', s.url, 'people', x.people, 'is', json_build_object(s.kind, true))
      order by s.kind, s.position, s.id), '[]')
    from app.signposts s
    join app.portals po on po.tenant_id = s.tenant_id and po.id = auth.portal_id()
    cross join lateral (select jsonb_agg(jsonb_build_object('name', n->'name', 'email', n->'email')) as people
      from jsonb_array_elements(named) n where n->>'kind' = s.contact) x
    where s.tenant_id = auth.tenant_id() and s.kind = any (kinds) and app.is_shown_here(s.portal_id, here)
      and (s.roles = '{}' or s.roles && mine) and (s.contact is null or x.people is not null));
end $$;

-- ---- while a title is typed ------------------------------------------------------------

-- The words of a title that say what it is about, with their stems: of three letters
-- at least, and none of the little ones that every text of a language has, unless
-- there are no others; of Japanese what is in kanji or katakana, since nobody ends
-- a sentence as an article does. Null: there is none.
create or replace function app.telling_words(q text, lang text, out told text[], out roots text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  asked record;
begin
  asked := app.read_search(q);
  select coalesce(array_agg(w) filter (where not little), array_agg(w)), coalesce(array_agg(s) filter (where not little), array_agg(s)) into told, roots
    from (select w, s, ts_lexize(app.stemmer(lang), w) is not distinct from '{}' as little from unnest(asked.words, asked.stems) x (w, s)
        where ascii(w) < 11904 and length(w) > 2
      union all
      select distinct coalesce(m[1], w), '', false from unnest(asked.words) w
        left join lateral regexp_matches(w, '[\u3400-\u9fff々]{2,}|[ァ-ヺー]{2,}', 'g') m on true where ascii(w) >= 11904) y;
end $$;

-- What may spare a ticket whose title begins so: what is known to be amiss, articles,
-- and own ones that are open.
create or replace function app.spares_ticket(q text, lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  -- A long title has more words than a search.
  first text := (select left(string_agg(x.w, ' ' order by x.n), 200)
    from (select r.w, min(r.n) as n from app.raw_words(q) with ordinality r (w, n) group by r.w order by 2 limit 16) x);
  said record;
  own bigint[];
begin
  said := app.telling_words(first, lang);
  if said.told is not null and auth.grant_id() is null and auth.account_id() is not null then
    -- One's own are few: they are looked at one by one.
    own := app.fitting(array(
      select t.id from unnest(auth.principals()) p
      cross join lateral (select a.ticket_id, a.updated_at from app.ticket_access a
        where a.tenant_id = auth.tenant_id() and a.principal = p order by a.updated_at desc, a.ticket_id desc limit 1000) a
      join app.tickets t on t.tenant_id = auth.tenant_id() and t.id = a.ticket_id
      where p % 4 = 0 and t.requester_id = auth.person_id() and t.account_id = auth.account_id() and t.status < 5
        and not (app.has_field_policies() and app.hides('status', t.portal_id, t.account_id))
      order by t.updated_at desc, t.id desc), app.word_patterns(said.told, said.roots), 5);
  end if;
  return json_build_object('incidents', app.find_incidents(first, lang), 'articles', app.find_articles(first, lang),
    'tickets', (select coalesce(json_agg(json_build_object('number', t.id, 'title', t.title) order by o.n), '[]')
      from unnest(own) with ordinality o (id, n)
      join app.tickets t on t.tenant_id = auth.tenant_id() and t.id = o.id));
end $$;

create or replace function auth.take_solved(article bigint) returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.take('solved', auth.tenant_id() || '/' || auth.person_id() || '/' || article, 1, interval '1 day')
$$;

-- It was enough: counted once a person and day, and no more is kept of it.
create or replace function app.article_solved(article bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'support only reads';
  elsif app.readable_of(array[article]) = '{}' then
    raise exception using errcode = 'PT404', message = 'no such article';
  elsif auth.take_solved(article) then
    insert into app.deflections as d (tenant_id, article_id) values (auth.tenant_id(), article)
      on conflict on constraint deflections_pkey do update set count = d.count + 1;
  end if;
  return json_build_object('id', article);
end $$;

-- ---- by the tenant's staff -----------------------------------------------------------------

create or replace function app.must_be_at_desk() returns void
language plpgsql stable as $$
begin
  if auth.account_id() is not null or not auth.is_agent() or auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'the tenant''s staff writes that, at the desk';
  end if;
end $$;

-- All of it, as the page shows it where it is written.
create or replace function app.list_signposts() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return json_build_object('languages', coalesce(auth.languages(), '{en}'),
    'portals', (select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) order by x.name), '[]')
      from (select po.id, po.name from app.portals po
        where po.tenant_id = auth.tenant_id() and po.account_id is not null order by po.name limit 500) x),
    'signposts', (select coalesce(json_agg(json_build_object('id', s.id, 'kind', s.kind, 'portal', s.portal_id,
        'titles', s.titles, 'texts', s.texts, 'url', s.url, 'contact', s.contact, 'roles', s.roles) order by s.kind, s.position, s.created_at, s.id), '[]')
      from app.signposts s where s.tenant_id = auth.tenant_id()),
    'articles', app.articles_written());
end $$;

-- A new one, or what is said of one. before: the one it is to stand in front of; 0: the last.
create or replace function app.save_signpost(signpost bigint, kind text, titles jsonb, texts jsonb, url text, contact text,
  roles jsonb, portal bigint, before bigint)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  s app.signposts;
begin
  perform app.must_be_at_desk();
  -- Two at once could both be the two-hundredth.
  perform pg_advisory_xact_lock(hashtextextended('signposts/' || auth.tenant_id(), 0));
  if signpost is not null then
    select x.* into s from app.signposts x where x.tenant_id = auth.tenant_id() and x.id = signpost for update;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such one';
    end if;
  elsif (select count(*) from app.signposts x where x.tenant_id = auth.tenant_id()) >= 200 then
    raise exception using errcode = 'PT422', constraint = 'signposts_titles.too_many', message = 'two hundred at most';
  end if;
  if portal is not null and not exists (select from app.portals p where p.tenant_id = auth.tenant_id() and p.id = portal) then
    raise exception using errcode = 'PT422', constraint = 'signposts_portal.unknown', message = 'no such portal';
  end if;
  if before is null then
    insert into app.signposts as x (tenant_id, id, kind, position, portal_id, titles, texts, url, contact, roles)
      values (auth.tenant_id(), coalesce(s.id, app.new_id()), coalesce(s.kind, kind),
        coalesce(s.position, (select coalesce(max(y.position), 0) + 1 from app.signposts y where y.tenant_id = auth.tenant_id())),
        portal, coalesce(titles, s.titles), coalesce(texts, '{}'), nullif(url, ''), nullif(contact, ''),
        case jsonb_typeof(roles) when 'array' then array(select jsonb_array_elements_text(roles)) else '{}' end)
      on conflict on constraint signposts_pkey do update set portal_id = excluded.portal_id, titles = excluded.titles,
        texts = excluded.texts, url = excluded.url, contact = excluded.contact, roles = excluded.roles;
  elsif s.id is not null then
    -- Numbered anew, with room for it in front of that one.
    with turns as (
      select x.id, row_number() over (order by x.position, x.created_at, x.id) * 2 as turn
      from app.signposts x where x.tenant_id = auth.tenant_id())
    update app.signposts x set position = case when x.id = s.id
        then coalesce((select b.turn - 1 from turns b where b.id = before), 1000) else t.turn end
      from turns t where x.tenant_id = auth.tenant_id() and x.id = t.id;
  end if;
  return app.list_signposts();
end $$;

-- A new one, once however often it is sent.
create or replace function app.make_signpost(kind text, titles jsonb, texts jsonb, url text, contact text,
  roles jsonb, portal bigint, key text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('signposts', key, concat_ws(E'\n', kind, titles, texts, url, contact, roles, portal));
  answer json;
begin
  if sent.answer is not null then
    return app.list_signposts();
  end if;
  answer := app.save_signpost(null, kind, titles, texts, url, contact, roles, portal, null);
  perform app.remember(sent, '{}');
  return answer;
end $$;

create or replace function app.remove_signpost(signpost bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  delete from app.signposts s where s.tenant_id = auth.tenant_id() and s.id = signpost;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such one';
  end if;
  return app.list_signposts();
end $$;
