/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * config.h: every setting, from the environment alone.
 *
 * One sorted table in config.c: name, kind, default, sentence. An unknown
 * SPORTELLO_* variable or a malformed value stops the start. `sportello
 * settings` prints the table.
 */
#ifndef SPORTELLO_CONFIG_H
#define SPORTELLO_CONFIG_H

struct config {
	const char *acme_url;
	const char *clamd;
	const char *certificates;
	const char *certificate_program;
	const char *database;	   /* libpq conninfo, without the user */
	const char *database_user; /* empty: the pool's own role */
	const char *fetch_allow;   /* networks */
	const char *fetch_ca;
	const char *front_pid;
	const char *key_file;
	const char *lang; /* folder of xx.po */
	const char *live_socket;
	const char *mail_from;
	const char *manifest;
	const char *pool;
	const char *public_port; /* of links in mails; empty: the scheme's */
	const char *public_scheme;
	const char *reply_to;
	const char *resolver;
	const char *run;
	const char *smtp_ca;
	const char *smtp_password;
	const char *smtp_tls;
	const char *smtp_url;
	const char *smtp_user;
	const char *spool;
	const char *templates;
	long api_workers;
	long bulk_workers;
	long file_mb;
	long login_workers;
	long part_seconds;
	long proof_workers;
	long reload_seconds;
	long request_seconds;
	long scan_seconds;
};

extern struct config config;

/* Reads the environment into config. False: *why is a sentence that names
 * the setting. */
bool config_load(const char **why) MUST_CHECK;

void config_print(FILE *out);

#endif
