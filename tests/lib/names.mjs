// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A name server for tests, over UDP and TCP, that answers what it was told:
//
//   const names = await nameServer();           // names.address: '127.0.0.1:port'
//   names.set('_sportello.shop.example', { TXT: ['a', ['two ', 'pieces']] });
//   names.set('shop.example', { A: ['127.0.0.1'] });
//   names.set('gone.example', { code: 2 });     // SERVFAIL; also { silent: true },
//                                               // { CNAME, … }, { cut: true }, { raw: Buffer }
//
// Other names do not exist; `names.asked` is what was asked for.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const types = { A: 1, CNAME: 5, TXT: 16, AAAA: 28 };
const label = (text) => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
const encoded = (name) => Buffer.concat([...name.split('.').map(label), Buffer.from([0])]);
const u16 = (n) => Buffer.from([n >> 8, n & 255]);

// The name and the type that a packet asks for, and its question's end.
function question(packet) {
  const labels = [];
  let at = 12;
  while (packet[at]) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + packet[at]));
    at += packet[at] + 1;
  }
  return { name: labels.join('.'), type: packet.readUInt16BE(at + 1), end: at + 5 };
}

const data = {
  A: (address) => Buffer.from(address.split('.').map(Number)),
  CNAME: encoded,
  TXT: (pieces) => Buffer.concat([pieces].flat().map(label)),
};

function records(entry, type) {
  const found = Object.keys(types).find((name) => types[name] === type);
  const list = entry[found] ?? [];
  return [...(entry.CNAME ? [['CNAME', entry.CNAME]] : []), ...list.map((value) => [found, value])];
}

function answerTo(packet, entry, overTcp) {
  const { type, end } = question(packet);
  const cut = entry?.cut && !overTcp;
  const list = entry && !cut ? records(entry, type) : [];
  const flags = 0x8180 | (cut ? 0x0200 : 0) | (entry ? entry.code ?? 0 : 3);
  const head = Buffer.concat([packet.subarray(0, 2), u16(flags), u16(1), u16(list.length), u16(0), u16(0)]);
  return Buffer.concat([head, packet.subarray(12, end), ...list.map(([name, value]) => {
    const bytes = data[name](value);
    return Buffer.concat([u16(0xc00c), u16(types[name]), u16(1), Buffer.from([0, 0, 0, 0]), u16(bytes.length), bytes]);
  })]);
}

export async function nameServer() {
  const zone = new Map();
  const asked = [];
  const answer = (packet, overTcp) => {
    const name = question(packet).name.toLowerCase();
    const entry = zone.get(name);
    asked.push(name);
    if (entry?.silent) return null;
    if (entry?.raw) return Buffer.concat([packet.subarray(0, 2), entry.raw]);
    return answerTo(packet, entry, overTcp);
  };

  const tcp = createServer((socket) => {
    let got = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) return;
      const reply = answer(got.subarray(2, 2 + got.readUInt16BE(0)), true);
      got = got.subarray(2 + got.readUInt16BE(0));
      if (reply) socket.write(Buffer.concat([u16(reply.length), reply]));
    });
  });
  await new Promise((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address();
  const udp = createSocket('udp4');
  udp.on('message', (packet, from) => {
    const reply = answer(packet, false);
    if (reply) udp.send(reply, from.port, from.address);
  });
  await new Promise((resolve) => udp.bind(port, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${port}`,
    asked,
    set: (name, entry) => zone.set(name.toLowerCase(), entry),
    remove: (name) => zone.delete(name.toLowerCase()),
    close: () => { udp.close(); tcp.close(); },
  };
}
