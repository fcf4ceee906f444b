/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tenant.h"

#include <unistd.h>

#include "arena.h"
#include "bundle.h"
#include "config.h"
#include "db.h"
#include "program.h"
#include "secret.h"

#define FORGET_SECONDS 20

enum option {
	NAME,
	HOST,
	DOMAIN,
	ADMIN_EMAIL,
	ADMIN_NAME,
	EMAIL,
	LANGUAGE,
	TO,
	YES_ERASE,
	PEOPLE,
	STORAGE,
	MAILS,
	OPTIONS,
};

static const char *const option_names[OPTIONS] = {
	[NAME] = "--name",
	[HOST] = "--host",
	[DOMAIN] = "--domain",
	[ADMIN_EMAIL] = "--admin-email",
	[ADMIN_NAME] = "--admin-name",
	[EMAIL] = "--email",
	[LANGUAGE] = "--language",
	[TO] = "--to",
	[YES_ERASE] = "--yes-erase",
	[PEOPLE] = "--people",
	[STORAGE] = "--storage-mb",
	[MAILS] = "--mails-a-day",
};

struct words {
	const char *slug;
	const char *option[OPTIONS];
};

static int not_understood(const char *why)
{
	fprintf(stderr, "sportello tenant: %s; see `sportello tenant help`\n",
		why);
	return 2;
}

static int failed(const char *why)
{
	fprintf(stderr, "sportello tenant: %s\n", why);
	return 1;
}

/* ---- trips ---- */

/* The operator reads what the database says: it is his. */
static int outcome(enum db_outcome o, const struct db_error *e)
{
	if (o == DB_DONE)
		return 0;
	return failed(o == DB_REFUSED ? e->words
		      : o == DB_LOST
			      ? "the database went away meanwhile; look with "
				"`sportello tenant list` how far it came"
			      : "there is no database; see `sportello doctor`");
}

static struct db_step enter(union q_operator_enter *q, const char *slug,
			    bool is_new)
{
	q->slug = slug;
	q->is_new = is_new ? "true" : "false";
	return (struct db_step){ .query = &Q_operator_enter, .values = q->v };
}

/* Enters the tenant, does one thing and prints what is said of it. */
static int act(const char *slug, bool is_new, const struct query *query,
	       const char *const *values)
{
	union q_operator_enter q;
	struct db_step steps[] = {
		enter(&q, slug, is_new),
		{ .query = query, .values = values },
	};
	struct db_error error;
	int status = outcome(db_trip(steps, ARRAY_LEN(steps), &error), &error);

	if (!status)
		printf("%.*s\n", STR_ARG(steps[1].out));
	return status;
}

/* ---- commands ---- */

static int list(const struct words *w)
{
	struct db_step step = { .query = &Q_operator_list };
	struct db_error error;
	int status = outcome(db_trip(&step, 1, &error), &error);

	(void)w;
	if (!status && step.found)
		printf("%.*s\n", STR_ARG(step.out));
	return status;
}

static int create(const struct words *w)
{
	char port[16] = "", person[256];
	const char *email = w->option[ADMIN_EMAIL];

	if (!w->option[NAME] || !w->option[HOST] || !email)
		return not_understood(
			"create needs --name, --host and --admin-email");
	if (*config.public_port)
		snprintf(port, sizeof(port), ":%s", config.public_port);
	snprintf(person, sizeof(person), "%.*s", (int)strcspn(email, "@"),
		 email);
	union q_operator_create q = {
		.slug = w->slug,
		.name = w->option[NAME],
		.host = w->option[HOST],
		.domain = w->option[DOMAIN],
		.email = email,
		.person =
			w->option[ADMIN_NAME] ? w->option[ADMIN_NAME] : person,
		.language = w->option[LANGUAGE] ? w->option[LANGUAGE] : "en",
		.scheme = config.public_scheme,
		.port = port,
	};
	return act(w->slug, true, &Q_operator_create, q.v);
}

static int suspend(const struct words *w)
{
	union q_operator_suspend q = { .yes = "true" };

	return act(w->slug, false, &Q_operator_suspend, q.v);
}

static int resume(const struct words *w)
{
	union q_operator_suspend q = { .yes = "false" };

	return act(w->slug, false, &Q_operator_suspend, q.v);
}

static int quota(const struct words *w)
{
	union q_operator_quota q = {
		.people = w->option[PEOPLE],
		.storage_mb = w->option[STORAGE],
		.mails = w->option[MAILS],
	};

	return act(w->slug, false, &Q_operator_quota, q.v);
}

static int reset_factors(const struct words *w)
{
	union q_operator_reset_factors q = { .email = w->option[EMAIL] };

	if (!q.email)
		return not_understood("reset-factors needs --email ADDRESS");
	return act(w->slug, false, &Q_operator_reset_factors, q.v);
}

static int export(const struct words *w)
{
	union q_operator_enter q;
	struct db_step steps[] = {
		enter(&q, w->slug, false),
		{ .query = &Q_operator_describe },
		{ .query = &Q_operator_export },
	};
	const char *why = "";
	struct db_error error;

	if (!w->option[TO])
		return not_understood("export needs --to DIRECTORY");
	struct bundle *b = bundle_open(w->option[TO], &why);
	if (!b)
		return failed(why);
	int status = outcome(
		db_stream(steps, ARRAY_LEN(steps), bundle_row, b, &error),
		&error);
	if (!status && !bundle_close(b, steps[1].out, &why))
		status = failed(why);
	if (!status)
		printf("%s is in %s\n", w->slug, w->option[TO]);
	return status;
}

