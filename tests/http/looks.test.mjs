// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How a portal looks and what it says of itself: what is inherited from where,
// who may set it, what pages and mails show of it, and which pictures are taken.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { mails } from '../lib/mails.mjs';
import { png, sizeOf, svg } from '../lib/pictures.mjs';
import { psql } from '../lib/instance.mjs';
import { text } from '../lib/texts.mjs';
import { api, get, makeWorld } from './world.mjs';

let w, other;
before(async () => { [w, other] = [await makeWorld(), await makeWorld()]; });

const change = (who, body, portal) => api(who, 'PATCH', `/api/look${portal ? `?portal=${portal}` : ''}`, body);
const changed = async (who, body, portal) => {
  const answer = await change(who, body, portal);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const look = (who, portal) => api(who, 'GET', `/api/look${portal ? `?portal=${portal}` : ''}`);
const bring = (who, file, use = 'logo') => api(who, 'POST', `/api/pictures?use=${use}`, file, { headers: { 'Content-Type': 'application/octet-stream' } });
const brought = async (who, file, use) => {
  const answer = await bring(who, file, use);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
};
const faults = (answer, status = 422) => Object.fromEntries(problem(answer, status).errors.map((e) => [e.field, e.code]));
const sheet = async (host) => {
  const [, href] = /href="(\/theme\/[0-9a-f]{12}\.css)"/.exec((await get(host, '/')).text);
  return (await get(host, href)).text;
};
const brandAt = async (host) => /--brand:(#[0-9a-f]{6});/.exec(await sheet(host))[1];

test('T2: the nearest wins: tenant, account, portal; the other tenant keeps its own', async () => {
  const before_ = await sheet(other.host.town);
  await changed(w.admin, { brand: '#111111', brand_bg: '#222222' });
  assert.equal(await brandAt(w.host.desk), '#111111');
  assert.equal(await brandAt(w.host.town), '#111111', 'an account inherits the tenant\'s');
  await changed(w.chief, { brand: '#333333' });
  assert.equal(await brandAt(w.host.town), '#333333');
  assert.match(await sheet(w.host.town), /--brand-bg:#222222;/, 'each by itself');
  assert.equal(await brandAt(w.host.school), '#333333', 'a portal the account\'s');
  assert.equal(await brandAt(w.host.village), '#111111');
  const page = await changed(w.chief, { brand: '#444444', round: 2 }, w.portal.school);
  assert.equal(await brandAt(w.host.school), '#444444');
  assert.equal(await brandAt(w.host.town), '#333333');
  assert.deepEqual(page.own, { brand: '#444444', round: 2 });
  assert.deepEqual(page.inherited.brand, { value: '#333333', from: { kind: 'account', name: `Town ${w.mark}` } });
  assert.deepEqual(page.inherited.brand_bg.from, { kind: 'tenant', name: `Tenant ${w.mark}` });
  assert.deepEqual(page.inherited.round, { value: 1, from: null });
  await changed(w.chief, { brand: null }, w.portal.school);
  assert.equal(await brandAt(w.host.school), '#333333', 'null lets hold again what is above');
  assert.equal(await sheet(other.host.town), before_);
});

test('each administers what is theirs; the tenant\'s administrator does not see an account\'s', async () => {
  problem(await look(w.admin, w.portal.town), 404);
  problem(await change(w.admin, { brand: '#000000' }, w.portal.town), 404);
  for (const who of ['member', 'main', 'pupil', 'partner', 'villager', 'agent']) {
    problem(await look(w[who]), 403);
    problem(await change(w[who], { brand: '#000000' }), 403);
    problem(await bring(w[who], png(20, 20)), 403);
  }
  problem(await change(w.chief, { brand: '#000000' }, w.portal.village), 404);
  assert.equal((await look(w.admin)).json.scopes.name, `Tenant ${w.mark}`);
  // Who administers but a portal: that one, and nothing above it.
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    insert into app.memberships (tenant_id, person_id, role, account_id, portal_id)
    values (${w.tenant}, ${w.people.pupil.id}, 'portal_admin', ${w.id.town}, ${w.portal.school}); commit`);
  const own = (await look(w.pupil)).json;
  assert.equal(own.at, w.portal.school);
  assert.deepEqual(own.scopes.portals.map((p) => p.id), [w.portal.school]);
  assert.equal((await changed(w.pupil, { mail_name: 'School' }, w.portal.school)).own.mail_name, 'School');
  assert.equal((await bring(w.pupil, png(20, 20))).status, 201);
  problem(await change(w.pupil, { mail_name: 'Town' }), 403);
  problem(await change(w.pupil, { mail_name: 'Town' }, w.portal.town), 403);
});

test('a portal\'s name, in every title', async () => {
  const name = `Gewächshaus & "Söhne" ${w.mark}`;
  await changed(w.chief, { name }, w.portal.school);
  assert.match((await get(w.host.school, '/sign-in')).text, /<title>[^<]*Gewächshaus &amp; "Söhne" /);
  assert.deepEqual(faults(await change(w.chief, { name: 'x' })), { name: 'unknown' }, 'an account has none here');
});

test('T2: texts in the reader\'s language, else the portal\'s, on every page', async () => {
  await changed(w.chief, {
    headline: { en: `Hello ${w.mark}`, it: `Ciao ${w.mark}` }, welcome: { en: 'First line.\n\nSecond <b> line.' },
    footer: { en: `Foot ${w.mark}`, ja: `末尾 ${w.mark}` },
    links: [{ url: 'https://town.example/imprint', text: { en: 'Imprint', de: 'Impressum' } }, { url: 'mailto:privacy@town.example', text: { de: 'Datenschutz' } }],
  });
  const home = async (lang) => (await get(w.host.town, '/', { cookie: `lang=${lang}` })).text;
  assert.match(await home('it'), new RegExp(`<h1[^>]*>Ciao ${w.mark}</h1>`));
  assert.match(await home('sv'), new RegExp(`<h1[^>]*>Hello ${w.mark}</h1>`));
  assert.match(await home('en'), /<p dir="auto">First line\.<\/p>\s*<p dir="auto">Second &lt;b&gt; line\.<\/p>/);
  assert.match(await home('ja'), new RegExp(`末尾 ${w.mark}`));
  for (const path of ['/', '/sign-in', '/tickets', '/portal/identifiers']) {
    const { text } = await get(w.host.town, path, { cookie: `${w.member.cookie}; lang=de` });
    assert.match(text, /<a dir="auto" rel="noreferrer" href="https:\/\/town\.example\/imprint">Impressum<\/a>/, path);
    assert.match(text, /href="mailto:privacy@town\.example">Datenschutz<\/a>/, path);
    assert.match(text, new RegExp(`Foot ${w.mark}`), path);
  }
  // Without a cookie: what the browser asks for.
  assert.match((await get(w.host.town, '/', { headers: { 'Accept-Language': 'it-IT, en;q=0.5' } })).text, /Ciao/);
  assert.doesNotMatch((await get(w.host.village, '/')).text, new RegExp(`Hello|Imprint`));
});

test('T2: what is not there, or not allowed, is said in the portal\'s look and the reader\'s language', async () => {
  await psql('postgres', `update app.people set locale = 'ja' where tenant_id = ${w.tenant} and id = ${w.people.second.id}`);
  const portal = await get(w.host.town, '/', { cookie: w.second.cookie });
  const [name, theme] = [/<title>.* – (.*)<\/title>/.exec(portal.text)[1], /\/theme\/[0-9a-f]{12}\.css/.exec(portal.text)[0]];
  for (const [path, status, key] of [['/nothing', 404, 'not-found'], ['/t/999999', 404, 'not-found'], ['/agent', 403, 'forbidden'], ['/admin/branding', 403, 'forbidden']]) {
    const answer = await get(w.host.town, path, { cookie: w.second.cookie, headers: { 'Accept-Language': 'it' } });
    assert.equal(answer.status, status, path);
    assert.equal(/<h1>(.*?)<\/h1>/.exec(answer.text)?.[1], text('ja', `err.${key}`), path);
    assert.ok(answer.text.includes(`– ${name}</title>`) && answer.text.includes(theme) && answer.text.includes(w.people.second.name), path);
  }
  const stranger = await get(w.host.town, '/nothing', { headers: { 'Accept-Language': 'it' } });
  assert.equal(/<h1>(.*?)<\/h1>/.exec(stranger.text)?.[1], text('it', 'err.not-found'));
});

test('what can\'t be is refused, by its field', async () => {
  const bad = {
    name: ['x\r\nBcc: a@b.c', '', 'x'.repeat(201), 'a\u0085b'], brand: ['red', '#FFF', '#12345g', '#1234567', ''], brand_bg: ['url(x)'],
    mail_name: ['Support\r\nBcc: a@b.c', 'a\u2028b', '', 'x'.repeat(101)],
    headline: [{ en: 'a\nb' }, { en: '' }, { 'no language': 'x' }, { en: 'x'.repeat(121) }, { en: 5 }],
    welcome: [{ en: 'x'.repeat(2001) }], footer: [{ en: 'a\nb' }],
    links: ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', '//evil.example', 'https://', 'https://a b', 'https://a"b', ' https://a.b', 'ftp://a.b', 'mailto:', '']
      .map((url) => [{ url, text: { en: 'x' } }]).concat([[{ url: 'https://a.b', text: {} }], [{ url: 'https://a.b' }], [{ text: { en: 'x' } }], [5],
      [{ url: 'https://a.b', text: { en: 'a\nb' } }], [{ url: 'https://a.b', text: { en: 'x' }, on: 1 }], Array(9).fill({ url: 'https://a.b', text: { en: 'x' } })]),
  };
  for (const [field, values] of Object.entries(bad))
    for (const value of values) {
      const answer = await change(w.chief, { [field]: value }, w.portal.school);
      assert.deepEqual(Object.keys(faults(answer)), [field], `${field}: ${JSON.stringify(value)}`);
    }
  assert.deepEqual(faults(await change(w.chief, { brand: 5, colour: 'x', round: 3, links: {} })), { brand: 'type', colour: 'unknown', round: 'range', links: 'type' });
  assert.deepEqual(faults(await change(w.chief, { round: 1.5 })), { round: 'range' });
  assert.deepEqual(faults(await change(w.chief, { name: null }, w.portal.school)), { name: 'required' });
  assert.deepEqual(faults(await change(w.chief, { logo: 'f'.repeat(32) })), { logo: 'choice' });
  const theirs = await brought(other.chief, png(33, 33, [1, 2, 3]));
  assert.deepEqual(faults(await change(w.chief, { logo: theirs.hash })), { logo: 'choice' }, 'another tenant\'s picture is none');
  problem(await change(w.chief, {}), 422);
});

test('T2: a logo is made anew, shown on every page, and kept for ever', async () => {
  const logo = await brought(w.chief, png(2000, 100, [9, 90, 160], { extra: 'made at 12 Elm Street' }));
  assert.deepEqual([logo.width, logo.height, logo.type], [1024, 51, 'image/png']);
  const icon = await brought(w.chief, svg('<circle cx="40" cy="10" r="9" fill="#f60"/>'), 'favicon');
  assert.equal(icon.type, 'image/svg+xml');
  await changed(w.chief, { logo: logo.hash, favicon: icon.hash });
  const { text } = await get(w.host.town, '/');
  assert.match(text, new RegExp(`<img class="logo" src="${logo.url}" width="1024" height="51" alt="Town portal`));
  assert.match(text, new RegExp(`<link rel="icon" href="${icon.url}" type="image/svg\\+xml">`));
  const file = await get(w.host.town, logo.url);
  assert.deepEqual(sizeOf(file.body), [1024, 51]);
  assert.ok(!file.body.includes('Elm Street'));
  for (const [url, type] of [[logo.url, 'image/png'], [icon.url, 'image/svg+xml; charset=utf-8']]) {
    const { status, headers } = await get(w.host.school, url);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], type);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(headers['content-security-policy'], /default-src 'none'; sandbox/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    assert.equal(headers['set-cookie'], undefined);
    problem(await get(other.host.town, url), 404);
  }
  for (const path of ['/picture/x', `/picture/${'0'.repeat(32)}.png`, logo.url.replace('.png', '.svg'), '/picture/..%2f.png'])
    problem(await get(w.host.town, path), 404);
  // Without one of its own, an icon in the portal's colours.
  const [, plain] = /<link rel="icon" href="(\/theme\/[0-9a-f]{12}\.svg)"/.exec((await get(w.host.village, '/')).text);
  assert.match((await get(w.host.village, plain)).text, /^<svg .*fill="#222222"/);
});

test('what is no picture, or too much of one, is refused by name', async () => {
  const fault = async (file, use) => {
    const { errors: [{ field, code, about }] } = problem(await bring(w.chief, file, use), 422);
    assert.equal(field, 'file');
    return about ? `${code} ${about}` : code;
  };
  assert.equal(await fault(png(16, 16, [0, 0, 0], { claims: [8000, 5000] })), 'picture_size', '40 megapixels');
  assert.equal(await fault(png(15, 100)), 'picture_size');
  assert.equal(await fault(png(50, 50).subarray(0, 60)), 'picture_broken');
  assert.equal(await fault(Buffer.from('GIF89a\x01\x00\x01\x00')), 'picture_type');
  assert.equal(await fault(Buffer.from('hello')), 'picture_type');
  assert.equal(await fault(Buffer.from('<!doctype html><script>alert(1)</script>')), 'picture_type');
  assert.equal(await fault(svg('<script>alert(1)</script>')), 'svg_active script');
  assert.equal(await fault(svg('<path onload="alert(1)"/>')), 'svg_active onload');
  assert.equal(await fault(svg('<image href="https://evil.example/x.png"/>')), 'svg_active image');
  assert.equal(await fault(svg('<rect fill="url(https://evil.example/#a)"/>')), 'svg_active url');
  assert.equal(await fault(svg('<style>@import "x";</style>')), 'svg_style @import');
  assert.equal(await fault(Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1">&a;</svg>')), 'svg_active <!ENTITY');
  assert.equal(await fault(svg('<g/>', '')), 'svg_size');
  assert.equal(await fault(svg('<g/>'), 'mail_logo'), 'picture_type', 'mails show no drawings');
  problem(await bring(w.chief, Buffer.alloc(512 * 1024 + 1)), 413, 'too-large');
  assert.equal(await fault(Buffer.alloc(512 * 1024)), 'picture_type');
  problem(await bring(w.chief, Buffer.alloc(1024 * 1024 + 1)), 413, 'too-large');
  assert.deepEqual(faults(await bring(w.chief, png(20, 20), 'wallpaper')), { use: 'choice' });
  assert.deepEqual(faults(await api(w.chief, 'POST', '/api/pictures', png(20, 20))), { use: 'required' });
  problem(await api(w.chief, 'POST', '/api/tickets', Buffer.alloc(300 * 1024, 32)), 413, 'too-large');
});

test('sixty pictures an hour, then later', async () => {
  const [one] = [await makeWorld({ only: ['chief'] })];
  const file = Buffer.from('no picture');
  let answer;
  for (let i = 0; i < 61; i++) answer = await bring(one.chief, file);
  problem(answer, 429, 'too-many');
  assert.equal(answer.headers['retry-after'], '60');
});

test('what nobody uses is forgotten after a day, what is used stays', async () => {
  const used = await brought(w.chief, png(40, 40, [4, 4, 4]));
  const unused = await brought(w.chief, png(40, 40, [5, 5, 5]));
  await changed(w.chief, { logo: used.hash }, w.portal.school);
  await psql('postgres', `update app.pictures set created_at = now() - interval '25 hours' where tenant_id = ${w.tenant}`);
  await brought(w.chief, png(40, 40, [6, 6, 6]));
  assert.equal((await get(w.host.school, used.url)).status, 200);
  problem(await get(w.host.school, unused.url), 404);
});

test('T2: a mail in the portal\'s name and colours', async () => {
  const since = Date.now();
  const logo = await brought(w.admin, png(960, 240, [250, 250, 250]));
  const small = await brought(w.admin, png(960, 240, [250, 250, 250]), 'mail_logo');
  assert.deepEqual([small.width, small.height], [480, 120]);
  await changed(w.admin, { logo: logo.hash, mail_logo: small.hash, mail_name: `Näs "Hjälp" ${w.mark}`, brand: '#ffff00', brand_bg: '#ffff00',
    footer: { en: `Mail foot ${w.mark}` }, links: [{ url: 'https://n.example/privacy', text: { en: 'Privacy' } }] });
  const title = `Gate ${w.mark}`;
  const { status } = await api(w.villager, 'POST', '/api/tickets', { title, description: 'It is stuck.' });
  assert.equal(status, 201);
  const [mail] = await mails({ since, about: title });
  assert.match(mail.headers.from, new RegExp(`Näs "Hjälp" ${w.mark}|=\\?UTF-8`));
  assert.match(mail.html, /bgcolor="#ffff00"/, 'the band as chosen');
  assert.match(mail.html, /bgcolor="#696900"/, 'the button as dark as white text needs');
  assert.match(mail.html, new RegExp(`<img [^>]*src="https://[^"]*${small.url}" width="192" height="48" alt="`));
  for (const part of [mail.text, mail.html]) {
    assert.ok(part.includes(`Mail foot ${w.mark}`));
    assert.ok(part.includes('https://n.example/privacy'));
  }
});
