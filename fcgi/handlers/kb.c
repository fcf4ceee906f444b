/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/kb.h"

#include "arena.h"
#include "cgi.h"
#include "cookie.h"
#include "digest.h"
#include "door.h"
#include "input.h"
#include "page.h"
#include "range.h"
#include "reply.h"

/* Narrowing shows within five seconds. */
#define KB_KEPT "5"
#define URL_MAX 4096
#define DATA_MAX (2 * 1024 * 1024)
#define TAG_BYTES 12

/* ---- addresses ---- */

void kb_address(struct buf *b, const struct request *r, bool section,
		struct str lang, struct str slug, struct str key)
{
	buf_add(b, r->own_origin);
	buf_addf(b, "/%.*s/kb/%s", STR_ARG(lang), section ? "s/" : "");
	buf_percent(b, slug);
	buf_char(b, '-');
	buf_add(b, key);
}

static bool moved(struct request *r, struct str url)
{
	reply_header(r, "Location", url);
	return reply(r, 301, NULL, S(""));
}

static bool is_section(const struct request *r)
{
	return !strcmp(r->route->page, "kb-section");
}

/* What an address calls its article or section by. */
static bool read_key(struct request *r, const char **key)
{
	struct str all = route_param(r, "address"), k = all;

	while (memchr(k.p, '-', k.n))
		str_cut(&k, '-');
	for (size_t i = 0; i < k.n; i++)
		if (!(k.p[i] >= 'a' && k.p[i] <= 'z') &&
		    !(k.p[i] >= '0' && k.p[i] <= '9'))
			return problem(&r->problem, PROBLEM_NOT_FOUND);
	*key = str_z(k);
	return (k.n && k.n <= 32) || problem(&r->problem, PROBLEM_NOT_FOUND);
}

static bool is_at(const struct request *r, struct str slug, struct str key)
{
	struct buf b = buf_new(URL_MAX);
	struct str address;

	buf_add(&b, slug);
	buf_char(&b, '-');
	buf_add(&b, key);
	return str_percent_decode(route_param(r, "address"), false, &address) &&
	       str_eq(address, buf_str(&b));
}

/* ---- what is kept ---- */

static struct str tag_of(struct str body)
{
	struct digest d;
	struct buf b = buf_new(2 * TAG_BYTES + 2);

	digest_begin(&d, DIGEST_OF_SHA256);
	digest_add(&d, body);
	struct str sum = digest_sum(&d);
	buf_char(&b, '"');
	for (size_t i = 0; i < TAG_BYTES; i++)
		buf_addf(&b, "%02x", (unsigned char)sum.p[i]);
	buf_char(&b, '"');
	return buf_str(&b);
}

/* Is there nothing of the reader's own in the page? */
static bool is_plain(const struct request *r)
{
	return !r->token.n && !r->query.n &&
	       !cookie_get(r->cookies, S("theme")).n &&
	       !cookie_get(r->cookies, cookie_from_name(r->secure)).n;
}

/* First what nginx goes by, and tells nobody: it takes the first word that it
 * understands. */
void kb_keep_sent(struct request *r)
{
	reply_header(r, "X-Accel-Expires", S(KB_KEPT));
	reply_header(r, "Cache-Control",
		     S("public, max-age=0, must-revalidate"));
}

bool kb_keep(struct request *r)
{
	struct str tag = tag_of(r->reply.body);
	bool known =
		range_is_known(str_of(cgi_param("HTTP_IF_NONE_MATCH")), tag);

	/* An answer that says 'the same' is one client's. */
	if (known)
		reply_header(r, "Cache-Control",
			     S("public, max-age=0, must-revalidate"));
	else
		kb_keep_sent(r);
	reply_header(r, "ETag", tag);
	return !known || reply(r, 304, NULL, S(""));
}

/* ---- pages ---- */

bool kb_language(struct request *r)
{
	r->lang = catalog_find(route_param(r, "lang"));
	return r->lang || problem(&r->problem, PROBLEM_NOT_FOUND);
}

/* The same in a language that the portal has. */
static bool in_another(struct request *r, struct str lang)
{
	struct buf b = buf_new(4 * REQUEST_PATH_MAX);
	struct str rest = str_from(r->path, 1);

	str_cut(&rest, '/');
	buf_addf(&b, "/%.*s/%.*s", STR_ARG(lang), STR_ARG(rest));
	return reply_see_other(r, request_local_path(buf_str(&b)));
}

