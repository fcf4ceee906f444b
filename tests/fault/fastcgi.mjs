// SPDX-License-Identifier: AGPL-3.0-or-later
//
// FastCGI as a web server speaks it, to a worker's socket: for what nginx
// would never send.
import { connect } from 'node:net';

const BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6;

function record(type, content = Buffer.alloc(0)) {
  const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([head, content]);
}
export const begin = (keep = false) => record(BEGIN, Buffer.from([0, 1, keep ? 1 : 0, 0, 0, 0, 0, 0]));
const length = (n) => (n < 128 ? Buffer.from([n]) : Buffer.from([0x80 | n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255]));
export function params(values) {
  const pairs = Object.entries(values).flatMap(([name, value]) => [name, String(value)].map((s) => Buffer.from(s)))
    .reduce((list, bytes, i, all) => (i % 2 ? [...list, length(all[i - 1].length), length(bytes.length), all[i - 1], bytes] : list), []);
  return Buffer.concat([record(PARAMS, Buffer.concat(pairs)), record(PARAMS)]);
}
export const stdin = (bytes) => record(STDIN, Buffer.from(bytes));
export const stdinEnd = () => record(STDIN);

// A whole request.
export const whole = (values, body = '', { keep = false } = {}) => Buffer.concat([
  begin(keep), params({ CONTENT_LENGTH: Buffer.byteLength(body), ...values }), ...(body.length ? [stdin(body)] : []), stdinEnd(),
]);

// Sends bytes and returns what came back until the worker closed:
// { status, text, answers (how many were ended), closed }.
export function talk(path, bytes, { timeout = 8000 } = {}) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let closed = true;
    const socket = connect(path);
    socket.setTimeout(timeout, () => { closed = false; socket.destroy(); });
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error)));
    socket.on('close', () => resolve({ closed, ...read(Buffer.concat(chunks)) }));
  });
}

function read(bytes) {
  const out = [];
  let answers = 0;
  for (let at = 0; at + 8 <= bytes.length;) {
    const [type, n, padding] = [bytes[at + 1], bytes.readUInt16BE(at + 4), bytes[at + 6]];
    if (type === STDOUT) out.push(bytes.subarray(at + 8, at + 8 + n));
    if (type === END) answers++;
    at += 8 + n + padding;
  }
  const text = Buffer.concat(out).toString('utf8');
  return { text, answers, status: Number(/^Status: (\d+)/.exec(text)?.[1] ?? 0) };
}
