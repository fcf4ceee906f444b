/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A ticket that takes no replies any more: the way to a new one, for what is written already, too. */
import { newKey } from '../lib/api';
import { me } from '../lib/boot';
import { draftName, keepDraft, readDraft } from '../lib/draft';
import { t } from '../lib/i18n';
import { navigate } from '../lib/router';
import type { TicketLink } from '../lib/types';
import { useDraft } from '../ui/draft';
import { Icon } from '../ui/parts';

export function Ended({ number, goesOn }: { number: number; goesOn?: TicketLink | undefined }) {
  const writing = useDraft(draftName(me.id, number, 'reply'));
  const { draft } = writing.state.value;
  const href = `/tickets/new?follows=${number}`;
  const take = () => {
    const name = draftName(me.id, 'new', `follows-${number}`);
    const begun = readDraft(name);
    const body = [begun.body, draft.body].filter(Boolean).join('\n\n');
    const { saved: _, ...rest } = begun;
    keepDraft(name, { ...rest, body, key: newKey(), at: Date.now() });
    /* Not before it is over there. */
    if (readDraft(name).body === body) writing.discard();
    navigate(href);
  };
  return (
    <li class="rail-dot">
      {goesOn
        ? <p class="notice">{t('app.merged')} <a class="link" href={`/t/${goesOn.number}`}>#{goesOn.number} <bdi>{goesOn.title}</bdi></a></p>
        : <><span class="muted">{t('portal.reply.closed')} </span><a href={href}><Icon name="plus" />{t('portal.follow_up')}</a></>}
      {draft.body.trim() && (
        <div class="field">
          <label for="unsent">{t('portal.unsent')}</label>
          <textarea class="input" id="unsent" dir="auto" rows={4} readOnly value={draft.body} />
          <p><button class="btn" type="button" onClick={take}>{t('portal.unsent.take')}</button></p>
        </div>
      )}
    </li>
  );
}
