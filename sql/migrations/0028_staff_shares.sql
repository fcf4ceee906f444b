-- Staff is in no ticket that is still its partner's, but as one of its people.
delete from app.ticket_access a using app.tickets t, app.people p
  where t.tenant_id = a.tenant_id and t.id = a.ticket_id and not t.at_desk
    and a.principal % 4 = 0 and p.tenant_id = a.tenant_id and p.id = a.principal / 4 and p.rank >= 2
    and not exists (select from app.memberships m
      where m.tenant_id = a.tenant_id and m.person_id = p.id and m.account_id = t.account_id);
drop function if exists app.chosen_people(jsonb, bigint, bigint);
