-- What people do, as a real role through the door, each step a transaction of
-- its own. Wants story.tenant and story.slug: a tenant of fixture.fill(), whose
-- limits of what may follow which status are the isolation suite's alone.
delete from app.transitions where tenant_id = current_setting('story.tenant')::bigint;

-- as_role(ROLE, FIRST, STATEMENT): its answer, or the SQLSTATE it was refused
-- with and the constraint.
create function pg_temp.as_role(role text, first text, statement text) returns text
language plpgsql as $$
declare
  answer text;
  state text;
  which text;
  boss text := session_user;
begin
  perform set_config('session_authorization', role, true);
  if first is not null then execute first; end if;
  execute statement into answer;
  -- What is asked at the end of a transaction is asked here.
  set constraints all immediate;
  perform set_config('session_authorization', boss, true);
  return answer;
exception when others then
  get stacked diagnostics state = returned_sqlstate, which = constraint_name;
  return concat_ws(' ', state, nullif(which, ''));
end $$;
-- at(PORTAL, PERSON, STATEMENT): a request with that person's session.
create function pg_temp.at(portal text, person int, statement text) returns text
language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, %L, 1::smallint, true)',
    portal || '.' || current_setting('story.slug') || '.test', current_setting('story.tenant') || '/' || person), statement) $$;
create function pg_temp.job(statement text) returns text
language sql as $$ select pg_temp.as_role('sportello_jobs', format('select jobs.enter(%s)', current_setting('story.tenant')), statement) $$;
create function pg_temp.sees(portal text, person int, ticket int) returns text
language sql as $$
  select pg_temp.at(portal, person, format('select count(*) from app.tickets where id = %s', ticket)) $$;
