/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sportello-worker: one process of a pool. Its whole life is on this page:
 * settings, texts, database, then one request after another.
 *
 *	accept → request → route → guard → body → handler → reply → log
 *
 * Each stage may end the request with a problem; none goes back.
 */
#include <unistd.h>

#include "arena.h"
#include "catalog.h"
#include "cgi.h"
#include "config.h"
#include "db.h"
#include "fetch.h"
#include "log.h"
#include "page.h"
#include "reply.h"
#include "route.h"
#include "secret.h"
#include "template.h"

static bool is_api(const struct request *r)
{
	return str_starts(r->path, S("/api/"));
}

/* What changes something must come from a page of this very portal: portals
 * are siblings on one site, so SameSite cookies are not enough. */
static bool guard(struct request *r)
{
	const char *pool = r->route->pool ? r->route->pool : "api";

	if (strcmp(pool, config.pool))
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	if (r->method == GET || r->method == OPTIONS || r->route->raw)
		return true;
	if (!str_eq(r->origin, r->own_origin) || (is_api(r) && !r->has_header))
		return problem(&r->problem, PROBLEM_CROSS_SITE);
	return true;
}

static bool read_body(struct request *r)
{
	bool file = r->route->file;

	if (r->method == GET || r->method == OPTIONS || r->route->raw ||
	    r->route->stream)
		return true;
	if (r->content_length > (file		   ? REQUEST_FILE_MAX
				 : r->route->large ? REQUEST_LARGE_MAX
						   : REQUEST_BODY_MAX))
		return problem(&r->problem, PROBLEM_TOO_LARGE);
	if (!cgi_read((size_t)r->content_length, &r->body))
		return problem(&r->problem, PROBLEM_INTERRUPTED);
	return file || !r->body.n || request_body(r);
}

static bool wants_page(const struct request *r)
{
	return !is_api(r) && !str_eqz(r->path, "/readyz") &&
	       !str_starts(r->path, S("/theme/")) &&
	       !str_starts(r->path, S("/export/")) &&
	       !str_starts(r->path, S("/picture/"));
}

/* Where nothing is, something may have been elsewhere before. */
static bool was_moved(struct request *r)
{
	if (r->problem.kind != PROBLEM_NOT_FOUND || r->method != GET ||
	    !wants_page(r) || strcmp(config.pool, "api"))
		return false;
	r->problem.kind = PROBLEM_NONE;
	r->route = &route_moved;
	return r->route->handle(r);
}

static bool run(struct request *r)
{
	if (!request_read(r, cgi_param))
		return false;
	if (!route_find(r, routes))
		return was_moved(r);
	return guard(r) && read_body(r) && r->route->handle(r);
}

static void answer(struct request *r)
{
	if (!run(r) && !(wants_page(r) && page_problem(r)))
		reply_problem(r);
	if (r->reply.cut) {
		cgi_abort();
		return;
	}
	if (!r->reply.sent) {
		cgi_write(reply_head(r));
		if (!r->is_head)
			cgi_write(r->reply.body);
	}
	cgi_finish();
}

static void log_request(const struct request *r)
{
	static const char *const methods[] = { "GET",	 "POST",    "PATCH",
					       "DELETE", "OPTIONS", "OTHER" };
	struct buf line = log_line("request");

	log_str(&line, "id", r->id);
	log_str(&line, "method", str_of(methods[r->method]));
	log_str(&line, "route", r->route ? str_of(r->route->path) : S("-"));
	log_num(&line, "status", r->reply.status);
	if (r->problem.kind != PROBLEM_NONE)
		log_str(&line, "problem", str_of(problem_slug(&r->problem)));
	log_num(&line, "queue_ms", r->queue_ms);
	log_num(&line, "database_ms", (double)r->database / 1e3);
	log_num(&line, "total_ms", (double)(log_now() - r->started) / 1e3);
	log_num(&line, "trips", r->trips);
	if (secret_hashes() != r->hashes)
		log_num(&line, "hashes", secret_hashes() - r->hashes);
	log_num(&line, "bytes", (double)r->reply.body.n);
	log_end(&line);
}

static void serve_one(void)
{
	struct request r = {
		.started = log_now(),
		.hashes = secret_hashes(),
		.reply.headers = buf_new(4096),
	};

	answer(&r);
	log_request(&r);
	arena_reset();
}

static bool read_file(const char *path, struct str *out)
{
	FILE *f = fopen(path, "r");
	size_t max = 1 << 20;
	char *p = alloc(max);

	if (!f)
		return false;
	*out = (struct str){ p, fread(p, 1, max, f) };
	fclose(f);
	return true;
}

static bool load_texts(const char **why)
{
	struct str manifest;

	if (!catalog_load(config.lang, why) ||
	    !template_load(config.templates, why))
		return false;
	*why = "the manifest of static files can't be read";
	return read_file(config.manifest, &manifest) &&
	       template_assets(manifest, why);
}

/* Only where they are needed, so that nothing else can leak them. */
static bool load_keys(const char **why)
{
	if (strcmp(config.pool, "proof"))
		return true;
	*why = "SPORTELLO_KEY_FILE must be a file of one to four keys, 32 "
	       "random bytes in base64url a line";
	return secret_key_file(config.key_file);
}

/* Without a database a worker still starts and answers 503: it may come. A
 * statement that does not fit the schema stops the deployment instead. */
static bool open_database(const char **why)
{
	static char user[32];
	bool fatal;

	snprintf(user, sizeof(user), "sportello_%s", config.pool);
	if (db_open(config.database,
		    *config.database_user ? config.database_user : user, NULL,
		    &fatal, why) ||
	    !fatal) {
		if (**why)
			log_error("no database yet", *why);
		return true;
	}
	return false;
}

int main(void)
{
	const char *why = "";

	if (!config_load(&why) || !fetch_setup(&why) || !secret_setup()) {
		fprintf(stderr, "sportello-worker: %s\n", why);
		return 2;
	}
	/* libcurl and libpq would read proxies and passwords from it. */
	clearenv();
	json_setup();
	if (!load_keys(&why) || !load_texts(&why) || !open_database(&why)) {
		fprintf(stderr, "sportello-worker: %s\n", why);
		return 2;
	}
	arena_release();
	if (!cgi_open((unsigned)config.request_seconds)) {
		fprintf(stderr, "sportello-worker: descriptor 0 must be a "
				"listening socket\n");
		return 2;
	}
	while (cgi_accept())
		serve_one();
	db_close();
	return 0;
}
