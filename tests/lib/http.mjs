// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Requests through the real nginx, over https with the instance's authority;
// every name is this machine.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { ca, person, port } from './instance.mjs';

const lookup = (name, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
const agents = {
  https: new https.Agent({ ca, lookup, keepAlive: true, maxSockets: 64 }),
  http: new http.Agent({ lookup, keepAlive: true, maxSockets: 64 }),
};

export const originOf = (host, scheme = 'https') => `${scheme}://${host}:${port[scheme]}`;

// → { status, headers, body (Buffer), text, json }. `complete` is false when
// the answer was cut. A body that is no string or Buffer is sent as JSON. With
// `servername`, TLS is for that name, as the certificate knows real hosts only.
export function request(host, method, path, { headers = {}, body, cookie, scheme = 'https', address, agent, servername } = {}) {
  const json = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
  const bytes = body === undefined ? undefined : Buffer.from(json ? JSON.stringify(body) : body);
  const options = {
    host, port: port[scheme], method, path, lookup, agent: agent ?? (address ? undefined : agents[scheme]), ca,
    localAddress: address, ...(servername ? { servername } : {}),
    headers: {
      ...(json ? { 'Content-Type': 'application/json' } : {}),
      ...(bytes ? { 'Content-Length': bytes.length } : {}),
      ...(cookie ? { Cookie: cookie } : {}),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const sent = (scheme === 'https' ? https : http).request(options, (answer) => {
      const chunks = [];
      const done = () => {
        const content = Buffer.concat(chunks);
        resolve({
          status: answer.statusCode, headers: answer.headers, body: content, complete: answer.complete,
          get text() { return content.toString('utf8'); },
          get json() { return JSON.parse(content.toString('utf8')); },
        });
      };
      // It has no end (lib/listen.mjs hears it).
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        done();
        return void sent.destroy();
      }
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', done);
      answer.on('error', done);
    });
    // nginx ended a connection that was idle, as a reload does: nothing was asked.
    sent.on('error', (e) => (sent.reusedSocket && e.code === 'ECONNRESET'
      ? resolve(request(host, method, path, { headers, body, cookie, scheme, address, agent, servername })) : reject(e)));
    sent.end(bytes);
  });
}
export const get = (host, path, options) => request(host, 'GET', path, options);

// nginx limits sign-ins by address; each of ours comes from another one.
const anyAddress = () => `127.${1 + randomBytes(1)[0] % 250}.${randomBytes(1)[0]}.${1 + randomBytes(1)[0] % 250}`;

// Signs in by the form and returns { host, cookie, person }.
export async function signIn(who, { scheme = 'https', password = who.password } = {}) {
  const answer = await request(who.host, 'POST', '/sign-in', {
    scheme, address: anyAddress(),
    headers: { Origin: originOf(who.host, scheme), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: who.email, password, to: '/' }).toString(),
  });
  const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).find((pair) => /^(__Host-)?sid=./.test(pair));
  if (answer.status !== 303 || !cookie) {
    throw new Error(`${who.email} could not sign in at ${who.host}: ${answer.status} ${answer.text.slice(0, 200)}`);
  }
  return { host: who.host, cookie, scheme, person: who };
}

// A session of person(wanted), made once a process.
const sessions = new Map();
export function session(wanted) {
  const who = wanted.email && wanted.password ? wanted : person(wanted);
  const key = `${who.host} ${who.email}`;
  if (!sessions.has(key)) sessions.set(key, signIn(who));
  return sessions.get(key);
}

export const newKey = () => randomBytes(12).toString('base64url');

// As our own client does it: JSON, our header, the origin, and a key for what
// creates. `key: null` leaves the key out.
export function api(session, method, path, body, { key, headers = {}, ...options } = {}) {
  const unsafe = method !== 'GET' && method !== 'HEAD';
  return request(session.host, method, path, {
    cookie: session.cookie, scheme: session.scheme, body,
    headers: {
      'X-Sportello': '1',
      ...(unsafe ? { Origin: originOf(session.host, session.scheme), 'Content-Type': 'application/json' } : {}),
      ...(method === 'POST' && key !== null ? { 'Idempotency-Key': key ?? newKey() } : {}),
      ...headers,
    },
    ...options,
  });
}

// What every problem has; throws a sentence about what is missing.
export function problem(answer, status, code) {
  const wrong = (why) => { throw new Error(`${why}: ${answer.status} ${answer.text.slice(0, 300)}`); };
  if (answer.status !== status) wrong(`${status} was expected`);
  if (!/^application\/problem\+json/.test(answer.headers['content-type'] ?? '')) wrong('not a problem');
  const body = answer.json;
  for (const [name, type] of Object.entries({ type: 'string', title: 'string', status: 'number', detail: 'string', code: 'string', request_id: 'string' })) {
    if (typeof body[name] !== type || body[name] === '') wrong(`a problem without ${name}`);
  }
  if (body.status !== status || body.type !== `/problems/${body.code}`) wrong('a problem that contradicts itself');
  if (code && body.code !== code) wrong(`the code ${code} was expected`);
  return body;
}
