/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the pages about people share: a field with its fault, and sending. */
import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { fill } from '../lib/i18n';
import { fieldText, problemText } from '../ui/parts';
import { toast } from '../ui/toast';

export type Faults = Record<string, string>;

export function Field({ id, label, hint, fault, ...input }: { id: string; label: string; hint?: string; fault?: string | undefined } & InputHTMLAttributes<HTMLInputElement>) {
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <span class="hint" id={`${id}-hint`}>{hint}</span>}
      <input class="input" id={id} aria-invalid={fault ? true : undefined} aria-describedby={described || undefined} {...input} />
      {fault && <span class="error" id={`${id}-fault`}>{fault}</span>}
    </div>
  );
}

export function Choice({ id, label, value, onChange, children }: { id: string; label: string; value: string; onChange: (value: string) => void; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select class="input" id={id} value={value} onChange={(e) => onChange(e.currentTarget.value)}>{children}</select>
    </div>
  );
}

/** One thing at a time; faults of fields are kept (with what was sent, where the words name it), the rest is told. Null: it failed. */
export function useSending() {
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const send = async <T,>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, key?: string): Promise<T | true | null> => {
    if (busy) return null;
    setBusy(true);
    setFaults({});
    try {
      return (await api<T | null>(method, path, { ...(body === undefined ? {} : { body }), ...(key ? { key } : {}) })) ?? true;
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      if (e.errors.length) setFaults(Object.fromEntries(e.errors.map((f) => [f.field, fill(fieldText(f.code), (body ?? {}) as Record<string, string>)])));
      else toast(problemText(e));
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, faults, send };
}
