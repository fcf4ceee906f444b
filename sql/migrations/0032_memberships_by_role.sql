-- Who has a role at an account is found in the index.
drop index app.memberships_account;
create index memberships_account on app.memberships (tenant_id, account_id, role, person_id);
