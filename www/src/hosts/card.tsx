/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One host: how it stands, what to do for it, its record, and removing it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { CopyButton } from '../ui/copy';
import { Icon } from '../ui/parts';
import type { Host, HostPortal } from './data';

const SHAPE = { waiting: 'blocked', on: 'solved', off: 'bad', held: 'on_hold' } as const;

/** The record as name servers' forms ask for it. */
function Proof({ h }: { h: Host }) {
  const rows = [['type', 'TXT'], ['name', h.record.name], ['value', h.record.value]] as const;
  return (
    <div class="idents">
      <dl>
        {rows.map(([what, text]) => (
          <div key={what}>
            <dt>{t(`hosts.record.${what}`)}</dt>
            <dd>
              <code id={`${what}-${h.id}`} dir="ltr">{text}</code>
              {what !== 'type' && <CopyButton text={text} shown={`${what}-${h.id}`} label={t(`hosts.copy.${what}`)} said={t('hosts.copied')} refused={t('hosts.not_copied')} />}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** What the last look at the domain found, and when. */
function Look({ h }: { h: Host }) {
  if (!h.checked_at || !h.found) return <p class="muted" role="status">{t('hosts.checking')}</p>;
  return (
    <p class="muted" role="status">
      {t(`hosts.found.${h.found}`)} {t('hosts.checked', { time: dateTime(h.checked_at) })}
      {!h.check_at && <> {t('hosts.rests')}</>}
    </p>
  );
}

function InUse({ h, portal }: { h: Host; portal: HostPortal }) {
  const c = h.certificate;
  const names = { host: h.host, canonical: portal.canonical };
  return (
    <>
      {h.missing_since && h.off_at && <p class="notice" data-tone="warn">{t('hosts.missing', { since: dateTime(h.missing_since), until: dateTime(h.off_at) })}</p>}
      <p>{portal.tickets ? t('hosts.tickets.yes') : t('hosts.tickets.no', { host: portal.canonical })}</p>
      {c?.state === 'there' && c.ends_at && <p class="muted">{t('hosts.certificate.there', { until: dateTime(c.ends_at) })}</p>}
      {c?.state === 'wanted' && <p class="muted">{t('hosts.certificate.wanted')}</p>}
      {c?.state === 'failed' && (
        <div class="notice" data-tone="warn">
          <p>{t('hosts.certificate.failed', names)}</p>
          <details><summary>{t('hosts.certificate.answer')}</summary><p lang="en" dir="ltr">{c.answer}</p></details>
        </div>
      )}
      <details><summary>{t('hosts.record')}</summary><Proof h={h} /><p class="muted">{t('hosts.do.keep')}</p></details>
    </>
  );
}

function ToDo({ h, portal }: { h: Host; portal: HostPortal }) {
  return (
    <>
      {h.state === 'off' && <p class="notice" data-tone="warn">{t('hosts.off')}</p>}
      {h.state === 'held' && <p class="notice" data-tone="warn">{t('hosts.held')}</p>}
      <ol>
        <li>{t('hosts.do.record')}<Proof h={h} /></li>
        <li>{t('hosts.do.point', { host: h.host, canonical: portal.canonical })}</li>
      </ol>
      <Look h={h} />
    </>
  );
}

function Remove({ h, remove, close }: { h: Host; remove: () => void; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { dialog.current?.showModal(); }, []);
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="remove-title" onClose={close}>
      <div class="form">
        <h2 id="remove-title">{t('hosts.remove.title', { host: h.host })}</h2>
        <p>{t('hosts.remove.text')}</p>
        <div class="form-end">
          <button class="btn btn-primary" type="button" onClick={remove}>{t('hosts.remove.of', { host: h.host })}</button>
          <button class="btn btn-ghost" type="button" autoFocus onClick={() => dialog.current?.close()}>{t('app.cancel')}</button>
        </div>
      </div>
    </dialog>
  );
}

export function HostCard({ h, portal, can, check, remove }: { h: Host; portal: HostPortal; can: boolean; check: () => void; remove: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <section class="card host" aria-labelledby={`host-${h.id}`}>
      <div class="card-head">
        <h3 id={`host-${h.id}`} tabIndex={-1}><bdi dir="ltr">{h.host}</bdi></h3>
        <span class="chip" data-s={SHAPE[h.state]}>{t(`hosts.state.${h.state}`)}</span>
      </div>
      {h.state === 'on' ? <InUse h={h} portal={portal} /> : <ToDo h={h} portal={portal} />}
      {can && (
        <div class="form-end">
          {(h.state !== 'on' || h.missing_since || h.certificate?.state === 'failed') && (
            <button class="btn" type="button" id={`check-${h.id}`} aria-labelledby={`check-${h.id} host-${h.id}`} onClick={check}><Icon name="rotate-cw" />{t('hosts.check')}</button>
          )}
          <button class="btn" type="button" id={`remove-${h.id}`} aria-labelledby={`remove-${h.id} host-${h.id}`} onClick={() => setAsking(true)}>{t('hosts.remove')}</button>
        </div>
      )}
      {asking && <Remove h={h} remove={remove} close={() => setAsking(false)} />}
    </section>
  );
}
