// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The service level: its table and what is refused of one, who reads it, plans, and
// what customers are told when a priority is set.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { psql, psqlJson, until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from './world.mjs';

const table = () => ({
  shown: true, escalated_runs: false, warn: 60,
  priorities: { high: { definition: { en: 'Many *cannot* work', it: 'Molti <non> lavorano' }, examples: { en: 'No sign-in' } } },
  matrix: {},
  plans: [{ key: 'standard', names: { en: 'Standard' }, targets: { high: { first: 240, next: 480, resolution: 1530, calendar: null }, normal: { first: 480 } } },
    { key: 'gold', names: { en: 'Gold' }, targets: { high: { first: 30 } } }],
});
let w;
const save = (based, change = {}, who = w.admin) => api(who, 'POST', '/api/service-levels', { table: { ...table(), ...change }, based });
const newest = async () => (await api(w.admin, 'GET', '/api/service-levels')).json.newest ?? 0;
const open = async (who, title) => (await api(who, 'POST', '/api/tickets', { title, description: 'x' })).json.number;

before(async () => { w = await makeWorld({ locale: { town: 'it' } }); });

test('S1: without a table there is none', async () => {
  const none = await makeWorld({ only: ['member', 'agent', 'admin'] });
  assert.equal((await api(none.member, 'GET', '/api/service-level')).json.table, null);
  const number = await open(none.member, `Alone ${none.mark}`);
  assert.equal((await api(none.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' })).status, 200);
  const page = (await api(none.member, 'GET', `/api/tickets/${number}`)).json;
  assert.equal(page.ticket.service_level, false);
  assert.equal(page.comments.length, 1);
});

// Circles, hours, holidays, feeds, targets, rings: each code has a sentence of its own where
// its page looks for it, and none has the one for whatever else there is.
test('S1: what can not be is told in words, in every language', () => {
  const keys = ['never_open', 'overlap', 'reversed', 'no_zone', 'last_day', 'range_long', 'twice', 'too_many', 'range', 'too_deep'].map((c) => `err.field.${c}`)
    .concat(['too_long', 'too_many', 'rule', 'not_calendar', 'never_open'].map((c) => `calendars.feed.fault.${c}`), ['itself', 'merged', 'done', 'choice'].map((c) => `sort.fault.${c}`), ['itself', 'ring'].map((c) => `sort.link.fault.${c}`),
      ['again', 'depth', 'daily', 'failed'].map((c) => `rules.outcome.${c}`), ['forbidden', 'gone', 'conflict', 'value', 'other'].map((c) => `rules.trouble.${c}`), ['keep.time.range']);
  for (const lang of ['de', 'en', 'es', 'fr', 'it', 'ja', 'pt', 'sv']) {
    const texts = keys.map((key) => said(lang, key));
    for (const [n, text] of texts.entries()) {
      assert.ok(text && text !== keys[n] && text !== said(lang, 'err.field.invalid'), `${lang} ${keys[n]}`);
      if (lang !== 'en') assert.notEqual(text, said('en', keys[n]), `${lang} ${keys[n]}`);
    }
  }
});

test('S1: a table is saved by version, the older ones stay', async () => {
  const first = await save(await newest());
  assert.equal(first.status, 201, first.text);
  const n = first.json.newest;
  assert.equal((await save(n)).json.newest, n, 'the same again is no new version');
  problem(await save(n - 1, { warn: 30 }), 409);
  assert.equal((await save(n, { warn: 30 })).json.newest, n + 1);
  const old = (await api(w.admin, 'GET', `/api/service-levels?version=${n}`)).json;
  assert.deepEqual([old.version, old.newest, old.body.warn], [n, n + 1, 60]);
  problem(await api(w.admin, 'GET', '/api/service-levels?version=999'), 404);
  assert.equal((await save(n + 1)).json.newest, n + 2);
});

test('S5: what would have changed is told before it is saved, and nothing is', async () => {
  const own = await makeWorld({ only: ['member', 'agent', 'admin'] });
  const plans = (first) => [{ key: 'standard', names: { en: 'Standard' }, targets: { normal: { first } } }];
  const now = { ...table(), priorities: {}, plans: plans(240) };
  assert.equal((await api(own.admin, 'POST', '/api/service-levels', { table: now, based: 0 })).status, 201);
  const number = await open(own.member, 'Simulated');
  await psql('postgres', `update app.tickets set created_at = created_at - interval '2 hours' where tenant_id = ${own.tenant} and id = ${number};
    update app.events set created_at = created_at - interval '2 hours' where tenant_id = ${own.tenant} and ticket_id = ${number}`);
  assert.equal((await api(own.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'After two hours.' })).status, 201);
  const waiting = await open(own.member, 'Waits');
  const ask = (body) => api(own.admin, 'POST', '/api/service-levels/simulate', { days: 30, ...body });
  const said = (await ask({ table: { ...now, plans: plans(60) } })).json;
  assert.deepEqual([said.looked, said.tickets, said.worse, said.better, said.moved], [2, 2, 1, 0, 1]);
  assert.deepEqual(said.changed.map((c) => [c.number, c.kind, c.met]), [[number, 'first', false]]);
  assert.deepEqual(said.dues.map((d) => [d.number, Date.parse(d.due) - Date.parse(d.new_due)]), [[waiting, 3 * 3_600_000]]);
  assert.deepEqual(said.kinds, [{ kind: 'first', priority: 'normal', met: 1, missed: 0, new_met: 0, new_missed: 1 }]);
  assert.equal((await api(own.admin, 'GET', '/api/service-levels')).json.newest, 1);
  const same = (await ask({ table: now })).json;
  assert.deepEqual([same.worse, same.better, same.moved], [0, 0, 0]);
  problem(await ask({ table: { plans: [] } }), 422);
  problem(await ask({}), 422);
  problem(await ask({ table: now, days: 91 }), 422);
  problem(await ask({ calendar: 987654321, zone: 'UTC', hours: [[[480, 960]], [], [], [], [], [], []] }), 404);
  problem(await api(own.agent, 'POST', '/api/service-levels/simulate', { table: now, days: 30 }), 403);
});

const gold = (targets) => ({ plans: [{ key: 'a', names: { en: 'A' }, targets }] });
for (const [what, change, field, code] of [
  ['a target of nothing', gold({ high: { first: 0 } }), 'plans.0.targets.high.first', 'range'],
  ['one of ten years', gold({ high: { first: 5_256_000 } }), 'plans.0.targets.high.first', 'range'],
  ['a fraction', gold({ high: { first: 1.5 } }), 'plans.0.targets.high.first', 'range'],
  ['words', gold({ high: { first: 'soon' } }), 'plans.0.targets.high.first', 'type'],
  ['null', gold({ high: { first: null } }), 'plans.0.targets.high.first', 'type'],
  ['a target that is none', gold({ high: { second: 5 } }), 'plans.0.targets.high.second', 'unknown'],
  ['a calendar that is not there', gold({ high: { first: 5, calendar: 987654321 } }), 'plans.0.targets.high.calendar', 'unknown'],
  ['a priority that is none', gold({ highest: { first: 5 } }), 'plans.0.targets', 'unknown'],
  ['two plans with one key', { plans: [...table().plans, table().plans[0]] }, 'plans.2.key', 'taken'],
  ['no plan', { plans: [] }, 'plans', 'required'],
  ['too many plans', { plans: Array.from({ length: 21 }, (_, n) => ({ key: `p${n}`, names: { en: 'x' }, targets: {} })) }, 'plans', 'too_many'],
  ['plans that are none', { plans: [7] }, 'plans.0', 'type'],
  ['a plan without a name', { plans: [{ key: 'a', names: {}, targets: {} }] }, 'plans.0.names', 'required'],
  ['a key that is none', { plans: [{ key: 'A b', names: { en: 'x' }, targets: {} }] }, 'plans.0.key', 'invalid'],
  ['a warning of a month', { warn: 43_200 }, 'warn', 'range'],
  ['half a matrix', { matrix: { high: { high: 'urgent' } } }, 'matrix.low.low', 'choice'],
  ['a long definition', { priorities: { high: { definition: { en: 'x'.repeat(601) } } } }, 'priorities.high.definition', 'too_long'],
  ['something else', { more: 1 }, 'more', 'unknown'],
  ['a flag that is none', { shown: 'yes' }, 'shown', 'type'],
]) {
  test(`S1: refused by its field: ${what}`, async () => {
    const answer = await save(await newest(), change);
    problem(answer, 422);
    assert.ok(answer.json.errors.some((e) => e.field === field && e.code === code), answer.text);
  });
}

test('S1: who reads it: one\'s own plan at a portal, all of them at the desk, nobody from whom priorities are hidden', async () => {
  await save(await newest());
  const plans = async (who, query = '') => ((await api(who, 'GET', `/api/service-level${query}`)).json.table?.plans ?? []).map((p) => p.key);
  assert.deepEqual(await plans(w.member), ['standard']);
  assert.deepEqual(await plans(w.agent), ['standard', 'gold']);
  problem(await api(w.admin, 'PATCH', `/api/accounts/${w.id.village}/plan`, { plan: 'silver' }), 422);
  assert.equal((await api(w.admin, 'PATCH', `/api/accounts/${w.id.village}/plan`, { plan: 'gold' })).json.plan, 'gold');
  assert.deepEqual(await plans(w.villager), ['gold']);
  const number = await open(w.villager, `Golden ${w.mark}`);
  assert.deepEqual(await plans(w.agent, `?ticket=${number}`), ['gold'], 'by a ticket, its account\'s');
  problem(await api(w.member, 'GET', `/api/service-level?ticket=${number}`), 404);
  await psql('postgres', `insert into app.field_policies (tenant_id, scope, field, role, access, account_id) values (${w.tenant}, ${w.id.village * 2}, 'priority', 'member', 0, ${w.id.village})`);
  assert.deepEqual(await plans(w.villager), []);
  assert.equal((await api(w.villager, 'GET', `/api/tickets/${number}`)).json.ticket.service_level, false);
});

test('S3: a priority that an agent sets is stated with its row, in the customer\'s language, and mailed', async () => {
  await save(await newest());
  const started = Date.now();
  const number = await open(w.member, `Stated ${w.mark}`);
  assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' })).status, 200);
  const page = (await api(w.member, 'GET', `/api/tickets/${number}`)).json;
  const html = page.comments[1].html;
  const high = said('it', 'levels.said', { priority: said('it', 'priority.high') });
  assert.ok(html.includes(high), html);
  assert.ok(html.includes('Molti &lt;non&gt; lavorano'), html);
  assert.ok(html.includes(said('it', 'levels.said.resolution', { time: '25 h 30 min' })), html);
  // It is no answer: the ticket is as new as it was, and nobody's.
  assert.deepEqual([page.ticket.status, page.ticket.assignee, page.ticket.priority], ['new', null, 'high']);
  const [mail] = await mails({ to: w.member.person.email, since: started, about: `Stated ${w.mark}` });
  assert.ok(mail.text.includes(high), mail.text);
  assert.ok(mail.text.includes(said('it', 'mail.ticket_prioritised.intro', { author: w.agent.person.name })), mail.text);
  // The same again says nothing more; that there is none any more is one line.
  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' });
  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: null });
  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: null });
  const after = (await api(w.member, 'GET', `/api/tickets/${number}`)).json.comments;
  assert.deepEqual(after.slice(2).map((c) => c.html), [`<p><strong>${said('it', 'levels.said.none')}</strong></p>`]);
});

