/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Every way in, most public first: reading down this table is the review of
 * who may do what. The second column's word is checked by the database.
 */
/* A row names only what it has. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#include "handlers/access.h"
#include "handlers/claims.h"
#include "handlers/downloads.h"
#include "handlers/exports.h"
#include "handlers/factors.h"
#include "handlers/files.h"
#include "handlers/health.h"
#include "handlers/live.h"
#include "handlers/looks.h"
#include "handlers/pictures.h"
#include "handlers/places.h"
#include "handlers/providers.h"
#include "handlers/sessions.h"
#include "handlers/sign_on.h"
#include "handlers/sign_on_mail.h"
#include "handlers/steps.h"
#include "handlers/support.h"
#include "handlers/themes.h"
#include "handlers/tickets.h"
#ifdef SPORTELLO_TEST
#include "handlers/faults.h"
#endif
#include "page.h"
#include "queries.h"
#include "route.h"
#include "serve.h"

#define PAGE(template_, query_) .page = template_, .query = query_
#define MINE .filtered = &Q_tickets_list_filtered
#define DESK .filtered = &Q_tickets_queue_filtered
#define FILE_BODY .file = true
#define LOGIN .pool = "login"
/* What a host may lack (SPEC T4): the way to it then leads to another one. */
#define TICKETS .tickets = true
#define PROOF .pool = "proof"
#define BULK .pool = "bulk"
#define STREAM .stream = true
/* Mail programs send it too: its path is a secret, and its body says nothing. */
#define UNREAD .raw = true

