-- A picture or file of an article, before it is handed out. everybodys: it may be kept for whoever comes.
-- => json
-- reads
-- :key path text 1..32
select json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size, 'state', app.file_state(f.state),
  'shown', app.file_kind(f.type) <> 'file', 'sha256', encode(f.sha256, 'hex'), 'everybodys', (select u.level = 1 from app.articles a
    join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    join app.audiences u on u.tenant_id = a.tenant_id and u.id = coalesce(a.audience_id, s.shown_to)
    where a.tenant_id = f.tenant_id and a.id = f.article_id))
from app.files f where f.tenant_id = (select auth.tenant_id()) and f.key = :'key' and f.article_id is not null