test('S3: what a change tells waits, and is dropped when it is taken back', async () => {
  await save(await newest());
  const started = Date.now();
  const [back, left] = [await open(w.member, `Taken back ${w.mark}`), await open(w.member, `Left so ${w.mark}`)];
  const set = async (number, change, hold) => assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${number}`, { ...change, hold })).status, 200);
  const ticket = async (number) => (await api(w.member, 'GET', `/api/tickets/${number}`)).json;
  for (const change of [{ priority: 'high' }, { status: 'solved' }, { priority: null }, { status: 'in_progress' }]) await set(back, change, 30);
  await set(left, { priority: 'low' }, 30);
  await set(left, { priority: 'high' }, 30);
  await set(left, { status: 'blocked' }, 30);
  const now = await ticket(left);
  assert.deepEqual([now.ticket.priority, now.ticket.status, now.comments.length], ['high', 'blocked', 1], 'it is so at once, and told to nobody');
  assert.equal(await psql('postgres', `select string_agg(ticket_id || ' ' || what, ', ') from app.held_tellings where tenant_id = ${w.tenant} and ticket_id in (${back}, ${left})`), `${left} priority`);
  await psql('postgres', `update app.held_tellings set out_at = now() where tenant_id = ${w.tenant} and ticket_id = ${left}`);
  await until('it is stated', async () => (await ticket(left)).comments.length === 2);
  await mails({ to: w.member.person.email, since: started, about: `Left so ${w.mark}` });
  // Each that is told in turn is its own mail; of the other there is none.
  await set(left, { status: 'solved' }, 0);
  const all = await mails({ to: w.member.person.email, since: started, about: `Left so ${w.mark}`, count: 2 });
  assert.equal(all.length, 2);
  assert.deepEqual(caught({ to: w.member.person.email, since: started, about: `Taken back ${w.mark}` }), []);
  assert.equal((await ticket(back)).comments.length, 1);
  for (const hold of [31, -1, 1.5, '5', null]) problem(await api(w.agent, 'PATCH', `/api/tickets/${left}`, { priority: 'low', hold }), 422);
});

test('S3: why it is another one is for the desk alone', async () => {
  const number = await open(w.member, `Reasons ${w.mark}`);
  problem(await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'low', reason: 'x'.repeat(501) }), 422);
  problem(await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'solved', reason: 'x' }), 422);
  assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'low', reason: 'Because of the moon' })).status, 200);
  assert.ok(!(await api(w.member, 'GET', `/api/tickets/${number}`)).text.includes('moon'));
  const kept = await psqlJson('postgres', `select data from app.events where tenant_id = ${w.tenant} and ticket_id = ${number} and kind = 'ticket.reasoned'`);
  assert.deepEqual(kept, { priority: 'low', reason: 'Because of the moon' });
});

test('S3: where priorities are hidden from customers nothing is stated', async () => {
  await psql('postgres', `insert into app.field_policies (tenant_id, scope, field, role, access, account_id) values (${w.tenant}, ${w.id.village * 2}, 'priority', 'main_user', 0, ${w.id.village}) on conflict do nothing`);
  const number = await open(w.villager, `Hidden ${w.mark}`);
  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' });
  assert.equal((await api(w.agent, 'GET', `/api/tickets/${number}`)).json.comments.length, 1);
});

const clocks = async (who, number) => (await api(who, 'GET', `/api/tickets/${number}`)).json.ticket.level;
const states = async (number) => Object.fromEntries(((await clocks(w.agent, number))?.clocks ?? []).map((c) => [c.kind, c.state]));
// Within a second of the change.
const come = async (number, wanted) => {
  let now;
  await until('the clocks', async () => { now = await states(number); return JSON.stringify(now) === JSON.stringify(wanted); }, 1000).catch(() => assert.deepEqual(now, wanted));
};
const change = (number, body) => api(w.agent, 'PATCH', `/api/tickets/${number}`, body);

test('S4: clocks start, pause, stop and go on; customers see what is promised, and no clocks', async () => {
  await save(await newest());
  const number = await open(w.second, `Clocked ${w.mark}`);
  await change(number, { priority: 'high' });
  await come(number, { first: 1, resolution: 1 });
  const seen = await clocks(w.second, number);
  assert.deepEqual([Object.keys(seen), seen.promised.kind], [['promised'], 'first']);
  await change(number, { status: 'blocked' });
  await come(number, { first: 2, resolution: 2 });
  assert.equal((await clocks(w.second, number)), null, 'nothing is promised while it waits for them');
  await api(w.second, 'POST', `/api/tickets/${number}/comments`, { body: 'Here it is.' });
  await come(number, { first: 1, resolution: 1 });
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Thank you.' });
  await come(number, { resolution: 1 });
  await api(w.second, 'POST', `/api/tickets/${number}/comments`, { body: 'And?' });
  await come(number, { next: 1, resolution: 1 });
  await change(number, { status: 'solved' });
  await come(number, { resolution: 3 });
  await api(w.second, 'POST', `/api/tickets/${number}/comments`, { body: 'It is not.' });
  await come(number, { next: 1, resolution: 1 });
  const told = (await api(w.agent, 'GET', `/api/tickets/${number}/clocks`)).json;
  assert.deepEqual(told.lines.filter((l) => l.clock === 3).map((l) => l.what), ['opened', 'priority', 'status', 'status', 'status', 'status']);
  problem(await api(w.second, 'GET', `/api/tickets/${number}/clocks`), 403);
  await psql('postgres', `insert into app.field_policies (tenant_id, scope, field, role, access) values (${w.tenant}, 0, 'priority', 'agent', 0)`);
  assert.equal(await clocks(w.agent, number), null, 'from whom priorities are hidden nobody learns them by clocks');
  problem(await api(w.agent, 'GET', `/api/tickets/${number}/clocks`), 403);
  await psql('postgres', `delete from app.field_policies where tenant_id = ${w.tenant} and scope = 0`);
});

test('S4: what is due is told within two seconds of its time, once, to whoever has it', async () => {
  await save(await newest());
  const started = Date.now();
  const number = await open(w.second, `Due ${w.mark}`);
  await change(number, { priority: 'high', assignee: 'me' });
  await come(number, { first: 1, resolution: 1 });
  // All that happened is moved into the past, so that its time ends in a moment.
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    update app.sla_versions set valid_from = valid_from - interval '30 days' where tenant_id = ${w.tenant};
    with moved as (select now() + interval '1500 milliseconds' - c.due_at as by from app.ticket_clocks c where c.tenant_id = ${w.tenant} and c.ticket_id = ${number} and c.kind = 1)
    update app.events e set created_at = e.created_at + moved.by from moved where e.tenant_id = ${w.tenant} and e.ticket_id = ${number};
    select app.keep_clocks(${number}); commit`);
  const late = () => psqlJson('postgres', `select coalesce(json_agg(json_build_object('kind', kind, 'behind', extract(epoch from created_at - (data->>'due')::timestamptz))), '[]')
    from app.events where tenant_id = ${w.tenant} and ticket_id = ${number} and kind in ('ticket.warned', 'ticket.late')`);
  await until('it is late', async () => (await late()).some((e) => e.kind === 'ticket.late'));
  const [mail] = await mails({ to: w.agent.person.email, since: started, about: `Late: [#${number}]` });
  assert.ok(mail.text.includes(said('en', 'levels.kind.first')), mail.text);
  const events = await late();
  const behind = events.find((e) => e.kind === 'ticket.late').behind;
  assert.ok(behind >= 0 && behind <= 2, `${behind} s`);
  assert.deepEqual(events.map((e) => e.kind).sort(), ['ticket.late', 'ticket.warned'], 'each once');
  assert.equal((await clocks(w.second, number)).promised.kind, 'resolution', 'what is over is not promised any more');
});

