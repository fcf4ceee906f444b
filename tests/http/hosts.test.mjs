// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Hosts of customers' own: claiming them, what is served there, tickets there
// or elsewhere, and staying signed in from one host to the other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { claim, found, ownHost, ownName } from '../lib/hosts.mjs';
import { newKey, originOf, problem } from '../lib/http.mjs';
import { port, psql, root, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { anyAddress, api, get, makeSession, makeWorld, password, request, sessionAt } from './world.mjs';

let w, other, own, number;
before(async () => {
  [w, other] = [await makeWorld(), await makeWorld({ only: ['chief', 'member'] })];
  own = await ownHost(w.tenant, w.portal.town);
  // One address gets a limited number of notices a day.
  await psql('postgres', `update app.people set email = 'chief-${w.mark}@people.example' where tenant_id = ${w.tenant} and id = ${w.chief.person.id};
    update app.confirmations set email = 'chief-${w.mark}@people.example' where tenant_id = ${w.tenant} and person_id = ${w.chief.person.id}`);
  number = (await api(w.member, 'POST', '/api/tickets', { title: `Boiler ${w.mark}`, description: 'It drips.' })).json.number;
});

const canonical = () => w.host.town;
async function at(path, { session = w.member, host = own.host, headers = {}, cookie = '', method = 'GET', ...more } = {}) {
  const here = session?.person && session.host !== host ? await sessionAt(session, host) : session;
  return request(host, method, path,
    { cookie: [here?.cookie, cookie].filter(Boolean).join('; '), headers: { 'X-Sportello': '1', ...headers }, servername: 'localhost', ...more });
}
const setting = (value, session = w.chief, more = {}) => api(session, 'PATCH', '/api/settings', value === null
  ? { name: 'tickets_on_white_label', inherit: true, ...more } : { name: 'tickets_on_white_label', value, ...more });

// ---- claiming ----------------------------------------------------------------------

const add = (host, more = {}, session = w.chief) => api(session, 'POST', '/api/hosts', { portal: w.portal.town, host, ...more });

test('T3: a host is claimed in its canonical form, however it is typed', async () => {
  const base = ownName();
  for (const [typed, wanted] of [[base, base], [` ${ownName('One.EXAMPLE').replace('help', 'Help')}. `, null],
    [`bücher.${w.mark}.example`, `xn--bcher-kva.${w.mark}.example`], [`XN--STRAE-OQA.${w.mark}.example`, `xn--strae-oqa.${w.mark}.example`],
    [`サポート。${w.mark}.example`, `xn--vckvb6c8f.${w.mark}.example`]]) {
    const answer = await add(typed);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.json.host, wanted ?? typed.trim().toLowerCase().replace(/\.$/, ''));
    assert.equal(answer.json.state, 'waiting');
    assert.equal(answer.json.record.name, `_sportello.${answer.json.host}`);
    assert.equal((await api(w.chief, 'DELETE', `/api/hosts/${answer.json.id}`)).status, 204);
  }
});

test('what is no host of theirs is said, field by field', async () => {
  const long = `${'a'.repeat(60)}.`.repeat(4);
  for (const [host, code] of [['', 'required'], ['   ', 'required'], ['.', 'host'], ['example', 'host'], ['a_b.example', 'host'], ['a..example', 'host'],
    ['-a.example', 'host'], ['*.example', 'host'], ['xn--a.example', 'host'], ['xn--999999b.example', 'host'], ['a\u0301\u200b .example', 'host'],
    ['help.example:8443', 'port'], ['[2001:db8::1]', 'port'], ['https://help.example', 'url'], ['help.example/x', 'url'], ['ada@help.example', 'url'],
    ['192.0.2.1', 'address'], ['10.0.0.1.', 'address'], ['localhost', 'host'], ['x.localhost', 'reserved'], ['printer.local', 'reserved'],
    ['1.0.0.127.in-addr.arpa', 'reserved'], [`x.${w.host.town}`, 'reserved'], [`${long}${'b'.repeat(10)}`, 'too_long'], ['x'.repeat(501), 'too_long'],
    [own.host, 'taken'], [own.host.toUpperCase(), 'taken'], ['a\u0000b.example', 'type']]) {
    const answer = await add(host);
    if (code === 'type') {
      assert.ok([400, 422].includes(answer.status), answer.text);
      continue;
    }
    assert.deepEqual(problem(answer, 422, 'invalid').errors.map((e) => [e.field, e.code]), [['host', code]], JSON.stringify(host));
  }
  assert.deepEqual(problem(await add(7), 422).errors.map((e) => e.code), ['type']);
  problem(await add(ownName(), { portal: w.portal.village }), 404);
  problem(await add(ownName(), { portal: other.portal.town }), 404);
  problem(await add(ownName(), {}, w.member), 403);
  problem(await add(ownName(), { portal: w.portal.town }, w.admin), 404);
});

