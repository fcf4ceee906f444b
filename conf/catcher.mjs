// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A mail server that delivers to nobody: it takes every message over real SMTP
// (STARTTLS with the instance's certificate, AUTH with its one account), puts
// it into a Maildir, and shows it on a page. For `make run` and the tests.
//
//   --smtp PORT --web PORT --maildir DIR --key FILE --cert FILE
//   --user NAME --password-file FILE
//
// For tests of what happens when mail fails: a recipient whose name begins
// with `refuse-450` or `refuse-550` is answered with that code.
import { timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { readMail } from './mail.mjs';

const text = { type: 'string' };
const { values: option } = parseArgs({
  options: { smtp: text, web: text, maildir: text, key: text, cert: text, user: text, 'password-file': text },
});
const password = Buffer.from(readFileSync(option['password-file'], 'utf8').trim());
for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(option.maildir, folder), { recursive: true });

// ---- SMTP ----

let count = 0;
function deliver(raw, session) {
  const name = `${Date.now()}.${process.pid}_${String(++count).padStart(6, '0')}.${hostname()}`;
  const { mailFrom, rcptTo } = session.envelope;
  // What an agent that delivers adds: who it was really for.
  const envelope = [`Return-Path: <${mailFrom.address}>`, ...rcptTo.map((to) => `Delivered-To: ${to.address}`)];
  const tmp = join(option.maildir, 'tmp', name);
  writeFileSync(tmp, Buffer.concat([Buffer.from(`${envelope.join('\r\n')}\r\n`), raw]));
  renameSync(tmp, join(option.maildir, 'new', name));
}

function refusal(code, why) {
  return Object.assign(new Error(why), { responseCode: code });
}

const smtp = new SMTPServer({
  name: 'localhost',
  banner: 'mail catcher',
  key: readFileSync(option.key),
  cert: readFileSync(option.cert),
  size: 10 * 1024 * 1024,
  disableReverseLookup: true,
  onAuth({ username, password: given }, session, done) {
    const offered = Buffer.from(given ?? '');
    const right = username === option.user && offered.length === password.length && timingSafeEqual(offered, password);
    done(right ? null : refusal(535, 'wrong name or password'), { user: username });
  },
  onRcptTo({ address }, session, done) {
    const wanted = /^refuse-(4\d\d|5\d\d)/.exec(address);
    done(wanted ? refusal(Number(wanted[1]), 'refused as asked') : null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      try {
        deliver(Buffer.concat(chunks), session);
        done(null, 'caught');
      } catch (error) {
        done(refusal(452, error.message));
      }
    });
  },
});
smtp.on('error', (error) => console.error(`smtp: ${error.message}`));
smtp.listen(Number(option.smtp), '127.0.0.1');

// ---- the page ----

const escape = (value) => String(value ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function messages() {
  return readdirSync(join(option.maildir, 'new')).sort().reverse();
}
function read(id) {
  if (!messages().includes(id)) return null;
  const path = join(option.maildir, 'new', id);
  return { id, at: statSync(path).mtime, ...readMail(readFileSync(path)) };
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: start; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid #8884; vertical-align: top; overflow-wrap: anywhere; }
td:last-child { white-space: nowrap; }
iframe { width: 100%; height: 60vh; border: 1px solid #8884; border-radius: 6px; background: #fff; color-scheme: light; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid #8884; border-radius: 6px; }
`;
const page = (title, body) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<link rel="stylesheet" href="/style.css"></head><body>${body}</body></html>`;

function list() {
  const rows = messages().slice(0, 200).map((id) => {
    const mail = read(id);
    return `<tr><td>${escape(mail.to)}</td><td>${escape(mail.headers.from ?? '')}</td><td><a href="/mail/${encodeURIComponent(id)}">${escape(mail.subject)}</a></td>
<td>${escape(mail.at.toISOString().slice(0, 19).replace('T', ' '))}</td></tr>`;
  });
  return page('Mails', `<h1>Mails</h1><p>Everything this instance sent, newest first. Nothing leaves this machine.</p>
<table><thead><tr><th>To</th><th>From</th><th>Subject</th><th>UTC</th></tr></thead><tbody>${rows.join('') || '<tr><td colspan="4">Nothing yet: open a ticket.</td></tr>'}</tbody></table>`);
}
function show(mail) {
  const headers = Object.entries(mail.headers).map(([k, v]) => `<tr><th>${escape(k)}</th><td>${escape(v)}</td></tr>`);
  return page(mail.subject, `<p><a href="/">All mails</a></p><h1>${escape(mail.subject)}</h1>
${mail.html === undefined ? '' : `<h2>HTML</h2><iframe sandbox title="HTML part" src="/html/${encodeURIComponent(mail.id)}"></iframe>`}
<h2>Text</h2><pre>${escape(mail.text)}</pre><h2>Headers</h2><table>${headers.join('')}</table>`);
}

const own = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
// A mail may style itself and nothing more; the sandbox gives it no origin.
const foreign = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'";

createServer((request, response) => {
  const answer = (status, type, body, csp = own) => {
    response.writeHead(status, {
      'Content-Type': `${type}; charset=utf-8`, 'Content-Security-Policy': csp,
      'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store',
    });
    response.end(body);
  };
  try {
    // A page elsewhere that points its own name at this machine gets nothing.
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? '')) return answer(404, 'text/plain', 'not found');
    const [, kind, id] = /^\/(mail|html|raw)\/([^/?]+)$/.exec(request.url) ?? [];
    if (request.url === '/') return answer(200, 'text/html', list());
    if (request.url === '/style.css') return answer(200, 'text/css', style);
    const mail = kind && read(decodeURIComponent(id));
    if (!mail) return answer(404, 'text/plain', 'not found');
    if (kind === 'raw') return answer(200, 'text/plain', mail.raw);
    if (kind === 'html') return answer(200, 'text/html', mail.html ?? '', foreign);
    return answer(200, 'text/html', show(mail));
  } catch (error) {
    return answer(500, 'text/plain', error.message);
  }
}).listen(Number(option.web), '127.0.0.1');

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
