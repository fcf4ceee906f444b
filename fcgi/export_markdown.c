/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A folder a language, with a file an article, and a list of them. */
#include "arena.h"
#include "export.h"
#include "markup_article.h"
#include "zip.h"

enum { TEXT_MAX = 2 * MARKUP_ARTICLE_MAX + 16384 };

struct tree {
	struct export *e;
	struct zip *zip;
	const struct export_text *text;
	const struct export_section *section;
	bool begun;
};

static void add_place(struct buf *b, const struct export_link *to,
		      const char *before)
{
	buf_addf(b, "%s%.*s/%.*s.md", before, STR_ARG(to->language),
		 STR_ARG(to->key));
	if (to->part.n)
		buf_addf(b, "#%.*s", STR_ARG(to->part));
}

static bool change(void *ctx, enum markup_address what, struct str address,
		   struct str *changed)
{
	const struct tree *t = ctx;
	struct export_link to = export_where(t->e, t->text, address);
	struct buf b = buf_new(1024);

	(void)what;
	*changed = to.address;
	if (!to.key.n)
		return true;
	add_place(&b, &to, "../");
	*changed = buf_str(&b);
	return true;
}

/* In YAML, of which JSON's strings are a part. */
static void add_line(struct buf *b, const char *name, struct str value)
{
	if (!value.n)
		return;
	buf_addf(b, "%s: ", name);
	buf_json(b, value);
	buf_char(b, '\n');
}

static void add_value(struct buf *b, const char *name, const struct json *v)
{
	if (json_kind(v) == JSON_NULL)
		return;
	buf_addf(b, "%s: ", name);
	json_write(b, v);
	buf_char(b, '\n');
}

static void add_about(struct buf *b, const struct export_text *text)
{
	const struct json *words = json_get(text->about, "keywords");

	buf_add(b, S("---\n"));
	add_line(b, "title", text->title);
	add_line(b, "key", text->key);
	add_line(b, "language", text->language);
	add_line(b, "section", text->section);
	add_value(b, "position", json_get(text->about, "position"));
	add_value(b, "audience", json_get(text->about, "audience"));
	add_line(b, "first_language",
		 json_str(json_get(text->about, "first_language")));
	add_line(b, "created", json_str(json_get(text->about, "created_at")));
	add_line(b, "updated", json_str(json_get(text->about, "updated_at")));
	for (size_t i = 0; i < json_len(words); i++) {
		buf_add(b, i ? S(", ") : S("keywords: ["));
		buf_json(b, json_str(json_at(words, i)));
	}
	if (json_len(words))
		buf_add(b, S("]\n"));
	buf_add(b, S("---\n\n"));
}

static bool put_text(void *ctx, const struct export_text *text)
{
	struct tree *t = ctx;
	struct markup_out out = { .links = { change, t } };
	struct buf b = buf_new(TEXT_MAX);
	char name[128];

	t->text = text;
	add_about(&b, text);
	snprintf(name, sizeof(name), "%.*s/%.*s.md", STR_ARG(text->language),
		 STR_ARG(text->key));
	return markup_article_markdown(text->html, &out, &b) &&
	       zip_begin(t->zip, str_of(name), TEXT_MAX) &&
	       zip_add(t->zip, buf_str(&b)) && zip_end(t->zip);
}

static void add_path(struct buf *b, const struct export_section *s)
{
	if (!s)
		return;
	add_path(b, s->parent);
	if (s->parent)
		buf_add(b, S(" / "));
	buf_add(b, str_of(s->name));
}

#define PLAIN "\\`*_{}[]<>()#+-.!|&~"

/* What would be more than a letter gets a backslash. */
static void add_plain(struct buf *b, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (memchr(PLAIN, text.p[i], sizeof(PLAIN) - 1))
			buf_char(b, '\\');
		buf_char(b, text.p[i]);
	}
}

static bool put_title(void *ctx, const struct export_text *text)
{
	struct tree *t = ctx;
	const struct export_section *s = export_find(t->e, text->section);
	struct export_link to = { .key = text->key,
				  .language = text->language };
	struct buf b = buf_new(32768), path = buf_new(8192);

	if (s != t->section || !t->begun) {
		add_path(&path, s);
		buf_add(&b, t->begun ? S("\n") : S(""));
		buf_add(&b, s ? S("## ") : S(""));
		add_plain(&b, buf_str(&path));
		buf_add(&b, s ? S("\n\n") : S(""));
	}
	t->section = s;
	t->begun = true;
	buf_add(&b, S("- ["));
	add_plain(&b, text->title);
	buf_add(&b, S("]("));
	add_place(&b, &to, "");
	buf_addf(&b, ") (%.*s)\n", STR_ARG(text->language));
	return zip_add(t->zip, buf_str(&b));
}

static bool put_list(struct tree *t)
{
	struct buf b = buf_new(8192);

	buf_add(&b, S("# "));
	add_plain(&b, t->e->name);
	buf_add(&b, S("\n\n"));
	return zip_begin(t->zip, S("README.md"), UINT32_MAX / 2) &&
	       zip_add(t->zip, buf_str(&b)) &&
	       export_each_text(t->e, EXPORT_TITLES, put_title, t) &&
	       zip_end(t->zip);
}

bool export_markdown(struct export *e)
{
	struct tree t = { .e = e, .zip = zip_new(export_put, e) };

	return export_tree(e) && put_list(&t) && export_sections(e, t.zip) &&
	       export_each_text(e, EXPORT_TEXTS, put_text, &t) &&
	       zip_finish(t.zip);
}
