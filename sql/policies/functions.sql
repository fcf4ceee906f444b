-- Who may call what. Nothing is left to PUBLIC.

-- Readers of the context: everybody; they say nothing but who is asking.
grant execute on function auth.tenant_id(), auth.portal_id(), auth.account_id(),
  auth.person_id(), auth.session_id(), auth.grant_id(), auth.rank(), auth.is_agent(), auth.has_tickets(), auth.host(), auth.principals()
  to sportello_app, sportello_jobs, sportello_owner, sportello_auth;
grant execute on function auth.need_rank(smallint), auth.need_person(bigint, smallint) to sportello_app;
-- Behind them in the signed variant, which has no library.
do $$
begin
  if to_regprocedure('auth.context()') is not null then
    grant execute on function auth.context()
      to sportello_app, sportello_jobs, sportello_owner, sportello_auth;
  end if;
end $$;
grant execute on function auth.enter(text, bytea, smallint, boolean, text, boolean) to sportello_app;
grant execute on function auth.sign_out() to sportello_app;
grant execute on function auth.new_entry(bigint, bigint, text, text), auth.take_entry(text, text, bytea),
  auth.leave(text, bytea) to sportello_api;
grant execute on function auth.hand_over(text, text), auth.arrive(text, text, bytea, bytea) to sportello_api;
grant execute on function auth.serves_tickets(bigint, bigint), auth.is_ours(text), auth.wake_claims(text) to sportello_owner;
grant execute on function auth.password_salt(text, text),
  auth.sign_in(text, bytea, bytea, bytea, text, text, text) to sportello_login;

grant execute on function auth.sign_on_names(), auth.sign_on_back(), auth.factors(),
  app.check_provider(bigint) to sportello_app;

-- The pool whose workers check codes, signatures and providers' words: what it
-- says was shown, the database believes.
grant execute on function auth.recovery_make(),
  auth.totp_start(bytea), auth.totp_pending(), auth.totp_confirm(bigint), auth.totp_remove(),
  auth.passkey_start(), auth.passkey_add(text, text, bytea, int, bytea, bigint, text),
  auth.passkey_rename(bigint, text), auth.passkey_remove(bigint), auth.identity_remove(bigint),
  auth.step_show(text, text, bytea), auth.step_try(text, text, bytea),
  auth.step_code(text, bigint, bytea, bytea), auth.step_passkey(text, text, bytea, bigint, bytea, bytea),
  auth.step_recover(text, text, bytea, bytea), auth.step_ask(text),
  auth.step_made(text, text, text, bytea, int, bytea, bigint, text, bytea, bytea),
  auth.sign_on_provider(bigint, text), auth.sign_on_away(bigint),
  auth.sign_on(bigint, text, text, boolean, text, bytea, bytea, text, bytea, text), auth.sign_on_mailed(text, bytea, bytea, bytea, text)
  to sportello_proof;
grant execute on function
  app.create_provider(text, text, text, bytea, text, boolean, boolean, text),
  app.change_provider(bigint, text, boolean, text, boolean, boolean, boolean, text), app.remove_provider(bigint)
  to sportello_proof;

-- What the door itself asks of the tables' owner.
grant execute on function app.setting_at(text, bigint, bigint), app.setting(text), app.setting_names(), app.setting_kind(text),
  app.setting_fallback(text), app.added_setting(text, bigint, bigint), app.set_value(text, bigint, bigint),
  app.tell(text, bigint, jsonb, jsonb), app.record(text, bigint, bigint, jsonb) to sportello_auth;
-- What rules that run as the tables' owner ask of the door.
grant execute on function auth.mute_token(bigint, bigint, bigint), auth.leave_token(bigint, text) to sportello_owner, sportello_jobs;
grant execute on function auth.factor_due(bigint), auth.has_factor(bigint), auth.wants_factor(bigint),
  auth.need_proof() to sportello_owner;
