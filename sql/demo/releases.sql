-- What engineers of :tenant work on: a release that is out and was told, and one to publish,
-- for which two tickets wait.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null

-- As the worker says it (fcgi/handlers/releases.c).
create function pg_temp.said(name text, notes jsonb) returns jsonb
language sql immutable as $$
  select jsonb_object_agg(t.key, jsonb_build_object('source', regexp_replace(said, '\.(?=[0-9])', '\\.', 'g') || E'\n\n' || note, 'html', pg_temp.html(said || E'\n\n' || note)))
  from jsonb_each_text(app.eight_texts('{name} is out. It contains what this ticket was waiting for.|{name} ist da und enthält, worauf dieses Ticket gewartet hat.|{name} est publiée et contient ce que ce ticket attendait.|{name} ya está publicada y contiene lo que este ticket esperaba.|{name} è uscita e contiene ciò che questo ticket aspettava.|{name} foi publicada e contém o que este ticket esperava.|{name} är släppt och innehåller det som det här ärendet väntade på.|{name} がリリースされました。このチケットでお待ちいただいていた対応が含まれています。')) t
  cross join lateral (select replace(t.value, '{name}', name) as said, coalesce(notes->>t.key, notes->>'en') as note) n
$$;

do $$
declare
  item record;
  made jsonb := '{}';
  notes jsonb;
  waits bigint;
begin
  for item in select * from (values
    ('GR-2101', 'Exports of more than 4 GB break off', 'done'), ('GR-2260', 'Substitutions reach the app a day late', 'done'), ('GR-2271', 'Messages come once in each language of a guardian', 'open')) v (key, title, state)
  loop
    made := made || jsonb_build_object(item.key, app.save_item(null, item.key, item.title, 'https://dev.griffel.example/' || item.key, item.state)->'id');
  end loop;
  notes := '{"en": "Exports of any size work again, with their videos.", "de": "Exporte jeder Größe gehen wieder, samt Videos.", "sv": "Exporter av alla storlekar fungerar igen, med videor."}';
  perform app.save_release(null, 'Griffel 5.4', notes, pg_temp.said('Griffel 5.4', notes), jsonb_build_array(made->'GR-2101'));
  notes := '{"en": "Substitutions show at once, and each message comes once.", "de": "Vertretungen erscheinen sofort, und jede Nachricht kommt einmal.", "sv": "Vikariat syns direkt, och varje meddelande kommer en gång."}';
  perform app.save_release(null, 'Griffel 5.4.1', notes, pg_temp.said('Griffel 5.4.1', notes), jsonb_build_array(made->'GR-2260', made->'GR-2271'));
  for item in select * from (values ('Export stops at 50 %', 'GR-2101'), ('Vertretungen erscheinen erst am nächsten Tag', 'GR-2260'), ('Guardians get every message twice', 'GR-2271')) v (title, key) loop
    select t.id into strict waits from app.tickets t where t.tenant_id = auth.tenant_id() and t.title = item.title;
    insert into app.ticket_items (tenant_id, ticket_id, item_id, linked_at)
      select t.tenant_id, t.id, (made->>item.key)::bigint, t.created_at + interval '3 hours' from app.tickets t where t.tenant_id = auth.tenant_id() and t.id = waits;
  end loop;
  -- It was published when its ticket was told, and is good.
  update app.ticket_items x set told_at = t.updated_at, fixed = true, answered_by = t.requester_id,
      comment_id = (select max(c.id) from app.comments c where c.tenant_id = t.tenant_id and c.ticket_id = t.id and not c.is_internal)
    from app.tickets t where x.tenant_id = auth.tenant_id() and x.item_id = (made->>'GR-2101')::bigint and t.tenant_id = x.tenant_id and t.id = x.ticket_id;
  update app.releases r set created_at = x.told_at - interval '3 days', published_at = x.told_at, published_by = auth.person_id()
    from app.ticket_items x where r.tenant_id = auth.tenant_id() and r.name = 'Griffel 5.4' and x.tenant_id = r.tenant_id and x.item_id = (made->>'GR-2101')::bigint;
end $$;
delete from app.event_queue where tenant_id = auth.tenant_id();
drop function pg_temp.said;
commit;
