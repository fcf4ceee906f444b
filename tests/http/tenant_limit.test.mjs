// SPDX-License-Identifier: AGPL-3.0-or-later
//
// T9: requests are limited a tenant, however many hosts it has; another one's
// go on meanwhile.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { psql, restartApp, state, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { text } from '../lib/texts.mjs';
import { anyAddress, get, makeWorld } from './world.mjs';

let w, other, kept;
before(async () => {
  [w, other] = [await makeWorld({ only: ['admin'] }), await makeWorld({ only: ['admin'] })];
  kept = readFileSync(`${state}/settings`, 'utf8').split('\n').filter((line) => line.startsWith('env_extra=')).flatMap((line) => ['--env', line.slice('env_extra='.length)]);
  restartApp(...kept, '--rate', '10', '--env', 'SPORTELLO_RELOAD_SECONDS=1');
});
after(() => restartApp(...kept, '--rate', '100000'));

const marks = () => readFileSync(`${state}/certificates/tenants`, 'utf8').split('\n');
const nginx = () => Number(readFileSync(`${state}/run/nginx.number`, 'utf8'));
const nginxWorkers = () => readFileSync(`/proc/${nginx()}/task/${nginx()}/children`, 'utf8').split(' ').filter(Boolean);
// A file, so that nothing but nginx is asked, and without TLS, which would be the limit; from many addresses.
const ask = (host) => get(host, '/answer.css', { scheme: 'http', address: anyAddress() });
const count = (list, status) => list.filter((a) => a.status === status).length;

test('T9: one limit for all hosts of a tenant, which others do not feel', { timeout: 120_000 }, async () => {
  const since = Date.now();
  const hosts = Object.values(w.host);
  await until('its hosts are listed', () => hosts.every((h) => marks().includes(`${h} t${w.tenant};`)));
  // It may be reading it now: once more, and until nobody from before is left.
  const before = nginxWorkers();
  process.kill(nginx(), 'SIGHUP');
  await until('nginx has read the list', () => nginxWorkers().length && !nginxWorkers().some((pid) => before.includes(pid)));
  // At each of its five hosts fewer than one host alone may have at once.
  const many = hosts.flatMap((host) => Array.from({ length: 250 }, () => ask(host)));
  const aside = Array.from({ length: 100 }, () => ask(other.host.town));
  const [theirs, others] = [await Promise.all(many), await Promise.all(aside)];
  assert.ok(count(theirs, 200) >= 400, `${count(theirs, 200)} pass`);
  assert.ok(count(theirs, 429) >= 100, `${count(theirs, 429)} are refused`);
  assert.equal(count(others, 200), 100, 'all of another tenant\'s pass');
  const refused = theirs.find((a) => a.status === 429);
  assert.equal(refused.headers['retry-after'], '60');
  await until('it goes on', async () => (await ask(w.host.town)).status === 200);
  // Its administrators were told; nobody of the other tenant is.
  const [mail] = await mails({ to: w.people.admin.email, since, about: text('en', 'mail.requests_near.subject') });
  assert.ok(mail.text.includes('four fifths'));
  const told = (world) => psql('postgres', `select count(*) from app.events where tenant_id = ${world.tenant} and kind = 'requests.near'`);
  assert.deepEqual([await told(w), await told(other)], ['1', '0']);
});
