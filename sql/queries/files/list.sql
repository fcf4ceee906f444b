-- What one may bring here, and what one has brought and not attached yet.
-- => json
-- reads
-- :most made bigint
select json_build_object('limits', app.file_limits(:'most'),
  'files', (select coalesce(json_agg(app.shown_file(f) order by f.created_at, f.id), '[]') from app.files f
    where f.owner_id = auth.person_id() and f.ticket_id is null and f.article_id is null))
