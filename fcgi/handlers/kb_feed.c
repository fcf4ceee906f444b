/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/kb_feed.h"

#include "arena.h"
#include "cgi.h"
#include "door.h"
#include "handlers/kb.h"
#include "input.h"
#include "reply.h"

#define URL_MAX 4096
#define FEED_MAX (512 * 1024)
#define XML "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"

/* Whoever asks. */
static void forget_who(struct request *r)
{
	r->token = S("");
	r->support = false;
	r->person = S("");
}

/* ---- feed ---- */

static void add_text(struct buf *b, const char *name, struct str text)
{
	buf_addf(b, "<%s>", name);
	buf_text(b, text);
	buf_addf(b, "</%s>\n", name);
}

static void add_link(struct buf *b, const char *rel, const char *type,
		     struct str url)
{
	buf_addf(b, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
	buf_html(b, url);
	buf_add(b, S("\"/>\n"));
}

/* Its id has no title, which changes. */
static void add_entry(struct buf *b, const struct request *r,
		      const struct json *a)
{
	struct str key = json_str(json_get(a, "key"));
	struct str lang = catalog_lang(r->lang);
	struct buf url = buf_new(URL_MAX), id = buf_new(URL_MAX);

	kb_address(&url, r, false, lang, json_str(json_get(a, "slug")), key);
	buf_addf(&id, "%.*s/%.*s/kb/%.*s", STR_ARG(r->own_origin),
		 STR_ARG(lang), STR_ARG(key));
	buf_add(b, S("<entry>\n"));
	add_text(b, "id", buf_str(&id));
	add_text(b, "title", json_str(json_get(a, "title")));
	add_link(b, "alternate", "text/html", buf_str(&url));
	add_text(b, "published", json_str(json_get(a, "published")));
	add_text(b, "updated", json_str(json_get(a, "updated")));
	add_text(b, "summary", json_str(json_get(a, "about")));
	buf_add(b, S("</entry>\n"));
}

static struct str feed_of(const struct request *r, const struct json *data)
{
	const struct json *all = json_get(data, "articles");
	struct str lang = catalog_lang(r->lang);
	struct str name = json_str(json_get(data, "name"));
	struct str newest = json_str(json_path(all, S("0.updated")));
	struct buf b = buf_new(FEED_MAX), home = buf_new(URL_MAX);
	struct buf self = buf_new(URL_MAX), title = buf_new(1024);

