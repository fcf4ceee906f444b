// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the instance's mail catcher has caught.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readMail } from '../../conf/mail.mjs';
import { demo, until } from './instance.mjs';

const folder = join(demo.mail.maildir, 'new');

// All mails since a time (ms), oldest first, at: when each arrived. `to` is an
// envelope address, `about` a part of the subject or text.
export function caught({ to, since = 0, about } = {}) {
  return readdirSync(folder).sort().map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .filter(({ at }) => at >= since)
    .map(({ path, at }) => ({ at, ...readMail(readFileSync(path)) }))
    .filter((mail) => !to || mail.headers['delivered-to'].split('\n').includes(to))
    .filter((mail) => !about || `${mail.subject}\n${mail.text}`.includes(about));
}

// Waits until there are `count` of them.
export function mails({ count = 1, timeout = 5000, ...wanted }) {
  return until(`${count} mail(s) ${JSON.stringify(wanted)}`, () => {
    const found = caught(wanted);
    return found.length >= count && found;
  }, timeout);
}
