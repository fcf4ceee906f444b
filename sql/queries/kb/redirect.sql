-- Where a path leads that was elsewhere before.
-- => text
-- reads
-- :path made text
-- :chosen asked text?
-- :browser asked text?
select u from app.redirect_found(:'path', app.reading(:'chosen', :'browser')) u where u is not null
