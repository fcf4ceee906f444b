/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Shapes of the JSON API. */

export type Status = 'new' | 'in_progress' | 'blocked' | 'on_hold' | 'solved' | 'closed' | 'closed_escalated';
export type Group = 'open' | 'pending' | 'done';
export type Priority = 'low' | 'normal' | 'high' | 'urgent';
export type Side = 'customer' | 'support';

/** `photo` is the address of a picture. */
export interface Person { name: string; side: Side; photo?: string | null }
export type People = Record<string, Person>;
export interface Named { id: number; name: string }

export interface Ticket {
  number: number;
  title: string;
  /** Null: hidden here, as a priority may be. */
  status: Status | null;
  group: Group | null;
  priority: Priority | null;
  requester: number;
  assignee: number | null;
  /** At the desk alone. */
  team?: number | null;
  account: number | null | Named;
  created_at: string;
  updated_at: string;
  desk_updated_at?: string | null;
  /** At the desk. */
  tags?: string[] | null;
  /** At the desk: how far it is escalated. */
  raised?: number | null;
  /** At the desk: what is due next. */
  due?: Pick<import('../levels/data').Clock, 'kind' | 'due' | 'warn'> | null;
  /** Put aside until then. */
  snoozed?: string | null;
  /** Changed by somebody else since one has read it. */
  unread?: boolean | null;
}

export interface TicketDetail extends Ticket {
  can: { reply?: boolean; note?: boolean; edit?: boolean; work?: boolean; escalate?: boolean; share?: boolean };
  /** Who has it, where an account has a partner; and the tenant it may go to. */
  with?: string | null;
  tenant?: string | null;
  /** Whom mail goes to while no support contact has said yes. */
  instead?: { name: string }[] | null;
  account: Named | null;
  portal?: Named | null;
  /** There is one, and what it promises is for the reader. */
  service_level?: boolean;
  level?: import('../levels/data').Said | null;
  /** A release is out that it waited for, and nobody has said whether it is fixed. */
  asked?: { name: string } | null;
  /** Of its type; null: it has none. */
  form?: import('../forms/show').TicketFormData | null;
}

export interface Comment {
  id: number;
  author: number;
  internal: boolean;
  html: string;
  created_at: string;
  /** A rule wrote it. */
  automatic?: boolean | null;
}

/** A file as it is shown; `comment`: what it came with. */
export interface Shown {
  id: number;
  comment: number | null;
  name: string;
  size: number;
  kind: 'picture' | 'video' | 'file';
  state: 'coming' | 'checking' | 'ready' | 'refused';
  created_at: string;
}

/** What an agent sent that is not out yet; `left`: in so many milliseconds it is. */
export interface Held { id: number; ticket: number; internal: boolean; text: string; left: number; stopped: 'unseen' | 'refused' | 'taken' | null; author?: string | null }

/** A ticket that one belongs to. */
export interface TicketLink {
  number: number;
  title: string;
  kind: 'follows' | 'followed_by' | 'split_from' | 'split_into' | 'duplicates' | 'duplicate_of';
  at: string;
}

/** A link that agents made, as it is from here. */
export interface TypedLink { kind: 'relates' | 'blocks' | 'blocked_by' | 'causes' | 'caused_by'; number: number; title: string }

export interface TicketPage {
  ticket: TicketDetail;
  comments: Comment[];
  more: string | null;
  files?: Shown[];
  links?: TicketLink[];
  typed?: TypedLink[] | null;
  /** What it comes of; `url`: where that is told here. */
  incident?: { id: number; title: { text: string; lang: string | null }; over: boolean | null; url: string | null } | null;
  /** Who was added, and who opened it. */
  shared?: number[];
  people: People;
}

export interface ListPage {
  items: Ticket[];
  next: string | null;
  people: People;
  accounts?: Record<string, { name: string }>;
  /** Only so far was looked, and `next` goes on from there. */
  searched?: boolean;
  /** Only what changed since then is in this order. */
  since?: string | null;
  /** Where the words are that were searched for. */
  excerpts?: Record<string, import('../search/main').Excerpt> | null;
}

export interface Me {
  id: number;
  name: string;
  email: string;
  lang: string;
  time_zone: string | null;
  side: Side;
  photo?: string | null;
  who: number | string;
  /** The roles that reach this portal. */
  is?: Record<string, true>;
  /** An agent's: for how many seconds what they send can be taken back. */
  hold?: number | null;
  /** Where an agent who begins to write a reply has the ticket, if nobody had it. */
  takes?: boolean | null;
}

export interface Boot {
  me: Me;
  /** Somebody of the tenant's support is here, and reads. */
  support: { tenant: string; account: string; ends_at: string } | null;
  portal: { id: number; name: string; account: Named | null; url: string };
  lang: string;
  dir: 'ltr' | 'rtl';
  texts: string;
  /** The tenant's own words, by the keys of the texts that they stand in for. */
  labels?: Record<string, string> | null;
  /** What the reader may make of each status; null: anything. */
  moves?: Partial<Record<Status, Status[]>> | null;
  route: unknown;
}

export interface FieldError { field: string; code: string; detail?: string; about?: string; name?: string | null; status?: Status; allowed?: Status[] }
/** Somebody else, or a rule, has made something else of a field: what it is, and what that is called where it is an id. */
export interface Changed extends FieldError { now: unknown; called?: string; who: { by?: number; name?: string; rule?: string; at: string } | null }