/* clang-format off */
const struct route routes[] = {
	{ GET,    "/healthz",	ANYONE,	  health_alive },
	{ GET,    "/readyz",	ANYONE,	  health_ready },
	{ GET,    "/theme/:name", ANYONE, themes_get },
	{ GET,    "/picture/:name", ANYONE, pictures_get },
	{ GET,    "/",		ANYONE,	  page, PAGE("home", &Q_pages_home) },
	{ GET,    "/sign-in",	ANYONE,	  sessions_page, PAGE("sign-in", NULL) },
	{ POST,   "/sign-in",	ANYONE,	  sessions_open, PAGE("sign-in", NULL), LOGIN },
	{ GET,    "/sign-in/step", ANYONE, steps_page, PAGE("step", NULL), PROOF },
	{ POST,   "/sign-in/step", ANYONE, steps_pass, PAGE("step", NULL), PROOF },
	{ POST,   "/sign-in/step/ask", ANYONE, steps_ask, PROOF },
	{ GET,    "/sign-in/with/:provider", ANYONE, sign_on_begin, PROOF },
	{ GET,    "/sign-in/back", ANYONE, sign_on_back, PROOF },
	{ GET,    "/sign-in/mail", ANYONE, sign_on_sent, PAGE("sign-in-mail", NULL), PROOF },
	{ GET,    "/sign-in/mail/:token", ANYONE, sign_on_mailed, PAGE("sign-in-mail", &Q_sign_on_mailed), PROOF },
	{ POST,   "/preferences", ANYONE, sessions_preferences },
	{ GET,    "/.well-known/sportello-grants.json", ANYONE, serve, &Q_grants_keys },
	{ GET,    "/enter/:entry", ANYONE, support_enter },
	{ GET,    "/forgot",	ANYONE,	  page, PAGE("reset", NULL) },
	{ POST,   "/forgot",	ANYONE,	  page_form, PAGE("reset", &Q_login_forgot), LOGIN },
	{ GET,    "/reset",	ANYONE,	  page, PAGE("reset", &Q_pages_code) },
	{ POST,   "/reset",	ANYONE,	  access_reset, PAGE("reset", &Q_login_reset), LOGIN },
	{ GET,    "/register",	ANYONE,	  page, PAGE("register", &Q_pages_register) },
	{ POST,   "/register",	ANYONE,	  page_form, PAGE("register", &Q_login_register), LOGIN },
	{ POST,   "/invite",	ANYONE,	  page_form, PAGE("invite", &Q_login_invite_again), LOGIN },
	{ GET,    "/invite/:token", ANYONE, page, PAGE("invite", &Q_pages_invite) },
	{ POST,   "/invite/:token", ANYONE, access_accept, PAGE("invite", &Q_login_accept), LOGIN },
	{ GET,    "/confirm/:token", ANYONE, page, PAGE("confirm", &Q_pages_confirm) },
	{ POST,   "/confirm/:token", ANYONE, page_form, PAGE("confirm", &Q_me_follow) },
	{ GET,    "/mute/:token", ANYONE, page, PAGE("mute", &Q_pages_mute) },
	{ POST,   "/mute/:token", ANYONE, page_form, PAGE("mute", &Q_followers_mute), UNREAD },
	{ GET,    "/ask",	ANYONE,	  page, PAGE("ask", &Q_pages_ask) },
	{ GET,    "/kb",	ANYONE,	  page, PAGE("kb", &Q_articles_list) },
	{ GET,    "/kb/:id",	ANYONE,	  page, PAGE("article", &Q_articles_page) },
	{ GET,    "/status",	ANYONE,	  page, PAGE("status", &Q_pages_status) },
	{ GET,    "/elsewhere",	ANYONE,	  places_leave, PAGE("elsewhere", NULL) },
	{ GET,    "/hand-over",	ANYONE,	  places_ask, PAGE("hand-over", NULL) },
	{ POST,   "/hand-over",	ANYONE,	  places_hand_over, PAGE("elsewhere", NULL) },
	{ GET,    "/arrive",	ANYONE,	  places_arrive },

	{ POST,   "/sign-out",	CUSTOMER, sessions_close },
	{ GET,    "/api/session", CUSTOMER, sessions_whose, &Q_me_id },
	{ DELETE, "/api/session", CUSTOMER, sessions_end },
	{ GET,    "/tickets",	CUSTOMER, page, PAGE("app", &Q_tickets_list), MINE, TICKETS },
	{ GET,    "/tickets/new", CUSTOMER, page, PAGE("app", &Q_forms_here), TICKETS },
	{ GET,    "/t/:number",	CUSTOMER, page, PAGE("app", &Q_tickets_get), TICKETS },
	{ GET,    "/api/tickets", CUSTOMER, serve, &Q_tickets_list, MINE, TICKETS },
	{ GET,    "/api/search", CUSTOMER, serve, &Q_tickets_search, TICKETS },
	{ GET,    "/api/tickets.csv", CUSTOMER, exports_csv, &Q_tickets_list_csv, BULK, TICKETS },
	{ GET,    "/api/lists/counts", CUSTOMER, serve, &Q_tickets_counts, TICKETS },
	{ GET,    "/api/lists/filters", CUSTOMER, serve, &Q_tickets_filters, TICKETS },
	{ POST,   "/api/lists/seen", CUSTOMER, serve, &Q_seen_all, TICKETS },
	{ POST,   "/api/tickets/:number/seen", CUSTOMER, serve, &Q_seen_mark, TICKETS },
	{ GET,    "/api/views", CUSTOMER, serve, &Q_views_list, TICKETS },
	{ POST,   "/api/views", CUSTOMER, serve, &Q_views_create, TICKETS },
	{ PATCH,  "/api/views/:id", CUSTOMER, serve, &Q_views_change, TICKETS },
	{ DELETE, "/api/views/:id", CUSTOMER, serve, &Q_views_remove, TICKETS },
	{ POST,   "/api/tickets", CUSTOMER, tickets_open, &Q_tickets_open, TICKETS },
	{ GET,    "/api/tickets/:number", CUSTOMER, serve, &Q_tickets_get, TICKETS },
	{ GET,    "/api/tickets/:number/comments", CUSTOMER, serve, &Q_comments_list, TICKETS },
	{ POST,   "/api/tickets/:number/comments", CUSTOMER, comments_reply, &Q_comments_reply, TICKETS },
	{ OPTIONS, "/api/files", CUSTOMER, files_options, &Q_files_list, BULK, TICKETS },
	{ GET,    "/api/files",	CUSTOMER, files_list, &Q_files_list, BULK, TICKETS },
	{ POST,   "/api/files",	CUSTOMER, files_create, &Q_files_create, BULK, STREAM, TICKETS },
	{ GET,    "/api/files/:id", CUSTOMER, files_state, &Q_files_state, BULK, TICKETS },
	{ PATCH,  "/api/files/:id", CUSTOMER, files_append, &Q_files_put, BULK, STREAM, TICKETS },
	{ DELETE, "/api/files/:id", CUSTOMER, files_end, &Q_files_end, BULK, STREAM, TICKETS },
	{ GET,    "/api/tickets/:number/files/:id", CUSTOMER, downloads_get, &Q_files_get, BULK, TICKETS },
	{ GET,    "/api/before", CUSTOMER, serve, &Q_signposts_here, TICKETS },
	{ GET,    "/api/before/found", CUSTOMER, serve, &Q_articles_find, TICKETS },
	{ POST,   "/api/articles/:id/solved", CUSTOMER, serve, &Q_articles_solved, TICKETS },
	{ GET,    "/api/drafts", CUSTOMER, serve, &Q_drafts_list },
	{ GET,    "/api/drafts/:place", CUSTOMER, serve, &Q_drafts_get },
	{ PATCH,  "/api/drafts/:place", CUSTOMER, serve, &Q_drafts_save },
	{ DELETE, "/api/drafts/:place", CUSTOMER, serve, &Q_drafts_end },
	{ GET,    "/api/forms", CUSTOMER, serve, &Q_forms_here, TICKETS },
	{ PATCH,  "/api/tickets/:number/fields", CUSTOMER, serve, &Q_forms_answer, TICKETS },
	{ POST,   "/api/tickets/:number/presence", AGENT, serve, &Q_presence_say, TICKETS },
	{ GET,    "/api/live",	CUSTOMER, live_listen, &Q_live_listen, TICKETS },
	{ GET,    "/api/members", CUSTOMER, serve, &Q_forms_members, TICKETS },
	{ GET,    "/api/colleagues", CUSTOMER, serve, &Q_shares_find, TICKETS },
	{ POST,   "/api/tickets/:number/people", CUSTOMER, serve, &Q_shares_add, TICKETS },
	{ GET,    "/api/tickets/:number/people", CUSTOMER, serve, &Q_shares_list, TICKETS },
	{ DELETE, "/api/tickets/:number/people/:person", CUSTOMER, serve, &Q_shares_remove, TICKETS },
	{ POST,   "/api/tickets/:number/pending/:id/again", CUSTOMER, serve, &Q_pending_again, TICKETS },
	{ DELETE, "/api/tickets/:number/pending/:id", CUSTOMER, serve, &Q_pending_remove, TICKETS },
	{ POST,   "/api/tickets/:number/accounts", CUSTOMER, serve, &Q_shares_add_account, TICKETS },
	{ DELETE, "/api/tickets/:number/accounts/:account", CUSTOMER, serve, &Q_shares_remove_account, TICKETS },
	{ GET,    "/api/tickets/:number/losing", CUSTOMER, serve, &Q_shares_losing, TICKETS },
	{ GET,    "/api/tickets/:number/readers", CUSTOMER, serve, &Q_shares_readers, TICKETS },
	{ GET,    "/api/tickets/:number/mentionable", CUSTOMER, serve, &Q_mentions_find, TICKETS },
	{ POST,   "/api/tickets/:number/closing", CUSTOMER, serve, &Q_tickets_close, TICKETS },
	{ POST,   "/api/tickets/:number/reopening", CUSTOMER, serve, &Q_tickets_reopen, TICKETS },
	{ POST,   "/api/tickets/:number/rating", CUSTOMER, serve, &Q_tickets_rate, TICKETS },
	{ PATCH,  "/api/tickets/:number/following", CUSTOMER, serve, &Q_followers_set, TICKETS },
	{ DELETE, "/api/tickets/:number/followers/:person", CUSTOMER, serve, &Q_followers_remove, TICKETS },
	{ GET,    "/admin/settings", CUSTOMER, page, PAGE("app", &Q_settings_list) },
	{ GET,    "/admin/portals", CUSTOMER, page, PAGE("app", &Q_portals_list) },
	{ GET,    "/api/settings", CUSTOMER, serve, &Q_settings_list },
	{ PATCH,  "/api/settings", CUSTOMER, serve, &Q_settings_change },
	{ GET,    "/api/portals", CUSTOMER, serve, &Q_portals_list },
	{ POST,   "/api/portals", CUSTOMER, serve, &Q_portals_create },
	{ PATCH,  "/api/portals/:portal", CUSTOMER, serve, &Q_portals_change },
	{ POST,   "/api/tickets/:number/escalation", CUSTOMER, serve, &Q_tickets_escalate, TICKETS },
	{ GET,    "/inbox",	CUSTOMER, page, PAGE("app", &Q_accounts_inbox), TICKETS },
	{ GET,    "/api/inbox",	CUSTOMER, serve, &Q_accounts_inbox, TICKETS },
	{ GET,    "/api/inbox/counts", CUSTOMER, serve, &Q_accounts_inbox_counts, TICKETS },
	{ GET,    "/api/inbox.csv", CUSTOMER, exports_csv, &Q_accounts_inbox_csv, BULK, TICKETS },
	{ GET,    "/api/accounts.csv", CUSTOMER, exports_csv, &Q_accounts_csv, BULK, TICKETS },
	{ GET,    "/accounts",	CUSTOMER, page, PAGE("app", &Q_accounts_list), TICKETS },
	{ GET,    "/accounts/new", CUSTOMER, page, PAGE("app", NULL), TICKETS },
	{ GET,    "/accounts/:id", CUSTOMER, page, PAGE("app", &Q_accounts_get), TICKETS },
	{ GET,    "/api/accounts", CUSTOMER, serve, &Q_accounts_list, TICKETS },
	{ POST,   "/api/accounts", CUSTOMER, serve, &Q_accounts_create, TICKETS },
	{ GET,    "/api/accounts/where", CUSTOMER, serve, &Q_accounts_where, TICKETS },
	{ GET,    "/api/accounts/:id", CUSTOMER, serve, &Q_accounts_get, TICKETS },
	{ PATCH,  "/api/accounts/:id", CUSTOMER, serve, &Q_accounts_change, TICKETS },
	{ POST,   "/api/accounts/:id/contacts", CUSTOMER, serve, &Q_contacts_change, TICKETS },
	{ POST,   "/api/accounts/:id/contacts/again", CUSTOMER, serve, &Q_contacts_again, TICKETS },
	{ GET,    "/admin/contacts", CUSTOMER, page, PAGE("app", &Q_contacts_list) },
	{ GET,    "/api/contacts", CUSTOMER, serve, &Q_contacts_list },
	{ GET,    "/api/contacts/found", CUSTOMER, serve, &Q_contacts_find },
	{ GET,    "/admin/branding", CUSTOMER, page, PAGE("app", &Q_looks_get) },
	{ GET,    "/api/look",	CUSTOMER, serve, &Q_looks_get },
	{ PATCH,  "/api/look",	CUSTOMER, looks_change, &Q_looks_change },
	{ POST,   "/api/pictures", CUSTOMER, pictures_add, FILE_BODY },
	{ GET,    "/portal/identifiers", CUSTOMER, page, PAGE("app", &Q_portals_identifiers) },
	{ GET,    "/api/identifiers", CUSTOMER, serve, &Q_portals_identifiers },
	{ GET,    "/admin/hosts", CUSTOMER, page, PAGE("app", &Q_hosts_list) },
	{ GET,    "/api/hosts",	CUSTOMER, serve, &Q_hosts_list },
	{ POST,   "/api/hosts",	CUSTOMER, claims_add, &Q_hosts_add },
	{ POST,   "/api/hosts/:claim/check", CUSTOMER, serve, &Q_hosts_check },
	{ DELETE, "/api/hosts/:claim", CUSTOMER, serve, &Q_hosts_remove },
	{ POST,   "/api/preview", CUSTOMER, preview_make, &Q_preview_make },

	{ GET,    "/admin/access", CUSTOMER, page, PAGE("app", &Q_grants_here) },
	{ GET,    "/api/access", CUSTOMER, serve, &Q_grants_here },
	{ GET,    "/api/access/log", CUSTOMER, serve, &Q_grants_log },
	{ POST,   "/api/access/grants", CUSTOMER, serve, &Q_grants_open },
	{ PATCH,  "/api/access/grants/:id", CUSTOMER, serve, &Q_grants_change },
	{ DELETE, "/api/access/grants/:id", CUSTOMER, serve, &Q_grants_end },
	{ POST,   "/api/access/requests/:id/approval", CUSTOMER, serve, &Q_grants_approve },
	{ POST,   "/api/access/requests/:id/refusal", CUSTOMER, serve, &Q_grants_refuse },
	{ GET,    "/me",	CUSTOMER, page, PAGE("app", &Q_me_get) },
	{ GET,    "/support",	CUSTOMER, page, PAGE("support", &Q_pages_support), TICKETS },
	{ POST,   "/support",	CUSTOMER, page_form, PAGE("support", &Q_me_confirmation), TICKETS },
	{ GET,    "/api/support", CUSTOMER, serve, &Q_me_support, TICKETS },
	{ POST,   "/api/confirmation", CUSTOMER, serve, &Q_me_confirmation, TICKETS },
	{ GET,    "/api/me",	CUSTOMER, serve, &Q_me_get },
	{ PATCH,  "/api/me",	CUSTOMER, serve, &Q_me_change },
	{ POST,   "/api/me/photo", CUSTOMER, photos_set, FILE_BODY },
	{ DELETE, "/api/me/photo", CUSTOMER, serve, &Q_photos_remove },
	{ GET,    "/api/photos/:hash", CUSTOMER, photos_get },
	{ PATCH,  "/api/me/mail", CUSTOMER, serve, &Q_me_mail },
	{ POST,   "/api/me/email", CUSTOMER, serve, &Q_me_move },
	{ POST,   "/api/me/password", CUSTOMER, access_password, LOGIN },
	{ DELETE, "/api/sessions", CUSTOMER, serve, &Q_me_end_sessions },
	{ DELETE, "/api/sessions/:id", CUSTOMER, serve, &Q_me_end_session },
	{ GET,    "/admin/people", CUSTOMER, page, PAGE("app", &Q_people_list) },
	{ GET,    "/invitations", CUSTOMER, page, PAGE("app", &Q_invitations_list) },
	{ GET,    "/api/people", CUSTOMER, serve, &Q_people_list },
	{ GET,    "/api/people.csv", CUSTOMER, exports_csv, &Q_people_csv, BULK },
	{ POST,   "/api/people/:id/email", CUSTOMER, serve, &Q_people_move },
	{ DELETE, "/api/people/:id/factors", CUSTOMER, serve, &Q_people_reset_factors },
	{ PATCH,  "/api/moves/:id", CUSTOMER, serve, &Q_people_decide_move },
	{ PATCH,  "/api/memberships/:id", CUSTOMER, serve, &Q_people_change_membership },
	{ DELETE, "/api/memberships/:id", CUSTOMER, serve, &Q_people_end_membership },
	{ GET,    "/api/invitations", CUSTOMER, serve, &Q_invitations_list },
	{ POST,   "/api/invitations", CUSTOMER, serve, &Q_invitations_make },
	{ POST,   "/api/invitations/:id/again", CUSTOMER, serve, &Q_invitations_again },
	{ DELETE, "/api/invitations/:id", CUSTOMER, serve, &Q_invitations_withdraw },
	{ GET,    "/me/security", CUSTOMER, page, PAGE("app", &Q_factors_list) },
	{ GET,    "/admin/sign-on", CUSTOMER, page, PAGE("app", &Q_providers_list) },
	{ GET,    "/api/me/factors", CUSTOMER, serve, &Q_factors_list, PROOF },
	{ POST,   "/api/me/factors/app", CUSTOMER, factors_app_start, PROOF },
	{ POST,   "/api/me/factors/app/code", CUSTOMER, factors_app_confirm, PROOF },
	{ DELETE, "/api/me/factors/app", CUSTOMER, serve, &Q_factors_app_remove, PROOF },
	{ POST,   "/api/me/factors/recovery", CUSTOMER, serve, &Q_factors_recovery, PROOF },
	{ POST,   "/api/me/factors/passkeys/ask", CUSTOMER, serve, &Q_factors_passkey_start, PROOF },
	{ POST,   "/api/me/factors/passkeys", CUSTOMER, factors_passkey_add, PROOF },
	{ PATCH,  "/api/me/factors/passkeys/:id", CUSTOMER, serve, &Q_factors_passkey_rename, PROOF },
	{ DELETE, "/api/me/factors/passkeys/:id", CUSTOMER, serve, &Q_factors_passkey_remove, PROOF },
	{ DELETE, "/api/me/factors/providers/:id", CUSTOMER, serve, &Q_factors_provider_remove, PROOF },
	{ GET,    "/api/providers", CUSTOMER, serve, &Q_providers_list, PROOF },
	{ POST,   "/api/providers", CUSTOMER, providers_create, &Q_providers_create, PROOF },
	{ PATCH,  "/api/providers/:id", CUSTOMER, serve, &Q_providers_change, PROOF },
	{ DELETE, "/api/providers/:id", CUSTOMER, serve, &Q_providers_remove, PROOF },

	{ GET,    "/agent",	AGENT,	  page, PAGE("agent", &Q_tickets_queue), DESK, TICKETS },
	{ GET,    "/agent/t/:number", AGENT, page, PAGE("agent", &Q_tickets_get), TICKETS },
	{ GET,    "/agent/branding", ADMIN, page, PAGE("agent", &Q_looks_get), TICKETS },
	{ GET,    "/agent/settings", ADMIN, page, PAGE("agent", &Q_settings_list), TICKETS },
	{ GET,    "/agent/security", AGENT, page, PAGE("agent", &Q_factors_list), TICKETS },
	{ GET,    "/agent/sign-on", ADMIN, page, PAGE("agent", &Q_providers_list), TICKETS },
	{ GET,    "/agent/hosts", ADMIN,  page, PAGE("agent", &Q_hosts_list), TICKETS },
	{ POST,   "/api/tickets/:number/split", AGENT, serve, &Q_tickets_split, TICKETS },
	{ GET,    "/api/tickets/:number/merging", AGENT, serve, &Q_tickets_merging, TICKETS },
	{ POST,   "/api/tickets/:number/merging", AGENT, serve, &Q_tickets_merge, TICKETS },
	{ GET,    "/api/queue",	AGENT,	  serve, &Q_tickets_queue, DESK, TICKETS },
	{ GET,    "/api/queue.csv", AGENT, exports_csv, &Q_tickets_queue_csv, BULK, TICKETS },
	{ GET,    "/api/queue/counts", AGENT, serve, &Q_tickets_queue_counts, TICKETS },
	{ GET,    "/api/queue/filters", AGENT, serve, &Q_tickets_queue_filters, TICKETS },
	{ GET,    "/agent/access", AGENT, page, PAGE("agent", &Q_grants_live), TICKETS },
	{ GET,    "/api/grants", AGENT,	  serve, &Q_grants_live, TICKETS },
	{ POST,   "/api/moves",	AGENT,	  serve, &Q_people_move_for, TICKETS },
	{ POST,   "/api/grants/:id/entries", AGENT, support_new_entry, &Q_grants_new_entry, TICKETS },
	{ POST,   "/api/grants/:id/tokens", AGENT, support_token, &Q_grants_token, LOGIN, TICKETS },
	{ GET,    "/api/tickets/:number/access", AGENT, serve, &Q_grants_of_ticket, TICKETS },
	{ POST,   "/api/tickets/:number/access-requests", AGENT, serve, &Q_grants_ask, TICKETS },
	{ DELETE, "/api/access-requests/:id", AGENT, serve, &Q_grants_withdraw, TICKETS },
	{ GET,    "/api/agents", AGENT,	  serve, &Q_agents_list, TICKETS },
	{ PATCH,  "/api/tickets/:number", AGENT, tickets_change, &Q_tickets_change, TICKETS },
	{ GET,    "/agent/before", AGENT, page, PAGE("agent", &Q_signposts_list), TICKETS },
	{ GET,    "/api/signposts", AGENT, serve, &Q_signposts_list, TICKETS },
	{ POST,   "/api/signposts", AGENT, serve, &Q_signposts_create, TICKETS },
	{ PATCH,  "/api/signposts/:id", AGENT, serve, &Q_signposts_change, TICKETS },
	{ DELETE, "/api/signposts/:id", AGENT, serve, &Q_signposts_remove, TICKETS },
	{ POST,   "/api/articles", AGENT, articles_create, &Q_articles_create, TICKETS },
	{ GET,    "/api/articles/:id", AGENT, serve, &Q_articles_get, TICKETS },
	{ PATCH,  "/api/articles/:id", AGENT, articles_change, &Q_articles_change, TICKETS },
	{ POST,   "/api/tickets/:number/notes", AGENT, comments_note, &Q_comments_note, TICKETS },

	{ GET,    "/agent/accounts", ADMIN, page, PAGE("agent", &Q_accounts_list), TICKETS },
	{ GET,    "/agent/accounts/new", ADMIN, page, PAGE("agent", NULL), TICKETS },
	{ GET,    "/agent/accounts/:id", ADMIN, page, PAGE("agent", &Q_accounts_get), TICKETS },
	{ GET,    "/agent/forms", ADMIN,  page, PAGE("agent", &Q_forms_list), TICKETS },
	{ GET,    "/api/fields", ADMIN,   serve, &Q_forms_list, TICKETS },
	{ POST,   "/api/fields", ADMIN,   serve, &Q_fields_create, TICKETS },
	{ PATCH,  "/api/fields/:field", ADMIN, serve, &Q_fields_change, TICKETS },
	{ PATCH,  "/api/fields/:field/policy", ADMIN, serve, &Q_fields_allow, TICKETS },
	{ POST,   "/api/types", ADMIN,    serve, &Q_types_create, TICKETS },
	{ POST,   "/api/types/ready", ADMIN, serve, &Q_types_ready, TICKETS },
	{ PATCH,  "/api/types/:type", ADMIN, serve, &Q_types_change, TICKETS },
	{ POST,   "/api/types/:type/fields", ADMIN, serve, &Q_types_ask, TICKETS },
	{ DELETE, "/api/types/:type/fields/:field", ADMIN, serve, &Q_types_remove, TICKETS },
	{ GET,    "/agent/statuses", ADMIN, page, PAGE("agent", &Q_statuses_list), TICKETS },
	{ GET,    "/api/statuses", ADMIN, serve, &Q_statuses_list, TICKETS },
	{ PATCH,  "/api/statuses/:status", ADMIN, serve, &Q_statuses_name, TICKETS },
	{ PATCH,  "/api/transitions/:role", ADMIN, serve, &Q_statuses_limit, TICKETS },
	{ DELETE, "/api/transitions/:role", ADMIN, serve, &Q_statuses_free, TICKETS },
	{ GET,    "/agent/webhook", ADMIN, page, PAGE("agent", &Q_webhooks_here), TICKETS },
	{ GET,    "/api/webhook", ADMIN,  serve, &Q_webhooks_here, TICKETS },
	{ PATCH,  "/api/webhook", ADMIN,  serve, &Q_webhooks_change, TICKETS },
	{ POST,   "/api/webhook/tests", ADMIN, serve, &Q_webhooks_try, TICKETS },

#ifdef SPORTELLO_TEST
	FAULT_ROUTES
#endif
	{ .path = NULL },
};
