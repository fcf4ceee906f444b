/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * One text that somebody writes: in this browser on every keystroke, on the
 * server every five seconds and when the page is left.
 */
import { effect, signal } from '@preact/signals';
import type { Answers } from '../forms/data';
import { api, newKey, Problem } from './api';
import { attached, begun, discardWith, type Item } from './attached';
import { boot } from './boot';
import { bare, dropDraft, isEmpty, keepDraft, outgoing, readDraft, said, settle, since, type Carried, type Draft, type Stored } from './draft';
import { end, forgetVersions, look, store } from './drafts';
import { t } from './i18n';

const SYNC_MS = 5000;
const WAIT_MOST_MS = 60_000;
const GONE_MOST = 9, OVER_MOST = 9;

/** A file that is on the server. */
const shown = (c: Carried): Item => ({ key: `sent-${c.id}`, name: c.name, size: c.size, sent: c.size, state: 'done', id: c.id });

const isReused = (e: unknown) => e instanceof Problem && e.code === 'idempotency-key-reused';

/** `restored`: when what came back was written; null: nothing did. */
export interface State { draft: Draft; restored: number | null; busy: boolean }
export type Change = Partial<Pick<Draft, 'title' | 'body' | 'cc' | 'form' | 'mentions' | 'carries' | 'status'>>;

export class Writing {
  readonly state;
  /** One after another, so that what is thrown away does not come back. */
  private turn: Promise<void> = Promise.resolve();
  private round = 0;
  private lost = 0;
  private notBefore = 0;

  constructor(readonly name: string, private readonly title: string) {
    this.state = signal(this.begin());
  }

  private begin(): State {
    const kept = readDraft(this.name);
    const restored = isEmpty(kept) ? null : kept.at ?? Date.now();
    return { draft: restored !== null || kept.others ? kept : { ...kept, title: this.title }, restored, busy: false };
  }

  private put(draft: Draft, more: Partial<State> = {}): void {
    keepDraft(this.name, draft);
    this.state.value = { ...this.state.peek(), draft, ...more };
  }

  change(part: Change): void {
    const { taken, ...draft } = this.state.peek().draft;
    this.put({ ...draft, ...part, at: Date.now(), saved: false, ...(taken ? { key: newKey() } : {}) });
  }

  /** What was sent did not go: before what was written since, with its files. */
  back({ carries = [], ...part }: Change): void {
    const { body, mentions = [] } = this.state.peek().draft;
    this.change({ ...part, body: [part.body ?? '', body].filter((b) => b.trim()).join('\n\n'), mentions: [...part.mentions ?? [], ...mentions] });
    this.put(this.state.peek().draft, { restored: null });
    const here = attached(this.name).peek();
    attached(this.name).value = [...carries.map(shown), ...here];
    for (const c of carries) void this.check(c);
  }

  /** What the browser answers by itself, where there is no answer: nobody wrote that. */
  fill(answers: Answers): void {
    const { draft } = this.state.peek();
    this.put({ ...draft, form: { type: draft.form?.type ?? null, answers: { ...answers, ...draft.form?.answers } } });
  }

  /** Throws the text away, with its files; what was written elsewhere stays offered, with its own. */
  discard(): void {
    const { others, version, key, over = [] } = this.state.peek().draft;
    discardWith(this.name, (others ?? []).flatMap((o) => o.carries ?? []).map((c) => c.id));
    dropDraft(this.name);
    const draft = { ...this.begin().draft, over: [...over, key].slice(-OVER_MOST), ...(version === undefined ? {} : { version }) };
    this.put(others?.length ? { ...draft, others, saved: false } : draft, { restored: null });
    if (!others?.length) this.finish();
  }

  /** Shows what was written elsewhere; what was shown is the other one then. */
  exchange(other: Draft): void {
    const { version, ...draft } = this.state.peek().draft;
    const { others, ...shown } = bare(draft);
    const rest = (others ?? []).filter((o) => o !== other);
    this.put({ ...other, at: Date.now(), saved: false, taken: true, ...(version === undefined ? {} : { version }), others: isEmpty(shown) ? rest : [shown, ...rest] }, { restored: other.at ?? Date.now() });
  }

  forget(other: Draft): void {
    const { draft } = this.state.peek();
    this.put({ ...draft, saved: false, others: (draft.others ?? []).filter((o) => o !== other) });
  }

