/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The end of a ticket: closing it, opening it again, what one thinks of the answer. */
import { useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { me } from '../lib/boot';
import { t } from '../lib/i18n';
import { forgetLists, type Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { nameOf, type Rating } from './data';

const SCORES = [1, 2, 3, 4, 5] as const;

/** One to five, and words; the last ones count. */
function Rate({ number, mine, onDone }: { number: number; mine: Rating | undefined; onDone: () => void }) {
  const [score, setScore] = useState(mine?.score ?? 0);
  const [words, setWords] = useState(mine?.words ?? '');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (busy) return;
    if (!score) {
      setFault(t('talk.rate.choose'));
      return document.getElementById('rate-1')?.focus();
    }
    setBusy(true);
    setFault('');
    try {
      await api('POST', `/api/tickets/${number}/rating`, { body: { score, words: words.trim() } });
      toast(t('talk.rate.done'));
      onDone();
    } catch (e) {
      setFault(e instanceof Problem ? problemText(e) : t('err.unknown'));
      setBusy(false);
    }
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <fieldset class="field" aria-describedby={fault ? 'rate-fault' : undefined}>
        <legend class="label">{t('talk.rate')}</legend>
        {SCORES.map((n) => (
          <label class="check" key={n}><input type="radio" name="rate" id={`rate-${n}`} checked={score === n} onChange={() => setScore(n)} />{t(`talk.rate.${n}`)}</label>
        ))}
        {fault && <span class="error" id="rate-fault" role="alert"><Icon name="circle-alert" />{fault}</span>}
      </fieldset>
      <div class="field">
        <label for="rate-words">{t('talk.rate.words')}</label>
        <textarea class="input" id="rate-words" rows={3} dir="auto" maxLength={2000} value={words} onInput={(e) => setWords(e.currentTarget.value)} />
      </div>
      <div class="form-end"><button class="btn btn-primary" type="submit" aria-disabled={busy}>{busy ? t('app.sending') : t('talk.rate.send')}</button></div>
    </form>
  );
}

function Ratings({ ratings }: { ratings: Rating[] }) {
  return (
    <dl class="facts">
      <div>
        <dt>{t('talk.ratings')}</dt>
        {ratings.map((r) => (
          <dd key={r.person}><bdi>{nameOf(r.person)}</bdi>: {t(`talk.rate.${r.score}`)}{r.words && <><br /><q dir="auto">{r.words}</q></>}</dd>
        ))}
      </div>
    </dl>
  );
}

export function Closing({ of, ratings, r, onChange }: { of: TicketPage['ticket']; ratings: Rating[]; r: Resource<TicketPage>; onChange: () => void }) {
  const [busy, setBusy] = useState(false);
  const [rating, setRating] = useState(false);
  const done = of.group === 'done';
  const mine = ratings.find((x) => x.person === me.id);
  const act = async (what: 'closing' | 'reopening', said: string) => {
    if (busy) return;
    setBusy(true);
    try {
      await api('POST', `/api/tickets/${of.number}/${what}`, { body: {}, key: `${what}-${of.number}` });
      forgetLists();
      toast(said);
      await r.load(true);
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };
  /* Where it is hidden how a ticket stands, nobody ends it. */
  const own = of.can.share && of.status;
  return (
    <>
      {ratings.length > 0 && <Ratings ratings={ratings} />}
      {own && done && !rating && (
        <button class="btn btn-wide" type="button" id="rate" onClick={() => setRating(true)}>{mine ? t('talk.rate.again') : t('talk.rate')}</button>
      )}
      {rating && <Rate number={of.number} mine={mine} onDone={() => { setRating(false); onChange(); requestAnimationFrame(() => document.getElementById('rate')?.focus()); }} />}
      {own && (of.status === 'solved' || of.status === 'closed') && of.can.reply !== false && (
        <button class="btn btn-wide" type="button" aria-disabled={busy} onClick={() => void act('reopening', t('talk.reopened'))}><Icon name="rotate-cw" />{t('talk.reopen')}</button>
      )}
      {own && of.status !== 'closed' && of.status !== 'closed_escalated' && (
        <button class="btn btn-wide" type="button" aria-disabled={busy} onClick={() => void act('closing', t('talk.closed'))}>
          <Icon name="check" />{t(of.status === 'solved' ? 'talk.close_solved' : 'talk.close_open')}
        </button>
      )}
    </>
  );
}
