// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about coming in, one's profile and an account's
// people. `made` makes what a row asks for, for one question: a secret, an
// invitation, a membership; it gives the path, and the body.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { psql } from '../lib/instance.mjs';
import { png, sizeOf } from '../lib/pictures.mjs';
import { api } from './world.mjs';

const open = '200 200 200 200 200 200 200 200 200 200 404 - 200';
const form = '200 200 200 200 200 200 200 200 200 200 404 403 200';
const own = '401 200 200 200 200 200 200 200 401 401 404 403 200';
const done = '401 204 204 204 204 204 204 204 401 401 404 403 204';
const chief = (status, other = 404) => `401 ${`${other} `.repeat(7)}401 401 404 403 ${status}`;
export const expected = {
  'GET /forgot': open, 'POST /forgot': form, 'GET /reset': open, 'POST /reset': form,
  // At the desk there is nobody to ask.
  'GET /ask': '200 200 200 200 200 200 404 404 200 200 404 - 200', 'GET /register': open,
  'POST /register': '200 200 200 200 200 200 422 422 200 200 404 403 200',
  'POST /invite': form, 'GET /invite/:token': open,
  'POST /invite/:token': '303 303 303 303 303 303 303 303 303 303 404 403 303',
  'GET /confirm/:token': open, 'POST /confirm/:token': form,
  'GET /me': '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'GET /support': '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'POST /support': '303 200 200 200 200 200 200 200 303 303 404 403 200',
  'GET /api/support': own.replace('403', '-'), 'GET /api/me': own.replace('403', '-'),
  'POST /api/confirmation': own.replaceAll('200', '201'),
  'PATCH /api/me': own, 'PATCH /api/me/mail': own, 'POST /api/me/email': own.replaceAll('200', '201'),
  'POST /api/me/photo': own.replaceAll('200', '201'), 'DELETE /api/me/photo': own,
  'GET /api/photos/:hash': own.replace('403', '-'),
  'POST /api/me/password': done, 'DELETE /api/sessions': done, 'DELETE /api/sessions/:id': done,
  'GET /admin/people': '303 403 403 403 403 403 403 200 303 303 404 - 200',
  'GET /invitations': '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'GET /api/people': '401 403 403 403 403 403 403 200 401 401 404 - 200',
  'POST /api/people/:id/email': chief(201), 'DELETE /api/people/:id/factors': chief(204), 'PATCH /api/moves/:id': chief(200),
  'POST /api/moves': '401 403 403 403 403 403 201 403 401 401 404 403 403',
  'PATCH /api/memberships/:id': chief(200), 'DELETE /api/memberships/:id': chief(204),
  'GET /api/invitations': own.replace('403', '-'),
  'POST /api/invitations': '401 403 403 403 403 403 403 403 401 401 404 403 201',
  'POST /api/invitations/:id/again': chief(201), 'DELETE /api/invitations/:id': chief(200),
};
export const ends = ['POST /invite/:token', 'DELETE /api/sessions', 'DELETE /api/sessions/:id', 'POST /api/me/password'];