grant execute on function auth.make_secret(text, bigint, bigint, text, jsonb, interval),
  auth.spend_secret(text, text, boolean), auth.try_code(text, bigint, text, text),
  auth.may_ask(text, text, text), auth.may_try(text, text),
  auth.open_session(bigint, bytea, bytea, text) to sportello_owner;

-- Plain helpers without rows.
grant execute on function app.new_id(), app.new_time_id(), app.new_tick_id(), app.principal(bigint, int),
  app.is_text(text), app.is_line(text), app.is_email(text), app.host_fault(text), app.new_token(), app.domain_of(text),
  app.status_name(smallint), app.status_number(text), app.status_group(smallint),
  app.group_statuses(text), app.priority_name(smallint), app.priority_number(text),
  app.cursor(timestamptz, bigint), app.cursor_time(text), app.cursor_id(text)
  to sportello_app, sportello_jobs, sportello_auth;
grant usage on sequence app.id_ticks to sportello_jobs, sportello_auth;

grant execute on function app.with_factors(bigint[]), app.reset_factors(bigint) to sportello_app;
grant execute on function app.sees(bigint), app.may_share(bigint), app.ticket_people(bigint), app.names(bigint[], bigint),
  app.tenant_name(), app.account_name(bigint), app.account_partner(bigint), app.portal_name(bigint) to sportello_app;
grant execute on function app.partner_portals(), app.staffed_partners(), app.looks_after(bigint),
  app.is_partner_of(bigint), app.side_in(bigint), app.keeps_contacts(bigint), app.contacts_of(bigint),
  app.named_contacts(bigint), app.partner_staff(bigint), app.plain(text), app.begins(text, text), app.base_domain() to sportello_app;
grant execute on function app.create_account(text, text, jsonb, bigint, boolean, text, text, text),
  app.change_account(bigint, text, text, jsonb), app.change_contacts(bigint, jsonb, jsonb, text),
  app.find_contacts(text, bigint, bigint), app.ask_contact_again(bigint, text), app.escalate(bigint) to sportello_api;
grant execute on function app.mail_state(bigint) to sportello_app;
grant execute on function app.is_proven(bigint, text), app.stand_ins(bigint), app.sees_as(bigint, smallint, bigint[]),
  app.shows_to(bigint, text, bigint, bigint), app.has_muted(bigint, bigint) to sportello_jobs;
grant execute on function app.written_to_instead(bigint, boolean) to sportello_api;
grant execute on function app.administered_accounts(), app.administered_portals(),
  app.partner_accounts(), app.roles_here(), app.setting_names(), app.setting_at(text, bigint, bigint),
  app.setting(text), app.setting_holds(text, text), app.setting_fits(text, text), app.setting_kind(text),
  app.setting_fallback(text), app.added_setting(text, bigint, bigint), app.set_value(text, bigint, bigint),
  app.tenant_settings(), app.portal_list(bigint, bigint[]) to sportello_app;
grant execute on function auth.grant_opens(app.grants, bigint, bigint) to sportello_owner;
grant execute on function app.portal_tree(), app.create_portal(bigint, text, text, text, text),
  app.change_portal(bigint, text, text), app.list_settings(bigint), app.set_setting(text, text, boolean, bigint)
  to sportello_api;
grant execute on function app.in_language(jsonb, text, text), app.any_text(jsonb), app.picture(text), app.look(bigint, text)
  to sportello_app, sportello_jobs;
grant execute on function app.mail_look(bigint, text, text) to sportello_jobs;
grant execute on function app.reading(text, text), app.languages_of(bigint), app.invites_here() to sportello_app;
grant execute on function app.language_of(bigint) to sportello_jobs;
grant execute on function auth.languages() to sportello_owner;
grant execute on function app.shown_settings(), app.choice_names(text) to sportello_api;
grant execute on function app.has_link(text), app.texts_fit(jsonb, int, boolean), app.is_link(text), app.links_fit(jsonb)
  to sportello_app, sportello_jobs, sportello_auth;
