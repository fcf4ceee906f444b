/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Before a share is removed: who loses access by it, oneself included. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { people } from '../lib/store';
import type { Named } from '../lib/types';
import { Icon, problemText, Skeleton } from '../ui/parts';
import { listed, nameOf, type Lists, type Losing } from './data';

/** Somebody's own share, or an account's. */
export type Leaving = { person: number; account?: undefined } | { account: Named; person?: undefined };

interface Props { number: number; of: Leaving; onClose: () => void; onDone: (l: Lists, who: string) => void }

export function Removal({ number, of, onClose, onDone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [losing, setLosing] = useState<Losing | null>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const path = `/api/tickets/${number}`;
  const who = of.account ? of.account.name : nameOf(of.person);
  const failed = (e: unknown) => {
    setFault(e instanceof Problem ? problemText(e) : t('err.unknown'));
    setBusy(false);
  };
  useEffect(() => {
    dialog.current?.showModal();
    api<Losing>('GET', `${path}/losing?${of.account ? `account=${of.account.id}` : `person=${of.person}`}`).then((l) => {
      people.value = { ...people.value, ...l.people };
      setLosing(l);
    }, failed);
  }, []);
  const remove = async () => {
    if (busy || !losing) return;
    setBusy(true);
    try {
      onDone(await api<Lists>('DELETE', of.account ? `${path}/accounts/${of.account.id}` : `${path}/people/${of.person}`), who);
    } catch (e) {
      failed(e);
    }
  };
  const names = losing?.items.map(nameOf) ?? [];
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="removal-title" onClose={onClose}>
      <div class="form">
        <h2 id="removal-title">{t('talk.remove.title', { who })}</h2>
        {!losing && !fault && <Skeleton rows={2} />}
        <div role="status">
          {losing && losing.count === 0 && <p>{t('talk.remove.nobody')}</p>}
          {losing && losing.count > 0 && <p>{t(losing.more ? 'talk.remove.most' : 'talk.remove.loses', { n: losing.count })}</p>}
          {names.length > 0 && <p dir="auto">{listed(names)}</p>}
          {losing?.me && <p class="notice" data-tone="warn"><strong>{t('talk.remove.me')}</strong></p>}
        </div>
        {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
        <div class="form-end">
          <button class="btn btn-primary" type="button" aria-disabled={busy || !losing} onClick={() => void remove()}>{busy ? t('app.sending') : t('talk.remove.yes')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => dialog.current?.close()}>{t('app.cancel')}</button>
        </div>
      </div>
    </dialog>
  );
}