const fresh = 'a brand new password';
const page = (...words) => (a) => {
  assert.match(a.headers['content-type'], /^text\/html/);
  for (const word of words) assert.ok(a.text.includes(word), `no ${word}`);
};
export const boot = (a) => JSON.parse(/<script[^>]*id="boot"[^>]*>([^<]*)</.exec(a.text)[1]);
export const found = {
  'GET /forgot': page('action="/forgot"'), 'POST /forgot': page('action="/reset"', 'role="status"'),
  'GET /reset': page('name="code"'), 'POST /reset': page('href="/sign-in"'),
  'GET /ask': page('<h1'), 'GET /register': page('<h1'), 'POST /register': page('role="status"'),
  'POST /invite': page('role="status"'), 'GET /invite/:token': page('name="password"'),
  'POST /invite/:token': (a) => assert.match(a.headers['set-cookie'][0], /^__Host-sid=[\w-]{43};/),
  'GET /confirm/:token': page('type="submit"'), 'POST /confirm/:token': page('role="status"'),
  'GET /me': (a, who, s) => assert.equal(boot(a).route.email, s.person.email),
  'GET /support': page('<h1'), 'POST /support': page('role="status"'),
  'GET /api/support': (a) => assert.equal(a.json.state, 'ok'),
  'POST /api/confirmation': (a, who, s) => assert.equal(a.json.email, s.person.email),
  'GET /api/me': (a, who, s) => assert.ok(a.json.sessions.some((x) => x.this) && a.json.email === s.person.email),
  'PATCH /api/me': (a) => assert.equal(a.json.job_title, 'Janitor'),
  'PATCH /api/me/mail': (a) => assert.deepEqual([a.json.mail.opened, a.json.mail.replied], [false, true]),
  'POST /api/me/email': (a) => assert.ok(a.json.moving.own),
  'POST /api/me/photo': (a) => assert.match(a.json.photo, /^\/api\/photos\/[0-9a-f]{32}$/),
  'DELETE /api/me/photo': (a) => assert.equal(a.json.photo, null),
  'GET /api/photos/:hash': (a) => assert.deepEqual(sizeOf(a.body), [192, 192]),
  'POST /api/me/password': (a) => assert.equal(a.text, ''),
  'DELETE /api/sessions': (a) => assert.equal(a.text, ''), 'DELETE /api/sessions/:id': (a) => assert.equal(a.text, ''),
  'GET /admin/people': (a) => assert.ok(boot(a).route.items.length >= 2),
  'GET /invitations': (a, who) => assert.equal(boot(a).route.roles.length, { admin: 2, chief: 3 }[who] ?? 0),
  'GET /api/people': (a) => assert.ok(a.json.items.some((p) => /^(main|agent)@people.example$/.test(p.email))),
  'POST /api/people/:id/email': (a) => assert.ok(a.json.due_at), 'DELETE /api/people/:id/factors': (a) => assert.equal(a.text, ''), 'PATCH /api/moves/:id': (a) => assert.ok(a.json.id),
  'POST /api/moves': (a) => assert.ok(a.json.due_at),
  'PATCH /api/memberships/:id': (a) => assert.ok(a.json.id), 'DELETE /api/memberships/:id': (a) => assert.equal(a.text, ''),
  'GET /api/invitations': (a, who) => assert.equal(a.json.roles.length, { admin: 2, chief: 3 }[who] ?? 0),
  'POST /api/invitations': (a) => assert.match(a.json.email, /^q/),
  'POST /api/invitations/:id/again': (a) => assert.ok(a.json.id), 'DELETE /api/invitations/:id': (a) => assert.ok(a.json.id),
};

