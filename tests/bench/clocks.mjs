// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Clocks of the service level: how many tickets' are worked out anew in a second, and
// how long a look for what is due takes where 100,000 run (2,000 at SIZE=small).
// Nothing of it stays.
//   node clocks.mjs STATE SIZE
import { execFileSync } from 'node:child_process';

const [state, size] = process.argv.slice(2);
const open = size === 'small' ? 2_000 : 100_000;
const psql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', 'postgres', '-d', 'bench', '-f', '-'],
  { input: text, encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } }).trimEnd();
const tenant = psql('select tenant_id from app.people group by 1 order by count(*) desc limit 1');
const target = '{"first": 240, "next": 240, "resolution": 2400, "calendar": 777}';
// Ten events a ticket: what changes its status, its priority and what is said.
const figures = psql(`begin;
select auth.set_context(${tenant}, null, null, null, null, 0::smallint, '{}', false) \\g /dev/null
insert into app.calendars (tenant_id, id, name) values (${tenant}, 777, 'Office');
delete from app.sla_versions where tenant_id = ${tenant};
delete from app.ticket_clocks where tenant_id = ${tenant};
select app.add_version(777, 1, 'Europe/Rome', '[[[540,780],[840,1080]],[[540,780],[840,1080]],[[540,780],[840,1080]],[[540,780],[840,1080]],[[540,780],[840,1080]],[],[]]', '[]', '[]', null) \\g /dev/null
insert into app.sla_versions (tenant_id, version, valid_from, body) values (${tenant}, 1, now() - interval '1 year',
  '{"shown": true, "escalated_runs": false, "warn": 60, "priorities": {}, "matrix": {}, "plans": [{"key": "a", "names": {"en": "a"}, "targets": {"low": ${target}, "normal": ${target}, "high": ${target}, "urgent": ${target}}}]}');
create temp table worked as select id, now() - interval '10 days' as at from app.tickets where tenant_id = ${tenant} and at_desk order by id desc limit 2000;
insert into app.events (tenant_id, kind, ticket_id, data, created_at)
  select ${tenant}, x.kind, s.id, x.data, s.at + x.n * interval '7 hours' from worked s cross join (values
    (1, 'ticket.opened', '{"by": "customer"}'::jsonb), (2, 'ticket.changed', '{"priority": [null, "high"]}'), (3, 'ticket.replied', '{"by": "desk"}'),
    (4, 'ticket.changed', '{"status": ["in_progress", "blocked"]}'), (5, 'ticket.changed', '{"status": ["blocked", "in_progress"]}'), (6, 'ticket.replied', '{"by": "customer"}'),
    (7, 'ticket.changed', '{"priority": ["high", "urgent"]}'), (8, 'ticket.replied', '{"by": "desk"}'), (9, 'ticket.changed', '{"status": ["in_progress", "solved"]}'),
    (10, 'ticket.changed', '{"status": ["solved", "in_progress"]}')) x (n, kind, data) order by s.id, x.n;
analyze app.events;
select clock_timestamp() as t0 \\gset
select count(app.keep_clocks(id)) as n from worked \\gset
select clock_timestamp() as t1 \\gset
insert into app.ticket_clocks (tenant_id, ticket_id, kind, state, started_at, target, due_at, alarm_at)
  select ${tenant}, id, 1, 1, now(), 3600, now() + interval '1 hour', now() + interval '1 hour' from app.tickets where tenant_id = ${tenant} order by id limit ${open} on conflict do nothing;
update app.ticket_clocks set alarm_at = alarm_at + interval '10 years' where alarm_at < now();
select clock_timestamp() as t2 \\gset
select jobs.sound_alarms() \\g /dev/null
select clock_timestamp() as t3 \\gset
select format('%s %s %s %s', :n / extract(epoch from :'t1'::timestamptz - :'t0'::timestamptz), :n, 1000 * extract(epoch from :'t3'::timestamptz - :'t2'::timestamptz),
  (select count(*) from app.ticket_clocks where tenant_id = ${tenant} and alarm_at is not null));
rollback;`).split(' ').map(Number);
console.log(`bench sla_recompute ${figures[0].toFixed(0)} tickets a second (${figures[1]} of ten events each, three clocks in business time)`);
console.log(`bench sla_look_ms ${figures[2].toFixed(2)} ms for what is due, of ${figures[3]} clocks that run`);
