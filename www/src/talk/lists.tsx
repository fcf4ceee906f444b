/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The three lists of a ticket: who follows it, whom it is shared with, who must
 * get its mail. Before somebody is taken out, a dialog says who loses access.
 */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { boot, me } from '../lib/boot';
import { t } from '../lib/i18n';
import { navigate } from '../lib/router';
import { forgetLists, people, type Resource } from '../lib/store';
import type { TicketLink, TicketPage } from '../lib/types';
import { AddPeople } from '../portal/share';
import { Avatar, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { Closing } from './closing';
import { nameOf, LEVELS, type Level, type Lists, type ListsPage } from './data';
import { Address, Asked } from './pending';
import { Readers } from './readers';
import { Removal, type Leaving } from './removal';

const say = (e: unknown) => toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
const focus = (id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus());

function Row({ id, note, label, remove }: { id: number; note?: string | undefined; label?: string; remove?: (() => void) | undefined }) {
  return (
    <dd>
      <span class="who">
        <Avatar who={people.value[String(id)] ?? null} /><span class="grow" dir="auto">{nameOf(id)}{note && <small class="muted"> · {note}</small>}</span>
        {remove && <button class="btn btn-ghost" type="button" aria-label={label} onClick={remove}><Icon name="x" /></button>}
      </span>
    </dd>
  );
}

/** What agents know of what it waits for. */
function Engineers({ item }: { item: NonNullable<ListsPage['item']> }) {
  return (
    <dl class="facts">
      <div>
        <dt>{t('talk.item')}</dt>
        <dd><a class="link" href={`/agent/releases/items/${item.id}`}><bdi class="ident">{item.key}</bdi> <bdi>{item.title}</bdi></a>{item.url && <> · <a class="link" href={item.url} target="_blank" rel="noreferrer noopener">{t('talk.item.open')}</a></>}</dd>
        {item.release && <dd class="muted">{t(item.release.published_at ? 'talk.item.out' : 'talk.item.in', { name: item.release.name })}</dd>}
        {item.told_at && <dd class="muted">{t(item.fixed === null ? 'talk.item.asked' : item.fixed ? 'talk.item.yes' : 'talk.item.no')}</dd>}
      </div>
    </dl>
  );
}

/** Who gets mail about it, and how much of it oneself. */
function Followers({ of, lists, change }: { of: TicketPage['ticket']; lists: Lists; change: (ask: Promise<Lists>) => Promise<boolean> }) {
  const path = `/api/tickets/${of.number}`;
  const set = (level: string) => void change(api<Lists>('PATCH', `${path}/following`, { body: { level } }));
  const drop = async (id: number) => {
    if (await change(api<Lists>('DELETE', `${path}/followers/${id}`))) toast(t('talk.unfollowed', { who: nameOf(id) }));
    focus('followers');
  };
  return (
    <>
      <div class="field">
        <label for="follow">{t('talk.mine')}</label>
        <select class="input" id="follow" value={lists.mine} onChange={(e) => set(e.currentTarget.value as Level)}>
          {LEVELS.map((l) => <option key={l} value={l}>{t(`talk.level.${l}`)}</option>)}
        </select>
      </div>
      <dl class="facts">
        <div>
          <dt id="followers" tabIndex={-1}>{t('talk.followers')}</dt>
          {lists.followers.map((f) => (
            <Row key={f.person} id={f.person} note={f.level === 'replies' ? t('talk.level.replies') : undefined} label={t('talk.unfollow', { who: nameOf(f.person) })}
              remove={f.person !== of.requester && f.person !== me.id ? () => void drop(f.person) : undefined} />
          ))}
          {lists.count > lists.followers.length && <dd class="muted">{t('talk.more', { n: lists.count - lists.followers.length })}</dd>}
          {lists.count === 0 && <dd class="muted">{t('talk.followers.none')}</dd>}
        </div>
      </dl>
    </>
  );
}

function Links({ links }: { links: TicketLink[] }) {
  const desk = !boot.portal.account;
  return (
    <dl class="facts">
      {links.map((l) => (
        <div key={`${l.kind}${l.number}`}><dt>{t(`app.link.${l.kind}`)}</dt><dd><a class="link" href={`${desk ? '/agent' : ''}/t/${l.number}`}>#{l.number} <bdi>{l.title}</bdi></a></dd></div>
      ))}
    </dl>
  );
}

export default function TicketLists({ page, r }: { page: TicketPage; r: Resource<TicketPage> }) {
  const of = page.ticket;
  const path = `/api/tickets/${of.number}`;
  const [lists, setLists] = useState<Lists | null>(null);
  const [around, setAround] = useState<ListsPage | null>(null);
  const [turn, setTurn] = useState(0);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const [asking, setAsking] = useState(false);
  const [wide] = useState(() => matchMedia('(width >= 48rem)').matches);
  const put = (l: Lists) => {
    people.value = { ...people.value, ...l.people };
    setLists(l);
  };
  /* Again when somebody came or went, or something was said. */
  const stamp = `${of.number} ${of.updated_at} ${(page.shared ?? []).join()} ${turn}`;
  useEffect(() => {
    const stop = new AbortController();
    api<ListsPage>('GET', `${path}/people`, { signal: stop.signal, quiet: true }).then((p) => {
      people.value = { ...people.value, ...p.people };
      setAround(p);
      put(p.lists);
    }, () => {});
    return () => stop.abort();
  }, [stamp]);
  if (!lists || !around) return null;
  const { contacts, links, ratings } = around;

  const change = async (ask: Promise<Lists>) => {
    try {
      put(await ask);
      return true;
    } catch (e) {
      say(e);
      return false;
    }
  };
  const done = (l: Lists, who: string) => {
    setLeaving(null);
    if (l.gone) {
      forgetLists();
      toast(t('talk.gone', { number: of.number }));
      return navigate(boot.portal.account ? '/tickets' : '/agent');
    }
    put(l);
    toast(t('portal.people.removed', { who }));
    void r.load(true);
    return focus('people');
  };
  const share = async () => {
    const account = of.account;
    if (account && await change(api<Lists>('POST', `${path}/accounts`, { body: { account: account.id } }))) {
      toast(t('talk.account.added', { account: account.name }));
      focus('people');
    }
  };
  const added = () => { setAdding(false); setTurn(turn + 1); void r.load(true); focus('add-people'); };
  const first = (a: number, b: number) => Number(b === of.requester) - Number(a === of.requester) || nameOf(a).localeCompare(nameOf(b));
  return (
    <>
      {links.length > 0 && <Links links={links} />}
      {around?.item && <Engineers item={around.item} />}
      <Closing of={of} ratings={ratings} r={r} onChange={() => setTurn(turn + 1)} />
      {/* Narrow, the conversation comes first. */}
      <details open={wide}>
        <summary class="label link">{t('talk.who.people')}</summary>
        <div class="form">
          <Followers of={of} lists={lists} change={change} />
          <dl class="facts">
            <div>
              <dt id="people" tabIndex={-1}>{t('talk.shared')}</dt>
              {lists.account && (
                <dd>
                  <span class="who">
                    <Icon name="users" /><span class="grow">{t('talk.account', { account: lists.account.name })}</span>
                    <button class="btn btn-ghost" type="button" aria-label={t('talk.account.remove', { account: lists.account.name })}
                      onClick={() => lists.account && setLeaving({ account: lists.account })}><Icon name="x" /></button>
                  </span>
                </dd>
              )}
              {lists.shared.slice().sort(first).map((id) => (
                <Row key={id} id={id} note={id === of.requester ? t('portal.people.opened') : undefined} label={t('portal.people.remove', { who: nameOf(id) })}
                  remove={id === of.requester ? undefined : () => setLeaving({ person: id })} />
              ))}
            </div>
          </dl>
          {lists.pending.length > 0 && <Asked path={path} items={lists.pending} change={change} />}
          {contacts.length > 0 && (
            <dl class="facts contacts"><div><dt>{t('talk.contacts')}</dt>{contacts.map((c) => <dd key={c}><Address of={c} /></dd>)}</div></dl>
          )}
          {adding && <AddPeople number={of.number} within={lists.shared} onClose={added} onAdded={added} />}
          {of.can.share && !adding && (
            <button class="btn btn-wide" id="add-people" type="button" onClick={() => setAdding(true)}><Icon name="plus" />{t('portal.people.add')}</button>
          )}
          {of.can.share && !lists.account && of.account && (
            <button class="btn btn-wide" type="button" onClick={() => void share()}><Icon name="users" />{t('talk.account.add', { account: of.account.name })}</button>
          )}
          <button class="btn btn-ghost btn-wide" id="who-sees" type="button" onClick={() => setAsking(true)}><Icon name="eye" />{t('talk.who')}</button>
        </div>
      </details>
      {leaving && <Removal number={of.number} of={leaving} onClose={() => { setLeaving(null); focus('people'); }} onDone={done} />}
      {asking && <Readers page={page} onClose={() => { setAsking(false); focus('who-sees'); }} />}
    </>
  );
}
