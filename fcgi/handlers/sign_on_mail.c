/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/sign_on_mail.h"

#include "cookie.h"
#include "door.h"
#include "handlers/sessions.h"
#include "handlers/sign_on.h"
#include "input.h"
#include "page.h"
#include "queries.h"
#include "reply.h"
#include "secret.h"

#define COOKIE "mail"
#define LABEL "sign-on mail"
#define SECONDS 3600 /* as long as the link is good */

/* What the browser keeps until the link is opened. */
struct wait {
	struct str secret, email, to;
};

static bool recall(const struct request *r, struct wait *w)
{
	struct str bytes, host;
	struct str cookie =
		cookie_get(r->cookies, cookie_brief_name(r->secure, COOKIE));

	if (!secret_unbase64(cookie, &bytes) ||
	    !secret_open(bytes, LABEL, &w->to))
		return false;
	host = str_cut(&w->to, '\n');
	w->secret = str_cut(&w->to, '\n');
	w->email = str_cut(&w->to, '\n');
	return str_eq(host, r->host);
}

struct str sign_on_mail_secret(const struct request *r)
{
	struct wait w;

	return recall(r, &w) ? w.secret : secret_token();
}

bool sign_on_wait(struct request *r, struct str secret, struct str email,
		  struct str to)
{
	struct buf b = buf_new(4096);

	buf_addf(&b, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(r->host),
		 STR_ARG(secret), STR_ARG(email), STR_ARG(to));
	if (b.full)
		return problem(&r->problem, PROBLEM_BAD_REQUEST);
	reply_header(
		r, "Set-Cookie",
		cookie_brief(r->secure, COOKIE,
			     secret_base64(secret_seal(buf_str(&b), LABEL)),
			     SECONDS));
	return reply_see_other(r, S("/sign-in/mail"));
}

static bool begin_again(struct request *r)
{
	return reply_see_other(r, S("/sign-in"));
}

bool sign_on_sent(struct request *r)
{
	struct buf b = buf_new(2048);
	struct wait w;

	if (!recall(r, &w))
		return begin_again(r);
	buf_add(&b, S("{\"email\":"));
	buf_json(&b, w.email);
	buf_char(&b, '}');
	return page_show(r, 200, buf_str(&b));
}

/* In another browser the link stays good. */
bool sign_on_mailed(struct request *r)
{
	union q_sign_on_mailed q;
	struct db_step steps[] = {
		{ 0 }, { .query = &Q_sign_on_mailed, .values = q.v }
	};
	struct wait w;
	struct str token = secret_token();

	if (!recall(r, &w))
		return page_show(r, 200, S("{\"elsewhere\":true}"));
	if (!input(r, &Q_sign_on_mailed, q.v))
		return false;
	q.proof = secret_token_hash(w.secret);
	q.token_hash = secret_token_hash(token);
	q.old_token = secret_token_bytea(r->token);
	r->token = S("");
	steps[0] = door_step(r, ANYONE, true);
	if (!door_trip(r, steps, ARRAY_LEN(steps)))
		return false;
	const struct json *answer = json_parse_own(steps[1].out);
	struct str refused = json_str(json_get(answer, "refused"));
	if (refused.n)
		return sign_on_refuse(r, refused, w.to);
	reply_header(r, "Set-Cookie",
		     cookie_brief(r->secure, COOKIE, S(""), 0));
	return sessions_begin(r, token, answer, w.to);
}
