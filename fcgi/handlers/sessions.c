/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/sessions.h"

#include "cookie.h"
#include "door.h"
#include "input.h"
#include "page.h"
#include "reply.h"
#include "secret.h"

/* Why somebody is back at the sign-in page: texts signin.why.<word>. */
static const char *const reasons[] = {
	"again", "away", "clock",   "denied",  "domain",     "email",
	"off",	 "over", "subject", "unknown", "unverified", "wrong",
};

struct str sessions_value(const struct pairs *p, const char *name)
{
	const struct str *v = pairs_get(p, name);

	return v ? *v : S("");
}

static bool is_reason(struct str why)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (str_eqz(why, reasons[i]))
			return true;
	return false;
}

/* Anybody can make a link: no more than a word of it is shown. */
static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'a' || s.p[i] > 'z')
			return false;
	return s.n <= 20;
}

/* Links to the providers that the database named. */
static void add_providers(struct buf *b, const struct json *list, struct str to)
{
	buf_add(b, S(",\"providers\":["));
	for (size_t i = 0; i < json_len(list); i++) {
		struct buf url = buf_new(4 * REQUEST_PATH_MAX);
		const struct json *p = json_at(list, i);
		buf_addf(&url, "/sign-in/with/%.*s?to=",
			 STR_ARG(json_scalar(json_get(p, "id"))));
		buf_percent(&url, request_local_path(to));
		buf_add(b, i ? S(",{\"name\":") : S("{\"name\":"));
		buf_json(b, json_str(json_get(p, "name")));
		buf_add(b, S(",\"url\":"));
		buf_json(b, buf_str(&url));
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static struct str sign_in_data(struct request *r, struct str email,
			       struct str to, bool failed, struct str names)
{
	struct buf b = buf_new(64 * 1024);
	struct str why = sessions_value(&r->query, "why");
	struct str code = sessions_value(&r->query, "code");

	buf_add(&b, S("{\"email\":"));
	buf_json(&b, email);
	buf_add(&b, S(",\"to\":"));
	buf_json(&b, request_local_path(to));
	buf_addf(&b, ",\"failed\":%s,\"why\":", failed ? "true" : "false");
	buf_json(&b, is_reason(why) ? why : S(""));
	buf_add(&b, S(",\"code\":"));
	buf_json(&b, is_word(code) ? code : S(""));
	add_providers(&b, json_parse_own(names), to);
	buf_char(&b, '}');
	return buf_str(&b);
}

static bool show(struct request *r, int status, struct str email, struct str to)
{
	struct db_step steps[] = { { .query = &Q_pages_shell },
				   { .query = &Q_sign_on_names } };

	return door_run(r, steps, ARRAY_LEN(steps)) &&
	       page_fill(
		       r, status, steps[0].out,
		       sign_in_data(r, email, to, status != 200, steps[1].out));
}

bool sessions_page(struct request *r)
{
	return show(r, 200, S(""), sessions_value(&r->query, "to"));
}

/* First trip: salt and cost, made up by the database for unknown addresses;
 * then the hash, which takes the time it takes for anybody. */
static bool derive(struct request *r, const char **email, const char **key)
{
	union q_door_salt q;
	struct db_step salt = { .query = &Q_door_salt, .values = q.v };
	struct str password = sessions_value(&r->form, "password");
	uint64_t passes, memory;

	if (!input(r, &Q_door_salt, q.v))
		return false;
	if (password.n > SECRET_PASSWORD_MAX)
		return problem(&r->problem, PROBLEM_INVALID);
	q.host = str_z(r->host);
	if (!door_trip(r, &salt, 1))
		return false;
	struct json *s = json_parse_own(salt.out);
	if (!str_u64(json_scalar(json_get(s, "passes")), 10, &passes) ||
	    !str_u64(json_scalar(json_get(s, "memory_kib")), 262144, &memory) ||
	    !secret_derive(password, json_str(json_get(s, "salt")), passes,
			   memory, key))
		return problem(&r->problem, PROBLEM_UNAVAILABLE);
	*email = q.email;
	return true;
}

static bool to_step(struct request *r, struct str step, struct str to)
{
	struct buf url = buf_new(4 * REQUEST_PATH_MAX);

	reply_header(r, "Set-Cookie",
		     cookie_brief(r->secure, "step", step, 600));
	buf_add(&url, S("/sign-in/step?to="));
	buf_percent(&url, to);
	return reply_see_other(r, buf_str(&url));
}

bool sessions_keep(struct request *r, struct str token,
		   const struct json *answer, struct str *to)
{
	uint64_t seconds, rank;

	*to = request_local_path(*to);
	if (!str_u64(json_scalar(json_get(answer, "seconds")), UINT32_MAX,
		     &seconds) ||
	    !str_u64(json_scalar(json_get(answer, "rank")), 3, &rank))
		return problem(&r->problem, PROBLEM_INTERNAL);
	reply_header(r, "Set-Cookie",
		     cookie_session(r->secure, token, seconds));
	struct str mark = json_str(json_get(answer, "mark"));
	if (mark.n)
		reply_header(r, "Set-Cookie", cookie_mark(r->secure, mark));
	if (r->support)
		reply_header(r, "Set-Cookie",
			     cookie_support(r->secure, S(""), 0));
	if (str_eqz(*to, "/") && rank >= AGENT)
		*to = S("/agent?group=open");
	return true;
}

bool sessions_begin(struct request *r, struct str token, const struct json *a,
		    struct str to)
{
	struct str step = json_str(json_get(a, "step"));

	if (step.n)
		return to_step(r, step, request_local_path(to));
	return sessions_keep(r, token, a, &to) && reply_see_other(r, to);
}

/* No address, or a password no hash is made of: no second trip to try it. */
static bool again(struct request *r)
{
	r->problem = (struct problem){ 0 };
	return show(r, 401, sessions_value(&r->form, "email"),
		    sessions_value(&r->form, "to"));
}

/* Second trip: the session, and the page to show again should there be none.
 * An older session of this browser ends with it; the shell is fetched as for
 * somebody signed out. */
bool sessions_open(struct request *r)
{
	union q_door_sign_in q;
	const char *email = NULL, *key = NULL;

	if (!derive(r, &email, &key))
		return r->problem.kind == PROBLEM_INVALID && again(r);
	const char *old = secret_token_bytea(r->token);
	r->token = S("");
	struct str token = secret_token();
	struct db_step steps[] = {
		door_step(r, ANYONE, true),
		{ .query = &Q_door_sign_in, .values = q.v },
		{ .query = &Q_pages_shell },
		{ .query = &Q_sign_on_names },
	};
	q.email = email;
	q.derived_key = key;
	q.token_hash = secret_token_hash(token);
	q.old_token = old;
	q.client = str_z(r->client);
	q.browser = str_z(r->browser);
	q.mark = str_z(cookie_get(r->cookies, cookie_mark_name(r->secure)));
	if (!door_trip(r, steps, ARRAY_LEN(steps)))
		return false;
	if (reply_must_wait(r, steps[1].out))
		return false;
	if (steps[1].found)
		return sessions_begin(r, token, json_parse_own(steps[1].out),
				      sessions_value(&r->form, "to"));
	return page_fill(r, 401, steps[2].out,
			 sign_in_data(r, sessions_value(&r->form, "email"),
				      sessions_value(&r->form, "to"), true,
				      steps[3].out));
}

static void forget(struct request *r)
{
	reply_header(r, "Set-Cookie", cookie_session(r->secure, S(""), 0));
}

/* A context of support's may write nothing, this session's end included. */
static bool leave(struct request *r)
{
	union q_grants_leave q = {
		.host = str_z(r->host),
		.token = secret_token_bytea(r->token),
	};
	struct db_step step = { .query = &Q_grants_leave, .values = q.v };

	if (!door_trip(r, &step, 1))
		return false;
	reply_header(r, "Set-Cookie", cookie_support(r->secure, S(""), 0));
	return true;
}

/* The cookie goes only when the session has gone: else nobody could end it. */
static bool sign_out(struct request *r)
{
	struct db_step out = { .query = &Q_door_sign_out };

	if (r->support)
		return leave(r);
	if (!door_run(r, &out, 1))
		return false;
	forget(r);
	return true;
}

/* Whoever is signed out already is where they wanted to be. */
bool sessions_close(struct request *r)
{
	if (!sign_out(r)) {
		if (r->problem.kind != PROBLEM_SIGNED_OUT)
			return false;
		r->problem = (struct problem){ 0 };
		forget(r);
	}
	return reply_see_other(r, S("/"));
}

bool sessions_end(struct request *r)
{
	return sign_out(r) && reply(r, 204, NULL, S(""));
}

/* nginx understands yes and no: what else is wrong is said to whoever asks for
 * the thing itself. So whose page it is does not matter, either. */
bool sessions_whose(struct request *r)
{
	struct db_step me = { .query = &Q_me_id };

	r->person = S("");
	if (!door_run(r, &me, 1))
		return r->problem.kind != PROBLEM_UNAVAILABLE &&
		       problem(&r->problem, PROBLEM_SIGNED_OUT);
	reply_header(r, "X-Sportello-Person", me.out);
	return reply(r, 204, NULL, S(""));
}

/* The same page in another language, where an address says which it is in. */
static struct str in_language(struct str to, const struct str *lang)
{
	struct buf b = buf_new(2 * REQUEST_PATH_MAX);
	struct str rest = str_from(to, 1);
	struct str first = str_cut(&rest, '/');

	if (!lang || !catalog_find(*lang) || !catalog_find(first))
		return to;
	buf_addf(&b, "/%.*s/%.*s", STR_ARG(*lang), STR_ARG(rest));
	return request_local_path(buf_str(&b));
}

bool sessions_preferences(struct request *r)
{
	const struct str *lang = pairs_get(&r->form, "lang");
	const struct str *theme = pairs_get(&r->form, "theme");

	if (lang && catalog_find(*lang))
		reply_header(r, "Set-Cookie",
			     cookie_preference(r->secure, S("lang"), *lang));
	if (theme && (str_eqz(*theme, "light") || str_eqz(*theme, "dark")))
		reply_header(r, "Set-Cookie",
			     cookie_preference(r->secure, S("theme"), *theme));
	else if (theme)
		reply_header(r, "Set-Cookie",
			     cookie_preference(r->secure, S("theme"), S("")));
	return reply_see_other(
		r,
		in_language(request_local_path(sessions_value(&r->form, "to")),
			    lang));
}