grant execute on function auth.take_picture() to sportello_owner;
grant execute on function app.get_look(bigint), app.change_look(bigint, jsonb), app.may_bring_picture(),
  app.add_picture(text, int, int, bytea) to sportello_api;
grant execute on function app.count_event(bigint) to sportello_jobs;
grant execute on function app.open_ticket(text, text, text, text, jsonb, jsonb, text, jsonb), app.share_ticket(bigint, jsonb), app.change_pending(bigint, bigint, boolean),
  app.unshare_ticket(bigint, bigint), app.share_with_account(bigint, bigint), app.unshare_account(bigint, bigint),
  app.find_mentions(bigint, text, boolean), app.find_members(text, bigint, bigint), app.mention(bigint, json, jsonb), app.close_ticket(bigint), app.reopen_ticket(bigint), app.rate_ticket(bigint, int, text), app.follow_up(bigint, json),
  app.split_ticket(bigint, text, jsonb, text), app.typed_links(bigint), app.set_link(bigint, text, bigint), app.drop_link(bigint, text, bigint), app.unmerge_ticket(bigint), app.see_merge(bigint, bigint), app.merge_ticket(bigint, bigint, jsonb),
  app.leads_on(bigint), app.must_not_be_merged(bigint), app.links_of(bigint), app.may_reopen(bigint, bigint, timestamptz), app.must_reopen(bigint, bigint, timestamptz), app.ticket_lists(bigint), app.follow(bigint, text), app.unfollow(bigint, bigint),
  app.who_sees(bigint, bigint), app.who_loses(bigint, bigint, bigint), app.find_colleagues(text, bigint),
  app.held_ticket(bigint), app.add_comment(bigint, boolean, text, text, text, text, jsonb, bigint),
  app.change_ticket(bigint, jsonb), app.hold_tellings(int), app.changed_ticket(bigint, jsonb), app.must_be_as_seen(bigint, jsonb), app.take_by_writing(bigint), app.answered(app.sent), app.sent(text, text, text),
  app.remember(app.sent, json) to sportello_api;

-- Statuses, their words and which may follow which.
grant execute on function app.status_labels(text, text), app.labels_here(text), app.nexts_here(),
  app.must_follow(smallint, smallint, bigint, bigint) to sportello_app;
grant execute on function app.status_label(text, text, text) to sportello_jobs;
grant execute on function app.list_statuses(), app.name_status(text, jsonb, jsonb), app.limit_moves(text, jsonb) to sportello_api;

-- Tags.
grant execute on function app.tags_of(bigint[]), app.ticket_tags(bigint), app.levels_of(bigint[]), app.snoozed_until(bigint) to sportello_app;
grant execute on function app.list_tags(text), app.change_tags(bigint, jsonb) to sportello_api;

-- Changes of many tickets.
grant execute on function app.start_bulk(jsonb, text, jsonb, text, int), app.list_bulk(), app.get_bulk(bigint), app.count_bulk(text),
  app.undo_bulk(bigint), app.stop_bulk(bigint) to sportello_api;
grant execute on function app.work_bulk(bigint), app.put_off_bulk(bigint, text), jobs.take_bulk(), jobs.work_bulk() to sportello_jobs;

-- What engineers work on, and releases.
grant execute on function app.must_carry_item(bigint), app.asked_release(bigint), app.ticket_item(bigint) to sportello_app;
grant execute on function app.list_items(text, text), app.get_item(bigint), app.save_item(bigint, text, text, text, text), app.set_item(bigint, bigint),
  app.list_releases(), app.save_release(bigint, text, jsonb, jsonb, jsonb), app.publish_release(bigint), app.remove_release(bigint),
  app.answer_release(bigint, boolean, text, text) to sportello_api;
