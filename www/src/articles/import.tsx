/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What was exported elsewhere, taken in by an administrator: tried first, then done; the report says what is new, and what was refused and why. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { KbNav } from '../ui/kb-nav';
import { Heading } from '../ui/parts';
import { faultText, Refused } from './send';

interface Count { new: number; changed: number; same: number; refused: number }
interface Line { entry: string; code: string; refused: boolean }
interface Report { dry: boolean; done: boolean; refused: number; told: number; counts: Record<string, Count>; lines: Line[] }

/* The database may take ten minutes for a large one, and the line its own time. */
const PATIENCE = 3_600_000;
const KINDS = ['sections', 'articles', 'texts', 'files', 'redirects', 'synonyms'] as const;
const WHAT = ['new', 'changed', 'same', 'refused'] as const;

/** Several reasons are one for whoever reads it. */
const SAME: Record<string, string> = {
  not_zip: 'zip', cut: 'zip', broken: 'zip', split: 'zip', overlap: 'zip', encrypted: 'zip', method: 'zip', read: 'zip', version: 'manifest',
  json: 'shape', key: 'shape', parent: 'target', section: 'target', article: 'target', ratio: 'too_large', flat: 'dropped', sections: 'too_many',
};
const why = (code: string) => maybe(`articles.import.why.${SAME[code] ?? code}`) ?? t('articles.import.why.other');

function Told({ lines }: { lines: Line[] }) {
  return (
    <>
      <h3>{t('articles.import.lines')}</h3>
      <ul class="rule-parts" role="list">
        {lines.map((l, n) => <li key={n}><strong class="rule-help"><bdi>{l.entry || t('articles.import.whole')}</bdi></strong>{why(l.code)}</li>)}
      </ul>
    </>
  );
}

function Counts({ of }: { of: Report }) {
  return (
    <>
      <h3 id="import-counts">{t('articles.import.counts')}</h3>
      <div class="rule-scroll" tabIndex={0} role="region" aria-labelledby="import-counts">
        <table class="rule-table" aria-labelledby="import-counts">
          <thead><tr><td />{WHAT.map((w) => <th key={w} scope="col">{t(`articles.import.is.${w}`)}</th>)}</tr></thead>
          <tbody>{KINDS.map((k) => <tr key={k}><th scope="row">{t(`articles.import.of.${k}`)}</th>{WHAT.map((w) => <td key={w}>{of.counts[k]?.[w] ?? 0}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </>
  );
}

export function ImportPage() {
  const [most] = useState(() => takeRoute<{ most: number }>()?.most ?? 2e9);
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const [tried, setTried] = useState<Report | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const head = useRef<HTMLHeadingElement>(null);
  const run = useOne();
  useEffect(() => { if (tried) head.current?.focus(); }, [tried]);
  const large = file !== null && file.size > most;
  const send = (dry: boolean) => run(async () => {
    if (!file || large) return setWrong(t(file ? 'articles.import.large' : 'articles.import.none'));
    setWrong('');
    setBusy(true);
    try {
      setTried(await api<Report>('POST', `/api/kb/imports?dry=${dry}&over=${over}`, { file, patience: PATIENCE }));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      /* What was refused now and not before: somebody changed something meanwhile. */
      if (e.errors.some((x) => x.field !== 'file' && e.code === 'invalid')) setTried({ dry: true, done: false, refused: e.errors.length, told: 0, counts: tried?.counts ?? {}, lines: e.errors.map((x) => ({ entry: x.field, code: x.code, refused: true })) });
      else setWrong(faultText(e));
    } finally {
      setBusy(false);
    }
  });
  const fine = tried && tried.dry && !tried.refused;
  return (
    <>
      <Heading text={t('articles.import')} />
      <KbNav at="import" />
      <p class="muted">{t('articles.import.lead')}</p>
      <Refused text={wrong} />
      <section class="card">
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void send(true); }}>
          <div class="field">
            <label for="import-file">{t('articles.import.file')}</label>
            <input class="input" id="import-file" type="file" accept=".zip,application/zip" aria-describedby="import-most" onChange={(e) => { setFile(e.currentTarget.files?.[0] ?? null); setTried(null); setWrong(''); }} />
            <p class="muted" id="import-most"><small>{t('articles.import.most')}</small></p>
          </div>
          <label class="check"><input type="checkbox" checked={over} onChange={(e) => { setOver(e.currentTarget.checked); setTried(null); }} /> {t('articles.import.over')}</label>
          <div class="form-end">
            <button class={`btn${fine ? '' : ' btn-primary'}`} type="submit" aria-disabled={busy}>{t('articles.import.try')}</button>
            {fine && <button class="btn btn-primary" type="button" aria-disabled={busy} onClick={() => void send(false)}>{t('articles.import.do')}</button>}
          </div>
          <p role="status">{busy ? t('articles.import.busy') : ''}</p>
        </form>
      </section>
      {tried && (
        <section class="card" aria-labelledby="import-result">
          <h2 id="import-result" ref={head} tabIndex={-1}>
            {tried.done ? t('articles.import.done') : tried.refused ? t('articles.import.refused', { n: tried.refused }) : t('articles.import.fine')}
          </h2>
          {tried.refused > 0 && <p>{t('articles.import.nothing')}</p>}
          {tried.lines.length > 0 && <Told lines={tried.lines} />}
          {tried.refused + tried.told > tried.lines.length && <p class="muted">{t('articles.import.more', { n: tried.refused + tried.told - tried.lines.length })}</p>}
          {Object.keys(tried.counts).length > 0 && <Counts of={tried} />}
        </section>
      )}
    </>
  );
}
