// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Every row of fcgi/routes.c × who asks. The rows are read from the file: one
// that is not in `expected` fails. Each cell is a status; a success must hold
// what it is for, a refusal must be a problem, and nobody ever gets a word of
// another tenant.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { newKey, originOf, problem } from '../lib/http.mjs';
import { psql, root, until } from '../lib/instance.mjs';
import { png } from '../lib/pictures.mjs';
import * as early from './routes_before.mjs';
import * as status from './routes_status.mjs';
import * as calendars from './routes_calendars.mjs';
import * as factors from './routes_factors.mjs';
import * as files from './routes_files.mjs';
import * as forms from './routes_forms.mjs';
import * as hosts from './routes_hosts.mjs';
import * as kb from './routes_kb.mjs';
import * as levels from './routes_levels.mjs';
import * as live from './routes_live.mjs';
import * as people from './routes_people.mjs';
import * as desk from './routes_desk.mjs';
import * as bulk from './routes_bulk.mjs';
import * as lists from './routes_lists.mjs';
import * as rules from './routes_rules.mjs';
import * as reports from './routes_reports.mjs';
import * as statuses from './routes_statuses.mjs';
import * as talk from './routes_talk.mjs';
import * as teams from './routes_teams.mjs';
import { anyAddress, api, makeSession, makeSessions, makeWorld, newMark, password, request, sessionAt } from './world.mjs';

// The columns. Where a portal does not say otherwise, at their own:
//   out       nobody, at Town's portal     pupil, villager  may not see the ticket
//   member    who opened the ticket        alien  the other tenant's main user, at Town's portal
//   main, partner, agent, admin, chief     stray  Town's member at Village's portal
//   lost      nobody, at an unknown host   forged the member, from another site (unsafe methods only)
const columns = ['out', 'member', 'main', 'partner', 'pupil', 'villager', 'agent', 'admin', 'alien', 'stray', 'lost', 'forged', 'chief'];

