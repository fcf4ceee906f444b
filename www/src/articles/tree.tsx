/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Sections below each other, and the articles in one of them or in a state. */
import { useEffect, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { query, url } from '../lib/router';
import { KbNav } from '../ui/kb-nav';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { AsForm, type As, type Finds } from './as';
import { audienceText, AudienceForm } from './audience';
import { below, FILTERS, inTree, type Section, type Send, type Tree } from './data';
import { List } from './list';
import { SectionForm } from './section';
import { Refused, useSend } from './send';

const read = () => api<Tree>('GET', '/api/kb');

/** One line of the tree. `found`: how many articles somebody else finds there; undefined: none of it is theirs. */
function Line({ tree, of, depth, chosen, open, setOpen, send, onChanged, found, as }: {
  tree: Tree; of: Section; depth: number; chosen: boolean; open: boolean; setOpen: (open: boolean) => void; send: Send; onChanged: () => Promise<void>; found: number | undefined; as: boolean;
}) {
  const run = useOne();
  const name = say(of.names);
  const beside = tree.sections.filter((s) => s.parent === of.parent);
  const n = beside.findIndex((s) => s.id === of.id);
  const move = (to: number) => run(async () => {
    const rest = beside.filter((s) => s.id !== of.id);
    const ok = await send('PATCH', `/api/sections/${of.id}`, { in_front_of: rest[to]?.id ?? 0 }, t('before.moved', { what: name, n: to + 1 }));
    if (ok) await onChanged();
    document.getElementById(`${to > n ? 'down' : 'up'}-${of.id}`)?.focus();
  });
  return (
    <li data-depth={depth} data-hidden={as && found === undefined ? '' : undefined}>
      <div class="make-row">
        <span class="grow">
          <a href={`/agent/kb?section=${of.id}`} aria-current={chosen ? 'true' : undefined}><Icon name="folder" /><bdi>{name}</bdi></a>
          <small class="muted">
            {as ? (found === undefined ? t('articles.as.hidden') : t('articles.count', { n: found }))
              : <>{t('articles.count', { n: of.articles })}{of.audience !== null && <> · <bdi>{audienceText(tree.audiences[of.shown_to]!)}</bdi></>}</>}
          </small>
        </span>
        {!as && (
          <>
            <button class="btn btn-icon" type="button" id={`up-${of.id}`} aria-label={t('make.up', { what: name })} aria-disabled={n === 0} onClick={() => { if (n > 0) void move(n - 1); }}><Icon name="arrow-up" /></button>
            <button class="btn btn-icon" type="button" id={`down-${of.id}`} aria-label={t('make.down', { what: name })} aria-disabled={n === beside.length - 1} onClick={() => { if (n < beside.length - 1) void move(n + 1); }}><Icon name="arrow-down" /></button>
            <button class="btn" type="button" aria-expanded={open} aria-label={t('make.change.what', { what: name })} onClick={() => setOpen(!open)}>{t('make.change')}</button>
          </>
        )}
      </div>
      {open && !as && <div class="make-body"><SectionForm key={JSON.stringify(of)} tree={tree} of={of} below={of.parent} send={send} onDone={async () => { setOpen(false); await onChanged(); }} /></div>}
    </li>
  );
}

export function TreePage() {
  const [tree, setTree] = useState<Tree | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState<number | 'new' | 'root' | null>(null);
  const [as, setAs] = useState<(As & { finds: Finds }) | null>(null);
  const { send, wrong } = useSend();
  const load = () => {
    setProblem(null);
    const first = takeRoute<Tree>();
    if (first?.sections) return setTree(first);
    read().then(setTree, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  const again = async () => setTree(await read());
  if (!tree) return <><Heading text={t('articles.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const q = url.value.searchParams;
  const chosen = tree.sections.find((s) => String(s.id) === q.get('section'));
  const state = FILTERS.find((f) => f === q.get('state'));
  const lines = inTree(tree.sections);
  const root = tree.audiences[String(tree.audience)] ?? { level: 'signed_in' as const };
  const found = (s: Section) => as?.finds.sections.find((x) => x.id === s.id)?.articles;
  /* What they find below it, too. */
  const foundBelow = (s: Section) => {
    const ids = below(tree.sections, s.id);
    const theirs = tree.sections.filter((x) => ids.has(x.id)).map(found).filter((x) => x !== undefined);
    return theirs.length ? found(s) ?? 0 : undefined;
  };
  return (
    <>
      <Heading text={t('articles.title')} />
      <KbNav at="articles" />
      <p class="muted">{t('articles.lead')}</p>
      <Refused text={wrong} />
      <div class="articles-cols">
        <section class="card" aria-labelledby="sections">
          <h2 id="sections">{t('articles.sections')}</h2>
          <AsForm tree={tree} of={as} onAs={setAs} />
          <ul class="make-list articles-tree" role="list">
            <li data-depth={0}>
              <div class="make-row">
                <span class="grow">
                  <a href="/agent/kb?section=0" aria-current={q.get('section') === '0' ? 'true' : undefined}><Icon name="inbox" />{t('articles.unsorted')}</a>
                  <small class="muted">{t('articles.count', { n: as ? as.finds.sections.find((x) => !tree.sections.some((s) => s.id === x.id))?.articles ?? 0 : tree.articles })}</small>
                </span>
              </div>
            </li>
            {lines.map(({ section, depth }) => (
              <Line key={section.id} tree={tree} of={section} depth={depth} chosen={chosen?.id === section.id} open={open === section.id} setOpen={(is) => setOpen(is ? section.id : null)}
                send={send} onChanged={again} as={as !== null} found={foundBelow(section)} />
            ))}
          </ul>
          {!as && (open === 'new'
            ? <SectionForm tree={tree} of={null} below={chosen?.id ?? null} send={send} onDone={async () => { setOpen(null); await again(); }} />
            : (
              <p class="form-end">
                <button class="btn" type="button" onClick={() => setOpen('new')}><Icon name="plus" />{t('articles.section.new')}</button>
                <button class="btn" type="button" aria-expanded={open === 'root'} onClick={() => setOpen(open === 'root' ? null : 'root')}>{t('articles.root')}</button>
              </p>
            ))}
          {open === 'root' && !as && (
            <>
              <p class="muted">{t('articles.root.lead')}</p>
              <AudienceForm id="root" of={root} above={null} portals={tree.portals} save={(audience) => void (async () => {
                const now = await send<Tree>('PATCH', '/api/kb', { audience }, t('before.saved'));
                if (now) { setTree(now); setOpen(null); }
              })()} />
            </>
          )}
        </section>
        <List tree={tree} section={chosen ?? (q.get('section') === '0' ? 0 : null)} state={state ?? null} as={as} send={send} />
      </div>
    </>
  );
}

export const filterLink = (change: Record<string, string | null>) => `/agent/kb${query(change)}`;
