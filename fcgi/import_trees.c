/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The texts of a tree, article by article. */
#include "import_trees.h"

#include "arena.h"
#include "json.h"

/* What it is called, and its text without that: what it says itself, the
 * heading over it, what its head says, or its file. */
static struct str title_of(const struct tree *t, struct str *xhtml)
{
	const struct import_page *said = &t->said;
	struct str title = import_line(said->title, TITLE_CHARS), heading, rest;
	struct str name;

	if (t->now->own && t->now->is_markdown && title.n)
		return title;
	if (import_cut_heading(*xhtml, &heading, &rest) &&
	    (!t->now->is_markdown || !title.n || str_eq(title, heading))) {
		*xhtml = rest;
		return heading;
	}
	if (title.n)
		return title;
	name = t->now->is_index ? tree_folder(t->now->place) : t->now->place;
	title = tree_spoken(tree_last_part(name), TITLE_CHARS);
	return title.n ? title : S("-");
}

static void add_keywords(struct buf *b, const struct import_page *said)
{
	struct str words[IMPORT_WORDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < said->n_keywords; i++) {
		struct str word = import_line(said->keywords[i], 60);
		bool twice = !word.n;

		for (size_t j = 0; j < n; j++)
			twice |= str_eq(words[j], word);
		if (twice)
			continue;
		buf_add(b, n ? S(", ") : S(", \"keywords\": ["));
		buf_json(b, word);
		words[n++] = word;
	}
	if (n)
		buf_char(b, ']');
}

static bool give_text(struct tree *t, struct str xhtml, bool is_first)
{
	const struct page *p = t->now;
	struct buf b = buf_new(IMPORT_JSON_MAX);
	struct import_text text = {
		.article = str_of(p->key),
		.language = str_of(t->languages[p->language]),
		.number = 1,
	};

	import_add(&b, "title", title_of(t, &xhtml));
	add_keywords(&b, &t->said);
	import_add(&b, "from", import_time(t->said.updated));
	if (!is_first)
		import_add_number(&b, "translates", 1);
	buf_char(&b, '}');
	text.json = buf_str(&b);
	text.xhtml = xhtml;
	return t->m.sink->text(t->m.sink->to, p->path, &text);
}

/* Who reads it, of our own exports. Wrong, it would be read by others. */
static bool add_audience(struct buf *b, struct str said)
{
	const char *why;
	const struct json *v = said.n ? json_parse(said, &why) : NULL;

	if (!said.n)
		return true;
	if (json_kind(v) != JSON_OBJECT)
		return false;
	buf_add(b, S(", \"audience\": "));
	json_write(b, v);
	return !b->full;
}

static bool give_article(struct tree *t, const struct page *p)
{
	struct buf b = buf_new(IMPORT_JSON_MAX);

	import_add_number(&b, "position", p->position);
	import_add(&b, "language", str_of(t->languages[p->language]));
	if (p->section != NOWHERE)
		import_add(&b, "section", str_of(t->sections[p->section].key));
	import_add(&b, "created", import_time(t->said.created));
	import_add(&b, "updated", import_time(t->said.updated));
	if (p->own && !add_audience(&b, t->said.audience))
		return import_refuse(&t->m, "shape");
	/* One of somebody who is not told who reads what is as their bundle. */
	buf_add(&b, t->own && !t->whole ? S("}") : S(", \"here\": true}"));
	return t->m.sink->article(t->m.sink->to, p->path, str_of(p->key),
				  buf_str(&b));
}

/* What stands in it of where it was. */
static bool give_redirect(struct tree *t, struct str path)
{
	struct buf b = buf_new(4096);
	struct str plain;

	if (!str_starts(path, S("/")) || path.n < 2 || path.n > 500 ||
	    memchr(path.p, '?', path.n) || memchr(path.p, '#', path.n) ||
	    !str_percent_decode(path, false, &plain) ||
	    !str_eq(import_line(plain, 500), plain))
		return true;
	import_add(&b, "path", plain);
	import_add(&b, "article", str_of(t->now->key));
	import_add(&b, "language", str_of(t->languages[t->now->language]));
	buf_char(&b, '}');
	return t->m.sink->redirect(t->m.sink->to, t->now->path, buf_str(&b));
}