const expected = {
  ...people.expected,
  ...hosts.expected,
  ...files.expected,
  ...factors.expected,
  ...early.expected,
  ...status.expected,
  ...kb.expected,
  ...calendars.expected,
  ...forms.expected,
  ...talk.expected,
  ...live.expected,
  ...lists.expected,
  ...desk.expected,
  ...bulk.expected,
  ...statuses.expected,
  ...rules.expected,
  ...levels.expected,
  ...teams.expected,
  ...reports.expected,
  //                               out mem main part pupil vill agent admin alien stray lost forged chief
  'GET /healthz':                 '200 200 200 200 200 200 200 200 200 200 200 - 200',
  'GET /readyz':                  '200 200 200 200 200 200 200 200 200 200 200 - 200',
  'GET /theme/:name':             '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'GET /picture/:name':           '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'GET /':                        '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'GET /sign-in':                 '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'POST /sign-in':                '303 303 303 303 303 303 303 303 303 401 404 403 303',
  'POST /preferences':            '303 303 303 303 303 303 303 303 303 303 303 403 303',
  'POST /sign-out':               '303 303 303 303 303 303 303 303 303 303 404 403 303',
  'GET /api/session':             '401 204 204 204 204 204 204 204 401 401 401 - 204',
  'DELETE /api/session':          '401 204 204 204 204 204 204 204 401 401 404 403 204',
  'GET /tickets':                 '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'GET /tickets/new':             '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'GET /t/:number':               '303 200 200 200 404 404 200 200 303 303 404 - 200',
  'GET /api/tickets':             '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'POST /api/tickets':            '401 201 201 201 201 201 403 403 401 401 404 403 201',
  'GET /api/tickets/:number':     '401 200 200 200 404 404 200 200 401 401 404 - 200',
  'GET /api/tickets/:number/comments':  '401 200 200 200 404 404 200 200 401 401 404 - 200',
  'POST /api/tickets/:number/comments': '401 201 201 201 404 404 201 201 401 401 404 403 201',
  'GET /api/live':                '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'GET /api/colleagues':          '401 200 200 200 200 200 403 403 401 401 404 - 200',
  'POST /api/tickets/:number/people': '401 201 201 403 404 404 403 403 401 401 404 403 201',
  'GET /admin/settings':          '303 403 403 403 403 403 403 200 303 303 404 - 200',
  'GET /admin/portals':           '303 403 403 403 403 403 403 403 303 303 404 - 200',
  'GET /api/settings':            '401 403 403 403 403 403 403 200 401 401 404 - 200',
  'PATCH /api/settings':          '401 403 403 403 403 403 403 200 401 401 404 403 200',
  'GET /api/portals':             '401 403 403 403 403 403 403 403 401 401 404 - 200',
  'POST /api/portals':            '401 403 403 403 403 403 403 403 401 401 404 403 201',
  'PATCH /api/portals/:portal':   '401 404 404 404 404 404 404 404 401 401 404 403 200',
  'GET /agent/admin':             '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /agent/settings':          '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'POST /api/tickets/:number/escalation': '401 403 403 201 404 404 403 403 401 401 404 403 403',
  'GET /inbox':                   '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'GET /api/inbox':               '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'GET /accounts':                '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'GET /accounts/new':            '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'GET /accounts/:id':            '303 404 404 200 404 404 404 200 303 303 404 - 404',
  'GET /api/accounts':            '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'POST /api/accounts':           '401 403 403 201 403 403 403 201 401 401 404 403 403',
  'GET /api/accounts/where':      '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'GET /api/accounts/:id':        '401 404 404 200 404 404 404 200 401 401 404 - 404',
  'PATCH /api/accounts/:id':      '401 404 404 200 404 404 404 200 401 401 404 403 404',
  'POST /api/accounts/:id/contacts': '401 403 403 201 403 403 403 201 401 401 404 403 403',
  'POST /api/accounts/:id/contacts/again': '401 403 403 201 403 403 403 201 401 401 404 403 403',
  'GET /admin/contacts':          '303 404 404 404 404 404 404 404 303 303 404 - 200',
  'GET /api/contacts':            '401 404 404 404 404 404 404 404 401 401 404 - 200',
  'GET /api/contacts/found':      '401 403 403 200 403 403 403 200 401 401 404 - 403',
  'GET /admin/branding':          '303 403 403 403 403 403 403 200 303 303 404 - 200',
  'GET /agent/branding':          '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/look':                '401 403 403 403 403 403 403 200 401 401 404 - 200',
  'PATCH /api/look':              '401 403 403 403 403 403 403 200 401 401 404 403 200',
  'POST /api/pictures':           '401 403 403 403 403 403 403 201 401 401 404 403 201',
  'GET /portal/identifiers':      '303 200 200 200 200 200 404 404 303 303 404 - 200',
  'GET /api/identifiers':         '401 200 200 200 200 200 404 404 401 401 404 - 200',
  'POST /api/preview':            '401 200 200 200 200 200 200 200 401 401 404 403 200',
  'GET /.well-known/sportello-grants.json': '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'POST /api/grants/:id/tokens':  '401 403 403 403 403 403 201 201 401 401 404 403 403',
  'GET /agent/webhook':           '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/webhook':             '401 403 403 403 403 403 403 200 401 401 404 - 403',
  'PATCH /api/webhook':           '401 403 403 403 403 403 403 204 401 401 404 403 403',
  'POST /api/webhook/tests':      '401 403 403 403 403 403 403 204 401 401 404 403 403',
  'GET /enter/:entry':            '410 410 410 410 410 410 410 410 410 410 404 - 410',
  'GET /admin/access':            '303 403 403 403 403 403 403 403 303 303 404 - 200',
  'GET /api/access':              '401 403 403 403 403 403 403 403 401 401 404 - 200',
  'GET /api/access/log':          '401 403 403 403 403 403 403 403 401 401 404 - 200',
  'POST /api/access/grants':      '401 403 403 403 403 403 403 403 401 401 404 403 201',
  'PATCH /api/access/grants/:id':  '401 404 404 404 404 404 404 404 401 401 404 403 200',
  'DELETE /api/access/grants/:id': '401 404 404 404 404 404 404 404 401 401 404 403 204',
  'POST /api/access/requests/:id/approval': '401 404 404 404 404 404 404 404 401 401 404 403 201',
  'POST /api/access/requests/:id/refusal':  '401 404 404 404 404 404 404 404 401 401 404 403 204',
  'GET /agent/access':            '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/grants':              '401 403 403 403 403 403 200 200 401 401 404 - 403',
  'POST /api/grants/:id/entries': '401 403 403 403 403 403 201 201 401 401 404 403 403',
  'GET /api/tickets/:number/access': '401 403 403 403 403 403 200 200 401 401 404 - 403',
  'POST /api/tickets/:number/access-requests': '401 403 403 403 403 403 201 201 401 401 404 403 403',
  'DELETE /api/access-requests/:id': '401 403 403 403 403 403 204 404 401 401 404 403 403',
  'GET /agent':                   '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /agent/accounts':          '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /agent/accounts/new':      '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /agent/accounts/:id':      '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /agent/t/:number':         '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/queue':               '401 403 403 403 403 403 200 200 401 401 404 - 403',
  'GET /api/agents':              '401 403 403 403 403 403 200 200 401 401 404 - 403',
  'PATCH /api/tickets/:number':   '401 403 403 403 403 403 200 200 401 401 404 403 403',
  'POST /api/tickets/:number/notes': '401 403 403 403 403 403 201 201 401 401 404 403 403',
};

