/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Keeps what somebody writes on an article: on the server a moment after each pause, as the draft that it was
 * written on (`was`). Where somebody else's is there meanwhile nothing is overwritten; what the server did not
 * take stays in this browser.
 */
import { api, isOver, Problem } from '../lib/api';
import { me } from '../lib/boot';
import type { Article, Words } from './data';

export interface Kept extends Words { was: number | null; at: number }
export type Saved = 'same' | 'waits' | 'saves' | 'saved' | 'lost' | 'theirs' | 'refused';

const PAUSE_MS = 1500;
const MOST_MS = 15_000;
/* What a browser sends when the page goes away may have 64 KiB. */
const LAST_WORDS = 60_000;

const shelf = (): Storage | null => { try { return localStorage; } catch { return null; } };
const nameOf = (article: number, language: string) => `article:${me?.id ?? 0}:${article}:${language}`;

export function keptHere(article: number, language: string): Kept | null {
  try {
    const kept = JSON.parse(shelf()?.getItem(nameOf(article, language)) ?? 'null') as Kept | null;
    return typeof kept?.body === 'string' && typeof kept.title === 'string' && Array.isArray(kept.keywords) ? kept : null;
  } catch {
    return null;
  }
}

export function dropHere(article: number, language: string): void {
  try { shelf()?.removeItem(nameOf(article, language)); } catch { /* it is not there */ }
}

export class Saver {
  private timer = 0;
  private since = 0;
  private running: Promise<boolean> | null = null;
  private dirty = false;
  private stopped = false;
  state: Saved = 'same';

  constructor(private readonly article: number, private readonly language: string, public was: number | null, private readonly now: () => Words,
    private readonly told: (state: Saved, article: Article | null, problem: Problem | null) => void) {}

  private set(state: Saved, article: Article | null = null, problem: Problem | null = null): void {
    this.state = state;
    if (!this.stopped) this.told(state, article, problem);
  }

  /** Something was written. */
  changed(): void {
    this.dirty = true;
    if (this.state === 'theirs') return this.keep();
    if (!this.since) this.since = Date.now();
    if (this.state !== 'saves') this.set('waits');
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), Math.min(PAUSE_MS, Math.max(0, this.since + MOST_MS - Date.now())));
  }

  /** Puts it on the server now; false: it is not there. */
  async flush(leaving = false): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.running) {
      /* What is on its way goes first; where there is no time for that, what follows stays here. */
      if (leaving) {
        this.keep((this.was ?? 0) + 1);
        return false;
      }
      await this.running;
    }
    if (!this.dirty) return this.state !== 'theirs';
    if (this.state === 'theirs') return false;
    this.running = this.store(leaving);
    const ok = await this.running;
    this.running = null;
    return ok;
  }

  private keep(was: number | null = this.was): void {
    if (isOver()) return;
    try { shelf()?.setItem(nameOf(this.article, this.language), JSON.stringify({ ...this.now(), was, at: Date.now() } satisfies Kept)); } catch { /* full or forbidden: it is on the page still */ }
  }

  private async store(leaving: boolean): Promise<boolean> {
    const words = this.now();
    /* Without a title there is no article yet. */
    if (!words.title.trim()) {
      this.set('waits');
      return false;
    }
    this.dirty = false;
    this.since = 0;
    this.set('saves');
    const body = { ...words, title: words.title.trim(), body: words.body || '<p></p>', format: 'html', ...(this.was ? { was: this.was } : {}) };
    if (leaving) this.keep();
    try {
      const article = await api<Article>('PATCH', `/api/articles/${this.article}/texts/${encodeURIComponent(this.language)}`,
        { body, quiet: leaving, keepalive: leaving && JSON.stringify(body).length < LAST_WORDS });
      this.was = article.texts[this.language]?.draft?.edit ?? null;
      if (this.dirty) this.timer = window.setTimeout(() => void this.flush(), PAUSE_MS);
      else dropHere(this.article, this.language);
      this.set(this.dirty ? 'waits' : 'saved', article);
      return true;
    } catch (e) {
      this.dirty = true;
      this.keep();
      if (!(e instanceof Problem)) throw e;
      this.set(e.status === 409 ? 'theirs' : e.uncertain ? 'lost' : 'refused', null, e);
      if (e.uncertain && !this.stopped) this.timer = window.setTimeout(() => void this.flush(), MOST_MS);
      return false;
    }
  }

  /** What is there now is known: one's own goes over it, or it is what is written on. */
  settle(was: number | null, mine: boolean): void {
    this.was = was;
    this.dirty = mine;
    this.state = 'same';
    if (mine) this.changed();
    else {
      dropHere(this.article, this.language);
      this.set('same');
    }
  }

  /** The page goes away: what is not there yet is sent with its last words, and stays here until it is. */
  leave = (): void => { if (this.dirty && this.state !== 'theirs') void this.flush(true); };

  stop(): void {
    this.leave();
    clearTimeout(this.timer);
    this.stopped = true;
  }
}
