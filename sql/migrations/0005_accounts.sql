-- Who made an account, how its support contacts fare, whom of the staff it is
-- shown, and an index for what is open of it.
set role sportello_owner;
alter table app.accounts add column by_partner boolean not null default false;
create index accounts_name on app.accounts (tenant_id, name, id);
create index tickets_account on app.tickets (tenant_id, account_id, updated_at desc, id desc) where status <= 4;

alter table app.support_contacts
  add column state smallint not null default 1 check (state between 1 and 3),
  add column state_at timestamptz not null default now(),
  add column answer text check (char_length(answer) <= 500);
create index support_contacts_person on app.support_contacts (tenant_id, person_id) where person_id is not null;

create table app.named_contacts (
  tenant_id bigint not null references app.tenants,
  account_id bigint not null,
  kind text not null check (kind in ('customer_success', 'implementation', 'key_account', 'delivery')),
  person_id bigint not null,
  primary key (tenant_id, account_id, kind, person_id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
reset role;
-- It has another argument now.
drop function if exists app.names(bigint[]);
