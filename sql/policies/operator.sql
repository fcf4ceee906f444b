-- The operator's command line has no table: only functions, which it may call
-- for any tenant, one a transaction.

grant execute on function auth.operator_enter(text, boolean), auth.operator_list(),
  auth.operator_forget(), operator.create_tenant(text, text, text, text, text, text, text, text, text),
  operator.suspend_tenant(boolean), operator.set_quota(text, text, text), operator.own_hosts(), operator.erase_tenant(), operator.describe(), operator.export_rows(),
  operator.doctor(text), operator.reset_factors(text), operator.come_in(text, bytea), operator.go_out(bytea), auth.operator_hosts(), auth.operator_sealed()
  to sportello_operator;
grant execute on function auth.operator_invite(bigint, bigint, text) to sportello_owner;
grant execute on function auth.operator_queues(), auth.operator_own_hosts() to sportello_owner;
grant select on app.migrations to sportello_owner;
