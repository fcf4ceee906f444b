// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about service status. As routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';
import { secret } from './routes_people.mjs';

//                      out mem main part pupil vill agent admin alien stray lost forged chief
const open = '200 200 200 200 200 200 200 200 200 200 404 - 200';
const form = '200 200 200 200 200 200 200 200 200 200 404 403 200';
const written = (status, write) => `401 403 403 403 403 403 ${status} ${status} 401 401 404 ${write ? 403 : '-'} 403`;
export const expected = {
  'GET /status.atom': open, 'GET /status/history': open, 'GET /status/:id': open,
  'GET /status/subscribe': open, 'POST /status/subscribe': form, 'GET /status/subscribe/:token': open, 'POST /status/subscribe/:token': form,
  'GET /status/leave/:token': open, 'POST /status/leave/:token': form.replace('403', '200'),
  'POST /status/:id/affected': '303 303 303 303 303 303 303 303 303 303 404 403 303',
  'POST /api/incidents/:id/affected': '401 201 201 201 201 201 201 201 401 401 404 403 201',
  'GET /agent/status': '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/status': written(200), 'POST /api/components': written(201, true), 'PATCH /api/components/:id': written(200, true), 'DELETE /api/components/:id': written(200, true),
  'GET /api/incidents/:id': written(200), 'POST /api/incidents': written(201, true), 'PATCH /api/incidents/:id': written(200, true), 'DELETE /api/incidents/:id': written(200, true),
  'POST /api/incidents/:id/updates': written(201, true), 'POST /api/status/audience': written(201, true),
  'GET /api/tickets/:number/incidents': written(200), 'PATCH /api/tickets/:number/incident': written(200, true),
};

export const prepare = (w) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  insert into app.components (tenant_id, id, names) values (${w.tenant}, 11, '{"en": "Mail ${w.mark}"}');
  insert into app.incidents (tenant_id, id, kind, titles, state) values (${w.tenant}, 11, 'incident', '{"en": "Jam ${w.mark}"}', 1);
  insert into app.incident_updates (tenant_id, incident_id, n, state, texts) values (${w.tenant}, 11, 1, 1, '{"en": "We look at it"}'); commit`);

let more = 100;
const send = (json) => () => ({ json, id: 11 });
const another = (table, values) => async (w) => {
  const id = more++;
  await psql('postgres', `insert into app.${table} (tenant_id, id, ${values[0]}) values (${w.tenant}, ${id}, ${values[1]})`);
  return { id };
};
const asked = async (w, host) => ({ id: (await secret(w, 'status', host)).token, form: {} });
const left = async (w, host) => ({ id: (await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false) \\g /dev/null
  select auth.leave_token(h.portal_id, 's1') from app.hosts h where h.host = '${host}'; commit`)).trim() });
export const made = {
  'POST /status/subscribe': (w) => ({ form: { email: `${w.mark}-${more++}@people.example`, part: '11' } }),
  'GET /status/subscribe/:token': asked, 'POST /status/subscribe/:token': asked, 'GET /status/leave/:token': left, 'POST /status/leave/:token': left,
  'POST /status/:id/affected': () => ({ id: 11, form: { affected: 'yes' } }),
  'GET /status/:id': () => ({ id: 11 }), 'GET /api/incidents/:id': () => ({ id: 11 }),
  'POST /api/components': send({ names: { en: 'Another' } }), 'PATCH /api/components/:id': send({ names: { en: 'Post' } }),
  'DELETE /api/components/:id': another('components', ['names', `'{"en": "Gone"}'`]),
  'POST /api/incidents': send({ kind: 'incident', titles: { en: 'Made' }, texts: { en: 'x' }, impact: 'major', components: [11], stage: 'resolved' }),
  'POST /api/incidents/:id/affected': send({ affected: true }), 'POST /api/status/audience': send({ incident: 11 }), 'PATCH /api/tickets/:number/incident': () => ({ json: { incident: 11 } }),
  'PATCH /api/incidents/:id': send({ impact: 'critical' }), 'POST /api/incidents/:id/updates': send({ stage: 'monitoring', texts: { en: 'Mended' } }),
  'DELETE /api/incidents/:id': another('incidents', ['kind, titles, state', `'incident', '{"en": "Gone"}', 1`]),
};
const incident = (key, value) => (a) => assert.equal(a.json[key], value);
export const found = {
  'GET /status.atom': (a) => assert.match(a.text, /<feed xmlns="http:\/\/www.w3.org\/2005\/Atom"[^]*We look at it/),
  'GET /status/history': (a) => assert.match(a.text, /<h1>The last 90 days<\/h1>/),
  'GET /status/:id': (a) => assert.match(a.text, /We look at it/),
  'GET /status/subscribe': (a) => assert.match(a.text, /name="part" value="11"/),
  'POST /status/subscribe': (a) => assert.match(a.text, /role="status"/),
  'GET /status/subscribe/:token': (a) => assert.match(a.text, /type="submit"/),
  'POST /status/subscribe/:token': (a) => assert.match(a.text, /role="status"/),
  'GET /status/leave/:token': (a) => assert.match(a.text, /type="submit"/),
  'POST /status/leave/:token': (a) => assert.match(a.text, /role="status"/),
  'POST /status/:id/affected': (a) => assert.match(a.headers.location, /^\/(status\/11$|sign-in)/),
  'GET /agent/status': (a) => assert.match(a.text, /"components":\[/),
  'GET /api/status': (a) => assert.ok(a.json.incidents.some((i) => i.id === 11)),
  'POST /api/components': (a) => assert.ok(a.json.components.some((c) => c.names.en === 'Another')),
  'PATCH /api/components/:id': (a) => assert.equal(a.json.components.find((c) => c.id === 11).names.en, 'Post'),
  'DELETE /api/components/:id': (a) => assert.ok(!a.json.components.some((c) => c.id === more - 1)),
  'GET /api/incidents/:id': incident('kind', 'incident'),
  'POST /api/incidents': (a) => assert.ok(a.json.incidents.some((i) => i.id === a.json.made)),
  'POST /api/incidents/:id/affected': (a) => assert.equal(a.json.affected, true),
  'POST /api/status/audience': (a) => assert.deepEqual(Object.keys(a.json).sort(), ['affected', 'all', 'more', 'portals', 'subscribers', 'tickets']),
  'GET /api/tickets/:number/incidents': (a) => assert.ok(a.json.items.some((i) => i.id === 11)),
  'PATCH /api/tickets/:number/incident': (a) => assert.equal(a.json.incident.id, 11),
  'PATCH /api/incidents/:id': incident('impact', 'critical'),
  'POST /api/incidents/:id/updates': incident('state', 'monitoring'),
  'DELETE /api/incidents/:id': (a) => assert.ok(!a.json.incidents.some((i) => i.id === more - 1)),
};