test('one key makes one claim', async () => {
  const [key, host] = [newKey(), ownName()];
  const body = { portal: w.portal.town, host };
  const first = await api(w.chief, 'POST', '/api/hosts', body, { key });
  assert.deepEqual((await api(w.chief, 'POST', '/api/hosts', body, { key })).json, first.json);
  problem(await api(w.chief, 'POST', '/api/hosts', { ...body, host: ownName() }, { key }), 409, 'idempotency-key-reused');
});

test('two tenants claim one name: the one whose proof is there gets it, and the other learns nothing', async () => {
  const host = ownName();
  const mine = (await add(host)).json;
  const theirs = await api(other.chief, 'POST', '/api/hosts', { portal: other.portal.town, host });
  assert.equal(theirs.status, 201);
  assert.equal(theirs.json.state, 'waiting');
  assert.notEqual(theirs.json.record.value, mine.record.value);
  problem(await get(host, '/api/me', { servername: 'localhost' }), 404, 'host');
  await found(host, theirs.json.record.value.slice('sportello='.length));
  const page = await get(host, '/', { servername: 'localhost' });
  assert.ok(page.text.includes(`Town portal ${other.mark}`));
  assert.ok(!page.text.includes(w.mark));
  const state = async (session) => (await api(session, 'GET', '/api/hosts')).json.hosts.find((h) => h.host === host).state;
  assert.deepEqual([await state(w.chief), await state(other.chief)], ['waiting', 'on']);
  // Somebody signed in at the one is nobody at the other.
  problem(await at('/api/me', { host }), 401);
});

// ---- being there -------------------------------------------------------------------

test('T3: a proven host is the portal: pages, signing in, cookies of this host alone', async () => {
  const home = await at('/', { session: null });
  assert.equal(home.status, 200);
  assert.ok(home.text.includes(`Town portal ${w.mark}`));
  for (const path of ['/en/kb', '/status', '/sign-in', '/forgot', '/register', '/admin/hosts', '/me']) {
    assert.equal((await at(path, { session: w.chief })).status, 200, path);
  }
  const answer = await request(own.host, 'POST', '/sign-in', { servername: 'localhost', address: anyAddress(),
    headers: { Origin: originOf(own.host), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: w.people.member.email, password, to: '/kb' }).toString() });
  assert.equal(answer.status, 303);
  const [cookie] = answer.headers['set-cookie'];
  assert.match(cookie, /^__Host-sid=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
  assert.equal((await at('/api/me', { session: { cookie: cookie.split(';')[0] } })).json.email, w.people.member.email);
});

test('T1: any case, a dot behind: one host; a port is nobody\'s business', async () => {
  for (const name of [own.host.toUpperCase(), `${own.host}.`]) {
    const answer = await request('localhost', 'GET', '/', { headers: { Host: `${name}:${port.https}` }, servername: 'localhost' });
    assert.equal(answer.status, 200, name);
  }
  for (const name of [`x.${own.host}`, own.host.slice(1), `${own.host}.example`]) {
    assert.equal((await request('localhost', 'GET', '/', { headers: { Host: name }, servername: 'localhost' })).status, 404, name);
  }
});

// ---- tickets elsewhere ---------------------------------------------------------------

