-- Which function runs when. Dropped and made again with every load.

create or replace trigger membership_changed
  after insert or update or delete on app.memberships
  for each row execute function app.membership_changed();
create or replace trigger membership_shares
  after insert or update or delete on app.memberships
  for each row execute function app.membership_shares();
create or replace trigger invitation_over
  after update on app.invitations
  for each row when (old.withdrawn_at is null and new.withdrawn_at is not null
    or old.expires_at <= now() and new.expires_at > now())
  execute function app.end_pending();
create or replace trigger tickets_setting_made
  after insert or update on app.settings
  for each row when (new.name = 'tickets_on_white_label') execute function app.tickets_setting_changed();
create or replace trigger tickets_setting_gone
  after delete on app.settings
  for each row when (old.name = 'tickets_on_white_label') execute function app.tickets_setting_changed();
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
create or replace trigger forms_changed
  after insert or update of archived_at or delete on app.ticket_types
  for each row execute function app.forms_changed();
create or replace trigger forms_changed
  after insert or update or delete on app.field_policies
  for each row execute function app.forms_changed();
create or replace trigger partner_staff_changed
  after insert or update or delete on app.memberships
  for each row execute function app.partner_staff_changed();
create or replace trigger contact_written_to
  after update on app.deliveries
  for each row when (old.state = 1 and new.reason = 'support_contact'
    and (new.state = 2 or new.state = 3 and new.answer ~ '^[45][0-9][0-9]'))
  execute function app.contact_written_to();
create or replace trigger status_bounced
  after update on app.deliveries
  for each row when (old.state = 1 and new.state = 3 and new.reason = 'status' and new.person_id is null and new.answer ~ '^5[0-9][0-9]')
  execute function app.status_bounced();
create or replace trigger address_proven
  after insert on app.confirmations
  for each row execute function app.address_proven();

-- At least one support contact: asked at the end of the transaction.
drop trigger if exists needs_contact on app.accounts;
create constraint trigger needs_contact
  after insert on app.accounts deferrable initially deferred
  for each row execute function app.needs_contact('id');
drop trigger if exists needs_contact on app.support_contacts;
create constraint trigger needs_contact
  after update of tenant_id, account_id or delete on app.support_contacts deferrable initially deferred
  for each row execute function app.needs_contact('account_id');
create or replace trigger person_counted
  before insert on app.people
  for each row execute function app.person_counted();
create or replace trigger picture_counted
  after insert or delete on app.pictures
  for each row execute function app.picture_counted();
create or replace trigger file_counted
  after insert or delete on app.files
  for each row execute function app.file_counted();
create or replace trigger role_wants_factor
  after insert or update of role, account_id, portal_id on app.memberships
  for each row execute function app.role_wants_factor();
create or replace trigger setting_changed
  after insert or update on app.settings
  for each row when (new.name = 'second_factor_roles' and new.value <> '')
  execute function app.setting_changed();
create or replace trigger listeners_gone
  after delete on app.listeners referencing old table as gone
  for each statement execute function auth.listeners_gone();
create or replace trigger rights_changed
  after update of principals, rank on app.people
  for each row when ((new.principals, new.rank) is distinct from (old.principals, old.rank))
  execute function auth.rights_changed();
create or replace trigger text_found
  before insert on app.article_texts
  for each row execute function app.text_found();
create or replace trigger incident_clock
  before insert or update of starts_at, ends_at on app.incidents
  for each row execute function app.incident_clock();
create or replace trigger links_made
  after insert on app.articles
  for each row when (new.is_live)
  execute function app.note_links();
create or replace trigger links_changed
  after update of is_live, changed, audience_id, section_id on app.articles
  for each row when (old.is_live or new.is_live)
  execute function app.note_links();
create or replace trigger links_narrowed
  after update of shown_to on app.sections
  for each row when (old.shown_to <> new.shown_to)
  execute function app.note_links();
create or replace trigger texts_moved
  after update of section_id, audience_id on app.articles
  for each row when (old.section_id <> new.section_id or old.audience_id is distinct from new.audience_id)
  execute function app.texts_moved();
