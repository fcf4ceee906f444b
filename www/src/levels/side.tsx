/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Beside a ticket: its priority, with the table that says what it means. */
import { useState } from 'preact/hooks';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import type { LevelProps } from '../ui/level';
import { Prio } from '../ui/parts';
import { Choose } from './choose';

export default function Side({ page, r }: LevelProps) {
  const of = page.ticket;
  const desk = !boot.portal.account;
  const [open, setOpen] = useState(false);
  const close = () => { setOpen(false); requestAnimationFrame(() => document.getElementById('level-choose')?.focus()); };
  return (
    <section class="side-part levels-side" aria-labelledby="level-title">
      <h2 id="level-title">{t('levels.title')}</h2>
      {!desk && <p>{t('levels.priority')}: {of.priority ? <Prio priority={of.priority} text={t(`priority.${of.priority}`)} /> : <span class="muted">{t('levels.unset')}</span>}</p>}
      {desk && of.can.edit && of.form?.can.priority !== false && (
        <p><button class="btn btn-wide" type="button" id="level-choose" onClick={() => setOpen(true)}>{t('levels.choose')}</button></p>
      )}
      <p><a class="link" href={`${desk ? '/agent' : ''}/service-level?ticket=${of.number}`}>{t('levels.see')}</a></p>
      {open && <Choose page={page} r={r} onClose={close} />}
    </section>
  );
}
