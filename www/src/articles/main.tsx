/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where the staff writes the knowledge base: the tree with its lists, and one article; and taking one in. */
import { url } from '../lib/router';
import { ArticlePage } from './article';
import { ImportPage } from './import';
import { TreePage } from './tree';

export default function Main() {
  if (url.value.pathname === '/agent/kb/import') return <ImportPage />;
  const id = /^\/agent\/kb\/(\d+)$/.exec(url.value.pathname)?.[1];
  return id ? <ArticlePage key={id} id={Number(id)} /> : <TreePage />;
}
