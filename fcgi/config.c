/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <unistd.h>

struct config config;

static const struct setting {
	const char *name;
	const char **text; /* one of these two */
	long *number;
	const char *standard;
	long min, max;
	const char *words; /* "|a|b|": the only values */
	const char *sentence;
} settings[] = {
#define TEXT(name, field, standard, words, sentence)                           \
	{                                                                      \
		name, &config.field, NULL, standard, 0, 0, words, sentence     \
	}
#define NUMBER(name, field, standard, min, max, sentence)                      \
	{                                                                      \
		name, NULL, &config.field, standard, min, max, NULL, sentence  \
	}
	TEXT("SPORTELLO_ACME_URL", acme_url, "", NULL,
	     "directory of the ACME server that certifies customers' own hosts, "
	     "whose terms you accept; empty: none is asked"),
	NUMBER("SPORTELLO_API_WORKERS", api_workers, "4", 1, 256,
	       "worker processes of the api pool"),
	NUMBER("SPORTELLO_BULK_WORKERS", bulk_workers, "4", 1, 256,
	       "worker processes of the bulk pool, where files come and go"),
	TEXT("SPORTELLO_CERTIFICATES", certificates,
	     "/var/lib/sportello/certificates", NULL,
	     "folder of customers' own hosts' certificates"),
	TEXT("SPORTELLO_CERTIFICATE_PROGRAM", certificate_program,
	     "/usr/share/sportello/certificate", NULL,
	     "program that gets them"),
	TEXT("SPORTELLO_CLAMD", clamd, "", NULL,
	     "virus scanner that looks at files before anybody gets them: "
	     "clamd's socket, or host:port; empty: none does"),
	TEXT("SPORTELLO_DATABASE", database, "dbname=sportello", NULL,
	     "libpq connection string, without the user; several hosts may be "
	     "named"),
	TEXT("SPORTELLO_DATABASE_USER", database_user, "", NULL,
	     "role to log in as; empty: sportello_ and the pool's name"),
	TEXT("SPORTELLO_FETCH_ALLOW", fetch_allow, "", NULL,
	     "private networks that may be asked all the same (10.1.2.0/24 "
	     "fd00::/8), for an identity provider inside"),
	TEXT("SPORTELLO_FETCH_CA", fetch_ca, "", NULL,
	     "file of authorities for servers we ask; empty: the system's"),
	NUMBER("SPORTELLO_FILE_MB", file_mb, "2000", 1, 2000,
	       "the largest file anybody may send, whatever their tenant's "
	       "setting is"),
	TEXT("SPORTELLO_FRONT_PID", front_pid, "", NULL,
	     "file with nginx's number, to tell it of new hosts; empty: who "
	     "watches the folder's map does"),
	TEXT("SPORTELLO_KEY_FILE", key_file, "/etc/sportello/key", NULL,
	     "file of the keys that secrets in the database are sealed under, "
	     "a line each: the first seals, each may open; read by the proof "
	     "pool alone"),
	TEXT("SPORTELLO_LANG", lang, "/usr/share/sportello/lang", NULL,
	     "folder of the catalogues xx.po"),
	TEXT("SPORTELLO_LIVE_SOCKET", live_socket, "", NULL,
	     "Unix socket where the live server is told; empty: there is none, "
	     "and pages ask by themselves"),
	NUMBER("SPORTELLO_LOGIN_WORKERS", login_workers, "2", 1, 64,
	       "worker processes of the login pool; each hash takes 19 MiB"),
	TEXT("SPORTELLO_MAIL_FROM", mail_from, "support@localhost.localdomain",
	     NULL, "address that mails come from"),
	TEXT("SPORTELLO_MANIFEST", manifest,
	     "/usr/share/sportello/www/manifest.json", NULL,
	     "the static files' hashed names, as the build wrote them"),
	NUMBER("SPORTELLO_PART_SECONDS", part_seconds, "600", 10, 86400,
	       "the longest that one large part of a file may hold a worker of "
	       "the bulk pool"),
	TEXT("SPORTELLO_POOL", pool, "api",
	     "|api|login|proof|bulk|events|jobs|webhooks|hosts|scans|",
	     "which pool this process is of; set by the supervisor"),
	NUMBER("SPORTELLO_PROOF_WORKERS", proof_workers, "2", 1, 64,
	       "worker processes of the proof pool, where second factors and "
	       "single sign-on are checked"),
	TEXT("SPORTELLO_PUBLIC_PORT", public_port, "", NULL,
	     "port of links in mails; empty: the scheme's own"),
	TEXT("SPORTELLO_PUBLIC_SCHEME", public_scheme, "https", "|http|https|",
	     "scheme of links in mails"),
	NUMBER("SPORTELLO_RELOAD_SECONDS", reload_seconds, "30", 1, 3600,
	       "between two times that nginx is told of new hosts"),
	TEXT("SPORTELLO_REPLY_TO", reply_to, "", NULL,
	     "mailbox that replies to mails go to; empty: none"),
	NUMBER("SPORTELLO_REQUEST_SECONDS", request_seconds, "25", 1, 3600,
	       "the longest a request may take before its process ends"),
	TEXT("SPORTELLO_RESOLVER", resolver, "", NULL,
	     "name servers that proofs of hosts are asked of, like "
	     "127.0.0.1:53,[::1]:53; empty: the system's"),
	TEXT("SPORTELLO_RUN", run, "/run/sportello", NULL,
	     "folder of the pools' sockets"),
	NUMBER("SPORTELLO_SCAN_SECONDS", scan_seconds, "180", 1, 86400,
	       "how long the virus scanner's verdict is waited for, and longer "
	       "for a large file: more than clamd's MaxScanTime"),
	TEXT("SPORTELLO_SMTP_CA", smtp_ca, "", NULL,
	     "file of authorities for the mail server; empty: the system's"),
	TEXT("SPORTELLO_SMTP_PASSWORD", smtp_password, "", NULL,
	     "password at the mail server"),
	TEXT("SPORTELLO_SMTP_TLS", smtp_tls, "try", "|never|try|always|",
	     "TLS to the mail server"),
	TEXT("SPORTELLO_SMTP_URL", smtp_url, "smtp://localhost:25", NULL,
	     "the mail server"),
	TEXT("SPORTELLO_SMTP_USER", smtp_user, "", NULL,
	     "user at the mail server; empty: no authentication"),
	TEXT("SPORTELLO_SPOOL", spool, "/var/tmp", NULL,
	     "folder where a knowledge base that is taken in lies while it is "
	     "read, in a file without a name"),
	TEXT("SPORTELLO_TEMPLATES", templates, "/usr/share/sportello/templates",
	     NULL, "folder of page and mail templates"),
};

