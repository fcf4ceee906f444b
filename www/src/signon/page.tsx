/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Identity providers, for the administrators of the tenant or of an account. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { usePoll } from '../lib/poll';
import { Empty, Failed, fieldText, Heading, Icon, problemText, Skeleton } from '../ui/parts';
import { toast } from '../ui/toast';
import { NewProvider } from './form';

export interface Provider {
  id: number;
  name: string;
  issuer: string;
  client_id: string;
  domains: string;
  knows_addresses: boolean;
  has_factor: boolean;
  on: boolean;
  /** Asked what it is; it has said so; it could not: why not, a word of signon.fault. */
  state: 'asked' | 'ready' | 'failed';
  fault: string | null;
  /** The tenant agreed to its domains. */
  confirmed: boolean;
  /** Whose it is, told to the tenant; null: its own. */
  account: string | null;
}
interface Page { back: string; tenant: boolean; providers: Provider[] }
export type Change = Partial<Pick<Provider, 'name' | 'domains' | 'knows_addresses' | 'has_factor' | 'on' | 'confirmed' | 'issuer'>>;

type Send = (c: Change) => Promise<string | null>;

/** What is wrong with a change, in words. */
function wrong(e: Problem): string {
  const [f] = e.errors;
  return f ? maybe(`signon.fault.${f.field}`) ?? maybe(`signon.fault.${f.code}`) ?? fieldText(f.code) : problemText(e);
}

interface LineProps { id: string; label: string; button: string; first: string; was?: string | null; send: (value: string) => Promise<string | null> }

/** One line of text with its own button; was: a fault from before. */
function Line({ id, label, button, first, was, send }: LineProps) {
  const [value, setValue] = useState(first);
  const [fault, setFault] = useState<string | null>(was ?? null);
  return (
    <form class="field" noValidate onSubmit={(e) => { e.preventDefault(); void send(value.trim()).then(setFault); }}>
      <label for={id}>{label}</label>
      <div class="form-end">
        <input class="input" id={id} dir="ltr" spellcheck={false} autocapitalize="none" aria-invalid={fault ? true : undefined} aria-describedby={fault ? `${id}-fault` : undefined} value={value} onInput={(e) => setValue(e.currentTarget.value)} />
        <button class="btn" type="submit">{button}</button>
      </div>
      {fault && <span class="error" id={`${id}-fault`} role="alert">{fault}</span>}
    </form>
  );
}

/** Who it is, and while it could not say what it is: why not, and another try. */
function Issuer({ p, mine, change }: { p: Provider; mine: boolean; change: Send }) {
  const fault = p.state === 'failed' ? maybe(`signon.fault.${p.fault}`) ?? t('signon.fault.answer') : null;
  if (fault && mine) return <Line key={`${p.issuer} ${p.fault}`} id={`issuer-${p.id}`} label={t('signon.issuer')} button={t('signon.again.ask')} first={p.issuer} was={fault} send={(issuer) => change({ issuer })} />;
  return (
    <>
      <p><code dir="ltr">{p.issuer}</code></p>
      {fault && <p class="error">{fault}</p>}
      {p.state === 'asked' && <p class="muted" role="status">{t('signon.asking')}</p>}
    </>
  );
}

function Card({ p, tenant, change, remove }: { p: Provider; tenant: boolean; change: Send; remove: () => void }) {
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const flip = (text: string, on: boolean, c: Change) => (
    <li><label class="check"><input type="checkbox" checked={on} onChange={() => void change(c).then(setFault)} />{text}</label></li>
  );
  const theirs = tenant && p.account !== null;
  return (
    <section class="card" aria-labelledby={`provider-${p.id}`} data-tone={p.confirmed && p.state !== 'failed' ? undefined : 'warn'}>
      <div class="card-head"><h2 id={`provider-${p.id}`} dir="auto">{p.name}</h2>{p.account && <span class="muted" dir="auto">{p.account}</span>}</div>
      <Issuer p={p} mine={!theirs} change={change} />
      {!p.confirmed && <p>{theirs ? t('signon.agree.text', { domains: p.domains }) : t('signon.waits')}</p>}
      {theirs ? p.domains && <p>{t('signon.domains')}: <code dir="ltr">{p.domains}</code></p> : <Line key={p.domains} id={`domains-${p.id}`} label={t('signon.domains')} button={t('signon.save')} first={p.domains} send={(value) => change({ domains: value.toLowerCase().replace(/[\s,]+/g, ' ') })} />}
      <ul class="contacts" role="list">
        {theirs && flip(t('signon.agree'), p.confirmed, { confirmed: !p.confirmed, ...(p.confirmed ? {} : { domains: p.domains, knows_addresses: p.knows_addresses, has_factor: p.has_factor }) })}
        {flip(t('signon.on'), p.on, { on: !p.on })}
        {!theirs && flip(t('signon.knows'), p.knows_addresses, { knows_addresses: !p.knows_addresses })}
        {!theirs && flip(t('signon.factor'), p.has_factor, { has_factor: !p.has_factor })}
        {theirs && p.knows_addresses && <li class="muted">{t('signon.knows')}</li>}
        {theirs && p.has_factor && <li class="muted">{t('signon.factor')}</li>}
      </ul>
      {!tenant && p.confirmed && <p class="muted">{t('signon.again')}</p>}
      {fault && <p class="error" role="alert">{fault}</p>}
      {!theirs && <div class="form-end">
        {!sure && <button class="btn btn-ghost" type="button" onClick={() => setSure(true)}>{t('signon.remove')}</button>}
        {sure && <button class="btn btn-primary" type="button" onClick={remove}>{t('signon.sure', { name: p.name })}</button>}
        {sure && <button class="btn btn-ghost" type="button" onClick={() => setSure(false)}>{t('app.cancel')}</button>}
      </div>}
    </section>
  );
}

export default function SignOn() {
  const [page, setPage] = useState<Page | null>(() => { const first = takeRoute<Page>(); return first?.providers ? first : null; });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [adding, setAdding] = useState(false);
  const load = async () => {
    try {
      setPage(await api<Page>('GET', '/api/providers'));
      setProblem(null);
    } catch (e) {
      if (e instanceof Problem) setProblem(e);
    }
  };
  useEffect(() => { if (!page) void load(); }, []);
  usePoll(2, () => { if (page?.providers.some((p) => p.state === 'asked')) void load(); });
  const title = t('signon.title');
  if (!page) return <><Heading text={title} />{problem ? <Failed problem={problem} retry={() => void load()} /> : <Skeleton />}</>;
  const change = (p: Provider) => async (c: Change) => {
    try {
      await api('PATCH', `/api/providers/${p.id}`, { body: c });
      announce(t('signon.saved'));
      return null;
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      return wrong(e);
    } finally {
      await load();
    }
  };
  const remove = async (p: Provider) => {
    await api('DELETE', `/api/providers/${p.id}`).catch((e: unknown) => { if (e instanceof Problem) toast(problemText(e)); });
    await load();
  };
  return (
    <>
      <Heading text={title} />
      <p>{page.tenant ? t('signon.lead.tenant') : t('signon.lead.account')}</p>
      {page.providers.length ? page.providers.map((p) => <Card key={p.id} p={p} tenant={page.tenant} change={change(p)} remove={() => void remove(p)} />)
        : !adding && <Empty icon="lock" title={t('signon.none')} />}
      {adding ? <NewProvider back={page.back} tenant={page.tenant} done={() => { setAdding(false); void load(); }} />
        : <div class="form-end"><button class="btn btn-primary" type="button" onClick={() => setAdding(true)}><Icon name="plus" />{t('signon.add')}</button></div>}
    </>
  );
}
