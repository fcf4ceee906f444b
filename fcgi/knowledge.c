/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "knowledge.h"

#include <fcntl.h>
#include <unistd.h>

#include "arena.h"
#include "cgi.h"
#include "config.h"
#include "db.h"
#include "export.h"
#include "import.h"
#include "route.h"
#include "secret.h"

enum option {
	TENANT,
	AS,
	FORMAT,
	SECTION,
	ARTICLE,
	LANGUAGE,
	SINCE,
	FORM,
	N_OPTIONS,
};

/* query: what the web's request calls it. */
static const struct {
	const char *name, *query;
} options[N_OPTIONS] = {
	[TENANT] = { "--tenant", NULL },
	[AS] = { "--as", NULL },
	[FORMAT] = { "--format", NULL },
	[SECTION] = { "--section", "section" },
	[ARTICLE] = { "--article", "article" },
	[LANGUAGE] = { "--language", "language" },
	[SINCE] = { "--since", "since" },
	[FORM] = { "--form", NULL },
};

struct words {
	const char *option[N_OPTIONS];
	const char *file;
	bool dry, over;
	struct str token, host;
};

static int not_understood(const char *why)
{
	fprintf(stderr, "sportello kb: %s; see `sportello kb help`\n", why);
	return 2;
}

static int failed(const char *why)
{
	fprintf(stderr, "sportello kb: %s\n", why);
	return 1;
}

/* ---- what a worker has nginx for ------------------------------------------ */

void cgi_go_on(void)
{
}

void cgi_go_on_for(unsigned seconds)
{
	(void)seconds;
}

bool cgi_write(struct str bytes)
{
	return fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n;
}

/* ---- the session ------------------------------------------------------------ */

static bool log_in(const char *role, const char *noun)
{
	const char *why = "";
	bool fatal;

	if (db_open(config.database,
		    *config.database_user ? config.database_user : role, noun,
		    &fatal, &why))
		return true;
	failed(why);
	return false;
}

/* A statement of the operator's in the tenant. */
static bool act(const struct words *w, struct db_step *step)
{
	union q_operator_enter q = { .slug = w->option[TENANT],
				     .is_new = "false" };
	struct db_step steps[] = {
		{ .query = &Q_operator_enter, .values = q.v },
		*step,
	};
	struct db_error error;

	if (!log_in("sportello_operator", "operator"))
		return false;
	enum db_outcome o = db_trip(steps, ARRAY_LEN(steps), &error);
	db_close();
	*step = steps[1];
	if (o != DB_DONE)
		failed(o == DB_REFUSED ? error.words
				       : "there is no database; see `sportello "
					 "doctor`");
	return o == DB_DONE;
}

static bool come_in(struct words *w)
{
	union q_operator_come_in q = { .email = w->option[AS] };
	struct db_step step = { .query = &Q_operator_come_in, .values = q.v };

	w->token = secret_token();
	q.token_hash = secret_token_hash(w->token);
	if (!act(w, &step))
		return false;
	w->host = str_of(str_z(step.out));
	return true;
}

static bool go_out(const struct words *w)
{
	union q_operator_go_out q = { .token_hash =
					      secret_token_hash(w->token) };
	struct db_step step = { .query = &Q_operator_go_out, .values = q.v };

	return act(w, &step);
}

/* ---- requests --------------------------------------------------------------- */

static int told(const struct request *r)
{
	const struct json *list = json_parse_own(r->problem.errors);

	fprintf(stderr, "sportello kb: %s", problem_slug(&r->problem));
	for (size_t i = 0; i < r->problem.n_fields; i++)
		fprintf(stderr, ", %.*s: %s",
			STR_ARG(r->problem.fields[i].name),
			r->problem.fields[i].code);
	fputc('\n', stderr);
	for (size_t i = 0; i < json_len(list); i++)
		fprintf(stderr, "%.*s: %.*s\n",
			STR_ARG(json_str(json_get(json_at(list, i), "field"))),
			STR_ARG(json_str(json_get(json_at(list, i), "code"))));
	return 1;
}

static struct request request_of(const struct words *w,
				 const struct route *route)
{
	struct request r = {
		.method = route->method,
		.path = str_of(route->path),
		.host = w->host,
		.token = w->token,
		.id = S("sportello-kb"),
		.route = route,
		.reply.headers = buf_new(4096),
	};
	struct buf origin = buf_new(512);

	buf_addf(&origin, "%s://%.*s%s%s", config.public_scheme,
		 STR_ARG(w->host), *config.public_port ? ":" : "",
		 config.public_port);
	r.own_origin = buf_str(&origin);
	for (int o = 0; o < N_OPTIONS; o++)
		if (options[o].query && w->option[o])
			r.query.at[r.query.n++] =
				(struct pair){ str_of(options[o].query),
					       str_of(w->option[o]) };
	return r;
}

