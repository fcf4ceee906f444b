-- How things are: incidents and maintenance.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select json_build_object('incidents', app.signposts_here('{incident,maintenance}', app.reading(:'chosen', :'browser')))
