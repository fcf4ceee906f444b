// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What people hold in their hands: an authenticator app, and a passkey.
import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

// The code of a secret (base32) at a time; `later` half minutes behind it.
export function totp(spelled, later = 0, now = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...spelled.replaceAll(' ', '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30000) + later));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

const sha256 = (data) => createHash('sha256').update(data).digest();
const base64 = (data) => Buffer.from(data).toString('base64url');
const head = (major, n) => Buffer.from(n < 24 ? [major << 5 | n] : n < 256 ? [major << 5 | 24, n] : [major << 5 | 25, n >> 8, n & 255]);
const bytes = (b) => Buffer.concat([head(2, b.length), b]);
const text = (s) => Buffer.concat([head(3, Buffer.byteLength(s)), Buffer.from(s)]);
const map = (...pairs) => Buffer.concat([head(5, pairs.length), ...pairs.flat()]);

// Keys made anew by their PEM: node 20 stops for ever when it collects what made a
// key while that key is being exported.
export function newPair(type, options = {}) {
  const pem = generateKeyPairSync(type, { ...options, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  return { publicKey: createPublicKey(pem.publicKey), privateKey: createPrivateKey(pem.privateKey) };
}

// A passkey of one host, as a browser at `origin` uses it. What is given to
// make() and show() beside the challenge makes it wrong.
export function passkey(origin) {
  const { publicKey, privateKey } = newPair('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(16);
  const cose = Buffer.concat([Buffer.from('a501020326200121', 'hex'), bytes(Buffer.from(x, 'base64url')), Buffer.from([0x22]), bytes(Buffer.from(y, 'base64url'))]);
  let uses = 0;
  const said = (type, challenge, wrong) => Buffer.from(JSON.stringify({ type: `webauthn.${type}`, challenge, origin, crossOrigin: false, ...wrong }));
  const data = (flags, rest, { host = new URL(origin).hostname, count = ++uses } = {}) => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(count);
    return Buffer.concat([sha256(host), Buffer.from([flags]), number, rest]);
  };
  return {
    id: base64(id),
    // The challenge as the server wrote it: text.
    make(challenge, { client, ...wrong } = {}) {
      const d = data(0x45, Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]), wrong);
      return {
        client_data: base64(said('create', base64(challenge), client)),
        attestation: base64(map([text('fmt'), text('none')], [text('attStmt'), map()], [text('authData'), bytes(d)])),
      };
    },
    // The challenge in base64url.
    show(challenge, { client, ...wrong } = {}) {
      const c = said('get', challenge, client), d = data(0x05, Buffer.alloc(0), wrong);
      return {
        credential: base64(id), client_data: base64(c), data: base64(d),
        signature: base64(sign('sha256', Buffer.concat([d, sha256(c)]), privateKey)),
      };
    },
  };
}