const rows = [...readFileSync(`${root}/fcgi/routes.c`, 'utf8').matchAll(/^\t\{ (GET|POST|PATCH|DELETE),\s*"([^"]+)",\s*(\w+),.*\},$/gm)]
  .map(([line, method, path, who]) => ({ method, path, who, tickets: line.includes('TICKETS') }));

test('every row about tickets says so', () => {
  const about = rows.filter((r) => /^\/(api\/)?(t|tickets|inbox|queue|agent|agents|support|accounts|grants)(\/|$)/.test(r.path));
  assert.ok(about.length > 30);
  assert.deepEqual(about.filter((r) => !r.tickets).map((r) => `${r.method} ${r.path}`), []);
});

test('T4: where no tickets are used, every way to them leads to the same page of the canonical host', async () => {
  for (const row of rows.filter((r) => r.tickets)) {
    const path = row.path.replace(':status', 'new').replace(':role', 'agent').replace(/:\w+/g, String(number)).replace(/\/(search|found|views|merging|hears|as|history|kb\/accounts|versions\/\d+)$/, '$&?q=x&place=tickets&into=1&act=replied&portal=1&language=en');
    for (const session of [w.member, null]) {
      const answer = await at(path, { session, method: row.method, headers: { Origin: originOf(own.host), 'Idempotency-Key': newKey(), 
          ...(row.path.startsWith('/api/files') && { 'Tus-Resumable': '1.0.0', 'Upload-Length': '1', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }) },
        body: row.method === 'GET' ? undefined : row.path.startsWith('/api/') ? {} : '' });
      // What is not even understood is not looked at.
      if (row.path.startsWith('/api/') && answer.status === 422) assert.notEqual(row.method, 'GET');
      // nginx asks who may, before it takes a file in: what it is told it says in its own words.
      else if (row.path === '/api/kb/imports' && row.method === 'POST') assert.equal(answer.status, session ? 403 : 401);
      else if (row.path.startsWith('/api/')) problem(answer, 403, 'elsewhere');
      else assert.deepEqual([answer.status, answer.headers.location], [303, `/elsewhere?to=${path}`], `${row.method} ${path}`);
    }
  }
  const answer = await at('/tickets?status=open&q=a%26b');
  assert.equal(answer.headers.location, '/elsewhere?to=/tickets%3Fstatus%3Dopen%26q%3Da%2526b');
  const page = await at(answer.headers.location);
  const target = `https://${canonical()}:${port.https}/arrive?from=${own.host}&amp;to=/tickets%3Fstatus%3Dopen%26q%3Da%2526b&amp;signed=1`;
  assert.ok(page.text.includes(`content="0;url=${target}"`), page.text);
  assert.ok(page.text.includes(`href="${target}"`));
});

test('and shows none of them: home, menus, lists', async () => {
  const home = await at('/');
  assert.ok(!home.text.includes(`Boiler ${w.mark}`));
  assert.ok(home.text.includes(canonical()));
  assert.ok(!home.text.includes('contact-town@people.example'));
  assert.ok((await get(canonical(), '/', { cookie: w.member.cookie })).text.includes(`Boiler ${w.mark}`));
  // An agent of the tenant is none at the desk's own host.
  const desk = await ownHost(w.tenant, w.portal.desk);
  problem(await at('/api/queue', { session: w.agent, host: desk.host }), 403, 'elsewhere');
  assert.equal((await at('/agent', { session: w.agent, host: desk.host })).headers.location, '/elsewhere?to=/agent');
});

// ---- staying signed in -----------------------------------------------------------------

// A browser with a jar a host, that follows redirects and the page that leads
// elsewhere. Gives where it ended, and every step's URL.
function browser(jars = {}) {
  const get1 = async (url, form) => {
    const { hostname, pathname, search } = new URL(url);
    const jar = (jars[hostname] ??= {});
    const answer = await request(hostname, form ? 'POST' : 'GET', pathname + search, { servername: 'localhost',
      cookie: Object.entries(jar).map(([k, v]) => `${k}=${v}`).join('; '),
      ...(form ? { headers: { Origin: originOf(hostname), 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form).toString() } : {}) });
    for (const line of answer.headers['set-cookie'] ?? []) {
      assert.ok(!/domain=/i.test(line), `host-only: ${line}`);
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) jar[name] = value; else delete jar[name];
    }
    return answer;
  };
  async function follow(url, answer = null) {
    const steps = [];
    for (let i = 0; i < 12; i++) {
      steps.push(url);
      answer = i || !answer ? await get1(url) : answer;
      const next = answer.headers.location ?? /http-equiv="refresh" content="0;url=([^"]+)"/.exec(answer.text)?.[1].replaceAll('&amp;', '&');
      if (!next) return { answer, steps, url };
      url = new URL(next, url).href;
    }
    throw new Error(`no end: ${steps.join('\n')}`);
  }
  return { jars, open: (url) => follow(url), send: async (url, form) => follow(url, await get1(url, form)) };
}
const sid = (session) => ({ '__Host-sid': session.cookie.split('=')[1] });
const site = (host, path = '/') => `https://${host}:${port.https}${path}`;

