-- A category or a section: what is right below it.
-- => json
-- reads
-- :key made text
-- :lang path text 2..40
-- :after query cursor?
select s from app.section_here(:'key', :'lang', app.language_of((select auth.portal_id())),
  coalesce(split_part(:'after', '_', 1)::int, -1), coalesce(split_part(:'after', '_', 2)::bigint, 0)) s where s is not null
