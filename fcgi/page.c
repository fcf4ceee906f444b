/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "page.h"

#include "arena.h"
#include "cookie.h"
#include "door.h"
#include "input.h"
#include "reply.h"
#include "template.h"

#define DATA_MAX (2 * 1024 * 1024)
/* Escaped for a script element it may grow sixfold. */
#define BOOT_ROUTE_MAX (256 * 1024)

/* The database has chosen, of what the portal offers. Where it said nothing:
 * cookie, then browser, then English. */
static void choose_language(struct request *r, const struct json *shell)
{
	const struct catalog *c =
		catalog_find(json_str(json_path(shell, S("portal.lang"))));

	if (c)
		r->lang = c;
	if (!r->lang)
		r->lang = catalog_negotiate(r->accept_language);
	if (!r->lang)
		r->lang = catalog_find(S("en"));
}

/* Without a list all of them are. */
static bool is_offered(const struct json *list, const struct catalog *c)
{
	size_t n = json_len(list), i = 0;

	while (i < n && !str_eq(json_str(json_at(list, i)), catalog_lang(c)))
		i++;
	return !n || i < n;
}

static void add_languages(struct buf *b, const struct request *r,
			  const struct json *offered)
{
	const struct catalog *c;
	const char *comma = "";

	buf_add(b, S("\"languages\":["));
	for (size_t i = 0; (c = catalog_at(i)); i++) {
		if (!is_offered(offered, c))
			continue;
		buf_addf(b, "%s{\"tag\":", comma);
		buf_json(b, catalog_lang(c));
		buf_add(b, S(",\"name\":"));
		buf_json(b, catalog_name(c));
		buf_add(b, c == r->lang ? S(",\"current\":true}")
					: S(",\"current\":false}"));
		comma = ",";
	}
	buf_char(b, ']');
}

static void add_theme(struct buf *b, const struct request *r)
{
	struct str theme = cookie_get(r->cookies, S("theme"));

	buf_add(b, S("\"theme\":"));
	if (str_eqz(theme, "light") || str_eqz(theme, "dark"))
		buf_json(b, theme);
	else
		buf_add(b, S("null"));
}

/* Said once, to whoever comes from a host where no tickets are used. */
static void add_arrived(struct buf *b, struct request *r)
{
	struct str from = cookie_get(r->cookies, cookie_from_name(r->secure));

	buf_add(b, S("\"arrived\":"));
	if (!from.n || from.n > 253 ||
	    strspn(str_z(from), "abcdefghijklmnopqrstuvwxyz0123456789-.") !=
		    from.n) {
		buf_add(b, S("null"));
		return;
	}
	buf_addf(b, "{\"host\":\"%.*s\",\"back\":\"/elsewhere?host=%.*s\"}",
		 STR_ARG(from), STR_ARG(from));
	reply_header(r, "Set-Cookie", cookie_from(r->secure, S(""), 0));
}

/* What the browser's program starts from: the reader, the portal, and the
 * answer that the first view would ask for. */
static void add_boot(struct buf *b, const struct request *r, struct str inner,
		     struct str data)
{
	struct buf texts = buf_new(64);

	buf_addf(&texts, "%s.%.*s.json",
		 str_eqz(str_of(r->route->page), "agent") ? "agent" : "portal",
		 STR_ARG(catalog_lang(r->lang)));
	buf_add(b, S("\"boot\":{"));
	buf_add(b, inner);
	buf_add(b, S(",\"lang\":"));
	buf_json(b, catalog_lang(r->lang));
	buf_add(b, S(",\"dir\":"));
	buf_json(b, catalog_dir(r->lang));
	buf_add(b, S(",\"texts\":"));
	buf_json(b, template_asset(buf_str(&texts)));
	buf_add(b, S(",\"route\":"));
	/* What is too much for a page is fetched by the program itself. */
	buf_add(b, data.n && data.n <= BOOT_ROUTE_MAX ? data : S("null"));
	buf_add(b, S("},"));
}

static struct str path_and_query(const struct request *r)
{
	/* The query string lies behind the path in the same parameter. */
	const char *end = r->path.p + r->path.n;

	return (struct str){ r->path.p, *end == '?' ? r->path.n + strlen(end)
						    : r->path.n };
}

/* shell is {"me":…,"portal":…} as the database built it, s the same; its
 * members become members of the page's data. */
