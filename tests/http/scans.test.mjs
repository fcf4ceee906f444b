// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files through a virus scanner: nobody gets one before it was looked at, what is
// refused is gone and its owner told, and while the scanner is away files wait.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { clamd } from '../lib/clamd.mjs';
import { bring } from '../lib/files.mjs';
import { problem } from '../lib/http.mjs';
import { logFrom, psql, restartApp, state, until } from '../lib/instance.mjs';
import { listen } from '../lib/listen.mjs';
import { mails } from '../lib/mails.mjs';
import { api, makeWorld } from './world.mjs';

const kept = readFileSync(`${state}/settings`, 'utf8').split('\n').filter((line) => line.startsWith('env_extra=')).flatMap((line) => ['--env', line.slice('env_extra='.length)]);
let w, scanner;
const ears = [];
before(async () => {
  w = await makeWorld({ only: ['member', 'main', 'agent'] });
  scanner = await clamd((file) => (file.includes('EVIL') ? 'stream: Test.Evil FOUND' : file.includes('HUGE') ? 'INSTREAM size limit exceeded. ERROR'
    : file.includes('DUMB') ? null : file.includes('BOMB') ? '' : 'stream: OK'));
  restartApp(...kept, '--env', `SPORTELLO_CLAMD=127.0.0.1:${scanner.port}`, '--env', 'SPORTELLO_SCAN_SECONDS=4');
});
after(async () => {
  ears.forEach((ear) => ear.close());
  await scanner.close();
  restartApp(...kept);
});

const send = async (name, bytes) => {
  const id = await bring(w.member, name, bytes);
  const answer = await api(w.member, 'POST', '/api/tickets', { title: `Scan ${w.mark}`, description: 'x', files: [id] });
  assert.equal(answer.status, 201, answer.text);
  return { id, number: answer.json.number };
};
const stateOf = async (f, who = 'member') => (await api(w[who], 'GET', `/api/tickets/${f.number}`)).json.files[0].state;
const fetch = (f, who = 'member') => api(w[who], 'GET', `/api/tickets/${f.number}/files/${f.id}`);

test('N6: a file is there once the scanner has seen all of it', async () => {
  const bytes = randomBytes(600_000);
  const f = await send('clean.bin', bytes);
  await until('it is ready', async () => await stateOf(f) === 'ready');
  assert.ok(scanner.files.some((file) => file.equals(bytes)));
  assert.ok((await fetch(f)).body.equals(bytes));
});

test('N6: what it refuses is gone, its owner is told by name, agents see it', async () => {
  const since = Date.now();
  const ear = await listen(w.main);
  ears.push(ear);
  const f = await send('evil.txt', Buffer.from('this is EVIL'));
  await until('it is refused', async () => await stateOf(f) === 'refused');
  assert.equal(await stateOf(f, 'agent'), 'refused');
  for (const who of ['member', 'agent']) problem(await fetch(f, who), 403, 'file-refused');
  assert.equal(await psql('postgres', `select count(*) from app.file_chunks where file_id = ${f.id}`), '0');
  assert.equal(await psql('postgres', `select data->'args'->>'file' from app.events where tenant_id = ${w.tenant} and kind = 'file.refused'`), 'evil.txt');
  const [mail] = await mails({ to: w.people.member.email, since, about: 'refused' });
  assert.match(mail.text, /evil\.txt[^]*\/t\/\d+/);
  await until('open pages hear of it', () => ear.hints.filter((h) => h.ticket === f.number).length >= 2);
});

test('N6: while the scanner is away files wait, the doctor says so, and they go on when it is back', async () => {
  const { port } = scanner;
  await scanner.close();
  const log = logFrom();
  const f = await send('waits.txt', Buffer.from('patience'));
  assert.equal(await stateOf(f), 'checking');
  problem(await fetch(f), 409, 'file-checking');
  await until('it was tried', async () => Number(await psql('postgres', `select scans from app.files where id = ${f.id}`)) > 1);
  assert.equal(log().filter((line) => line.what === 'the virus scanner is away').length, 1);
  const doctor = () => new Promise((done) => { execFile(`${state}/app/bin/sportello`, ['doctor'], { env: { SPORTELLO_CLAMD: `127.0.0.1:${port}`, SPORTELLO_RUN: `${state}/run` } }, (e, out) => done(out)); });
  assert.match(await doctor(), /fail +scanner/);
  scanner = await clamd(scanner.say, port);
  await until('it goes on', async () => await stateOf(f) === 'ready', 90_000);
  assert.match(await doctor(), /ok +scanner/);
});

test('N6: what the scanner will not look at is nobody\'s', async () => {
  const f = await send('huge.txt', Buffer.from('HUGE'));
  await until('it was tried', () => scanner.files.some((file) => file.includes('HUGE')));
  assert.equal(await stateOf(f), 'checking');
  problem(await fetch(f), 409, 'file-checking');
});

test('N6: what the scanner says nothing of is tried again later and later, and holds up nobody else', async () => {
  const log = logFrom();
  const given = (what) => scanner.files.filter((file) => file.includes(what)).length;
  for (const [name, what] of [['dumb.txt', 'DUMB'], ['bomb.txt', 'BOMB']]) {
    const f = await send(name, Buffer.from(what));
    const row = (wanted) => psql('postgres', `select ${wanted} from app.files where id = ${f.id}`);
    // In hand it is nobody else's for longer than it can take.
    if (what === 'DUMB') await until('it is in hand', async () => await row("scan_at > now() + interval '4 hours'") === 't');
    const other = await send('other.txt', Buffer.from('beside'));
    await until('others go on', async () => await stateOf(other) === 'ready');
    await until('its second time', () => given(what) === 2);
    await until('it is put off for longer', async () => await row("scans = 2 and scan_at > now() + interval '10 seconds'") === 't');
    assert.equal(await stateOf(f), 'checking');
  }
  assert.deepEqual([...new Set(log().map((line) => line.what).filter((s) => s?.startsWith('the virus')))], ['the virus scanner did not look at a file']);
});
