/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/places.h"

#include "cookie.h"
#include "door.h"
#include "input.h"
#include "page.h"
#include "reply.h"
#include "secret.h"

#define URL_MAX 8192
#define ARRIVAL_SECONDS 60

static struct str given(const struct request *r, const char *name)
{
	const struct str *v = pairs_get(&r->query, name);

	if (!v)
		v = pairs_get(&r->form, name);
	return v ? *v : S("");
}

/* scheme://host[:port] of another host: the scheme and port are ours. */
static void add_origin(struct buf *b, const struct request *r, struct str host)
{
	struct str scheme = r->secure ? S("https://") : S("http://");

	buf_add(b, scheme);
	buf_add(b, host);
	buf_add(b, str_from(r->own_origin, scheme.n + r->host.n));
}

static void add_to(struct buf *b, const struct request *r)
{
	buf_add(b, S("&to="));
	buf_query(b, request_local_path(given(r, "to")));
}

static bool is(const struct json *answer, const char *key)
{
	return json_true(json_get(answer, key));
}

/* ---- here ---- */

/* Where the other host is told who comes: that somebody is signed in here, or
 * their token. */
static struct str arrive_url(const struct request *r, const struct json *place)
{
	struct buf url = buf_new(URL_MAX);
	struct str token = json_str(json_get(place, "token"));

	add_origin(&url, r, json_str(json_get(place, "host")));
	buf_addf(&url, "/arrive?from=%.*s", STR_ARG(r->host));
	add_to(&url, r);
	/* What was chosen in the menu here, not yet what this page is in. */
	if (r->lang)
		buf_addf(&url, "&lang=%.*s", STR_ARG(catalog_lang(r->lang)));
	if (is(place, "signed"))
		buf_add(&url, S("&signed=1"));
	if (token.n)
		buf_addf(&url, "&token=%.*s", STR_ARG(token));
	return buf_str(&url);
}

static struct str leave_data(const struct request *r, const struct json *place)
{
	struct buf b = buf_new(2 * URL_MAX), refresh = buf_new(URL_MAX);
	struct str url = arrive_url(r, place);

	buf_add(&b, S("{\"host\":"));
	buf_json(&b, json_str(json_get(place, "host")));
	buf_add(&b, S(",\"url\":"));
	buf_json(&b, url);
	buf_add(&b, S(",\"refresh\":"));
	buf_addf(&refresh, "0;url=%.*s", STR_ARG(url));
	buf_json(&b, buf_str(&refresh));
	buf_addf(&b, ",\"tickets\":%s}",
		 is(place, "tickets") ? "true" : "false");
	return buf_str(&b);
}

/* A page and no redirect: what a form leads to may not lead away from here
 * (form-action in the content security policy). */
bool places_leave(struct request *r)
{
	union q_places_leave q;
	struct db_step steps[] = {
		{ .query = &Q_pages_shell },
		{ .query = &Q_places_leave, .values = q.v },
	};

	if (!input(r, &Q_places_leave, q.v) || !door_run(r, steps, 2))
		return false;
	return page_fill(r, 200, steps[0].out,
			 leave_data(r, json_parse_own(steps[1].out)));
}

static struct str ask_data(const struct request *r, const struct json *place)
{
	struct buf b = buf_new(2 * URL_MAX);

	buf_add(&b, S("{\"host\":"));
	buf_json(&b, json_str(json_get(place, "host")));
	buf_add(&b, S(",\"proof\":"));
	buf_json(&b, given(r, "proof"));
	buf_add(&b, S(",\"to\":"));
	buf_json(&b, request_local_path(given(r, "to")));
	buf_add(&b, S(",\"url\":"));
	buf_json(&b, arrive_url(r, place));
	buf_char(&b, '}');
	return buf_str(&b);
}