static struct str compose(struct request *r, struct str shell,
			  const struct json *s, struct str data, bool app)
{
	struct buf b = buf_new(DATA_MAX);
	struct str inner = { shell.p + 1, shell.n - 2 };

	buf_char(&b, '{');
	buf_add(&b, inner);
	buf_char(&b, ',');
	add_theme(&b, r);
	buf_char(&b, ',');
	add_languages(&b, r, json_path(s, S("portal.languages")));
	buf_char(&b, ',');
	add_arrived(&b, r);
	buf_char(&b, ',');
	if (app)
		add_boot(&b, r, inner, data);
	buf_add(&b, S("\"path\":"));
	buf_json(&b, request_local_path(path_and_query(r)));
	buf_add(&b, S(",\"page\":"));
	buf_add(&b, data.n && !app ? data : S("null"));
	buf_char(&b, '}');
	return b.full ? S("") : buf_str(&b);
}

static bool fill(struct request *r, const char *name, int status,
		 struct str data, struct str zone)
{
	struct str html;
	struct json *json = json_parse_own(data);

	if (!json || !template_fill(name, json, r->lang, zone, &html))
		return problem(&r->problem, PROBLEM_INTERNAL);
	return reply(r, status, "text/html; charset=utf-8", html);
}

static bool fill_with(struct request *r, const char *name, int status,
		      struct str shell, struct str data, bool app)
{
	const struct json *s = json_parse_own(shell);
	struct str zone = json_str(json_path(s, S("me.time_zone")));

	choose_language(r, s);
	return fill(r, name, status, compose(r, shell, s, data, app),
		    zone.n ? zone : S("UTC"));
}

bool page_fill(struct request *r, int status, struct str shell, struct str data)
{
	const char *name = r->route->page;
	bool app = !strcmp(name, "app") || !strcmp(name, "agent");

	/* Where anybody may come in the door does not mind an old session. */
	if (r->support && r->token.n &&
	    !json_len(json_get(json_parse_own(shell), "support")))
		return problem(&r->problem, PROBLEM_SUPPORT_ENDED);
	return fill_with(r, name, status, shell, data, app);
}

bool page_show(struct request *r, int status, struct str data)
{
	struct db_step shell = { .query = &Q_pages_shell };

	bool done = door_run(r, &shell, 1);

	r->shell = shell.out;
	return done && page_fill(r, status, r->shell, data);
}

bool page(struct request *r)
{
	const struct query *q = route_query(r);

	if (!q)
		return page_show(r, 200, S(""));
	const char **values = alloc((q->n_inputs + 1) * sizeof(*values));
	struct db_step steps[] = {
		{ .query = &Q_pages_shell },
		{ .query = q, .values = values },
	};
	bool done = input(r, q, values) && door_run(r, steps, 2);

	r->shell = steps[0].out;
	return done && page_fill(r, 200, r->shell, steps[1].out);
}

/* ---- forms ---- */

static void add_typed(struct buf *b, const struct request *r,
		      const struct query_input *in)
{
	const struct str *v = pairs_get(&r->form, in->name);

	if (in->source != SOURCE_FORM || !v)
		return;
	buf_addf(b, ",\"%s\":", in->name);
	buf_json(b, *v);
}

bool page_form_again(struct request *r)
{
	struct problem fault = r->problem;
	const struct query *q = r->route->query;
	struct buf b = buf_new(8 * REQUEST_FORM_MAX);

	if (fault.kind != PROBLEM_INVALID)
		return false;
	r->problem = (struct problem){ 0 };
	buf_add(&b, S("{\"asked\":true,\"open\":true,\"faults\":{"));
	for (size_t i = 0; i < fault.n_fields; i++) {
		buf_add(&b, i ? S(",") : S(""));
		buf_json(&b, fault.fields[i].name);
		buf_add(&b, S(":true"));
	}
	buf_char(&b, '}');
	for (unsigned i = 0; i < q->n_inputs; i++)
		add_typed(&b, r, &q->inputs[i]);
	buf_char(&b, '}');
	return page_show(r, 422, buf_str(&b));
}

bool page_said(struct request *r, struct str answer, struct str shell)
{
	const struct json *said = json_parse_own(answer);
	struct str to = json_str(json_get(said, "to"));
	uint64_t status;

	if (to.n)
		return reply_see_other(r, request_local_path(to));
	if (!str_u64(json_scalar(json_get(said, "status")), 599, &status))
		status = 200;
	return page_fill(r, (int)status, shell, answer);
}