test('T4: who is signed in stays so on the way to the canonical host, and reads why', async () => {
  const b = browser({ [own.host]: sid(await makeSession(w, 'member', { host: own.host })) });
  const { answer, url, steps } = await b.open(site(own.host, `/t/${number}`));
  assert.equal(url, site(canonical(), `/t/${number}`));
  assert.equal(answer.status, 200);
  assert.ok(answer.text.includes(`Boiler ${w.mark}`));
  assert.match(answer.text, new RegExp(`<aside[^>]*>.*You come from ${own.host}`, 's'));
  assert.equal(steps.length, 6);
  assert.ok(b.jars[canonical()]['__Host-sid']);
  assert.notEqual(b.jars[canonical()]['__Host-sid'], b.jars[own.host]['__Host-sid']);
  // Said once.
  assert.ok(!(await b.open(site(canonical(), '/tickets'))).answer.text.includes('You come from'));
  // The next time there is nothing to hand over.
  const again = await b.open(site(own.host, '/tickets/new'));
  assert.ok(!again.steps.some((u) => u.includes('/hand-over')));
  assert.equal(again.answer.status, 200);
});

// The page that asks before somebody goes to a customer's own host signed in:
// what its button sends, and where its link leads.
function asked(text) {
  const ours = text.slice(text.indexOf('action="/hand-over"'));
  const field = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(ours)[1];
  return { form: Object.fromEntries(['at', 'proof', 'to'].map((name) => [name, field(name)])),
    without: /href="(https:[^"]+\/arrive[^"]+)"/.exec(text)[1].replaceAll('&amp;', '&') };
}

test('and back, by the link in that notice, once one has said so', async () => {
  const b = browser({ [canonical()]: sid(await makeSession(w, 'member')) });
  const { answer, url } = await b.open(site(canonical(), `/elsewhere?host=${own.host}&to=/me`));
  assert.equal(new URL(url).pathname, '/hand-over');
  assert.ok(answer.text.includes(own.host) && answer.text.includes(w.people.member.email));
  assert.ok(!/token=|http-equiv/.test(answer.text));
  const { form } = asked(answer.text);
  const there = await b.send(site(canonical(), '/hand-over'), form);
  assert.equal(there.url, site(own.host, '/me'));
  assert.equal(there.answer.status, 200);
  assert.ok(there.answer.text.includes(w.people.member.email));
  assert.ok(!there.answer.text.includes('You come from'));
});

test('or without being signed in there', async () => {
  const b = browser({ [canonical()]: sid(await makeSession(w, 'member')) });
  const { answer } = await b.open(site(canonical(), `/elsewhere?host=${own.host}&to=/kb`));
  const there = await b.open(asked(answer.text).without);
  assert.equal(there.url, site(own.host, '/en/kb'));
  assert.ok(!await isIn(b, own.host));
});

test('P8: the language that was chosen goes along, both ways, signed in or not, and changes none that was chosen there', async () => {
  const lang = async (from, path, jars) => {
    const b = browser(jars);
    const { answer, url } = await b.open(site(from, path));
    return { b, answer, at: new URL(url).hostname, says: /<html[^>]* lang="([^"]+)"/.exec(answer.text)[1] };
  };
  const there = await lang(own.host, '/tickets/new', { [own.host]: { lang: 'sv' } });
  assert.deepEqual([there.at, there.says, there.b.jars[canonical()].lang], [canonical(), 'sv', 'sv']);
  const back = await lang(canonical(), `/elsewhere?host=${own.host}&to=/kb`, { [canonical()]: { lang: 'ja' } });
  assert.deepEqual([back.at, back.says], [own.host, 'ja']);
  const signed = await lang(own.host, `/t/${number}`, { [own.host]: { ...sid(await makeSession(w, 'member', { host: own.host })), lang: 'it' } });
  assert.deepEqual([signed.at, signed.says, signed.answer.status], [canonical(), 'it', 200]);
  const kept = await lang(own.host, '/tickets/new', { [own.host]: { lang: 'sv' }, [canonical()]: { lang: 'de' } });
  assert.deepEqual([kept.says, kept.b.jars[canonical()].lang], ['de', 'de']);
  const none = await lang(own.host, '/tickets/new');
  assert.deepEqual([none.says, none.b.jars[canonical()].lang], ['en', undefined], 'what the browser asks for is no choice');
  for (const [from, tag] of [['nowhere.example', 'sv'], [own.host, 'xx'], [own.host, 'sv%0d%0aX:y']]) {
    const { headers } = await get(canonical(), `/arrive?from=${from}&to=/&lang=${tag}`);
    assert.ok(!(headers['set-cookie'] ?? []).some((line) => line.startsWith('lang=')), `${from} ${tag}`);
  }
});

