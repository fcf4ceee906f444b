// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the instance's mail catcher has caught.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readMail } from '../../conf/mail.mjs';
import { demo, until } from './instance.mjs';

const folder = join(demo.mail.maildir, 'new');

const known = new Map();
// A mail's file and time. There are thousands, and they stay as they are.
function arrived(name) {
  if (!known.has(name)) {
    const path = join(folder, name);
    known.set(name, { path, at: statSync(path).mtimeMs });
  }
  return known.get(name);
}

// All mails since a time (ms), oldest first, at: when each arrived. `to` is an
// envelope address, `about` a part of the subject or text.
export function caught({ to, since = 0, about } = {}) {
  return readdirSync(folder).sort().map(arrived)
    .filter(({ at }) => at >= since)
    .map(({ path, at }) => ({ at, ...readMail(readFileSync(path)) }))
    .filter((mail) => !to || mail.headers['delivered-to'].split('\n').includes(to))
    .filter((mail) => !about || `${mail.subject}\n${mail.text}`.includes(about));
}

// Waits until there are `count` of them.
export function mails({ count = 1, timeout, ...wanted }) {
  return until(`${count} mail(s) ${JSON.stringify(wanted)}`, () => {
    const found = caught(wanted);
    return found.length >= count && found;
  }, timeout);
}
