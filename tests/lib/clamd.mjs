// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A virus scanner that speaks clamd's protocol (PING, INSTREAM) and finds what it is told to.
import { createServer } from 'node:net';

// → { port, files (what it was given), say (of one: words, '' to hang up, null for silence), close() }
export function clamd(say, port = 0) {
  const scanner = { files: [], say };
  const server = createServer((socket) => {
    let got = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      got = Buffer.concat([got, bytes]);
      if (got.subarray(0, 6).equals(Buffer.from('zPING\0'))) return socket.end('PONG\0');
      const parts = [];
      let at = 10;   // behind zINSTREAM\0
      for (;;) {
        if (got.length < at + 4) return undefined;
        const n = got.readUInt32BE(at);
        if (!n) break;
        if (got.length < at + 4 + n) return undefined;
        parts.push(got.subarray(at + 4, at + 4 + n));
        at += 4 + n;
      }
      const file = Buffer.concat(parts);
      scanner.files.push(file);
      const words = scanner.say(file);
      return words === null ? undefined : socket.end(words && `${words}\0`);
    });
  });
  return new Promise((done) => server.listen(port, '127.0.0.1', () => {
    scanner.port = server.address().port;
    scanner.close = () => new Promise((closed) => { server.close(closed); });
    done(scanner);
  }));
}
