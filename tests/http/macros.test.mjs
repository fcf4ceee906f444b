// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Macros over the API: in the recipient's language, what is filled in is no markup,
// what is refused, who keeps which.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { api, makeWorld } from './world.mjs';

let w, number;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'], locale: { town: 'de' } });
  number = (await api(w.member, 'POST', '/api/tickets', { title: `A *bold* [link](https://x.example) {agent.name} ${w.mark}`, description: 'It is broken.' })).json.number;
});
const save = (who, more, id) => api(who, id ? 'PATCH' : 'POST', `/api/macros${id ? `/${id}` : ''}`, { name: 'Thanks', team: false, texts: {}, change: {}, ...more });
const make = async (who, more) => (await save(who, more)).json.items.find((m) => m.name === (more.name ?? 'Thanks')).id;
const fill = async (id) => (await api(w.agent, 'GET', `/api/tickets/${number}/macros/${id}`)).json;
const speaks = (locale) => psql('postgres', `update app.people set locale = ${locale ? `'${locale}'` : 'null'} where tenant_id = ${w.tenant} and id = ${w.people.member.id}`);

test('W1: a macro is filled in the language of who opened the ticket, else the portal’s, else another', async () => {
  const id = await make(w.agent, { texts: { en: 'Dear {requester.name}', de: 'Hallo {requester.name}', sv: 'Hej {requester.name}' } });
  for (const [locale, lang, word] of [['sv', 'sv', 'Hej'], ['sv-FI', 'sv', 'Hej'], ['it', 'de', 'Hallo'], ['en', 'en', 'Dear']]) {
    await speaks(locale);
    const { language, body } = await fill(id);
    assert.deepEqual([language, body], [lang, `${word} ${w.people.member.name}`]);
  }
  await speaks('it');
  assert.equal((await fill(await make(w.agent, { name: 'French', texts: { fr: 'Bonjour' } }))).language, 'fr');
  const bare = await fill(await make(w.agent, { name: 'Only changes', change: { status: 'blocked', priority: null, assignee: 'me' } }));
  assert.deepEqual([bare.body, bare.change], [null, { status: 'blocked', priority: null, assignee: 'me' }]);
});

test('W1: what customers wrote is text in a macro, and no markup or placeholder', async () => {
  const { body } = await fill(await make(w.agent, { name: 'All', texts: { en: '{ticket.number} {ticket.title} / {agent.name} / {portal.name}' } }));
  assert.equal(body, `\\#${number} A \\*bold\\* \\[link\\](https://x.example) {agent.name} ${w.mark} / ${w.people.agent.name} / Town portal ${w.mark}`);
});

test('W1: an unknown placeholder is refused with those that there are; so is what no ticket can be', async () => {
  const wrong = async (more, field, code) => {
    const e = problem(await save(w.agent, { name: 'Wrong', ...more }), 422).errors[0];
    assert.deepEqual([e.field, e.code], [field, code]);
    return e;
  };
  const unknown = await wrong({ texts: { en: 'Dear {requester.nmae}' } }, 'texts', 'placeholder');
  assert.equal(unknown.about, 'requester.nmae');
  assert.ok(unknown.placeholders.includes('requester.name'));
  await wrong({ texts: { xx: 'x' } }, 'texts', 'language');
  await wrong({}, 'texts', 'required');
  await wrong({ change: { status: 'gone' } }, 'change', 'choice');
  await wrong({ change: { assignee: String(w.people.member.id) } }, 'change', 'choice');
  await wrong({ change: { title: 'x' } }, 'change', 'choice');
  problem(await save(w.agent, { name: 'Long', texts: { en: 'x'.repeat(8001) } }), 422);
});

test('W1: the team’s macros are its administrators’ to keep, one’s own are nobody else’s', async () => {
  problem(await save(w.agent, { name: 'Ours', team: true, texts: { en: 'x' } }), 403);
  const ours = await make(w.admin, { name: 'Ours', team: true, texts: { en: 'Of the team' } });
  assert.equal((await fill(ours)).body, 'Of the team');
  problem(await save(w.agent, { name: 'Mine now', texts: { en: 'x' } }, ours), 404);
  problem(await api(w.agent, 'DELETE', `/api/macros/${ours}`), 404);
  const own = await make(w.agent, { name: 'Private', texts: { en: 'x' } });
  assert.ok(!(await api(w.admin, 'GET', '/api/macros')).json.items.some((m) => m.id === own));
  problem(await api(w.admin, 'GET', `/api/tickets/${number}/macros/${own}`), 404);
  await psql('postgres', `insert into app.macros (tenant_id, person_id, name, texts) select ${w.tenant}, ${w.people.agent.id}, 'n', '{"en": "x"}' from generate_series(1, 50)`);
  assert.equal(problem(await save(w.agent, { name: 'One more', texts: { en: 'x' } }), 422).errors[0].code, 'too_many');
});
