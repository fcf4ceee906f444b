-- Whom a ticket can be given to: people, who of them is away, and teams.
-- => json
-- reads
select json_build_object('items', coalesce(json_agg(a order by a.name, a.id), '[]'), 'away', app.absences_here(), 'teams', app.teams_here())
from (
  select p.id, p.name from app.people p
  where p.tenant_id = (select auth.tenant_id()) and p.rank >= 2
  order by p.name, p.id limit 500) a
