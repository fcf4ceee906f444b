-- What became of a mail is kept for ninety days: jobs find the oldest by index.
set role sportello_owner;
create index if not exists deliveries_age on app.deliveries (next_try_at) where state > 1;
reset role;
