-- Business hours of :tenant: an office with a lunch break and short Fridays, closed on the
-- fixed holidays of :zone's country.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null
insert into app.calendars (tenant_id, id, name, due_at) values (auth.tenant_id(), app.new_id(), :'calendar', app.next_year()) returning id as calendar_id \gset
select app.add_version(:calendar_id, 1, :'zone',
  '[[[480,720],[780,1020]],[[480,720],[780,1020]],[[480,720],[780,1020]],[[480,720],[780,1020]],[[480,720],[780,930]],[],[]]',
  (select jsonb_agg(jsonb_build_object('day', date_part('year', now())::int || '-' || d, 'name', n, 'yearly', true)) from json_each_text(:'holidays') h (d, n)),
  '[]', auth.person_id()) \g /dev/null
commit;
