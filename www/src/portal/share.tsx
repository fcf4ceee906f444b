/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Adding people to a ticket, a new one or one that is there. Fetched when somebody wants to. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import type { FieldError, People } from '../lib/types';
import { sentence } from '../talk/who';
import { Icon, problemText } from '../ui/parts';
import { isAddress, PeopleField, type Entry, type Found } from '../ui/people-field';
import { toast } from '../ui/toast';

interface Colleague { id: number; name: string; email: string; kind: string | null; may: boolean }
interface Colleagues { items: Colleague[]; invite: boolean }
export interface Shared { shared: number[]; pending: { email: string }[]; people: People }

const find = (ticket: number | null, q: string, signal: AbortSignal) => {
  const p = new URLSearchParams({ ...(q ? { q } : {}), ...(ticket ? { ticket: String(ticket) } : {}) });
  return api<Colleagues>('GET', `/api/colleagues?${p}`, { signal, quiet: true });
};

interface Props {
  /** Null: one that is not there yet. */
  ticket: number | null;
  value: Entry[];
  onChange: (value: Entry[]) => void;
  /** What was refused, each with its address. */
  faults: FieldError[];
  /** Who is in it already. */
  within?: number[];
}

/** The people field, the staff named to the account beside it, and who was refused. */
export function ShareField({ ticket, value, onChange, faults, within = [] }: Props) {
  const [offered, setOffered] = useState<Colleagues | null>(null);
  const invite = offered?.invite ?? false;
  const search = useMemo(() => async (q: string, signal: AbortSignal): Promise<Found[]> =>
    (await find(ticket, q, signal)).items.map((c) => ({ ...c, partner: c.may ? null : t('share.may_not') })), [ticket]);
  useEffect(() => {
    const stop = new AbortController();
    find(ticket, '', stop.signal).then(setOffered, () => {});
    return () => stop.abort();
  }, [ticket]);
  const wrong = faults.filter((f) => !f.detail || f.code === 'too_many' || value.some((e) => e.email === f.detail));
  const shown = value.map((e) => ({ ...e, bad: wrong.some((f) => f.detail === e.email) }));
  const free = (offered?.items ?? []).filter((c) => !within.includes(c.id) && !value.some((e) => e.email === c.email));
  return (
    <>
      <PeopleField id="cc" label={t('share.label')} hint={`${t('share.hint')}${offered ? ` ${t(invite ? 'share.hint.new' : 'share.hint.ask')}` : ''}`} value={shown} onChange={onChange} search={search} optional
        fault={wrong.length > 0 && (
          <span>
            {wrong.map((f) => (
              <span key={f.detail}>
                {sentence(f, invite)}{' '}
                {/* There another role can be chosen. */}
                {f.code === 'members' && invite && <a href={`/invitations?invite=${encodeURIComponent(f.detail ?? '')}`}>{t('share.invite', { who: f.detail ?? '' })}</a>}<br />
              </span>
            ))}
          </span>
        )} />
      {free.length > 0 && (
        <p class="muted">
          <small>{t('share.offered')}</small>{' '}
          {free.map((c) => (
            <button key={c.id} class="btn" type="button" onClick={() => onChange([...value, { email: c.email, name: c.name }])}>
              <Icon name="plus" />{t('share.offer', { who: c.name })}
            </button>
          ))}
        </p>
      )}
    </>
  );
}

/** Below a ticket's people: more of them. */
export function AddPeople({ number, within, onAdded, onClose }: { number: number; within: number[]; onAdded: (s: Shared) => void; onClose: () => void }) {
  const [cc, setCc] = useState<Entry[]>([]);
  const [faults, setFaults] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  useEffect(() => document.getElementById('cc')?.focus(), []);
  const save = async () => {
    if (busy || cc.some((e) => !isAddress(e.email))) return;
    if (!cc.length) return document.getElementById('cc')?.focus();
    setBusy(true);
    setFaults([]);
    try {
      const now = await api<Shared>('POST', `/api/tickets/${number}/people`, { body: { cc: cc.map((e) => e.email) } });
      const asked = (e: Entry) => now.pending.some((p) => p.email === e.email);
      const named = (of: Entry[]) => of.map((e) => e.name ?? e.email).join(', ');
      const [out, in_] = [cc.filter(asked), cc.filter((e) => !asked(e))];
      onAdded(now);
      toast([in_.length && t('share.done', { who: named(in_) }), out.length && t('share.asked', { who: named(out) })].filter(Boolean).join(' · '));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      if (e.errors.length) setFaults(e.errors);
      else toast(problemText(e));
      setBusy(false);
      document.getElementById('cc')?.focus();
    }
  };
  return (
    <form noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <ShareField ticket={number} value={cc} onChange={setCc} faults={faults} within={within} />
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{busy ? t('app.sending') : t('share.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}
