// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files sent as our own client does it: tus 1.0.
import { api } from '../http/world.mjs';

export const metadata = (name) => `filename ${Buffer.from(name).toString('base64')}`;
export const tus = (session, method, path, { headers = {}, body, ...options } = {}) => api(session, method, path, body,
  { key: null, headers: { 'Tus-Resumable': '1.0.0', 'Content-Type': '', ...headers }, ...options });
export const begin = (session, name, size, headers = {}) => tus(session, 'POST', '/api/files',
  { headers: { 'Upload-Length': String(size), 'Upload-Metadata': metadata(name), ...headers } });
export const part = (session, path, offset, bytes, headers = {}, options = {}) => tus(session, 'PATCH', path, { body: bytes,
  headers: { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream', ...headers }, ...options });
export const state = (session, path) => tus(session, 'HEAD', path);

// A whole file; its id.
export async function bring(session, name, bytes) {
  const made = await begin(session, name, bytes.length);
  if (made.status !== 201) throw new Error(`${name}: ${made.status} ${made.text}`);
  const sent = await part(session, made.headers.location, 0, bytes);
  if (sent.status !== 204) throw new Error(`${name}: ${sent.status} ${sent.text}`);
  return made.json.id;
}