test('S4: the queue by what is due first, and what is overdue; not where priorities are hidden', async () => {
  const own = await makeWorld();
  const opened = async (who, title, minutes) => {
    const number = (await api(who, 'POST', '/api/tickets', { title, description: 'x' })).json.number;
    await until('the clocks', async () => (await api(own.agent, 'GET', `/api/tickets/${number}`)).json.ticket.level?.clocks?.length);
    await psql('postgres', `begin; select auth.set_context(${own.tenant}, null, null, null, null, 0::smallint, '{}', false);
      update app.events set created_at = created_at - interval '${minutes} minutes' where tenant_id = ${own.tenant} and ticket_id = ${number}; select app.keep_clocks(${number}); commit`);
    return number;
  };
  const alone = (await api(own.member, 'POST', '/api/tickets', { title: 'Before there was one', description: 'x' })).json.number;
  // Its events are worked out before there is a table.
  await until('nothing waits', async () => await psql('postgres', `select count(*) from app.event_queue where tenant_id = ${own.tenant}`) === '0');
  await api(own.admin, 'POST', '/api/service-levels', { table: { ...table(), plans: [{ key: 'a', names: { en: 'A' }, targets: { normal: { first: 240, resolution: 600 } } }] }, based: 0 });
  await psql('postgres', `update app.sla_versions set valid_from = valid_from - interval '30 days' where tenant_id = ${own.tenant}`);
  const late = await opened(own.villager, 'Late', 250);
  const fresh = await opened(own.member, 'Fresh', 0);
  const soon = await opened(own.member, 'Soon', 200);
  const queue = async (query, who = own.agent) => { const a = await api(who, 'GET', `/api/queue?${query}`); assert.equal(a.status, 200, a.text); return a.json; };
  const numbers = async (query) => (await queue(query)).items.map((i) => i.number);
  assert.deepEqual(await numbers('sort=due'), [late, soon, fresh]);
  assert.deepEqual(await numbers('sort=due&dir=desc'), [fresh, soon, late]);
  assert.deepEqual(await numbers('due=late'), [late]);
  assert.deepEqual(await numbers('due=late&sort=created'), [late]);
  assert.deepEqual(await numbers(`sort=due&requester=${own.member.person.id}`), [soon, fresh]);
  // A page goes on where the one before ended.
  const first = await queue('sort=due&limit=2');
  assert.deepEqual((await queue(`sort=due&limit=2&after=${first.next}`)).items.map((i) => i.number), [fresh]);
  const rows = Object.fromEntries((await queue('')).items.map((i) => [i.number, i.due?.kind ?? null]));
  assert.deepEqual(rows, { [alone]: null, [late]: 'first', [soon]: 'first', [fresh]: 'first' });
  // Customers' lists say nothing of it.
  assert.ok(!(await api(own.member, 'GET', '/api/tickets')).text.includes('"due"'));
  problem(await api(own.member, 'GET', '/api/tickets?sort=due'), 422);
  await psql('postgres', `insert into app.field_policies (tenant_id, scope, field, role, access, account_id) values (${own.tenant}, ${own.id.village * 2}, 'priority', 'agent', 0, ${own.id.village})`);
  assert.deepEqual(await numbers('sort=due'), [soon, fresh]);
  assert.deepEqual(await numbers('due=late'), []);
  assert.equal((await queue('sort=updated&dir=asc')).items.find((i) => i.number === late).due ?? null, null);
});
