/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What /api/hosts answers. */
export interface Certificate { state: 'there' | 'wanted' | 'failed'; ends_at: string | null; answer: string | null }

export interface Host {
  id: number;
  host: string;
  portal: number;
  state: 'waiting' | 'on' | 'off' | 'held';
  found: 'proof' | 'none' | 'other' | 'silence' | null;
  record: { name: string; value: string };
  checked_at: string | null;
  check_at: string | null;
  missing_since: string | null;
  off_at: string | null;
  certificate: Certificate | null;
}

export interface HostPortal { id: number; name: string; canonical: string; tickets: boolean }

export interface HostsPage { can: boolean; portals: HostPortal[]; hosts: Host[] }
