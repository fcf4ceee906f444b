-- Which function runs when. Dropped and made again with every load.

create or replace trigger membership_changed
  after insert or update or delete on app.memberships
  for each row execute function app.membership_changed();
create or replace trigger comment_added
  after insert on app.comments
  for each row execute function app.comment_added();
create or replace trigger ticket_changing
  before update on app.tickets
  for each row execute function app.ticket_changing();
create or replace trigger ticket_changed
  after update on app.tickets
  for each row execute function app.ticket_changed();
create or replace trigger ticket_done
  after update of status on app.tickets
  for each row when (app.status_group(new.status) = 'done' and app.status_group(old.status) <> 'done')
  execute function app.ticket_done();
