-- Whether one may use support here, and whom one may turn to.
-- => json
-- reads
select json_build_object('state', app.support_state(), 'people', app.support_people())
