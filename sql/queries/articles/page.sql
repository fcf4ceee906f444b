-- An article as a page, in the language nearest to the reader's.
-- => json
-- reads
-- :id path bigint
-- :chosen asked text?
-- :browser asked text?
select json_build_object('id', a.id, 'title', t.title, 'html', v.html, 'language', t.language,
    'other', case when t.language <> l.lang and t.language <> split_part(l.lang, '-', 1) then true end, 'updated_at', v.from_at)
  from app.articles a cross join (select app.reading(:'chosen', :'browser') as lang) l
  cross join lateral (select (app.article_text(a.id, l.lang)).*) t
  join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.language = t.language and v.number = t.number
  where a.tenant_id = (select auth.tenant_id()) and a.id = :'id'
