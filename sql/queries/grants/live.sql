-- What is open to the tenant's agents, what I asked for lately, and where I may
-- move a login.
-- => json
-- reads
select json_build_object('grants', app.desk_grants(null), 'requests', app.desk_requests(),
  'moves', app.moves_here())
