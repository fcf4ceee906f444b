/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which plan of the service level an account has: where the tenant keeps one. */
import { useEffect, useState } from 'preact/hooks';
import { say, type Texts } from '../forms/data';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { Pick } from '../make/parts';
import { problemText } from '../ui/parts';
import { toast } from '../ui/toast';

interface Plans { plan: string | null; plans: { key: string; names: Texts }[] }

export function AccountPlan({ account }: { account: number }) {
  const [of, setOf] = useState<Plans | null>(null);
  const path = `/api/accounts/${account}/plan`;
  useEffect(() => { api<Plans>('GET', path).then(setOf, () => {}); }, [path]);
  const set = async (plan: string) => {
    try {
      setOf(await api<Plans>('PATCH', path, { body: { plan } }));
      announce(t('levels.account.saved'));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      toast(problemText(e));
    }
  };
  return of?.plan && of.plans.length > 1 ? (
    <section class="card" aria-labelledby="h-plan">
      <h2 id="h-plan">{t('levels.account.title')}</h2>
      <Pick id="plan" label={t('levels.account.plan')} value={of.plan} options={of.plans.map((p): [string, string] => [p.key, say(p.names)])} onChange={(p) => void set(p)} />
    </section>
  ) : null;
}
