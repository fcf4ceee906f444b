// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about hosts of one's own, and the way from one
// host to another. As routes_people.mjs.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { psql } from '../lib/instance.mjs';

const open = '200 200 200 200 200 200 200 200 200 200 404 - 200';
const moves = open.replaceAll('200', '303');
export const expected = {
  'GET /status': open, 'GET /elsewhere': open, 'GET /hand-over': moves, 'GET /arrive': moves,
  'POST /hand-over': open,
  'GET /admin/hosts': '303 403 403 403 403 403 403 200 303 303 404 - 200',
  'GET /agent/hosts': '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/hosts': '401 403 403 403 403 403 403 200 401 401 404 - 200',
  'POST /api/hosts': '401 403 403 403 403 403 403 201 401 401 404 403 201',
  'POST /api/hosts/:claim/check': '401 404 404 404 404 404 404 201 401 401 404 403 201',
  'DELETE /api/hosts/:claim': '401 404 404 404 404 404 404 204 401 401 404 403 204',
};
export const ends = [];

const boot = (a) => JSON.parse(/<script[^>]*id="boot"[^>]*>([^<]*)</.exec(a.text)[1]);
const page = (...words) => (a) => {
  assert.match(a.headers['content-type'], /^text\/html/);
  for (const word of words) assert.ok(a.text.includes(word), `no ${word}`);
};
export const found = {
  'GET /status': page('<h1>Service status</h1>'),
  'GET /elsewhere': page('http-equiv="refresh"', '/arrive?from='),
  // Who is signed in gets a secret, everybody else is sent back without one.
  'GET /hand-over': (a, who) => assert.match(a.headers.location, ['out', 'alien', 'stray'].includes(who)
    ? /^https:\/\/[\w.-]+:\d+\/arrive\?from=[\w.-]+&to=\/x$/ : /&to=\/x&token=\d+-[\w-]{43}$/),
  'POST /hand-over': page('http-equiv="refresh"', '/arrive?from='),
  'GET /arrive': (a) => assert.equal(a.headers.location, '/x'),
  'GET /admin/hosts': (a) => assert.equal(boot(a).route.can, true),
  'GET /agent/hosts': (a, who, s) => assert.deepEqual(boot(a).route.portals.map((p) => p.canonical), [s.host]),
  'GET /api/hosts': (a, who, s) => assert.ok(a.json.portals.some((p) => p.canonical === s.host)),
  'POST /api/hosts': (a) => assert.equal(a.json.state, 'waiting'),
  'POST /api/hosts/:claim/check': (a) => assert.match(a.json.record.value, /^sportello=[\w-]{43}$/),
  'DELETE /api/hosts/:claim': (a) => assert.equal(a.text, ''),
};

const name = () => `h${randomBytes(5).toString('hex')}.customer.example`;
// The desk's for its administrator, Town's for everybody else.
const at = (w, host) => (host === w.host.desk ? { portal: w.portal.desk, account: null } : { portal: w.portal.town, account: w.id.town });
async function claim(w, host) {
  const { portal, account } = at(w, host);
  return { id: await psql('postgres', `insert into app.host_claims (tenant_id, account_id, portal_id, host, check_at)
    values (${w.tenant}, ${account}, ${portal}, '${name()}', null) returning id`) };
}
const query = (text) => async (w, host) => ({ query: `?${text(host)}&to=/x` });
export const made = {
  'POST /api/hosts': async (w, host) => ({ json: { portal: at(w, host).portal, host: name() } }),
  'POST /api/hosts/:claim/check': claim, 'DELETE /api/hosts/:claim': claim,
  'GET /hand-over': query((host) => `at=${host}&proof=${'p'.repeat(43)}`),
  'POST /hand-over': async (w, host) => ({ form: { at: host, proof: 'p'.repeat(43), to: '/x' } }),
  'GET /arrive': query((host) => `from=${host}`),
};
