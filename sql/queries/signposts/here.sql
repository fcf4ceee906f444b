-- What stands before a new ticket: how things are, what to try, what leads elsewhere.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select json_build_object('signposts', app.signposts_here('{incident,maintenance,first_aid,elsewhere}', app.reading(:'chosen', :'browser')))
