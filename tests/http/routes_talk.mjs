// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about who has to do with a ticket. As
// routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';
import { inTenant } from './routes_people.mjs';

//            out mem main part pupil vill agent admin alien stray lost forged chief
const seen = '401 200 200 200 404 404 200 200 401 401 404 - 200';
const does = '401 200 200 200 404 404 200 200 401 401 404 403 200';
const closes = '401 201 201 403 404 404 403 403 401 401 404 403 201';
const sorts = (status) => `401 403 403 403 403 403 ${status} ${status} 401 401 404 403 403`;
export const expected = {
  'GET /api/search': '401 200 200 200 200 200 200 200 401 401 404 - 200',
  // Whoever has the link, and whatever program sends it.
  'GET /mute/:token': '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'POST /mute/:token': '200 200 200 200 200 200 200 200 200 200 404 200 200',
  'GET /api/drafts': '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'GET /api/drafts/:place': '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'PATCH /api/drafts/:place': '401 200 200 200 200 200 200 200 401 401 404 403 200',
  'DELETE /api/drafts/:place': '401 204 204 204 204 204 204 204 401 401 404 403 204',
  'GET /api/tickets/:number/people': seen,
  'GET /api/tickets/:number/history': seen,
  'GET /api/tickets/:number/files': seen,
  'GET /api/tickets/:number/losing': seen,
  'GET /api/tickets/:number/readers': seen,
  'GET /api/tickets/:number/mentionable': seen,
  'PATCH /api/tickets/:number/following': does,
  'DELETE /api/tickets/:number/people/:person': does,
  'DELETE /api/tickets/:number/followers/:person': does,
  'POST /api/tickets/:number/pending/:id/again': '401 403 403 403 404 404 403 403 401 401 404 403 201',
  'DELETE /api/tickets/:number/pending/:id': does,
  // Of a ticket that all of Town sees: the pupil too.
  'POST /api/tickets/:number/accounts': '401 201 201 403 201 404 403 403 401 401 404 403 201',
  'DELETE /api/tickets/:number/accounts/:account': does,
  'POST /api/tickets/:number/closing': closes,
  'POST /api/tickets/:number/reopening': closes,
  'POST /api/tickets/:number/rating': closes,
  'POST /api/tickets/:number/split': sorts('201'),
  'GET /api/tickets/:number/merging': sorts('200').replace(/403 403$/, '- 403'),
  'POST /api/tickets/:number/merging': sorts('201'),
};

export const found = {
  'GET /api/search': (a, who) => {
    assert.equal(a.json.items.some((i) => i.title.startsWith('Boiler ')), ['member', 'main', 'partner', 'agent', 'admin', 'chief'].includes(who));
    assert.ok(a.json.count >= a.json.items.length && !a.json.more && !('at' in (a.json.items[0] ?? {})));
  },
  'GET /mute/:token': (a) => assert.match(a.text, /type="submit"/),
  'POST /mute/:token': (a) => assert.match(a.text, /role="status"/),
  // Everybody's own alone.
  'GET /api/drafts': (a, who, s) => assert.ok(Array.isArray(a.json.items) && a.json.items.length <= 1 && s),
  'GET /api/drafts/:place': (a, who, s) => assert.ok(a.json.draft === null || a.json.draft.body.body === `Of ${who}` && s),
  'DELETE /api/drafts/:place': (a) => assert.equal(a.text, ''),
  'PATCH /api/drafts/:place': (a) => assert.ok(a.json.version > 0 || a.json.draft.version > 0),
  'GET /api/tickets/:number/files': (a) => assert.ok(Array.isArray(a.json.files)),
  'GET /api/tickets/:number/history': (a) => assert.ok(Array.isArray(a.json.lines)),
  'GET /api/tickets/:number/people': (a, who) => {
    assert.deepEqual(a.json.lists.followers.filter((f) => f.level === 'none'), []);
    // What an account's support contacts are is its own business, and its partner's.
    assert.equal(a.json.contacts.length > 0, who !== 'agent');
  },
  'GET /api/tickets/:number/losing': (a) => assert.deepEqual([a.json.count, a.json.me], [0, false]),
  'GET /api/tickets/:number/readers': (a, who) => {
    const sides = new Set(a.json.items.map((i) => i.side));
    const mine = { partner: 'partner', agent: 'desk', admin: 'desk' }[who] ?? 'account';
    assert.ok(sides.has(mine), [...sides].join());
    assert.deepEqual(new Set(a.json.others.map((o) => o.side)), new Set(['account', 'desk', 'partner'].filter((s) => s !== mine)));
  },
  'GET /api/tickets/:number/mentionable': (a, who, s) => assert.ok(a.json.items.length && a.json.items.every((i) => i.id !== s.person.id)),
  'PATCH /api/tickets/:number/following': (a) => assert.equal(a.json.mine, 'replies'),
  'DELETE /api/tickets/:number/people/:person': (a, who, s) => assert.ok(a.json.shared.length === 1 && s),
  'POST /api/tickets/:number/pending/:id/again': (a) => assert.ok(a.json.pending.length),
  'DELETE /api/tickets/:number/pending/:id': (a) => assert.ok(Array.isArray(a.json.pending)),
  'DELETE /api/tickets/:number/followers/:person': (a) => assert.ok(Array.isArray(a.json.followers)),
  'POST /api/tickets/:number/accounts': (a) => assert.equal(typeof a.json.account.name, 'string'),
  'POST /api/tickets/:number/closing': (a) => assert.equal(a.json.status, 'closed'),
  'POST /api/tickets/:number/reopening': (a) => assert.equal(a.json.status, 'in_progress'),
  'POST /api/tickets/:number/rating': (a) => assert.equal(a.json.score, 4),
  'POST /api/tickets/:number/split': (a) => assert.ok(a.json.number > 0),
  'GET /api/tickets/:number/merging': (a) => assert.deepEqual(a.json.gain, []),
  'POST /api/tickets/:number/merging': (a) => assert.ok(a.json.number > 0),
  'DELETE /api/tickets/:number/accounts/:account': (a) => assert.equal(a.json.account, null),
};