grant execute on function app.tell_release(bigint) to sportello_jobs;

-- Teams, and who is out of office.
grant execute on function app.my_teams() to sportello_app;
grant execute on function app.hold_team(bigint), app.set_team(bigint, bigint, boolean), app.teams_here(), app.absences_here(), app.list_teams(),
  app.save_team(bigint, text, text, jsonb, boolean, jsonb, boolean), app.my_absence(), app.set_absence(text, text, bigint), app.end_absence() to sportello_api;
grant execute on function app.desk_hears(bigint, bigint), app.set_team(bigint, bigint, boolean) to sportello_jobs;

-- Before a ticket.
grant execute on function auth.article_texts_with(tsquery, boolean, bigint[], text[], int), auth.similar_words(text), auth.take_solved(bigint) to sportello_owner;
grant execute on function app.slips(bigint, text), app.slip_size(text, text) to sportello_auth;
grant execute on function app.find_texts(text, text, text, int), app.search_articles(text, text, int), app.suggest_articles(text, text) to sportello_api;
grant execute on function auth.take_search() to sportello_owner;
grant execute on function auth.take_rating(bigint, text) to sportello_owner;
grant execute on function app.search_page_of(text, text, int, boolean), app.search_went(text, text, text, boolean, boolean), app.search_report(int, text),
  app.list_synonyms(), app.make_synonyms(text, jsonb, text), app.save_synonyms(bigint, jsonb), app.remove_synonyms(bigint) to sportello_api;
grant execute on function app.signposts_here(text[], text),
  app.spares_ticket(text, text), app.article_solved(bigint), app.list_signposts(),
  app.save_signpost(bigint, text, jsonb, jsonb, text, text, jsonb, bigint, bigint),
  app.make_signpost(text, jsonb, jsonb, text, text, jsonb, bigint, text),
  app.remove_signpost(bigint) to sportello_api;

-- The knowledge base: policies ask the first.
grant execute on function auth.may_enter(smallint, bigint[], bigint, bigint) to sportello_owner;
grant execute on function app.readable_audiences() to sportello_app, sportello_jobs;
grant execute on function app.raw_words(text), app.plain_word(text), app.slug(text),
  app.knowledge_home(text, text, text, text, text, text), app.section_here(text, text, text, text, text, text, text), app.article_here(text, text, text),
  app.save_section(bigint, bigint, jsonb, jsonb, jsonb, bigint), app.make_section(bigint, jsonb, jsonb, jsonb, bigint, text), app.remove_section(bigint),
  app.set_root_audience(jsonb), app.knowledge_desk(), app.find_readers(text), app.view_as(bigint, text, bigint, bigint, bigint), app.desk_articles(bigint, text, bigint, bigint),
  app.article_version(bigint, text, int), app.remove_article(bigint), app.vote_article(bigint, boolean, text, text), app.rate_article(bigint, boolean, text), app.article_votes(bigint, bigint),
  app.make_article(bigint, text, text, text, text, jsonb, boolean, jsonb), app.save_draft(bigint, text, text, text, jsonb, int, boolean),
  app.act_on_text(bigint, text, text, timestamptz), app.restore_version(bigint, text, int, int), app.change_article(bigint, jsonb), app.article_time(text, text),
  app.article_desk(bigint), app.article_written(bigint, text), app.article_history(bigint, text, int) to sportello_api;
grant execute on function app.publish_due(bigint, text), app.expire_due(bigint), app.work_links(), app.tell_maintenance() to sportello_auth;
grant execute on function app.link_report(text, int), app.export_size(text, text, bigint) to sportello_api;
grant execute on function jobs.tell_maintenance(), jobs.check_links(), jobs.take_link(interval), jobs.link_asked(bigint, text, text), app.link_asked(text, text) to sportello_jobs;

