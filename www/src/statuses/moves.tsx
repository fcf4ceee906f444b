/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which status may follow which, by role: a grid, gone through by arrow keys too. */
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { STATES } from '../lib/moves';
import type { Status } from '../lib/types';
import { Chip } from '../ui/parts';
import { ROLES, type Kept, type Moves, type Role } from './data';

const EVERY: Moves = Object.fromEntries(STATES.map((from) => [from, STATES.filter((to) => to !== from)]));
const STEPS: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function Grid({ role, moves, name, onChange }: { role: Role; moves: Moves; name: (s: Status) => string; onChange: (moves: Moves) => void }) {
  const has = (from: Status, to: Status) => (moves[from] ?? []).includes(to);
  const set = (from: Status, to: Status, on: boolean) => onChange({ ...moves, [from]: STATES.filter((s) => (s === to ? on : has(from, s))) });
  const go = (e: KeyboardEvent, from: number, to: number) => {
    const step = STEPS[e.key];
    if (!step) return;
    e.preventDefault();
    const mirrored = document.documentElement.dir === 'rtl' ? -1 : 1;
    let [a, b] = [from + step[0], to + step[1] * mirrored];
    /* Nothing follows itself. */
    if (a === b) { a += step[0]; b += step[1] * mirrored; }
    document.getElementById(`move-${role}-${STATES[a]}-${STATES[b]}`)?.focus();
  };
  return (
    <div class="move-scroll" role="region" aria-label={t('statuses.grid')} tabIndex={0}>
      <table class="move-grid">
        <thead><tr><th scope="col">{t('statuses.from')}</th>{STATES.map((s) => <th scope="col" key={s}>{name(s)}</th>)}</tr></thead>
        <tbody>
          {STATES.map((from, a) => (
            <tr key={from}>
              <th scope="row"><Chip status={from} text={name(from)} /></th>
              {STATES.map((to, b) => (
                <td key={to}>
                  {from === to ? <span aria-hidden="true">–</span> : (
                    <label><input type="checkbox" id={`move-${role}-${from}-${to}`} checked={has(from, to)} aria-label={t('statuses.move', { from: name(from), to: name(to) })}
                      onKeyDown={(e) => go(e, a, b)} onChange={(e) => set(from, to, e.currentTarget.checked)} /></label>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function MovesCard({ kept, name, onSave }: { kept: Kept; name: (s: Status) => string; onSave: (role: Role, moves: Moves | null) => Promise<void> }) {
  const [role, setRole] = useState<Role>('agent');
  const [draft, setDraft] = useState(kept.moves);
  const moves = draft[role];
  const put = (m: Moves | null) => setDraft({ ...draft, [role]: m });
  return (
    <section class="card" aria-labelledby="moves">
      <h2 id="moves">{t('statuses.moves')}</h2>
      <p class="muted">{t('statuses.moves.lead')}</p>
      <div class="seg" role="group" aria-labelledby="moves">
        {ROLES.map((r) => <button key={r} type="button" aria-pressed={role === r} onClick={() => setRole(r)}>{t(`statuses.role.${r}`)}</button>)}
      </div>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void onSave(role, moves); }}>
        <fieldset class="field">
          <legend class="visually-hidden">{t(`statuses.role.${role}`)}</legend>
          <label class="check"><input type="radio" name="limited" checked={!moves} onChange={() => put(null)} />{t('statuses.moves.any')}</label>
          <label class="check"><input type="radio" name="limited" checked={!!moves} onChange={() => put(moves ?? EVERY)} />{t('statuses.moves.some')}</label>
        </fieldset>
        {moves && <Grid role={role} moves={moves} name={name} onChange={put} />}
        <div class="form-end"><button class="btn btn-primary" type="submit">{t('statuses.save')}</button></div>
      </form>
    </section>
  );
}
