-- Is it still the person whose page this is, and of that rank? For pages that say
-- whose they are: somebody else may have signed in in that browser.
-- => void
-- reads
-- :reader made bigint
-- :who made smallint
select auth.need_person(:'reader', :'who')
