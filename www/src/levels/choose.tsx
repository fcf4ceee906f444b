/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A priority chosen by its row of the table; another one than is proposed wants a reason. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { holds } from '../lib/boot';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import type { Changed, Priority } from '../lib/types';
import { Pick } from '../make/parts';
import type { LevelProps } from '../ui/level';
import { fieldText, Icon, Prio, problemText, Skeleton } from '../ui/parts';
import { GRADES, KINDS, PRIORITIES, saidTime, type Grade, type Level } from './data';

export function Choose({ page, r, onClose }: LevelProps & { onClose: () => void }) {
  const of = page.ticket;
  const dialog = useRef<HTMLDialogElement>(null);
  const [level, setLevel] = useState<Level | null>(null);
  const [chosen, setChosen] = useState<Priority | null>(of.priority);
  const [was, setWas] = useState(of.priority);
  const [impact, setImpact] = useState<Grade | ''>('');
  const [urgency, setUrgency] = useState<Grade | ''>('');
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('');
  const run = useOne();
  useEffect(() => {
    dialog.current?.showModal();
    api<Level>('GET', `/api/service-level?ticket=${of.number}`).then(setLevel, (e: unknown) => setFault(e instanceof Problem ? problemText(e) : t('err.unknown')));
  }, []);
  const table = level?.table;
  const grid = table?.matrix ?? {};
  const proposed = (impact && urgency ? grid[impact]?.[urgency] : undefined) ?? of.form?.proposal?.priority ?? null;
  const differs = proposed !== null && chosen !== null && chosen !== proposed;
  const grade = (i: Grade | '', u: Grade | '') => {
    setImpact(i);
    setUrgency(u);
    const p = i && u ? grid[i]?.[u] : undefined;
    if (p) setChosen(p);
  };
  const save = () => run(async () => {
    if (chosen === null) return setFault(t('levels.choose.none'));
    if (differs && !reason.trim()) {
      setFault(t('levels.reason.missing'));
      return document.getElementById('level-reason')?.focus();
    }
    setFault('');
    try {
      await api('PATCH', `/api/tickets/${of.number}`, { body: { priority: chosen, was: { priority: was }, ...(differs ? { reason: reason.trim() } : {}), ...holds() } });
      announce(t('levels.chosen', { priority: t(`priority.${chosen}`) }));
      await r.load(true);
      dialog.current?.close();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      const [first] = e.errors;
      /* Once it was read, it may be saved. */
      if (first?.code === 'changed') {
        setWas((first as Changed).now as Priority | null);
        void r.load(true);
        const { who, now } = first as Changed;
        return setFault(t('levels.changed', { name: who?.rule ?? who?.name ?? t('app.somebody'), priority: now ? t(`priority.${now as Priority}`) : t('agent.no_priority') }));
      }
      setFault(first ? fieldText(first.code) : problemText(e));
    }
  });
  const grades = (id: string, label: string, value: Grade | '', set: (g: Grade | '') => void) => (
    <Pick id={id} label={label} value={value} onChange={(v) => set(v as Grade | '')} options={[['', t('levels.open_choice')], ...GRADES.map((g): [string, string] => [g, t(`levels.grade.${g}`)])]} />
  );
  return (
    <dialog class="dialog levels-dialog" ref={dialog} aria-labelledby="choose-title" onClose={onClose}>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <div class="levels-head">
          <h2 id="choose-title">{t('levels.choose.title', { number: of.number })}</h2>
          <button class="btn btn-ghost btn-icon" type="button" title={t('levels.close')} onClick={() => dialog.current?.close()}><Icon name="x" /><span class="visually-hidden">{t('levels.close')}</span></button>
        </div>
        {!table && !fault && <Skeleton />}
        {table && (
          <>
            {Object.keys(grid).length > 0 && (
              <div class="levels-grades">
                {grades('level-impact', t('levels.impact'), impact, (i) => grade(i, urgency))}
                {grades('level-urgency', t('levels.urgency'), urgency, (u) => grade(impact, u))}
              </div>
            )}
            {proposed && <p class="notice" role="status">{t('levels.proposed', { priority: t(`priority.${proposed}`) })}</p>}
            <fieldset class="field levels-rows">
              <legend class="label">{t('levels.priority')}</legend>
              {PRIORITIES.map((p) => {
                const target = table.plans[0]?.targets[p] ?? {};
                return (
                  <label class="check" key={p}>
                    <input type="radio" name="level" value={p} checked={chosen === p} onChange={() => setChosen(p)} />
                    <span>
                      <Prio priority={p} text={t(`priority.${p}`)} />
                      {say(table.priorities[p]?.definition ?? {}) && <span class="levels-text" dir="auto">{say(table.priorities[p]?.definition ?? {})}</span>}
                      <small class="muted">{KINDS.filter((k) => target[k]).map((k) => `${t(`levels.kind.${k}`)}: ${saidTime(target[k] ?? 0)}`).join(' · ') || t('levels.nothing')}</small>
                    </span>
                  </label>
                );
              })}
            </fieldset>
            {differs && (
              <div class="field">
                <label for="level-reason">{t('levels.reason')}</label>
                <span class="hint" id="level-reason-hint">{t('levels.reason.hint')}</span>
                <textarea class="input" id="level-reason" rows={2} dir="auto" maxLength={500} aria-describedby="level-reason-hint" value={reason} onInput={(e) => { setReason(e.currentTarget.value); setFault(''); }} />
              </div>
            )}
            <p class="muted">{t('levels.choose.tells')}</p>
          </>
        )}
        {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
        <div class="form-end">
          {table && <button class="btn btn-primary" type="submit">{t('levels.choose.do')}</button>}
          <button class="btn btn-ghost" type="button" onClick={() => dialog.current?.close()}>{t('app.cancel')}</button>
        </div>
      </form>
    </dialog>
  );
}
