/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A book of DocBook 5.0: a part a section, in the order of the tree. */
#include "arena.h"
#include "export.h"
#include "markup_article.h"

enum { TEXT_MAX = 4 * MARKUP_ARTICLE_MAX };

struct book {
	struct export *e;
	const struct export_text *text;
	const struct export_section *section;
	bool in_part;
	uint64_t titles, texts;
};

static bool change(void *ctx, enum markup_address what, struct str address,
		   struct str *changed)
{
	const struct book *k = ctx;
	struct export_link to = export_where(k->e, k->text, address);
	struct buf b = buf_new(512);

	if (what == MARKUP_PICTURE)
		return false;
	*changed = to.address;
	if (!to.key.n)
		return true;
	buf_addf(&b, "#a-%.*s-%.*s", STR_ARG(to.key), STR_ARG(to.language));
	*changed = buf_str(&b);
	return true;
}

static void add_path(struct buf *b, const struct export_section *s)
{
	if (!s)
		return;
	add_path(b, s->parent);
	if (s->parent)
		buf_add(b, S(" / "));
	buf_text(b, str_of(s->name));
}

static bool put_text(void *ctx, const struct export_text *text)
{
	struct book *k = ctx;
	const struct export_section *s = export_find(k->e, text->section);
	struct buf b = buf_new(TEXT_MAX), id = buf_new(128);

	k->text = text;
	k->texts++;
	buf_addf(&id, "a-%.*s-%.*s-", STR_ARG(text->key),
		 STR_ARG(text->language));
	struct markup_about about = {
		.title = text->title,
		.language = text->language,
		.id = { id.p, id.n - 1 },
	};
	struct markup_out out = { .links = { change, k },
				  .id_prefix = str_z(buf_str(&id)) };
	if (s != k->section && k->in_part)
		buf_add(&b, S("</part>\n"));
	if (s != k->section && s) {
		buf_add(&b, S("<part>\n<title>"));
		add_path(&b, s);
		buf_add(&b, S("</title>\n"));
	}
	if (s != k->section)
		k->in_part = s != NULL;
	k->section = s;
	if (!markup_article_docbook(text->html, &about, &out, &b))
		return false;
	buf_char(&b, '\n');
	return !b.full && export_put(k->e, buf_str(&b));
}

static bool count(void *ctx, const struct export_text *text)
{
	(void)text;
	((struct book *)ctx)->titles++;
	return true;
}

/* A book without anything in it is none: then there is a line that is empty. */
bool export_docbook(struct export *e)
{
	struct book k = { .e = e };
	struct buf b = buf_new(16384);
	struct str lang = export_lang(e);

	buf_addf(&b,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<book "
		 "xmlns=\"http://docbook.org/ns/docbook\" version=\"5.0\" "
		 "xml:lang=\"%.*s\">\n<title>",
		 STR_ARG(lang));
	buf_text(&b, e->name);
	buf_add(&b, S("</title>\n"));
	/* Links lead to what is there: counted before, and by what comes. */
	if (!export_each_text(e, EXPORT_TITLES, count, &k))
		return false;
	if (!k.titles)
		buf_add(&b, S("<preface><title/><para/></preface>\n"));
	if (!export_put(e, buf_str(&b)) || !export_tree(e) ||
	    !export_each_text(e, EXPORT_TEXTS, put_text, &k) ||
	    k.titles != k.texts)
		return false;
	return export_put(e,
			  k.in_part ? S("</part>\n</book>\n") : S("</book>\n"));
}