-- Service status; its banner is in every page, of every pool.
grant execute on function app.service_banner(text) to sportello_app;
grant execute on function app.incidents_here(text), app.status_page(text), app.status_history(text, text), app.status_incident(bigint, text), app.status_feed(text),
  app.list_status(text), app.status_time(text, text), app.save_component(bigint, jsonb, bigint, jsonb, bigint), app.make_component(jsonb, bigint, jsonb, text),
  app.remove_component(bigint), app.get_incident(bigint), app.remove_incident(bigint), app.update_incident(bigint, text, jsonb, text),
  app.make_incident(text, jsonb, jsonb, text, text, jsonb, jsonb, timestamptz, timestamptz, text),
  app.change_incident(bigint, jsonb, text, jsonb, jsonb, timestamptz, timestamptz, jsonb) to sportello_api;
grant execute on function app.status_form(text), app.subscribe_status(text, jsonb, text, text, text), app.see_subscription(text, text), app.confirm_subscription(text),
  app.see_leave(text), app.leave_status(text), app.be_affected(bigint, boolean) to sportello_api;
grant execute on function app.ticket_incident(bigint, bigint) to sportello_app;
grant execute on function app.incidents_for(bigint), app.set_incident(bigint, bigint), app.status_audience(bigint, jsonb, jsonb, boolean) to sportello_api;
grant execute on function app.tell_status(bigint), app.status_mail(bigint, text, text) to sportello_jobs;

-- Its pages.
grant execute on function app.article_found(text, text), app.feed_articles(text), app.language_of(bigint) to sportello_api;
grant execute on function app.sitemap_lines(text), app.attach_article_file(bigint, bigint, int, int), app.article_files(bigint) to sportello_bulk;
grant execute on function app.remove_article_file(bigint, text) to sportello_api;
grant execute on function app.writes_articles() to sportello_app;

-- Handed out whole.
grant execute on function app.export_list(text, text, text, text, bigint, bigint, bigint, text), app.export_sections(bigint[], boolean, text),
  app.export_whole(bigint[], text, int, bigint, text), app.export_links(text, text, bigint), app.export_audience(bigint),
  app.export_files(bigint[]), app.export_redirects(text), app.export_synonyms() to sportello_bulk;
-- And taken in.
grant execute on function app.must_import(), app.clear_import(), app.begin_import(boolean), app.import_more(bigint, text), app.import_bytes(bigint, text, int, bytea, text, bytea, int, int, boolean),
  app.allow_import(), app.finish_import(bigint, jsonb, bigint, bigint, boolean, bigint, boolean), app.end_import(bigint) to sportello_bulk;
grant execute on function app.redirect_found(text, text) to sportello_api;

-- Business time: whoever asks has the context that says whose calendars they are.
grant execute on function app.open_seconds(bigint, int, timestamptz, timestamptz), app.open_after(bigint, int, timestamptz, bigint)
  to sportello_app, sportello_jobs;
-- The service level.
grant execute on function auth.said(text, text) to sportello_owner;
grant execute on function app.has_service_level(), app.service_level_here(bigint), app.service_level(int), app.save_service_level(jsonb, int),
  app.account_plan(bigint), app.set_account_plan(bigint, text), app.give_reason(bigint, text, text),
  app.clocks_shown(bigint, bigint, bigint), app.explain_clocks(bigint), app.ticket_history(bigint) to sportello_api;
grant execute on function app.report(jsonb), app.report_csv(jsonb, text, text) to sportello_app;
grant execute on function app.simulate(jsonb, bigint, text, jsonb, jsonb, int) to sportello_api;
grant execute on function app.next_dues(bigint[]), app.is_walked(jsonb) to sportello_app;
grant execute on function app.clock_name(smallint), app.follow_clocks(bigint), app.tell_once(bigint), jobs.sound_alarms() to sportello_jobs;
-- Rules.
grant execute on function app.list_rules(), app.get_rule(bigint), app.save_rule(bigint, text, jsonb, jsonb, int), app.turn_rule(bigint, boolean, boolean),
  app.order_rules(jsonb), app.remove_rule(bigint), app.replay_rule(jsonb, int, bigint), app.ticket_rules(bigint) to sportello_api;