static bool is_word(const char *words, const char *value)
{
	char needle[64];

	int n = snprintf(needle, sizeof(needle), "|%s|", value);
	return n > 2 && (size_t)n < sizeof(needle) && strstr(words, needle);
}

static bool set(const struct setting *s, const char *value, const char **why)
{
	static char sentence[256];

	*why = sentence;
	if (s->text) {
		*s->text = value;
		if (!s->words || is_word(s->words, value))
			return true;
		snprintf(sentence, sizeof(sentence),
			 "%s must be one of %s, not '%.40s'", s->name, s->words,
			 value);
		return false;
	}
	char *end;
	errno = 0;
	*s->number = strtol(value, &end, 10);
	if (!errno && end != value && !*end && *s->number >= s->min &&
	    *s->number <= s->max)
		return true;
	snprintf(sentence, sizeof(sentence),
		 "%s must be a number from %ld to %ld, not '%.40s'", s->name,
		 s->min, s->max, value);
	return false;
}

static bool is_known(const char *variable)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		size_t n = strlen(settings[i].name);
		if (!strncmp(variable, settings[i].name, n) &&
		    variable[n] == '=')
			return true;
	}
	return false;
}

bool config_load(const char **why)
{
	static char sentence[128];

	for (char **v = environ; v && *v; v++)
		if (!strncmp(*v, "SPORTELLO_", 10) && !is_known(*v)) {
			snprintf(sentence, sizeof(sentence),
				 "there is no setting %.*s",
				 (int)strcspn(*v, "="), *v);
			*why = sentence;
			return false;
		}
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		const char *value = getenv(settings[i].name);
		if (!set(&settings[i], value ? value : settings[i].standard,
			 why))
			return false;
	}
	return true;
}

/* Not the pool: all share one file, and who starts a process says its pool. */
void config_print(FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		if (settings[i].text != &config.pool)
			fprintf(out, "# %s\n%s=%s\n", settings[i].sentence,
				settings[i].name, settings[i].standard);
}