const form = 'application/x-www-form-urlencoded';
const html = (answer) => assert.match(answer.headers['content-type'], /^text\/html; charset=utf-8/);
const has = (...words) => (answer) => words.forEach((word) => assert.ok(answer.text.includes(word), `no ${word} in ${answer.text.slice(0, 400)}`));
const boot = (answer) => {
  html(answer);
  return JSON.parse(/<script[^>]*id="boot"[^>]*>([^<]*)</.exec(answer.text)[1]);
};

let w, other, number, foreign, ids, picture;
const title = () => `Boiler ${w.mark}`;
const comment = () => `valve ${w.mark}`;
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const note = () => `secretly ${w.mark}`;

// A success: what was sent, and what must be in the answer.
const sent = {
  'POST /sign-in': (s) => ({ form: { email: s?.person.email ?? 'member@people.example', password, to: '/tickets' } }),
  'POST /preferences': () => ({ form: { theme: 'dark', to: '/tickets' } }),
  'POST /sign-out': () => ({ form: {} }),
  'POST /api/tickets': () => ({ json: { title: `Another ${w.mark}`, description: 'It drips.' } }),
  'POST /api/tickets/:number/comments': () => ({ json: { body: 'Still *drips*.' } }),
  'POST /api/tickets/:number/people': () => ({ json: { cc: [w.people.second.email] } }),
  'POST /api/tickets/:number/escalation': () => ({ json: {} }),
  'POST /api/accounts': () => ({ json: { name: `Hamlet ${w.mark}`, slug: `hamlet-${newMark()}`, contacts: ['help@hamlet.example'] } }),
  'PATCH /api/accounts/:id': () => ({ json: { routing: 'tenant' } }),
  'POST /api/accounts/:id/contacts': () => ({ json: { add: ['more@town.example'], remove: [] } }),
  'POST /api/accounts/:id/contacts/again': () => ({ json: { email: 'waits@town.example' } }),
  'PATCH /api/look': () => ({ json: { mail_name: `Helpers of ${w.mark}` } }),
  'POST /api/pictures': () => ({ json: png(30, 20) }),
  'POST /api/preview': () => ({ json: { body: 'A **bold** word.' } }),
  'PATCH /api/settings': () => ({ json: { name: 'registration', value: 'closed' } }),
  'POST /api/portals': () => ({ json: { parent: w.portal.town, name: `Branch ${w.mark}`, slug: `branch-${w.mark}`, language: 'sv' } }),
  'PATCH /api/portals/:portal': () => ({ json: { name: `School ${w.mark} north` } }),
  'PATCH /api/tickets/:number': () => ({ json: { priority: 'high' } }),
  'POST /api/access/grants': () => ({ json: { scope: 'all', ends_at: tomorrow(), reason: 'x' } }),
  'PATCH /api/webhook': () => ({ json: { url: 'https://127.0.0.1/', is_on: true } }),
  'PATCH /api/access/grants/:id': () => ({ json: { scope: 'all' } }),
  'POST /api/access/requests/:id/approval': () => ({ json: { scope: 'all', ends_at: tomorrow() } }),
  'POST /api/tickets/:number/access-requests': () => ({ json: { scope: 'all', reason: 'May I look?', days: 1 } }),
  'POST /api/tickets/:number/notes': () => ({ json: { body: note() } }),
};
const sees = new Set(['member', 'main', 'partner', 'chief']); // of the ticket, in their list
const looksAfter = new Set(['partner', 'admin']); // of accounts
const staff = new Set(['agent', 'admin']);
const found = {
  ...people.found,
  ...hosts.found,
  ...files.found,
  ...factors.found,
  ...early.found,
  ...status.found,
  ...kb.found(() => w),
  ...calendars.found,
  ...forms.found,
  ...talk.found,
  ...live.found,
  ...lists.found(() => w, sees),
  ...desk.found(() => w),
  ...bulk.found,
  ...teams.found(),
  ...statuses.found,
  ...rules.found,
  ...levels.found(() => w),
  ...reports.found(),
  'GET /healthz': has('alive'),
  'GET /readyz': has('ready'),
  'GET /theme/:name': (a) => {
    assert.match(a.headers['content-type'], /^text\/css/);
    has('--brand:#2f5d50')(a);
  },
  'GET /picture/:name': (a) => assert.equal(a.headers['content-type'], 'image/png'),
  'GET /': (a) => (html(a), has(`portal ${w.mark}`.slice(7))(a)),
  'GET /sign-in': (a) => (html(a), has('name="password"')(a)),
  'POST /sign-in': (a) => {
    assert.equal(a.headers.location, '/tickets');
    assert.match(a.headers['set-cookie'][0], /^__Host-sid=[\w-]{43};/);
  },
  'POST /preferences': (a) => {
    assert.equal(a.headers.location, '/tickets');
    assert.match(a.headers['set-cookie'][0], /^theme=dark;/);
  },
  'POST /sign-out': (a) => assert.equal(a.headers.location, '/'),
  'GET /api/session': (a, who, s) => assert.deepEqual([a.headers['x-sportello-person'], a.text], [String(s.person.id), '']),
  'DELETE /api/session': (a) => assert.match(a.headers['set-cookie'][0], /^__Host-sid=; Path=\/; Max-Age=0/),
  'GET /tickets': (a, who, s) => {
    const b = boot(a);
    assert.equal(b.me.email, s.person.email);
    assert.equal(b.route.items.some((t) => t.title === title()), sees.has(who));
  },
  'GET /tickets/new': (a, who, s) => assert.equal(boot(a).me.name, s.person.name),
  'GET /t/:number': (a) => assert.equal(boot(a).route.ticket.title, title()),
  'GET /api/tickets': (a, who) => assert.equal(a.json.items.some((t) => t.title === title()), sees.has(who)),
  'POST /api/tickets': (a) => {
    assert.ok(a.json.number > 1000);
    assert.equal(a.headers.location, `/api/tickets/${a.json.number}`);
  },
  'GET /api/tickets/:number': (a, who) => {
    assert.equal(a.json.ticket.title, title());
    assert.equal(a.json.ticket.can.note, staff.has(who));
  },
  'GET /api/tickets/:number/comments': (a) => assert.match(a.json.comments[0].html, new RegExp(comment())),
  'POST /api/tickets/:number/comments': (a, who, s) => {
    assert.equal(a.json.comment.author, s.person.id);
    assert.equal(a.json.comment.internal, false);
    assert.match(a.json.comment.html, /<em>drips<\/em>/);
  },
  'GET /api/live': (a) => assert.match(a.headers['content-type'], /^text.event-stream/),
  'GET /api/colleagues': (a) => assert.ok(Array.isArray(a.json.items)),
  'POST /api/tickets/:number/people': (a) => assert.deepEqual(new Set(a.json.shared), new Set([w.people.member.id, w.people.second.id])),
  'GET /admin/settings': (a) => assert.ok(boot(a).route.settings.length > 5),
  'GET /agent/admin': (a) => assert.match(a.text, /href="\/agent\/calendars"/),
  'GET /agent/settings': (a) => assert.equal(boot(a).route.scopes.name, `Tenant ${w.mark}`),
  'GET /admin/portals': (a) => assert.ok(boot(a).route.portals.some((p) => p.host === w.host.school)),
  'GET /api/settings': (a, who) => assert.equal(a.json.scopes.name, `${who === 'chief' ? 'Town' : 'Tenant'} ${w.mark}`),
  'PATCH /api/settings': (a) => assert.deepEqual(a.json.settings.find((s) => s.name === 'registration'),
    { ...a.json.settings.find((s) => s.name === 'registration'), value: 'closed', own: true }),
  'GET /api/portals': (a) => assert.ok(a.json.portals.some((p) => p.host === w.host.school)),
  'POST /api/portals': (a) => assert.ok(a.json.id > 0),
  'PATCH /api/portals/:portal': (a) => assert.equal(a.json.name, `School ${w.mark} north`),
  'POST /api/tickets/:number/escalation': (a) => assert.equal(a.json.with, `Tenant ${w.mark}`),
  'GET /inbox': (a, who) => assert.equal(boot(a).route.items.some((t) => t.title === title()), who === 'partner'),
  'GET /api/inbox': (a, who) => assert.equal(a.json.items.some((t) => t.title === title()), who === 'partner'),
  'GET /accounts': (a, who) => assert.equal(boot(a).route.items.some((i) => i.id === w.id.town), looksAfter.has(who)),
  'GET /accounts/new': (a, who, s) => assert.equal(boot(a).me.name, s.person.name),
  'GET /accounts/:id': (a) => assert.equal(boot(a).route.account.id, w.id.town),
  'GET /api/accounts': (a, who) => {
    assert.equal(a.json.items.some((i) => i.id === w.id.town), looksAfter.has(who));
    assert.equal(a.json.can.make, looksAfter.has(who));
  },
  'POST /api/accounts': (a) => assert.match(a.json.host, /^hamlet-\w+\.localhost$/),
  'GET /api/accounts/where': (a) => assert.equal(a.json.domain, 'localhost'),
  'GET /api/accounts/:id': (a) => assert.ok(a.json.contacts.length && a.json.portals.some((p) => p.host === w.host.town)),
  'PATCH /api/accounts/:id': (a) => assert.equal(a.json.id, w.id.town),
  'POST /api/accounts/:id/contacts': (a) => assert.ok(a.json.contacts.some((c) => c.email === 'more@town.example')),
  'POST /api/accounts/:id/contacts/again': (a) => assert.equal(a.json.contacts.find((c) => c.email === 'waits@town.example').mail, 'sending'),
  'GET /admin/contacts': (a) => assert.equal(boot(a).route.can.edit, false),
  'GET /api/contacts': (a) => assert.ok(a.json.contacts.length),
  'GET /api/contacts/found': (a) => assert.deepEqual(a.json.items.map((i) => i.name), [`Partner ${w.mark}`]),
  'GET /admin/branding': (a) => assert.equal(boot(a).route.can, true),
  'GET /agent/branding': (a) => assert.equal(boot(a).route.scopes.name, `Tenant ${w.mark}`),
  'GET /api/look': (a) => assert.equal(a.json.at, null),
  'PATCH /api/look': (a) => assert.equal(a.json.own.mail_name, `Helpers of ${w.mark}`),
  'POST /api/pictures': (a) => assert.deepEqual([a.json.width, a.json.height], [30, 20]),
  'GET /portal/identifiers': (a, who, s) => assert.equal(boot(a).route.portal.host, s.host),
  'GET /api/identifiers': (a, who, s) => assert.equal(a.json.portal.host, s.host),
  'POST /api/preview': (a) => assert.match(a.json.html, /<strong>bold<\/strong>/),
  'GET /.well-known/sportello-grants.json': (a) => assert.ok(Array.isArray(a.json.keys)),
  'POST /api/grants/:id/tokens': (a) => assert.match(a.json.token, /^[\w-]+\.[\w-]+\.[\w-]{86}$/),
  'GET /agent/webhook': (a) => assert.equal(boot(a).route.webhook, null),
  'GET /api/webhook': (a) => assert.deepEqual(a.json.deliveries, []),
  'PATCH /api/webhook': (a) => assert.equal(a.text, ''),
  'POST /api/webhook/tests': (a) => assert.equal(a.text, ''),
  'GET /enter/:entry': () => assert.fail('nobody has such a link'),
  'PATCH /api/access/grants/:id': (a) => assert.equal(a.json.portals, null),
  'DELETE /api/access/grants/:id': (a) => assert.equal(a.text, ''),
  'POST /api/access/requests/:id/approval': (a) => assert.equal(a.json.reason, `May I ${w.mark}`),
  'POST /api/access/requests/:id/refusal': (a) => assert.equal(a.text, ''),
  'POST /api/grants/:id/entries': (a) => assert.match(a.json.url, new RegExp(`^https://town-${w.mark}\\.localhost:\\d+/enter/\\d+-[\\w-]{43}$`)),
  'DELETE /api/access-requests/:id': (a) => assert.equal(a.text, ''),
  'GET /admin/access': (a) => assert.equal(boot(a).route.account, `Town ${w.mark}`),
  'GET /api/access': (a) => assert.equal(a.json.portals.length, 3),
  'GET /api/access/log': (a) => assert.ok(Array.isArray(a.json.items)),
  'POST /api/access/grants': (a) => assert.equal(a.json.portals, null),
  'GET /agent/access': (a) => assert.ok(Array.isArray(boot(a).route.grants)),
  'GET /api/grants': (a) => assert.ok(Array.isArray(a.json.grants)),
  'GET /api/tickets/:number/access': (a) => assert.equal(typeof a.json.portal.name, 'string'),
  'POST /api/tickets/:number/access-requests': (a) => assert.equal(a.json.state, 'open'),
  'GET /agent': (a) => assert.ok(boot(a).route.items.some((t) => t.title === title())),
  'GET /agent/accounts': (a) => assert.ok(boot(a).route.items.some((i) => i.id === w.id.town)),
  'GET /agent/accounts/new': (a, who, s) => assert.equal(boot(a).me.name, s.person.name),
  'GET /agent/accounts/:id': (a) => assert.equal(boot(a).route.account.can.name_staff, true),
  'GET /agent/t/:number': (a) => assert.equal(boot(a).route.ticket.title, title()),
  'GET /api/queue': (a) => assert.ok(a.json.items.some((t) => t.title === title() && t.desk_updated_at)),
  'GET /api/agents': (a) => assert.deepEqual(a.json.items.map((p) => p.name).filter((n) => !n.startsWith('New')).sort(), [`Admin ${w.mark}`, `Agent ${w.mark}`]),
  'PATCH /api/tickets/:number': (a) => assert.equal(a.json.ticket.priority, 'high'),
  'POST /api/tickets/:number/notes': (a) => assert.equal(a.json.comment.internal, true),
};

