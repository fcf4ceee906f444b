// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about second factors and single sign-on. `made`
// makes what a row asks for, for one question: it gives the path's parameter,
// the body, and a cookie beside the session's.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { passkey, totp } from '../lib/authenticator.mjs';
import { originOf } from '../lib/http.mjs';
import { startLiar } from '../lib/provider.mjs';
import { boot, inTenant, newcomer, secret } from './routes_people.mjs';
import { api } from './world.mjs';

const own = (status) => `401 ${`${status} `.repeat(7)}401 401 404 403 ${status}`;
const page = '303 200 200 200 200 200 200 200 303 303 404 - 200';
// Of the tenant for its administrator, of the account for the account's.
const admins = (status) => `401 403 403 403 403 403 403 ${status} 401 401 404 403 ${status}`;
export const expected = {
  'GET /sign-in/step': '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'POST /sign-in/step': '303 303 303 303 303 303 303 303 303 303 404 403 303',
  'POST /sign-in/step/ask': '200 200 200 200 200 200 200 200 200 200 404 403 200',
  'GET /sign-in/with/:provider': '303 303 303 303 303 303 303 303 303 303 404 - 303',
  // What is no answer to a question of ours is refused before the door.
  'GET /sign-in/back': '303 303 303 303 303 303 303 303 303 303 303 - 303',
  // In a browser that began no sign-in: from the beginning, or where it was begun.
  'GET /sign-in/mail': '303 303 303 303 303 303 303 303 303 303 303 - 303', 'GET /sign-in/mail/:token': '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'GET /me/security': page, 'GET /api/me/factors': own(200).replace('403', '-'),
  'POST /api/me/factors/app': own(201), 'POST /api/me/factors/app/code': own(200), 'DELETE /api/me/factors/app': own(204),
  'POST /api/me/factors/recovery': own(201), 'POST /api/me/factors/passkeys/ask': own(201),
  // A key of another host is no key: refused before the door.
  'POST /api/me/factors/passkeys': own(201).replace('404', '422'),
  'PATCH /api/me/factors/passkeys/:id': own(200), 'DELETE /api/me/factors/passkeys/:id': own(204), 'DELETE /api/me/factors/providers/:id': own(204),
  'GET /admin/sign-on': '303 403 403 403 403 403 403 200 303 303 404 - 200', 'GET /api/providers': admins(200).replace('404 403', '404 -'),
  'POST /api/providers': admins(201), 'PATCH /api/providers/:id': admins(200), 'DELETE /api/providers/:id': admins(204),
  'GET /agent/security': '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /agent/sign-on': '303 403 403 403 403 403 403 200 303 303 404 - 403',
};
// Letting somebody in ends the session that the browser had.
export const ends = ['POST /sign-in/step'];

