-- The knowledge base's pages ask once what is their reader's, and find what of a section that is.
drop function if exists app.knowledge_home(text, text), app.section_here(text, text, text, int, bigint), app.article_here(text, text, text);
drop function if exists app.crumbs(bigint[], text, text);
drop function if exists app.articles_in(bigint, text, int, bigint, int);
drop function if exists app.is_everybodys(bigint);
set role sportello_owner;
create index articles_read on app.articles (tenant_id, section_id, audience_id) where is_live;
reset role;
