/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What support access is made of: which portals, and until when. */
import { t } from '../lib/i18n';
import { endOfDay } from '../lib/zone';

export interface PortalRef { id: number; name: string; top: boolean }
export interface Scope { kind: 'top' | 'some' | 'all'; chosen: number[] }
export interface End { kind: 'hour' | 'hours' | 'tomorrow' | 'week' | 'date'; date: string }

/** As the API takes it. */
export const scopeText = (s: Scope) => (s.kind === 'some' ? s.chosen.join(' ') : s.kind);

export function scopeOf(portals: PortalRef[] | null): Scope {
  if (!portals) return { kind: 'all', chosen: [] };
  return portals.length === 1 && portals[0]?.top ? { kind: 'top', chosen: [] } : { kind: 'some', chosen: portals.map((p) => p.id) };
}

/** The names of what is open. */
export const scopeNames = (portals: PortalRef[] | null) => (portals ? portals.map((p) => p.name).join(', ') : t('access.scope.all'));

const HOUR = 3_600_000;

/** The moment, as RFC 3339; null while no day is chosen. */
export function endText(e: End, now = new Date()): string | null {
  if (e.kind === 'hour') return new Date(now.getTime() + HOUR).toISOString();
  if (e.kind === 'hours') return new Date(now.getTime() + 4 * HOUR).toISOString();
  if (e.kind === 'week') return new Date(now.getTime() + 7 * 24 * HOUR).toISOString();
  const day = endOfDay(e.kind === 'date' ? e.date : 1, now);
  return Number.isNaN(day.getTime()) ? null : day.toISOString();
}

export function ScopeField({ id, portals, value, onChange, fault }: { id: string; portals: PortalRef[]; value: Scope; onChange: (s: Scope) => void; fault?: string | undefined }) {
  const kinds = portals.length > 1 ? ['top', 'some', 'all'] as const : ['all'] as const;
  const toggle = (p: number, on: boolean) => onChange({ kind: 'some', chosen: on ? [...value.chosen, p] : value.chosen.filter((c) => c !== p) });
  return (
    <fieldset class="field" aria-describedby={fault ? `${id}-fault` : undefined}>
      <legend class="label">{t('access.scope')}</legend>
      <ul class="contacts" role="list">
        {kinds.map((k) => (
          <li key={k}>
            <label class="check"><input type="radio" name={`${id}-scope`} checked={value.kind === k || kinds.length === 1} onChange={() => onChange({ ...value, kind: k })} />{t(`access.scope.${k}`)}</label>
            {k === 'some' && value.kind === 'some' && (
              <ul role="list">
                {portals.filter((p) => !p.top).map((p) => (
                  <li key={p.id}><label class="check"><input type="checkbox" checked={value.chosen.includes(p.id)} onChange={(e) => toggle(p.id, e.currentTarget.checked)} /><bdi>{p.name}</bdi></label></li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {fault && <span class="error" id={`${id}-fault`}>{fault}</span>}
    </fieldset>
  );
}

export function EndField({ id, most, value, onChange, fault }: { id: string; most: number; value: End; onChange: (e: End) => void; fault?: string | undefined }) {
  const kinds: End['kind'][] = ['hour', 'hours'];
  if (most >= 2) kinds.push('tomorrow');
  if (most >= 7) kinds.push('week');
  kinds.push('date');
  const last = new Date(Date.now() + most * 24 * HOUR).toISOString().slice(0, 10);
  return (
    <div class="field">
      <label for={`${id}-end`}>{t('access.end')}</label>
      <select class="input" id={`${id}-end`} value={value.kind} onChange={(e) => onChange({ ...value, kind: e.currentTarget.value as End['kind'] })}>
        {kinds.map((k) => <option key={k} value={k}>{t(`access.end.${k}`)}</option>)}
      </select>
      {value.kind === 'date' && (
        <input class="input" type="date" aria-label={t('access.end.date')} required min={new Date().toISOString().slice(0, 10)} max={last} value={value.date}
          onInput={(e) => onChange({ ...value, date: e.currentTarget.value })} />
      )}
      <span class="hint">{t('access.end.hint', { n: most })}</span>
      {fault && <span class="error" id={`${id}-end-fault`}>{fault}</span>}
    </div>
  );
}
