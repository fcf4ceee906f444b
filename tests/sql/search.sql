-- Search of tickets: what is taken in and when, what is found by whom, and what
-- no question may do. In the tenant 13, made like the two of fixtures.sql.
-- tests/sql/matrix asks who finds what, of random data.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (13, 'search', 'Search');
select fixture.fill(13, 'search') \g /dev/null
select * from no_plan();
set story.tenant = 13;
set story.slug = 'search';
\ir lib/story.sql
begin;
select auth.set_context(13, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.settings where tenant_id = 13;
delete from app.search_queue where tenant_id = 13;
delete from app.event_queue where tenant_id = 13;
delete from app.ticket_words where tenant_id = 13;
commit;
create function pg_temp.find(person int, q text, most int default 100) returns text language sql as $$
  select pg_temp.at(case person when 507 then 'desk' when 505 then 'thirty' else 'ten' end, person, format('select (app.search_tickets(%L, %s)).ids', q, most)) $$;
create function pg_temp.open(title text, html text, key text) returns text
language sql as $$ select pg_temp.at('ten', 501, format('select app.open_ticket(%L, %L, %L, %L)->>''number''', title, 'x', html, key)) $$;
create function pg_temp.say(person int, ticket text, internal boolean, html text, key text) returns text language sql as $$
  select pg_temp.at(case person when 507 then 'desk' else 'ten' end, person,
    format('select app.add_comment(%s, %L, %L, %L, %L, null)->>''comment'' is not null', ticket, internal, 'x', html, key)) $$;
-- What `sportello events` does for this tenant, each step a transaction.
create procedure pg_temp.work() language plpgsql as $$
declare
  q record;
begin
  for q in select event_id from app.event_queue where tenant_id = 13 order by event_id loop
    perform pg_temp.job(format('select app.queue_words(%s)', q.event_id));
    delete from app.event_queue where tenant_id = 13 and event_id = q.event_id;
    commit;
  end loop;
  for q in select ticket_id, from_id from app.search_queue where tenant_id = 13 loop
    perform pg_temp.job(format('select app.take_words(%s, %s)', q.ticket_id, q.from_id));
    delete from app.search_queue where tenant_id = 13 and ticket_id = q.ticket_id;
    commit;
  end loop;
end $$;

-- ---- V1: words in eight languages ------------------------------------------------

-- Words as they are written in a text, and as they are asked for in that language.
create temp table said (n int, language text, text text, asked text[]);
insert into said values
  (1, 'en', 'The connections were running slowly', '{connection,runs,"slowly connections",SLOW}'),
  (2, 'fr', 'Les élèves n''arrivent pas à télécharger les relevés', '{élève,eleves,téléchargement,"releve eleve",l''arrivent,"\"telecharger les relevés\"",« arrivent pas »}'),
  (3, 'de', 'Die Häuser der Straße sind größer geworden', '{haus,HÄUSER,strasse,"grosser straße",geword,„Straße sind grosser“}'),
  (4, 'es', 'Las facturas están duplicadas en el almacén', '{factura,estan,duplicada,almacenes}'),
  (5, 'it', 'Le assenze degli studenti non vengono salvate', '{assenza,studente,salvato,"perche"}'),
  (6, 'pt', 'As impressões não são enviadas às escolas', '{impressões,enviada,escola}'),
  (7, 'sv', 'Fönstren på kontoret öppnas inte längre', '{öppnade,kontor,oppna,langre}'),
  (8, 'ja', '昨日から請求書が届きません。ＰＤＦファイルも開けない', '{請求書,求書,届,PDF,"PDFファイル",ﾌｧｲﾙ,「求書が届」,"\"PDF ファイル\"",｢PDFファ｣}');
update said set asked = array_remove(asked, 'perche');
create temp table numbers (n int, number text);
-- Each is taken in while its writer has that language.
select x from said, lateral (values (format('update app.people set locale = %L where tenant_id = 13 and id = 501', language)),
  (format('insert into numbers select %s, pg_temp.open(%L, %L, %L)', n, 'Report ' || n, '<p>' || replace(text, '''', '&#39;') || '</p>', 'search-key-' || n)),
  ('call pg_temp.work()')) v(x) order by n \gexec
select is((select count(*)::int from app.search_queue where tenant_id = 13), 0, 'all are taken in');
select format('update app.people set locale = %L where tenant_id = 13 and id = 501; select is(pg_temp.find(501, %L), %L, %L);',
  s.language, a, '{' || k.number || '}', s.language || ': ' || a)
  from said s join numbers k using (n), unnest(s.asked) a \gexec
update app.people set locale = 'en' where tenant_id = 13 and id = 501;
select is(pg_temp.find(501, 'elev'), (select '{' || number || '}' from numbers where n = 2), 'in another language, parts of words');

-- ---- V1: what is a hit -----------------------------------------------------------

select pg_temp.open('Invoice 4711 for "Anna"', '<p>The <strong>pass</strong>word &lt;b&gt; &amp; rest, see <a href="https://x.example/hidden">the page</a></p>', 'search-key-20') as one \gset
select pg_temp.say(507, :'one', true, '<p>Zebra in the cellar</p>', 'search-key-21') \g /dev/null
select pg_temp.say(507, :'one', false, '<p>Giraffe on the roof</p>', 'search-key-22') \g /dev/null
insert into app.files (tenant_id, id, owner_id, ticket_id, comment_id, is_internal, name, type, size, received, sha256, state)
  select 13, 900 + row_number() over (order by c.id), c.author_id, c.ticket_id, c.id, c.is_internal, case when c.is_internal then 'Okapi_2.pdf' else 'Scan-2024_Oryx.pdf' end,
    'application/pdf', 1, 1, sha256('x'), 3 from app.comments c where c.tenant_id = 13 and c.ticket_id = :'one' and c.source = 'x' and c.author_id = 507;
call pg_temp.work();
create function pg_temp.hit(person int, q text) returns boolean language sql as $$
  select pg_temp.find(person, q) like '%' || current_setting('story.one') || '%' $$;
set story.one to :'one';
select format('select is(pg_temp.hit(501, %L), %L, %L)', q, wanted, q || ': ' || wanted) from (values
  ('password', true), ('sswo', true), ('pa', true), ('ss', false), ('4711', true), ('471', true), ('711', true), ('anna', true), ('"anna"', true),
  ('hidden', false), ('strong', false), ('amp', false), ('oryx.pdf', true), ('2024', true), ('giraffe invoice', true), ('giraffe zebra', false),
  ('zebra', false), ('okapi', false), ('#' || :'one', true), (' # ' || :'one', true), (:'one', true), ('i a f t r', true), ('passwords', true), ('passwort', false),
  ('password -invoice', true), ('"giraffe on the roof"', true), ('roof "giraffe on" “the page”', true), ('"on the giraffe"', false), ('"giraffe roof"', false),
  ('"giraffe on the', true), ('"invoice 4711" ''anna''', true), ('"invoice giraffe"', false), ('"scan 2024 oryx"', true), ('"pass"', false), ('"password"', true), ('"passwords"', false),
  ('"zebra in the"', false), ('"" zzz', false), ('"password b rest"', true), ('password & !invoice', true), ('pass%word', true), ('pass_ord', true), ('p*', true)) v(q, wanted) \gexec
select format('select is(pg_temp.hit(507, %L), true, %L)', q, 'the desk: ' || q) from unnest('{zebra,okapi,giraffe zebra,ell zeb roo,"\"in the cellar\" giraffe"}'::text[]) q \gexec
select is(pg_temp.find(505, 'giraffe'), '{}', 'another account finds nothing of it');
select is(pg_temp.find(505, '#' || :'one'), '{}', 'by its number neither');
-- Each excerpt is the text again, when its pieces are put together.
create function pg_temp.excerpt(person int, q text) returns jsonb language sql as $$
  select pg_temp.at(case person when 507 then 'desk' else 'ten' end, person, format('select app.excerpts(%L, array[%s])', q, current_setting('story.one')))::jsonb -> current_setting('story.one') $$;
select is(pg_temp.excerpt(501, 'giraffe')->>'text', '[["Giraffe", true], [" on the roof", false]]', 'where it is');
select is(pg_temp.excerpt(501, '"on the roof"')->>'text', '[["Giraffe ", false], ["on", true], [" ", false], ["the", true], [" ", false], ["roof", true]]', 'where a phrase is');
select is(pg_temp.excerpt(501, 'zebra')->>'text', null, 'of a note nothing');
select is(pg_temp.excerpt(507, 'zebra')->>'in', 'note', 'but for the desk');
select is(pg_temp.excerpt(501, 'oryx')->>'text', '[["Scan-2024_", false], ["Oryx", true], [".pdf", false]]', 'a file''s name');
select is(pg_temp.excerpt(501, 'invo')->>'title', '[["Invo", true], ["ice 4711 for \"Anna\"", false]]', 'the title');
select is(pg_temp.excerpt(501, 'rest <b')->>'text', '[["The password <", false], ["b", true], ["> & ", false], ["rest", true], [", see the page", false]]', 'text, not markup');
select is(pg_temp.at('thirty', 505, format('select app.excerpts(''giraffe'', array[%s])', :'one')), null, 'of a ticket that one does not see nothing');

-- A part of it becomes a ticket of its own: a name of a file goes with it.
select id as roof from app.comments where tenant_id = 13 and ticket_id = :'one' and html like '%Giraffe%' \gset
select pg_temp.at('desk', 507, format('select app.split_ticket(%s, %L, %L, %L)->>''number''', :'one', 'A part', jsonb_build_array(:'roof'::bigint), 'search-key-30')) as part \gset
call pg_temp.work();
select is(pg_temp.find(501, 'oryx'), '{' || :'part' || '}', 'a file''s name is found where the file is now');
select is(pg_temp.find(501, 'giraffe part'), '{' || :'part' || '}', 'as are the words');

-- ---- what follows -----------------------------------------------------------------

-- The same event twice, a ticket anew, and one that goes on behind others.
begin;
select auth.set_context(13, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
create temp table before as select * from app.ticket_words where tenant_id = 13;
select app.take_words(:'one', 1) is null, app.take_words(:'one', 0) is null \g /dev/null
select is(array(select words from app.ticket_words w where w.tenant_id = 13 and not is_internal except select words from before where not is_internal),
  '{}', 'taking in twice changes nothing');
delete from app.files where tenant_id = 13 and name = 'Scan-2024_Oryx.pdf';
select app.take_words(:'part', 0) \g /dev/null
select is((select count(*)::int from app.ticket_words w where w.tenant_id = 13 and w.words like '%oryx%'), 0, 'what is gone is found no more');
commit;
-- A long conversation takes several turns, and one of nothing but different
-- words is taken in as far as it fits.
begin;
select auth.set_context(13, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.comments (tenant_id, ticket_id, id, author_id, source, html)
  select 13, :'one', 1000000000000000 + n, 507, 'x', '<p>line' || n || ' ' || repeat('filler' || n % 7 || ' ', 10) || '</p>' from generate_series(1, 1300) n;
insert into app.comments (tenant_id, ticket_id, id, author_id, source, html)
  select 13, 4, 2000000000000000 + n, 507, 'x', '<p>' || (select string_agg(chr(19968 + (n * 7919 + i * 31) % 20000) || md5(n || ' ' || i), ' ') from generate_series(1, 1500) i) || '</p>' from generate_series(1, 4) n;
select app.take_words(:'one', 0) as second \gset
select app.take_words(:'one', :'second') as third \gset
select app.says(:'one', '{"% giraffe on the roof %"}') as buried \gset
select coalesce(app.take_words(:'one', :'third')::text, 'end') as fourth, app.take_words(4, 0) as none \gset
select count(*)::int as all_lines from app.ticket_words w where w.tenant_id = 13 and w.ticket_id = :'one' and not is_internal and w.words like '% line1300 %' and w.words like '% line1 %' \gset
select max(char_length(words)) as longest from app.ticket_words where tenant_id = 13 \gset
rollback;
select is(:'second' > '0' and :'third' > :'second' and :'fourth' = 'end', true, 'five hundred at a time, to the end');
select is(:all_lines, 1, 'all of it is there');
select is(split_part(:'buried', ',', 1), '(t', 'a phrase is found at its beginning');
select ok(:longest between 59000 and 60002, 'as far as it fits');

-- What changes no text is nothing to take in, and what fails is tried less and less often.
insert into app.events (tenant_id, kind, ticket_id, comment_id) select 13, 'ticket.' || k, 2, 1
  from unnest('{changed,solved,closed,reopened,rated,escalated,merged,merged_in,mentioned,note_mentioned,shared,unshared,unfollowed,followed_up}'::text[]) k;
select format('select is(pg_temp.job(%L), %L, %L)', 'select app.queue_words(' || id || ')', '', kind) from app.events where tenant_id = 13 and ticket_id = 2 order by id \gexec
select is((select count(*)::int from app.search_queue where tenant_id = 13), 0, 'change no text');
create temp table waiting as select * from app.search_queue where tenant_id <> 13;
delete from app.search_queue;
create function public.sour() returns trigger language plpgsql as $$ begin raise 'sour'; end $$;
create trigger sour before insert on app.ticket_words for each row when (new.tenant_id = 13 and new.ticket_id = 2) execute function public.sour();
insert into app.search_queue (tenant_id, ticket_id, from_id) values (13, 2, 0);
select x from unnest('{1,2,4,8}'::int[]) n, lateral (values ('update app.search_queue set not_before = now() where tenant_id = 13'),
  ($q$select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.take_in_words()'), '1', 'one that fails')$q$),
  (format($q$select is((select round(extract(epoch from not_before - now()) / 60)::int from app.search_queue where tenant_id = 13), %s, 'waits twice as long each time: %1$s')$q$, n))) v (x) \gexec
drop trigger sour on app.ticket_words;
drop function public.sour();
insert into app.events (tenant_id, kind, ticket_id, comment_id) values (13, 'ticket.replied', 2, 1);
select pg_temp.job((select format('select app.queue_words(%s)', max(id)) from app.events where tenant_id = 13)) \g /dev/null
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.take_in_words()'), '1', 'something new in it is taken in at once');
select is((select count(*)::int from app.search_queue), 0, 'and it is done');
insert into app.search_queue select * from waiting;

-- ---- what is asked ---------------------------------------------------------------

select format('select is(pg_temp.find(501, %L), %L, %L)', q, 'PT422 search_q.' || code, code) from (values
  (null, 'required'), ('', 'required'), (' ~ ', 'required'), (repeat('x', 201), 'too_long'), (E'a\nb', 'wrong'),
  ((select string_agg('w' || n, ' ') from generate_series(1, 17) n), 'too_many')) v(q, code) \gexec
-- Two thousand questions of random characters: none fails, each is soon answered.
create function pg_temp.babble(seed int) returns text language sql as $$
  select string_agg(case when random() < 0.5 then substr('''"\&|!():*<>-%_$#@^~`?{}[]/;.,=+ ', 1 + floor(random() * 33)::int, 1)
    when random() < 0.6 then chr(97 + floor(random() * 26)::int) else chr((array[192, 768, 1488, 1632, 3585, 12352, 19968, 44032, 64256, 65281, 128512, 131072])[1 + floor(random() * 12)::int] + floor(random() * 60)::int) end, '')
  from generate_series(1, 1 + floor(random() * 150)::int) where seed is not null $$;
begin;
select setseed(0.5) \g /dev/null
select auth.set_context(13, 110, 10, 501, 1501, 1::smallint, array[2004], false) \g /dev/null
create temp table strange (q text, state text, ms double precision);
do $$
declare
  q text;
  began timestamptz;
begin
  for n in 1 .. 2000 loop
    q := pg_temp.babble(n);
    began := clock_timestamp();
    begin
      perform app.search_tickets(q, 100), app.words_query((app.read_search(q)).words, (app.read_search(q)).stems, true);
      insert into strange values (q, null, extract(epoch from clock_timestamp() - began) * 1000);
    exception when others then
      insert into strange values (q, sqlstate, extract(epoch from clock_timestamp() - began) * 1000);
    end;
  end loop;
end $$;
select is(array(select distinct q || ': ' || state from strange where state <> 'PT422'), '{}', 'no question is an error');
select cmp_ok((select count(*)::int from strange where state is null), '>', 500, 'many are answered');
select cmp_ok((select max(ms) from strange), '<', 2000::double precision, 'each is answered soon');
commit;

-- ---- more than a search looks at ---------------------------------------------------

-- A thousand and ten tickets have 'crowd', the oldest three hundred 'seldom', and one of
-- these is urgent; Bob opened the second oldest. A search looks at 250, to be shown by so few.
create or replace function app.search_reach() returns int language sql immutable parallel safe return 250;
-- Plans made before have the old number in them.
discard plans;
begin;
select auth.set_context(13, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, priority, at_desk, created_at, updated_at, desk_updated_at)
  select 13, 10000 + n, 110, 10, case n when 2 then 502 else 501 end, 'Crowd', 1, case n when 3 then 4 else 2 end, true, d, d, d
  from generate_series(1, 1010) n, lateral (select timestamptz '2040-01-01' + n * interval '1 minute') x (d);
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
  select 13, t.id, p, t.updated_at from app.tickets t, unnest(array[app.principal(t.requester_id, 0), app.principal(10, 2)]) p where t.tenant_id = 13 and t.id > 10000;
insert into app.ticket_words (tenant_id, ticket_id, is_internal, words)
  select 13, id, false, ' crowd ' || case when id <= 10300 then 'seldom ' else '' end from app.tickets where tenant_id = 13 and id > 10000;
update app.tickets set title = 'Crowd crowd' where tenant_id = 13 and id = 10003;
commit;
create function pg_temp.listed(portal text, person int, asked text, reach int default 10000) returns text language sql as $$
  select pg_temp.at(portal, person, format('select concat_ws($s$ $s$, ids, edge is not null) from app.pick_tickets(%L, 10, %s)', asked, reach)) $$;
select is(pg_temp.listed('ten', 502, '{"list": "all", "q": "crowd", "priority": "urgent"}'), '{10003} f', 'V1: a word and a filter find what is older than a thousand with the word');
select is(pg_temp.listed('desk', 507, '{"list": "desk", "q": "crowd", "priority": "urgent", "sort": "title"}'), '{10003} f', 'in every order');
select is(pg_temp.listed('ten', 502, '{"list": "all", "q": "crowd", "priority": "urgent"}', 100), '{} t', 'or the answer says that it did not look so far');
select is(pg_temp.listed('ten', 502, '{"list": "all", "q": "\"crowd crowd\"", "priority": "urgent"}'), '{10003} f', 'a phrase and a filter');
select is(pg_temp.at('ten', 502, $$select ids::text || ' ' || whole from app.search_tickets('"crowd crowd"', 201)$$), '{} false', 'a search looks at the texts of a thousand, and says that there are more');
select is(pg_temp.at('ten', 502, $$select ids::text || ' ' || whole from app.search_tickets('"crowd seldom"', 201)$$), '{} true', 'words that stand apart are no phrase');
select is(pg_temp.listed('ten', 502, '{"list": "mine"}', 2), '{10002} f', 'one''s own are not behind what others changed');
select is(pg_temp.as_role('sportello_bulk', $$select auth.enter('ten.search.test', '13/502', 1::smallint, false)$$, $$select count(*) from app.ticket_csv('{"list": "all", "q": "crowd"}', 'en')$$),
  '1011', 'a CSV has all of them');
select is(pg_temp.at('ten', 502, $$select cardinality(ids) || ' ' || ids[1] || ' ' || whole from app.search_tickets('crowd', 201)$$), '201 11010 false', 'the newest, and that there are more');
select is(pg_temp.at('ten', 502, $$select cardinality(ids) || ' ' || ids[1] || ' ' || whole from app.search_tickets('seldom', 1000)$$), '300 10300 true', 'more than the index tells are found among one''s own');
select is(pg_temp.at('ten', 502, $$select cardinality(ids) || ' ' || whole from app.search_tickets('anna', 201)$$), '1 true', 'few by the index');
select is(pg_temp.at('ten', 502, $$select ids::text || ' ' || whole from app.search_tickets('10001', 201)$$), '{10001} true', 'one by its number');
begin;
select auth.set_context(13, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
select is(cardinality(auth.word_candidates(app.words_query('{crowd}', '{""}', false), null)), 250, 'the index tells no more than are looked at');
commit;
-- By two rights, each a walk of its own: Bob was added to a few old ones, too.
begin;
select auth.set_context(13, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.ticket_access (tenant_id, principal, ticket_id, updated_at)
  select 13, app.principal(502, 0), id, updated_at from app.tickets where tenant_id = 13 and id in (10200, 10300, 10400, 10500);
commit;
select is(pg_temp.listed('ten', 502, '{"list": "all", "priority": "normal"}', 5), '{11010,11009,11008,11007,11006} t',
  'V1: older ones by one right do not hide what was not looked at by another');
select is(pg_temp.listed('ten', 502, '{"list": "all", "priority": "normal"}', 10), '{11010,11009,11008,11007,11006,11005,11004,11003,11002,11001} f', 'what was is a whole page');
set max_parallel_workers_per_gather = 0;
create function pg_temp.pages(dir text) returns text language sql as $$
  select pg_temp.at('ten', 502, format($q$
    with recursive p as (
      select x.ids, coalesce(x.keys[10] || '_' || x.ids[10], x.edge) as next, 1 as n from app.pick_tickets(%1$L, 10, 7) x
      union all
      select x.ids, coalesce(x.keys[10] || '_' || x.ids[10], x.edge), p.n + 1
        from p cross join lateral app.pick_tickets(%1$L::jsonb || jsonb_build_object('after', p.next), 10, 7) x where p.next is not null and p.n < 12),
    walked as (select array_agg(i order by p.n, o) as ids from p cross join lateral unnest(p.ids) with ordinality u (i, o))
    select (cardinality(w.ids) > 50) || ' ' || (w.ids = (array(select id from app.tickets order by updated_at %2$s, id %2$s))[:cardinality(w.ids)]) from walked w$q$,
    format('{"list": "all", "created_from": "2020-01-01", "dir": "%s"}', dir), dir)) $$;
select is(pg_temp.pages('desc'), 'true true', 'and page by page none is left out');
select is(pg_temp.pages('asc'), 'true true', 'in the other direction too');
create or replace function app.search_reach() returns int language sql immutable parallel safe return 10000;
discard plans;
select * from finish();
