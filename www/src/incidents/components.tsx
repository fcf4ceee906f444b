/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The parts of what the tenant runs: products, and parts of these. */
import { useState } from 'preact/hooks';
import { say } from '../forms/data';
import { t } from '../lib/i18n';
import { useOnce, useOne } from '../lib/once';
import { Ordered, Pick, TextsField } from '../make/parts';
import type { Component, Kept, Send } from './data';
import { Portals } from './fields';

function Form({ kept, of, below, send, onKept, onDone }: { kept: Kept; of: Component | null; below: number | null; send: Send; onKept: (k: Kept) => void; onDone?: () => void }) {
  const [c, set] = useState<Omit<Component, 'id'>>(of ?? { parent: below, names: {}, portals: [] });
  const id = `component-${of?.id ?? `new-${below ?? 0}`}`;
  const keyFor = useOnce();
  const run = useOne();
  const tops = kept.components.filter((x) => !x.parent && x.id !== of?.id);
  const alone = !of || !kept.components.some((x) => x.parent === of.id);
  const save = () => run(async () => {
    const body = { names: c.names, portals: c.portals, ...(c.parent ? { parent: c.parent } : {}) };
    const now = of ? await send<Kept>('PATCH', `/api/components/${of.id}`, body, t('incidents.saved')) : await send<Kept>('POST', '/api/components', body, t('incidents.saved'), keyFor(body));
    if (now) { onKept(now); onDone?.(); }
  });
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <TextsField id={`${id}-name`} legend={t('incidents.part.name')} languages={kept.languages} value={c.names} max={80} onChange={(names) => set({ ...c, names })} />
      {of && alone && tops.length > 0 && <Pick id={`${id}-parent`} label={t('incidents.part.below')} value={String(c.parent ?? '')} onChange={(v) => set({ ...c, parent: v ? Number(v) : null })}
        options={[['', t('incidents.part.top')], ...tops.map((x): [string, string] => [String(x.id), say(x.names)])]} />}
      <Portals id={`${id}-portals`} kept={kept} value={c.portals} onChange={(portals) => set({ ...c, portals })} />
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t('incidents.save')}</button>
        {of && <button class="btn btn-ghost" type="button" onClick={() => void run(async () => { const now = await send<Kept>('DELETE', `/api/components/${of.id}`, undefined, t('incidents.removed')); if (now) onKept(now); })}>{t('incidents.remove')}</button>}
      </div>
    </form>
  );
}

function Add({ label, ...rest }: { label: string; kept: Kept; below: number | null; send: Send; onKept: (k: Kept) => void }) {
  const [open, setOpen] = useState(false);
  return open
    ? <Form {...rest} of={null} onDone={() => setOpen(false)} />
    : <p><button class="btn" type="button" onClick={() => setOpen(true)}>{label}</button></p>;
}

/** Those below one, or (null) those that stand by themselves. */
function Level({ kept, below, send, onKept }: { kept: Kept; below: number | null; send: Send; onKept: (k: Kept) => void }) {
  const all = kept.components.filter((c) => (c.parent ?? null) === below);
  const of = (key: string) => all.find((c) => String(c.id) === key) as Component;
  const keys = all.map((c) => String(c.id));
  const name = (key: string) => say(of(key).names);
  const parts = (c: Component) => kept.components.filter((x) => x.parent === c.id);
  const order = async (next: string[], moved: string) => {
    const n = next.indexOf(moved);
    const now = await send<Kept>('PATCH', `/api/components/${moved}`, { in_front_of: Number(next[n + 1] ?? 0) }, t('incidents.moved', { what: name(moved), n: n + 1 }));
    if (now) onKept(now);
    document.getElementById(`${n > keys.indexOf(moved) ? 'down' : 'up'}-${moved}`)?.focus();
  };
  if (!keys.length) return null;
  return (
    <Ordered keys={keys} name={name} onOrder={(next, moved) => void order(next, moved)} row={(key) => ({
      head: <><bdi>{name(key)}</bdi>{parts(of(key)).length > 0 && <small class="muted">{parts(of(key)).map((c) => say(c.names)).join(' · ')}</small>}</>,
      body: (
        <>
          <Form key={JSON.stringify(of(key))} kept={kept} of={of(key)} below={below} send={send} onKept={onKept} />
          {below === null && (
            <section aria-labelledby={`parts-${key}`}>
              <h3 id={`parts-${key}`}>{t('incidents.part.sub', { name: name(key) })}</h3>
              <Level kept={kept} below={Number(key)} send={send} onKept={onKept} />
              <Add label={t('incidents.part.new')} kept={kept} below={Number(key)} send={send} onKept={onKept} />
            </section>
          )}
        </>
      ),
    })} />
  );
}

export function Parts({ kept, send, onKept }: { kept: Kept; send: Send; onKept: (k: Kept) => void }) {
  return (
    <section class="card" aria-labelledby="parts">
      <h2 id="parts">{t('service.parts')}</h2>
      <p class="muted">{t('incidents.parts.lead')}</p>
      <Level kept={kept} below={null} send={send} onKept={onKept} />
      <Add label={t('incidents.part.new')} kept={kept} below={null} send={send} onKept={onKept} />
    </section>
  );
}
