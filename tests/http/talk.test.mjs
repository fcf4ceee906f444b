// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who has to do with a ticket, by HTTP and by mail: followers and their levels,
// shares and who loses access, closing, opening again, following up, rating.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, problem, request } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { api, makeWorld } from './world.mjs';

let w;
before(async () => { w = await makeWorld(); });

const address = (who) => w.people[who].email;
const open = async (who, title, more = {}) => (await api(w[who], 'POST', '/api/tickets', { title, description: 'x', ...more }, { key: newKey() })).json.number;
const about = (who, number) => api(w[who], 'GET', `/api/tickets/${number}/people`);
const follow = (who, number, level) => api(w[who], 'PATCH', `/api/tickets/${number}/following`, { level });
const sees = async (who, number) => (await api(w[who], 'GET', `/api/tickets/${number}`)).status === 200;
const kinds = (who, since, title) => caught({ to: address(who), since: since.getTime(), about: title }).map((m) => m.text.split(/\r?\n/).find((l) => l.endsWith(':')));
const reached = (who, since, title, count) => mails({ to: address(who), since: since.getTime(), about: title, count });

test('V5: mail goes to who follows, as much as they want; being shown it is no mail', async () => {
  const since = new Date();
  const title = `Follow ${w.mark}`;
  const number = await open('member', title, { cc: [address('second')] });
  assert.deepEqual((await api(w.member, 'POST', `/api/tickets/${number}/accounts`, { account: w.id.town })).json.account, { id: w.id.town, name: `Town ${w.mark}` });
  assert.ok(await sees('pupil', number), 'all of the account');
  assert.equal((await follow('main', number, 'replies')).json.mine, 'replies');
  await reached('second', since, title, 1);
  assert.equal((await follow('second', number, 'none')).json.mine, 'none');
  for (const level of ['loud', null, 3]) problem(await follow('main', number, level), 422, 'invalid');
  problem(await follow('villager', number, 'all'), 404);
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Answer.' });
  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'solved' });
  // The account's contact comes last in both, so that all others have theirs.
  await mails({ to: 'contact-town@people.example', since: since.getTime(), about: title, count: 3 });
  await reached('member', since, title, 2);
  assert.equal((kinds('member', since, title)).length, 2, 'the answer, and that it is solved');
  assert.equal((kinds('main', since, title)).length, 2, 'both too: being solved is an answer');
  assert.equal((kinds('second', since, title)).length, 1, 'what was added, and nothing after that');
  assert.equal((kinds('pupil', since, title)).length, 0, 'whom it is only shown to');
  const { json } = await about('member', number);
  assert.deepEqual(json.lists.followers, [{ person: w.people.member.id, level: 'all' }, { person: w.people.main.id, level: 'replies' }]
    .sort((a, b) => Number(b.person === w.people.member.id) - Number(a.person === w.people.member.id)));
  assert.deepEqual(json.contacts, ['contact-town@people.example']);
  assert.deepEqual((await about('agent', number)).json.contacts, [], 'not for support (G2)');
});

