/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <unistd.h>

#include "arena.h"
#include "config.h"
#include "log.h"

enum { ALLOWED_MAX = 16 };

/* An IPv4 address is kept as ::ffff:a.b.c.d, its prefix 96 longer. */
struct network {
	unsigned char address[16];
	unsigned bits;
};

static struct network allowed[ALLOWED_MAX];
static size_t n_allowed;
static bool started;

/* ---- networks ---- */

/* https://www.iana.org/assignments/iana-ipv4-special-registry and the same for
 * IPv6: everything there that is not globally reachable, and ways to write an
 * IPv4 address inside an IPv6 one. */
static const char *const special[] = {
	"0.0.0.0/8",	  "10.0.0.0/8",	    "100.64.0.0/10", "127.0.0.0/8",
	"169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",  "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/3",    "2001::/23",     "2001:db8::/32",
	"2002::/16",	  "3fff::/20",
};
/* Of IPv6 only this is handed out to the world, RFC 4291. */
static const char global[] = "2000::/3";

static bool parse(struct str text, struct network *out)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct str host = str_cut(&text, '/');
	uint64_t bits;
	char z[INET6_ADDRSTRLEN];

	if (host.n >= sizeof(z) || !str_u64(text, 128, &bits))
		return false;
	snprintf(z, sizeof(z), "%.*s", STR_ARG(host));
	if (inet_pton(AF_INET6, z, out->address) == 1) {
		out->bits = (unsigned)bits;
		return true;
	}
	memcpy(out->address, mapped, sizeof(mapped));
	out->bits = (unsigned)bits + 96;
	return bits <= 32 && inet_pton(AF_INET, z, out->address + 12) == 1;
}

static bool is_in(const unsigned char address[16], const struct network *net)
{
	unsigned whole = net->bits / 8, more = net->bits % 8;

	if (memcmp(address, net->address, whole))
		return false;
	return !more || !((address[whole] ^ net->address[whole]) >> (8 - more));
}

static bool is_named(const unsigned char address[16], const char *text)
{
	struct network net;

	return parse(str_of(text), &net) && is_in(address, &net);
}

static bool is_mapped(const unsigned char address[16])
{
	return is_named(address, "::ffff:0:0/96");
}

static bool read_address(const struct sockaddr *from, unsigned char to[16],
			 uint16_t *port)
{
	if (from->sa_family == AF_INET) {
		struct sockaddr_in in;
		struct network as = { 0 };
		memcpy(&in, from, sizeof(in));
		if (!parse(S("0.0.0.0/32"), &as))
			return false;
		memcpy(to, as.address, 16);
		memcpy(to + 12, &in.sin_addr, 4);
		*port = ntohs(in.sin_port);
		return true;
	}
	if (from->sa_family != AF_INET6)
		return false;
	struct sockaddr_in6 in6;
	memcpy(&in6, from, sizeof(in6));
	memcpy(to, &in6.sin6_addr, 16);
	*port = ntohs(in6.sin6_port);
	return true;
}

bool fetch_may_reach(const struct sockaddr *address)
{
	unsigned char a[16];
	uint16_t port;

	if (!read_address(address, a, &port))
		return false;
	for (size_t i = 0; i < n_allowed; i++)
		if (is_in(a, &allowed[i]))
			return true;
	if (port != 443 && port != 8443)
		return false;
	/* Mapped by somebody else than us it is written as IPv6: no. */
	if (address->sa_family == AF_INET6 && is_mapped(a))
		return false;
	if (!is_mapped(a) && !is_named(a, global))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(special); i++)
		if (is_named(a, special[i]))
			return false;
	return true;
}

bool fetch_setup(const char **why)
{
	struct str list = str_of(config.fetch_allow);

	*why = "SPORTELLO_FETCH_ALLOW must be networks like 10.1.2.0/24, with "
	       "blanks between";
	for (n_allowed = 0; list.n; n_allowed++) {
		struct str one = str_cut(&list, ' ');
		if (n_allowed == ALLOWED_MAX ||
		    !parse(one, &allowed[n_allowed]))
			return false;
	}
	return true;
}

/* ---- one request ---- */

struct transfer {
	struct buf body;
	bool has_no_body; /* is asked for */
	bool refused;	  /* an address we may not reach */
};

static curl_socket_t open_socket(void *ctx, curlsocktype purpose,
				 struct curl_sockaddr *to)
{
	struct transfer *t = ctx;