static void add_place(struct buf *b, struct str lang, struct str url)
{
	if (b->n && b->p[b->n - 1] == '}')
		buf_char(b, ',');
	buf_add(b, S("{\"lang\":"));
	buf_json(b, lang);
	buf_add(b, S(",\"name\":"));
	buf_json(b, catalog_name(catalog_find(lang)));
	buf_add(b, S(",\"url\":"));
	buf_json(b, url);
	buf_char(b, '}');
}

/* What of a page only its address says: where it is for good, and where its
 * other languages are. */
static void add_places(struct buf *b, const struct request *r,
		       const struct json *page, const struct json *offered)
{
	struct str key = json_str(json_get(page, "key"));
	struct str shown = json_str(json_get(page, "language"));
	const struct json *all = json_get(page, "languages");
	struct buf also = buf_new(URL_MAX * CATALOG_WANTED_MAX);

	buf_add(b, S("\"alternates\":["));
	for (size_t i = 0; i < json_len(all); i++) {
		struct buf url = buf_new(URL_MAX);
		struct str lang =
			json_str(json_path(json_at(all, i), S("language")));
		size_t n = json_len(offered), at = 0;

		while (at < n && !str_eq(json_str(json_at(offered, at)), lang))
			at++;
		if (!catalog_find(lang) || (n && at == n))
			continue;
		kb_address(&url, r, is_section(r), lang,
			   json_str(json_path(json_at(all, i), S("slug"))),
			   key);
		add_place(b, lang, buf_str(&url));
		if (!str_eq(lang, shown))
			add_place(&also, lang, buf_str(&url));
	}
	buf_add(b, S("],\"also\":["));
	buf_add(b, buf_str(&also));
	buf_char(b, ']');
}

static void add_canonical(struct buf *b, const struct request *r,
			  const struct json *page)
{
	struct buf url = buf_new(URL_MAX);
	struct str lang = json_str(json_get(page, "language"));

	kb_address(&url, r, is_section(r),
		   lang.n && catalog_find(lang) ? lang : catalog_lang(r->lang),
		   json_str(json_get(page, "slug")),
		   json_str(json_get(page, "key")));
	buf_add(b, S(",\"canonical\":"));
	buf_json(b, buf_str(&url));
}

/* All languages that the portal has: what has no name of its own is there in
 * each. */
static void add_homes(struct buf *b, const struct request *r,
		      const struct json *offered)
{
	const struct catalog *c;

	buf_add(b, S("\"alternates\":["));
	for (size_t i = 0; (c = catalog_at(i)); i++) {
		struct buf url = buf_new(URL_MAX);
		size_t n = json_len(offered), at = 0;
		while (at < n &&
		       !str_eq(json_str(json_at(offered, at)), catalog_lang(c)))
			at++;
		if (n && at == n)
			continue;
		buf_addf(&url, "%.*s/%.*s/kb", STR_ARG(r->own_origin),
			 STR_ARG(catalog_lang(c)));
		add_place(b, catalog_lang(c), buf_str(&url));
	}
	buf_addf(b, "],\"canonical\":\"%.*s/%.*s/kb\"", STR_ARG(r->own_origin),
		 STR_ARG(catalog_lang(r->lang)));
}

static struct str with_places(const struct request *r, struct str data,
			      const struct json *page, const struct json *shell)
{
	const struct json *offered = json_path(shell, S("portal.languages"));
	struct buf b = buf_new(DATA_MAX);

	buf_char(&b, '{');
	if (json_str(json_get(page, "key")).n) {
		add_places(&b, r, page, offered);
		add_canonical(&b, r, page);
	} else {
		add_homes(&b, r, offered);
	}
	if (pairs_get(&r->query, "thanks"))
		buf_add(&b, S(",\"thanks\":true"));
	buf_addf(
		&b,
		",\"home\":\"/%.*s/kb\",\"feed\":\"/%.*s/kb/feed\",\"find\":\"/%.*s/search\",",
		STR_ARG(catalog_lang(r->lang)), STR_ARG(catalog_lang(r->lang)),
		STR_ARG(catalog_lang(r->lang)));
	buf_add(&b, str_from(data, 1));
	return b.full ? S("") : buf_str(&b);
}

