// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the instance's mail catcher has caught.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readMail } from '../../conf/mail.mjs';
import { demo, psql, state, until } from './instance.mjs';

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

// What keeps mails back, for who reads that one did not come.
async function backlog() {
  const rows = await psql('postgres', `select json_build_object('events', (select json_agg(q) from (select tenant_id, event_id, not_before from app.event_queue limit 5) q),
    'mails', (select json_agg(d) from (select tenant_id, event_id, email, state, attempts, answer, next_try_at from app.deliveries where next_try_at > now() - interval '1 minute' or state = 1 order by id desc limit 8) d))`);
  const log = readFileSync(`${state}/log/master.log`, 'utf8').split('\n').filter((line) => /error|server down|later|put off/.test(line)).slice(-5);
  return `${rows}\n${log.join('\n')}`.slice(0, 4000);
}

// Waits until there are `count` of them.
export async function mails({ count = 1, timeout, ...wanted }) {
  try {
    return await until(`${count} mail(s) ${JSON.stringify(wanted)}`, () => {
      const found = caught(wanted);
      return found.length >= count && found;
    }, timeout);
  } catch (error) {
    error.message += `\n${await backlog()}`;
    throw error;
  }
}