test('V5: a link in the mail mutes the ticket for who has it, signed out', async () => {
  const since = new Date();
  const title = `Mute ${w.mark}`;
  const number = await open('member', title, { cc: [address('second')] });
  const [mail] = await mails({ to: address('second'), since: since.getTime(), about: title, count: 1 });
  const link = new URL(/^<(https:.*)>$/.exec(mail.headers['list-unsubscribe'])[1]);
  assert.equal(mail.headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
  assert.ok(mail.text.includes(link.href) && mail.html.includes(link.href), 'and to be seen in it');
  assert.equal(link.hostname, w.host.town);
  const out = (method, path, more) => request(w.host.town, method, path, { servername: 'localhost', ...more });
  const page = await out('GET', link.pathname);
  assert.match(page.text, new RegExp(`#${number}`));
  assert.ok(!page.text.includes(title), 'whoever has the link is told a number and nothing more');
  assert.deepEqual((await about('member', number)).json.lists.followers.length, 2, 'looking changes nothing');
  for (const path of [link.pathname.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), link.pathname.replace(`/${number}-`, `/${number - 1}-`), '/mute/x']) {
    assert.equal((await out('POST', path)).status, 410, path);
  }
  assert.equal((await request(w.host.village, 'POST', link.pathname, { servername: 'localhost' })).status, 410, 'good at its portal only');
  // As a mail program sends it: no page, no cookie, in either form of a body.
  const boundary = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
  for (const [type, body] of [['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'], ['multipart/form-data; boundary=x', boundary]]) {
    const answer = await out('POST', link.pathname, { headers: { 'Content-Type': type }, body });
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /role="status"/);
  }
  assert.deepEqual((await about('member', number)).json.lists.followers.map((f) => f.person), [w.people.member.id]);
  assert.ok(await sees('second', number), 'it ends nothing else');
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Answer.' });
  await reached('member', since, title, 1);
  await mails({ to: 'contact-town@people.example', since: since.getTime(), about: title, count: 2 });
  assert.equal(kinds('second', since, title).length, 1, 'and there is no more of it');
});

test('V5: who loses access is told before, and does', async () => {
  const number = await open('member', `Lose ${w.mark}`, { cc: [address('second')] });
  await api(w.member, 'POST', `/api/tickets/${number}/accounts`, { account: w.id.town });
  const losing = async (who, query) => (await api(w[who], 'GET', `/api/tickets/${number}/losing?${query}`)).json;
  const all = await losing('pupil', `account=${w.id.town}`);
  assert.deepEqual([all.count, all.me, all.items], [1, true, [w.people.pupil.id]], 'second was added, main and chief see all');
  assert.deepEqual((await losing('member', `person=${w.people.second.id}`)).count, 0, 'shown to all anyway');
  for (const query of ['', 'person=x', `person=1&account=${w.id.town}`]) problem(await api(w.member, 'GET', `/api/tickets/${number}/losing?${query}`), 422, 'invalid');
  assert.deepEqual((await api(w.pupil, 'DELETE', `/api/tickets/${number}/accounts/${w.id.town}`)).json, { gone: true });
  assert.equal(await sees('pupil', number), false);
  problem(await api(w.pupil, 'GET', `/api/tickets/${number}/people`), 404);
  assert.equal((await losing('main', `person=${w.people.second.id}`)).count, 1, 'now it is all that second has');
  problem(await api(w.second, 'DELETE', `/api/tickets/${number}/people/${w.people.member.id}`), 422, 'invalid');
  assert.ok((await api(w.member, 'POST', `/api/tickets/${number}/accounts`, { account: w.id.town })).json.account, 'who opened it shows it again');
  assert.ok(await sees('pupil', number));
  problem(await api(w.member, 'POST', `/api/tickets/${number}/accounts`, { account: w.id.village }), 422, 'invalid');
});

test('V9: everybody who can see it, by which rule', async () => {
  const number = await open('member', `Who ${w.mark}`, { cc: [address('pupil')] });
  const who = async (name) => (await api(w[name], 'GET', `/api/tickets/${number}/readers`)).json;
  const told = await who('member');
  assert.deepEqual(Object.fromEntries(told.items.map((i) => [told.people[i.person].name.split(' ')[0], i.rules.join()])),
    { Chief: 'main_user', Main: 'main_user', Member: 'opened', Pupil: 'added' });
  assert.deepEqual(told.others.map((o) => [o.side, o.name, o.count]), [['desk', `Tenant ${w.mark}`, 2], ['partner', `Helpers ${w.mark}`, 1]]);
  assert.equal(told.count, 7);
  const desk = await who('agent');
  assert.deepEqual(desk.items.map((i) => desk.people[i.person].name.split(' ')[0]).sort(), ['Admin', 'Agent', 'Member', 'Pupil'], 'of the account only who is in it (G2)');
  assert.ok(!JSON.stringify(desk).includes(`Chief ${w.mark}`));
});