bool places_ask(struct request *r)
{
	union q_places_ask q;
	struct db_step steps[] = {
		{ .query = &Q_pages_shell },
		{ .query = &Q_places_ask, .values = q.v },
	};

	if (!input(r, &Q_places_ask, q.v) || !door_run(r, steps, 2))
		return false;
	const struct json *place = json_parse_own(steps[1].out);
	if (is(place, "asks"))
		return page_fill(r, 200, steps[0].out, ask_data(r, place));
	return reply_see_other(r, arrive_url(r, place));
}

bool places_hand_over(struct request *r)
{
	union q_places_hand_over q;
	struct db_step steps[] = {
		{ .query = &Q_pages_shell },
		{ .query = &Q_places_hand_over, .values = q.v },
	};

	if (!input(r, &Q_places_hand_over, q.v) || !door_run(r, steps, 2))
		return false;
	return page_fill(r, 200, steps[0].out,
			 leave_data(r, json_parse_own(steps[1].out)));
}

/* ---- there ---- */

static struct str proof_of(struct str secret)
{
	return secret.n ? secret_base64(secret_sha256(secret)) : S("");
}

/* Tell on the next page why one is here. */
static void tell(struct request *r, const struct json *place)
{
	if (is(place, "tickets"))
		reply_header(r, "Set-Cookie",
			     cookie_from(r->secure,
					 json_str(json_get(place, "host")),
					 ARRIVAL_SECONDS));
}

/* They read on in the language they chose there, unless they chose one here. */
static void read_on(struct request *r, struct str from)
{
	const struct catalog *c = catalog_find(given(r, "lang"));

	if (from.n && c && !r->lang)
		reply_header(r, "Set-Cookie",
			     cookie_preference(r->secure, S("lang"),
					       catalog_lang(c)));
}

/* Back to fetch a token, with a secret that stays in this browser. */
static bool fetch_token(struct request *r, struct str from)
{
	struct str secret = secret_token();
	struct buf url = buf_new(URL_MAX);

	reply_header(r, "Set-Cookie",
		     cookie_arrival(r->secure, secret, ARRIVAL_SECONDS));
	add_origin(&url, r, from);
	buf_addf(&url, "/hand-over?at=%.*s&proof=%.*s", STR_ARG(r->host),
		 STR_ARG(proof_of(secret)));
	add_to(&url, r);
	return reply_see_other(r, buf_str(&url));
}

static bool come(struct request *r)
{
	union q_places_come q;
	struct db_step step = { .query = &Q_places_come, .values = q.v };

	if (!input(r, &Q_places_come, q.v) || !door_run(r, &step, 1))
		return false;
	const struct json *place = json_parse_own(step.out);
	struct str from = json_str(json_get(place, "host"));
	tell(r, place);
	read_on(r, from);
	if (from.n && given(r, "signed").n && !is(place, "signed"))
		return fetch_token(r, from);
	return reply_see_other(r, request_local_path(given(r, "to")));
}

static bool come_with_token(struct request *r)
{
	union q_places_come from;
	union q_places_arrive q;
	struct str token = secret_token();
	struct str secret =
		cookie_get(r->cookies, cookie_arrival_name(r->secure));
	struct db_step steps[] = {
		{ .query = &Q_places_come, .values = from.v },
		{ .query = &Q_places_arrive, .values = q.v },
	};
	uint64_t seconds;

	if (!input(r, &Q_places_come, from.v) ||
	    !input(r, &Q_places_arrive, q.v))
		return false;
	q.proof = str_z(proof_of(secret));
	q.token_hash = secret_token_hash(token);
	q.old_token = secret_token_bytea(r->token);
	if (!door_run(r, steps, 2))
		return false;
	tell(r, json_parse_own(steps[0].out));
	reply_header(r, "Set-Cookie", cookie_arrival(r->secure, S(""), 0));
	const struct json *opened = json_parse_own(steps[1].out);
	if (str_u64(json_scalar(json_get(opened, "seconds")), UINT32_MAX,
		    &seconds))
		reply_header(r, "Set-Cookie",
			     cookie_session(r->secure, token, seconds));
	return reply_see_other(r, request_local_path(given(r, "to")));
}

bool places_arrive(struct request *r)
{
	return given(r, "token").n ? come_with_token(r) : come(r);
}
