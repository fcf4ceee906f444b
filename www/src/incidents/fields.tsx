/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The questions that several forms of service status ask. */
import { say } from '../forms/data';
import { t } from '../lib/i18n';
import { wall, zoned } from '../lib/zone';
import { Pick } from '../make/parts';
import { Icon } from '../ui/parts';
import type { Component, Kept } from './data';

export function Moment({ id, label, value, onChange }: { id: string; label: string; value: string | null; onChange: (iso: string | null) => void }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input class="input" id={id} type="datetime-local" value={value ? wall(value) : ''} onChange={(e) => onChange(e.currentTarget.value ? zoned(e.currentTarget.value) : null)} />
    </div>
  );
}

/** Everywhere, or at some portals and those below. */
export function Portals({ id, kept, value, onChange }: { id: string; kept: Kept; value: number[]; onChange: (ids: number[]) => void }) {
  const name = (n: number) => kept.portals.find((p) => p.id === n)?.name ?? String(n);
  const free = kept.portals.filter((p) => !value.includes(p.id));
  return (
    <fieldset class="field">
      <legend class="label">{t('incidents.portals')}</legend>
      {value.length ? (
        <ul class="release-items" role="list">
          {value.map((n) => (
            <li class="make-row" key={n}>
              <span class="grow"><bdi>{name(n)}</bdi></span>
              <button class="btn btn-icon" type="button" aria-label={t('incidents.portal.remove', { name: name(n) })} onClick={() => { onChange(value.filter((x) => x !== n)); document.getElementById(id)?.focus(); }}><Icon name="x" /></button>
            </li>
          ))}
        </ul>
      ) : <p class="muted">{t('incidents.everywhere')}</p>}
      {value.length < 50 && free.length > 0 && (
        <Pick id={id} label={t('incidents.portal.add')} value="" onChange={(v) => { if (v) onChange([...value, Number(v)]); }}
          options={[['', '–'], ...free.map((p): [string, string] => [String(p.id), p.name])]} />
      )}
    </fieldset>
  );
}

/** The components in the order of their tree. */
export const inTree = (all: Component[]): Component[] => all.filter((c) => !c.parent).flatMap((c) => [c, ...all.filter((p) => p.parent === c.id)]);

export function Components({ kept, value, onChange }: { kept: Kept; value: number[]; onChange: (ids: number[]) => void }) {
  if (!kept.components.length) return null;
  return (
    <fieldset class="field">
      <legend class="label">{t('incidents.components')}</legend>
      <div class="pick-items">
        {inTree(kept.components).map((c) => (
          <label class={c.parent ? 'check service-sub' : 'check'} key={c.id}>
            <input type="checkbox" checked={value.includes(c.id)} onChange={(e) => onChange(e.currentTarget.checked ? [...value, c.id] : value.filter((x) => x !== c.id))} /><bdi>{say(c.names)}</bdi>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
