/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Accounts: the list, one, a new one, and the partner's inbox. */
import { url } from '../lib/router';
import { Account } from './account';
import { Inbox } from './inbox';
import { Accounts } from './list';
import { NewAccount } from './new';

export default function Pages() {
  const path = url.value.pathname;
  const id = /\/accounts\/(\d+)$/.exec(path)?.[1];
  if (path === '/inbox') return <Inbox />;
  if (path.endsWith('/new')) return <NewAccount />;
  return id ? <Account key={id} id={Number(id)} /> : <Accounts />;
}
