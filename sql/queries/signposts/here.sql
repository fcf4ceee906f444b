-- What stands before a new ticket: how things are, what to try, what leads elsewhere.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select json_build_object('signposts', app.signposts_here('{first_aid,elsewhere}', r.lang), 'incidents', app.incidents_here(r.lang))
from (select app.reading(:'chosen', :'browser') as lang) r
