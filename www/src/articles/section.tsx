/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A section: its names, what it is about, where it lies and who reads it. */
import { useEffect, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { t } from '../lib/i18n';
import { useOnce, useOne } from '../lib/once';
import { Pick, TextsField } from '../make/parts';
import { AudienceField, said } from './audience';
import { below as belowIt, inTree, type Audience, type Section, type Send, type Tree } from './data';

/** Places in the tree, as a choice: those that lie deeper stand further in. */
export const places = (tree: { sections: Section[] }, but: Set<number> = new Set()): [string, string][] =>
  inTree(tree.sections).filter(({ section }) => !but.has(section.id)).map(({ section, depth }) => [String(section.id), `${'\u2003'.repeat(depth)}${say(section.names)}`]);

export function SectionForm({ tree, of, below, send, onDone }: { tree: Tree; of: Section | null; below: number | null; send: Send; onDone: () => Promise<void> }) {
  const [names, setNames] = useState(of?.names ?? {});
  const [abouts, setAbouts] = useState(of?.abouts ?? {});
  const [parent, setParent] = useState(below);
  const [audience, setAudience] = useState<Audience | null>(of?.audience ? tree.audiences[of.audience] ?? null : null);
  const [was] = useState(audience);
  const keyFor = useOnce();
  const run = useOne();
  const id = `section-${of?.id ?? 'new'}`;
  useEffect(() => { if (!of) document.querySelector<HTMLElement>(`#${id}-form input`)?.focus(); }, []);
  const above = tree.audiences[String(tree.sections.find((s) => s.id === parent)?.shown_to ?? tree.audience)] ?? { level: 'signed_in' as const };
  const save = () => run(async () => {
    const body = { names, abouts, parent: parent ?? 0, ...(audience !== was || !of ? { audience: said(audience) } : {}) };
    const now = of ? await send('PATCH', `/api/sections/${of.id}`, body, t('before.saved')) : await send('POST', '/api/sections', body, t('before.saved'), keyFor(body));
    if (now) await onDone();
  });
  return (
    <form class="form" id={`${id}-form`} noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      {!of && <h3>{t('articles.section.new')}</h3>}
      <TextsField id={`${id}-name`} legend={t('articles.section.name')} languages={tree.languages} value={names} max={120} onChange={setNames} />
      <details open={Object.keys(of?.abouts ?? {}).length > 0 || undefined}>
        <summary>{t('articles.section.about')}</summary>
        <TextsField id={`${id}-about`} legend={t('articles.section.about')} languages={tree.languages} value={abouts} max={500} long onChange={setAbouts} />
      </details>
      <Pick id={`${id}-parent`} label={t('articles.section.parent')} value={String(parent ?? 0)} onChange={(v) => setParent(Number(v) || null)}
        options={[['0', t('articles.section.top')], ...places(tree, of ? belowIt(tree.sections, of.id) : new Set())]} />
      <AudienceField id={`${id}-audience`} value={audience} above={above} portals={tree.portals} onChange={setAudience} />
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t(of ? 'before.save' : 'before.add')}</button>
        {of && <button class="btn btn-ghost" type="button" onClick={() => void run(async () => { if (await send('DELETE', `/api/sections/${of.id}`, undefined, t('before.removed'))) await onDone(); })}>{t('before.remove')}</button>}
        {!of && <button class="btn btn-ghost" type="button" onClick={() => void onDone()}>{t('app.cancel')}</button>}
      </div>
    </form>
  );
}
