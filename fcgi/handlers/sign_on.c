/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/sign_on.h"

#include <time.h>

#include "cookie.h"
#include "door.h"
#include "handlers/providers.h"
#include "handlers/sessions.h"
#include "handlers/sign_on_mail.h"
#include "log.h"
#include "oidc.h"
#include "queries.h"
#include "reply.h"
#include "secret.h"

#define SECONDS 600
#define STATE "sign-on state"
#define MEMORY "sign-on cookie"
#define BACK "/sign-in/back"

/* What the browser keeps while it is away. */
struct memory {
	struct str provider, name, nonce, verifier, to;
	uint64_t since;
};

/* ---- addresses ---- */

/* scheme://host:port of another host of ours: as this request came in. */
static struct str origin_of(const struct request *r, struct str host)
{
	struct buf b = buf_new(512);
	struct str rest = r->own_origin, scheme = str_cut(&rest, ':');

	/* rest is //host or //host:port */
	rest = str_from(rest, 2 + r->host.n);
	buf_addf(&b, "%.*s://%.*s%.*s", STR_ARG(scheme), STR_ARG(host),
		 STR_ARG(rest));
	return buf_str(&b);
}

static struct str url_at(const struct request *r, struct str host,
			 const char *path)
{
	struct buf b = buf_new(8192);

	buf_add(&b, origin_of(r, host));
	buf_add(&b, str_of(path));
	return buf_str(&b);
}

/* The request's own path and query, at another host. */
static bool go_on(struct request *r, struct str host)
{
	const char *end = r->path.p + r->path.n;
	struct buf b = buf_new(16 * 1024);

	buf_add(&b, url_at(r, host, ""));
	buf_add(&b,
		(struct str){ r->path.p, *end == '?' ? r->path.n + strlen(end)
						     : r->path.n });
	return reply_see_other(r, buf_str(&b));
}

/* ---- refusals ---- */

/* The words of oidc.c and of auth.sign_on() by what a person can do. */
static const struct {
	const char *why, *shown;
} words[] = {
	{ "state", "again" },	  { "browser", "again" },
	{ "late", "again" },	  { "again", "again" },
	{ "nonce", "again" },	  { "denied", "denied" },
	{ "off", "off" },	  { "unreachable", "away" },
	{ "refused", "away" },	  { "expired", "clock" },
	{ "future", "clock" },	  { "email", "email" },
	{ "domain", "domain" },	  { "unverified", "unverified" },
	{ "unknown", "unknown" }, { "subject", "subject" },
	{ "over", "over" },
};

static const char *shown(struct str why)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eqz(why, words[i].why))
			return words[i].shown;
	return "wrong";
}

bool sign_on_refuse(struct request *r, struct str why, struct str to)
{
	struct buf url = buf_new(8192), line = log_line("sign_on");

	log_str(&line, "id", r->id);
	log_str(&line, "why", why);
	log_end(&line);
	reply_header(r, "Set-Cookie", cookie_brief(r->secure, "on", S(""), 0));
	buf_addf(&url, "/sign-in?why=%s&code=%.*s&to=", shown(why),
		 STR_ARG(why));
	buf_percent(&url, request_local_path(to));
	return reply_see_other(r, buf_str(&url));
}

/* ---- what is sealed ---- */

static struct str seal_state(struct str host, struct str name)
{
	struct buf b = buf_new(512);

	buf_addf(&b, "%.*s\n%.*s", STR_ARG(host), STR_ARG(name));
	return secret_base64(secret_seal(buf_str(&b), STATE));
}

static bool open_state(struct str state, struct str *host, struct str *name)
{
	struct str bytes;

	if (!secret_unbase64(state, &bytes) || !secret_open(bytes, STATE, name))
		return false;
	*host = str_cut(name, '\n');
	return true;
}

static bool remember(struct request *r, const struct memory *m)
{
	struct buf b = buf_new(2048);

	buf_addf(&b, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%llu\n%.*s",
		 STR_ARG(r->host), STR_ARG(m->provider), STR_ARG(m->name),
		 STR_ARG(m->nonce), STR_ARG(m->verifier),
		 (unsigned long long)m->since, STR_ARG(m->to));
	if (b.full)
		return problem(&r->problem, PROBLEM_BAD_REQUEST);
	reply_header(
		r, "Set-Cookie",
		cookie_brief(r->secure, "on",
			     secret_base64(secret_seal(buf_str(&b), MEMORY)),
			     SECONDS));
	return true;
}