const elsewhere = new Set(['partner', 'villager', 'agent', 'admin', 'stray']);
const text = (pattern) => (a) => assert.match(a.text, pattern);
const codes = (a) => assert.equal(a.json.recovery.length, 10);
const mine = (read) => (a) => assert.deepEqual([read(a).required, Array.isArray(read(a).passkeys)], [false, true]);
const route = (a) => boot(a).route;
const empty = (a) => assert.equal(a.text, '');
const providers = (read) => (a, who) => assert.equal(read(a).tenant, who === 'admin');
export const found = {
  'GET /sign-in/step': text(/<svg class="qr"/),
  // Somebody of Town's: let in there and below, and nowhere else.
  'POST /sign-in/step': (a, who) => assert.equal(/^__Host-sid=[\w-]{43};/m.test(a.headers['set-cookie'].join('\n')), !elsewhere.has(who)),
  'POST /sign-in/step/ask': (a) => assert.match(a.json.challenge, /^\d+-[\w-]{43}$/),
  'GET /sign-in/with/:provider': (a) => assert.match(a.headers.location, /^https:\/\/id\.people\.example\/auth\?/),
  'GET /sign-in/back': (a) => assert.match(a.headers.location, /^\/sign-in\?why=again&/),
  'GET /sign-in/mail': (a) => assert.equal(a.headers.location, '/sign-in'), 'GET /sign-in/mail/:token': text(/where you began/),
  'GET /me/security': mine(route), 'GET /agent/security': mine(route), 'GET /api/me/factors': mine((a) => a.json),
  'POST /api/me/factors/app': (a) => assert.match(a.json.uri, /^otpauth:\/\/totp\//),
  'POST /api/me/factors/app/code': codes, 'DELETE /api/me/factors/app': empty,
  'POST /api/me/factors/recovery': codes,
  'POST /api/me/factors/passkeys/ask': (a, who, s) => assert.equal(a.json.name, s.person.email),
  'POST /api/me/factors/passkeys': (a) => assert.ok(a.json.id), 'PATCH /api/me/factors/passkeys/:id': (a) => assert.ok(a.json.id),
  'DELETE /api/me/factors/passkeys/:id': empty, 'DELETE /api/me/factors/providers/:id': empty,
  'GET /admin/sign-on': providers(route), 'GET /agent/sign-on': providers(route), 'GET /api/providers': providers((a) => a.json),
  'POST /api/providers': (a) => assert.ok(a.json.id), 'PATCH /api/providers/:id': (a) => assert.ok(a.json.id),
  'DELETE /api/providers/:id': empty,
};

// Somebody at the step behind the password: the cookie. `with`: SQL about :id.
async function step(w, host, { role, more }) {
  const { person, email } = await newcomer(w, { role, more });
  const { token } = await secret(w, 'second_step', host, { person, email });
  return `__Host-step=${token}`;
}
const code = 'ABCDEFGHJKLMNPQR';
// A key of theirs, without the browser that would sign by it.
const key = (w, s) => inTenant(w, `insert into app.passkeys (tenant_id, person_id, host, credential, algorithm, public_key, name)
  values (${w.tenant}, ${s.person.id}, '${s.host}', '\\x${randomBytes(16).toString('hex')}', -7, sha256('x'), 'Key') returning id`);
// Everybody's own of what they ask about; somebody else's where there is no `s`.
const keyOf = async (w, host, s) => ({ id: s && Object.values(w.people).includes(s.person) ? await key(w, s) : 1, json: { name: 'Another' } });
const provider = (w, account) => inTenant(w, `insert into app.providers (tenant_id, account_id, name, issuer, client_id, parts, keys, domains)
  values (${w.tenant}, ${account ?? null}, 'Id ${w.mark}', 'https://id.people.example', 'us', '{"authorize": "https://id.people.example/auth", "token": "https://id.people.example/token",
    "keys": "https://id.people.example/keys", "userinfo": "", "in_body": false}', '{"keys":[]}', 'people.example') returning id`);
const theirs = async (w, host, s) => ({ id: await provider(w, s?.person === w.people.chief ? w.id.town : null), json: { on: false } });

let liar;
export const stop = () => liar?.stop();
export const made = {
  // Nobody else is a portal_admin here: the setting ends nobody's session.
  'GET /sign-in/step': async (w, host) => ({ cookie: await step(w, host, { role: 'portal_admin', more: wanting(w) }) }),
  'POST /sign-in/step/ask': async (w, host) => ({ cookie: await step(w, host, { role: 'portal_admin', more: wanting(w) }), form: {} }),
  'POST /sign-in/step': async (w, host) => ({
    cookie: await step(w, host, { role: 'member', more: `insert into app.recovery_codes (tenant_id, person_id, hash) values (${w.tenant}, :id, auth.recovery_hash(:id, '${code}'))` }),
    form: { method: 'recovery', code },
  }),
  'GET /sign-in/with/:provider': async (w) => ({ id: await provider(w) }),
  'POST /api/me/factors/app/code': async (w, host, s) => {
    const answer = s && await api({ ...s, host }, 'POST', '/api/me/factors/app');
    return { json: { code: answer?.status === 201 ? totp(answer.json.spelled) : '123456' } };
  },
  'POST /api/me/factors/recovery': async (...of) => void await keyOf(...of),
  'POST /api/me/factors/passkeys': async (w, host, s) => {
    const answer = s && await api({ ...s, host }, 'POST', '/api/me/factors/passkeys/ask');
    return { json: { ...passkey(originOf(host)).make(answer?.json?.challenge ?? 'x'), name: 'Key' } };
  },
  'PATCH /api/me/factors/passkeys/:id': keyOf, 'DELETE /api/me/factors/passkeys/:id': async (...of) => ({ id: (await keyOf(...of)).id }),
  'POST /api/providers': async () => {
    liar ??= await startLiar();
    return { json: { name: 'Id', issuer: liar.issuer, client_id: 'us', domains: 'people.example' } };
  },
  'PATCH /api/providers/:id': theirs, 'DELETE /api/providers/:id': async (...of) => ({ id: (await theirs(...of)).id }),
};
const wanting = (w) => `insert into app.settings (tenant_id, scope, name, value) values (${w.tenant}, 0, 'second_factor_roles', 'portal_admin') on conflict do nothing`;