grant execute on function app.follow_rules(bigint), jobs.sound_rules() to sportello_jobs;
grant execute on function app.sound_rules() to sportello_auth;
-- Asked by what records, whoever does.
grant execute on function app.rule_at_work() to sportello_app, sportello_jobs;
grant execute on function app.sound_alarm(bigint, smallint) to sportello_auth;
grant execute on function app.list_calendars(), app.get_calendar(bigint, int), app.preview_calendar(bigint, text, jsonb, jsonb, text),
  app.create_calendar(text, text, jsonb, jsonb, text, text), app.change_calendar(bigint, text, text, jsonb, jsonb, text, boolean, int),
  app.refresh_calendar(bigint) to sportello_api;
grant execute on function jobs.take_calendar(interval), jobs.calendar_fed(bigint, bigint, text, jsonb, text),
  app.calendar_fed(bigint, text, jsonb, text) to sportello_jobs;

-- Drafts.
grant execute on function app.list_drafts(), app.draft(text), app.save_draft(text, jsonb, bigint), app.end_draft(text) to sportello_api;
grant execute on function app.write_comment(bigint, boolean, text, text, text, text, jsonb, bigint, jsonb), app.keep_held(bigint, boolean, text, text, text, jsonb, int),
  app.hold_comment(bigint, boolean, text, text, text, text, jsonb, bigint, jsonb, int), app.has_held(bigint), app.list_held(), app.take_back(bigint, boolean), app.choose_hold(int) to sportello_api;
grant execute on function app.snooze(bigint, timestamptz) to sportello_api;
grant execute on function jobs.send_held(), jobs.tell_held(), jobs.wake_tickets(), jobs.publish_due() to sportello_jobs;
grant execute on function app.wake(bigint, text) to sportello_auth;
grant execute on function app.send_held(bigint), app.send_telling(bigint, text) to sportello_auth;

-- The pool that takes files in and hands them out.
grant execute on function app.create_file(text, bigint, bigint), app.take_file(bigint, bigint), app.file_rest(bigint),
  app.put_chunks(bigint, bigint, int, bytea, text, bigint, bytea, bytea, boolean), app.end_file(bigint), app.file_limits(bigint)
  to sportello_bulk;
grant execute on function app.file_state(smallint), app.file_kind(text), app.shown_file(app.files),
  app.files_of(bigint, bigint), app.ticket_files(bigint) to sportello_app;
grant execute on function app.attach_files(jsonb, bigint, bigint) to sportello_api;
grant execute on function app.forget_file(bigint) to sportello_auth;
grant execute on function jobs.end_file(), jobs.take_scan(interval), jobs.scan_part(bigint, bigint, int), jobs.scanned(bigint, bigint, text, interval),
  app.chunk_to_scan(bigint, int), app.scanned(bigint, text, interval) to sportello_jobs;
grant execute on function app.must_be_answers(jsonb), app.has_field_policies(), app.awaits_contacts(bigint), app.customers_see(text, bigint, bigint), app.hides(text, bigint, bigint), app.hidden_fields(bigint, bigint), app.reads_field(bigint, text),
  app.must_edit_fields(bigint, text[]) to sportello_app;
-- Lists, and what one has read.
grant execute on function app.pick_tickets(jsonb, int, int, boolean), app.list_principals(text), app.read_until(), app.list_filters(text),
  app.ticket_items(text, bigint[]), app.list_reach(), app.count_reach(), app.ticket_list(jsonb, int), app.count_list(jsonb), app.count_tickets(jsonb),
  app.view_words(text), app.count_view(text), app.desk_counts(),
  app.moment(text, text) to sportello_app;