export const inPath = (path) => path.replace(':place', 'new.ticket');

// A link is its portal's.
const muting = async (w, host) => ({ id: (await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false) \\g /dev/null
  select auth.mute_token(h.portal_id, t.id, t.requester_id) from app.hosts h, app.tickets t where h.host = '${host}' and t.tenant_id = ${w.tenant} order by t.id limit 1; commit`)).trim() });
// Somebody asked to join the ticket that all these are about.
const asked = async (w) => ({ id: Number(await inTenant(w, `with i as (insert into app.invitations (tenant_id, email, role, account_id, portal_id, invited_by, expires_at)
    values (${w.tenant}, 'q' || app.new_id() || '@people.example', 'member', ${w.id.town}, ${w.portal.town}, ${w.people.chief.id}, now() + interval '1 day') returning id)
  insert into app.pending_shares (tenant_id, ticket_id, invitation_id, added_by)
    select ${w.tenant}, min(t.id), i.id, ${w.people.member.id} from app.tickets t, i where t.tenant_id = ${w.tenant} and t.title = 'Boiler ${w.mark}' group by i.id
    returning invitation_id`)) });
export const made = {
  'GET /api/search': async (w) => ({ query: `?q=${w.mark}` }),
  'GET /mute/:token': muting, 'POST /mute/:token': muting,
  'POST /api/tickets/:number/pending/:id/again': asked,
  'DELETE /api/tickets/:number/pending/:id': asked,
  'PATCH /api/drafts/:place': async () => ({ json: { draft: { body: 'Begun', key: 'key-of-a-draft' } } }),
  'GET /api/tickets/:number/losing': async (w) => ({ query: `?person=${w.people.second.id}` }),
  'PATCH /api/tickets/:number/following': async () => ({ json: { level: 'replies' } }),
  'POST /api/tickets/:number/accounts': async (w) => ({ json: { account: w.id.town } }),
  'POST /api/tickets/:number/closing': async () => ({ json: {} }),
  'POST /api/tickets/:number/reopening': async () => ({ json: {} }),
  'POST /api/tickets/:number/split': async (w) => ({ json: { title: 'One of two', comments: [w.said] } }),
  'GET /api/tickets/:number/merging': async (w) => ({ query: `?into=${w.kept}` }),
  'POST /api/tickets/:number/merging': async (w) => ({ json: { into: w.kept, people: [] } }),
  'POST /api/tickets/:number/rating': async () => ({ json: { score: 4, words: 'It drips no more.' } }),
};
// Who asks about a ticket of their own, and how that is made ready.
const solved = (w, number, api) => api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'solved' });
const another = async (w, number, api) => {
  const kept = await api(w.member, 'POST', '/api/tickets', { title: 'The one that stays', description: 'x' });
  w.kept = kept.json.number;
  return kept;
};
const read = async (w, number, api) => {
  const page = await api(w.agent, 'GET', `/api/tickets/${number}`);
  w.said = page.json.comments[0].id;
  return page;
};
export const own = {
  'POST /api/tickets/:number/accounts': (w, number, api) => api(w.member, 'POST', `/api/tickets/${number}/accounts`, { account: w.id.town }),
  'POST /api/tickets/:number/closing': solved,
  'POST /api/tickets/:number/reopening': solved,
  'POST /api/tickets/:number/rating': solved,
  'POST /api/tickets/:number/split': read,
  'GET /api/tickets/:number/merging': another,
  'POST /api/tickets/:number/merging': another,
};
