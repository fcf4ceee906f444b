-- What is open to the tenant's agents, and what I asked for lately.
-- => json
-- reads
select json_build_object('grants', app.desk_grants(null), 'requests', app.desk_requests())
