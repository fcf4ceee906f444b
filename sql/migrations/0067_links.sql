-- Tickets are linked by agents too: what relates, blocks or causes what.
set role sportello_owner;
alter table app.ticket_links drop constraint ticket_links_kind_check,
  add constraint ticket_links_kind_check check (kind in ('follow_up', 'split', 'duplicate', 'relates', 'blocks', 'causes'));
reset role;
