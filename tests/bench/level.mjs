// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A service level for the biggest tenant while something is measured: one plan, every
// hour counts, and a clock for each ticket that is worked on, due from two days ago to
// eight days ahead. The data have none of it, and none stays.

const hours = { first: 240, next: 240, resolution: 14400 };
const body = JSON.stringify({ shown: true, escalated_runs: false, warn: 60, priorities: {}, matrix: {},
  plans: [{ key: 'a', names: { en: 'A' }, targets: Object.fromEntries(['low', 'normal', 'high', 'urgent'].map((p) => [p, hours])) }] });

export const promise = (tenant) => `
  set session_replication_role = replica;
  insert into app.sla_versions (tenant_id, version, valid_from, body) values (${tenant}, 1, now() - interval '10 years', '${body}');
  insert into app.ticket_clocks (tenant_id, ticket_id, kind, state, started_at, running_since, target, version, plan, priority, due_at, warn_at, is_next)
    select d.tenant_id, d.id, 3, 1, d.due - interval '10 days', d.due - interval '10 days', 864000, 1, 'a', coalesce(d.priority, 2), d.due, d.due - interval '1 hour', true
    from (select t.tenant_id, t.id, t.priority, now() - interval '2 days' + bench.h(t.id, 60) % 864000 * interval '1 second' as due
      from app.tickets t where t.tenant_id = ${tenant} and t.at_desk and t.status <= 2) d;
  analyze app.ticket_clocks;`;

export const forget = (tenant) => `
  set session_replication_role = replica;
  delete from app.ticket_clocks where tenant_id = ${tenant};
  delete from app.clock_results where tenant_id = ${tenant};
  delete from app.sla_versions where tenant_id = ${tenant};
  vacuum analyze app.ticket_clocks;`;