	buf_addf(&home, "%.*s/%.*s/kb", STR_ARG(r->own_origin), STR_ARG(lang));
	buf_addf(&self, "%.*s/feed", STR_ARG(buf_str(&home)));
	buf_addf(&title, "%.*s – ", STR_ARG(name));
	buf_add(&title, catalog_text(r->lang, S("kb.title"), 0, NULL));
	buf_addf(&b,
		 XML "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
		     "xml:lang=\"%.*s\">\n",
		 STR_ARG(lang));
	add_text(&b, "id", buf_str(&self));
	add_text(&b, "title", buf_str(&title));
	add_text(&b, "updated", newest.n ? newest : S("2020-01-01T00:00:00Z"));
	add_link(&b, "self", "application/atom+xml", buf_str(&self));
	add_link(&b, "alternate", "text/html", buf_str(&home));
	buf_add(&b, S("<author>"));
	add_text(&b, "name", name);
	buf_add(&b, S("</author>\n"));
	for (size_t i = 0; i < json_len(all); i++)
		add_entry(&b, r, json_at(all, i));
	buf_add(&b, S("</feed>\n"));
	return b.full ? S("") : buf_str(&b);
}

bool kb_feed(struct request *r)
{
	union q_kb_feed q;
	struct db_step step = { .query = &Q_kb_feed, .values = q.v };

	forget_who(r);
	r->lang = catalog_find(route_param(r, "lang"));
	if (!r->lang)
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	if (!input(r, &Q_kb_feed, q.v) || !door_run(r, &step, 1))
		return false;
	struct str feed = feed_of(r, json_parse_own(step.out));
	if (!feed.n)
		return problem(&r->problem, PROBLEM_INTERNAL);
	return reply(r, 200, "application/atom+xml; charset=utf-8", feed) &&
	       kb_keep(r);
}

/* ---- sitemap ---- */

struct sitemap {
	struct request *r;
	bool begun, index;
};

static bool begin(struct sitemap *s, bool index)
{
	struct request *r = s->r;

	s->begun = true;
	s->index = index;
	kb_keep_sent(r);
	reply(r, 200, "application/xml; charset=utf-8", S(""));
	r->reply.sent = true;
	return cgi_write(reply_head(r)) &&
	       (r->is_head ||
		cgi_write(index ? S(XML
				    "<sitemapindex xmlns=\"http://www.sitemaps."
				    "org/schemas/sitemap/0.9\">\n")
				: S(XML "<urlset xmlns=\"http://www.sitemaps."
					"org/schemas/sitemap/0.9\" "
					"xmlns:xhtml=\"http://www.w3.org/1999/"
					"xhtml\">\n")));
}

static bool end(const struct sitemap *s)
{
	return s->r->is_head ||
	       cgi_write(s->index ? S("</sitemapindex>\n") : S("</urlset>\n"));
}

static void add_place(struct buf *b, const struct request *r,
		      const struct json *a, const struct json *in)
{
	struct buf url = buf_new(URL_MAX);

	kb_address(&url, r, false, json_str(json_get(in, "language")),
		   json_str(json_get(in, "slug")),
		   json_str(json_get(a, "key")));
	buf_html(b, buf_str(&url));
}

/* An address a language, each with all of them. */
static void add_article(struct buf *b, const struct request *r,
			const struct json *a)
{
	const struct json *all = json_get(a, "languages");

	for (size_t i = 0; i < json_len(all); i++) {
		buf_add(b, S("<url><loc>"));
		add_place(b, r, a, json_at(all, i));
		buf_add(b, S("</loc>"));
		buf_addf(b, "<lastmod>%.*s</lastmod>",
			 STR_ARG(json_str(json_get(a, "updated"))));
		for (size_t j = 0; json_len(all) > 1 && j < json_len(all);
		     j++) {
			const struct json *o = json_at(all, j);
			buf_addf(b,
				 "<xhtml:link rel=\"alternate\" "
				 "hreflang=\"%.*s\" href=\"",
				 STR_ARG(json_str(json_get(o, "language"))));
			add_place(b, r, a, o);
			buf_add(b, S("\"/>"));
		}
		buf_add(b, S("</url>\n"));
	}
}

static bool send_row(const struct sitemap *s, struct str row)
{
	const struct request *r = s->r;
	struct buf b = buf_new(FEED_MAX);

	if (s->index)
		buf_addf(&b,
			 "<sitemap><loc>%.*s/sitemap/%.*s.xml</loc>"
			 "</sitemap>\n",
			 STR_ARG(r->own_origin), STR_ARG(str_from(row, 1)));
	else
		add_article(&b, r, json_parse_own(row));
	return !b.full && cgi_write(buf_str(&b));
}

static bool take(struct str row, void *ctx)
{
	struct sitemap *s = ctx;
	struct arena_mark mark = arena_mark();
	bool ok = (s->begun || begin(s, str_starts(row, S("#")))) &&
		  !s->r->is_head && send_row(s, row);

	arena_rewind(mark);
	cgi_go_on();
	return ok;
}

/* "-" and the keys that stand in the index. */
static bool read_after(struct request *r, const char **after)
{
	struct str name = route_param(r, "after");

	*after = NULL;
	if (!name.n)
		return true;
	if (!str_ends(name, S(".xml")) || name.n < 5 || name.n > 36)
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	*after = str_z((struct str){ name.p, name.n - 4 });
	return strspn(*after, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		       name.n - 4 ||
	       problem(&r->problem, PROBLEM_NOT_FOUND);
}

bool kb_sitemap(struct request *r)
{
	struct sitemap s = { .r = r };
	union q_kb_sitemap q;
	struct db_step step = { .query = &Q_kb_sitemap, .values = q.v };

	forget_who(r);
	if (!read_after(r, &q.after))
		return false;
	bool done = door_stream(r, &step, 1, take, &s);
	if (!done && !s.begun)
		return false;
	if (!done || (!s.begun && !begin(&s, false)) || !end(&s))
		r->reply.cut = true;
	return true;
}

bool kb_robots(struct request *r)
{
	struct buf b = buf_new(1024);

	buf_add(&b, S("User-agent: *\n"
		      "Disallow: /api/\n"
		      "Disallow: /agent\n"
		      "Disallow: /*/search?\n"
		      "Disallow: /*/search/\n"
		      "Disallow: /t/\n"
		      "Disallow: /tickets\n"
		      "Disallow: /sign-in\n"));
	buf_addf(&b, "Sitemap: %.*s/sitemap.xml\n", STR_ARG(r->own_origin));
	reply_header(r, "Cache-Control", S("public, max-age=3600"));
	return reply(r, 200, "text/plain; charset=utf-8", buf_str(&b));
}