bool page_form_with(struct request *r, const char *const *values)
{
	struct db_step steps[] = {
		{ .query = r->route->query, .values = values },
		{ .query = &Q_pages_shell },
	};

	return door_run(r, steps, ARRAY_LEN(steps)) &&
	       !reply_must_wait(r, steps[0].out) &&
	       page_said(r, steps[0].out, steps[1].out);
}

bool page_form(struct request *r)
{
	const struct query *q = r->route->query;
	const char **values = alloc((q->n_inputs + 1) * sizeof(*values));

	if (!input(r, q, values))
		return page_form_again(r);
	return page_form_with(r, values);
}

static bool to_sign_in(struct request *r)
{
	struct buf to = buf_new(4 * REQUEST_PATH_MAX);
	struct str all = path_and_query(r);

	/* A list's filters are in its query; one that is too long to be carried
	 * along leads to the page without. */
	if (!str_eq(request_local_path(all), all))
		all = request_local_path(r->path);
	buf_add(&to, S("/sign-in?to="));
	buf_query(&to, all);
	return reply_see_other(r, buf_str(&to));
}

static bool to_elsewhere(struct request *r)
{
	struct buf to = buf_new(4 * REQUEST_PATH_MAX);

	buf_add(&to, S("/elsewhere?to="));
	buf_query(&to, request_local_path(path_and_query(r)));
	return reply_see_other(r, buf_str(&to));
}

/* The words of r->problem. Where they are said at the portal, its language is
 * known by now. */
static struct str problem_data(const struct request *r)
{
	struct buf b = buf_new(4096);
	struct buf text = buf_new(128), what = buf_new(128);

	buf_addf(&text, "err.%s", problem_slug(&r->problem));
	buf_addf(&what, "err.%s.do", problem_slug(&r->problem));
	buf_addf(&b,
		 "{\"status\":%d,\"request_id\":", problem_status(&r->problem));
	buf_json(&b, r->id);
	buf_add(&b, S(",\"title\":"));
	buf_json(&b, catalog_text(r->lang, buf_str(&text), 0, NULL));
	buf_add(&b, S(",\"detail\":"));
	buf_json(&b, catalog_text(r->lang, buf_str(&what), 0, NULL));
	buf_char(&b, '}');
	return buf_str(&b);
}

/* The portal and the reader, for a page of a problem that the database was not
 * asked about. Only of whoever has a session: what robots guess at costs it
 * nothing. */
static void find_shell(struct request *r)
{
	struct problem fault = r->problem;
	struct db_step steps[] = {
		door_step(r, ANYONE, false),
		{ .query = &Q_pages_shell },
	};

	if (r->trips || !r->token.n || fault.kind == PROBLEM_HOST ||
	    problem_status(&fault) >= 500)
		return;
	if (door_trip(r, steps, ARRAY_LEN(steps)))
		r->shell = steps[1].out;
	r->problem = fault;
}

bool page_problem(struct request *r)
{
	struct buf b = buf_new(8192);
	int status = problem_status(&r->problem);
	const char *name =
		r->problem.kind == PROBLEM_HOST ? "not-found-host" : "error";

	if (r->problem.kind == PROBLEM_SIGNED_OUT)
		return to_sign_in(r);
	if (r->problem.kind == PROBLEM_ELSEWHERE)
		return to_elsewhere(r);
	/* With it goes what led here: the next page is that of whoever is signed
	 * in, or of nobody. */
	if (r->problem.kind == PROBLEM_SUPPORT_ENDED)
		reply_header(r, "Set-Cookie",
			     cookie_support(r->secure, S(""), 0));
	find_shell(r);
	choose_language(r, r->shell.n ? json_parse_own(r->shell) : NULL);
	if (r->shell.n)
		return fill_with(r, name, status, r->shell, problem_data(r),
				 false);
	/* Nothing is known of the portal: it was not asked, or said nothing. */
	buf_add(&b, S("{\"me\":null,\"portal\":null,"));
	add_theme(&b, r);
	buf_addf(&b, ",\"languages\":[],\"path\":\"/\",\"page\":%.*s}",
		 STR_ARG(problem_data(r)));
	return fill(r, name, status, buf_str(&b), S("UTC"));
}
