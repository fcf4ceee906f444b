-- Reports: when each ticket was first answered, and what became of what was promised.
-- Of answers before this their events know; of results what is still kept of clocks.
set role sportello_owner;
alter table app.tickets add column answered_at timestamptz;
create table app.clock_results (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  kind smallint not null check (kind between 1 and 3),
  turn int not null check (turn > 0),
  met boolean not null,
  -- When it was kept, or broken.
  at timestamptz not null,
  used bigint not null,
  target bigint not null,
  due_at timestamptz,
  -- Null: broken, and not over.
  ended_at timestamptz,
  version int,
  plan text,
  priority smallint,
  primary key (tenant_id, ticket_id, kind, turn),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);
create index clock_results_at on app.clock_results (tenant_id, at);
drop index app.comments_author;
create index comments_author on app.comments (tenant_id, author_id, created_at);
drop function if exists app.fold_clocks(app.tickets, boolean);
reset role;
-- No change that anybody made.
set session_replication_role = replica;
update app.tickets t set answered_at = a.at
  from (select e.tenant_id, e.ticket_id, min(e.created_at) as at from app.events e
    left join app.people p on p.tenant_id = e.tenant_id and p.id = e.actor_id
    where e.kind = 'ticket.replied' and coalesce(e.data->>'by', case when p.rank >= 2 then 'desk' end) = 'desk'
      or e.kind = 'ticket.changed' and e.data->'status'->>1 = 'solved'
    group by 1, 2) a
  where t.tenant_id = a.tenant_id and t.id = a.ticket_id;
reset session_replication_role;
insert into app.clock_results (tenant_id, ticket_id, kind, turn, met, at, used, target, due_at, ended_at, version, plan, priority)
  select c.tenant_id, c.ticket_id, c.kind, 1, not x.missed, case when x.missed then c.due_at else c.ended_at end, c.used, c.target, c.due_at, c.ended_at, c.version, c.plan, c.priority
  from app.ticket_clocks c cross join lateral (select c.due_at is not null and (c.late or c.late_for is not distinct from c.due_at) as missed) x
  where c.target is not null and (x.missed or c.ended_at is not null and (c.state = 4 or c.kind = 3 and c.state = 3));
