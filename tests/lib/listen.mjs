// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Listens as a browser does: server-sent events of /api/live.
import https from 'node:https';
import { port } from './instance.mjs';

// → { status, hints (grows), ended (null, or when), close() }, as soon as the
// answer begins.
export function listen({ host, cookie }, { lastEventId, path = '/api/live' } = {}) {
  const ear = { status: 0, hints: [], ended: null, lastEventId };
  return new Promise((resolve, reject) => {
    const sent = https.request({
      host: '127.0.0.1', port: port.https, path, rejectUnauthorized: false, servername: host, agent: false,
      headers: { Host: `${host}:${port.https}`, Accept: 'text/event-stream', ...(cookie ? { Cookie: cookie } : {}), ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}) },
    }, (answer) => {
      let rest = '';
      ear.status = answer.statusCode;
      ear.headers = answer.headers;
      answer.setEncoding('utf8');
      answer.on('data', (text) => {
        rest += text;
        for (let at; (at = rest.indexOf('\n\n')) >= 0; rest = rest.slice(at + 2)) {
          for (const line of rest.slice(0, at).split('\n')) {
            if (line.startsWith('data: ')) ear.hints.push(JSON.parse(line.slice(6)));
            if (line.startsWith('id: ')) ear.lastEventId = line.slice(4);
          }
        }
      });
      for (const end of ['end', 'error', 'close']) answer.on(end, () => { ear.ended ??= Date.now(); });
      resolve(ear);
    });
    sent.on('error', (e) => (ear.status ? undefined : reject(e)));
    ear.close = () => sent.destroy();
    sent.end();
  });
}
