-- Tickets are split and merged: what links them, and whether any does.
alter table app.ticket_links drop constraint ticket_links_kind_check;
alter table app.ticket_links add constraint ticket_links_kind_check check (kind in ('follow_up', 'split', 'duplicate'));
-- A ticket is the duplicate of one at most.
create unique index ticket_links_duplicate on app.ticket_links (tenant_id, to_id) where kind = 'duplicate';
alter table app.tickets add column has_links boolean not null default false;
update app.tickets t set has_links = true from app.ticket_links l
  where l.tenant_id = t.tenant_id and t.id in (l.from_id, l.to_id);
