-- A support contact is written to once its address is proven: by its person, or
-- by a yes to a mail that asks.
set role sportello_owner;
alter table app.support_contacts drop constraint support_contacts_state_check,
  add constraint support_contacts_state_check check (state between 1 and 5),
  add event_id bigint,
  add foreign key (tenant_id, event_id) references app.events;
create table app.contact_refusals (
  tenant_id bigint not null references app.tenants,
  email text not null check (app.is_email(email)),
  account_id bigint not null,
  refused_at timestamptz not null default now(),
  primary key (tenant_id, email, account_id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade);
reset role;
drop function if exists app.tell(text, bigint, jsonb);
-- Bare addresses that have had reports stay; others are to be asked, by whoever
-- keeps the account's contacts.
update app.support_contacts c set state = 4
  where c.person_id is null and c.state in (1, 2)
    and not exists (select from app.deliveries d where d.tenant_id = c.tenant_id and d.email = c.email
      and d.reason = 'support_contact' and d.state = 2);
update app.support_contacts c set state = 4
  where c.person_id is not null and c.state in (1, 2)
    and not exists (select from app.confirmations n where n.tenant_id = c.tenant_id
      and n.person_id = c.person_id and n.email = c.email);
