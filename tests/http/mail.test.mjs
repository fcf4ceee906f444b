// SPDX-License-Identifier: AGPL-3.0-or-later
//
// From a ticket to a mail in somebody's mailbox: who gets one, in which
// language, how it is made, and what happens when the mail server fails.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { api, get, problem, signIn } from '../lib/http.mjs';
import { logFrom, need, people, port, processes, psql, psqlJson, root, startCatcher, stopCatcher, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { has, said, text } from '../lib/texts.mjs';

const { SMTPServer } = need('smtp-server');

const unique = () => randomBytes(6).toString('hex');

// Who should be mailed about a customer's words at a host, worked out here
// once more: {email: {reason, lang, host}}.
const audience = (host, ticket) => psqlJson('postgres', `
  with here as (
    select po.*, d.id as desk_id, dh.host as desk_host, d.locale as desk_locale
    from app.hosts h
    join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
    join app.portals d on d.tenant_id = h.tenant_id and d.account_id is null
    join app.hosts dh on dh.tenant_id = d.tenant_id and dh.portal_id = d.id and dh.is_canonical
    where h.host = :'host')
  select coalesce(json_object_agg(w.email, json_build_object('lang', coalesce(p.locale, w.locale),
    'fallback', w.locale, 'host', w.host, 'desk', w.desk)), '{}')
  from (
    select distinct on (email) * from (
      select 1 as rank, here.tenant_id, sc.email, here.locale, :'host' as host, false as desk
      from here join app.support_contacts sc on sc.tenant_id = here.tenant_id and sc.account_id = here.account_id
      union all
      select 2, here.tenant_id, p.email, here.locale, :'host', false
      from here join app.tickets t on t.tenant_id = here.tenant_id and t.id = :'ticket'::bigint
      join app.people p on p.tenant_id = t.tenant_id and p.id = t.requester_id
      union all
      select 3, here.tenant_id, p.email, here.desk_locale, here.desk_host, true
      from here join app.tickets t on t.tenant_id = here.tenant_id and t.id = :'ticket'::bigint and t.at_desk
      join app.people p on p.tenant_id = here.tenant_id and p.rank >= 2
        and coalesce(t.assignee_id, p.id) = p.id) c
    order by email, rank) w
  left join app.people p on p.tenant_id = w.tenant_id and p.email = w.email`, { host, ticket });

const deliveries = (host, ticket) => psqlJson('postgres', `
  select coalesce(json_agg(json_build_object('email', d.email, 'state', d.state, 'attempts', d.attempts,
    'answer', d.answer, 'wait', extract(epoch from d.next_try_at - now())) order by d.email), '[]')
  from app.hosts h join app.events e on e.tenant_id = h.tenant_id and e.ticket_id = :'ticket'::bigint
  join app.deliveries d on d.tenant_id = e.tenant_id and d.event_id = e.id
  where h.host = :'host'`, { host, ticket });

async function open(session, title, description = 'A description.') {
  const answer = await api(session, 'POST', '/api/tickets', { title, description });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.number;
}

// What every message must be, whoever wrote what is in it.
function wellFormed(mail) {
  const raw = mail.raw.toString('latin1').replace(/^(Return-Path|Delivered-To): [^\r\n]*\r\n/gm, '');
  assert.doesNotMatch(raw, /[^\x20-\x7e\r\n]/, 'ASCII only');
  assert.doesNotMatch(raw, /[^\r]\n|\r[^\n]/, 'CRLF only');
  assert.ok(raw.split('\r\n').every((line) => line.length <= (line.includes('@') || line.startsWith('List-Unsubscribe: <') ? 250 : 76)), 'lines of at most 76 columns');
  const names = raw.split('\r\n\r\n')[0].split('\r\n').filter((line) => /^\S/.test(line)).map((line) => line.split(':')[0]);
  assert.deepEqual(names.filter((n) => !n.startsWith('List-')), ['From', 'To', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References',
    'Auto-Submitted', 'Content-Language', 'MIME-Version', 'Content-Type']);
  const h = mail.headers;
  assert.match(h.from, / <support@localhost\.localdomain>$/);
  assert.match(h['reply-to'], / <answers@localhost\.localdomain>$/);
  assert.match(h['message-id'], /^<[0-9a-f]{32}@[a-z0-9.-]+>$/);
  assert.match(h.references, /^<[0-9a-f]{32}@[a-z0-9.-]+>$/);
  assert.equal(h['in-reply-to'], h.references);
  assert.equal(h['auto-submitted'], 'auto-generated');
  assert.ok(Math.abs(Date.parse(h.date) - mail.at) < 60_000, h.date);
  assert.ok(mail.text && mail.html, 'two parts');
}

// A customer whose account has support contacts and whose reports enter the
// tenant's queue at once, and an agent of the same tenant.
let member;
let agent;
before(async () => {
  const hosts = await psqlJson('postgres', `select json_agg(h.host) from app.hosts h
    join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
    join app.accounts a on a.tenant_id = po.tenant_id and a.id = po.account_id
    where a.routing = 1 and exists (select from app.support_contacts s
      where s.tenant_id = a.tenant_id and s.account_id = a.id)`);
  const who = people({ role: 'member' }).find((p) => hosts.includes(p.host));
  assert.ok(who, 'the demo has a member at such a portal');
  const [first] = people({ tenant: who.tenant, role: 'agent' });
  member = await signIn(who);
  agent = await signIn(first);
});

test('A4, M1: a new ticket is in every mailbox it concerns within two seconds', async () => {
  const mark = unique();
  const title = `「単元テスト」の採点結果が保存されず、先生の画面にだけ表示されません。とても困っています 🎒 ${mark}`;
  const since = Date.now();
  const number = await open(member, title, `First line\n\n> quoted\n\n.\n\n日本語 **bold** and a [link](https://example.org/a?b=c)\n\n${'long '.repeat(4000)}`);
  const committed = Date.now();
  const who = await audience(member.host, number);
  delete who[member.person.email];
  assert.ok(Object.keys(who).length >= 2, 'the demo has somebody to tell');
  const got = await mails({ count: Object.keys(who).length, since, about: title });
  assert.deepEqual(got.map((m) => m.headers['delivered-to']).sort(), Object.keys(who).sort());
  for (const mail of got) {
    const to = mail.headers['delivered-to'];
    const { lang, fallback, desk } = who[to];
    // A partner's people have a portal of their own.
    const partner = people({ tenant: member.person.tenant, email: to, role: 'partner' })[0];
    const host = partner?.host ?? who[to].host;
    const language = [lang, fallback, 'en'].find(has);
    const url = `https://${host}:${port.https}${desk ? '/agent/t/' : '/t/'}${number}`;
    wellFormed(mail);
    assert.ok(mail.at - committed < 2000, `${to} waited ${mail.at - committed} ms`);
    assert.equal(mail.subject, `[#${number}] ${title}`);
    assert.ok(mail.headers.to.endsWith(`<${to}>`), mail.headers.to);
    assert.equal(mail.headers['content-language'], language, to);
    assert.match(mail.html, new RegExp(`^<!doctype html>\\s*<html [^>]*lang="${language}"`, 'i'));
    const hasLogin = people({ tenant: member.person.tenant, email: to }).length > 0;
    for (const part of [mail.text, mail.html]) {
      assert.equal(part.includes(text(language, 'mail.answer.text')), hasLogin, `${to}: ${language}`);
      assert.ok(part.includes(url), url);
      assert.ok(part.includes(title) && part.includes('日本語'));
      assert.ok(part.includes(member.person.name));
    }
    assert.match(mail.html, /<strong>bold<\/strong>/);
    assert.match(mail.text, /\n\.\n|\n\.\r\n/, 'a line that is only a dot arrives');
  }
  const ids = got.map((m) => m.headers['message-id']);
  assert.equal(new Set(ids).size, ids.length, 'each has an id of its own');
});

test('M1: a mail says whose ticket it is, to an address without a login whom to ask for one, and never a time without its zone', async () => {
  const [place] = await psqlJson('postgres', `select json_agg(json_build_object('host', h.host, 'account', a.name, 'portal', po.name,
      'helper', coalesce(o.name, n.name), 'partner', p.email, 'lang', app.language_of(po.id)))
    from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
    join app.accounts a on a.tenant_id = po.tenant_id and a.id = po.account_id
    join app.accounts o on o.tenant_id = a.tenant_id and o.id = a.partner_id
    join app.tenants n on n.tenant_id = a.tenant_id
    join app.support_contacts s on s.tenant_id = a.tenant_id and s.account_id = a.id
    join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id
    where po.name <> a.name and h.host = any ('{${people({ role: 'member' }).map((p) => p.host).join()}}')`);
  const bare = `bare-${unique()}@example.org`;
  await psql('postgres', `insert into app.support_contacts (tenant_id, account_id, email)
    select po.tenant_id, po.account_id, :'bare' from app.hosts h
    join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id where h.host = :'host'`, { bare, host: place.host });
  after(() => psql('postgres', `delete from app.support_contacts where email = '${bare}'`));
  const customer = await signIn(people({ host: place.host, role: 'member' })[0]);
  const mark = unique();
  const number = await open(customer, `Whose ${mark}`, '# A heading\n\nWords');
  const whose = `${place.account} · ${place.portal}`;
  const [told] = await mails({ to: bare, about: mark });
  const language = told.headers['content-language'];
  const login = said(language, 'mail.answer.login', place);
  const reason = said(language, 'mail.reason.contact', place);
  for (const part of [told.text, told.html]) {
    for (const words of [whose, reason, login, `/t/${number}`, ' UTC']) assert.ok(part.includes(words), words);
    assert.ok(!part.includes(text(language, 'mail.answer.text')) && !part.includes(text(language, 'mail.answer')), 'nothing that it cannot do');
  }
  assert.match(told.html, /\.m-said h1, \.m-said h2 \{[^}]*font-size: 18px/, 'below the title, which has 20px');
  const [partner] = await mails({ to: place.partner, about: mark });
  for (const part of [partner.text, partner.html]) {
    assert.ok(part.includes(whose) && part.includes(text(partner.headers['content-language'], 'mail.answer')));
  }
  // Who opened it knows whose it is.
  const helper = await signIn(people({ tenant: customer.person.tenant, role: 'partner', email: place.partner })[0]);
  assert.equal((await api(helper, 'POST', `/api/tickets/${number}/comments`, { body: `Seen ${mark}` })).status, 201);
  const [own] = await mails({ to: customer.person.email, about: `Seen ${mark}` });
  assert.ok(!own.text.includes(whose) && !own.html.includes(whose));
});

test('M1: a reply threads with it, a note is never mailed, nobody hears from themselves', async () => {
  const mark = unique();
  const number = await open(member, `Thread ${mark}`);
  await mails({ about: `Thread ${mark}` });
  const note = `internal-${unique()}`;
  for (const [kind, body] of [['notes', note], ['comments', 'First answer'], ['notes', `${note} again`], ['comments', 'Second answer']]) {
    assert.equal((await api(agent, 'POST', `/api/tickets/${number}/${kind}`, { body })).status, 201);
  }
  const to = member.person.email;
  const got = await mails({ count: 2, to, about: `Thread ${mark}` });
  assert.equal(got.length, 2);
  assert.ok(got[0].text.includes('First answer') && got[1].text.includes('Second answer'));
  for (const mail of got) {
    wellFormed(mail);
    assert.equal(mail.subject, `Re: [#${number}] Thread ${mark}`);
    assert.ok(mail.text.includes(agent.person.name));
    assert.equal(mail.headers.references, got[0].headers.references, 'one thread');
  }
  assert.notEqual(got[0].headers['message-id'], got[1].headers['message-id']);
  // The customer's answer goes to the desk again, and not to the customer.
  assert.equal((await api(member, 'POST', `/api/tickets/${number}/comments`, { body: `Thanks ${mark}` })).status, 201);
  await mails({ to: agent.person.email, about: `Thanks ${mark}` });
  await until('all deliveries to end', async () => (await deliveries(member.host, number)).every((d) => d.state === 2));
  const all = caught({ about: `Thread ${mark}` });
  assert.ok(!all.some((m) => `${m.text}${m.html}`.includes(note)), 'no mail holds the note');
  assert.equal(all.filter((m) => m.headers['delivered-to'] === to).length, 2);
  assert.ok(!all.some((m) => m.headers['delivered-to'] === agent.person.email && m.text.includes('First answer')));
});

test('nothing that people write ends a header', async () => {
  for (const [title, status] of [['a\r\nBcc: x@example.org', 422], ['a\nb', 422], ['a\rb', 422], ['a\u2028b', 422],
    ['a\u0085b', 422], ['a\u0000b', 400]]) {
    problem(await api(member, 'POST', '/api/tickets', { title, description: 'x' }), status);
  }
  // Whatever comes past the workers is refused by the tables.
  for (const [table, column] of [['people', 'name'], ['looks', 'mail_name'], ['tickets', 'title']]) {
    await assert.rejects(psql('postgres', `update app.${table} set ${column} = e'a\\r\\nBcc: x@example.org'`), /violates check/);
  }
  await assert.rejects(psql('postgres', `update app.support_contacts set email = e'a@b.example>\\r\\nRCPT TO:<c@d.example'`), /violates check/);
  const mark = unique();
  const title = `=?UTF-8?B?${Buffer.from('forged').toString('base64')}?= "x" <y@example.org>, ${mark}`;
  const number = await open(member, title, `Bcc: x@example.org\nSubject: other ${mark}\n\nend`);
  const [mail] = await mails({ to: agent.person.email, about: mark });
  wellFormed(mail);
  assert.equal(mail.subject, `[#${number}] ${title}`);
  assert.equal(mail.headers.bcc, undefined);
});

test('what the mail server says about one recipient concerns that one only', async () => {
  const place = `from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id where h.host = :'host'`;
  const bad = ['refuse-450@example.org', 'refuse-550@example.org'];
  await psql('postgres', `insert into app.support_contacts (tenant_id, account_id, email)
    select po.tenant_id, po.account_id, e.email from (values ('${bad[0]}'), ('${bad[1]}')) e (email), lateral (select po.* ${place}) po
    on conflict do nothing`, { host: member.host });
  after(() => psql('postgres', `delete from app.support_contacts where email like 'refuse-%@example.org'`));
  const mark = unique();
  const number = await open(member, `Refused ${mark}`);
  await mails({ to: agent.person.email, about: mark });
  const ended = await until('every first try', async () => {
    const found = await deliveries(member.host, number);
    return found.length && found.every((d) => d.answer) && found;
  });
  const of = Object.fromEntries(ended.map((d) => [d.email, d]));
  assert.equal(of[bad[0]].state, 1, 'for now: tried again');
  assert.match(of[bad[0]].answer, /^450 /);
  assert.ok(of[bad[0]].wait > 0 && of[bad[0]].wait <= 5);
  assert.equal(of[bad[1]].state, 3, 'for good: given up');
  assert.match(of[bad[1]].answer, /^550 /);
  assert.ok(ended.filter((d) => !bad.includes(d.email)).every((d) => d.state === 2 && /^250 /.test(d.answer)));
  await until('the second try', async () => (await deliveries(member.host, number)).find((d) => d.email === bad[0]).attempts > 1);
});

test('M5: while the mail server is down nothing is lost, and nothing comes twice', async () => {
  const mark = unique();
  const log = logFrom();
  const lines = () => log().filter((line) => line.kind === 'mail');
  await stopCatcher();
  let back = false;
  try {
    const numbers = [];
    for (let i = 0; i < 4; i++) numbers.push(await open(member, `Down ${mark} ${i}`));
    await until('a try in vain', () => lines().some((line) => line.state === 'server down'));
    const waiting = await until('deliveries of all four', async () => {
      const each = await Promise.all(numbers.map((n) => deliveries(member.host, n)));
      return each.every((d) => d.length >= 2) && each.flat();
    });
    assert.ok(waiting.every((d) => d.state === 1));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.ok(lines().length < 10, `no busy loop: ${lines().length} tries`);
    assert.equal(caught({ about: mark }).length, 0);
    await startCatcher();
    back = true;
    const all = await mails({ count: waiting.length, about: `Down ${mark}`, timeout: 30_000 });
    await until('all to be written down', async () => (await Promise.all(numbers.map((n) => deliveries(member.host, n))))
      .flat().every((d) => d.state === 2 && d.attempts === 1));
    assert.equal(caught({ about: `Down ${mark}` }).length, waiting.length);
    assert.equal(new Set(all.map((m) => m.headers['message-id'])).size, waiting.length);
  } finally {
    if (!back) await startCatcher();
  }
});

test('killed jobs are replaced and go on', async () => {
  const mark = unique();
  const before = processes().find((p) => p.args[1] === 'jobs');
  process.kill(before.pid, 'SIGKILL');
  await open(member, `Killed ${mark}`);
  await mails({ to: agent.person.email, about: mark });
  assert.notEqual(processes().find((p) => p.args[1] === 'jobs').pid, before.pid);
});

test('the log of mails names nobody', async () => {
  const log = logFrom();
  await open(member, `Quiet ${unique()}`);
  const [line] = await until('a line', () => {
    const found = log().filter((l) => l.kind === 'mail');
    return found.length && found;
  });
  assert.deepEqual(Object.keys(line), ['t', 'kind', 'delivery', 'state', 'ms']);
  assert.ok(!JSON.stringify(log()).includes('@'));
});

// ---- where the link leads ----------------------------------------------------

// Every mail about a ticket: its link opens for whoever it was written to. Who
// has no account here (a bare address) is led to the ticket's own portal.
async function linksOpen(got, home) {
  const led = {};
  for (const mail of got) {
    const to = mail.headers['delivered-to'];
    const url = new URL(/https:\/\/\S+\/t\/\d+/.exec(mail.text)[0]);
    assert.ok(mail.html.includes(url.href));
    led[to] = url.hostname;
    const who = people({ tenant: home.tenant, email: to })[0];
    if (!who) {
      assert.equal(url.hostname, home.host, to);
      continue;
    }
    const reader = await signIn({ ...who, host: url.hostname });
    assert.equal((await get(url.hostname, url.pathname, { cookie: reader.cookie })).status, 200, `${to} at ${url}`);
    assert.equal((await api(reader, 'GET', `/api/tickets/${url.pathname.split('/').pop()}`)).status, 200, `${to} at ${url}`);
  }
  return led;
}

test('a partner, a contact and an agent are each led to where they may go in', async () => {
  // Accounts that a partner looks after, tenant first and partner first.
  const places = await psqlJson('postgres', `select json_agg(json_build_object('host', h.host, 'routing', a.routing,
      'partners', (select json_agg(json_build_object('email', p.email, 'host', ph.host)) from app.support_contacts s
        join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id
        join app.portals pp on pp.tenant_id = a.tenant_id and pp.account_id = a.partner_id and pp.parent_id is null
        join app.hosts ph on ph.tenant_id = pp.tenant_id and ph.portal_id = pp.id
        where s.tenant_id = a.tenant_id and s.account_id = a.id)))
    from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
    join app.accounts a on a.tenant_id = po.tenant_id and a.id = po.account_id where a.partner_id is not null`);
  for (const routing of [1, 2]) {
    const place = places.find((p) => p.routing === routing && p.partners && people({ host: p.host, role: 'member' }).length);
    assert.ok(place, `the demo has such an account with routing ${routing}`);
    const customer = await signIn(people({ host: place.host, role: 'member' })[0]);
    const title = `Led ${unique()}`;
    const number = await open(customer, title);
    await until('its mails', async () => {
      const found = await deliveries(place.host, number);
      return found.length && found.every((d) => d.state === 2);
    });
    const led = await linksOpen(caught({ about: title }), customer.person);
    for (const { email, host } of place.partners) assert.equal(led[email], host, email);
    assert.equal(Object.keys(led).length > place.partners.length + 1, routing === 1, 'the desk only when it is theirs');
  }
});

test('an agent who writes at a customer\'s portal is a customer there: the desk hears of it', async () => {
  const both = agent.person;
  const others = people({ tenant: both.tenant }).filter((p) => ['agent', 'tenant_admin'].includes(p.role) && p.email !== both.email);
  const membership = (statement) => psql('postgres', `begin;
    select auth.set_context(tenant_id, null, null, null, null, 0::smallint, '{}', false) from app.hosts where host = :'host';
    ${statement};
    commit`, { host: member.host, email: both.email });
  const which = `from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
    join app.people p on p.tenant_id = h.tenant_id and p.email = :'email' where h.host = :'host'`;
  await membership(`insert into app.memberships (tenant_id, person_id, role, account_id)
    select h.tenant_id, p.id, 'main_user', po.account_id ${which};
    insert into app.confirmations (tenant_id, person_id, portal_id, email) select h.tenant_id, p.id, po.id, p.email ${which} on conflict do nothing`);
  try {
    const there = await signIn({ ...both, host: member.host });
    const title = `Both ${unique()}`;
    const number = await open(there, title);
    await mails({ about: title, to: others[0].email });
    assert.equal((await api(there, 'POST', `/api/tickets/${number}/comments`, { body: `As a customer ${title}` })).status, 201);
    await until('its mails', async () => (await deliveries(member.host, number)).every((d) => d.state === 2)
      && caught({ about: `As a customer ${title}` }).length);
    const got = caught({ about: title });
    for (const other of others) assert.equal(got.filter((m) => m.headers['delivered-to'] === other.email).length, 2, other.email);
    assert.ok(!got.some((m) => m.headers['delivered-to'] === both.email), 'not to the author');
    // The same person at the desk writes to the customers.
    const mark = unique();
    const theirs = await open(member, `Desk ${mark}`);
    assert.equal((await api(agent, 'POST', `/api/tickets/${theirs}/comments`, { body: `As an agent ${mark}` })).status, 201);
    await mails({ about: `As an agent ${mark}`, to: member.person.email });
    await until('its mails', async () => (await deliveries(member.host, theirs)).every((d) => d.state === 2));
    assert.ok(!caught({ about: `As an agent ${mark}` }).some((m) => others.some((o) => o.email === m.headers['delivered-to'])));
  } finally {
    await membership(`delete from app.memberships m using (select h.tenant_id, p.id, po.account_id ${which}) w
      where m.tenant_id = w.tenant_id and m.person_id = w.id and m.account_id = w.account_id`);
  }
});

test('a desk that has no host for a moment costs time, not the mail', async () => {
  const canonical = (yes) => psql('postgres', `update app.hosts h set is_canonical = ${yes} from app.portals po
    where po.tenant_id = h.tenant_id and po.id = h.portal_id and po.account_id is null
      and h.tenant_id = (select o.tenant_id from app.hosts o where o.host = :'host')`, { host: member.host });
  const log = logFrom();
  const mark = unique();
  let number;
  await canonical(false);
  try {
    number = await open(member, `Hostless ${mark}`);
    const tried = await until('a try', async () => (await deliveries(member.host, number)).find((d) => d.answer === 'not made: no host for the link'));
    assert.equal(tried.state, 1);
    // On a slow machine it may have been tried more than once meanwhile.
    assert.ok(tried.attempts > 1 || (tried.wait > 0 && tried.wait <= 5), JSON.stringify(tried));
    await until('and is logged', () => log().some((line) => line.kind === 'error' && JSON.stringify(line).includes('no host for the link')));
  } finally {
    await canonical(true);
  }
  await mails({ to: agent.person.email, about: mark });
  await until('the others', async () => (await deliveries(member.host, number)).every((d) => d.state === 2));
});

test('what has had its time is forgotten in batches', async () => {
  await psql('postgres', `insert into app.sessions (tenant_id, person_id, token_hash, expires_at)
      select p.tenant_id, p.id, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), now() - interval '1 day'
      from (select * from app.people limit 1) p, generate_series(1, 6000);
    insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer, created_at)
      select p.tenant_id, p.id, 'tickets', 'old-' || lpad(n::text, 8, '0'), '', '{}', now() - interval '2 days'
      from (select * from app.people limit 1) p, generate_series(1, 6000) n`);
  const swept = [];
  do swept.push(Number(await psql('sportello_jobs', 'select jobs.sweep()'))); while (swept.at(-1) && swept.length < 9);
  assert.deepEqual(swept.slice(0, 2), [5000, 5000]);
  // Something else may have its time just then.
  assert.ok(swept[2] >= 2000 && swept[2] < 5000 && (swept[3] ?? 0) < 5 && swept.at(-1) === 0, swept.join());
  assert.equal(await psql('postgres', `select count(*) from app.idempotency_keys where key like 'old-%'`), '0');
});

// ---- mail servers ------------------------------------------------------------

// One message through the code that jobs send with, by a program of the unit
// tests: { fate, answer }.
const limits = { connect: 5, early: 5, text: 5 };
async function send(url, env = {}, { connect, early, text } = limits) {
  const { stdout } = await promisify(execFile)(`${root}/build/unit/smtp`, ['send', connect, early, text].map(String), {
    env: { PATH: process.env.PATH, SPORTELLO_SMTP_URL: url, SPORTELLO_MAIL_FROM: 'support@example.org', ...env },
  });
  const [, fate, answer] = /^(\S+) (.*)\n$/.exec(stdout);
  return { fate, answer };
}

const servers = [];
// A small mail server: { url, got: [{ secure, user }] of the messages taken }.
async function mailServer(options) {
  const got = [];
  const server = new SMTPServer({
    authOptional: true, disableReverseLookup: true, logger: false,
    onAuth: ({ username, password }, session, done) => (password === 'right' ? done(null, { user: username })
      : done(Object.assign(new Error('no'), { responseCode: 535 }))),
    onData(stream, session, done) {
      stream.on('data', () => {});
      stream.on('end', () => {
        got.push({ secure: session.secure, user: session.user });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { got, url: `${options.secure ? 'smtps' : 'smtp'}://localhost:${server.server.address().port}` };
}

let pki;
before(() => {
  execFileSync('make', ['--no-print-directory', 'build/unit/smtp'], { cwd: root, stdio: 'ignore' });
  pki = mkdtempSync(join(tmpdir(), 'mail-'));
  for (const [name, subject] of [['right', 'localhost'], ['wrong', 'localhost'], ['other', 'elsewhere.example']]) {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', `/CN=${subject}`, '-addext', `subjectAltName=DNS:${subject}`,
      '-keyout', join(pki, `${name}.key`), '-out', join(pki, `${name}.pem`)], { stdio: 'ignore' });
  }
});
after(() => {
  for (const server of servers) server.close();
  rmSync(pki, { recursive: true, force: true });
});
const identity = (name) => ({ key: readFileSync(join(pki, `${name}.key`)), cert: readFileSync(join(pki, `${name}.pem`)) });
const authority = (name) => ({ SPORTELLO_SMTP_CA: join(pki, `${name}.pem`) });

test('TLS to the mail server is what the setting says', async () => {
  const tls = await mailServer({ ...identity('right') });
  const named = await mailServer({ ...identity('other') });
  const plain = await mailServer({ disabledCommands: ['STARTTLS'] });
  const wrapped = await mailServer({ ...identity('right'), secure: true });
  const cases = [
    // [server, setting, authority, what becomes of it, over TLS]
    [tls, 'never', 'right', 'sent', false],
    [tls, 'try', 'right', 'sent', true],
    [tls, 'try', '', 'sent', true],
    [tls, 'try', 'wrong', 'down'],
    [plain, 'try', 'right', 'sent', false],
    [tls, 'always', 'right', 'sent', true],
    [tls, 'always', 'wrong', 'down'],
    [tls, 'always', '', 'down'],
    [named, 'always', 'other', 'down'],
    [plain, 'always', 'right', 'down'],
    [wrapped, 'never', 'right', 'sent', true],
    [wrapped, 'never', 'wrong', 'down'],
  ];
  for (const [server, setting, ca, fate, secure] of cases) {
    server.got.length = 0;
    const result = await send(server.url, { SPORTELLO_SMTP_TLS: setting, ...(ca ? authority(ca) : {}) });
    const which = `${server.url} ${setting} ${ca}: ${result.answer}`;
    assert.equal(result.fate, fate, which);
    assert.deepEqual(server.got.map((m) => m.secure), fate === 'sent' ? [secure] : [], which);
  }
});

test('a password is sent over TLS only; a refused one gives up no mail', async () => {
  const tls = await mailServer({ ...identity('right'), authOptional: false });
  const offered = [];
  const plain = await mailServer({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true,
    onAuth: (auth, session, done) => { offered.push(auth); done(null, { user: auth.username }); } });
  const as = (password, setting) => ({ SPORTELLO_SMTP_USER: 'sportello', SPORTELLO_SMTP_PASSWORD: password,
    SPORTELLO_SMTP_TLS: setting, ...authority('right') });
  for (const setting of ['try', 'always']) {
    assert.equal((await send(tls.url, as('right', setting))).fate, 'sent');
    const { fate, answer } = await send(tls.url, as('wrong', setting));
    assert.equal(fate, 'down');
    assert.match(answer, /^535 /);
    assert.equal((await send(plain.url, as('right', setting))).fate, 'down');
  }
  assert.deepEqual(tls.got, [{ secure: true, user: 'sportello' }, { secure: true, user: 'sportello' }]);
  assert.deepEqual(offered, [], 'nothing in clear');
  // Without its user the server wants one: that is about us, too.
  assert.equal((await send(tls.url, { SPORTELLO_SMTP_TLS: 'always', ...authority('right') })).fate, 'down');
});

test('a server that takes its time over the text is waited for, and each try counts', async () => {
  const dataAnswered = (ms, answer) => ({ disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      stream.resume();
      stream.on('end', () => setTimeout(() => answer(done), ms));
    } });
  const never = { SPORTELLO_SMTP_TLS: 'never' };
  const short = { connect: 1, early: 1, text: 4 };
  const late = await mailServer(dataAnswered(2500, (done) => done()));
  const later = await mailServer(dataAnswered(9000, (done) => done()));
  const refusing = await mailServer(dataAnswered(0, (done) => done(Object.assign(new Error('busy'), { responseCode: 421 }))));
  const [inTime, over, busy] = await Promise.all([send(late.url, never, short),
    send(later.url, never, { ...short, text: 2 }), send(refusing.url, never, short)]);
  assert.equal(inTime.fate, 'sent', inTime.answer);
  assert.deepEqual(over, { fate: 'later', answer: 'no answer in time' });
  assert.equal(busy.fate, 'later', busy.answer);
});

test('a server that is silent or goes away: before the text it is down, behind it the mail waits', async () => {
  // Says its lines one for each that it hears; null hangs up, undefined is silent.
  const scripted = (lines) => new Promise((resolve) => {
    const server = createServer((socket) => {
      const rest = [...lines];
      const next = () => {
        const line = rest.shift();
        if (line === null) socket.destroy();
        else if (line) socket.write(`${line}\r\n`);
      };
      let text = '';
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        text += bytes;
        // Behind 354 comes the message, which ends with a dot.
        if (lines[lines.length - rest.length - 1]?.startsWith('354') && !text.endsWith('\r\n.\r\n')) return;
        if (text.endsWith('\r\n')) {
          text = '';
          next();
        }
      });
      next();
    });
    servers.push(server);
    server.listen(0, '127.0.0.1', () => resolve(`smtp://localhost:${server.address().port}`));
  });
  const hello = ['220 here', '250 here', '250 sender', '250 recipient', '354 go on'];
  const short = { connect: 1, early: 1, text: 2 };
  const cases = [
    [0, undefined, 'down'], [1, undefined, 'down'], [2, undefined, 'down'], [4, undefined, 'later'], [5, undefined, 'later'],
    [0, null, 'down'], [1, null, 'down'], [4, null, 'later'], [5, null, 'later'],
  ];
  const results = await Promise.all(cases.map(async ([said, end]) => {
    const url = await scripted([...hello.slice(0, said), end]);
    const from = Date.now();
    return { ...await send(url, { SPORTELLO_SMTP_TLS: 'never' }, short), ms: Date.now() - from };
  }));
  cases.forEach(([said, end, fate], i) => {
    assert.equal(results[i].fate, fate, `${said} lines, then ${end === null ? 'gone' : 'silent'}: ${results[i].answer}`);
    assert.ok(results[i].ms < 8000, `${results[i].ms} ms`);
  });
});
