// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Signing in and out, cookies, languages, themes, preferences.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { originOf, problem } from '../lib/http.mjs';
import { port, psql } from '../lib/instance.mjs';
import { has, languages, text } from '../lib/texts.mjs';
import { anyAddress, api, countRows, fromEveryWorker, get, makeSession, makeWorld, password, request } from './world.mjs';

let w, other;
before(async () => { [w, other] = [await makeWorld({ locale: { town: 'it' } }), await makeWorld({ only: ['member'] })]; });

function post(host, path, fields, { scheme = 'https', cookie, headers = {} } = {}) {
  return request(host, 'POST', path, {
    scheme, cookie, address: anyAddress(), body: new URLSearchParams(fields).toString(),
    headers: { Origin: originOf(host, scheme), 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  });
}
const signIn = (host, email, { secret = password, to = '/', ...options } = {}) => post(host, '/sign-in', { email, password: secret, to }, options);
const member = 'member@people.example';
const lists = (host, cookie, scheme) => request(host, 'GET', '/api/tickets', { cookie, scheme });

test('signing in, over https and over http', async () => {
  const secure = await signIn(w.host.town, member);
  assert.equal(secure.status, 303);
  assert.equal(secure.headers.location, '/');
  assert.equal(secure.headers['cache-control'], 'private, no-store');
  assert.equal(secure.headers['set-cookie'].length, 2);
  assert.match(secure.headers['set-cookie'][1], /^__Host-mark=[0-9a-f]{32}-[\w-]{43}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure$/);
  assert.match(secure.headers['set-cookie'][0], /^__Host-sid=[\w-]{43}; Path=\/; Max-Age=1209600; HttpOnly; SameSite=Lax; Secure$/);
  const plain = await signIn(w.host.town, member, { scheme: 'http' });
  assert.match(plain.headers['set-cookie'][0], /^sid=[\w-]{43}; Path=\/; Max-Age=1209600; HttpOnly; SameSite=Lax$/);
  const [a, b] = [secure, plain].map((x) => x.headers['set-cookie'][0].split(';')[0]);
  assert.equal((await lists(w.host.town, a)).status, 200);
  assert.equal((await lists(w.host.town, b, 'http')).status, 200);
  assert.equal((await lists(w.host.town, b)).status, 401, 'the name of http is nothing over https');
  // Only the token's hash is in the database.
  const token = a.split('=')[1];
  assert.equal(await psql('postgres', `select count(*) from app.sessions s where s::text like '%${token}%' or s.token_hash = '\\x${Buffer.from(token, 'base64url').toString('hex')}'`), '0');
});

test('staff sign in at the desk, for half a day', async () => {
  for (const who of ['agent', 'admin']) {
    const answer = await signIn(w.host.desk, `${who}@people.example`);
    assert.equal(answer.headers.location, '/agent?group=open');
    assert.match(answer.headers['set-cookie'][0], /Max-Age=43200;/);
  }
  assert.equal((await signIn(w.host.desk, 'agent@people.example', { to: '/agent/t/7' })).headers.location, '/agent/t/7');
});

test('P5: how long a session lasts, used or not, is the tenant\'s to say, by role', async () => {
  const set = async (name, value) => api(w.admin, 'PATCH', '/api/settings', { name, value });
  const life = async (host, email) => Number(/^__Host-sid=[\w-]+; Path=\/; Max-Age=(\d+);/.exec((await signIn(host, email)).headers['set-cookie'][0])[1]);
  for (const [name, value] of [['agent_session_hours', '0'], ['agent_session_hours', '169'], ['customer_session_hours', '2161'], ['customer_session_hours', 'x']]) problem(await set(name, value), 422);
  problem(await api(w.chief, 'PATCH', '/api/settings', { name: 'customer_session_hours', value: '1' }), 403);
  assert.equal((await set('agent_session_hours', '2')).status, 200);
  assert.equal((await set('customer_session_hours', '48')).status, 200);
  assert.equal(await life(w.host.desk, 'agent@people.example'), 7200);
  assert.equal(await life(w.host.town, member), 172_800);
  assert.equal(await psql('postgres', `select bool_or(abs(extract(epoch from expires_at - now()) - 7200) < 60) from app.sessions where tenant_id = ${w.tenant} and person_id = ${w.people.agent.id}`), 't');
  // Support under a grant that is longer lasts no longer either.
  const ends_at = new Date(Date.now() + 86_400_000).toISOString();
  const grant = (await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', ends_at, reason: 'x' })).json.id;
  const way = new URL((await api(w.agent, 'POST', `/api/grants/${grant}/entries`)).json.url);
  assert.match((await get(way.hostname, way.pathname)).headers['set-cookie'].join(), /__Host-support=[\w-]+; Path=\/; Max-Age=7200;/);
  for (const name of ['agent_session_hours', 'customer_session_hours']) assert.equal((await api(w.admin, 'PATCH', '/api/settings', { name, inherit: true })).status, 200);
  assert.equal(await life(w.host.town, member), 1_209_600);
});

test('an address in capitals is the same address; blanks in a password count', async () => {
  assert.equal((await signIn(w.host.town, 'Member@People.EXAMPLE')).status, 303);
  assert.equal((await signIn(w.host.town, member, { secret: `${password} ` })).status, 401);
  assert.equal((await signIn(w.host.town, member, { secret: '' })).status, 401);
});

test('wrong passwords from many addresses shut nobody out of a browser that they have signed in with', async () => {
  const main = 'main@people.example';
  const mark = (await signIn(w.host.town, main)).headers['set-cookie'].find((c) => c.startsWith('__Host-mark=')).split(';')[0];
  const wrong = await Promise.all(Array.from({ length: 62 }, () => signIn(w.host.town, main, { secret: 'not the password' })));
  assert.ok(wrong.some((a) => a.status === 429));
  assert.equal((await signIn(w.host.town, main)).status, 429, 'somebody with the right one, from anywhere');
  assert.equal((await signIn(w.host.town, main, { cookie: mark })).status, 303, 'in the browser that is known');
  // It opens nothing by itself, is nobody else's, and has a limit of its own.
  assert.equal((await lists(w.host.town, mark)).status, 401);
  assert.equal((await signIn(other.host.town, member, { cookie: mark, secret: 'not the password' })).status, 401);
  assert.equal((await signIn(w.host.town, main, { cookie: `${mark.slice(0, -1)}${mark.endsWith('A') ? 'B' : 'A'}` })).status, 429);
  for (let i = 0; i < 10; i++) assert.equal((await signIn(w.host.town, main, { cookie: mark, secret: 'not the password' })).status, 401);
  assert.equal((await signIn(w.host.town, main, { cookie: mark })).status, 429);
});

test('wrong password, unknown address, another portal\'s person: one answer', async () => {
  const rows = await countRows(w, other);
  const seen = new Set();
  const cases = {
    'wrong password': [w.host.town, member, 'wrong'], 'unknown address': [w.host.town, 'nobody@people.example', password],
    'no address at all': [w.host.town, 'nobody', password], 'person of another portal': [w.host.town, 'villager@people.example', password],
    'an agent at a portal': [w.host.town, 'agent@people.example', password],
  };
  for (const [what, [host, email, secret]] of Object.entries(cases)) {
    const answer = await signIn(host, email, { secret, to: '/t/1' });
    assert.equal(answer.status, 401, what);
    assert.equal(answer.headers['set-cookie'], undefined, what);
    const { date, 'x-request-id': id, 'content-length': length, ...headers } = answer.headers;
    assert.ok(answer.text.includes(`value="${email}"`), 'the form again, with what was typed');
    assert.ok(!answer.text.includes(secret), 'but not the password');
    seen.add(JSON.stringify([headers, answer.text.replaceAll(email, 'EMAIL').replaceAll(id, 'ID')]));
  }
  assert.equal(seen.size, 1, [...seen].join('\n'));
  assert.equal(await countRows(w, other), rows, 'nothing is stored');
});

test('N8: what comes from a page of somebody else is refused, reading too', async () => {
  const [mine, theirs] = [w.people.member.id, w.people.second.id];
  const from = (session, method, path, id, body) => api(session, method, path, body, { headers: { 'X-Sportello-Person': String(id) } });
  assert.equal((await from(w.member, 'GET', '/api/tickets', mine)).status, 200);
  assert.equal((await from(w.member, 'PATCH', '/api/drafts/new.ticket', mine, { draft: { body: 'mine' } })).status, 200);
  const rows = await countRows(w);
  for (const [method, path, body] of [['GET', '/api/tickets'], ['GET', '/api/drafts/new.ticket'], ['GET', '/api/me'],
    ['PATCH', '/api/drafts/new.ticket', { draft: { body: 'theirs' } }], ['POST', '/api/tickets', { title: 'x', description: 'x' }],
    ['DELETE', '/api/drafts/new.ticket'], ['GET', '/api/queue']]) {
    problem(await from(w.member, method, path, theirs, body), 409, 'another-person');
  }
  assert.equal(await countRows(w), rows, 'nothing is stored');
  assert.equal((await from(w.member, 'GET', '/api/drafts/new.ticket', mine)).json.draft.body.body, 'mine');
  // Nobody is not somebody else; a rank is asked for as ever.
  problem(await request(w.host.town, 'GET', '/api/tickets', { headers: { 'X-Sportello-Person': String(mine) } }), 401, 'signed-out');
  problem(await from(w.member, 'GET', '/api/queue', mine), 403, 'forbidden');
  for (const bad of ['x', '-1', '99999999999999999999']) problem(await from(w.member, 'GET', '/api/tickets', bad), 400, 'bad-request');
});

test('the same address in two tenants is two people', async () => {
  const here = (await signIn(w.host.town, member)).headers['set-cookie'][0].split(';')[0];
  assert.equal((await lists(w.host.town, here)).status, 200);
  assert.equal((await lists(other.host.town, here)).status, 401);
  await psql('postgres', `delete from app.credentials where tenant_id = ${other.tenant}`);
  assert.equal((await signIn(other.host.town, member)).status, 401, 'without a password of its own');
});

test('a cookie from before is not taken over, and does not hinder', async () => {
  const planted = `__Host-sid=${'A'.repeat(43)}`;
  const earlier = (await makeSession(w, 'member')).cookie;
  for (const cookie of [planted, earlier, other.member.cookie]) {
    const answer = await signIn(w.host.town, member, { cookie });
    assert.equal(answer.status, 303);
    assert.ok(!answer.headers['set-cookie'][0].startsWith(cookie));
  }
  assert.equal((await lists(w.host.town, planted)).status, 401);
  problem(await lists(w.host.town, earlier), 401, 'signed-out');
  assert.equal((await lists(other.host.town, other.member.cookie)).status, 200, 'another tenant\'s is none of ours to end');
  // Where the older session is somebody's, a failed sign-in shows nothing of them.
  const failed = await signIn(w.host.town, member, { secret: 'wrong', cookie: w.main.cookie });
  assert.equal(failed.status, 401);
  assert.ok(!failed.text.includes(w.main.person.name));
});

test('P5: signing out ends the session, by form and by API', async () => {
  const [one, two] = [await makeSession(w, 'member'), await makeSession(w, 'member')];
  const out = await post(w.host.town, '/sign-out', {}, { cookie: one.cookie });
  assert.equal(out.status, 303);
  assert.equal(out.headers.location, '/');
  assert.equal(out.headers['set-cookie'][0], '__Host-sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure');
  problem(await lists(w.host.town, one.cookie), 401, 'signed-out');
  assert.equal((await lists(w.host.town, two.cookie)).status, 200, 'only that one');
  assert.equal((await post(w.host.town, '/sign-out', {}, { cookie: one.cookie })).status, 303, 'twice is no mistake');
  const ended = await request(w.host.town, 'DELETE', '/api/session', { cookie: two.cookie, headers: { Origin: originOf(w.host.town), 'X-Sportello': '1' } });
  assert.equal(ended.status, 204);
  assert.equal(ended.body.length, 0);
  problem(await lists(w.host.town, two.cookie), 401, 'signed-out');
});

test('P5: a session that is ended is out with the very next request of every worker', async () => {
  const id = async (session) => (await api(session, 'GET', '/api/me')).json.sessions.find((s) => s.this).id;
  const mine = await makeSession(w, 'villager');
  for (const end of [
    (s) => api(s, 'DELETE', '/api/session'),
    async (s) => api(mine, 'DELETE', `/api/sessions/${await id(s)}`),
    () => api(mine, 'DELETE', '/api/sessions'),
  ]) {
    const s = await makeSession(w, 'villager');
    const ask = () => fromEveryWorker(() => lists(s.host, s.cookie));
    assert.deepEqual([...new Set((await ask()).map((a) => a.status))], [200]);
    assert.equal((await end(s)).status, 204);
    assert.deepEqual([...new Set((await ask()).map((a) => a.status))], [401]);
  }
});

test('P5: an expired session, and one whose person lost their place', async () => {
  const late = await makeSession(w, 'member', { life: '-1 second' });
  problem(await lists(w.host.town, late.cookie), 401, 'signed-out');
  const page = await get(w.host.town, '/t/1001?x=1', { cookie: late.cookie });
  assert.equal(page.status, 303);
  assert.match(page.headers.location, /^\/sign-in\?to=\/t\/1001/);
  assert.equal((await get(w.host.town, '/', { cookie: late.cookie })).status, 200, 'public pages stay public');
  const gone = await makeSession(w, 'second');
  assert.equal((await lists(w.host.town, gone.cookie)).status, 200);
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    delete from app.memberships where tenant_id = ${w.tenant} and person_id = ${gone.person.id}; commit;`);
  problem(await lists(w.host.town, gone.cookie), 401);
});

// ---- where a form may lead ----

const foreign = ['//evil.example', 'https://evil.example', '/\\evil.example', '\\\\evil.example', 'evil.example', '/\t/evil.example', '/\r\nSet-Cookie: x=y', '/%0d%0a'.replace('%0d%0a', '\n'),
  'javascript:alert(1)', ' //evil.example', '/ü', '/a b', '', `/${'x'.repeat(2000)}`, '///evil.example', 'http:/evil.example'];

test('after a form one stays on the site', async () => {
  for (const to of foreign) {
    for (const answer of [await post(w.host.town, '/preferences', { theme: 'dark', to }), await signIn(w.host.town, member, { to })]) {
      assert.equal(answer.status, 303, to);
      assert.equal(answer.headers.location, '/', JSON.stringify(to));
      assert.ok(answer.headers['set-cookie'].every((c) => /^(theme|__Host-(sid|mark))=[\w-]+; Path=\/; /.test(c)), answer.headers['set-cookie'].join());
    }
    const page = await get(w.host.town, `/sign-in?to=${encodeURIComponent(to)}`);
    if (page.status === 200) assert.match(page.text, /action="\/sign-in">[^]*?<input type="hidden" name="to" value="\/">/, to);
  }
  for (const to of ['/tickets', '/t/42', '/tickets?group=open', '/sign-in?to=//evil.example']) {
    assert.equal((await post(w.host.town, '/preferences', { to })).headers.location, to);
    assert.equal((await signIn(w.host.town, member, { to })).headers.location, to);
  }
});

test('preferences: known words only, in cookies that scripts may read', async () => {
  const cookies = async (fields, scheme) => (await post(w.host.town, '/preferences', fields, { scheme })).headers['set-cookie'] ?? [];
  assert.deepEqual(await cookies({ theme: 'dark', lang: 'it' }), ['lang=it; Path=/; Max-Age=31536000; SameSite=Lax; Secure', 'theme=dark; Path=/; Max-Age=31536000; SameSite=Lax; Secure']);
  assert.deepEqual(await cookies({ theme: 'light' }, 'http'), ['theme=light; Path=/; Max-Age=31536000; SameSite=Lax']);
  assert.deepEqual(await cookies({ theme: 'auto' }), ['theme=; Path=/; Max-Age=0; SameSite=Lax; Secure']);
  assert.deepEqual(await cookies({ lang: 'xx' }), []);
  for (const bad of ['it\r\nSet-Cookie: a=b', 'it; Domain=example', '../it', 'IT"']) assert.deepEqual(await cookies({ lang: bad }), [], bad);
  assert.deepEqual(await cookies({ theme: 'dark; x\r\ny: z' }), ['theme=; Path=/; Max-Age=0; SameSite=Lax; Secure']);
});

// ---- language ----

const languageOf = (answer) => /<html[^>]* lang="([^"]+)"/.exec(answer.text)?.[1];

test('the language of a page: cookie, person, browser, portal, English', async () => {
  const at = async (host, { accept, cookie } = {}) => languageOf(await get(host, '/', { cookie, headers: accept ? { 'Accept-Language': accept } : {} }));
  const { town, village } = w.host;
  assert.equal(await at(village), 'en', 'nothing said: the portal\'s');
  assert.equal(await at(town), 'it', 'the portal\'s');
  assert.equal(await at(town, { accept: 'ja' }), 'ja', 'the browser\'s');
  assert.equal(await at(town, { accept: 'xx, yy;q=0.5' }), 'it', 'none that we have');
  assert.equal(await at(village, { accept: 'xx, ja;q=0.3, it;q=0.8' }), 'it', 'the one they like better');
  assert.equal(await at(village, { accept: 'it-CH, fr' }), 'it', 'a region\'s');
  assert.equal(await at(village, { accept: 'it;q=0, ja;q=0.1' }), 'ja', 'not the one they refuse');
  assert.equal(await at(village, { accept: 'JA-jp' }), 'ja', 'in any letters');
  for (const broken of [';;;', 'q=1', ',,,', 'it;q=x', '*', 'x'.repeat(3000), 'it;q=1.0000000000000000000', '-', 'en-']) {
    assert.ok(has(await at(village, { accept: broken })), broken);
  }
  assert.equal(await at(town, { accept: 'ja', cookie: 'lang=en' }), 'en', 'the cookie\'s');
  assert.equal(await at(town, { cookie: 'lang=xx' }), 'it', 'a cookie that names none');
  assert.equal(await at(town, { cookie: `lang=../../etc/passwd` }), 'it');
  await psql('postgres', `update app.people set locale = 'ja' where tenant_id = ${w.tenant} and id = ${w.member.person.id}`);
  assert.equal(await at(town, { accept: 'it', cookie: w.member.cookie }), 'ja', 'the person\'s');
  assert.equal(await at(town, { accept: 'it', cookie: `${w.member.cookie}; lang=en` }), 'en', 'the cookie before the person');
  const wrong = await signIn(village, 'x@people.example', { headers: { 'Accept-Language': 'it' } });
  assert.equal(languageOf(wrong), 'it', 'the form after a mistake as well');
});

test('a page in another language has its texts', async () => {
  const pages = await Promise.all(languages.map(async ({ tag }) => (await get(w.host.village, '/sign-in', { cookie: `lang=${tag}` })).text));
  assert.equal(new Set(pages.map((page) => page.replace(/<[^>]*>/g, ' '))).size, languages.length);
  for (const [i, { tag, dir }] of languages.entries()) {
    assert.match(pages[i], new RegExp(`<html [^>]*lang="${tag}" dir="${dir}"`));
    assert.ok(pages[i].includes(`>${text(tag, 'signin.password')}<`), tag);
    // Each offers all of them, by the name they give themselves.
    for (const l of languages) assert.match(pages[i], new RegExp(`value="${l.tag}" lang="${l.tag}">${l.name}<`), tag);
  }
});

// ---- theme ----

test('a portal\'s style sheet: its own colours, kept for ever, new address when they change', async () => {
  const sheet = async (host) => /href="(\/theme\/[0-9a-f]+\.css)"/.exec((await get(host, '/')).text)[1];
  const before_ = await sheet(w.host.town);
  const css = await get(w.host.town, before_);
  assert.equal(css.status, 200);
  assert.equal(css.headers['content-type'], 'text/css; charset=utf-8');
  assert.equal(css.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(css.headers['set-cookie'], undefined);
  assert.equal(css.text, '@layer brand{:root{--brand:#2f5d50;--brand-bg:#17322b;--round:1}'
    + '@supports not (color:oklch(from red l c h)){:root{--accent:#2f5d50;--accent-hover:#254b40;--accent-soft:#ebefee;'
    + '--on-accent:#ffffff;--on-brand-bg:#ffffff;--n1:#f6faf9;}}}');
  await psql('postgres', `insert into app.looks (tenant_id, scope, portal_id, brand) values (${w.tenant}, ${w.portal.town * 2 + 1}, ${w.portal.town}, '#aa3311')`);
  const after_ = await sheet(w.host.town);
  assert.notEqual(after_, before_);
  assert.match((await get(w.host.town, after_)).text, /--brand:#aa3311;/);
  assert.match((await get(w.host.village, await sheet(w.host.village))).text, /--brand:#2f5d50;/);
});

test('the theme of a page is what the cookie says', async () => {
  const theme = async (cookie) => /<html[^>]*data-theme="([^"]+)"/.exec((await get(w.host.town, '/', { cookie })).text)?.[1];
  assert.equal(await theme('theme=dark'), 'dark');
  assert.equal(await theme('theme=light'), 'light');
  assert.equal(await theme('theme="><script>'), undefined);
  assert.equal(await theme(undefined), undefined);
});

test('over https and http alike: same pages, own origins', async () => {
  const page = await get(w.host.town, '/sign-in', { scheme: 'http' });
  assert.equal(page.status, 200);
  assert.ok(!page.text.includes(`:${port.https}`));
  const crossed = await post(w.host.town, '/sign-in', { email: member, password }, { headers: { Origin: originOf(w.host.town, 'http') } });
  assert.equal(crossed.status, 403);
});
