/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A look as the API tells it, and what is being changed of it. */
import { api } from '../lib/api';

export type Texts = Record<string, string>;
export interface Link { url: string; text: Texts }
export interface Picture { hash: string; url: string; width: number; height: number; type: string }

export interface Look {
  brand: string;
  brand_bg: string;
  round: number;
  logo: string;
  mail_logo: string;
  favicon: string;
  mail_name: string;
  headline: Texts;
  welcome: Texts;
  footer: Texts;
  links: Link[];
}
export type Field = keyof Look;
export type Change = { [F in Field]?: Look[F] | null } & { name?: string };

interface Scopes { name: string; whole: boolean; portals: { id: number; name: string }[] }
export interface LookPage {
  at: number | null;
  scopes: Scopes;
  /** The portal's own; null for an account or the tenant. */
  name: string | null;
  language: string;
  languages: string[];
  own: Partial<Look>;
  /** Names of portals that keep what they have set themselves; of an account. */
  below: string[];
  inherited: { [F in Field]: { value: Look[F] | null; from: { kind: string; name: string } | null } };
  pictures: Record<string, Picture>;
  can: boolean;
}

export const pathOf = (at: number | null) => `/api/look${at === null ? '' : `?portal=${at}`}`;
export const load = (at: number | null) => api<LookPage>('GET', pathOf(at));
export const save = (at: number | null, body: Change) => api<LookPage>('PATCH', pathOf(at), { body });
export const bring = (use: 'logo' | 'mail_logo' | 'favicon', file: Blob) => api<Picture>('POST', `/api/pictures?use=${use}`, { file });

/** What holds: the change, else what is set here, else what is above. */
export function held<F extends Field>(page: LookPage, change: Change, field: F): Look[F] | null {
  const c = change[field] as Look[F] | null | undefined;
  if (c !== undefined) return c ?? page.inherited[field].value;
  return (page.own[field] as Look[F] | undefined) ?? page.inherited[field].value;
}

export function isOwn(page: LookPage, change: Change, field: Field): boolean {
  const c = change[field];
  return c === undefined ? page.own[field] !== undefined : c !== null;
}

/** In the language, else the portal's, English, any: as the server chooses. */
export function inLanguage(texts: Texts | null, lang: string, fallback: string): string {
  return texts?.[lang] ?? texts?.[fallback] ?? texts?.['en'] ?? Object.values(texts ?? {})[0] ?? '';
}

/** A drawing as a picture for mails, whose programs show no drawings. */
export async function rasterOf(drawing: Picture): Promise<Blob | null> {
  const image = new Image(drawing.width, drawing.height);
  image.src = drawing.url;
  await image.decode();
  const by = Math.min(480 / drawing.width, 120 / drawing.height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(16, Math.round(drawing.width * by));
  canvas.height = Math.max(16, Math.round(drawing.height * by));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}

/** What would bring back what was: for 'undo'. */
export function undoOf(page: LookPage, change: Change): Change {
  const back: Record<string, unknown> = {};
  for (const field of Object.keys(change)) back[field] = field === 'name' ? page.name : page.own[field as Field] ?? null;
  if ('logo' in back) back['mail_logo'] = page.own.mail_logo ?? null;
  return back as Change;
}
