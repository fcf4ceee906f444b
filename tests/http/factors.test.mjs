// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Second factors: set up, asked for at sign-in, replayed, forged, lost.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { passkey, totp } from '../lib/authenticator.mjs';
import { originOf, problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { anyAddress, api, makeSession, makeWorld, password, request } from './world.mjs';

let w, other;
const started = Date.now();
before(async () => {
  // Everybody here has the same address in every test: none is to get too much mail.
  await psql('postgres', 'delete from auth.buckets');
  [w, other] = [await makeWorld(), await makeWorld({ only: ['member'] })];
});

const post = (host, path, fields, cookie) => request(host, 'POST', path, {
  cookie, address: anyAddress(), body: new URLSearchParams(fields).toString(),
  headers: { Origin: originOf(host), 'Content-Type': 'application/x-www-form-urlencoded' },
});
const cookies = (answer) => Object.fromEntries((answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).map((pair) => [pair.split('=')[0], pair]));
const signIn = (host, name, to = '/tickets') => post(host, '/sign-in', { email: `${name}@people.example`, password, to });
// The password, and the cookie of the step behind it.
async function step(host, name, to = '/tickets') {
  const answer = await signIn(host, name, to);
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.headers.location, `/sign-in/step?to=${encodeURIComponent(to)}`);
  const found = cookies(answer);
  assert.deepEqual(Object.keys(found), ['__Host-step']);
  assert.match(answer.headers['set-cookie'][0], /; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/);
  return found['__Host-step'];
}
const look = (host, cookie) => request(host, 'GET', '/sign-in/step?to=/tickets', { cookie });
const show = (host, cookie, fields) => post(host, '/sign-in/step', { to: '/tickets', ...fields }, cookie);
const reads = async (host, cookie) => (await request(host, 'GET', '/api/tickets', { cookie })).status;
const attribute = (html, name) => new RegExp(` ${name}="([^"]*)"`).exec(html)?.[1];
const secretOf = (html) => />((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})</.exec(html)?.[1];
const codesOf = (html) => [...html.matchAll(/>((?:[A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4})</g)].map((m) => m[1]);

// An app for a session; its secret, and the codes that came with it.
async function setUp(session) {
  const secret = (await api(session, 'POST', '/api/me/factors/app')).json;
  const answer = await api(session, 'POST', '/api/me/factors/app/code', { code: totp(secret.spelled) });
  assert.equal(answer.status, 200, answer.text);
  return { ...secret, recovery: answer.json.recovery };
}
async function addKey(session, { name = 'My key', key = passkey(originOf(session.host)), wrong } = {}) {
  const asked = (await api(session, 'POST', '/api/me/factors/passkeys/ask')).json;
  return { key, answer: await api(session, 'POST', '/api/me/factors/passkeys', { ...key.make(asked.challenge, wrong), name }) };
}

test('P5: an app is set up, and its codes are asked for', async () => {
  assert.deepEqual((await api(w.member, 'GET', '/api/me/factors')).json,
    { app: null, passkeys: [], recovery: 0, required: false, providers: [], proved: true });
  const app = await api(w.member, 'POST', '/api/me/factors/app');
  assert.equal(app.status, 201);
  const { uri, spelled, path, box } = app.json;
  assert.equal(uri, `otpauth://totp/${encodeURIComponent(`Town portal ${w.mark}`)}:member%40people.example?secret=${spelled.replaceAll(' ', '')}&issuer=${encodeURIComponent(`Town portal ${w.mark}`)}`);
  assert.match(path, /^M4 4h7v1h-7z/);
  assert.match(box, /^0 0 (\d+) \1$/);
  assert.equal((await signIn(w.host.town, 'member')).headers.location, '/tickets', 'not before it is confirmed');
  const wrong = problem(await api(w.member, 'POST', '/api/me/factors/app/code', { code: totp(spelled, 5) }), 422);
  assert.deepEqual(wrong.errors.map((e) => [e.field, e.code]), [['code', 'wrong']]);
  problem(await api(w.member, 'POST', '/api/me/factors/app/code', {}), 422);
  problem(await api(w.member, 'POST', '/api/me/factors/app/code', { code: 7 }), 422);
  // Codes of one moment, whatever the clock does meanwhile.
  const [code, later] = [totp(spelled), totp(spelled, 1)];
  const done = await api(w.member, 'POST', '/api/me/factors/app/code', { code });
  assert.equal(done.json.recovery.length, 10);
  problem(await api(w.member, 'POST', '/api/me/factors/app'), 409, 'factor-there');
  // Neither the secret nor a code is readable in the database.
  const bytes = await psql('postgres', `select encode(secret, 'hex') || (select string_agg(encode(hash, 'hex'), '') from app.recovery_codes where tenant_id = ${w.tenant}) from app.totps where tenant_id = ${w.tenant}`);
  assert.ok(!bytes.includes(Buffer.from(done.json.recovery[0]).toString('hex')));
  assert.equal(await psql('postgres', `select count(*) from app.totps where tenant_id = ${w.tenant} and octet_length(secret) = 61`), '1');
  const [mail] = await mails({ to: 'member@people.example', since: started, about: w.mark });
  assert.match(mail.subject, /authenticator app/i);
  assert.match(mail.text, /\/me\/security/);

  // Signing in: the password is not enough.
  const cookie = await step(w.host.town, 'member');
  assert.equal(await reads(w.host.town, cookie), 401);
  const page = await look(w.host.town, cookie);
  assert.equal(page.status, 200);
  assert.match(page.text, /autocomplete="one-time-code"/);
  assert.equal(secretOf(page.text), undefined, 'the secret is not shown again');
  const refused = await show(w.host.town, cookie, { method: 'code', code: totp(spelled, 7) });
  assert.equal(refused.status, 401);
  assert.match(refused.text, /4 tries are left/);
  assert.equal((await show(w.host.town, cookie, { method: 'code', code })).status, 401, 'the code that set it up is used');
  const next = await show(w.host.town, cookie, { method: 'code', code: ` ${later.slice(0, 3)} ${later.slice(3)}` });
  assert.equal(next.status, 303, next.text);
  assert.equal(next.headers.location, '/tickets');
  const found = cookies(next);
  assert.match(next.headers['set-cookie'].join('\n'), /__Host-step=; Path=\/; Max-Age=0/);
  assert.equal(await reads(w.host.town, found['__Host-sid']), 200);
  // The same step, the same code again: both are used.
  assert.equal((await show(w.host.town, cookie, { method: 'code', code: later })).headers.location, '/sign-in?why=over&to=%2Ftickets');
  const second = await step(w.host.town, 'member');
  assert.equal((await show(w.host.town, second, { method: 'code', code: later })).status, 401);
  w.codes = done.json.recovery;
});

test('P5: recovery codes are good once', async () => {
  const cookie = await step(w.host.town, 'member');
  const wrong = await show(w.host.town, cookie, { method: 'recovery', code: 'AAAA-BBBB-CCCC-DDDD' });
  assert.equal(wrong.status, 401);
  assert.match(wrong.text, /recovery code/i);
  assert.equal((await show(w.host.town, cookie, { method: 'recovery', code: '' })).status, 401);
  assert.equal((await show(w.host.town, cookie, { method: 'recovery', code: 'x'.repeat(101) })).status, 401);
  const right = await show(w.host.town, cookie, { method: 'recovery', code: w.codes[0].toLowerCase() });
  assert.equal(right.status, 303);
  assert.equal(await reads(w.host.town, cookies(right)['__Host-sid']), 200);
  const again = await step(w.host.town, 'member');
  assert.equal((await show(w.host.town, again, { method: 'recovery', code: w.codes[0] })).status, 401);
  const [mail] = await mails({ to: 'member@people.example', since: started, about: 'recovery code was used' });
  assert.match(mail.text, /Codes left: 9\./);
});

test('five tries, then from the beginning', async () => {
  const cookie = await step(w.host.town, 'member');
  for (let i = 0; i < 4; i++) assert.equal((await show(w.host.town, cookie, { method: 'code', code: '000000' })).status, 401);
  const last = await show(w.host.town, cookie, { method: 'code', code: '000000' });
  assert.equal(last.status, 303);
  assert.equal(last.headers.location, '/sign-in?why=over&to=%2Ftickets');
  const page = await request(w.host.town, 'GET', last.headers.location);
  assert.match(page.text, /too many codes were wrong/);
  assert.equal((await show(w.host.town, cookie, { method: 'recovery', code: w.codes[1] })).headers.location, '/sign-in?why=over&to=%2Ftickets', 'a good one comes too late');
});

test('a step belongs to one portal, one person, one browser', async () => {
  const cookie = await step(w.host.town, 'member');
  assert.equal((await look(w.host.school, cookie)).status, 303, 'another portal');
  assert.equal((await look(other.host.town, cookie)).status, 303, 'another tenant');
  assert.equal((await look(w.host.town, '__Host-step=1-' + 'A'.repeat(43))).headers.location, '/sign-in?why=over&to=%2Ftickets');
  for (const bad of ['', 'x', `${cookie.split('=')[1]}x`, '9'.repeat(400), '%00'])
    assert.equal((await look(w.host.town, `__Host-step=${bad}`)).status, 303);
  assert.equal((await look(w.host.town, '')).status, 303);
  assert.equal((await show(w.host.town, '', { method: 'code', code: '123456' })).status, 303);
  assert.equal((await show(w.host.town, cookie, { method: 'other', code: '123456' })).status, 400);
  const foreign = await request(w.host.town, 'POST', '/sign-in/step', { cookie, body: 'method=code&code=1', headers: { Origin: 'https://evil.example', 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.equal(foreign.status, 403);
  const to = await show(w.host.town, cookie, { method: 'recovery', code: w.codes[2], to: 'https://evil.example/' });
  assert.equal(to.headers.location, '/', 'nobody is sent elsewhere');
});

test('P5: passkeys: made, shown, counted', async () => {
  const { key, answer } = await addKey(w.main, { name: '  Blue one ' });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.json.recovery.length, 10);
  const [mine] = (await api(w.main, 'GET', '/api/me/factors')).json.passkeys;
  assert.equal(mine.name, 'Blue one');
  assert.equal(mine.host, w.host.town);
  assert.equal((await addKey(w.main, { name: '' })).answer.status, 201);
  assert.equal((await api(w.main, 'GET', '/api/me/factors')).json.passkeys[1].name, w.host.town, 'a name of its own, if none is given');
  problem((await addKey(w.main, { name: 'x'.repeat(61) })).answer, 422);
  problem((await addKey(w.main, { key })).answer, 409);

  const cookie = await step(w.host.town, 'main');
  const page = (await look(w.host.town, cookie)).text;
  const challenge = attribute(page, 'data-challenge');
  assert.match(challenge, /^[\w-]{43}$/);
  assert.ok(attribute(page, 'data-keys').split(' ').includes(Buffer.from(key.id, 'base64url').toString('hex')));
  const right = await show(w.host.town, cookie, { method: 'passkey', ...key.show(challenge) });
  assert.equal(right.status, 303, right.text);
  assert.equal(await reads(w.host.town, cookies(right)['__Host-sid']), 200);
  // Everything it signed is over with the step.
  assert.equal((await show(w.host.town, cookie, { method: 'passkey', ...key.show(challenge) })).status, 303);

  problem(await api(w.main, 'PATCH', `/api/me/factors/passkeys/${mine.id}`, { name: '' }), 422);
  assert.equal((await api(w.main, 'PATCH', `/api/me/factors/passkeys/${mine.id}`, { name: 'Green' })).status, 200);
  problem(await api(w.second, 'PATCH', `/api/me/factors/passkeys/${mine.id}`, { name: 'Mine' }), 404);
  assert.equal((await api(w.second, 'DELETE', `/api/me/factors/passkeys/${mine.id}`)).status, 204, 'what is not there is gone');
  assert.equal((await api(w.main, 'GET', '/api/me/factors')).json.passkeys[0].name, 'Green');
  w.key = key;
});

test('passkeys: forged ones', async () => {
  const origin = originOf(w.host.town);
  const bad = {
    'another origin': { client: { origin: originOf(w.host.school) } },
    'plain http': { client: { origin: origin.replace('https', 'http') } },
    'another challenge': { client: { challenge: 'AAAA' } },
    'inside another page': { client: { crossOrigin: true } },
    'the wrong ceremony': { client: { type: 'webauthn.create' } },
    'another host': { host: w.host.school },
    'a counter that went back': { count: 1 },
  };
  for (const [what, wrong] of Object.entries(bad)) {
    const cookie = await step(w.host.town, 'main');
    const challenge = attribute((await look(w.host.town, cookie)).text, 'data-challenge');
    assert.equal((await show(w.host.town, cookie, { method: 'passkey', ...w.key.show(challenge, wrong) })).status, 401, what);
  }
  const cookie = await step(w.host.town, 'main');
  const challenge = attribute((await look(w.host.town, cookie)).text, 'data-challenge');
  const stranger = passkey(origin);
  assert.equal((await show(w.host.town, cookie, { method: 'passkey', ...stranger.show(challenge) })).status, 401, 'a key that nobody knows');
  assert.equal((await show(w.host.town, cookie, { method: 'passkey', ...stranger.show(challenge), credential: w.key.id })).status, 401, 'under a known key\'s name');
  for (const fields of [{}, { credential: '!' }, { credential: w.key.id }, { credential: w.key.id, client_data: 'e30', data: 'AA', signature: 'AA' }])
    assert.ok([401, 303].includes((await show(w.host.town, cookie, { method: 'passkey', ...fields })).status));

  const make = async (wrong, key) => (await addKey(w.main, { wrong, key })).answer;
  for (const [what, wrong] of Object.entries({ ...bad, 'a counter that went back': { client: { type: 'webauthn.get' } } }))
    problem(await make(what === 'the wrong ceremony' ? { client: { type: 'webauthn.get' } } : wrong), 422);
  problem(await make({}, passkey('https://evil.example')), 422);
  // A challenge is good once, for one person, at one portal.
  const asked = (await api(w.main, 'POST', '/api/me/factors/passkeys/ask')).json;
  const key = passkey(origin);
  problem(await api(w.second, 'POST', '/api/me/factors/passkeys', { ...key.make(asked.challenge), name: 'x' }), 422);
  assert.equal((await api(w.main, 'POST', '/api/me/factors/passkeys', { ...key.make(asked.challenge), name: 'x' })).status, 201);
  problem(await api(w.main, 'POST', '/api/me/factors/passkeys', { ...passkey(origin).make(asked.challenge), name: 'x' }), 422);
  for (const body of [{}, { client_data: 'e30', attestation: 'oA' }, { client_data: 7, attestation: [] }, { client_data: '!', attestation: '!' }])
    problem(await api(w.main, 'POST', '/api/me/factors/passkeys', { name: 'x', ...body }), 422);
});

test('a passkey of one portal is nothing at another', async () => {
  const school = await makeSession(w, 'pupil');
  await addKey(school);
  const [mine] = (await api(school, 'GET', '/api/me/factors')).json.passkeys;
  assert.equal(mine.host, w.host.school);
  // The main user's keys are Town's: at the school the page says where they are.
  const cookie = await step(w.host.school, 'main');
  const page = (await look(w.host.school, cookie)).text;
  assert.equal(attribute(page, 'data-challenge'), undefined);
  assert.ok(page.includes(w.host.town));
  assert.equal((await show(w.host.school, cookie, { method: 'passkey', ...w.key.show('AAAA') })).status, 401);
});

test('P5: a role that wants one is led to it before anything else', async () => {
  const old = await makeSession(w, 'agent');
  assert.equal((await api(w.admin, 'PATCH', '/api/settings', { name: 'second_factor_roles', value: 'agent' })).status, 200);
  assert.equal(await reads(w.host.desk, old.cookie), 401, 'sessions without one end');
  assert.equal(await reads(w.host.desk, w.admin.cookie), 200);
  const cookie = await step(w.host.desk, 'agent', '/agent');
  const page = (await request(w.host.desk, 'GET', '/sign-in/step?to=/agent', { cookie })).text;
  const secret = secretOf(page);
  assert.ok(secret, page);
  assert.match(page, /<svg class="qr"[^>]*viewBox="0 0 \d+ \d+"/);
  assert.equal(secretOf((await look(w.host.desk, cookie)).text), secret, 'a second look shows the same');
  assert.equal((await show(w.host.desk, cookie, { method: 'code', code: '000000', to: '/agent' })).status, 401);
  const done = await show(w.host.desk, cookie, { method: 'code', code: totp(secret), to: '/agent' });
  assert.equal(done.status, 200);
  assert.equal(codesOf(done.text).length, 10);
  assert.match(done.text, /href="\/agent"/);
  const session = { ...old, cookie: cookies(done)['__Host-sid'] };
  assert.equal(await reads(w.host.desk, session.cookie), 200);
  assert.equal((await api(session, 'GET', '/api/me/factors')).json.required, true);
  problem(await api(session, 'DELETE', '/api/me/factors/app'), 409, 'factor-last');
  assert.match((await mails({ to: 'agent@people.example', since: started, about: w.mark }))[0].text, /\/agent\/security/);

  // By a passkey instead: for the second of them.
  await psql('postgres', `delete from app.totps where tenant_id = ${w.tenant} and person_id = ${w.people.agent.id}; delete from app.recovery_codes where tenant_id = ${w.tenant} and person_id = ${w.people.agent.id}`);
  const again = await step(w.host.desk, 'agent', '/agent');
  const asked = await post(w.host.desk, '/sign-in/step/ask', {}, again);
  assert.equal(asked.status, 200, asked.text);
  const key = passkey(originOf(w.host.desk));
  const made = await show(w.host.desk, again, { method: 'new', to: '/agent', ...key.make(asked.json.challenge) });
  assert.equal(made.status, 200, made.text);
  assert.equal(codesOf(made.text).length, 10);
  assert.equal(await reads(w.host.desk, cookies(made)['__Host-sid']), 200);
  // Whoever has one can't make another without it.
  const third = await step(w.host.desk, 'agent', '/agent');
  assert.equal((await post(w.host.desk, '/sign-in/step/ask', {}, third)).status, 404);
  assert.equal((await show(w.host.desk, third, { method: 'new', ...passkey(originOf(w.host.desk)).make(asked.json.challenge) })).status, 401);
});

test('what protects one is changed only soon after signing in', async () => {
  const session = await makeSession(w, 'partner');
  const app = await setUp(session);
  const kept = (await api(session, 'POST', '/api/me/factors/recovery')).json.recovery;
  assert.equal(new Set([...app.recovery, ...kept]).size, 20);
  await psql('postgres', `update app.sessions set proved_at = now() - interval '16 minutes' where tenant_id = ${w.tenant} and person_id = ${session.person.id}`);
  for (const [method, path, body] of [['POST', '/app'], ['POST', '/app/code', { code: '123456' }], ['DELETE', '/app'], ['POST', '/recovery'],
    ['POST', '/passkeys/ask'], ['DELETE', '/passkeys/1'], ['DELETE', '/providers/1']])
    problem(await api(session, method, `/api/me/factors${path}`, body), 403, 'proof-old');
  assert.equal((await api(session, 'GET', '/api/me/factors')).json.proved, false);
});

test('support under a grant has no business here', async () => {
  problem(await api({ ...w.member, cookie: undefined }, 'GET', '/api/me/factors'), 401);
  problem(await api({ ...w.member, host: w.host.village }, 'GET', '/api/me/factors'), 401);
});