const source = readFileSync(`${root}/fcgi/routes.c`, 'utf8');
const rows = [...source.matchAll(/^\t\{ (GET|POST|PATCH|DELETE|OPTIONS),\s*"([^"]+)",\s*(ANYONE|CUSTOMER|AGENT|ADMIN),/gm)]
  .map(([, method, path, who]) => ({ method, path, who, name: `${method} ${path}` }));

before(async () => {
  [w, other] = [await makeWorld(), await makeWorld()];
  await Promise.all([w, other].map(forms.prepare));
  await Promise.all([w, other].map(early.prepare));
  await Promise.all([w, other].map(status.prepare));
  await Promise.all([w, other].map(kb.prepare));
  await Promise.all([w, other].map(calendars.prepare));
  await Promise.all([w, other].map(statuses.prepare));
  await Promise.all([w, other].map(rules.prepare));
  const open = async (world, session) => (await api(session, 'POST', '/api/tickets',
    { title: `Boiler ${world.mark}`, description: `valve ${world.mark}` })).json.number;
  // The same number in both tenants.
  number = await open(w, w.member);
  foreign = await open(other, other.member);
  assert.equal(number, foreign);
  const logo = await api(w.chief, 'POST', '/api/pictures?use=logo', png(16, 16));
  picture = logo.json.url.slice('/picture/'.length);
  // What one row uses up is not another's.
  const grant = async () => (await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', ends_at: tomorrow(), reason: `Look ${w.mark}` })).json.id;
  const request = async (who, ticket) => (await api(who, 'POST', `/api/tickets/${ticket}/access-requests`, { scope: 'all', reason: `May I ${w.mark}`, days: 1 })).json.id;
  const second = await open(w, w.second);
  ids = {
    'PATCH /api/access/grants/:id': await grant(), 'DELETE /api/access/grants/:id': await grant(), 'POST /api/grants/:id/entries': await grant(), 'POST /api/grants/:id/tokens': await grant(),
    'POST /api/access/requests/:id/approval': await request(w.agent, second), 'POST /api/access/requests/:id/refusal': await request(w.admin, second),
    'DELETE /api/access-requests/:id': await request(w.agent, await open(w, w.second)),
  };
  await lists.prepare(w, ids, api);
  await desk.prepare(w, ids, api);
  await teams.prepare(w, ids, api);
  await bulk.prepare(w, ids, api, until);
  await levels.prepare(w);
  for (const [name, ready] of Object.entries({ ...talk.own, ...statuses.own, ...teams.own })) {
    ids[name] = (await api(w.member, 'POST', '/api/tickets', { title: `Another ${w.mark}`, description: 'x' })).json.number;
    assert.ok((await ready(w, ids[name], api)).status < 300);
  }
  await psql('postgres', `insert into app.settings (tenant_id, scope, name, value) values (${w.tenant}, 0, 'registration', 'open')`);
});
after(() => {
  factors.stop();
  assert.ok(rows.length >= 24, 'the table was read');
});

const pathOf = (row, id) => kb.inPath(early.inPath(row, teams.inPath(desk.inPath(talk.inPath(forms.inPath(statuses.inPath(row.path))))))).replace(':number', ids[row.name] ?? number).replace(':account', w.id.town).replace(':name', row.path.startsWith('/picture') ? picture : 'x.css').replace(':portal', w.portal.school).replace(':person', w.people.second.id)
  .replace(':token', id).replace(':hash', id).replace(':claim', id).replace(':provider', id).replace(':id', id ?? ids[row.name] ?? w.id.town) + (row.path.endsWith('/found') ? '?q=par' : row.path === '/api/pictures' ? '?use=logo' : '');

// What ends a session gets one of its own for each question.
const ends = new Set(['POST /sign-in', 'POST /sign-out', 'DELETE /api/session', ...people.ends, ...hosts.ends, ...files.ends, ...factors.ends]);
const made = { ...people.made, ...hosts.made, ...files.made, ...factors.made, ...early.made, ...kb.made, ...status.made, ...calendars.made, ...forms.made, ...talk.made, ...live.made, ...lists.made, ...desk.made, ...bulk.made, ...statuses.made, ...rules.made, ...levels.made, ...teams.made };

async function asked(row, who) {
  const person = { alien: 'main', stray: 'member', forged: 'member' }[who] ?? who;
  const home = who === 'alien' ? other : w;
  const host = who === 'lost' ? `nowhere-${w.mark}.localhost`
    : who === 'stray' ? w.host.village
    : who === 'out' || who === 'alien' ? w.host.town : home[person].host;
  // A session of that very host, so that nothing but the person is refused.
  const session = who === 'out' || who === 'lost' ? null
    : ends.has(row.name) ? await makeSession(home, person, { host })
    : home[person].host === host ? home[person] : await sessionAt(home[person], host);
  const { id, cookie, query = '', form: fields, json, body, headers: more } = await made[row.name]?.(w, who === 'lost' ? w.host.town : host, session)
    ?? sent[row.name]?.(who === 'alien' ? null : session) ?? {};
  const unsafe = row.method !== 'GET' && row.method !== 'OPTIONS';
  const headers = { 'X-Sportello': '1' };
  if (unsafe) headers.Origin = who === 'forged' ? originOf(w.host.desk) : originOf(host);
  if (row.method === 'POST') headers['Idempotency-Key'] = newKey();
  if (fields) headers['Content-Type'] = form;
  Object.assign(headers, more);
  const answer = await request(host, row.method, pathOf(row, id) + query, {
    cookie: [session?.cookie, cookie].filter(Boolean).join('; '), headers,
    address: unsafe || row.path.startsWith('/sign-in/') ? anyAddress() : undefined,
    body: fields ? new URLSearchParams(fields).toString() : body ?? json,
  });
  return { answer, session };
}

function refused(row, status, answer) {
  if (row.path.startsWith('/api/') || row.path === '/readyz' || /^\/(theme|picture|export)\//.test(row.path)) {
    problem(answer, status);
    assert.ok(Array.isArray(answer.json.errors));
    return;
  }
  if (status === 303) {
    assert.match(answer.headers.location, /^\/sign-in\?to=\//);
    return;
  }
  html(answer);
  assert.ok(answer.text.length > 200 && /<h1/.test(answer.text), 'a page');
  if (status !== 422 && (!row.name.startsWith('POST /sign-in') || status !== 401)) assert.ok(answer.text.includes(answer.headers['x-request-id']) || status === 404);
}

test('the table and the expectations name the same rows', () => {
  assert.deepEqual(rows.map((r) => r.name).sort(), Object.keys(expected).sort());
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  const begun = (source.match(/^\t\{ /gm) ?? []).length - 1; // but for the last, empty one
  assert.equal(rows.length, begun, 'every row was understood');
});

test('the fault routes are asked for in tests/fault', () => {
  const faults = readFileSync(`${root}/tests/fault/fastcgi.test.mjs`, 'utf8');
  const paths = [...readFileSync(`${root}/fcgi/handlers/faults.h`, 'utf8').matchAll(/"(\/test\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(paths.length > 4);
  for (const path of paths) assert.ok(faults.includes(path), path);
});

for (const row of rows) {
  test(row.name, async () => {
    // A new row of routes.c has its line in both tables above.
    assert.ok(expected[row.name] && found[row.name], `say who may, in 'expected', and what they find, in 'found': ${row.name}`);
    const cells = expected[row.name].split(' ');
    assert.equal(cells.length, columns.length);
    let granted = 0, denied = 0;
    for (const [i, who] of columns.entries()) {
      if (cells[i] === '-') continue;
      const status = Number(cells[i]);
      const { answer, session } = await asked(row, who);
      assert.equal(answer.status, status, `${who}: ${answer.text.slice(0, 300)}`);
      assert.ok(answer.headers['x-request-id']);
      // A page of a signed-out person leads to signing in: a refusal, unless
      // that is what the route is for.
      const toSignIn = status === 303 && /^\/sign-in\?to=/.test(answer.headers.location);
      if (status < 400 && !toSignIn) {
        granted++;
        found[row.name](answer, who, session);
      } else {
        denied++;
        refused(row, status, answer);
      }
      // Nothing of another tenant, and for strangers nothing of this one's people.
      assert.ok(!answer.text.includes(other.mark), `${who} reads of the other tenant`);
      if (['out', 'alien', 'stray', 'lost'].includes(who)) {
        assert.doesNotMatch(answer.text, new RegExp(`(Boiler|valve|secretly|Member|Main|Agent) ${w.mark}`), who);
      }
      if (!staff.has(who)) assert.ok(!answer.text.includes(note()), `${who} reads the note`);
    }
    // Nobody is refused at a public row: another method is.
    if (!rows.some((r) => r.method === 'DELETE' && new RegExp(`^${r.path.replace(/:\w+/g, '[^/]+')}$`).test(row.path))) {
      const wrong = await request(w.host.town, 'DELETE', pathOf(row), {
        cookie: w.member.cookie, headers: { Origin: originOf(w.host.town), 'X-Sportello': '1' },
      });
      denied++;
      assert.equal(wrong.status, 405);
      assert.match(wrong.headers.allow, new RegExp(`\\b${row.method}\\b`));
    }
    // A link in is good once: access.test.mjs follows one. Some end all of a
    // person's sessions.
    if (ends.has(row.name)) Object.assign(w, await makeSessions(w, Object.keys(w.people)));
    assert.ok((granted || row.path.startsWith('/enter/')) && denied, `${granted} granted, ${denied} denied`);
  });
}

test('what the session cannot see is not there under its own number either', async () => {
  // The other tenant's second ticket has a number that is nobody's here.
  const answer = await api(other.member, 'POST', '/api/tickets', { title: 'x', description: 'x' });
  for (let n = answer.json.number + 40; n < answer.json.number + 43; n++) {
    problem(await api(w.agent, 'GET', `/api/tickets/${n}`), 404, 'not-found');
    problem(await api(w.agent, 'PATCH', `/api/tickets/${n}`, { priority: 'low' }), 404, 'not-found');
    problem(await api(w.member, 'POST', `/api/tickets/${n}/comments`, { body: 'x' }), 404, 'not-found');
  }
});

test('staff have no business at an account\'s portal, nor customers at the desk', async () => {
  const at = (session, host) => request(host, 'GET', '/api/tickets', { cookie: session.cookie });
  for (const [session, host] of [[w.agent, w.host.town], [w.admin, w.host.village], [w.member, w.host.desk], [w.partner, w.host.town], [w.pupil, w.host.town]]) {
    problem(await at(session, host), 401, 'signed-out');
    problem(await at(await sessionAt(session, host), host), 401, 'signed-out');
  }
  problem(await at(w.member, w.host.school), 401);
  assert.equal((await at(await sessionAt(w.member, w.host.school), w.host.school)).status, 200, 'a member of the account, at its sub-portal');
  const answer = await request(w.host.desk, 'POST', '/sign-in', {
    headers: { 'Content-Type': form, Origin: originOf(w.host.desk) },
    address: anyAddress(), body: new URLSearchParams({ email: 'member@people.example', password }).toString(),
  });
  assert.equal(answer.status, 401);
});