const address = () => `q${randomBytes(5).toString('hex')}@people.example`;
export const inTenant = (w, sql) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false) \\g /dev/null
  ${sql}; commit;`);
// A secret of that kind at that host's portal.
export async function secret(w, kind, host, { email = 'second@people.example', person = w.people.second.id, invited = false } = {}) {
  return JSON.parse(await inTenant(w, `${invited ? `insert into app.invitations (tenant_id, email, role, account_id, portal_id, invited_by, expires_at)
      select po.tenant_id, '${email}', case when po.account_id is null then 'agent' when po.account_id = ${w.id.town} then 'member' else 'account_admin' end,
        po.account_id, po.id, case when po.account_id = ${w.id.town} then ${w.people.chief.id} else ${w.people.admin.id} end, now() + interval '1 day'
      from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id where h.host = '${host}';` : ''}
    select json_build_object('token', auth.one_time_token(${w.tenant}, '${kind}', o.id), 'code', auth.one_time_code(${w.tenant}, '${kind}', o.id), 'email', '${email}')
    from (select auth.one_time_new(${w.tenant}, '${kind}', (select portal_id from app.hosts where host = '${host}' and tenant_id = ${w.tenant}),
      ${person}, '${email}', null, interval '1 hour') as id) o`));
}
// Somebody new in Town, whose membership can be changed or ended.
export const newcomer = (w, { role = 'member', more = 'select' } = {}) => inTenant(w, `insert into app.people (tenant_id, email, name) values (${w.tenant}, '${address()}', 'New ${w.mark}') returning id, email \\gset
  insert into app.memberships (tenant_id, person_id, role, account_id) values (${w.tenant}, :id, '${role}', ${w.id.town}) returning id as membership \\gset
  ${more} \\g /dev/null
  select json_build_object('person', :id, 'membership', :membership, 'email', :'email')`).then(JSON.parse);
const invited = (w) => inTenant(w, `insert into app.invitations (tenant_id, email, role, account_id, portal_id, invited_by, expires_at)
  values (${w.tenant}, '${address()}', 'member', ${w.id.town}, ${w.portal.town}, ${w.people.chief.id}, now() + interval '1 day') returning id`);

export const made = {
  'POST /forgot': () => ({ form: { email: address() } }),
  'POST /invite': () => ({ form: { email: address() } }),
  'POST /register': () => ({ form: { email: address() } }),
  'POST /reset': async (w, host) => {
    const { code, email } = await secret(w, 'reset', host, { person: null });
    return { form: { email, code, password: fresh } };
  },
  'GET /invite/:token': async (w, host) => ({ id: (await secret(w, 'invitation', host, { email: address(), person: null, invited: true })).token }),
  'POST /invite/:token': async (w, host) => ({
    id: (await secret(w, 'invitation', host, { email: address(), person: null, invited: true })).token, form: { name: `New ${w.mark}`, password: fresh, lang: 'en' },
  }),
  'GET /confirm/:token': async (w, host) => ({ id: (await secret(w, 'confirmation', host)).token }),
  'POST /confirm/:token': async (w, host) => ({ id: (await secret(w, 'confirmation', host)).token, form: {} }),
  'POST /support': () => ({ form: {} }),
  'PATCH /api/me': (w, host, s) => ({ json: { given: s?.person.name ?? 'x', job_title: 'Janitor', locale: 'en', time_zone: 'Europe/Rome' } }),
  'PATCH /api/me/mail': () => ({ json: { opened: false, replied: true } }),
  'POST /api/me/email': () => ({ json: { email: address() } }),
  'POST /api/me/photo': () => ({ json: png(20, 20) }),
  'GET /api/photos/:hash': async (w) => ({ id: (await api(w.second, 'POST', '/api/me/photo', png(300, 200))).json.photo.split('/').pop() }),
  'POST /api/me/password': (w, host, s) => ({ json: { old: s?.person.password ?? 'x', new: s?.person.password ?? fresh } }),
  'DELETE /api/sessions/:id': async (w, host, s) => ({ id: s ? await psql('postgres', `select id from app.sessions where token_hash = sha256('\\x${Buffer.from(s.token, 'base64url').toString('hex')}')`) : 1 }),
  'POST /api/people/:id/email': async (w) => ({ id: (await newcomer(w)).person, json: { email: address() } }),
  'DELETE /api/people/:id/factors': async (w) => ({ id: (await newcomer(w)).person }),
  'PATCH /api/moves/:id': async (w) => ({
    id: await inTenant(w, `insert into app.email_changes (tenant_id, person_id, account_id, portal_id, old_email, new_email, asked_by, due_at)
      values (${w.tenant}, ${(await newcomer(w)).person}, ${w.id.town}, ${w.portal.town}, '${address()}', '${address()}', ${w.people.main.id}, now() + interval '1 day') returning id`),
    json: { yes: true },
  }),
  'POST /api/moves': async (w) => {
    const { email } = await newcomer(w, { more: `insert into app.named_contacts (tenant_id, account_id, kind, person_id) values (${w.tenant}, ${w.id.town}, 'delivery', ${w.people.agent.id}) on conflict do nothing` });
    await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', ends_at: new Date(Date.now() + 3_600_000).toISOString(), reason: 'x' });
    return { json: { account: w.id.town, person: email, email: address() } };
  },
  'PATCH /api/memberships/:id': async (w) => ({ id: (await newcomer(w)).membership, json: { role: 'main_user', support: true } }),
  'DELETE /api/memberships/:id': async (w) => ({ id: (await newcomer(w)).membership }),
  'POST /api/invitations': () => ({ json: { email: address(), role: 'account_admin' } }),
  'POST /api/invitations/:id/again': async (w) => ({ id: await invited(w) }),
  'DELETE /api/invitations/:id': async (w) => ({ id: await invited(w) }),
};
