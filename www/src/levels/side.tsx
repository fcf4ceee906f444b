/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Beside a ticket: its priority, with the table that says what it means. */
import { useState } from 'preact/hooks';
import { boot } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { LevelProps } from '../ui/level';
import { Prio } from '../ui/parts';
import { Choose } from './choose';
import { ClockChip } from './clock';
import { Explain } from './explain';

export default function Side({ page, r }: LevelProps) {
  const of = page.ticket;
  const desk = !boot.portal.account;
  const [open, setOpen] = useState<'choose' | 'explain' | null>(null);
  const close = () => { setOpen(null); requestAnimationFrame(() => document.getElementById(`level-${open}`)?.focus()); };
  const clocks = of.level?.clocks ?? [];
  const promised = of.level?.promised;
  return (
    <section class="side-part levels-side" aria-labelledby="level-title">
      <h2 id="level-title">{t('levels.title')}</h2>
      {!desk && <p>{t('levels.priority')}: {of.priority ? <Prio priority={of.priority} text={t(`priority.${of.priority}`)} /> : <span class="muted">{t('levels.unset')}</span>}</p>}
      {promised && <p>{t(`levels.promise.${promised.kind}`)} <time dateTime={promised.due}>{dateTime(promised.due)}</time></p>}
      {clocks.length > 0 && (
        <>
          <dl class="levels-clocks">{clocks.map((c) => <div key={c.kind}><dt>{t(`levels.kind.${c.kind}`)}</dt><dd><ClockChip of={c} /></dd></div>)}</dl>
          <p><button class="link" type="button" id="level-explain" onClick={() => setOpen('explain')}>{t('levels.explain')}</button></p>
        </>
      )}
      {desk && of.can.edit && of.form?.can.priority !== false && (
        <p><button class="btn btn-wide" type="button" id="level-choose" onClick={() => setOpen('choose')}>{t('levels.choose')}</button></p>
      )}
      <p><a class="link" href={`${desk ? '/agent' : ''}/service-level?ticket=${of.number}`}>{t('levels.see')}</a></p>
      {open === 'choose' && <Choose page={page} r={r} onClose={close} />}
      {open === 'explain' && <Explain number={of.number} onClose={close} />}
    </section>
  );
}
