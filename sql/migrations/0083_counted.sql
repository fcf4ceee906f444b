-- Views of what is worked on are counted by status and priority; what of functions stays is made by apply.sql.
set role sportello_owner;
create index tickets_active on app.tickets (tenant_id, status, priority) where at_desk and status <= 4;
