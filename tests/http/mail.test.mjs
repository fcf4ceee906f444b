// SPDX-License-Identifier: AGPL-3.0-or-later
//
// From a ticket to a mail in somebody's mailbox: who gets one, in which
// language, how it is made, and what happens when the mail server fails.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { api, problem, signIn } from '../lib/http.mjs';
import { logFrom, people, port, processes, psql, psqlJson, startCatcher, stopCatcher, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';

const answerHere = { en: 'Answer here', it: 'Rispondi qui', ja: '回答する' };
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
  assert.ok(raw.split('\r\n').every((line) => line.length <= (line.includes('@') ? 250 : 76)), 'lines of at most 76 columns');
  const names = raw.split('\r\n\r\n')[0].split('\r\n').filter((line) => /^\S/.test(line)).map((line) => line.split(':')[0]);
  assert.deepEqual(names, ['From', 'To', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References',
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

test('a new ticket is in every mailbox it concerns within two seconds', async () => {
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
    const { lang, fallback, host, desk } = who[to];
    const language = [lang, fallback, 'en'].find((l) => answerHere[l]);
    const url = `https://${host}:${port.https}${desk ? '/agent/t/' : '/t/'}${number}`;
    wellFormed(mail);
    assert.ok(mail.at - committed < 2000, `${to} waited ${mail.at - committed} ms`);
    assert.equal(mail.subject, `[#${number}] ${title}`);
    assert.ok(mail.headers.to.endsWith(`<${to}>`), mail.headers.to);
    assert.equal(mail.headers['content-language'], language, to);
    assert.match(mail.html, new RegExp(`^<!doctype html>\\s*<html [^>]*lang="${language}"`, 'i'));
    for (const part of [mail.text, mail.html]) {
      assert.ok(part.includes(answerHere[language]), `${to}: ${language}`);
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

test('a reply threads with it, a note is never mailed, nobody hears from themselves', async () => {
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
  for (const [table, column] of [['people', 'name'], ['portals', 'mail_name'], ['tickets', 'title']]) {
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
  await until('the second try', async () => (await deliveries(member.host, number)).find((d) => d.email === bad[0]).attempts > 1, 8000);
});

test('while the mail server is down nothing is lost, and nothing comes twice', async () => {
  const mark = unique();
  const log = logFrom();
  const lines = () => log().filter((line) => line.kind === 'mail');
  await stopCatcher();
  let back = false;
  try {
    const numbers = [];
    for (let i = 0; i < 4; i++) numbers.push(await open(member, `Down ${mark} ${i}`));
    await until('a try in vain', () => lines().some((line) => line.state === 'server down'));
    const waiting = (await Promise.all(numbers.map((n) => deliveries(member.host, n)))).flat();
    assert.ok(waiting.length >= 8 && waiting.every((d) => d.state === 1));
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
  await mails({ to: agent.person.email, about: mark, timeout: 10_000 });
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
