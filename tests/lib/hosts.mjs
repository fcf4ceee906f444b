// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Hosts of customers' own, proven without a name server.
import { randomBytes } from 'node:crypto';
import { psql } from './instance.mjs';

export const ownName = (below = 'customer.example') => `help-${randomBytes(5).toString('hex')}.${below}`;

// A claim of `host` for a portal; { id, token }.
export async function claim(tenant, portal, host) {
  const [id, token] = (await psql('postgres', `insert into app.host_claims (tenant_id, account_id, portal_id, host, check_at)
    select tenant_id, account_id, id, '${host}', null from app.portals where tenant_id = ${tenant} and id = ${portal} returning id || ' ' || token`)).split(' ');
  return { id: Number(id), token };
}

// What a look at the name finds: tokens, '' for none, null for no answer.
export const found = (host, tokens) => psql('sportello_jobs',
  `select jobs.host_checked('${host}', ${tokens === null ? 'null' : `'${tokens}'`})`);

// A host that leads to a portal; its claim.
export async function ownHost(tenant, portal, host = ownName()) {
  const made = await claim(tenant, portal, host);
  await found(host, made.token);
  return { host, ...made };
}