/* What can't be taken back wants the slug once more. */
static bool means_it(const struct words *w)
{
	char line[100];

	if (w->option[YES_ERASE])
		return !strcmp(w->option[YES_ERASE], w->slug);
	if (!isatty(0))
		return false;
	printf("Everything of '%s' will be gone. Type its slug: ", w->slug);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return !strcmp(line, w->slug);
}

/* What nginx shows at its customers' own hosts. Where nginx is on another
 * machine, `sportello hosts` there finds that nobody needs it. */
static int forget_certificates(struct str hosts)
{
	struct program_end end;
	int status = 0;

	while (hosts.n && !access(config.certificates, F_OK)) {
		struct str host = str_cut(&hosts, '\n');
		const char *words[] = { config.certificate_program,
					config.certificates, "forget",
					str_z(host), NULL };
		if (!program_run(words, FORGET_SECONDS, &end)) {
			fprintf(stderr,
				"sportello tenant: the certificate of %.*s is "
				"still in %s: %.*s\n",
				STR_ARG(host), config.certificates,
				STR_ARG(end.said));
			status = 1;
		}
	}
	return status;
}

/* Closed first, so that only what is under way may still be in its way. */
static int erase(const struct words *w)
{
	union q_operator_enter q, first;
	union q_operator_suspend yes = { .yes = "true" };
	struct db_step closing[] = {
		enter(&first, w->slug, false),
		{ .query = &Q_operator_suspend, .values = yes.v },
	};
	struct db_step steps[] = {
		enter(&q, w->slug, false),
		{ .query = &Q_operator_own_hosts },
		{ .query = &Q_operator_erase },
		{ .query = &Q_operator_forget },
	};
	struct db_error error;

	if (!means_it(w))
		return failed("nothing was erased; say --yes-erase and the "
			      "same slug again");
	int status =
		outcome(db_trip(closing, ARRAY_LEN(closing), &error), &error);
	if (!status)
		status = outcome(db_trip(steps, ARRAY_LEN(steps), &error),
				 &error);
	if (status)
		return status;
	printf("%s is %.*s\n", w->slug, STR_ARG(steps[2].out));
	return forget_certificates(steps[1].out);
}

#define BIT(option) (1u << (option))

static const struct verb {
	const char *name;
	int (*run)(const struct words *w);
	unsigned options;
	const char *usage;
} verbs[] = {
	{ "list", list, 0, "list" },
	{ "create", create,
	  BIT(NAME) | BIT(HOST) | BIT(DOMAIN) | BIT(ADMIN_EMAIL) |
		  BIT(ADMIN_NAME) | BIT(LANGUAGE),
	  "create SLUG --name NAME --host HOST --admin-email ADDRESS\n"
	  "              [--admin-name NAME] [--language TAG] [--domain "
	  "DOMAIN]\n"
	  "      HOST is the desk's; portals get hosts below DOMAIN, or below "
	  "what HOST is below" },
	{ "suspend", suspend, 0,
	  "suspend SLUG    nobody gets in, no mail goes out" },
	{ "resume", resume, 0, "resume SLUG" },
	{ "quota", quota, BIT(PEOPLE) | BIT(STORAGE) | BIT(MAILS),
	  "quota SLUG [--people N] [--storage-mb N] [--mails-a-day N]\n"
	  "      N: a number, or none; without one it says what is used" },
	{ "reset-factors", reset_factors, BIT(EMAIL),
	  "reset-factors SLUG --email ADDRESS    for whoever has lost theirs" },
	{ "export", export, BIT(TO),
	  "export SLUG --to DIRECTORY    every row, as JSON lines" },
	{ "erase", erase, BIT(YES_ERASE),
	  "erase SLUG [--yes-erase SLUG]    for good" },
};

static int help(void)
{
	puts("usage:");
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		printf("  sportello tenant %s\n", verbs[i].usage);
	return 0;
}

/* ---- the words ---- */

static bool take_option(const struct verb *v, struct words *w, const char *name,
			const char *value)
{
	for (int o = 0; o < OPTIONS; o++)
		if (!strcmp(name, option_names[o]) && v->options & BIT(o) &&
		    !w->option[o]) {
			w->option[o] = value;
			return value != NULL;
		}
	return false;
}

static int run(const struct verb *v, int argc, char **argv)
{
	struct words w = { 0 };
	const char *why = "";
	bool fatal;
	int i = 0;

	if (v->run != list) {
		if (argc < 1 || *argv[0] == '-')
			return not_understood("say which: its slug");
		w.slug = argv[i++];
	}
	for (; i < argc; i += 2)
		if (!take_option(v, &w, argv[i],
				 i + 1 < argc ? argv[i + 1] : NULL))
			return not_understood(argv[i]);
	if (!secret_setup())
		return failed("libsodium does not start");
	if (!db_open(config.database,
		     *config.database_user ? config.database_user
					   : "sportello_operator",
		     "operator", &fatal, &why))
		return failed(why);
	int status = v->run(&w);
	db_close();
	return status;
}

int tenant_run(int argc, char **argv)
{
	const char *name = argc ? argv[0] : "help";

	if (!strcmp(name, "help") || !strcmp(name, "--help"))
		return help();
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (!strcmp(name, verbs[i].name))
			return run(&verbs[i], argc - 1, argv + 1);
	return not_understood("there is no such command");
}