  /**
   * Runs `post` with the draft as it goes out; the draft goes once it is stored, but
   * for what was written meanwhile. 'before': an earlier try has stored it, with
   * something else beside the text.
   */
  async send<T>(post: (d: Draft) => Promise<T>, files: number[] = []): Promise<T | 'before' | null> {
    const now = this.state.peek();
    if (now.busy) return null;
    const out = outgoing({ ...now.draft, files });
    this.put(out, { busy: true });
    try {
      const answer = await post(out).catch((e: unknown) => {
        if (now.draft.tried === out.tried && isReused(e)) return 'before' as const;
        throw e;
      });
      const left = since(out, this.state.peek().draft);
      dropDraft(this.name);
      this.put({ ...(isEmpty(left) ? this.begin().draft : left), over: [now.draft.key, out.key] }, { restored: null, busy: false });
      this.finish();
      return answer;
    } catch (e) {
      /* An earlier try may be stored even if this one is refused, so the key stays; unless another text has it. */
      const written = this.state.peek().draft;
      const { tried: _, ...anew } = { ...written, key: newKey() };
      this.put(isReused(e) ? anew : written, { busy: false });
      throw e;
    }
  }

  /** It is over: on the server, too. */
  private finish(): void {
    const round = ++this.round;
    this.turn = this.turn.then(() => end(this.name)).then(() => {
      const { over: _, ...kept } = readDraft(this.name);
      keepDraft(this.name, kept);
      const { version: _v, over: _o, ...draft } = this.state.peek().draft;
      if (round === this.round) this.state.value = { ...this.state.peek(), draft };
    }).catch(() => {});
  }

  /** Takes what the server has, together with what is here by now. */
  private take(stored: Stored | null, round: number): void {
    const { draft, busy } = this.state.peek();
    if (round !== this.round || busy || (!stored && draft.version === undefined)) return;
    const after = settle(draft, stored);
    if (after === draft) return;
    const other = said(after) !== said(draft);
    this.put(after, other ? { restored: isEmpty(after) ? null : after.at ?? Date.now() } : {});
    if (other) this.carry();
  }

  private sync(leaving = false): void {
    this.turn = this.turn.then(async () => {
      const { draft, busy } = this.state.peek();
      const nothing = isEmpty(draft) && !draft.others?.length;
      if (busy || draft.saved || (nothing && draft.version === undefined) || (Date.now() < this.notBefore && !leaving)) return;
      if (nothing) return this.finish();
      const round = this.round;
      const out = { ...draft, gone: [...draft.gone ?? [], draft.at ?? 0].slice(-GONE_MOST) };
      this.put(out);
      const answer = await store(this.name, out, leaving);
      this.lost = 0;
      if (!('version' in answer)) return this.take(answer.draft, round);
      const { gone: _g, over: _o, ...now } = this.state.peek().draft;
      if (round === this.round) this.put({ ...now, version: answer.version, saved: this.state.peek().draft === out });
    }).catch(() => {
      /* It is in this browser; the next try comes later and later. */
      this.notBefore = Date.now() + Math.min(SYNC_MS * 2 ** this.lost++, WAIT_MOST_MS);
    });
  }

  private meet(): void {
    this.turn = this.turn.then(async () => {
      const round = this.round;
      this.take(await look(this.name, this.state.peek().draft), round);
    }).catch(() => {});
  }

  /** Files that went up from another device: shown again, if they are still there. */
  private carry(): void {
    const { carries = [] } = this.state.peek().draft;
    if (!carries.length || begun(this.name) || attached(this.name).peek().length) return;
    attached(this.name).value = carries.map(shown);
    for (const c of carries) void this.check(c);
  }

  private async check({ id }: Carried): Promise<void> {
    try {
      await api('GET', `/api/files/${id}`, { quiet: true });
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 404) return;
      attached(this.name).value = attached(this.name).peek().map((i) => (i.id === id ? { ...i, state: 'failed', final: true, fault: t('app.files.gone') } : i));
    }
  }

  /** Begins to keep it on the server; what it gives back ends that. */
  start(): () => void {
    if (boot.support) return () => {};
    this.carry();
    let had = false;
    const watch = effect(() => {
      const done = attached(this.name).value.filter((i) => i.state === 'done' && i.id !== undefined);
      const now = done.map(({ id, name, size }) => ({ id: id as number, name, size }));
      const old = this.state.peek().draft.carries ?? [];
      if ((now.length || had) && JSON.stringify(now) !== JSON.stringify(old)) this.change({ carries: now });
      had ||= now.length > 0;
    });
    const shown = () => {
      if (document.visibilityState === 'hidden') return this.sync(true);
      forgetVersions();
      this.meet();
    };
    const timer = setInterval(() => this.sync(), SYNC_MS);
    document.addEventListener('visibilitychange', shown);
    this.meet();
    return () => {
      watch();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', shown);
      this.sync(true);
    };
  }
}