test('V8: closed, opened again, too late, followed up', async () => {
  const since = new Date();
  const title = `Close ${w.mark}`;
  const number = await open('member', title, { cc: [address('second')] });
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Done?', status: 'solved' });
  const post = (who, what, body = {}) => api(w[who], 'POST', `/api/tickets/${number}/${what}`, body);
  assert.deepEqual((await post('second', 'closing')).json, { number, status: 'closed', group: 'done' });
  await until('the agent has heard', () => (kinds('agent', since, title)).some((k) => k?.includes('closed this ticket')));
  assert.equal((kinds('second', since, title)).filter((k) => k?.includes('closed')).length, 0, 'not of one\'s own act');
  assert.equal((await post('member', 'reopening')).json.status, 'in_progress');
  problem(await post('member', 'rating', { score: 5 }), 422, 'invalid');
  await post('member', 'closing');
  for (const body of [{ score: 0 }, { score: 6 }, { score: 'x' }, {}, { score: 3, words: 'x'.repeat(2001) }]) problem(await post('member', 'rating', body), 422, 'invalid');
  assert.equal((await post('member', 'rating', { score: 2, words: 'Slow' })).status, 201);
  await until('the agent reads it', () => (kinds('agent', since, title)).some((k) => k?.includes('2 of 5')));
  assert.deepEqual((await about('agent', number)).json.ratings.map((r) => [r.person, r.score, r.words]), [[w.people.member.id, 2, 'Slow']]);
  await psql('postgres', `update app.tickets set done_at = now() - interval '15 days' where tenant_id = ${w.tenant} and id = ${number}`);
  assert.equal((await api(w.member, 'GET', `/api/tickets/${number}`)).json.ticket.can.reply, false);
  assert.equal((await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket.can.reply, true);
  problem(await post('member', 'reopening'), 409, 'ticket-closed');
  problem(await post('member', 'comments', { body: 'Still' }), 409, 'ticket-closed');
  const next = await open('member', `${title} again`, { follows: number });
  assert.ok(next > number);
  assert.deepEqual((await about('member', next)).json.links.map(({ at, ...l }) => l), [{ number, title, kind: 'follows' }]);
  assert.deepEqual((await about('agent', number)).json.links.map((l) => [l.number, l.kind]), [[next, 'followed_by']]);
  assert.deepEqual((await about('second', number)).json.links, [], 'who does not see the new one');
  const last = Number(await psql('postgres', `select last from app.ticket_counters where tenant_id = ${w.tenant}`));
  for (const follows of [next, 999999]) assert.ok([404, 422].includes((await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x', follows })).status));
  assert.equal(Number(await psql('postgres', `select last from app.ticket_counters where tenant_id = ${w.tenant}`)), last, 'and nothing is opened');
});

test('N7: split in two and closed as a duplicate, with one mail each to who asked', async () => {
  const since = new Date();
  const title = `Two ${w.mark}`;
  const number = await open('member', title, { cc: [address('second')] });
  await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'And the lamp.' });
  const said = (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.comments.map((c) => c.id);
  problem(await api(w.member, 'POST', `/api/tickets/${number}/split`, { title: 'x', comments: said }), 403);
  problem(await api(w.agent, 'POST', `/api/tickets/${number}/split`, { title: 'x', comments: [1] }), 422, 'invalid');
  problem(await api(w.agent, 'POST', `/api/tickets/${number}/split`, { title: 'x'.repeat(201), comments: said }), 422, 'invalid');
  const lamp = (await api(w.agent, 'POST', `/api/tickets/${number}/split`, { title: `${title}: lamp`, comments: [said[1]] })).json.number;
  const [mail] = await mails({ to: address('member'), since: since.getTime(), about: `${title}: lamp`, count: 1 });
  assert.match(mail.text, new RegExp(`a part of #${number},[\\s\\S]*And the lamp`));
  assert.deepEqual((await api(w.second, 'GET', `/api/tickets/${lamp}`)).json.links.map((l) => [l.kind, l.number]), [['split_from', number]]);

  const kept = await open('main', `${title} kept`);
  const path = `/api/tickets/${number}/merging`;
  const fault = async (into) => problem(await api(w.agent, 'GET', `${path}?into=${into}`), 422, 'invalid').errors[0].code;
  assert.deepEqual([await fault(number), await fault(999999), await fault(await open('villager', `${title} elsewhere`))], ['itself', 'choice', 'account']);
  const seen = (await api(w.agent, 'GET', `${path}?into=${kept}`)).json;
  assert.deepEqual(new Set(seen.gain.map((g) => g.id)), new Set([w.people.member.id, w.people.second.id]), 'told before');
  assert.equal((await api(w.agent, 'POST', path, { into: kept, people: [w.people.member.id] })).status, 201);
  assert.deepEqual([await sees('member', kept), await sees('second', kept)], [true, false], 'nobody is added but by name');
  await until('the mail of it', () => caught({ to: address('member'), since: since.getTime(), about: title }).some((m) => m.text.includes(`a duplicate of #${kept}`)));
  problem(await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'x' }), 409, 'ticket-merged');
  assert.equal((await api(w.member, 'GET', `/api/tickets/${number}`)).json.ticket.can.reply, false);
  assert.deepEqual((await api(w.member, 'GET', `/api/tickets/${number}`)).json.links.map((l) => [l.kind, l.number]), [['split_into', lamp], ['duplicate_of', kept]]);

  // Who does not see the other one is told no number, and answered where they are.
  const other = await open('main', `${title} other`);
  assert.equal((await api(w.agent, 'POST', `/api/tickets/${lamp}/merging`, { into: other, people: [] })).status, 201);
  await until('the mail of that', () => caught({ to: address('member'), since: since.getTime(), about: `${title}: lamp` })
    .some((m) => /goes\s+on\s+with\s+this\s+in\s+another/.test(m.text) && !m.text.includes(`#${other}`)));
  assert.equal((await api(w.member, 'GET', `/api/tickets/${lamp}`)).json.ticket.can.reply, true);
  assert.equal((await api(w.member, 'POST', `/api/tickets/${lamp}/comments`, { body: 'Still dark.' })).status, 201);
});

test('V6: a reply mentions somebody: shown it, told once; nobody else is told who is not there', async () => {
  const since = new Date();
  const title = `Mention ${w.mark}`;
  const number = await open('member', title);
  const say = (body, mentions, key = newKey()) => api(w.member, 'POST', `/api/tickets/${number}/comments`, { body, mentions }, { key });
  const name = w.people.pupil.name;
  const offered = (await api(w.member, 'GET', `/api/tickets/${number}/mentionable?q=pup`)).json;
  assert.deepEqual(offered, { items: [{ id: w.people.pupil.id, name, kind: 'colleague', sees: false, may: true }], invite: false });
  assert.deepEqual((await api(w.member, 'GET', `/api/tickets/${number}/mentionable?q=vil`)).json.items, []);
  const key = newKey();
  for (let i = 0; i < 2; i++) assert.equal((await say(`Ask @${name}!`, [w.people.pupil.id, w.people.second.id], key)).status, 201);
  assert.ok(await sees('pupil', number));
  assert.equal(await sees('second', number), false, 'the text does not name them');
  await mails({ to: 'contact-town@people.example', since: since.getTime(), about: title, count: 2 });
  await reached('pupil', since, title, 1);
  assert.deepEqual(kinds('pupil', since, title), [`${w.people.member.name} mentioned you in this ticket:`]);
  const before = (await api(w.member, 'GET', `/api/tickets/${number}/comments`)).json.comments.length;
  for (const id of [w.people.villager.id, 999_999]) {
    assert.deepEqual(problem(await say('x', [id]), 422, 'invalid').errors, [{ field: 'mentions', code: 'outside', detail: String(id), name: null }]);
  }
  for (const mentions of ['x', {}, [null], ['7'], [[1]], Array.from({ length: 11 }, (_, i) => i)]) problem(await say('x', mentions), 422, 'invalid');
  assert.equal((await api(w.member, 'GET', `/api/tickets/${number}/comments`)).json.comments.length, before, 'and nothing is written');
});