grant execute on function app.begin_export(), app.may_see_people(bigint), app.must_see_people(bigint), app.csv_row(text[]), app.csv_answers(bigint[], text[], text), app.csv_types(text), app.csv_fields(text, text),
  app.ticket_csv(jsonb, text), app.iso_time(timestamptz) to sportello_bulk;
grant execute on function app.requester_of(bigint), app.all_files(bigint), app.who_hears(bigint, text) to sportello_api;
grant execute on function app.mark_seen(bigint, timestamptz), app.mark_unseen(bigint), app.mark_all_seen(),
  app.list_views(text), app.keep_view(text, text, text), app.change_view(bigint, text, text, bigint, boolean), app.forget_view(bigint) to sportello_api;
grant execute on function app.forms_here(), app.ticket_form(bigint), app.change_answers(bigint, jsonb, jsonb, int), app.list_forms(),
  app.save_field(text, boolean, text, jsonb, jsonb, jsonb, boolean),
  app.save_type(text, boolean, jsonb, jsonb, boolean, jsonb, boolean, jsonb, jsonb, text),
  app.save_type_field(text, text, boolean, smallint, jsonb), app.remove_type_field(text, text), app.make_ready_form(),
  app.set_field_policy(text, text, text, boolean, bigint, bigint) to sportello_api;

-- Coming in: before anybody is known.
grant execute on function app.ask_reset(text, text),
  app.reset_password(text, text, text, bytea, int, int, bytea),
  app.accept_invitation(text, text, text, text, bytea, int, int, bytea, bytea, bytea, text),
  app.ask_invitation(text, text), app.register(text, text), app.own_salt(),
  app.change_password(bytea, bytea, int, int, bytea) to sportello_login;
grant execute on function app.see_mute(text), app.mute(text) to sportello_api;
grant execute on function app.see_invitation(text), app.registration(), app.see_link(text),
  app.follow_link(text, boolean), app.support_state(), app.must_use_support(), app.support_people(), app.support_names(),
  app.is_confirmed(), app.roles_allow(text[], text) to sportello_app;
-- People and what they change of themselves and of others.
grant execute on function app.ask_confirmation(text), app.profile(),
  app.change_profile(text, text, text, text, text, text), app.choose_mail(boolean, boolean, boolean),
  app.may_bring_photo(), app.set_photo(int, int, bytea), app.photo(text),
  app.end_sessions(bigint), app.ask_move(text), app.may_see_people(bigint), app.must_see_people(bigint),
  app.may_invite(text, bigint, bigint), app.invite(text, text, bigint, bigint, boolean, text),
  app.change_invitation(bigint, boolean), app.invitation_state(app.invitations),
  app.change_membership(bigint, text, bigint, boolean), app.end_membership(bigint),
  app.move_login(bigint, bigint, text), app.move_for(bigint, text, text), app.moves_here(),
  app.decide_move(bigint, boolean) to sportello_api;
grant execute on function app.finish_due_move(bigint), app.stop_fallen_moves(bigint, bigint),
  app.record_account(text, bigint, jsonb, bigint) to sportello_auth;

grant execute on function jobs.turns(text), jobs.had_turn(text, bigint) to sportello_auth;
grant execute on function jobs.enter(bigint), jobs.take_event(), jobs.recipients(app.events), jobs.ticket_recipients(bigint),
  app.renew_invitation(bigint), jobs.notice_recipients(bigint), jobs.secret_of(bigint), jobs.may_write_to(text, bigint), jobs.take_notice(text, text, int),
  jobs.home_of(app.people), jobs.bare(jsonb, text), jobs.notice_mail(bigint, text, text),
  jobs.fan_out(), app.free_tickets(bigint), jobs.put_off(bigint, interval), jobs.take_delivery(interval),
  jobs.way_in(app.deliveries, app.tickets, bigint, app.people, boolean),
  auth.may_enter(smallint, bigint[], bigint, bigint), jobs.ticket_mail(bigint, text, text),
  jobs.hold(bigint), jobs.take_mail(interval, text, text),
  jobs.finish(bigint, smallint, text, interval, boolean),
  jobs.finish_mail(bigint, bigint, smallint, text, interval, boolean), jobs.sweep(),
  jobs.move_login(), app.look(bigint, text), app.may_join(bigint, bigint, bigint), app.is_offered(app.invitations)
  to sportello_jobs;

