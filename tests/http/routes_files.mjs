// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about files. As routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';
import { begin, bring, metadata } from '../lib/files.mjs';
import { api } from './world.mjs';

const open = '401 200 200 200 200 200 200 200 401 401 404 - 200';
const safe = (status) => open.replaceAll('200', status);
const unsafe = (status) => open.replaceAll('200', status).replace('-', '403');
export const expected = {
  'OPTIONS /api/files': safe('204'),
  'GET /api/files': open,
  'POST /api/files': unsafe('201'),
  'GET /api/files/:id': open,
  'PATCH /api/files/:id': unsafe('204'),
  'DELETE /api/files/:id': unsafe('204'),
  'GET /api/tickets/:number/files/:id': '401 200 200 200 404 404 200 200 401 401 404 - 200',
};
export const ends = [];

export const found = {
  'OPTIONS /api/files': (a) => assert.equal(a.headers['tus-max-size'], String(100e6)),
  'GET /api/files': (a) => assert.equal(a.json.limits.count, 10),
  'POST /api/files': (a) => assert.match(a.headers.location, /^\/api\/files\/\d+$/),
  'GET /api/files/:id': (a) => assert.deepEqual([a.json.name, a.headers['upload-offset']], ['own.txt', '0']),
  'PATCH /api/files/:id': (a) => assert.equal(a.headers['upload-offset'], '3'),
  'DELETE /api/files/:id': (a) => assert.equal(a.text, ''),
  'GET /api/tickets/:number/files/:id': (a) => assert.equal(a.text, 'valve'),
};

// One of whoever asks; of the strangers, nobody's.
const own = async (w, host, session) => ({ id: session ? (await begin(session, 'own.txt', 3)).json?.id ?? 1 : 1 });
let sent;
// One with the member's answer, which they see who see the ticket.
async function attached(w) {
  sent ??= (async () => {
    const id = await bring(w.member, 'a.txt', Buffer.from('valve'));
    const number = await psql('postgres', `select id from app.tickets where tenant_id = ${w.tenant} and requester_id = ${w.people.member.id} order by id limit 1`);
    const answer = await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'With it.', files: [id] });
    assert.equal(answer.status, 201, answer.text);
    return id;
  })();
  return { id: await sent };
}
const speaks = { 'Tus-Resumable': '1.0.0' };
export const made = {
  'POST /api/files': async () => ({ headers: { ...speaks, 'Upload-Length': '3', 'Upload-Metadata': metadata('a.txt') } }),
  'GET /api/files/:id': own,
  'PATCH /api/files/:id': async (...who) => ({ ...await own(...who), body: Buffer.from('abc'),
    headers: { ...speaks, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' } }),
  'DELETE /api/files/:id': async (...who) => ({ ...await own(...who), headers: speaks }),
  'GET /api/tickets/:number/files/:id': attached,
};
