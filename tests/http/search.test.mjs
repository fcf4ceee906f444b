// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Searching tickets by HTTP: soon after they are written, by who sees them, notes
// by the desk alone; and what is asked amiss.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem, session } from '../lib/http.mjs';
import { until } from '../lib/instance.mjs';
import { bring } from '../lib/files.mjs';
import { api, makeWorld } from './world.mjs';

let w, other;
before(async () => { [w, other] = await Promise.all([makeWorld(), makeWorld({ only: ['member', 'agent'] })]); });

const ask = (who, q, more = '') => api(who, 'GET', `/api/search?q=${encodeURIComponent(q)}${more}`);
const numbers = async (who, q) => (await ask(who, q)).json.items.map((i) => i.number);
const open = async (who, title, description, more = {}) => (await api(who, 'POST', '/api/tickets', { title, description, ...more })).json.number;
const soon = (what, who, q, list) => until(what, async () => JSON.stringify(await numbers(who, q)) === JSON.stringify(list), 10_000);

test('V1: a search finds what was written a second ago, for whoever sees it', async () => {
  const file = await bring(w.member, `Rechnung_${w.mark}.txt`, Buffer.from('x'));
  const number = await open(w.member, `Ventil ${w.mark}`, 'Die **Häuschen** sind kaputt.', { files: [file] });
  const since = Date.now();
  await soon('it is found', w.member, `ventil ${w.mark}`, [number]);
  assert.ok(Date.now() - since < 5000, 'soon');
  for (const who of ['main', 'agent', 'admin']) assert.deepEqual(await numbers(w[who], `häuschen ${w.mark}`), [number], who);
  for (const who of ['second', 'pupil', 'villager']) assert.deepEqual(await numbers(w[who], `häuschen ${w.mark}`), [], who);
  for (const who of ['member', 'agent']) assert.deepEqual(await numbers(other[who], w.mark), [], 'nothing of another tenant');
  assert.deepEqual(await numbers(w.member, `rechnung ${w.mark}`), [number], 'by the name of a file');
  assert.deepEqual(await numbers(w.member, `#${number}`), [number], 'by its number');
  assert.deepEqual(await numbers(w.pupil, `#${number}`), [], 'which tells others nothing');
  const { json } = await ask(w.member, `hauschen ${w.mark}`);
  assert.deepEqual(json.excerpts[number].text, [['Die ', false], ['Häuschen', true], [' sind kaputt.', false]]);
  assert.equal(json.excerpts[number].in, 'reply');
});

test('V1: words of a note find a ticket for the desk alone', async () => {
  const number = await open(w.member, `Pump ${w.mark}`, 'It hums.');
  await api(w.agent, 'POST', `/api/tickets/${number}/notes`, { body: `Bearings zebrawood ${w.mark}.` });
  await soon('the note', w.agent, `zebrawood hums ${w.mark}`, [number]);
  assert.equal((await ask(w.agent, 'zebrawood')).json.excerpts[number].in, 'note');
  for (const who of ['member', 'main', 'partner']) {
    const answer = await ask(w[who], 'zebrawood');
    assert.equal(answer.json.count, 0, who);
    assert.ok(!(await ask(w[who], `pump ${w.mark}`)).text.includes('zebrawood'), who);
  }
  await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'It sings too.' });
  await soon('what came later', w.agent, `sings zebrawood ${w.mark}`, [number]);
  await soon('for the customer too', w.member, `sings ${w.mark}`, [number]);
});

test('V1: pages of what was found do not shift', async () => {
  const all = [];
  for (let n = 0; n < 5; n++) all.unshift(await open(w.second, `Series${w.mark} ${n}`, 'x'));
  await soon('all of them', w.second, `series${w.mark}`, all);
  const first = (await ask(w.second, `series${w.mark}`, '&limit=2')).json;
  await open(w.second, `Series${w.mark} new`, 'x');
  const next = (await ask(w.second, `series${w.mark}`, `&limit=2&after=${first.next}`)).json;
  assert.deepEqual([...first.items, ...next.items].map((i) => i.number), all.slice(0, 4));
});

test('V1: what is asked amiss is told', async () => {
  const words = Array.from({ length: 17 }, (_, i) => `w${i}`).join(' ');
  for (const [q, code] of [['', 'required'], [' ', 'required'], ['…!', 'required'], ['x'.repeat(201), 'too_long'], ['a\tb', 'wrong'], ['a\nb', 'wrong'], [words, 'too_many']]) {
    const answer = await ask(w.member, q);
    problem(answer, 422, 'invalid');
    assert.deepEqual(answer.json.errors.map((e) => [e.field, e.code]), [['q', code]], JSON.stringify(q));
  }
  problem(await api(w.member, 'GET', '/api/search'), 422, 'invalid');
  problem(await api(w.member, 'GET', '/api/search?q=%00'), 400);
  for (const q of ['&', "'", '" & | ! <-> :*', "a'b\\", '%_\\', '(((', ')', 'a:*B', '\\', '"quoted words"', '#', '# 1', '#99999999999999999999', '٣', '😀 x', '請求', 'ﬀ', 'İI', '\u0301a']) {
    const { status } = await ask(w.member, q);
    assert.ok(status === 200 || status === 422, `${q}: ${status}`);
  }
  for (const more of ['&limit=51', '&limit=0', '&after=x', '&after=1_x']) problem(await ask(w.member, 'x', more), 422, 'invalid');
});

test('V1: the demo can be searched', async () => {
  const emily = await session({ email: 'emily.carter@sjoangen.example' });
  await until('it is found', async () => (await ask(emily, '"stops at 50"')).json.count === 1, 10_000);
});
