-- What new tickets ask, in :tenant: the ready-made problem
-- report and a wish. Nothing must be answered, so that whoever tries it out is not
-- stopped. What a contract is worth is for the staff alone, and how urgent a ticket
-- is, administrators of an account say themselves.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null
do $$
begin
  perform app.make_ready_form();
  perform app.save_type('wish', true, app.eight_texts('Wish|Wunsch|Souhait|Deseo|Desiderio|Desejo|Önskemål|要望'), null, false, null, null, null, null, null);
  perform app.save_field('contract', true, 'one_of', app.eight_texts('Contract|Vertrag|Contrat|Contrato|Contratto|Contrato|Avtal|契約'), null,
    jsonb_build_array(jsonb_build_object('key', 'basic', 'labels', app.eight_texts('Basic|Basis|De base|Básico|Base|Básico|Bas|基本')),
      jsonb_build_object('key', 'premium', 'labels', app.eight_texts('Premium|Premium|Premium|Premium|Premium|Premium|Premium|プレミアム'))), null);
  perform app.save_type_field('problem_report', 'contract', false, 0::smallint, null);
  perform app.set_field_policy('contract', r, 'hidden', false, null, null)
    from unnest(array['member', 'main_user', 'portal_admin', 'account_admin', 'partner']) r;
  perform app.set_field_policy('priority', 'account_admin', 'edit', false, null, null);
end $$;
update app.type_fields set required = false where tenant_id = auth.tenant_id();

-- Tickets that are there already are problem reports; the
-- newest have answers.
update app.tickets t set type = 'problem_report' where t.tenant_id = auth.tenant_id();
with newest as (
  select t.id, row_number() over (order by t.id desc) as n from app.tickets t where t.tenant_id = auth.tenant_id() and t.at_desk order by t.id desc limit 4),
given (n, field, value) as (values
  (1, 'affected', '"all"'::jsonb), (1, 'impact', '"hinders"'), (1, 'contract', '"premium"'), (1, 'used_with', '"web"'),
  (2, 'affected', '"some"'), (2, 'still_there', '"sometimes"'), (2, 'contract', '"basic"'),
  (3, 'affected', '"one"'), (3, 'impact', '"small"'), (4, 'affected', '"all"'), (4, 'impact', '"blocks"'))
insert into app.ticket_values (tenant_id, ticket_id, field, value, word)
  select auth.tenant_id(), w.id, g.field, g.value, g.value #>> '{}'
  from newest w join given g on g.n = w.n
  where exists (select from app.fields f where f.tenant_id = auth.tenant_id() and f.key = g.field);

-- Nothing goes out for it.
delete from app.event_queue where tenant_id = auth.tenant_id();
commit;
