// SPDX-License-Identifier: AGPL-3.0-or-later
//
// ZIP files as a test wants them, right or wrong, and bundles of a knowledge base in them.
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
export const crc32 = (bytes) => {
  let c = 0xffffffff;
  for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};

// Of [name, content] each; what is packed already comes as { packed, size, crc }.
export function zip(entries) {
  const parts = [], directory = [];
  let at = 0;
  for (const [name, content] of entries) {
    const bytes = content.packed ? null : Buffer.from(content);
    const { packed, size, crc } = content.packed ? content : { packed: deflateRawSync(bytes), size: bytes.length, crc: crc32(bytes) };
    const called = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(33, 8);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(called.length, 22);
    parts.push(Buffer.from('PK\x03\x04'), common, called, packed);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, more, called);
    at += 30 + called.length + packed.length;
  }
  const list = Buffer.concat(directory), end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

const sum = (bytes) => createHash('sha256').update(bytes).digest('hex');

// A bundle of these files, with right sums; wrong: names whose sum is another. manifest changes what it says.
export function bundle(files, { wrong = [], manifest = {}, more = [] } = {}) {
  const entries = Object.entries(files);
  const lines = entries.map(([name, content]) => `${wrong.includes(name) ? sum('other') : sum(content.packed ? content.plain : content)}  ${name}\n`).join('');
  const said = { format: 'sportello-kb', version: 1, sums: [{ file: 'sums/00001.sha256', sha256: wrong.includes('sums') ? sum('x') : sum(lines) }], ...manifest };
  return zip([...entries, ['sums/00001.sha256', lines], ['manifest.json', JSON.stringify(said)], ...more]);
}
