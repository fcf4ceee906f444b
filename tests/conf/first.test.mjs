// SPDX-License-Identifier: AGPL-3.0-or-later
//
// T10: from an empty installation to the first customer's ticket, with the command
// line and what the pages send, nothing else.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readMail } from '../../conf/mail.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const dir = `${process.env.TEST_STATE ?? `${root}/build/t`}-first`;
function good(...args) {
  const { status, stdout, stderr } = spawnSync(`${root}/conf/instance`, args, { encoding: 'utf8', env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
  assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}
let port;
function ask(host, method, path, { cookie, form, json } = {}) {
  const body = form ? new URLSearchParams(form).toString() : json ? JSON.stringify(json) : undefined;
  const headers = { Host: `${host}:${port}`, 'X-Sportello': '1', ...(cookie ? { Cookie: cookie } : {}),
    ...(method === 'GET' ? {} : { Origin: `http://${host}:${port}`, 'Idempotency-Key': `first-${Date.now()}`, 'Content-Length': Buffer.byteLength(body),
      'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json' }) };
  return new Promise((resolve, reject) => {
    http.request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => { text += part; })
        .on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text, json: /json/.test(answer.headers['content-type']) ? JSON.parse(text) : null }));
    }).on('error', reject).end(body);
  });
}
// Opens a link as a browser does: its page, then its form. → the new session.
async function accept(host, path, name, password) {
  const page = await ask(host, 'GET', path);
  assert.equal(page.status, 200, page.text.slice(0, 300));
  const done = await ask(host, 'POST', path, { form: { name, password } });
  assert.equal(done.status, 303, done.text.slice(0, 2000));
  const cookie = done.headers['set-cookie'].find((c) => c.startsWith('sid=')).split(';')[0];
  assert.notEqual((await ask(host, 'POST', path, { form: { name, password } })).status, 303, 'it is good once');
  return cookie;
}
async function mailTo(address, about = '') {
  const folder = `${dir}/mail/new`;
  for (let i = 0; i < 200; i++) {
    const mail = readdirSync(folder).map((f) => readMail(readFileSync(`${folder}/${f}`))).find((m) => m.headers['delivered-to'] === address && m.subject.includes(about));
    if (mail) return mail;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no mail to ${address}`);
}

before(() => {
  good('remove', dir);
  good('start', dir, '--quiet', '--empty', '--http', 'auto', '--links', 'http', '--bin', 'build/asan/bin', '--www', 'build/www-test', '--workers', '2,1', '--pg', 'fsync=off');
  port = Number(/^http=(\d+)/m.exec(readFileSync(`${dir}/settings`, 'utf8'))[1]);
});
after(() => good('remove', dir));

test('an empty installation, a tenant, an account, its person, a ticket, an answer', async () => {
  assert.equal(good('sportello', dir, 'tenant', 'list'), '');
  const said = good('sportello', dir, 'tenant', 'create', 'acme', '--name', 'Acme', '--host', 'desk.acme.localhost', '--admin-email', 'ann@acme.example', '--admin-name', 'Ann');
  const link = new URL(/^http:\S+\/invite\/\S+$/m.exec(said)[0]);
  assert.equal(link.host, `desk.acme.localhost:${port}`);
  const ann = await accept('desk.acme.localhost', link.pathname, 'Ann Archer', 'a long enough secret');
  assert.equal((await ask('desk.acme.localhost', 'GET', '/agent/settings', { cookie: ann })).status, 200, 'she is the tenant_admin');

  const account = await ask('desk.acme.localhost', 'POST', '/api/accounts', { cookie: ann,
    json: { name: 'Town', slug: 'town', contacts: ['ann@acme.example'], language: 'en' } });
  assert.equal(account.status, 201, account.text);
  const { id } = account.json;
  // Her invitation's link was printed, so nobody knows yet that the address is hers.
  const asked = await mailTo('ann@acme.example', 'Named as a support contact');
  const yes = new URL(/http:\S+\/confirm\/\S+/.exec(asked.text)[0]);
  assert.equal((await ask(yes.hostname, 'POST', yes.pathname, { form: {} })).status, 200);
  const invited = await ask('desk.acme.localhost', 'POST', '/api/invitations', { cookie: ann, json: { email: 'bea@town.example', role: 'account_admin', account: id } });
  assert.equal(invited.status, 201, invited.text);
  const mail = await mailTo('bea@town.example');
  const way = new URL(new RegExp(`http://town\\.acme\\.localhost:${port}/invite/\\S+`).exec(mail.text)[0]);
  const bea = await accept('town.acme.localhost', way.pathname, 'Bea Brook', 'another long secret');

  const ticket = await ask('town.acme.localhost', 'POST', '/api/tickets', { cookie: bea, json: { title: 'The first one', description: 'It does not start.' } });
  assert.equal(ticket.status, 201, ticket.text);
  assert.equal(ticket.json.number, 1001);
  const queue = await ask('desk.acme.localhost', 'GET', '/api/queue', { cookie: ann });
  assert.deepEqual(queue.json.items.map((t) => t.title), ['The first one']);
  await mailTo('ann@acme.example', 'The first one');
  const answer = await ask('desk.acme.localhost', 'POST', '/api/tickets/1001/comments', { cookie: ann, json: { body: 'Plug it in.' } });
  assert.equal(answer.status, 201, answer.text);
  const seen = await ask('town.acme.localhost', 'GET', '/api/tickets/1001', { cookie: bea });
  assert.match(seen.json.comments.at(-1).html, /Plug it in/);
  assert.match(good('sportello', dir, 'doctor'), /^ok +migrations/m);
});
