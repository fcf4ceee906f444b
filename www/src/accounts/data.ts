/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Shapes and addresses that the pages of accounts share. */
import { api } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import type { Named, Status } from '../lib/types';
import type { Setting } from '../settings/control';
import type { Entry, Found } from '../ui/people-field';

export type Routing = 'partner' | 'tenant';
export const KINDS = ['customer_success', 'implementation', 'key_account', 'delivery'] as const;
export type Kind = typeof KINDS[number];

export interface AccountRow { id: number; name: string; is_partner: boolean; partner: string | null; routing: Routing; open: number; flagged: number }
export interface AccountList { items: AccountRow[]; next: string | null; can: { make: boolean } }
export interface Contact { email: string; person: number | null; name: string | null; state: 'works' | 'bounced' | 'departed' | 'asked' | 'declined'; state_at: string; answer: string | null; mail: string | null }
export interface NamedContact { kind: Kind; id: number; name: string; email: string }
export interface Grant { id: number; reason: string; ticket: number | null; portals: { id: number; name: string }[] | null; live: boolean; created_at: string; ends_at: string }
export interface AccountPage {
  account: { id: number; name: string; is_partner: boolean; partner: Named | null; tenant: string; routing: Routing; created_at: string; can: { name_staff: boolean; invite: boolean } };
  portals: { id: number; name: string; host: string | null; top: boolean }[];
  contacts: Contact[];
  named: NamedContact[];
  people: { id: number; name: string; role: string }[];
  /** Of a partner, for the tenant's administrators, who can end them. */
  staff: { membership: number; name: string; email: string }[] | null;
  /** At the desk alone; what the account has set for itself is not among the settings. */
  grants: Grant[] | null;
  settings: (Pick<Setting, 'name' | 'kind' | 'choices' | 'value' | 'own'>)[] | null;
  tickets: { number: number; title: string; status: Status; updated_at: string }[];
}

/** At a portal /accounts, at the desk /agent/accounts. */
export const desk = !boot.portal.account;
export const base = desk ? '/agent/accounts' : '/accounts';
export const ticketAt = (number: number) => (desk ? `/agent/t/${number}` : `/t/${number}`);

/** In the words of those who work on it. */
export const statusText = (s: Status) => t(`state.${s}`);

export const findIn = (of: { account?: number; partner?: number | null }) => async (q: string, signal: AbortSignal): Promise<Found[]> => {
  const p = new URLSearchParams({ q });
  if (of.account) p.set('account', String(of.account));
  if (of.partner) p.set('partner', String(of.partner));
  return (await api<{ items: Found[] }>('GET', `/api/contacts/found?${p}`, { signal, quiet: true })).items;
};

export const toEntry = (c: Contact): Entry => ({
  email: c.email, name: c.name,
  ...(c.state === 'works' ? {} : { note: t(`accounts.contact.${c.state}`) }),
});
