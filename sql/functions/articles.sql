-- Reading the knowledge base, where policies cannot say it alone.

-- Of these articles, those that the asker may read now, as policies/knowledge.sql says; for functions
-- that look with the owner's eyes.
create or replace function app.readable_of(wanted bigint[]) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_audiences();
begin
  return array(select a.id from unnest(wanted) w (id)
    join app.articles a on a.tenant_id = auth.tenant_id() and a.id = w.id
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    where a.is_live and (a.expires_at is null or a.expires_at > now()) and coalesce(a.audience_id, s.shown_to) = any (mine));
end $$;

-- An article's text in the language nearest to one.
create or replace function app.article_text(article bigint, lang text) returns app.article_texts
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.article_texts;
begin
  select x.* into t from app.article_texts x
    where x.tenant_id = auth.tenant_id() and x.article_id = article
    order by x.language = lang desc, x.language = split_part(lang, '-', 1) desc,
      x.language = (select po.locale from app.portals po where po.tenant_id = x.tenant_id and po.id = auth.portal_id()) desc,
      x.language = (select a.language from app.articles a where a.tenant_id = x.tenant_id and a.id = x.article_id) desc, x.language limit 1;
  return t;
end $$;