test('nobody is handed over to a host whose name is not ours by a link, a form elsewhere or an empty yes', async () => {
  const session = await makeSession(w, 'member');
  const proof = 'p'.repeat(43);
  const made = () => psql('postgres', `select count(*) from app.one_time where tenant_id = ${w.tenant} and kind = 'hand_over'`);
  const before = await made();
  const link = await get(canonical(), `/hand-over?at=${own.host}&proof=${proof}&to=/me`, { cookie: session.cookie });
  assert.equal(link.status, 200);
  const post = (form, headers = {}) => request(canonical(), 'POST', '/hand-over', { cookie: session.cookie,
    headers: { Origin: originOf(canonical()), 'Content-Type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(form).toString() });
  const form = { at: own.host, proof, to: '/me' };
  assert.equal((await post(form, { Origin: originOf(own.host) })).status, 403);
  assert.equal((await post(form, { Origin: 'null' })).status, 403);
  for (const wrong of [{ ...form, at: 'evil.example' }, { ...form, at: w.host.village }]) assert.equal((await post(wrong)).status, 404);
  for (const wrong of [{ at: own.host }, { ...form, proof: 'short' }, {}]) assert.equal((await post(wrong)).status, 422);
  assert.equal(await made(), before, 'no token is made');
  assert.match((await post(form)).text, new RegExp(`content="0;url=https://${own.host}:\\d+/arrive\\?from=${canonical()}&amp;to=/me&amp;token=\\d+-`));
});

test('a session is good at the host it was made for, however it was made', async () => {
  const { b, url } = await handed();
  await b.open(url);
  const token = b.jars[canonical()]['__Host-sid'];
  assert.equal((await get(canonical(), '/api/me', { cookie: `__Host-sid=${token}`, headers: { 'X-Sportello': '1' } })).status, 200);
  for (const host of [own.host, w.host.school, w.host.village, w.host.desk]) {
    problem(await request(host, 'GET', '/api/me', { servername: 'localhost', cookie: `__Host-sid=${token}`, headers: { 'X-Sportello': '1' } }), 401);
  }
  const signed = await request(w.host.school, 'POST', '/sign-in', { address: anyAddress(), headers: { Origin: originOf(w.host.school), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: w.people.member.email, password, to: '/' }).toString() });
  const cookie = signed.headers['set-cookie'][0].split(';')[0];
  problem(await get(w.host.town, '/api/me', { cookie, headers: { 'X-Sportello': '1' } }), 401);
  assert.equal((await get(w.host.school, '/api/me', { cookie, headers: { 'X-Sportello': '1' } })).status, 200);
});

test('who is not signed in comes to the sign-in page, with the reason', async () => {
  const { answer, url, steps } = await browser().open(site(own.host, '/tickets/new'));
  assert.equal(url, site(canonical(), '/sign-in?to=/tickets/new'));
  assert.ok(answer.text.includes(`You come from ${own.host}`));
  assert.ok(!steps.some((u) => u.includes('/hand-over')));
});

// The URL with the token that a hand-over makes, and the browser it is for.
async function handed(person = 'member', { from = own.host, to = canonical() } = {}) {
  const session = await makeSession(w, person, { host: from });
  const b = browser({ [from]: sid(session) });
  const stop = async (url) => {
    const { hostname, pathname, search } = new URL(url);
    const answer = await request(hostname, 'GET', pathname + search, { servername: 'localhost',
      cookie: Object.entries(b.jars[hostname] ?? {}).map(([k, v]) => `${k}=${v}`).join('; ') });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      (b.jars[hostname] ??= {})[name] = value;
    }
    return answer.headers.location;
  };
  const over = await stop(site(to, `/arrive?from=${from}&to=/me&signed=1`));
  const url = await stop(over);
  assert.match(url, /token=\d+-[\w-]{43}/);
  return { b, url, session };
}
const isIn = async (b, host) => Boolean(b.jars[host]?.['__Host-sid']);

test('T4: a token is good once, at its host, in its browser, for thirty seconds', async () => {
  const good = await handed();
  await good.b.open(good.url);
  assert.ok(await isIn(good.b, canonical()));
  const again = browser({ [canonical()]: { '__Host-arrival': good.b.jars[canonical()]['__Host-arrival'] ?? 'x' } });
  await again.open(good.url);
  assert.ok(!await isIn(again, canonical()), 'a second time');

  // Somebody else who got hold of the address: without the secret in a cookie.
  const stolen = await handed();
  const thief = browser();
  await thief.open(stolen.url);
  assert.ok(!await isIn(thief, canonical()), 'another browser');
  await stolen.b.open(stolen.url);
  assert.ok(!await isIn(stolen.b, canonical()), 'and it is used up');

  const elsewhere = await handed();
  const second = await ownHost(w.tenant, w.portal.town);
  elsewhere.b.jars[second.host] = { '__Host-arrival': elsewhere.b.jars[canonical()]['__Host-arrival'] };
  await elsewhere.b.open(elsewhere.url.replace(`//${canonical()}`, `//${second.host}`));
  assert.ok(!await isIn(elsewhere.b, second.host), 'another host of the portal');

  for (const host of [w.host.school, w.host.village, other.host.town]) {
    const wrong = await handed();
    wrong.b.jars[host] = { '__Host-arrival': wrong.b.jars[canonical()]['__Host-arrival'] };
    await wrong.b.open(wrong.url.replace(`//${canonical()}`, `//${host}`)).catch(() => {});
    assert.ok(!await isIn(wrong.b, host), host);
  }

  const late = await handed();
  await psql('postgres', `update app.one_time set expires_at = now() where tenant_id = ${w.tenant} and kind = 'hand_over' and used_at is null`);
  await late.b.open(late.url);
  assert.ok(!await isIn(late.b, canonical()), 'expired');

  for (const token of ['', 'x', '1-', `1-${'a'.repeat(43)}`, `${'9'.repeat(30)}-${'a'.repeat(43)}`, "'", '%00']) {
    const answer = await get(canonical(), `/arrive?from=${own.host}&to=/me&token=${token}`);
    assert.ok([303, 400, 422].includes(answer.status), `${token}: ${answer.status}`);
    assert.ok(!(answer.headers['set-cookie'] ?? []).some((c) => /sid=./.test(c)));
  }
});

test('what was handed over ends with what it came from', async () => {
  const signedOut = await handed();
  assert.equal((await at('/api/session', { session: signedOut.session, method: 'DELETE', headers: { Origin: originOf(own.host) } })).status, 204);
  await signedOut.b.open(signedOut.url);
  assert.ok(!await isIn(signedOut.b, canonical()), 'signed out in between');

  const { b, url, session } = await handed();
  await b.open(url);
  const there = { cookie: `__Host-sid=${b.jars[canonical()]['__Host-sid']}`, host: canonical() };
  assert.equal((await api(there, 'GET', '/api/me')).status, 200);
  assert.equal((await at('/api/session', { session, method: 'DELETE', headers: { Origin: originOf(own.host) } })).status, 204);
  problem(await api(there, 'GET', '/api/me'), 401);
});

test('it leads nowhere but to hosts of the portal', async () => {
  for (const host of ['evil.example', w.host.village, other.host.town, '', '%0d%0aX:%20y']) {
    assert.ok([200, 404, 422].includes((await at(`/elsewhere?host=${host}&to=/`)).status), host);
    if (host) assert.equal((await at(`/hand-over?at=${host}&proof=${'p'.repeat(43)}&to=/`)).status, 404, host);
    const answer = await get(canonical(), `/arrive?from=${host}&to=/me&signed=1`);
    if (answer.status === 303) assert.equal(answer.headers.location, '/me', host);
    assert.ok(!(answer.headers['set-cookie'] ?? []).some((c) => c.startsWith('__Host-from=')), host);
  }
  for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/%0d%0aX']) {
    const answer = await get(canonical(), `/arrive?from=${own.host}&to=${encodeURIComponent(to)}`);
    assert.ok(['/', '/%0d%0aX'].includes(answer.headers.location), `${to}: ${answer.headers.location}`);
  }
  // A cookie that somebody else has set says nothing.
  const page = await get(canonical(), '/', { cookie: `${w.member.cookie}; __Host-from=<b>evil` });
  assert.ok(!page.text.includes('evil'));
});

