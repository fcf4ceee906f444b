/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One setting's value: in words, and as the control to choose it. */
import { boot } from '../lib/boot';
import { say, type Texts } from '../forms/data';
import { maybe, t } from '../lib/i18n';

export type Kind = 'flag' | 'choice' | 'roles' | 'added_roles' | 'words' | 'types' | 'number' | 'domains';
export interface From { kind: 'portal' | 'account' | 'tenant'; name: string }
export interface Setting {
  name: string;
  kind: Kind;
  choices: string[] | null;
  /** Where the tenant names them. */
  names?: Record<string, Texts> | null;
  value: string;
  own: boolean;
  inherited: { value: string; from: From | null };
  /** What is set above and holds in any case, nearest first. */
  floor: { value: string; from: From }[] | null;
  can: boolean;
}

/** What is needed to put a value into words. */
type Kinded = Pick<Setting, 'name' | 'kind' | 'names'>;

const isRoles = (s: Kinded) => s.kind === 'roles' || s.kind === 'added_roles';
const words = (value: string) => value.split(' ').filter(Boolean);
export const languageName = (tag: string) => new Intl.DisplayNames([boot.lang], { type: 'language' }).of(tag) ?? tag;
export const label = (name: string) => maybe(`settings.${name}`) ?? name;

function choiceText(s: Kinded, choice: string): string {
  if (s.kind === 'words') return languageName(choice);
  const own = s.names?.[choice];
  if (own) return say(own);
  return maybe(isRoles(s) ? `settings.role.${choice}` : `settings.${s.name}.${choice}`) ?? choice;
}

export function valueText(s: Kinded, value: string): string {
  if (s.kind === 'flag') return value === 'yes' ? t('settings.yes') : t('settings.no');
  if (s.kind === 'number') return new Intl.NumberFormat(boot.lang).format(Number(value));
  if (s.kind === 'choice') return choiceText(s, value);
  const list = words(value).map((w) => (s.kind === 'domains' ? w : choiceText(s, w)));
  return list.length ? new Intl.ListFormat(boot.lang, { type: 'conjunction' }).format(list) : t('settings.none');
}

interface Props { setting: Setting; value: string; onChange: (value: string) => void; fault: string | undefined }

/** Several of the choices, in the order of the list. */
function Boxes({ setting, value, onChange }: Props) {
  const chosen = new Set(words(value));
  const kept = new Set(setting.floor ? words(setting.inherited.value) : []);
  const set = (choice: string, on: boolean) => {
    if (on) chosen.add(choice);
    else chosen.delete(choice);
    onChange((setting.choices ?? []).filter((c) => chosen.has(c)).join(' '));
  };
  return (
    <>
      {(setting.choices ?? []).map((c) => (
        <label class="check" key={c}>
          <input type="checkbox" checked={chosen.has(c)} disabled={kept.has(c)} onChange={(e) => set(c, e.currentTarget.checked)} />
          {choiceText(setting, c)}
        </label>
      ))}
    </>
  );
}

export function Control(props: Props) {
  const { setting: s, value, onChange, fault } = props;
  const told = { 'aria-invalid': fault ? true : undefined, 'aria-describedby': fault ? `${s.name}-help ${s.name}-fault` : `${s.name}-help` };
  if (isRoles(s) || s.kind === 'words' || s.kind === 'types') {
    return <fieldset class="field" {...told}><legend class="visually-hidden">{label(s.name)}</legend><Boxes {...props} /></fieldset>;
  }
  if (s.kind === 'flag' || s.kind === 'choice') {
    const choices = s.kind === 'flag' ? ['yes', 'no'] : s.choices ?? [];
    return (
      <select class="input" aria-labelledby={`${s.name}-label`} {...told} value={value} onChange={(e) => onChange(e.currentTarget.value)}>
        {choices.map((c) => <option key={c} value={c}>{s.kind === 'flag' ? valueText(s, c) : choiceText(s, c)}</option>)}
      </select>
    );
  }
  const number = s.kind === 'number';
  return (
    <input class="input" dir="ltr" autocomplete="off" inputMode={number ? 'numeric' : undefined} aria-labelledby={`${s.name}-label`} {...told}
      value={value} onInput={(e) => onChange(e.currentTarget.value)} />
  );
}

/** As the server stores it: of roles, what is added here. */
export function tidy(s: Setting, value: string): string {
  if (s.kind === 'domains') return words(value.toLowerCase().replace(/[,;\s]+/g, ' ')).join(' ');
  if (s.kind !== 'added_roles') return value.trim();
  const above = words(s.inherited.value);
  return words(value).filter((w) => !above.includes(w)).join(' ');
}
