// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Small pictures for tests, made by hand.
import { deflateSync } from 'node:zlib';

function crc(bytes) {
  let v = ~0;
  for (const b of bytes) {
    v ^= b;
    for (let k = 0; k < 8; k++) v = (v >>> 1) ^ (v & 1 ? 0xedb88320 : 0);
  }
  return ~v >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

// A PNG of one colour, [r, g, b]; `claims` is what its header says instead of
// the truth, `extra` a text it carries along.
export function png(width, height, colour = [200, 30, 60], { claims, extra } = {}) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(claims?.[0] ?? width, 0);
  head.writeUInt32BE(claims?.[1] ?? height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.concat(Array(width).fill(Buffer.from(colour)))]);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head),
    ...(extra ? [chunk('tEXt', Buffer.from(`Comment\0${extra}`, 'latin1'))] : []),
    chunk('IDAT', deflateSync(Buffer.concat(Array(height).fill(row)))), chunk('IEND', Buffer.alloc(0))]);
}

// Width and height by the header.
export const sizeOf = (file) => [file.readUInt32BE(16), file.readUInt32BE(20)];

export const svg = (inner, attributes = 'viewBox="0 0 80 20"') => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inner}</svg>`);