// ---- tickets there -----------------------------------------------------------------------

test('T4: the setting is in force for the next request, and mails still lead to the canonical host', async () => {
  assert.equal((await setting('yes')).status, 200);
  const since = Date.now();
  assert.equal((await at(`/api/tickets/${number}`)).json.ticket.title, `Boiler ${w.mark}`);
  const opened = await at('/api/tickets', { method: 'POST', headers: { Origin: originOf(own.host), 'Idempotency-Key': newKey() },
    body: { title: `Here ${w.mark}`, description: 'From my own host.' } });
  assert.equal(opened.status, 201, opened.text);
  assert.ok((await at('/')).text.includes(`Here ${w.mark}`));
  const [mail] = await mails({ to: 'contact-town@people.example', about: `Here ${w.mark}`, since });
  assert.ok(mail.text.includes(`${canonical()}`));
  assert.ok(!mail.text.includes(own.host) && !mail.html.includes(own.host));
  // Nearest wins: the portal does not.
  assert.equal((await setting('no', w.chief, { portal: w.portal.town })).status, 200);
  problem(await at(`/api/tickets/${number}`), 403, 'elsewhere');
  assert.equal((await setting(null, w.chief, { portal: w.portal.town })).status, 200);
  assert.equal((await at(`/api/tickets/${number}`)).status, 200);
  assert.equal((await setting(null)).status, 200);
  problem(await at(`/api/tickets/${number}`), 403, 'elsewhere');
});

