// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Single sign-on: through a real provider, and against one that lies.
import assert from 'node:assert/strict';
import https from 'node:https';
import { after, before, test } from 'node:test';
import { originOf, problem } from '../lib/http.mjs';
import { logFrom, psql, psqlJson, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { ca, startLiar, startProvider } from '../lib/provider.mjs';
import { anyAddress, api, get, makeSession, makeWorld, request } from './world.mjs';

let w, other, real, liar;
const started = Date.now();
const back = (host) => `${originOf(host)}/sign-in/back`;
before(async () => {
  await psql('postgres', 'delete from auth.buckets');
  [w, other] = [await makeWorld(), await makeWorld({ only: ['admin'] })];
  const clients = { basic: {}, post: { method: 'client_secret_post' }, es: { alg: 'ES256' }, ed: { alg: 'EdDSA' } };
  real = await startProvider({
    clients: Object.entries(clients).map(([id, more]) => ({ id, secret: `the secret: of ${id} + & =`, back: [back(w.host.desk), back(w.host.town)], ...more })),
    accounts: {
      ada: { email: 'Member@People.example', email_verified: true, given_name: 'Ada' },
      nobody: { email: 'nobody@people.example', email_verified: true },
      unsure: { email: 'second@people.example', email_verified: false },
      agent: { email: 'agent@people.example', email_verified: true },
    },
  });
  liar = await startLiar();
});
after(() => { real.stop(); liar.stop(); });

// Sets a provider up as an administrator does; its id. It is ready once it has
// said what it is.
async function added(session, issuer, more = {}) {
  const answer = await api(session, 'POST', '/api/providers', { name: 'Test Id', issuer, client_id: 'us', ...more });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.id;
}
const look = async (session, id) => (await api(session, 'GET', '/api/providers')).json.providers.find((p) => p.id === id);
const heard = (session, id) => until('it is asked', async () => { const p = await look(session, id); return p.state !== 'asked' && p; });
async function setUp(session, issuer, more) {
  await psql('postgres', 'delete from auth.buckets');
  const id = await added(session, issuer, more);
  const { state, fault } = await heard(session, id);
  assert.equal(state, 'ready', fault);
  return id;
}
const remove = async (session, id) => assert.equal((await api(session, 'DELETE', `/api/providers/${id}`)).status, 204);

// A browser: cookies an origin, and where it is.
function browser() {
  const jar = {};
  const keep = (origin, headers) => {
    jar[origin] ??= {};
    for (const line of headers['set-cookie'] ?? []) {
      const [pair] = line.split(';');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (!value || /Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(line)) delete jar[origin][name];
      else jar[origin][name] = value;
    }
  };
  const cookie = (origin) => Object.entries(jar[origin] ?? {}).map(([k, v]) => `${k}=${v}`).join('; ');
  const outside = (url) => new Promise((resolve, reject) => {
    https.get(url, { ca, headers: { Cookie: cookie(url.origin) } }, (a) => { a.resume(); a.on('end', () => resolve({ status: a.statusCode, headers: a.headers })); }).on('error', reject);
  });
  const self = {
    jar, cookie,
    async visit(address) {
      const url = new URL(address);
      const answer = url.hostname === 'localhost' ? await outside(url) : await request(url.hostname, 'GET', url.pathname + url.search, { cookie: cookie(url.origin), address: anyAddress() });
      keep(url.origin, answer.headers);
      return { status: answer.status, headers: answer.headers, text: answer.text, to: answer.headers.location && new URL(answer.headers.location, url).href };
    },
    send: (host, path, form) => request(host, 'POST', path, { cookie: cookie(originOf(host)), headers: { Origin: originOf(host), 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form).toString() }),
    // Follows until something other than a redirect, or `until` says so.
    async follow(address, until = () => false) {
      for (let i = 0; i < 12; i++) {
        const answer = await self.visit(address);
        if (answer.status < 300 || answer.status > 399 || until(answer.to)) return { ...answer, at: address };
        address = answer.to;
      }
      throw new Error('it goes round in circles');
    },
    begin: (host, id, to = '/tickets') => { self.since = Date.now(); return self.visit(`${originOf(host)}/sign-in/with/${id}?to=${to}`); },
    signedIn: (host) => Boolean(jar[originOf(host)]?.['__Host-sid']),
  };
  return self;
}
// The link that was mailed since that browser began, and what comes of it.
async function letter(b, host, email = 'member@people.example') {
  const found = await mails({ to: email, since: b.since, about: `${originOf(host)}/sign-in/mail/` });
  return /https:\S+\/sign-in\/mail\/[\w-]+/.exec(found.at(-1).text)[0];
}
const isWaiting = (to) => new URL(to).pathname === '/sign-in/mail';
async function byMail(b, host, email) {
  return { ...await b.follow(await letter(b, host, email), (to) => /\/(sign-in\?|sign-in\/step|tickets$)/.test(to)), b };
}
const why = (url) => new URL(url).searchParams.get('why');
const code = (url) => new URL(url).searchParams.get('code');

test('a provider is asked what it is before it is kept', async () => {
  const made = await setUp(w.admin, real.issuer, { client_id: 'basic', client_secret: 'the secret: of basic + & =' });
  const stored = await psqlJson('postgres', `select json_build_object('parts', parts, 'keys', keys::json, 'secret', encode(client_secret, 'escape')) from app.providers where id = ${made}`);
  assert.equal(stored.parts.token, `${real.issuer}/token`);
  assert.equal(stored.keys.keys.length, 3);
  assert.ok(!stored.secret.includes('the secret'), 'the secret is sealed');
  const list = (await api(w.admin, 'GET', '/api/providers')).json;
  assert.equal(list.back, w.host.desk);
  assert.ok(!JSON.stringify(list).includes('secret'));
  await remove(w.admin, made);

  const refused = async (body, field, status = 422) => {
    const p = problem(await api(w.admin, 'POST', '/api/providers', { name: 'Test Id', client_id: 'us', ...body }), status);
    assert.deepEqual(p.errors.map((e) => [e.field, e.code]), [field]);
  };
  for (const issuer of ['http://localhost:1', 'gopher://x.example']) await refused({ issuer }, ['issuer', 'invalid']);
  await refused({ issuer: '' }, ['issuer', 'required']);
  await refused({ issuer: liar.issuer, client_id: 'x'.repeat(301) }, ['client_id', 'too_long']);
  await refused({ issuer: liar.issuer, domains: 'not a domain!' }, ['domains', 'invalid']);
  await refused({ issuer: liar.issuer, knows_addresses: true }, ['domains_known', 'invalid']);
  const failed = async (issuer, fault) => {
    const id = await added(w.admin, issuer);
    const p = await heard(w.admin, id);
    assert.deepEqual([p.state, p.fault], ['failed', fault], issuer);
    assert.equal((await browser().begin(w.host.town, id)).status, 404, 'of no use');
    return id;
  };
  for (const [issuer, fault] of [[`${real.issuer}/`, 'issuer'], ['https://localhost:1', 'unreachable'], ['https://10.0.0.1', 'unreachable'], ['https://user:pass@localhost', 'unreachable']]) {
    await remove(w.admin, await failed(issuer, fault));
  }
  for (const [about, wants] of [[{ issuer: 'https://other.example' }, 'issuer'], [{ response_types_supported: ['id_token'] }, 'unfit'],
    [{ code_challenge_methods_supported: ['plain'] }, 'unfit'], [{ token_endpoint: 'http://localhost/token' }, 'unfit'], [{ jwks_uri: 7 }, 'unfit'],
    [{ jwks_uri: `${liar.issuer}/nothing` }, 'refused'], [{ filler: 'x'.repeat(70_000) }, 'unreachable']]) {
    liar.about = about;
    await remove(w.admin, await failed(liar.issuer, wants));
  }
  liar.about = {};
  liar.status = 500;
  const again = await failed(liar.issuer, 'refused');
  liar.status = 200;
  problem(await api(w.chief, 'PATCH', `/api/providers/${again}`, { issuer: liar.issuer }), 403);
  assert.equal((await api(w.admin, 'PATCH', `/api/providers/${again}`, { issuer: liar.issuer })).status, 200);
  assert.equal((await heard(w.admin, again)).state, 'ready', 'asked again, it answers');
  problem(await api(w.admin, 'PATCH', `/api/providers/${again}`, { issuer: 'https://other.example' }), 409, 'conflict');
  await remove(w.admin, again);
  for (const who of ['member', 'main', 'agent', 'partner']) {
    const asked = liar.asked.keys;
    problem(await api(w[who], 'POST', '/api/providers', { name: 'x', issuer: liar.issuer, client_id: 'us' }), 403);
    assert.equal(liar.asked.keys, asked, 'nobody else makes us ask a server');
  }
});

test('a provider that never answers holds up nobody', async () => {
  liar.delay = 6000;
  const silent = await Promise.all([1, 2, 3].map(() => added(w.chief, liar.issuer, { domains: 'people.example' })));
  await until('one is being asked', async () => Number(await psql('postgres', `select count(*) from app.providers where tenant_id = ${w.tenant} and asked_at is not null and state = 1`)) > 0);
  for (let i = 0; i < 8; i++) {
    const began = Date.now();
    assert.equal((await api(w.member, 'GET', '/api/me/factors')).status, 200);
    assert.equal((await get(w.host.town, '/sign-in')).status, 200);
    assert.ok(Date.now() - began < 2000, 'second factors and single sign-on go on');
  }
  assert.deepEqual([(await heard(w.chief, silent[0])).fault, (await look(w.chief, silent[0])).state], ['unreachable', 'failed']);
  liar.delay = 0;
  for (const id of silent) await remove(w.chief, id);
});

test('P5: through a real provider, with each of its algorithms', async () => {
  for (const client of ['basic', 'post', 'es', 'ed']) {
    const id = await setUp(w.admin, real.issuer, { name: `By ${client}`, client_id: client, client_secret: `the secret: of ${client} + & =` });
    const page = await get(w.host.town, '/sign-in?to=/tickets/new');
    assert.ok(page.text.includes(`href="/sign-in/with/${id}?to=%2Ftickets%2Fnew"`));
    assert.ok(page.text.includes(`By ${client}`));
    real.account = 'ada';
    const b = browser();
    const there = await b.begin(w.host.town, id, '/tickets/new');
    assert.equal(there.status, 303);
    assert.ok(there.to.startsWith(`${real.issuer}/auth?`));
    assert.match(there.headers['set-cookie'][0], /^__Host-on=[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/);
    const at = await b.follow(there.to, (to) => to.startsWith(back(w.host.desk)));
    assert.ok(at.to.startsWith(back(w.host.desk)), 'back to the desk, for all portals');
    const wait = await b.follow(at.to);
    assert.ok(isWaiting(wait.at) && wait.text.includes('Member@People.example'), 'a mail is on its way');
    assert.ok(!b.signedIn(w.host.town));
    const end = await b.follow(await letter(b, w.host.town), (to) => to.endsWith('/tickets/new'));
    assert.equal(end.to, `${originOf(w.host.town)}/tickets/new`);
    assert.ok(b.signedIn(w.host.town) && !b.signedIn(w.host.desk));
    assert.equal((await get(w.host.town, '/api/tickets', { cookie: b.cookie(originOf(w.host.town)) })).status, 200);
    assert.equal(b.jar[originOf(w.host.town)]['__Host-on'], undefined, 'what was kept for the way is gone');
    const second = browser();
    assert.ok((await second.follow((await second.begin(w.host.town, id)).to, (to) => to.endsWith('/tickets'))).to && second.signedIn(w.host.town), 'the next time without a mail');
    // Once more the way back: the code is used, and so is the question.
    const again = await b.follow(at.to, (to) => to.includes('/sign-in?why'));
    assert.equal(why(again.to), 'again');
    await remove(w.admin, id);
  }
  const found = await mails({ to: 'member@people.example', since: started, about: 'By basic' });
  assert.match(found[0].subject, /By basic/);
});

test('T3: from a customer\'s own host and back to it', async () => {
  const own = `help-${w.mark}.localhost`;
  await psql('postgres', `insert into app.hosts (tenant_id, host, portal_id, is_canonical, has_tickets) values (${w.tenant}, '${own}', ${w.portal.town}, false, true)`);
  const id = await setUp(w.admin, real.issuer, { client_id: 'basic', client_secret: 'the secret: of basic + & =' });
  real.account = 'ada';
  const b = browser();
  const there = await b.begin(own, id, '/tickets%3Fgroup%3Dopen');
  const at = new URL(there.to);
  assert.equal(at.hostname, w.host.town, 'the provider knows the canonical host alone');
  assert.ok(isWaiting((await b.follow(there.to)).at));
  const page = await b.follow(await letter(b, w.host.town));
  assert.equal(page.status, 200);
  const on = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(page.text)[1].replaceAll('&amp;', '&');
  assert.equal(new URL(on).hostname, own);
  // Its name is not ours: one says yes on a page that names it.
  const question = await b.follow(on);
  assert.equal(new URL(question.at).pathname, '/hand-over');
  const proof = /name="proof" value="([\w-]{43})"/.exec(question.text)[1];
  const yes = await b.send(w.host.town, '/hand-over', { at: own, proof, to: '/tickets?group=open' });
  const end = await b.follow(/http-equiv="refresh" content="0;url=([^"]+)"/.exec(yes.text)[1].replaceAll('&amp;', '&'), (to) => to.startsWith(`${originOf(own)}/tickets`));
  assert.equal(end.to, `${originOf(own)}/tickets?group=open`);
  assert.ok(b.signedIn(own) && b.signedIn(w.host.town));
  assert.equal((await get(own, '/api/tickets', { cookie: b.cookie(originOf(own)) })).status, 200);
  await remove(w.admin, id);
});

test('who may not come in', async () => {
  const id = await setUp(w.admin, real.issuer, { client_id: 'basic', client_secret: 'the secret: of basic + & =' });
  const end = async (account, host = w.host.town) => {
    real.account = account;
    const b = browser();
    const there = await b.begin(host, id);
    const last = await b.follow(there.to, (to) => /\/(sign-in\?|sign-in\/mail$|tickets$)/.test(to));
    return { b, to: last.to };
  };
  for (const [account, wants] of [['unsure', 'unverified'], [null, 'denied']]) {
    const { b, to } = await end(account);
    assert.equal(why(to), wants);
    assert.ok(!b.signedIn(w.host.town));
    const page = await b.visit(to);
    assert.equal(page.status, 200);
    assert.match(page.text, /role="alert"/);
  }
  // One answer for whoever it may be: Ada has no business at Village, nor has an agent at
  // a customer's portal. Mail goes to nobody of them.
  const since = Date.now();
  for (const [account, host] of [['nobody', w.host.town], ['ada', w.host.village], ['agent', w.host.town], ['ada', w.host.town]]) {
    const { b, to } = await end(account, host);
    assert.ok(isWaiting(to) && !b.signedIn(host), account);
    assert.ok(!b.signedIn(host));
  }
  assert.equal((await mails({ since, about: '/sign-in/mail/' })).length, 1, 'but for Ada at Town');
  assert.equal(why((await end('nobody', w.host.desk)).to), 'unknown');
  assert.ok((await end('agent', w.host.desk)).b.signedIn(w.host.desk), 'at the desk its word is enough');
  const sent = Date.now();
  assert.ok(isWaiting((await end('agent')).to), 'which is no way into a customer\'s portal');
  assert.deepEqual(caught({ since: sent, about: '/sign-in/mail/' }), []);
  assert.equal((await get(other.host.desk, `/sign-in/with/${id}`)).status, 404, 'another tenant\'s');
  // Switched off, it is neither shown nor of use.
  assert.equal((await api(w.admin, 'PATCH', `/api/providers/${id}`, { on: false })).status, 200);
  assert.ok(!(await get(w.host.town, '/sign-in')).text.includes('/sign-in/with/'));
  assert.equal((await browser().begin(w.host.town, id)).status, 404);
  await remove(w.admin, id);
  assert.equal((await browser().begin(w.host.town, id)).status, 404);
  for (const bad of ['0', 'x', '-1', '99999999999999999999', '%00']) assert.ok([400, 404].includes((await get(w.host.town, `/sign-in/with/${bad}`)).status), bad);
});

// Begins at Town, lets the liar answer with `say`, and returns to Town.
async function answered(id, say, { host = w.host.town, b = browser(), change = (u) => u } = {}) {
  const there = await b.begin(host, id);
  const { code: good, question } = liar.allow(there.to);
  if (say) liar.say = say;
  const url = new URL(question.redirect_uri);
  url.searchParams.set('state', question.state);
  url.searchParams.set('code', good);
  change(url);
  const end = await b.follow(url.href, (to) => /\/(sign-in\?|sign-in\/step|sign-in\/mail$|tickets$)/.test(to));
  return { b, to: end.to, question, url };
}

test('P5: G3: a tenant\'s provider claims a customer\'s address: no session without the mail', async () => {
  const id = await setUp(w.admin, liar.issuer, { has_factor: true });
  const claim = (sub, email = 'member@people.example') => ({ claims }) => liar.sign({ ...claims, sub, email });
  // Whoever runs it says that they are the customer.
  const forger = await answered(id, claim('forged'));
  assert.ok(isWaiting(forger.to) && !forger.b.signedIn(w.host.town));
  assert.equal(await psql('postgres', `select count(*) from app.identities where provider_id = ${id}`), '0', 'and nothing is tied to them');
  const stolen = await letter(forger.b, w.host.town);
  // The customer opens that mail: in their browser it does nothing.
  const victim = browser();
  const shown = await victim.visit(stolen);
  assert.equal(shown.status, 200);
  assert.ok(!victim.signedIn(w.host.town) && /Open this link where you began/.test(shown.text));
  // Their own sign-in has a link of its own, which is good for nobody else.
  const own = await answered(id, claim('real'));
  const link = await letter(own.b, w.host.town);
  assert.notEqual(link, stolen);
  assert.equal(why((await forger.b.follow(link, (to) => to.includes('why='))).to), 'over', 'the forger\'s browser with the customer\'s link');
  assert.equal(why((await own.b.follow(`${link}x`, (to) => to.includes('why='))).to), 'over', 'a guess');
  assert.ok((await byMail(own.b, w.host.town)).b.signedIn(w.host.town));
  assert.equal(why((await forger.b.follow(link, (to) => to.includes('why='))).to), 'over', 'good once');
  assert.ok(isWaiting((await answered(id, claim('forged'))).to), 'another subject is still nobody');
  assert.ok((await answered(id, claim('real'))).b.signedIn(w.host.town), 'the one that is tied comes in');
  // The answer and its row are the same for an address that nobody has.
  const rows = () => psql('postgres', `select count(*) from app.one_time where tenant_id = ${w.tenant} and kind = 'sign_on'`);
  const before = Number(await rows());
  for (const email of ['second@people.example', 'no-such@people.example']) assert.ok(isWaiting((await answered(id, claim('s', email))).to));
  assert.equal(Number(await rows()), before + 2);
  // Its word that it asks for a second factor waives nobody's own.
  await psql('postgres', `insert into app.totps (tenant_id, person_id, secret, confirmed_at) values (${w.tenant}, ${w.people.member.id}, sha256('x') || sha256('y'), now())`);
  const step = await answered(id, claim('real'));
  assert.match(step.to, /\/sign-in\/step\?/);
  assert.ok(!step.b.signedIn(w.host.town));
  await psql('postgres', `delete from app.totps where tenant_id = ${w.tenant}`);
  // Asked too often for one address, whoever has it.
  for (const email of ['second@people.example', 'no-such@people.example']) {
    for (let i = 0; i < 4; i++) assert.ok(isWaiting((await answered(id, claim('s', email))).to));
    const b = browser();
    const there = await b.begin(w.host.town, id);
    const { code: good, question } = liar.allow(there.to);
    assert.equal((await b.follow(`${question.redirect_uri}?state=${question.state}&code=${good}`)).status, 429, email);
  }
  await psql('postgres', 'delete from auth.buckets');
  await remove(w.admin, id);
});

test('tokens that are not for us, not now, not signed', async () => {
  const id = await setUp(w.admin, liar.issuer, { domains: '' });
  const good = ({ claims }) => liar.sign(claims);
  const first = await answered(id, good);
  assert.ok(isWaiting(first.to));
  assert.equal((await byMail(first.b, w.host.town)).to, `${originOf(w.host.town)}/tickets`);
  assert.equal(first.question.code_challenge_method, 'S256');
  assert.equal(liar.asked.token.at(-1).authorization, undefined, 'a public client has no password');
  assert.equal(liar.asked.token.at(-1).client_id, 'us');
  const stranger = liar.newKey('EdDSA');
  const hmac = (claims) => `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.AAAA`;
  const cases = {
    'another nonce': [({ claims }) => liar.sign({ ...claims, nonce: 'another' }), 'again', 'nonce'],
    'no nonce': [({ claims: { nonce, ...claims } }) => liar.sign(claims), 'again', 'nonce'],
    'another client': [({ claims }) => liar.sign({ ...claims, aud: 'them' }), 'wrong', 'audience'],
    'several, and azp is another': [({ claims }) => liar.sign({ ...claims, aud: ['us', 'them'], azp: 'them' }), 'wrong', 'audience'],
    'another issuer': [({ claims }) => liar.sign({ ...claims, iss: 'https://evil.example' }), 'wrong', 'issuer'],
    'over for three minutes': [({ claims, now }) => liar.sign({ ...claims, exp: now - 180 }), 'clock', 'expired'],
    'from three minutes on': [({ claims, now }) => liar.sign({ ...claims, iat: now + 180 }), 'clock', 'future'],
    'alg none': [({ claims }) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`, 'wrong', 'algorithm'],
    'a symmetric one': [({ claims }) => hmac(claims), 'wrong', 'algorithm'],
    'a key that it has not': [({ claims }) => liar.sign(claims, { by: stranger }), 'wrong', 'key'],
    'under the name of one that it has': [({ claims }) => liar.sign(claims, { by: stranger, header: { kid: liar.key.kid } }), 'wrong', 'signature'],
    'no token': [() => ({ access_token: 'x' }), 'wrong', 'answer'],
    'a list': [() => [], 'wrong', 'answer'],
    'nonsense': [() => 'a.b.c', 'wrong', 'token'],
    'no subject': [({ claims: { sub, ...claims } }) => liar.sign(claims), 'wrong', 'claims'],
  };
  for (const [what, [say, wants, exact]] of Object.entries(cases)) {
    const { b, to } = await answered(id, say);
    assert.equal(why(to), wants, what);
    assert.equal(code(to), exact, what);
    assert.ok(!b.signedIn(w.host.town), what);
  }
  // A minute and a half of difference is nothing.
  for (const say of [({ claims, now }) => liar.sign({ ...claims, exp: now - 90 }), ({ claims, now }) => liar.sign({ ...claims, iat: now + 90 })])
    assert.ok((await answered(id, say)).b.signedIn(w.host.town));
  // New keys are fetched once, when a token names one, and kept.
  const fresh = liar.newKey('ES256');
  liar.keys.push(fresh);
  const asked = liar.asked.keys;
  assert.ok((await answered(id, ({ claims }) => liar.sign(claims, { by: fresh }))).b.signedIn(w.host.town));
  assert.ok((await answered(id, ({ claims }) => liar.sign(claims, { by: fresh }))).b.signedIn(w.host.town));
  assert.equal(liar.asked.keys, asked + 1);
  // The address may come from userinfo, about the same subject only.
  const bare = ({ claims: { email, email_verified, ...claims } }) => liar.sign(claims);
  liar.userinfo = { sub: 'sub-1', email: 'member@people.example', email_verified: true };
  assert.ok((await answered(id, bare)).b.signedIn(w.host.town));
  liar.userinfo = { sub: 'sub-2', email: 'member@people.example', email_verified: true };
  assert.equal(why((await answered(id, bare)).to), 'subject');
  liar.userinfo = { sub: 'sub-1' };
  assert.equal(why((await answered(id, bare)).to), 'email');
  // The same subject under another address, the same address under another subject.
  for (const more of [{ email: 'second@people.example' }, { sub: 'sub-9' }]) {
    const { b, to } = await answered(id, ({ claims }) => liar.sign({ ...claims, ...more }));
    assert.ok(isWaiting(to), 'nobody learns which it is without the mail');
    assert.equal(why((await byMail(b, w.host.town, more.email)).to), 'subject');
  }
  assert.equal(why((await answered(id, ({ claims }) => liar.sign({ ...claims, email: 'x@y\r\nz' }))).to), 'email', 'userinfo is asked, and lacks it too');
  await remove(w.admin, id);
});

test('answers that are not to this browser\'s question', async () => {
  const id = await setUp(w.admin, liar.issuer);
  const good = ({ claims }) => liar.sign(claims);
  await byMail((await answered(id, good)).b, w.host.town);
  const refused = async (change, options) => {
    const { b, to } = await answered(id, good, { change, ...options });
    assert.ok(!b.signedIn(w.host.town));
    return why(to);
  };
  const set = (name, value) => (u) => u.searchParams.set(name, value);
  assert.equal(await refused(set('state', 'x')), 'again');
  assert.equal(await refused((u) => u.searchParams.delete('state')), 'again');
  assert.equal(await refused(set('code', 'guessed')), 'away');
  assert.equal(await refused((u) => u.searchParams.delete('code')), 'wrong');
  assert.equal(await refused(set('iss', 'https://evil.example')), 'wrong');
  assert.ok((await answered(id, good, { change: set('iss', liar.issuer) })).b.signedIn(w.host.town));
  // Another browser's answer: the attacker's own code and state, a victim's browser.
  const mine = browser(), theirs = browser();
  const there = await mine.begin(w.host.town, id);
  await theirs.begin(w.host.town, id);
  const { code: got, question } = liar.allow(there.to);
  const link = `${back(w.host.town)}?code=${got}&state=${question.state}`;
  assert.equal(why((await theirs.follow(link, (to) => to.includes('why='))).to), 'again');
  assert.ok(!theirs.signedIn(w.host.town));
  assert.equal(why((await browser().follow(link, (to) => to.includes('why='))).to), 'again', 'a browser without a question');
  // The victim's code under the attacker's own question.
  const other2 = await theirs.begin(w.host.town, id);
  const stolen = liar.allow(other2.to).code;
  assert.equal(why((await mine.follow(`${back(w.host.town)}?code=${stolen}&state=${question.state}`, (to) => to.includes('why='))).to), 'away', 'PKCE ties a code to its question');
  // The same answer twice, though the provider would take the code again.
  const twice = browser();
  const once = await twice.begin(w.host.town, id);
  const a = liar.allow(once.to);
  const kept = { ...twice.jar[originOf(w.host.town)] };
  const url = `${back(w.host.town)}?code=${a.code}&state=${a.question.state}`;
  await twice.follow(url, (to) => to.endsWith('/tickets'));
  assert.ok(twice.signedIn(w.host.town));
  liar.codes[a.code] = a.question;
  const replay = browser();
  replay.jar[originOf(w.host.town)] = { ...kept };
  assert.equal(why((await replay.follow(url, (to) => to.includes('why='))).to), 'again');
  // At another portal of the tenant, or another tenant's, it is nobody's.
  const fourth = browser();
  const q = liar.allow((await fourth.begin(w.host.town, id)).to);
  const moved = await fourth.visit(`${back(w.host.village)}?code=${q.code}&state=${q.question.state}`);
  assert.ok(moved.to.startsWith(back(w.host.town)), 'it goes on to where it began');
  const stray = await fourth.visit(`${back(other.host.desk)}?code=${q.code}&state=${q.question.state}`);
  assert.ok(stray.to.startsWith(back(w.host.town)), 'from anywhere, and nowhere else');
  // A cookie of another host, or changed.
  for (const bad of ['', 'x', `${kept['__Host-on']}x`, kept['__Host-on'].slice(0, -2), 'A'.repeat(4000)]) {
    const b = browser();
    b.jar[originOf(w.host.town)] = { '__Host-on': bad };
    assert.equal(why((await b.follow(`${back(w.host.town)}?code=x&state=${a.question.state}`, (to) => to.includes('why='))).to), 'again');
  }
  await remove(w.admin, id);
});

test('a provider that is slow or gone holds nobody up for long', async () => {
  const id = await setUp(w.admin, liar.issuer);
  liar.delay = 7000;
  const began = Date.now();
  assert.equal(why((await answered(id, ({ claims }) => liar.sign(claims))).to), 'away');
  assert.ok(Date.now() - began < 6500);
  for (let i = 0; i < 2; i++) await answered(id, ({ claims }) => liar.sign(claims));
  const since = Date.now();
  assert.equal(why((await answered(id, ({ claims }) => liar.sign(claims))).to), 'away');
  assert.ok(Date.now() - since < 3000, 'nobody waits for it a fourth time');
  await psql('postgres', 'delete from auth.buckets');
  liar.delay = 0;
  const from = logFrom();
  assert.equal(why((await answered(id, () => ({}))).to), 'wrong');
  const lines = from();
  assert.ok(lines.some((line) => line.kind === 'sign_on' && line.why === 'answer'));
  assert.ok(!JSON.stringify(lines).includes('people.example'), 'no addresses in the log');
  await remove(w.admin, id);
});

test('an account\'s own, once the tenant has agreed to its domains', async () => {
  const id = await setUp(w.chief, liar.issuer, { name: 'Town Id', domains: 'people.example' });
  assert.equal((await api(w.chief, 'GET', '/api/providers')).json.back, w.host.town);
  assert.ok(!(await get(w.host.town, '/sign-in')).text.includes('Town Id'));
  assert.equal((await browser().begin(w.host.town, id)).status, 404);
  problem(await api(w.chief, 'PATCH', `/api/providers/${id}`, { confirmed: true }), 403);
  problem(await api(w.admin, 'PATCH', `/api/providers/${id}`, { confirmed: true, domains: 'other.example' }), 409, 'conflict');
  assert.equal((await api(w.admin, 'GET', '/api/providers')).json.providers[0].account, `Town ${w.mark}`);
  assert.equal((await api(w.admin, 'PATCH', `/api/providers/${id}`, { confirmed: true, domains: 'people.example', knows_addresses: false, has_factor: false })).status, 200);
  const { b, to, question } = await answered(id, ({ claims }) => liar.sign(claims));
  assert.equal(to, `${originOf(w.host.town)}/tickets`);
  assert.equal(question.redirect_uri, back(w.host.town));
  assert.ok(b.signedIn(w.host.town));
  assert.ok((await answered(id, ({ claims }) => liar.sign({ ...claims, sub: 'p', email: 'pupil@people.example' }), { host: w.host.school })).b.signedIn(w.host.school), 'below the top portal too');
  assert.equal((await browser().begin(w.host.village, id)).status, 404);
  assert.equal((await browser().begin(w.host.desk, id)).status, 404);
  assert.equal(why((await answered(id, ({ claims }) => liar.sign({ ...claims, sub: 'x', email: 'agent@elsewhere.example' }))).to), 'domain');
  // Believed about its own domains, if it says so.
  const unsaid = ({ claims: { email_verified, ...claims } }) => liar.sign(claims);
  assert.equal(why((await answered(id, unsaid)).to), 'unverified');
  assert.equal((await api(w.chief, 'PATCH', `/api/providers/${id}`, { knows_addresses: true })).status, 200);
  assert.equal((await browser().begin(w.host.town, id)).status, 404, 'once the tenant has agreed to that, too');
  problem(await api(w.admin, 'PATCH', `/api/providers/${id}`, { confirmed: true, domains: 'people.example', knows_addresses: false, has_factor: false }), 409, 'conflict');
  assert.equal((await api(w.admin, 'PATCH', `/api/providers/${id}`, { confirmed: true, domains: 'people.example', knows_addresses: true, has_factor: false })).status, 200);
  assert.ok((await answered(id, unsaid)).b.signedIn(w.host.town));
  // The link is the person's to end.
  const session = await makeSession(w, 'member');
  const links = (await api(session, 'GET', '/api/me/factors')).json.providers;
  assert.deepEqual(links.map((l) => l.name), ['Town Id']);
  assert.equal((await api(session, 'DELETE', `/api/me/factors/providers/${id}`)).status, 204);
  assert.ok((await answered(id, ({ claims }) => liar.sign({ ...claims, sub: 'new' }))).b.signedIn(w.host.town));
  await remove(w.chief, id);
});

test('P5: a second factor is asked for behind it, unless the provider does', async () => {
  const id = await setUp(w.admin, liar.issuer);
  const set = async (value) => assert.equal((await api(w.admin, 'PATCH', '/api/settings', { name: 'second_factor_roles', value })).status, 200);
  await set('main_user agent');
  const say = ({ claims }) => liar.sign({ ...claims, sub: 'main', email: 'main@people.example' });
  const first = await answered(id, say);
  const asked = await byMail(first.b, w.host.town, 'main@people.example');
  assert.equal(asked.to, `${originOf(w.host.town)}/sign-in/step?to=%2Ftickets`);
  assert.ok(!asked.b.signedIn(w.host.town));
  assert.equal((await asked.b.visit(asked.to)).status, 200);
  const agent = ({ claims }) => liar.sign({ ...claims, sub: 'agent', email: 'agent@people.example' });
  assert.match((await answered(id, agent, { host: w.host.desk })).to, /\/sign-in\/step\?/);
  assert.equal((await api(w.admin, 'PATCH', `/api/providers/${id}`, { has_factor: true })).status, 200);
  assert.ok((await answered(id, agent, { host: w.host.desk })).b.signedIn(w.host.desk));
  assert.match((await answered(id, say)).to, /\/sign-in\/step\?/, 'of the tenant\'s own that is believed at the desk alone');
  await set('agent');
  await remove(w.admin, id);
  const own = await setUp(w.chief, liar.issuer, { domains: 'people.example', has_factor: true });
  assert.equal((await api(w.admin, 'PATCH', `/api/providers/${own}`, { confirmed: true, domains: 'people.example', knows_addresses: false, has_factor: true })).status, 200);
  await set('main_user agent');
  assert.ok((await answered(own, say)).b.signedIn(w.host.town), 'of an account\'s own at its portals');
  await remove(w.chief, own);
});
