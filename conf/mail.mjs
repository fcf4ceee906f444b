// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reads one e-mail message: headers, text part, HTML part. For messages that
// we write ourselves (the catcher's page, the tests), so it throws at what is
// not as it should be instead of guessing.

const encodings = {
  '7bit': (raw) => raw,
  '8bit': (raw) => raw,
  'quoted-printable': (raw) => Buffer.from(raw.toString('latin1')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1'),
  base64: (raw) => Buffer.from(raw.toString('latin1'), 'base64'),
};

function text(raw, charset) {
  return new TextDecoder(charset || 'utf-8', { fatal: true }).decode(raw);
}

// RFC 2047: =?utf-8?B?…?= and =?utf-8?Q?…?=; white space between two is none.
export function decodeWords(value) {
  return value
    .replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi, (_, charset, kind, body) => text(
      kind.toUpperCase() === 'B' ? Buffer.from(body, 'base64')
        : encodings['quoted-printable'](Buffer.from(body.replace(/_/g, ' '), 'latin1')), charset));
}

function split(raw) {
  const at = /\r?\n\r?\n/.exec(raw.toString('latin1'));
  if (!at) throw new Error('a message without an end of its headers');
  const headers = {};
  let name = '';
  for (const line of raw.subarray(0, at.index).toString('utf8').split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) {
      headers[name] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`not a header: ${line}`);
    name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}\n${value}` : value;
  }
  return { headers, body: raw.subarray(at.index + at[0].length) };
}

function parameter(value, name) {
  const found = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(value ?? '');
  return found ? found[1] ?? found[2] : undefined;
}

function parts({ headers, body }, found) {
  const type = headers['content-type'] ?? 'text/plain';
  const kind = type.split(';')[0].trim().toLowerCase();
  if (kind.startsWith('multipart/')) {
    const boundary = `--${parameter(type, 'boundary')}`;
    const pieces = body.toString('latin1').split(new RegExp(`(?:^|\\r?\\n)${boundary.replace(/[^A-Za-z0-9]/g, '\\$&')}(--)?[ \\t]*(?:\\r?\\n|$)`));
    if (pieces.length < 5 || !pieces.includes('--')) throw new Error('a multipart body without its parts');
    // Odd places hold the capture of the closing boundary.
    for (let i = 2; i < pieces.length && pieces[i - 1] === undefined; i += 2) {
      parts(split(Buffer.from(pieces[i], 'latin1')), found);
    }
    return found;
  }
  const decode = encodings[(headers['content-transfer-encoding'] ?? '7bit').toLowerCase()];
  if (!decode) throw new Error(`unknown encoding ${headers['content-transfer-encoding']}`);
  const content = decode(body);
  found.push({ type: kind, headers, content: kind.startsWith('text/') ? text(content, parameter(type, 'charset')) : content });
  return found;
}

// { headers (lower case names, words decoded), from, to, subject, text, html, parts, raw }
export function readMail(raw) {
  const message = split(raw);
  const found = parts(message, []);
  const headers = Object.fromEntries(Object.entries(message.headers).map(([k, v]) => [k, decodeWords(v)]));
  const of = (type) => found.find((p) => p.type === type)?.content;
  return { headers, from: headers.from, to: headers.to, subject: headers.subject, text: of('text/plain'), html: of('text/html'), parts: found, raw };
}
