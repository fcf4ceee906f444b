/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where the tenant's administrators make forms: types, what they ask, and how it looks to whom. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { asked, complete, say, type Answers, type Texts } from '../forms/data';
import { FieldControl } from '../forms/field';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { change, keyFor, preview, type Made, type MadeType, type Role, type Send } from './data';
import { FieldsCard } from './fields';
import { Pick, TextsField } from './parts';
import { TypeCard } from './type';

/** The form as it is filled in: live, and nothing is sent. */
function Preview({ made, type }: { made: Made; type: MadeType }) {
  const [as, setAs] = useState<Role>('member');
  const [answers, setAnswers] = useState<Answers>({});
  const fields = preview(made, type, as);
  const now = asked(fields, answers);
  const done = complete(now.fields, now.answers);
  return (
    <section class="card" aria-labelledby="preview">
      <h2 id="preview">{t('make.preview')}</h2>
      <div class="seg" role="group" aria-labelledby="preview">
        {(['member', 'agent'] as const).map((r) => <button key={r} type="button" aria-pressed={as === r} onClick={() => setAs(r)}>{t(`make.preview.${r}`)}</button>)}
      </div>
      <div class="form">
        {now.fields.map((f) => (
          <FieldControl key={f.key} id={`preview.${f.key}`} field={f} value={now.answers[f.key]}
            onChange={(a) => setAnswers(({ [f.key]: old, ...rest }) => (a === undefined ? rest : { ...rest, [f.key]: a }))} />
        ))}
        {!now.fields.length && <p class="muted">{t('make.preview.empty')}</p>}
        {done !== null && <p class="muted"><label for="preview-meter">{t('forms.meter')}</label> <meter id="preview-meter" min={0} max={100} low={40} high={80} optimum={100} value={done} /> {t('forms.meter.value', { n: done })}</p>}
      </div>
    </section>
  );
}

function NewType({ made, send, onMade }: { made: Made; send: Send; onMade: (key: string) => void }) {
  const [labels, setLabels] = useState<Texts>({});
  const save = async () => {
    const key = keyFor(say(labels), made.types.map((y) => y.key));
    if (!(await send('POST', '/api/types', { key, labels }, t('make.added', { what: say(labels) })))) { setLabels({}); onMade(key); }
  };
  return (
    <details open={!made.types.length}>
      <summary>{t('make.type.new')}</summary>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <TextsField id="new-type" legend={t('make.label')} languages={made.languages} value={labels} max={120} onChange={setLabels} />
        <div class="form-end"><button class="btn btn-primary" type="submit">{t('make.type.make')}</button></div>
      </form>
    </details>
  );
}

export default function Make() {
  const [made, setMade] = useState<Made | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [chosen, setChosen] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const summary = useRef<HTMLDivElement>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<Made>();
    if (first?.fields) return setMade(first);
    api<Made>('GET', '/api/fields').then(setMade, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  useEffect(() => { if (wrong) summary.current?.focus(); }, [wrong]);
  const send: Send = async (method, path, body, done) => {
    setWrong(null);
    const answer = await change(method, path, body);
    if (typeof answer === 'string') { setWrong(answer); return answer; }
    setMade(answer);
    announce(done);
    return null;
  };
  const type = made?.types.find((y) => y.key === chosen) ?? made?.types.find((y) => !y.archived) ?? made?.types[0];
  const at = type ? made?.types.indexOf(type) ?? 0 : 0;
  return (
    <>
      <Heading text={t('make.title')} />
      {problem ? <Failed problem={problem} retry={load} /> : !made ? <Skeleton rows={6} /> : (
        <>
          <p class="muted">{t('make.intro')}</p>
          {wrong && <div class="summary" ref={summary} tabIndex={-1} role="group"><p>{wrong}</p></div>}
          <div class="make-cols">
            <div class="form">
              <section class="card" aria-labelledby="types">
                <h2 id="types">{t('make.types')}</h2>
                {type && (
                  <div class="make-line">
                    <Pick id="type" label={t('forms.type')} value={type.key} options={made.types.map((y) => [y.key, y.archived ? t('make.type.archived', { what: say(y.labels) }) : say(y.labels)])} onChange={setChosen} />
                    {at > 0 && <button class="btn" type="button" onClick={() => void send('PATCH', `/api/types/${type.key}`, { before: made.types[at - 1]?.key }, t('make.saved'))}><Icon name="arrow-up" />{t('make.type.earlier')}</button>}
                  </div>
                )}
                <NewType made={made} send={send} onMade={setChosen} />
                {!made.types.some((y) => y.key === 'problem_report') && (
                  <div><button class="btn" type="button" onClick={() => void send('POST', '/api/types/ready', {}, t('make.ready.done')).then((w) => { if (!w) setChosen('problem_report'); })}><Icon name="plus" />{t('make.ready')}</button></div>
                )}
              </section>
              {type && <TypeCard key={type.key} made={made} type={type} send={send} />}
              <FieldsCard made={made} send={send} />
            </div>
            {type && <div class="make-side"><Preview key={type.key} made={made} type={type} /></div>}
          </div>
        </>
      )}
    </>
  );
}
