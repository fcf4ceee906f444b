-- A ticket says whether it has files.
alter table app.tickets add column has_files boolean not null default false;
update app.tickets t set has_files = true from app.files f where f.tenant_id = t.tenant_id and f.ticket_id = t.id and not t.has_files;