/* Of pages of a site: where they were there. */
static bool give_redirects(struct tree *t)
{
	struct str path = t->now->path, name = tree_last_part(path);
	struct buf b = buf_new(4096);
	bool is_markdown;

	for (size_t i = 0; i < t->said.n_aliases; i++)
		if (!give_redirect(t, t->said.aliases[i]))
			return false;
	if (t->now->own || t->now->is_markdown)
		return true;
	buf_char(&b, '/');
	buf_add(&b, path);
	if (!give_redirect(t, buf_str(&b)))
		return false;
	b.n -= t->now->is_index ? name.n : tree_ending(path, &is_markdown);
	return give_redirect(t, buf_str(&b));
}

/* False: the sink wants no more. */
static bool give_page(struct tree *t, bool is_first, bool *given)
{
	const struct page *p = t->now;
	struct markup_links links = { tree_link, t };
	struct str source, xhtml;

	*given = false;
	if (!import_read_text(&t->m, p->entry,
			      p->is_markdown ? MARKUP_ARTICLE_MARKDOWN_MAX
					     : MARKUP_ARTICLE_HTML_MAX,
			      &source))
		return true;
	(p->is_markdown ? import_page_markdown : import_page_html)(source,
								   &t->said);
	if (!import_markup(&t->m, t->said.body, p->is_markdown, &links, &xhtml))
		return true;
	/* A folder's first page that says nothing but what it is called. */
	if (p->is_index && p->section != NOWHERE && !p->own) {
		struct str rest = xhtml;

		title_of(t, &rest);
		if (!rest.n)
			return true;
	}
	*given = true;
	return give_text(t, xhtml, is_first) &&
	       (!is_first || give_article(t, p)) && give_redirects(t);
}

/* The texts of an article, the one that it was written in first. */
static int by_key(const void *a, const void *b)
{
	const struct page *x = *(struct page *const *)a;
	const struct page *y = *(struct page *const *)b;
	int order = strcmp(x->key, y->key);

	if (!order)
		order = x->translation - y->translation;
	if (!order)
		order = x->language - y->language;
	return order ? order : (x > y) - (x < y);
}

static bool give_pages(struct tree *t)
{
	bool given = false, one;
	size_t articles = 0;

	for (size_t i = 0; i < t->n_pages; i++) {
		struct arena_mark mark = arena_mark();
		const struct page *before = i ? t->by_article[i - 1] : NULL;
		bool same;

		t->now = t->by_article[i];
		t->missed = S("");
		t->m.entry = t->now->path;
		same = before && strcmp(before->key, t->now->key) == 0;
		given &= same;
		if (t->now->left)
			continue;
		if (same && before->language == t->now->language) {
			import_tell(&t->m, "twice");
			t->m.used[t->now->entry] = 1;
			continue;
		}
		if (!give_page(t, !given, &one))
			return false;
		articles += one && !given;
		given |= one;
		arena_rewind(mark);
	}
	t->m.entry = S("");
	return articles || import_refuse(&t->m, "empty");
}

static void sort_by_article(struct tree *t)
{
	t->by_article = alloc((t->n_pages + 1) * sizeof(*t->by_article));
	for (size_t i = 0; i < t->n_pages; i++)
		t->by_article[i] = &t->pages[i];
	qsort(t->by_article, t->n_pages, sizeof(*t->by_article), by_key);
}

bool import_trees(int file, const struct import_about *about,
		  const struct import_sink *sink)
{
	struct tree *t = alloc(sizeof(*t));
	size_t list;

	if (!import_open(&t->m, file, about, sink))
		return false;
	t->sections = alloc((SECTIONS_MAX + 1) * sizeof(*t->sections));
	tree_language(t, about->language);
	list = unzip_find(t->m.zip, S("sections.jsonl"));
	t->own = list != SIZE_MAX;
	if (!tree_list(t))
		return false;
	if (t->own && !tree_own_sections(t, list))
		return false;
	if (!tree_survey(t) || (!t->own && !tree_sections(t)))
		return false;
	sort_by_article(t);
	if (!give_pages(t) || !import_give_files(&t->m))
		return false;
	import_tell_unused(&t->m);
	return true;
}
