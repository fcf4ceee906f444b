-- A category or a section: what is right below it, in pages.
-- => json
-- reads
-- :key made text
-- :lang path text 2..40
-- :after query cursor?
-- :before query cursor?
-- :below query cursor?
-- :above query cursor?
select s from app.section_here(:'key', :'lang', app.language_of((select auth.portal_id())), :'after', :'before', :'below', :'above') s where s is not null
