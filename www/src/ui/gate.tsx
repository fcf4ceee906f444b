/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Why support can't be used yet, and what helps; what was typed stays where it is. */
import { useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { problemText } from './parts';

export const isGate = (p: Problem) => p.code === 'confirm-address' || p.code === 'support-not-allowed';

export function Gate({ problem }: { problem: Problem }) {
  const [said, setSaid] = useState('');
  const send = () => void api<{ email: string }>('POST', '/api/confirmation').then(
    ({ email }) => setSaid(t('portal.gate.sent', { email })),
    (e: unknown) => setSaid(e instanceof Problem ? problemText(e) : t('err.unknown')));
  return (
    <div class="summary form" role="alert">
      <h2><a href="/support">{problemText(problem)}</a></h2>
      {problem.code === 'confirm-address' && (said ? <p>{said}</p> : <button class="btn" type="button" onClick={send}>{t('portal.gate.send')}</button>)}
    </div>
  );
}