-- Support access.
grant execute on function app.granted_portals(), app.granted_accounts() to sportello_app;
grant execute on function app.open_grant(text, text, text, bigint, text), app.change_grant(bigint, text, text),
  app.end_grant(bigint), app.ask_access(bigint, text, text, int, text), app.approve_request(bigint, text, text),
  app.refuse_request(bigint), app.withdraw_request(bigint), app.access_here(), app.access_log_here(text, int),
  app.desk_grants(bigint), app.desk_requests(), app.ticket_access_state(bigint) to sportello_api;
grant execute on function app.host_grace(), jobs.next_look(timestamptz) to sportello_auth;
grant execute on function app.list_hosts(), app.add_host(bigint, text, text), app.check_host(bigint),
  app.remove_host(bigint) to sportello_api;
grant execute on function jobs.take_hosts(int, interval), jobs.host_checked(text, text), jobs.take_certificate(interval),
  jobs.finish_certificate(bigint, bigint, bigint, text), jobs.certified_hosts(text), jobs.marked_hosts(text), jobs.near_limit(text), jobs.know_languages(text), jobs.know_texts(jsonb), jobs.certificate_lost(text),
  jobs.take_provider(interval), jobs.provider_said(bigint, bigint, text, jsonb, text, text)
  to sportello_jobs;

-- Live updates.
grant execute on function app.list_macros(), app.save_macro(bigint, text, boolean, jsonb, jsonb), app.forget_macro(bigint), app.macro_for(bigint, bigint) to sportello_api;
grant execute on function app.listen(), app.be_here(bigint, text), app.who_is_where() to sportello_api;
grant execute on function jobs.hints(bigint), app.is_desks_alone(text, jsonb, bigint, bigint), jobs.closed_channels(), jobs.channels_closed(text[]), jobs.presence_hints() to sportello_jobs;

-- Search. What pieces are, the index asks too.
grant execute on function app.words_key(bigint), app.word_pieces(bigint, boolean, text), app.article_pieces(bigint, text), app.search_reach() to sportello_auth;
grant execute on function auth.word_candidates(tsquery, tsquery) to sportello_owner;
grant execute on function app.search_tickets(text, int), app.excerpts(text, bigint[]) to sportello_app;
grant execute on function app.queue_words(bigint), app.take_words(bigint, bigint), app.queue_again(bigint, bigint, boolean, int, interval),
  jobs.take_searchable(), jobs.take_in_words() to sportello_jobs;

-- The tenant's product.
grant execute on function auth.grant_token(bigint, text), auth.publish_key(bigint, text) to sportello_login;
grant execute on function auth.own_webhook_secret(), app.webhook_here(),
  app.change_webhook(text, boolean, boolean, boolean), app.try_webhook() to sportello_api;
grant execute on function jobs.grant_message(bigint), jobs.fan_out_webhook(bigint), jobs.take_webhook(interval),
  jobs.finish_webhook(bigint, bigint, smallint, int, text, interval), jobs.end_grants() to sportello_jobs;

-- PostgreSQL's own that write outside of tables or end other requests.
do $$
declare
  f regprocedure;
begin
  for f in select p.oid from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace
      and (p.proname ~ '^lo_' or p.proname in ('loread', 'lowrite', 'pg_cancel_backend',
        'pg_terminate_backend', 'pg_logical_emit_message')) loop
    execute format('revoke execute on function %s from public', f);
  end loop;
end $$;