static int export(const struct words *w)
{
	static const struct route route = { .method = GET,
					    .path = "/export/kb",
					    .who = ADMIN };
	const char *name = w->option[FORMAT] ? w->option[FORMAT] : "bundle";
	const struct export_format *format = export_format(str_of(name));
	struct request r = request_of(w, &route);
	struct export e;

	if (!format)
		return not_understood("--format is one of those that "
				      "doc/knowledge-exports.md names");
	if (!export_open(&e, &r, name))
		return told(&r);
	if (!format->make(&e) || !export_flush(&e) || fflush(stdout))
		return r.problem.kind != PROBLEM_NONE
			       ? told(&r)
			       : failed("it broke off: what came is not all");
	return 0;
}

static bool print_counts(struct str name, const struct json *v, void *ctx)
{
	(void)ctx;
	printf("%-10.*s %.*s new, %.*s changed, %.*s the same, %.*s refused\n",
	       STR_ARG(name), STR_ARG(json_scalar(json_get(v, "new"))),
	       STR_ARG(json_scalar(json_get(v, "changed"))),
	       STR_ARG(json_scalar(json_get(v, "same"))),
	       STR_ARG(json_scalar(json_get(v, "refused"))));
	return true;
}

static int print_report(struct str text)
{
	const struct json *report = json_parse_own(text);
	const struct json *lines = json_get(report, "lines");

	json_each(json_get(report, "counts"), print_counts, NULL);
	for (size_t i = 0; i < json_len(lines); i++)
		printf("%.*s: %.*s\n",
		       STR_ARG(json_str(json_get(json_at(lines, i), "entry"))),
		       STR_ARG(json_str(json_get(json_at(lines, i), "code"))));
	puts(json_true(json_get(report, "done"))
		     ? "taken in"
		     : "tried; nothing was changed");
	return !str_eqz(json_scalar(json_get(report, "refused")), "0");
}

static int import(const struct words *w)
{
	static const struct route route = { .method = POST,
					    .path = "/api/kb/imports",
					    .who = ADMIN };
	struct request r = request_of(w, &route);
	struct str report;
	int fd = open(w->file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return failed("there is no such file, or it can't be read");
	bool done =
		import_run(&r, fd, w->option[FORM], w->dry, w->over, &report);
	close(fd);
	return done ? print_report(report) : told(&r);
}

/* ---- the words ---------------------------------------------------------------- */

#define BIT(option) (1u << (option))

static const struct verb {
	const char *name;
	int (*run)(const struct words *w);
	unsigned options;
	bool file;
	const char *usage;
} verbs[] = {
	{ "export", export,
	  BIT(TENANT) | BIT(AS) | BIT(FORMAT) | BIT(SECTION) | BIT(ARTICLE) |
		  BIT(LANGUAGE) | BIT(SINCE),
	  false,
	  "export --tenant SLUG [--format FORMAT] [--section KEY] [--article "
	  "KEY]\n"
	  "              [--language TAG] [--since N] [--as ADDRESS] > FILE\n"
	  "      FORMAT: bundle (else), jsonl, markdown.zip, html, html.zip, "
	  "epub, docbook" },
	{ "import", import, BIT(TENANT) | BIT(AS) | BIT(LANGUAGE) | BIT(FORM),
	  true,
	  "import --tenant SLUG [--dry-run] [--over] [--form FORM] [--language TAG]\n"
	  "              [--as ADDRESS] FILE\n"
	  "      --as: which of the tenant's administrators it is done as; "
	  "else the first" },
};

static int help(void)
{
	puts("usage:");
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		printf("  sportello kb %s\n", verbs[i].usage);
	return 0;
}

static bool take_option(const struct verb *v, struct words *w, const char *name,
			const char *value)
{
	for (int o = 0; o < N_OPTIONS; o++)
		if (!strcmp(name, options[o].name) && v->options & BIT(o) &&
		    !w->option[o]) {
			w->option[o] = value;
			return value != NULL;
		}
	return false;
}

static int run(const struct verb *v, int argc, char **argv)
{
	struct words w = { 0 };

	for (int i = 0; i < argc; i++) {
		if (v->file && !strcmp(argv[i], "--dry-run"))
			w.dry = true;
		else if (v->file && !strcmp(argv[i], "--over"))
			w.over = true;
		else if (v->file && *argv[i] != '-' && !w.file)
			w.file = argv[i];
		else if (!take_option(v, &w, argv[i],
				      i + 1 < argc ? argv[i + 1] : NULL))
			return not_understood(argv[i]);
		else
			i++;
	}
	if (!w.option[TENANT] || (v->file && !w.file))
		return not_understood(v->file ? "say --tenant SLUG and a file"
					      : "say --tenant SLUG");
	json_setup();
	if (!secret_setup())
		return failed("libsodium does not start");
	if (!come_in(&w))
		return 1;
	int status = 1;
	if (log_in("sportello_bulk", NULL)) {
		status = v->run(&w);
		db_close();
	}
	return go_out(&w) ? status : 1;
}

int knowledge_run(int argc, char **argv)
{
	const char *name = argc ? argv[0] : "help";

	if (!strcmp(name, "help") || !strcmp(name, "--help"))
		return help();
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (!strcmp(name, verbs[i].name))
			return run(&verbs[i], argc - 1, argv + 1);
	return not_understood("there is no such command");
}
