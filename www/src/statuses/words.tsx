/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What each status is called, by agents and by customers, the languages side by side. */
import { useState } from 'preact/hooks';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { STATES } from '../lib/moves';
import type { Status } from '../lib/types';
import { languageName } from '../settings/control';
import { Chip } from '../ui/parts';
import { SIDES, wordIn, type Ours, type Side, type Words } from './data';

interface Props { ours: Ours; languages: string[]; words: Record<Status, Words>; onWords: (status: Status, words: Words) => void; onSave: (status: Status) => Promise<void> }

function Table({ status, of, ours, languages, onWords, onSave }: { status: Status; of: Words } & Omit<Props, 'words'>) {
  const set = (side: Side, lang: string, text: string) => {
    const { [lang]: _, ...rest } = of[side];
    onWords(status, { ...of, [side]: text ? { ...rest, [lang]: text } : rest });
  };
  const all = [...new Set([boot.lang, ...languages, ...SIDES.flatMap((s) => Object.keys(of[s]))])];
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void onSave(status); }}>
      <p class="muted"><small>{t('statuses.words.help', { n: 40 })}</small></p>
      <table class="word-table">
        <thead><tr><th scope="col">{t('statuses.language')}</th>{SIDES.map((s) => <th scope="col" key={s} id={`${status}-${s}`}>{t(`statuses.side.${s}`)}</th>)}</tr></thead>
        <tbody>
          {all.map((lang) => (
            <tr key={lang}>
              <th scope="row" id={`${status}-${lang}`}><bdi>{languageName(lang)}</bdi></th>
              {SIDES.map((side) => (
                <td key={side}>
                  <input class="input" id={`${status}-${side}-${lang}`} dir="auto" autocomplete="off" maxLength={40} aria-labelledby={`${status}-${lang} ${status}-${side}`}
                    placeholder={wordIn(ours, { agents: {}, customers: {} }, side, status, lang)} value={of[side][lang] ?? ''} onInput={(e) => set(side, lang, e.currentTarget.value)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div class="form-end"><button class="btn btn-primary" type="submit">{t('statuses.save')}</button></div>
    </form>
  );
}

export function WordsCard(props: Props) {
  const { ours, words } = props;
  const [open, setOpen] = useState<Status | null>(null);
  return (
    <section class="card" aria-labelledby="words">
      <h2 id="words">{t('statuses.words')}</h2>
      <ul class="make-list" role="list">
        {STATES.map((s) => {
          const name = (side: Side) => wordIn(ours, words[s], side, s, boot.lang);
          return (
            <li key={s}>
              <div class="make-row">
                <span class="grow"><Chip status={s} text={name('agents')} /><small class="muted">{t('statuses.called', { name: name('customers') })}</small></span>
                <button class="btn" type="button" id={`open-${s}`} aria-expanded={open === s} aria-label={t('statuses.change.what', { what: name('agents') })} onClick={() => setOpen(open === s ? null : s)}>{t('statuses.change')}</button>
              </div>
              {open === s && <div class="make-body"><Table status={s} of={words[s]} {...props} /></div>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** As customers read it: the word and the sentence beside it. */
export function PreviewCard({ ours, languages, words }: Omit<Props, 'onWords' | 'onSave'>) {
  const [lang, setLang] = useState(boot.lang);
  return (
    <section class="card" aria-labelledby="preview">
      <h2 id="preview">{t('statuses.preview')}</h2>
      <div class="field">
        <label for="preview-lang">{t('statuses.language')}</label>
        <select class="input" id="preview-lang" value={lang} onChange={(e) => setLang(e.currentTarget.value)}>
          {[...new Set([boot.lang, ...languages])].map((l) => <option key={l} value={l}>{languageName(l)}</option>)}
        </select>
      </div>
      <ul class="word-preview" role="list" lang={lang}>
        {STATES.map((s) => <li key={s}><Chip status={s} text={wordIn(ours, words[s], 'customers', s, lang)} /><span class="muted">{String(ours[lang]?.[`portal.says.${s}`] ?? '')}</span></li>)}
      </ul>
    </section>
  );
}
