/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A line of the log: what a rule did, and why. */
import { boot } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import type { About, Run } from './data';
import { actionWords, fieldName, valueName } from './words';

/** Why something could not be done: of what a field refuses, what its form would say. */
const trouble = (word: string | undefined): string => (word && (maybe(`rules.trouble.${word}`) ?? maybe(`err.field.${word}`))) || t('rules.trouble.other');

export function RunLine({ of, about }: { of: Run; about: Pick<About, 'choices' | 'languages'> }) {
  const list = (parts: string[]) => new Intl.ListFormat(boot.lang, { type: 'conjunction' }).format(parts);
  const given = (field: string, v: Run['why'][number]['given']) => (Array.isArray(v) ? v : [v]).map((x) => valueName(field, x, about)).join(', ');
  return (
    <>
      <p>{t(`rules.outcome.${of.outcome}`)}{of.outcome === 'failed' && `: ${trouble(of.did[0]?.fault)}`}</p>
      {of.did.length > 0 && of.outcome === 'ran' && (
        <ul role="list" class="rule-did">
          {of.did.map((d, n) => <li key={n}><Icon name={d.what === 'refused' ? 'x' : 'check'} />{d.do ? actionWords(d.do, about) : ''}{d.what === 'same' && ` · ${t('rules.did.same')}`}{d.what === 'nobody' && ` · ${t('rules.did.nobody')}`}{d.what === 'refused' && ` · ${t('rules.did.refused')}: ${trouble(d.fault)}`}</li>)}
        </ul>
      )}
      {of.why.length > 0 && <p class="muted"><small>{t('rules.why', { list: list(of.why.map((w) => `${fieldName(w.field, about.choices)} = ${given(w.field, w.given)}`)) })}</small></p>}
    </>
  );
}