	if (purpose != CURLSOCKTYPE_IPCXN || !fetch_may_reach(&to->addr)) {
		t->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t receive(char *from, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	if (t->has_no_body)
		return 0;
	buf_add(&t->body, (struct str){ from, size * n });
	return t->body.full ? 0 : size * n;
}

static void release_handle(void *handle)
{
	curl_easy_cleanup(handle);
}

static void release_list(void *list)
{
	curl_slist_free_all(list);
}

static CURL *handle_for(struct transfer *t)
{
	CURL *h;

	if (!started && curl_global_init(CURL_GLOBAL_DEFAULT))
		return NULL;
	started = true;
	if (!(h = curl_easy_init()))
		return NULL;
	defer(release_handle, h);
#define OPTION(option, value)                                                  \
	(curl_easy_setopt(h, CURLOPT_##option, value) == CURLE_OK)
	bool ok = OPTION(PROTOCOLS_STR, "https") && OPTION(PROXY, "") &&
		  OPTION(NOPROXY, "*") && OPTION(NOSIGNAL, 1L) &&
		  OPTION(FOLLOWLOCATION, 0L) && OPTION(FORBID_REUSE, 1L) &&
		  OPTION(FRESH_CONNECT, 1L) &&
		  OPTION(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
		  OPTION(USERAGENT, "Sportello") &&
		  OPTION(OPENSOCKETFUNCTION, open_socket) &&
		  OPTION(OPENSOCKETDATA, t) && OPTION(WRITEFUNCTION, receive) &&
		  OPTION(WRITEDATA, t) &&
		  (!*config.fetch_ca || OPTION(CAINFO, config.fetch_ca));
#undef OPTION
	return ok ? h : NULL;
}

static bool append(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer;

	/* libcurl sends a line break as it is. */
	if (strpbrk(line, "\r\n") || !(longer = curl_slist_append(*list, line)))
		return false;
	*list = longer;
	return true;
}

static bool put_headers(CURL *h, const struct fetch *ask)
{
	struct curl_slist *list = NULL;
	struct buf type = buf_new(128), accept = buf_new(128);

	buf_addf(&accept, "Accept: %s",
		 ask->accept ? ask->accept : "application/json");
	buf_addf(&type, "Content-Type: %s", ask->type ? ask->type : "");
	bool ok = append(&list, str_z(buf_str(&accept)));
	if (ask->type)
		ok = ok && append(&list, str_z(buf_str(&type)));
	for (size_t i = 0; ok && i < ARRAY_LEN(ask->headers); i++)
		if (ask->headers[i])
			ok = append(&list, ask->headers[i]);
	if (list)
		defer(release_list, list);
	return ok && curl_easy_setopt(h, CURLOPT_HTTPHEADER, list) == CURLE_OK;
}

static bool put_body(CURL *h, const struct fetch *ask)
{
	return !ask->type ||
	       (!curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE,
				  (curl_off_t)ask->body.n) &&
		!curl_easy_setopt(h, CURLOPT_COPYPOSTFIELDS, str_z(ask->body)));
}

static bool put_password(CURL *h, const struct fetch *ask)
{
	return !ask->user ||
	       (!curl_easy_setopt(h, CURLOPT_HTTPAUTH, CURLAUTH_BASIC) &&
		!curl_easy_setopt(h, CURLOPT_USERNAME, ask->user) &&
		!curl_easy_setopt(h, CURLOPT_PASSWORD, ask->password));
}

static bool prepare(CURL *h, const struct fetch *ask, long milliseconds)
{
	return !curl_easy_setopt(h, CURLOPT_URL, str_z(ask->url)) &&
	       !curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, milliseconds) &&
	       !curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, milliseconds) &&
	       put_headers(h, ask) && put_body(h, ask) && put_password(h, ask);
}

static void tell(const struct fetch *ask, uint64_t began, long status,
		 const char *why)
{
	struct buf line = log_line("fetch");
	struct str rest = str_from(ask->url, strlen("https://"));

	log_str(&line, "host", str_cut(&rest, '/'));
	log_num(&line, "status", (double)status);
	log_num(&line, "total_ms", (double)(log_now() - began) / 1e3);
	if (status < 100)
		log_str(&line, "why", str_of(why));
	log_end(&line);
}

bool fetch_is_url(struct str url)
{
	CURLU *u;
	char *part = NULL;
	bool ok;

	if (!url.n || url.n > FETCH_URL_MAX || !(u = curl_url()))
		return false;
	for (size_t i = 0; i < url.n; i++)
		if (url.p[i] <= ' ' || url.p[i] > '~') {
			curl_url_cleanup(u);
			return false;
		}
	ok = str_starts(url, S("https://")) &&
	     !curl_url_set(u, CURLUPART_URL, str_z(url), 0);
	for (CURLUPart p = CURLUPART_USER; ok && p <= CURLUPART_PASSWORD; p++)
		if (!curl_url_get(u, p, &part, 0)) {
			curl_free(part);
			ok = false;
		}
	curl_url_cleanup(u);
	return ok && !memchr(url.p, '#', url.n);
}

bool fetch(const struct fetch *ask, struct fetched *answer, const char **why)
{
	struct transfer t = { .body = buf_new(ask->max),
			      .has_no_body = !ask->max };
	uint64_t now = log_now();
	CURL *h;
	CURLcode rc;

	*answer = (struct fetched){ 0 };
	*why = "not an address that may be asked";
	if (!fetch_is_url(ask->url))
		return false;
	*why = "no time left";
	if (ask->until < now + 1000)
		return false;
	*why = "it can not be asked";
	if (!(h = handle_for(&t)) ||
	    !prepare(h, ask, (long)((ask->until - now) / 1000)))
		return false;
	rc = curl_easy_perform(h);
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &answer->status);
	*why = t.refused     ? "its address may not be reached"
	       : t.body.full ? "its answer is too long"
			     : curl_easy_strerror(rc);
	/* Reading ends where the body begins, which libcurl calls an error. */
	bool heard =
		!rc || (t.has_no_body && !t.refused && answer->status >= 200);
	tell(ask, now, heard ? answer->status : 0, *why);
	answer->body = buf_str(&t.body);
	answer->too_long = t.body.full;
	answer->barred = t.refused;
	return heard;
}
