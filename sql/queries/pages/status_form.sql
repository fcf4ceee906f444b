-- The form that subscribes to service status by mail.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
select app.status_form(app.reading(:'chosen', :'browser'))::json
