-- What :tenant promises: two plans, what the priorities mean, and which follows from
-- impact and urgency. Accounts that another one looks after have the better plan, which
-- counts every hour; the other one counts business hours, but for what is urgent.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null
do $$
declare
  hours bigint := (select c.id from app.calendars c where c.tenant_id = auth.tenant_id());
begin
  perform app.save_service_level(jsonb_build_object('shown', true, 'escalated_runs', true, 'warn', 60,
    'priorities', (select jsonb_object_agg(x.priority, jsonb_build_object('definition', app.eight_texts(x.means), 'examples', app.eight_texts(x.such)))
      from (values
      ('urgent', 'Work stands still for everybody, and there is no other way.|Die Arbeit steht für alle still, und es gibt keinen anderen Weg.|Le travail est arrêté pour tous, sans autre moyen.|El trabajo está parado para todos y no hay otra vía.|Il lavoro è fermo per tutti e non c''è altro modo.|O trabalho está parado para todos e não há outra saída.|Arbetet står still för alla, och det finns ingen annan väg.|全員の作業が止まり、ほかに方法がありません。',
        'Nobody can sign in. Data is lost.|Niemand kann sich anmelden. Daten gehen verloren.|Personne ne peut se connecter. Des données se perdent.|Nadie puede entrar. Se pierden datos.|Nessuno riesce ad accedere. Si perdono dati.|Ninguém consegue entrar. Há perda de dados.|Ingen kan logga in. Data går förlorade.|誰もログインできない。データが失われる。'),
      ('high', 'Many are hindered in something that matters every day.|Viele sind bei etwas behindert, das täglich zählt.|Beaucoup sont gênés dans une tâche de tous les jours.|Muchos tienen problemas con algo de todos los días.|Molti sono ostacolati in qualcosa di quotidiano.|Muitos são prejudicados em algo do dia a dia.|Många hindras i något som behövs varje dag.|多くの人の日常の作業に支障があります。',
        'Reports can''t be printed for a whole class.|Für eine ganze Klasse lassen sich keine Berichte drucken.|Impossible d''imprimer les bulletins d''une classe.|No se pueden imprimir los informes de una clase.|Non si stampano le pagelle di un''intera classe.|Não dá para imprimir os relatórios de uma turma.|Rapporter för en hel klass kan inte skrivas ut.|クラス全体の帳票を印刷できない。'),
      ('normal', 'One person or a few are hindered, and can go on.|Einzelne sind behindert, können aber weitermachen.|Quelques personnes sont gênées mais peuvent continuer.|Una o pocas personas tienen problemas, pero pueden seguir.|Una o poche persone sono ostacolate, ma possono continuare.|Uma ou poucas pessoas são prejudicadas, mas podem continuar.|En eller några få hindras men kan fortsätta.|一部の人に支障がありますが、作業は続けられます。',
        'A setting has no effect.|Eine Einstellung wirkt nicht.|Un réglage reste sans effet.|Un ajuste no tiene efecto.|Un''impostazione non ha effetto.|Uma configuração não tem efeito.|En inställning har ingen verkan.|設定が反映されない。'),
      ('low', 'Questions, and what is not nice but does not hinder.|Fragen und Unschönes, das nicht behindert.|Questions et petits défauts sans gêne.|Preguntas y detalles que no molestan.|Domande e piccoli difetti che non ostacolano.|Perguntas e detalhes que não atrapalham.|Frågor och sådant som inte är fint men inte hindrar.|質問や、支障のない小さな問題です。',
        'A word is misspelt.|Ein Wort ist falsch geschrieben.|Un mot est mal orthographié.|Una palabra mal escrita.|Una parola scritta male.|Uma palavra errada.|Ett ord är felstavat.|誤字がある。')) x (priority, means, such)),
    'matrix', '{"high": {"high": "urgent", "medium": "high", "low": "normal"}, "medium": {"high": "high", "medium": "normal", "low": "normal"}, "low": {"high": "normal", "medium": "low", "low": "low"}}'::jsonb,
    'plans', jsonb_build_array(
      jsonb_build_object('key', 'standard', 'names', app.eight_texts('Standard|Standard|Standard|Estándar|Standard|Padrão|Standard|スタンダード'), 'targets',
        jsonb_build_object('urgent', '{"first": 60, "next": 120, "resolution": 480}'::jsonb,
          'high', jsonb_build_object('first', 240, 'next', 240, 'resolution', 960, 'calendar', hours),
          'normal', jsonb_build_object('first', 480, 'next', 480, 'resolution', 4800, 'calendar', hours),
          'low', jsonb_build_object('first', 960, 'next', 1440, 'calendar', hours))),
      jsonb_build_object('key', 'plus', 'names', app.eight_texts('Plus|Plus|Plus|Plus|Plus|Plus|Plus|プラス'), 'targets',
        '{"urgent": {"first": 30, "next": 60, "resolution": 240}, "high": {"first": 120, "next": 240, "resolution": 720}, "normal": {"first": 300, "next": 600, "resolution": 7200}, "low": {"first": 720, "next": 1440}}'::jsonb))), 0);
  perform app.set_account_plan(a.id, 'plus') from app.accounts a where a.tenant_id = auth.tenant_id() and a.partner_id is not null;
end $$;
-- It has held for as long as there are tickets.
update app.sla_versions v set valid_from = (select min(t.created_at) from app.tickets t where t.tenant_id = v.tenant_id) where v.tenant_id = auth.tenant_id();
update app.account_plans p set since = (select min(t.created_at) from app.tickets t where t.tenant_id = p.tenant_id) where p.tenant_id = auth.tenant_id();
delete from app.event_queue where tenant_id = auth.tenant_id();
commit;
