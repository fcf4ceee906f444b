// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A server of calendar feeds, over https with the instance's own certificate, which
// `sportello hosts` of the test instance trusts (tests/run).
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { state } from './instance.mjs';

export const event = (...lines) => `BEGIN:VEVENT\r\n${lines.map((l) => `${l}\r\n`).join('')}END:VEVENT\r\n`;
export const day = (date, name, ...more) => event(`DTSTART;VALUE=DATE:${date}`, `SUMMARY:${name}`, ...more);
export const calendar = (...events) => `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Days//EN\r\n${events.join('')}END:VCALENDAR\r\n`;

// → { url, status, headers, body (text, or a function of the response), asked (grows), close() }
export async function startFeed() {
  const self = { status: 200, headers: {}, body: calendar(), asked: [] };
  const server = createServer({ key: readFileSync(`${state}/tls/server.key`), cert: readFileSync(`${state}/tls/server.pem`) }, (request, answer) => {
    self.asked.push({ path: request.url, headers: request.headers });
    answer.writeHead(self.status, { 'Content-Type': 'text/calendar', ...self.headers });
    if (typeof self.body === 'function') self.body(answer);
    else answer.end(self.body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  self.url = `https://localhost:${server.address().port}/days.ics`;
  self.close = () => { server.closeAllConnections(); server.close(); };
  return self;
}
