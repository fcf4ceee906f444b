/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doctor.h"

#include <stdarg.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "catalog.h"
#include "config.h"
#include "db.h"
#include "json.h"
#include "probe.h"
#include "scan.h"
#include "secret.h"
#include "smtp.h"
#include "template.h"

static int failures;

/* state: ok, warn or fail. what_to_do: NULL where there is nothing. */
static void tell(const char *state, const char *check, const char *what_to_do,
		 const char *fmt, ...) PRINTF(4, 5);
static void tell(const char *state, const char *check, const char *what_to_do,
		 const char *fmt, ...)
{
	va_list list;

	failures += !strcmp(state, "fail");
	printf("%-5s %-13s ", state, check);
	va_start(list, fmt);
	vprintf(fmt, list);
	va_end(list);
	putchar('\n');
	if (what_to_do && *what_to_do)
		printf("      → %s\n", what_to_do);
}

/* ---- here ---- */

static void check_files(void)
{
	const char *why = "";

	if (!catalog_load(config.lang, &why) ||
	    !template_load(config.templates, &why))
		tell("fail", "configuration",
		     "SPORTELLO_LANG and SPORTELLO_TEMPLATES name what the "
		     "build installs; copy it anew",
		     "%s", why);
	else if (access(config.manifest, R_OK))
		tell("fail", "configuration",
		     "SPORTELLO_MANIFEST names www/dist/manifest.json of the "
		     "build",
		     "%s can't be read", config.manifest);
	else
		tell("ok", "configuration", NULL,
		     "settings, texts and templates");
}

/* Does somebody listen? Nothing is asked of them. */
static void check_pool(const char *pool)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int n = snprintf(to.sun_path, sizeof(to.sun_path), "%s/%s.sock",
			 config.run, pool);

	if (fd >= 0 && n > 0 && (size_t)n < sizeof(to.sun_path) &&
	    !connect(fd, (struct sockaddr *)&to, sizeof(to)))
		tell("ok", "workers", NULL, "pool %s listens", pool);
	else
		tell("fail", "workers",
		     "start them (systemctl start sportello-api.socket …, or "
		     "conf/instance start), and look at SPORTELLO_RUN",
		     "nobody listens at %s/%s.sock", config.run, pool);
	if (fd >= 0)
		close(fd);
}

static void check_disk(void)
{
	struct statvfs s;

	if (statvfs(config.run, &s)) {
		tell("fail", "disk", "SPORTELLO_RUN must name a folder",
		     "%s can't be looked at", config.run);
		return;
	}
	double free = (double)s.f_bavail * (double)s.f_frsize / 1e9;
	double part = s.f_blocks
			      ? 100.0 * (double)s.f_bavail / (double)s.f_blocks
			      : 0;
	bool bad = free < 0.2, low = free < 1 || part < 5;

	tell(bad   ? "fail"
	     : low ? "warn"
		   : "ok",
	     "disk",
	     low ? "make room: PostgreSQL stops when nothing is left" : NULL,
	     "%.1f GB free (%.0f %%) where %s is", free, part, config.run);
}

/* ---- the database ---- */

static bool ask(const struct query *q, const char *const *values,
		struct db_step *step)
{
	struct db_error error;

	*step = (struct db_step){ .query = q, .values = values };
	if (db_trip(step, 1, &error) == DB_DONE)
		return true;
	tell("fail", "database",
	     "bring it to this version (conf/README.md, 'An upgrade')",
	     "it does not answer %s: %s", q->name, error.words);
	return false;
}

static const char *member(const struct json *line, const char *key)
{
	return str_z(json_str(json_get(line, key)));
}

/* What only the database can say, in its own words. */
static void check_inside(void)
{
	union q_operator_doctor q = { .migrations = MIGRATIONS };
	struct db_step step;

	if (!ask(&Q_operator_doctor, q.v, &step))
		return;
	const struct json *lines = json_parse_own(step.out);
	for (size_t i = 0; i < json_len(lines); i++) {
		const struct json *l = json_at(lines, i);
		tell(member(l, "state"), member(l, "check"), member(l, "do"),
		     "%s", member(l, "text"));
	}
}

static void check_clock(void)
{
	struct db_step step;
	uint64_t theirs;

	if (!ask(&Q_operator_clock, (const char *const[]){ NULL }, &step) ||
	    !str_u64(step.out, INT64_MAX, &theirs))
		return;
	long off = (long)time(NULL) - (long)theirs;
	if (off < 0)
		off = -off;
	tell(off > 60  ? "fail"
	     : off > 2 ? "warn"
		       : "ok",
	     "clock",
	     off > 2 ? "let both machines keep time (systemd-timesyncd, "
		       "chrony)"
		     : NULL,
	     "%ld s from the database's", off);
}

/* ---- the key of what is sealed ---- */

#define KEY_MADE "make one, mode 0600 (conf/README.md, 'Settings')"

/* Root's, ours, or that of whom the workers run as. */
static bool is_trusted(uid_t owner)
{
	struct stat run;

	return !owner || owner == geteuid() ||
	       (!stat(config.run, &run) && owner == run.st_uid);
}

