-- The articles there are for the reader: a hundred at most, by title.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select json_build_object('articles', (select json_agg(json_build_object('title', x.title, 'language', x.language, 'url', '/kb/' || x.id) order by x.title)
  from (select a.id, t.title, t.language from (select y.id from app.articles y where y.tenant_id = (select auth.tenant_id()) order by y.id limit 100) a
    cross join lateral (select (app.article_text(a.id, l.lang)).*) t) x))
  from (select app.reading(:'chosen', :'browser') as lang) l
