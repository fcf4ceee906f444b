/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/status.h"

#include "arena.h"
#include "catalog.h"
#include "door.h"
#include "input.h"
#include "page.h"
#include "queries.h"
#include "reply.h"

/* Fifty texts of 2000 letters, escaped. */
#define FEED_MAX (1024 * 1024)

static struct str at(const struct json *data, const char *path)
{
	return json_scalar(json_path(data, str_of(path)));
}

static void add_element(struct buf *b, const char *name, struct str text)
{
	buf_addf(b, "<%s>", name);
	buf_text(b, text);
	buf_addf(b, "</%s>\n", name);
}

/* An address of ours is plain ASCII without anything to escape. */
static void add_link(struct buf *b, const char *rel, const char *type,
		     const struct request *r, struct str path)
{
	buf_addf(b, "<link rel=\"%s\" type=\"%s\" href=\"%.*s%.*s\"/>\n", rel,
		 type, STR_ARG(r->own_origin), STR_ARG(path));
}

static struct str word(const struct catalog *c, const char *kind,
		       struct str name)
{
	struct buf key = buf_new(64);

	buf_addf(&key, "service.%s%.*s", kind, STR_ARG(name));
	return catalog_text(c, buf_str(&key), 0, NULL);
}

/* Where its text is of another language than the feed, it says so. */
static void add_text(struct buf *b, const char *open, const struct json *said,
		     const char *end)
{
	struct str lang = at(said, "lang");

	buf_add(b, str_of(open));
	if (lang.n) {
		buf_add(b, S(" xml:lang=\""));
		buf_html(b, lang);
		buf_char(b, '"');
	}
	buf_char(b, '>');
	buf_text(b, at(said, "text"));
	buf_add(b, str_of(end));
}

static void add_entry(struct buf *b, const struct request *r,
		      const struct json *e)
{
	buf_add(b, S("<entry>\n"));
	buf_addf(b, "<id>%.*s%.*s#%.*s</id>\n", STR_ARG(r->own_origin),
		 STR_ARG(at(e, "url")), STR_ARG(at(e, "n")));
	add_text(b, "<title", json_get(e, "title"), "</title>\n");
	add_element(b, "updated", at(e, "at"));
	buf_add(b, S("<category term=\""));
	buf_html(b, at(e, "state"));
	buf_add(b, S("\" label=\""));
	buf_html(b, word(r->lang, "state.", at(e, "state")));
	buf_add(b, S("\"/>\n"));
	add_link(b, "alternate", "text/html", r, at(e, "url"));
	add_text(b, "<content type=\"text\"", json_get(e, "said"),
		 "</content>\n</entry>\n");
}

static struct str feed(const struct request *r, const struct json *data)
{
	const struct json *entries = json_get(data, "entries");
	struct buf b = buf_new(FEED_MAX), title = buf_new(1024);

	buf_addf(&title, "%.*s – %.*s", STR_ARG(word(r->lang, "title", S(""))),
		 STR_ARG(at(data, "portal")));
	buf_addf(&b,
		 "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "
		 "xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%.*s\">\n",
		 STR_ARG(catalog_lang(r->lang)));
	buf_addf(&b, "<id>%.*s/status</id>\n", STR_ARG(r->own_origin));
	add_element(&b, "title", buf_str(&title));
	add_element(&b, "updated", at(data, "updated"));
	buf_add(&b, S("<author>"));
	add_element(&b, "name", at(data, "portal"));
	buf_add(&b, S("</author>\n"));
	add_link(&b, "self", "application/atom+xml", r, S("/status.atom"));
	add_link(&b, "alternate", "text/html", r, S("/status"));
	for (size_t i = 0; i < json_len(entries); i++)
		add_entry(&b, r, json_at(entries, i));
	buf_add(&b, S("</feed>\n"));
	return b.full ? S("") : buf_str(&b);
}

bool status_feed(struct request *r)
{
	const struct query *q = &Q_pages_status_feed;
	const char **values = alloc((q->n_inputs + 1) * sizeof(*values));
	struct db_step step = { .query = q, .values = values };

	if (!input(r, q, values) || !door_run(r, &step, 1))
		return false;
	const struct json *data = json_parse_own(step.out);
	const struct catalog *c = catalog_find(at(data, "lang"));

	r->lang = c ? c : catalog_find(S("en"));
	struct str xml = feed(r, data);

	if (!xml.n)
		return problem(&r->problem, PROBLEM_INTERNAL);
	return reply(r, 200, "application/atom+xml; charset=utf-8", xml);
}

static const char *parts(const struct request *r)
{
	struct buf b = buf_new(8 * REQUEST_FORM_MAX);
	const char *between = "[";

	for (size_t i = 0; i < r->form.n; i++) {
		if (!str_eqz(r->form.at[i].key, "part"))
			continue;
		buf_add(&b, str_of(between));
		buf_json(&b, r->form.at[i].value);
		between = ",";
	}
	buf_add(&b, *between == '[' ? S("[]") : S("]"));
	return str_z(buf_str(&b));
}

bool status_subscribe(struct request *r)
{
	union q_status_subscribe q;

	if (!input(r, &Q_status_subscribe, q.v))
		return page_form_again(r);
	q.components = parts(r);
	return page_form_with(r, q.v);
}