/* One that nobody else reads; false where it is not to be looked into. */
static bool check_key_file(void)
{
	const char *file = config.key_file;
	struct stat s;

	if (stat(file, &s))
		tell("fail", "key", KEY_MADE, "%s: %s", file, strerror(errno));
	else if (!S_ISREG(s.st_mode) || s.st_mode & 077)
		tell("fail", "key", "chmod 600, and a new key on top of it",
		     "%s can be read by others", file);
	else if (!is_trusted(s.st_uid))
		tell("fail", "key", "chown root, or whom the workers run as",
		     "%s belongs to another user (%u)", file,
		     (unsigned)s.st_uid);
	else if (access(file, R_OK))
		tell("ok", "key", NULL, "%s: only root reads it; not tried",
		     file);
	else if (!secret_key_file(file))
		tell("fail", "key", KEY_MADE,
		     "%s is not one to four lines of 43 characters", file);
	else
		return true;
	return false;
}

static bool opens(const struct json *s)
{
	struct str sealed, plain;

	return secret_unhex(json_str(json_get(s, "sealed")), &sealed) &&
	       secret_open(sealed, member(s, "purpose"), &plain);
}

static void check_key(void)
{
	struct db_step step;
	size_t closed = 0;

	if (!check_key_file() ||
	    !ask(&Q_operator_sealed, (const char *const[]){ NULL }, &step))
		return;
	const struct json *list = json_parse_own(step.out);
	for (size_t i = 0; i < json_len(list); i++)
		closed += !opens(json_at(list, i));
	tell(closed ? "fail" : "ok", "key",
	     closed ? "put the key that sealed them below the others; it is "
		      "beside your backups"
		    : NULL,
	     "%zu of %zu sealed secrets open", json_len(list) - closed,
	     json_len(list));
}

/* ---- what visitors see ---- */

/* A customer's own host that leads elsewhere is theirs to see to. */
static void check_certificate(struct str host)
{
	bool own = str_starts(host, S("~"));
	const char *worst = own ? "warn" : "fail";
	const char *port = *config.public_port ? config.public_port : "443";
	const char *why;
	long days = 0;

	if (own)
		host = str_from(host, 1);
	if (!probe_certificate(host, port, &days, &why))
		tell(worst, "certificate",
		     "nginx must answer there, and its name lead to it",
		     "%.*s: %s", STR_ARG(host), why);
	else
		tell(days < 3	 ? worst
		     : days < 14 ? "warn"
				 : "ok",
		     "certificate",
		     days < 14 ? "renew it and reload nginx" : NULL,
		     days < 0 ? "%.*s: over for %ld days"
			      : "%.*s: good for %ld days",
		     STR_ARG(host), days < 0 ? -days : days);
}

static void check_certificates(void)
{
	struct db_step step;

	if (!strcmp(config.public_scheme, "http")) {
		tell("warn", "certificate",
		     "SPORTELLO_PUBLIC_SCHEME=https for anything but a first "
		     "look",
		     "links are http: none is looked at");
		return;
	}
	if (!ask(&Q_operator_hosts, (const char *const[]){ NULL }, &step))
		return;
	while (step.out.n)
		check_certificate(str_cut(&step.out, '\n'));
}

static void check_mail(void)
{
	const char *why = "";

	if (!smtp_setup(&why) || !smtp_check(&why))
		tell("fail", "mail",
		     "see SPORTELLO_SMTP_URL, _TLS, _CA, _USER and _PASSWORD; "
		     "mails wait meanwhile",
		     "%s: %s", config.smtp_url, why);
	else
		tell(strcmp(config.smtp_tls, "never") ? "ok" : "warn", "mail",
		     strcmp(config.smtp_tls, "never")
			     ? NULL
			     : "SPORTELLO_SMTP_TLS=always, or mail and password "
			       "go in clear",
		     "%s takes us%s%s", config.smtp_url,
		     *config.smtp_user ? " as " : "", config.smtp_user);
	smtp_close();
}

static void check_scanner(void)
{
	const char *why = "";

	if (!*config.clamd)
		return;
	if (scan_ping(&why))
		tell("ok", "scanner", NULL, "clamd answers at %s",
		     config.clamd);
	else
		tell("fail", "scanner",
		     "start clamd and look at SPORTELLO_CLAMD: until it "
		     "answers nobody gets the files that come",
		     "%s: %s", config.clamd, why);
}

int doctor_run(void)
{
	const char *why = "";
	bool fatal;

	json_setup();
	if (!secret_setup())
		return 1;
	check_files();
	check_pool("api");
	check_pool("login");
	check_pool("proof");
	check_pool("bulk");
	check_disk();
	if (db_open(config.database,
		    *config.database_user ? config.database_user
					  : "sportello_operator",
		    "operator", &fatal, &why)) {
		check_inside();
		check_clock();
		check_key();
		check_certificates();
		db_close();
	} else {
		tell("fail", "database",
		     fatal ? "bring it to this version (conf/README.md, 'An "
			     "upgrade')"
			   : "see SPORTELLO_DATABASE, pg_hba.conf and "
			     "pg_ident.conf (conf/README.md), and whether it "
			     "runs",
		     "%.*s", (int)strcspn(why, "\n"), why);
	}
	check_mail();
	check_scanner();
	return failures ? 1 : 0;
}