static bool recall(const struct request *r, struct memory *m)
{
	struct str bytes, rest, host;
	struct str cookie =
		cookie_get(r->cookies, cookie_brief_name(r->secure, "on"));

	if (!secret_unbase64(cookie, &bytes) ||
	    !secret_open(bytes, MEMORY, &rest))
		return false;
	host = str_cut(&rest, '\n');
	m->provider = str_cut(&rest, '\n');
	m->name = str_cut(&rest, '\n');
	m->nonce = str_cut(&rest, '\n');
	m->verifier = str_cut(&rest, '\n');
	bool ok = str_u64(str_cut(&rest, '\n'), INT64_MAX, &m->since);
	m->to = rest;
	return ok && str_eq(host, r->host);
}

/* ---- there ---- */

static bool ask_provider(struct request *r, struct str id, const char *state,
			 const struct json **out)
{
	union q_sign_on_provider q;
	struct db_step ask = { .query = &Q_sign_on_provider, .values = q.v };
	uint64_t number;

	if (!str_u64(id, INT64_MAX, &number))
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	q.provider = str_z(id);
	q.state = state;
	if (!door_run(r, &ask, 1))
		return false;
	*out = json_parse_own(ask.out);
	return true;
}

static struct oidc_ask question(const struct request *r, const struct memory *m,
				const struct json *p)
{
	return (struct oidc_ask){
		.redirect = url_at(r, json_str(json_get(p, "back")), BACK),
		.state = seal_state(r->host, m->name),
		.nonce = m->nonce,
		.verifier = m->verifier,
	};
}

/* A provider knows the portal's canonical host alone: the sign-in is there, and
 * is handed over to this one behind it (places.h). */
static bool begin_at(struct request *r, struct str host, const struct memory *m)
{
	struct buf back = buf_new(8192), url = buf_new(16 * 1024);

	buf_addf(&back, "/elsewhere?host=%.*s&to=", STR_ARG(r->host));
	buf_query(&back, m->to);
	buf_add(&url, url_at(r, host, "/sign-in/with/"));
	buf_add(&url, m->provider);
	buf_add(&url, S("?to="));
	buf_query(&url, buf_str(&back));
	return reply_see_other(r, buf_str(&url));
}

bool sign_on_begin(struct request *r)
{
	const struct json *p;
	struct oidc_provider provider;
	struct memory m = {
		.provider = route_param(r, "provider"),
		.name = secret_token(),
		.nonce = secret_token(),
		.verifier = secret_token(),
		.since = (uint64_t)time(NULL),
		.to = request_local_path(sessions_value(&r->query, "to")),
	};

	if (!ask_provider(r, m.provider, NULL, &p))
		return false;
	struct str here = json_str(json_get(p, "here"));
	if (!str_eq(here, r->host))
		return begin_at(r, here, &m);
	if (!providers_read(p, &provider))
		return problem(&r->problem, PROBLEM_UNAVAILABLE);
	struct oidc_ask ask = question(r, &m, p);
	return remember(r, &m) &&
	       reply_see_other(r, oidc_authorize_url(&provider, &ask));
}

/* ---- and back ---- */

struct said {
	struct oidc_identity who;
	const char *keys; /* new ones; NULL: those we have will do */
};

static bool identify(const struct oidc_provider *p, struct str token,
		     const struct json *keys, const struct memory *m,
		     uint64_t until, struct said *out, const char **why)
{
	struct str fresh;

	if (oidc_identify(p, token, keys, m->nonce, (uint64_t)time(NULL),
			  &out->who, why))
		return true;
	if (strcmp(*why, "key") || !oidc_keys(p, until, &fresh, why))
		return false;
	out->keys = str_z(fresh);
	return oidc_identify(p, token, json_parse_own(fresh), m->nonce,
			     (uint64_t)time(NULL), &out->who, why);
}

