-- Search of the knowledge base (K5): what is found by which words, in which language, and what comes first.
-- Who finds what is asked by knowledge.sql. In the tenant 45, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (45, 'finding', 'Finding');
select fixture.fill(45, 'finding') \g /dev/null
select * from no_plan();
set story.tenant = 45;
set story.slug = 'finding';
\ir lib/story.sql
begin;
select auth.set_context(45, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.deflections where tenant_id = 45;
delete from app.articles where tenant_id = 45;
delete from app.synonyms where tenant_id = 45;
commit;
create function pg_temp.desk(statement text, variadic args text[] default '{}') returns text
language sql as $$ select pg_temp.at('desk', 507, format(statement, variadic args)) $$;
create function pg_temp.write(lang text, title text, html text, keywords text default null, audience text default '{"level": "public"}') returns text
language sql as $$ select pg_temp.at('desk', 507, format('select app.make_article(null, %L, %L, %L, %L, %L, true, %L)->>''id''', lang, title, html, gen_random_uuid(), audience, keywords)) $$;
create function pg_temp.also(article text, lang text, title text, html text) returns text
language sql as $$ select pg_temp.at('desk', 507, format('select app.save_draft(%s, %L, %L, %L, null, null, true)->>''id''', article, lang, title, html)) $$;
create function pg_temp.visitor(statement text) returns text
language sql as $$ select pg_temp.as_role('sportello_api', $q$select auth.enter('ten.finding.test', null, 0::smallint, true)$q$, statement) $$;
-- The names of what is found: the first words of titles.
create function pg_temp.find(q text, lang text default 'en') returns text
language sql as $$ select coalesce(pg_temp.visitor(format($q$select string_agg((select string_agg(p->>0, '') from json_array_elements(h->'title') p), ', ')
  from json_array_elements(app.search_articles(%L, %L, null)->'hits') h$q$, q, lang)), '') $$;
create function pg_temp.told(q text, lang text, what text) returns text
language sql as $$ select pg_temp.visitor(format('select app.search_articles(%L, %L, null)->%L', q, lang, what)) $$;
create function pg_temp.hit(q text, lang text, what text) returns text
language sql as $$ select pg_temp.visitor(format('select app.search_articles(%L, %L, null)->''hits''->0->>%L', q, lang, what)) $$;

-- ---- K5: words in eight languages ------------------------------------------------------------

create temp table said (n int, language text, text text, asked text[], id text);
insert into said values
  (1, 'en', 'The connections were running slowly', '{connection,runs,slowly connections,SLOW,conections,slwoly,"how do I make the connections slow?"}'),
  (2, 'fr', 'Les élèves n''arrivent pas à télécharger les relevés', '{élève,eleves,téléchargement,releve eleve,telecharegr}'),
  (3, 'de', 'Die Häuser der Straße sind größer geworden', '{haus,HÄUSER,strasse,grosser straße,hauser,Straase}'),
  (4, 'es', 'Las facturas están duplicadas en el almacén', '{factura,duplicada,almacenes,factruas}'),
  (5, 'it', 'Le assenze degli studenti non vengono salvate', '{assenza,studente,salvato,studneti}'),
  (6, 'pt', 'As impressões não são enviadas às escolas', '{impressões,enviada,escola,impresoes}'),
  (7, 'sv', 'Fönstren på kontoret öppnas inte längre', '{öppnade,kontor,oppna,langre,fönstern}'),
  (8, 'ja', '昨日から請求書が届きません。ＰＤＦファイルも開けない。サーバーを確認', '{請求書,求書,PDF,"PDFファイル",ﾌｧｲﾙ,請求書が届かない,サーバ,"請求書再発行"}');
-- A transaction has one context: each is a statement of its own.
select format('update said set id = pg_temp.write(%L, %L, %L) where n = %s', language, 'Text ' || n, '<p>' || replace(text, '''', '&#39;') || '</p>', n) from said order by n \gexec
select format('select is(pg_temp.find(%L, %L), %L, %L)', a, language, 'Text ' || n, language || ': ' || a) from said, unnest(asked) a order by n \gexec
select is(pg_temp.find('elev', 'en'), 'Text 2', 'in another language where there is none in the reader''s');

-- ---- K5: what comes first ----------------------------------------------------------------------

create temp table made as select pg_temp.write('en', 'Password', '<p>Passwords are reset by a code.</p>', '["login"]') as a;
alter table made add b text;
update made set b = pg_temp.write('en', 'Reset a password of a colleague', '<p>Administrators do so.</p>', null, null);
select pg_temp.write('en', 'Accounts', '<p>Each has a password. <strong>Log</strong>in works &amp; ends.</p>') \g /dev/null
select pg_temp.write('en', 'Single sign-on', '<p>By your own identity provider.</p>') \g /dev/null
select pg_temp.write('en', 'For agents: password', '<p>Secret vocabulary: zirconium</p>', null, '{"level": "agents"}') \g /dev/null
select is(pg_temp.find('password'), 'Password, Reset a password of a colleague, Accounts', 'titles before texts, the shorter first');
select is(pg_temp.find('login'), 'Password, Accounts', 'keywords as titles');
select is(pg_temp.find('reset password'), 'Reset a password of a colleague, Password', 'all words');
select is(pg_temp.find('"password of"'), 'Reset a password of a colleague', 'quoted words are whole and all of them');
select is(pg_temp.find('pasword'), 'Password, Reset a password of a colleague, Accounts', 'a typing error');
select is(pg_temp.find('zirconium'), '', 'nothing of what is not the reader''s');
select is(pg_temp.find('zirkonium'), '', 'by no typing error either');
select is(pg_temp.told('password zebra', 'en', 'loose'), 'true', 'where nothing has all words, some will do');
select is(pg_temp.find('reset zebra'), 'Reset a password of a colleague, Password', 'those first that have more in their titles');
select is(pg_temp.find('zebra'), '', 'nothing is nothing');
select is(pg_temp.hit('login works', 'en', 'text'), '[["Each has a password. ", false],["Login", true],[" ", false],["works", true],[" & ends.", false]]', 'where it is');
select is(pg_temp.hit('pasword', 'en', 'title'), '[["Password", true]]', 'what was meant is marked');
select is(pg_temp.hit('PROVIDERS', 'en', 'text'), '[["By your own identity ", false],["provider", true],[".", false]]', 'stems, too');
select is(pg_temp.hit('strasse', 'de', 'text'), '[["Die Häuser der ", false],["Straße", true],[" sind größer geworden", false]]', 'as it is written there');
select format('select is(pg_temp.visitor(%L), %L, %L)', format('select app.search_articles(%L, ''en'', null)', q), 'PT422 search_q.' || code, left(q, 20))
  from (values ('', 'required'), ('!?', 'required'), (repeat('x', 201), 'too_long'), (E'a\nb', 'wrong'),
    ((select string_agg('word' || n, ' ') from generate_series(1, 17) n), 'too_many')) v (q, code) \gexec

-- ---- K5: suggestions -----------------------------------------------------------------------------

create function pg_temp.suggest(q text, lang text default 'en') returns text
language sql as $$ select coalesce(pg_temp.visitor(format($q$select string_agg((select string_agg(p->>0, '') from json_array_elements(h->'title') p), ', ')
  from json_array_elements(app.suggest_articles(%L, %L)->'suggestions') h$q$, q, lang)), '') $$;
select format('select is(pg_temp.suggest(%L), %L, %L)', q, w, 'typed: ' || q) from (values ('pa', 'Password, Reset a password of a colleague'), ('reset a pas', 'Reset a password of a colleague'),
  ('sing', 'Single sign-on'), ('colleag', 'Reset a password of a colleague'), ('identity', ''), ('psasword', 'Password, Reset a password of a colleague')) v (q, w) \gexec

-- ---- K5: the reader's language, or what the article is written in first ----------------------------

select pg_temp.also(a, 'sv', 'Lösenord', '<p>Lösenord återställs med en kod.</p>') as sv from made \gset
select is(pg_temp.find('password', 'sv'), 'Reset a password of a colleague, Accounts', 'what is there in the reader''s language is found in that');
select is(pg_temp.find('losenord', 'sv'), 'Lösenord', 'by its words');
select is(pg_temp.find('losenord', 'sv-FI'), 'Lösenord', 'of a place as well');
select is(pg_temp.find('lösenord', 'en'), '', 'and not in another');
select is(pg_temp.hit('colleague', 'sv', 'other'), 'true', 'another language is told');
select is(pg_temp.hit('losenord', 'sv', 'other'), null, 'one''s own is not');
select is(pg_temp.hit('losenord', 'sv', 'url') ~ '^/sv/kb/losenord-[a-z0-9]+$', true, 'where it is read');

-- ---- K3: what is live now -------------------------------------------------------------------------

update app.articles set expires_at = now() - interval '1 minute' where tenant_id = 45 and id = (select b::bigint from made);
select is(pg_temp.find('colleague'), '', 'what is over is found no more');
update app.articles set expires_at = null where tenant_id = 45 and id = (select b::bigint from made);
select is(pg_temp.desk('select app.change_article(%s, ''{"audience": {"level": "agents"}}'') is not null', b), 'true', 'narrowed') from made;
select is(pg_temp.find('colleague'), '', 'it is gone at once');
select is(pg_temp.desk('select app.change_article(%s, ''{"audience": null}'') is not null', b), 'true', 'as its section is') from made;
select is(pg_temp.find('colleague'), 'Reset a password of a colleague', 'it is there again');
select is(pg_temp.desk('select app.set_root_audience(''{"level": "agents"}'') is not null'), 'true', 'all of it narrowed');
select is(pg_temp.find('colleague'), '', 'without touching a text');
select is(pg_temp.desk('select app.set_root_audience(''{"level": "public"}'') is not null'), 'true', 'and opened');
select is(pg_temp.find('colleague'), 'Reset a password of a colleague', 'again');

-- ---- K5: words for the same ------------------------------------------------------------------------

create function pg_temp.group(words text, lang text default 'en') returns text
language sql as $$ select left(pg_temp.at('desk', 507, format('select app.make_synonyms(%L, %L, %L)', lang, words, gen_random_uuid())), 60) $$;
select is(pg_temp.at('ten', 501, 'select app.list_synonyms()'), 'PT403', 'customers keep none');
select format('select is(pg_temp.group(%L), %L, %L)', words, 'PT422 synonyms_words.' || code, left(words, 30)) from (values ('{}', 'type'), ('["a", 1]', 'type'), ('["a"]', 'too_few'), ('["a", "A", " "]', 'too_few'),
  ('["a", "a b c d e"]', 'too_many'), ('["a", "!"]', 'too_many'), (jsonb_build_array('a', repeat('x', 61))::text, 'too_long'), ((select jsonb_agg('w' || n) from generate_series(1, 11) n)::text, 'too_few')) v (words, code) \gexec
select is(pg_temp.find('oidc'), '', 'without them');
select is(pg_temp.group('["OIDC", "single sign-on", "Federated login"]') ~ '^\{', true, 'a group');
select is(pg_temp.find('oidc'), 'Single sign-on', 'one word for several');
select is(pg_temp.find('federated logins'), 'Single sign-on', 'several for several, in another form');
select is(pg_temp.find('the federated login with a provider'), 'Single sign-on', 'among others');
select is(pg_temp.suggest('oidc'), 'Single sign-on', 'while typing, too');
select is(pg_temp.hit('oidc', 'en', 'title'), '[["Single", true],[" ", false],["sign", true],["-", false],["on", true]]', 'what stood in is marked');
select is(pg_temp.find('"oidc"'), '', 'what is quoted is meant');
select is(pg_temp.find('oidc', 'sv'), '', 'in their language alone');
select is(pg_temp.group('["領収書", "請求書"]', 'ja') ~ '^\{', true, 'of Japanese');
select is(pg_temp.find('領収書が届かない', 'ja'), 'Text 8', 'in a sentence');
select id as oidc from app.synonyms where tenant_id = 45 and root = 'oidc' \gset
select is(pg_temp.at('desk', 507, format('select app.save_synonyms(%s, ''["OIDC", "identity provider"]'') is not null', :'oidc')), 'true', 'changed');
select is(pg_temp.find('oidc'), 'Single sign-on', 'by its text');
select is(pg_temp.at('desk', 507, 'select app.save_synonyms(1, ''["a", "b"]'')'), 'PT404', 'there is none');
select is(pg_temp.at('desk', 507, format('select app.remove_synonyms(%s) is not null', :'oidc')), 'true', 'taken away');
select is(pg_temp.find('oidc'), '', 'it is over');
insert into app.synonyms (tenant_id, id, language, position, word, root) select 45, n, 'de', 0, 'x', 'x' from generate_series(100, 1200) n;
select is(pg_temp.group('["a", "b"]'), 'PT422 synonyms_words.full', 'a thousand at most');

-- ---- K5: what was looked for -------------------------------------------------------------------------

create function pg_temp.page(q text, portal text default null, person int default null, counts boolean default true) returns text language sql as $$
  select case when person is null then pg_temp.visitor(x.said) else pg_temp.at(portal, person, x.said) end
  from (select format('select app.search_page_of(%L, ''en'', null, %L)->>''count''', q, counts) as said) x $$;
create function pg_temp.went(key text, q text, typed boolean default false) returns text language sql as $$
  select pg_temp.visitor(format('select app.search_went(%L, %L, ''en'', true, %L)', key, q, typed)) $$;
delete from app.kb_searches where tenant_id = 45;
select is(pg_temp.page(null), null, 'nothing is asked');
select is(pg_temp.page('Colleague!'), '1', 'by a visitor');
select is(pg_temp.page('colleague', 'ten', 501), '1', 'by somebody');
select is(pg_temp.page('colleague', 'desk', 507), '1', 'by staff');
select is(pg_temp.page('colleague', null, null, false), '1', 'by who may not write');
select is(pg_temp.page('Zebra crossing'), '0', 'what is not there');
select is(pg_temp.page('provider'), '1', 'what nobody goes to');
select is(array(select format('%s %s %s', q, count, hits) from app.kb_searches where tenant_id = 45 order by q), '{colleague 2 1,provider 1 1,zebra crossing 1 0}', 'is counted, by its words');
select key as b_key from app.articles where tenant_id = 45 and id = (select b::bigint from made) \gset
select key as e_key from app.articles a where tenant_id = 45 and exists (select from app.article_texts t where t.tenant_id = 45 and t.article_id = a.id and t.title like 'For agents%') \gset
select format('select is(pg_temp.went(%L, ''colleague''), %L, ''to an article'')', :'b_key', '/en/kb/reset-a-password-of-a-colleague-' || :'b_key') from generate_series(1, 3) \gexec
select is(pg_temp.went(:'e_key', 'colleague'), null, 'not to one that is not theirs');
select is(pg_temp.went(:'b_key', 'never asked') is not null, true, 'from nowhere it is found as well');
select is((select clicks from app.kb_searches where tenant_id = 45 and q = 'colleague'), 2, 'no more often than was looked');
select is((select array_agg(format('%s %s', q, count)) from app.kb_clicks where tenant_id = 45), '{colleague 2}', 'and where they went');
select is(pg_temp.went(:'b_key', 'Coll', true) is not null, true, 'by a title that was suggested');
select is(pg_temp.went(:'b_key', 'coll', true) is not null, true, 'and again');
select is((select format('%s %s', count, clicks) from app.kb_searches where tenant_id = 45 and q = 'coll'), '2 2', 'which is a search that led somewhere, each time');
select is((select count from app.kb_clicks where tenant_id = 45 and q = 'coll'), 2, 'and where');
select is(pg_temp.went(:'e_key', 'cold', true), null, 'not one that is not theirs');
select is(pg_temp.went(:'b_key', ' ', true) is not null, true, 'without words');
select is(pg_temp.at('desk', 507, format('select app.search_went(%L, ''agent'', ''en'', true, true)', :'b_key')) is not null, true, 'by staff');
select is((select count(*)::int from app.kb_searches where tenant_id = 45), 4, 'nothing is counted of these');
delete from app.kb_searches where tenant_id = 45 and q = 'coll';
create function pg_temp.report(what text) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select string_agg(format(''%%s %%s'', x->>''q'', x->>''count''), '', '') from json_array_elements(app.search_report(null, null)->%L) x', what)) $$;
select is(pg_temp.report('without_result'), 'zebra crossing 1', 'what found nothing');
select is(pg_temp.report('without_click'), 'provider 1', 'what nobody went to');
select is(pg_temp.report('most'), 'colleague 2, provider 1, zebra crossing 1', 'all');
select is(pg_temp.at('ten', 501, 'select app.search_report(null, null)'), 'PT403', 'staff alone reads that');
select is((select count(*)::int from pg_attribute where attrelid in ('app.kb_searches'::regclass, 'app.kb_clicks'::regclass) and attname ~ 'person|session|address'), 0, 'nothing says who it was');

select * from finish();
