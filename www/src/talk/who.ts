/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Why somebody can't join a ticket or be mentioned in it, in sentences that name them. */
import type { Meant } from '../lib/draft';
import { t } from '../lib/i18n';
import type { FieldError } from '../lib/types';
import { fieldText } from '../ui/parts';

/* What the server takes (sql/functions/shares.sql, mentions.sql). */
const MOST = { cc: 20, mentions: 10 };

export function sentence(f: FieldError, invite: boolean): string {
  const who = f.name ?? f.detail ?? '';
  if (f.code === 'not_allowed') return t('share.not_allowed', { who });
  if (f.code === 'not_at_desk') return t('share.not_at_desk', { who });
  if (f.code === 'outside') return `${t('share.outside', { who })}${invite ? '' : ` ${t('share.outside.ask')}`}`;
  if (f.code === 'members') return t('share.members', { who });
  if (f.code === 'stronger') return t('share.stronger', { who });
  if (f.code === 'wait') return t('share.wait', { who });
  if (f.code === 'too_many') return f.field === 'mentions' ? t('share.most_mentions', { most: MOST.mentions }) : t('share.most', { most: MOST.cc });
  return f.code === 'email' ? t('share.email', { who }) : fieldText(f.code);
}

/** Of a text that mentions people: the server names nobody whom its author may not know, but they did. */
export function refused(errors: FieldError[], meant: Meant[], note: boolean): string {
  return errors.map((f) => {
    const name = f.name ?? meant.find((m) => String(m.id) === f.detail)?.name ?? null;
    return note && f.code === 'outside' ? t('talk.mention.staff', { who: name ?? '' }) : sentence({ ...f, name }, true);
  }).join(' ');
}
