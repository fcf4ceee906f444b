-- Who changed which settings and looks is shown.
set role sportello_owner;
create index events_settings on app.events (tenant_id, coalesce(account_id, 0), id)
  where kind in ('setting.changed', 'look.changed');
reset role;
