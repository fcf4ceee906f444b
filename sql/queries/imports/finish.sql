-- All has come: compared, and taken in where it is no trial and nothing is wrong.
-- => json
-- writes
-- :import made bigint
-- :said made text
-- :refused made bigint
-- :told made bigint
-- :whole made boolean
-- :most made bigint
select app.finish_import(:'import', :'said'::jsonb, :'refused', :'told', :'whole', :'most')
