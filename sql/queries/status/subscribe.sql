-- Subscribes to service status: whoever is signed in at once, an address by the link that it is sent.
-- => json
-- writes
-- :email form text? 1..254
-- :components made jsonb
-- :leaves form text? yes|no
-- :client client text
-- :chosen asked text?
-- :browser asked text?
select app.subscribe_status(:'email', :'components', :'leaves', app.reading(:'chosen', :'browser'), :'client')