// ---- going ---------------------------------------------------------------------------------

test('T3: a removed host leads nowhere from the next request of every worker on', async () => {
  const gone = await ownHost(w.tenant, w.portal.town);
  const ask = () => Promise.all(Array.from({ length: 24 }, () => get(gone.host, '/healthz', { servername: 'localhost' }).then(() => get(gone.host, '/', { servername: 'localhost' }))));
  assert.deepEqual([...new Set((await ask()).map((a) => a.status))], [200]);
  assert.equal((await api(w.chief, 'DELETE', `/api/hosts/${gone.id}`)).status, 204);
  const after = await ask();
  assert.deepEqual([...new Set(after.map((a) => a.status))], [404]);
  assert.ok(!after.some((a) => a.text.includes(w.mark)), 'and names nobody');
  problem(await api(w.chief, 'DELETE', `/api/hosts/${gone.id}`), 404);
});

test('a proof that is gone switches the host off after days, its administrators being told', async () => {
  const since = Date.now();
  const moved = await ownHost(w.tenant, w.portal.town);
  await found(moved.host, '');
  assert.equal((await at('/', { host: moved.host })).status, 200);
  await mails({ to: `chief-${w.mark}@people.example`, about: moved.host, since, count: 2 });
  await psql('postgres', `update app.host_claims set misses = 5, missing_since = now() - interval '4 days' where tenant_id = ${w.tenant} and id = ${moved.id}`);
  await found(moved.host, null);
  assert.equal((await at('/', { host: moved.host })).status, 200);
  await found(moved.host, '');
  assert.equal((await at('/', { host: moved.host })).status, 404);
  const all = await mails({ to: `chief-${w.mark}@people.example`, about: moved.host, since, count: 3 });
  assert.deepEqual(all.map((m) => m.subject), [`${moved.host} leads to your portal`, `The record of ${moved.host} is gone`, `${moved.host} is switched off`]);
  assert.ok(all.every((m) => m.text.includes(`https://${canonical()}:${port.https}/admin/hosts`)));
  const shown = (await api(w.chief, 'GET', '/api/hosts')).json.hosts.find((h) => h.id === moved.id);
  assert.deepEqual([shown.state, shown.found], ['off', 'none']);
  // Another tenant gets it by a proof of its own, and not before.
  const theirs = await claim(other.tenant, other.portal.town, moved.host);
  await found(moved.host, '');
  assert.equal((await at('/', { host: moved.host })).status, 404);
  await found(moved.host, theirs.token);
  await until('it leads to the other one', async () => (await at('/', { host: moved.host })).text.includes(other.mark));
});
