/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cookie.h"

struct str cookie_get(struct str header, struct str name)
{
	while (header.n) {
		struct str value = str_trim(str_cut(&header, ';'));
		struct str key = str_cut(&value, '=');
		if (str_eq(key, name))
			return value;
	}
	return S("");
}

struct str cookie_session_name(bool secure)
{
	return secure ? S("__Host-sid") : S("sid");
}

struct str cookie_support_name(bool secure)
{
	return secure ? S("__Host-support") : S("support");
}

static struct str secret_cookie(bool secure, struct str name, struct str token,
				uint64_t seconds)
{
	struct buf b = buf_new(4096);

	buf_add(&b, name);
	buf_char(&b, '=');
	buf_add(&b, token);
	buf_addf(&b, "; Path=/; Max-Age=%llu; HttpOnly; SameSite=Lax%s",
		 token.n ? (unsigned long long)seconds : 0ULL,
		 secure ? "; Secure" : "");
	return buf_str(&b);
}

struct str cookie_session(bool secure, struct str token, uint64_t seconds)
{
	return secret_cookie(secure, cookie_session_name(secure), token,
			     seconds);
}

struct str cookie_support(bool secure, struct str token, uint64_t seconds)
{
	return secret_cookie(secure, cookie_support_name(secure), token,
			     seconds);
}

struct str cookie_mark_name(bool secure)
{
	return secure ? S("__Host-mark") : S("mark");
}

struct str cookie_mark(bool secure, struct str mark)
{
	return secret_cookie(secure, cookie_mark_name(secure), mark, 31536000);
}

struct str cookie_arrival_name(bool secure)
{
	return secure ? S("__Host-arrival") : S("arrival");
}

struct str cookie_arrival(bool secure, struct str secret, uint64_t seconds)
{
	return secret_cookie(secure, cookie_arrival_name(secure), secret,
			     seconds);
}

struct str cookie_from_name(bool secure)
{
	return secure ? S("__Host-from") : S("from");
}

struct str cookie_from(bool secure, struct str host, uint64_t seconds)
{
	return secret_cookie(secure, cookie_from_name(secure), host, seconds);
}

struct str cookie_brief_name(bool secure, const char *name)
{
	struct buf b = buf_new(64);

	buf_addf(&b, "%s%s", secure ? "__Host-" : "", name);
	return buf_str(&b);
}

struct str cookie_brief(bool secure, const char *name, struct str value,
			uint64_t seconds)
{
	return secret_cookie(secure, cookie_brief_name(secure, name), value,
			     seconds);
}

struct str cookie_preference(bool secure, struct str name, struct str value)
{
	struct buf b = buf_new(256);

	buf_addf(&b, "%.*s=%.*s; Path=/; Max-Age=%d; SameSite=Lax%s",
		 STR_ARG(name), STR_ARG(value), value.n ? 31536000 : 0,
		 secure ? "; Secure" : "");
	return buf_str(&b);
}
