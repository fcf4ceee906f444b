/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "request.h"

#include <time.h>

#include "arena.h"
#include "cookie.h"

/* A method that nobody knows has no row: its path says 404 or 405. */
static void read_method(struct request *r, struct str m)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = {
		{ "GET", GET },	      { "HEAD", GET },
		{ "POST", POST },     { "PATCH", PATCH },
		{ "DELETE", DELETE }, { "OPTIONS", OPTIONS },
	};

	r->method = OTHER;
	r->is_head = str_eqz(m, "HEAD");
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (str_eqz(m, methods[i].name))
			r->method = methods[i].method;
}

bool request_pairs(struct str text, struct pairs *out)
{
	out->n = 0;
	while (text.n) {
		struct str value = str_cut(&text, '&');
		if (!value.n)
			continue;
		struct str key = str_cut(&value, '=');
		struct pair *p = &out->at[out->n];
		if (out->n == REQUEST_PAIRS_MAX ||
		    !str_percent_decode(key, true, &p->key) ||
		    !str_percent_decode(value, true, &p->value) ||
		    !str_is_text(p->key) || !str_is_text(p->value))
			return false;
		out->n++;
	}
	return true;
}

const struct str *pairs_get(const struct pairs *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eqz(p->at[i].key, name))
			return &p->at[i].value;
	return NULL;
}

/* The path stays undecoded: ours have no escapes, so that one with an escape
 * is simply not found, and '%2f' can't pass for '/'. */
static bool read_uri(struct request *r, struct str uri)
{
	struct str query = uri;

	r->path = str_cut(&query, '?');
	if (!r->path.n || r->path.p[0] != '/' || r->path.n > REQUEST_PATH_MAX ||
	    query.n > REQUEST_QUERY_MAX)
		return problem(&r->problem, PROBLEM_BAD_REQUEST);
	if (!str_is_text(r->path) || !request_pairs(query, &r->query))
		return problem(&r->problem, PROBLEM_BAD_REQUEST);
	return true;
}

static bool read_length(struct request *r, struct str length)
{
	if (!length.n)
		return true;
	if (!str_u64(length, UINT64_MAX, &r->content_length))
		return problem(&r->problem, PROBLEM_LENGTH);
	if (r->content_length > REQUEST_STREAM_MAX)
		return problem(&r->problem, PROBLEM_TOO_LARGE);
	return true;
}

/* nginx's $msec: seconds with three decimals, when it passed the request on. */
static double waited_ms(struct str msec)
{
	struct timespec now;
	struct str fraction = msec;
	struct str whole = str_cut(&fraction, '.');
	uint64_t s, ms;

	if (!str_u64(whole, 1u << 31, &s) || !str_u64(fraction, 999, &ms))
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	double d = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6 -
		   (double)(s * 1000 + ms);
	return d > 0 ? d : 0;
}

static bool read_person(struct request *r, struct str id)
{
	uint64_t n;

	r->person = id;
	return !id.n || str_u64(id, INT64_MAX, &n) ||
	       problem(&r->problem, PROBLEM_BAD_REQUEST);
}

static bool is_host(struct str h)
{
	for (size_t i = 0; i < h.n; i++) {
		char c = h.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '.')
			return false;
	}
	return h.n && h.n <= 253;
}

bool request_read(struct request *r, const char *(*param)(const char *name))
{
	/* Outlives the answer, for the log. */
	r->id = str_of(str_z(str_of(param("SPORTELLO_REQUEST_ID"))));
	r->host = str_of(param("SPORTELLO_HOST"));
	r->own_origin = str_of(param("SPORTELLO_ORIGIN"));
	r->secure = str_eqz(str_of(param("SPORTELLO_SCHEME")), "https");
	r->queue_ms = waited_ms(str_of(param("SPORTELLO_START")));
	r->cookies = str_of(param("HTTP_COOKIE"));
	r->origin = str_of(param("HTTP_ORIGIN"));
	r->content_type = str_of(param("CONTENT_TYPE"));
	r->accept_language = str_of(param("HTTP_ACCEPT_LANGUAGE"));
	r->client = str_of(param("SPORTELLO_CLIENT"));
	r->browser = str_of(param("HTTP_USER_AGENT"));
	if (!str_is_text(r->browser))
		r->browser = S("");
	r->key = str_of(param("HTTP_IDEMPOTENCY_KEY"));
	r->has_header = str_eqz(str_of(param("HTTP_X_SPORTELLO")), "1");
	r->token = cookie_get(r->cookies, cookie_support_name(r->secure));
	r->support = r->token.n;
	if (!r->support)
		r->token =
			cookie_get(r->cookies, cookie_session_name(r->secure));
	r->lang = catalog_find(cookie_get(r->cookies, S("lang")));
	read_method(r, str_of(param("REQUEST_METHOD")));
	/* The path first: it decides how a problem is told. */
	if (!read_uri(r, str_of(param("REQUEST_URI"))))
		return false;
	if (!is_host(r->host))
		return problem(&r->problem, PROBLEM_HOST);
	return read_person(r, str_of(param("HTTP_X_SPORTELLO_PERSON"))) &&
	       read_length(r, str_of(param("CONTENT_LENGTH")));
}

/* Media types are the same in capitals. */
static bool is_type(struct str content_type, const char *type)
{
	struct str t = str_trim(str_cut(&content_type, ';'));

	return t.n == strlen(type) && !strncasecmp(t.p, type, t.n);
}

static bool not_json(struct request *r, const char *why)
{
	struct buf b = buf_new(512);

	buf_addf(&b, "Correct the body: %s.", why);
	return problem_say(&r->problem, PROBLEM_JSON, str_z(buf_str(&b)));
}

bool request_body(struct request *r)
{
	const char *why;

	if (is_type(r->content_type, "application/x-www-form-urlencoded") &&
	    !str_starts(r->path, S("/api/")))
		return (r->body.n <= REQUEST_FORM_MAX &&
			request_pairs(r->body, &r->form)) ||
		       problem(&r->problem, PROBLEM_TEXT);
	if (!is_type(r->content_type, "application/json"))
		return problem(&r->problem, PROBLEM_MEDIA_TYPE);
	r->json = json_parse(r->body, &why);
	if (!r->json)
		return not_json(r, why);
	return json_kind(r->json) == JSON_OBJECT ||
	       problem(&r->problem, PROBLEM_JSON);
}

struct str request_local_path(struct str to)
{
	bool local = to.n && to.n <= REQUEST_PATH_MAX && to.p[0] == '/' &&
		     !(to.n > 1 && (to.p[1] == '/' || to.p[1] == '\\'));

	/* Only what needs no escape in a header, and no second host. */
	for (size_t i = 0; local && i < to.n; i++)
		local = to.p[i] > ' ' && to.p[i] < 127 && to.p[i] != '\\';
	return local ? to : S("/");
}
