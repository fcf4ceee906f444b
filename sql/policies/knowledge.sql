-- The knowledge base is read by policies: of sections what their audience is, of articles what
-- their own or their section's is, of texts those of articles. Drafts and the tree as it is kept are
-- told by functions, to who writes.

create policy visible on app.audiences for select to sportello_app using (
  id = any ((select app.readable_audiences())::bigint[]));
grant select (tenant_id, id, level) on app.audiences to sportello_app;
create policy visible on app.sections for select to sportello_app using (
  shown_to = any ((select app.readable_audiences())::bigint[]));
grant select (tenant_id, id, key, parent_id, position, names, abouts, path, changed, shown_to) on app.sections to sportello_app;
create policy visible on app.articles for select to sportello_app using (
  is_live and (expires_at is null or expires_at > now())
  and case when audience_id is null
    then exists (select from app.sections s where s.tenant_id = articles.tenant_id and s.id = articles.section_id)
    else audience_id = any ((select app.readable_audiences())::bigint[]) end);
grant select (tenant_id, id, key, section_id, position, language, is_live, expires_at, author_id, changed, created_at, updated_at, audience_id) on app.articles to sportello_app;
create policy visible on app.article_texts for select to sportello_app using (
  exists (select from app.articles a where a.tenant_id = article_texts.tenant_id and a.id = article_texts.article_id));
grant select on app.article_texts to sportello_app;
-- What was replaced within the day is read on by exports that began before; what was taken back is not.
create policy visible on app.article_versions for select to sportello_app using (
  exists (select from app.articles a where a.tenant_id = article_versions.tenant_id and a.id = article_versions.article_id)
  and (until_at is null or until_at > now() - interval '1 day' and exists (select from app.article_texts t
    where t.tenant_id = article_versions.tenant_id and t.article_id = article_versions.article_id and t.language = article_versions.language)));
grant select (tenant_id, article_id, language, number, title, html, keywords, author_id, from_change, until_change, from_at, until_at) on app.article_versions to sportello_app;
create policy own on app.knowledge for select to sportello_app using (true);
grant select on app.knowledge to sportello_app;
