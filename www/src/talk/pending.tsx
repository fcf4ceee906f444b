/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who is to join a ticket and has not accepted their invitation yet. */
import { api } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { toast } from '../ui/toast';
import { nameOf, type Lists, type Pending } from './data';

/** What somebody should do something about. */
const AMISS = ['bounced', 'late', 'unsent'];

/** Breaks after its @, not in the middle of a word. */
export function Address({ of }: { of: string }) {
  return <bdi>{of.split(/(?<=@)/).flatMap((part, i) => (i ? [<wbr key={i} />, part] : [part]))}</bdi>;
}

export function Asked({ path, items, change }: { path: string; items: Pending[]; change: (ask: Promise<Lists>) => Promise<boolean> }) {
  const again = async ({ id, email }: Pending) => {
    if (await change(api<Lists>('POST', `${path}/pending/${id}/again`, { body: {} }))) toast(t('talk.pending.sent', { who: email }));
  };
  const drop = async ({ id, email }: Pending) => {
    if (!await change(api<Lists>('DELETE', `${path}/pending/${id}`))) return;
    toast(t('portal.people.removed', { who: email }));
    /* The list itself goes with its last one. */
    requestAnimationFrame(() => (document.getElementById('pending') ?? document.getElementById('people'))?.focus());
  };
  return (
    <dl class="facts">
      <div>
        <dt id="pending" tabIndex={-1}>{t('talk.pending')}</dt>
        {items.map((p) => (
          <dd key={p.id}>
            <span class="who">
              <Icon name="user-plus" />
              <span class="grow spelled">
                <Address of={p.email} />
                <small class="muted"> · {t('talk.pending.by', { who: nameOf(p.by), time: dateTime(p.until) })}</small>
                {AMISS.includes(p.state) && <small> · {t(`people.state.${p.state}`)}</small>}
              </span>
            </span>
            {/* Below: beside two buttons an address has no room in the narrow column. */}
            <span class="who">
              {p.again && <button class="btn btn-ghost" type="button" aria-label={t('talk.pending.again', { who: p.email })} onClick={() => void again(p)}><Icon name="send" flip /></button>}
              <button class="btn btn-ghost" type="button" aria-label={t('portal.people.remove', { who: p.email })} onClick={() => void drop(p)}><Icon name="x" /></button>
            </span>
          </dd>
        ))}
      </div>
    </dl>
  );
}
