-- Below which domain a tenant's portals get their hosts.
set role sportello_owner;
alter table app.tenants add column base_domain text check (base_domain ~ '^[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)*$'
    and char_length(base_domain) <= 200);
reset role;
