/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A tag as the database keeps it: what reads the same is the same. */
export const asTag = (said: string) => said.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