/* All that is asked of the provider, in five seconds. */
static bool hear(const struct request *r, const struct json *known,
		 const struct memory *m, struct said *out, const char **why)
{
	struct oidc_provider p;
	struct oidc_tokens tokens;
	uint64_t until = log_now() + OIDC_SECONDS * 1000000;
	struct oidc_ask ask = question(r, m, known);
	struct str iss = sessions_value(&r->query, "iss");

	*why = "secret";
	if (!providers_read(known, &p))
		return false;
	/* RFC 9207: another provider's answer, mixed up on purpose. */
	*why = "issuer";
	if (iss.n && !str_eq(iss, p.issuer))
		return false;
	if (!oidc_exchange(&p, sessions_value(&r->query, "code"), &ask, until,
			   &tokens, why) ||
	    !identify(&p, tokens.id, json_get(known, "keys"), m, until, out,
		      why))
		return false;
	return out->who.email.n ||
	       oidc_userinfo(&p, tokens.access, until, &out->who, why);
}

static bool finish(struct request *r, const struct memory *m,
		   const struct said *said)
{
	union q_sign_on_finish q;
	struct db_step steps[] = {
		{ 0 }, { .query = &Q_sign_on_finish, .values = q.v }
	};
	struct str token = secret_token(), secret = sign_on_mail_secret(r);

	q.provider = str_z(m->provider);
	q.subject = str_z(said->who.subject);
	q.address = str_z(said->who.email);
	q.verified = said->who.verified ? "t" : "f";
	q.keys = said->keys;
	q.token_hash = secret_token_hash(token);
	q.old_token = secret_token_bytea(r->token);
	q.browser = str_z(r->browser);
	q.proof = secret_token_hash(secret);
	q.client = str_z(r->client);
	r->token = S("");
	steps[0] = door_step(r, ANYONE, true);
	if (!door_trip(r, steps, ARRAY_LEN(steps)))
		return false;
	const struct json *answer = json_parse_own(steps[1].out);
	struct str refused = json_str(json_get(answer, "refused"));
	if (refused.n)
		return sign_on_refuse(r, refused, m->to);
	if (reply_must_wait(r, steps[1].out))
		return false;
	reply_header(r, "Set-Cookie", cookie_brief(r->secure, "on", S(""), 0));
	if (json_true(json_get(answer, "mail")))
		return sign_on_wait(r, secret, said->who.email, m->to);
	return sessions_begin(r, token, answer, m->to);
}

/* The reader is told, and the next ones, before a worker waits for it again. */
static bool not_heard(struct request *r, const struct memory *m,
		      const char *why)
{
	union q_sign_on_away q = { .provider = str_z(m->provider) };
	struct db_step steps[] = {
		door_step(r, ANYONE, true),
		{ .query = &Q_sign_on_away, .values = q.v },
	};

	if (!strcmp(why, "unreachable") &&
	    !door_trip(r, steps, ARRAY_LEN(steps)))
		return false;
	return sign_on_refuse(r, str_of(why), m->to);
}

static bool is_ours(struct request *r, struct str name, struct memory *m,
		    const char **why)
{
	uint64_t now = (uint64_t)time(NULL);

	*why = "browser";
	if (!recall(r, m) || !secret_equal(name, m->name))
		return false;
	*why = "late";
	if (now > m->since + SECONDS)
		return false;
	*why = str_eqz(sessions_value(&r->query, "error"), "access_denied")
		       ? "denied"
		       : "answer";
	return sessions_value(&r->query, "code").n > 0;
}

bool sign_on_back(struct request *r)
{
	struct memory m = { 0 };
	struct said said = { 0 };
	struct str host, name;
	const struct json *known;
	const char *why = "state";

	if (!open_state(sessions_value(&r->query, "state"), &host, &name))
		return sign_on_refuse(r, str_of(why), S("/"));
	if (!str_eq(host, r->host))
		return go_on(r, host);
	if (!is_ours(r, name, &m, &why))
		return sign_on_refuse(r, str_of(why), m.to);
	if (!ask_provider(r, m.provider, str_z(m.name), &known))
		return false;
	struct str refused = json_str(json_get(known, "refused"));
	if (refused.n)
		return sign_on_refuse(r, refused, m.to);
	if (!hear(r, known, &m, &said, &why))
		return not_heard(r, &m, why);
	return finish(r, &m, &said);
}