/* The page, where it is for good, and kept if it may be. */
static bool show(struct request *r, const struct query *q,
		 const char *const *values, bool has_slug)
{
	struct db_step steps[] = {
		{ .query = &Q_pages_shell },
		{ .query = q, .values = values },
	};
	bool done = door_run(r, steps, ARRAY_LEN(steps));
	r->shell = steps[0].out;
	if (!done)
		return false;
	const struct json *shell = json_parse_own(steps[0].out);
	const struct json *page = json_parse_own(steps[1].out);
	struct str lang = json_str(json_path(shell, S("portal.lang")));
	struct str slug = json_str(json_get(page, "slug"));
	struct str key = json_str(json_get(page, "key"));

	if (!str_eq(lang, catalog_lang(r->lang)) && catalog_find(lang))
		return in_another(r, lang);
	if (has_slug && !is_at(r, slug, key)) {
		struct buf url = buf_new(URL_MAX);
		kb_address(&url, r, is_section(r), catalog_lang(r->lang), slug,
			   key);
		return moved(r, buf_str(&url));
	}
	if (!page_fill(r, 200, steps[0].out,
		       with_places(r, steps[1].out, page, shell)))
		return false;
	if (!is_plain(r) || json_len(json_get(shell, "me")) ||
	    (has_slug && !json_true(json_get(page, "everybodys"))))
		return true;
	return kb_keep(r);
}

bool kb_home(struct request *r)
{
	union q_kb_home q;

	return kb_language(r) && input(r, &Q_kb_home, q.v) &&
	       show(r, &Q_kb_home, q.v, false);
}

bool kb_section(struct request *r)
{
	union q_kb_section q;

	if (!kb_language(r) || !input(r, &Q_kb_section, q.v) ||
	    !read_key(r, &q.key))
		return false;
	return show(r, &Q_kb_section, q.v, true);
}

bool kb_article(struct request *r)
{
	union q_kb_article q;

	if (!kb_language(r) || !input(r, &Q_kb_article, q.v) ||
	    !read_key(r, &q.key))
		return false;
	return show(r, &Q_kb_article, q.v, true);
}

static struct str escaped(struct str path)
{
	struct buf b = buf_new(URL_MAX);

	while (path.n) {
		struct str part = str_cut(&path, '/');
		buf_percent(&b, part);
		buf_add(&b, path.n ? S("/") : S(""));
	}
	return buf_str(&b);
}

bool kb_vote(struct request *r)
{
	union q_kb_vote q;
	struct db_step step = { .query = &Q_kb_vote, .values = q.v };
	struct buf to = buf_new(URL_MAX);

	if (!kb_language(r) || !input(r, &Q_kb_vote, q.v) ||
	    !read_key(r, &q.key))
		return false;
	if (!door_run(r, &step, 1))
		return false;
	buf_addf(&to, "%.*s?thanks=1#kb_helpful",
		 STR_ARG(request_local_path(r->path)));
	return reply_see_other(r, buf_str(&to));
}

bool kb_start(struct request *r)
{
	union q_kb_start q;
	struct db_step step = { .query = &Q_kb_start, .values = q.v };
	struct buf to = buf_new(64);

	if (!input(r, &Q_kb_start, q.v) || !door_run(r, &step, 1))
		return false;
	buf_addf(&to, "/%.*s/kb", STR_ARG(step.out));
	return reply_see_other(r, buf_str(&to));
}

bool kb_old(struct request *r)
{
	union q_kb_old q;
	struct db_step step = { .query = &Q_kb_old, .values = q.v };

	return input(r, &Q_kb_old, q.v) && door_run(r, &step, 1) &&
	       moved(r, escaped(step.out));
}

bool kb_redirect(struct request *r)
{
	union q_kb_redirect q;
	/* Should nothing have been here before, the page that says so has the
	 * portal's look and its reader's language: of whoever has a session
	 * (what robots guess at costs no shell). */
	struct db_step steps[] = {
		{ .query = &Q_kb_redirect, .values = q.v },
		{ .query = &Q_pages_shell },
	};

	if (!input(r, &Q_kb_redirect, q.v))
		return false;
	q.path = str_z(r->path);
	bool done = door_run(r, steps, r->token.n ? 2 : 1);

	r->shell = steps[1].out;
	return done && moved(r, escaped(steps[0].out));
}
