/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Words that mean the same to a search of articles: groups of them, by language. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { useOnce, useOne } from '../lib/once';
import { Pick } from '../make/parts';
import { languageName } from '../settings/control';
import { Failed, fieldText, Icon, problemText, Skeleton } from '../ui/parts';
import { wordsOf, type Group, type Words } from './data';

/** One that is being made: of nothing, or of what somebody looked for. */
export interface Begun { n: number; q: string; language: string }

function Form({ of, languages, onSaved, onClose }: { of: Group; languages: string[]; onSaved: (w: Words) => void; onClose: () => void }) {
  const [said, setSaid] = useState(of.words.length === 1 ? `${of.words[0]}, ` : of.words.join(', '));
  const [language, setLanguage] = useState(of.language);
  const [fault, setFault] = useState('');
  const keyFor = useOnce();
  const run = useOne();
  const id = `words-${of.id}`;
  useEffect(() => {
    const input = document.getElementById(`${id}-said`) as HTMLInputElement | null;
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
  }, []);
  const put = (method: 'POST' | 'PATCH' | 'DELETE') => run(async () => {
    setFault('');
    const words = wordsOf(said), body = { language, words };
    try {
      onSaved(method === 'POST' ? await api<Words>('POST', '/api/synonyms', { body, key: keyFor(body) })
        : await api<Words>(method, `/api/synonyms/${of.id}`, method === 'PATCH' ? { body: { words } } : {}));
      announce(t(method === 'DELETE' ? 'searches.words.removed' : 'searches.words.saved'));
      onClose();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      const code = e.errors[0]?.code;
      setFault(code ? maybe(`searches.fault.${code}`) ?? fieldText(code) : problemText(e));
    }
  });
  return (
    <form class="form" noValidate aria-label={t('searches.words')} onSubmit={(e) => { e.preventDefault(); void put(of.id ? 'PATCH' : 'POST'); }}>
      <div class="make-line">
        {!of.id && <Pick id={`${id}-language`} label={t('searches.language')} value={language} options={languages.map((l): [string, string] => [l, languageName(l)])} onChange={setLanguage} />}
        <div class="field searches-said">
          <label for={`${id}-said`}>{t('searches.words.said')}</label>
          <input class="input" id={`${id}-said`} dir="auto" lang={language} maxLength={640} autocomplete="off" aria-describedby={fault ? `${id}-fault words-lead` : 'words-lead'} aria-invalid={fault ? true : undefined} value={said} onInput={(e) => setSaid(e.currentTarget.value)} />
        </div>
      </div>
      {fault && <p class="error" id={`${id}-fault`} role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t('searches.words.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
        {of.id > 0 && <button class="btn btn-ghost" type="button" onClick={() => void put('DELETE')}><Icon name="trash-2" />{t('searches.words.remove')}</button>}
      </div>
    </form>
  );
}

const FIRST = 20;

export function WordsCard({ all, onSaved, problem, retry, begun, onBegun }: {
  all: Words | null; onSaved: (w: Words) => void; problem: Problem | null; retry: () => void; begun: Begun | null; onBegun: (b: Begun | null) => void;
}) {
  const [open, setOpen] = useState<number | null>(null);
  const [whole, setWhole] = useState(false);
  const close = (id: number) => {
    setOpen(null);
    onBegun(null);
    requestAnimationFrame(() => (document.getElementById(`words-open-${id}`) ?? document.getElementById('words-open-0'))?.focus());
  };
  const groups = all?.groups ?? [];
  const shown = whole ? groups : groups.slice(0, FIRST);
  return (
    <section class="card searches-card" aria-labelledby="words">
      <h2 id="words">{t('searches.words')}</h2>
      <p class="muted" id="words-lead">{t('searches.words.lead')}</p>
      {!all ? (problem ? <Failed problem={problem} retry={retry} /> : <Skeleton />) : (
        <>
          {begun
            ? <Form key={begun.n} of={{ id: 0, language: begun.language, words: begun.q ? [begun.q] : [] }} languages={[...new Set([begun.language, ...all.languages])]} onSaved={onSaved} onClose={() => close(0)} />
            : <p><button class="btn" type="button" id="words-open-0" onClick={() => { setOpen(null); onBegun({ n: 0, q: '', language: all.languages.includes(boot.lang) ? boot.lang : all.languages[0] ?? 'en' }); }}><Icon name="plus" />{t('searches.words.add')}</button></p>}
          {groups.length === 0 ? <p class="muted">{t('searches.words.none')}</p> : (
            <ul class="make-list" role="list">
              {shown.map((g) => (
                <li key={g.id}>
                  <div class="make-row">
                    <span class="grow"><bdi lang={g.language}>{g.words.join(', ')}</bdi><small class="muted"><bdi>{languageName(g.language)}</bdi></small></span>
                    <button class="btn" type="button" id={`words-open-${g.id}`} aria-expanded={open === g.id} aria-label={t('make.change.what', { what: g.words[0] ?? '' })} onClick={() => { onBegun(null); setOpen(open === g.id ? null : g.id); }}>{t('make.change')}</button>
                  </div>
                  {open === g.id && <div class="make-body"><Form of={g} languages={all.languages} onSaved={onSaved} onClose={() => close(g.id)} /></div>}
                </li>
              ))}
            </ul>
          )}
          {shown.length < groups.length && <p><button class="btn" type="button" onClick={() => setWhole(true)}>{t('app.more')}</button></p>}
        </>
      )}
    </section>
  );
}
