/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is in a tree: texts, sections, and what each text says of itself. */
#include "import_trees.h"

#include "arena.h"
#include "json.h"

/* ---- names --------------------------------------------------------------- */

struct str tree_last_part(struct str path)
{
	const char *slash = memrchr(path.p, '/', path.n);

	return slash ? str_from(path, (size_t)(slash - path.p) + 1) : path;
}

struct str tree_folder(struct str path)
{
	path.n -= tree_last_part(path).n;
	path.n -= path.n > 0;
	return path;
}

bool tree_ends_in(struct str s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && strncasecmp(s.p + s.n - n, end, n) == 0;
}

/* Of a text: how long its ending is; 0: it is none. */
size_t tree_ending(struct str path, bool *is_markdown)
{
	static const char *const endings[] = { ".md", ".markdown", ".mdx",
					       ".html", ".htm" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (tree_ends_in(path, endings[i])) {
			*is_markdown = i < 3;
			return strlen(endings[i]);
		}
	return 0;
}

/* What systems and programs put there for themselves. */
static bool is_hidden(struct str path)
{
	while (path.n) {
		struct str part = str_cut(&path, '/');

		if (str_starts(part, S(".")) || str_eqz(part, "__MACOSX") ||
		    str_eqz(part, "node_modules") || str_eqz(part, "Thumbs.db"))
			return true;
	}
	return false;
}

static bool is_index_name(struct str name)
{
	static const char *const names[] = { "index", "_index", "readme" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (name.n == strlen(names[i]) &&
		    strncasecmp(name.p, names[i], name.n) == 0)
			return true;
	return false;
}

/* "02-getting_started" is "getting started". */
struct str tree_spoken(struct str name, size_t most)
{
	char *p = alloc_copy(name.p, name.n);
	size_t digits = 0;
	struct str words = { p, name.n };

	while (digits < name.n && p[digits] >= '0' && p[digits] <= '9')
		digits++;
	if (digits && digits + 1 < name.n && strchr("-_. ", p[digits]))
		words = str_from(words, digits + 1);
	for (size_t i = 0; i < name.n; i++)
		if (p[i] == '-' || p[i] == '_')
			p[i] = ' ';
	words = import_line(words, most);
	return words.n ? words : import_line(name, most);
}

unsigned char tree_language(struct tree *t, struct str tag)
{
	for (size_t i = 0; i < t->n_languages; i++)
		if (str_eqz(tag, t->languages[i]))
			return (unsigned char)i;
	if (t->n_languages == LANGUAGES_MAX)
		return 0;
	snprintf(t->languages[t->n_languages], sizeof(*t->languages), "%.*s",
		 STR_ARG(tag));
	return (unsigned char)t->n_languages++;
}

bool tree_is_key(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!(key.p[i] >= 'a' && key.p[i] <= 'z') &&
		    !(key.p[i] >= '0' && key.p[i] <= '9'))
			return false;
	return key.n && key.n < IMPORT_KEY;
}

size_t tree_find(const struct tree *t, struct str path, const char *more)
{
	struct buf b = buf_new(8192);

	buf_add(&b, t->root);
	buf_add(&b, path);
	buf_add(&b, path.n || more[0] != '/' ? str_of(more) : str_of(more + 1));
	return b.full || !b.n ? SIZE_MAX : unzip_find(t->m.zip, buf_str(&b));
}

/* ---- which files there are ----------------------------------------------- */

/* The folder that all lies in, if there is one that is no language. */
static bool find_root(struct tree *t, const struct str *names, size_t n)
{
	struct str first = S("");
	bool begun = false;

	for (size_t i = 0; i < n; i++) {
		struct str rest = names[i], part;

		if (is_hidden(names[i]))
			continue;
		part = str_cut(&rest, '/');
		if (!rest.n || (begun && !str_eq(part, first)))
			return false;
		first = part;
		begun = true;
	}
	if (!begun || import_is_language_folder(first))
		return false;
	t->root = (struct str){ first.p, first.n + 1 };
	return true;
}

/* Its place: by a folder of a language or an ending of one. */
static void find_place(struct tree *t, struct page *p, size_t n_ending)
{
	struct str rest = p->path, first = str_cut(&rest, '/'), tag, name;
	const char *dot;

	p->language = 0;
	p->place = p->path;
	p->placed = rest.n && import_is_language_folder(first) &&
		    import_language(first, &tag);
	if (p->placed) {
		p->language = tree_language(t, tag);
		p->place = rest;
	}
	p->place.n -= n_ending;
	name = tree_last_part(p->place);
	dot = memrchr(name.p, '.', name.n);
	if (dot && dot > name.p) {
		struct str end = str_from(name, (size_t)(dot - name.p) + 1);

		if (import_is_language_folder(end) &&
		    import_language(end, &tag)) {
			p->language = tree_language(t, tag);
			p->placed = true;
			p->place.n -= end.n + 1;
			name.n -= end.n + 1;
		}
	}
	p->is_index = is_index_name(name);
}

static int compare(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* Folder by folder, and first in each what it begins with. */
static int by_path(const void *a, const void *b)
{
	const struct page *x = a, *y = b;
	int order = compare(tree_folder(x->place), tree_folder(y->place));

	if (!order)
		order = y->is_index - x->is_index;
	if (!order)
		order = compare(x->place, y->place);
	if (!order)
		order = x->language - y->language;
	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

static bool read_names(struct tree *t, struct str *names, size_t n)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++) {
		struct unzip_entry e;

		if (!unzip_entry(t->m.zip, i, &e))
			return import_refuse(&t->m, t->m.fault.code);
		names[i] = e.name;
		bytes += e.name.n;
		if (bytes > NAMES_BYTES_MAX)
			return import_refuse(&t->m, "too_many");
	}
	return true;
}

bool tree_list(struct tree *t)
{
	size_t n = unzip_count(t->m.zip);
	struct str *names = alloc((n + 1) * sizeof(*names));

	t->pages = alloc((n + 1) * sizeof(*t->pages));
	t->page_of = alloc((n + 1) * sizeof(*t->page_of));
	if (!read_names(t, names, n))
		return false;
	if (!find_root(t, names, n))
		t->root = S("");
	for (size_t i = 0; i < n; i++) {
		struct page *p = &t->pages[t->n_pages];
		size_t n_ending;

		if (is_hidden(names[i]) ||
		    (t->own && str_eqz(names[i], "style.css"))) {
			t->m.used[i] = 1;
			continue;
		}
		p->path = str_from(names[i], t->root.n);
		p->entry = (uint32_t)i;
		n_ending = tree_ending(p->path, &p->is_markdown);
		if (!n_ending)
			continue;
		find_place(t, p, n_ending);
		t->n_pages++;
	}
	qsort(t->pages, t->n_pages, sizeof(*t->pages), by_path);
	for (size_t i = 0; i < t->n_pages; i++)
		t->page_of[t->pages[i].entry] = (uint32_t)i + 1;
	return true;
}

/* ---- sections ------------------------------------------------------------ */

static int32_t find_section(const struct tree *t, struct str path)
{
	for (size_t i = t->n_sections; i-- > 0;)
		if (str_eq(t->sections[i].path, path))
			return (int32_t)i;
	return NOWHERE;
}

/* Of a folder, and of those that it is in; what is too deep is of the last. */
static bool make_section(struct tree *t, struct str path, unsigned depth,
			 int32_t *section)
{
	struct str above = tree_folder(path);
	struct section *s;
	int32_t parent = NOWHERE;

	*section = NOWHERE;
	if (!path.n)
		return true;
	*section = find_section(t, path);
	if (*section != NOWHERE)
		return true;
	if (depth > 100)
		return import_refuse(&t->m, "sections");
	if (above.n && !make_section(t, above, depth + 1, &parent))
		return false;
	depth = 1;
	for (int32_t up = parent; up != NOWHERE; up = t->sections[up].parent)
		depth++;
	if (depth > DEPTH_MAX) {
		*section = parent;
		return true;
	}
	if (t->n_sections == SECTIONS_MAX)
		return import_refuse(&t->m, "sections");
	s = &t->sections[t->n_sections];
	s->path = path;
	s->names = alloc(LANGUAGES_MAX * sizeof(*s->names));
	s->name = tree_spoken(tree_last_part(path), NAME_CHARS);
	s->parent = parent;
	s->position = ++(parent == NOWHERE ? &t->sections[SECTIONS_MAX]
					   : &t->sections[parent])
				->n_sections;
	snprintf(s->key, sizeof(s->key), "%.*s",
		 STR_ARG(import_key("section", path, S(""))));
	*section = (int32_t)t->n_sections++;
	return true;
}

static bool give_section(struct tree *t, const struct section *s)
{
	struct buf b = buf_new(IMPORT_JSON_MAX), names = buf_new(32768);

	for (size_t i = 0; i < t->n_languages; i++)
		import_add(&names, t->languages[i], s->names[i]);
	if (!names.n)
		import_add(&names, t->languages[0], s->name);
	import_add(&b, "key", str_of(s->key));
	if (s->parent != NOWHERE)
		import_add(&b, "parent", str_of(t->sections[s->parent].key));
	import_add_number(&b, "position", s->position);
	buf_addf(&b, ", \"names\": %.*s}, \"here\": true}",
		 STR_ARG(buf_str(&names)));
	return t->m.sink->section(t->m.sink->to, s->path, buf_str(&b));
}

/* A line of sections.jsonl, without what is of its export alone. */
static bool give_line(struct tree *t, struct str line)
{
	static const char *const members[] = { "names", "abouts", "audience" };
	const char *why;
	const struct json *v = json_parse(line, &why);
	struct buf b = buf_new(IMPORT_JSON_MAX);
	struct section *s = &t->sections[t->n_sections];
	struct str key = json_str(json_get(v, "key"));
	uint64_t position;

	if (json_true(json_get(v, "root"))) {
		t->whole = true;
		return t->m.sink->section(t->m.sink->to, t->m.entry, line);
	}
	if (json_kind(v) != JSON_OBJECT || !key.n || key.n >= IMPORT_KEY)
		return import_refuse(&t->m, "shape");
	if (t->n_sections == SECTIONS_MAX)
		return import_refuse(&t->m, "sections");
	snprintf(s->key, sizeof(s->key), "%.*s", STR_ARG(key));
	t->n_sections++;
	import_add(&b, "key", key);
	import_add(&b, "parent", json_str(json_get(v, "parent")));
	if (str_u64(json_scalar(json_get(v, "position")), 999999999, &position))
		import_add_number(&b, "position", position);
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (json_kind(json_get(v, members[i])) != JSON_OBJECT)
			continue;
		buf_addf(&b, ", \"%s\": ", members[i]);
		json_write(&b, json_get(v, members[i]));
	}
	buf_char(&b, '}');
	if (b.full)
		return import_refuse(&t->m, "shape");
	return t->m.sink->section(t->m.sink->to, t->m.entry, buf_str(&b));
}

bool tree_own_sections(struct tree *t, size_t entry)
{
	struct str list;

	t->m.entry = S("sections.jsonl");
	if (!import_read_text(&t->m, entry, LIST_MAX, &list))
		return false;
	while (list.n) {
		struct arena_mark mark = arena_mark();
		struct str line = str_cut(&list, '\n');

		if (line.n && !give_line(t, line))
			return false;
		arena_rewind(mark);
	}
	return true;
}

bool tree_sections(struct tree *t)
{
	for (size_t i = 0; i < t->n_sections; i++) {
		struct arena_mark mark = arena_mark();

		if (!give_section(t, &t->sections[i]))
			return false;
		arena_rewind(mark);
	}
	return true;
}

/* ---- what each says of itself -------------------------------------------- */

struct head {
	struct buf b;
};

static bool collect_head(void *ctx, struct str bytes)
{
	struct head *h = ctx;

	if (bytes.n > HEAD_MAX - h->b.n)
		bytes.n = HEAD_MAX - h->b.n;
	buf_add(&h->b, bytes);
	return h->b.n < HEAD_MAX;
}

/* As far as a character is whole. */
static struct str whole_text(struct str s)
{
	size_t back = 0;

	while (back < 4 && !str_is_text(s) && s.n) {
		s.n--;
		back++;
	}
	return str_starts(s, S("\xef\xbb\xbf")) ? str_from(s, 3) : s;
}

/* For a section's name: what a page says that it is called, or its first
 * heading. */
static struct str head_title(const struct page *p,
			     const struct import_page *said)
{
	struct str rest = said->body, xhtml, heading, others;

	if (said->title.n || !p->is_markdown)
		return said->title;
	for (unsigned i = 0; rest.n && i < 20; i++) {
		struct str line = str_cut(&rest, '\n');

		if (!str_starts(line, S("# ")))
			continue;
		if (markup_article_from_markdown(line, NULL, &xhtml, NULL) &&
		    import_cut_heading(xhtml, &heading, &others))
			return heading;
		return S("");
	}
	return S("");
}

/* Once what was read of the page is given back. */
static void name_section(struct tree *t, const struct page *p)
{
	struct section *s;

	if (p->section == NOWHERE || !p->is_index || !*t->name)
		return;
	s = &t->sections[p->section];
	if (!s->names[p->language].n && str_eq(s->path, tree_folder(p->place)))
		s->names[p->language] =
			str_of(alloc_copy(t->name, strlen(t->name)));
}

static int32_t own_section(const struct tree *t, struct str key)
{
	for (size_t i = 0; key.n && i < t->n_sections; i++)
		if (str_eqz(key, t->sections[i].key))
			return (int32_t)i;
	return NOWHERE;
}

/* position: what it says, or where it stands among those of its folder. */
static void take_said(struct tree *t, struct page *p,
		      const struct import_page *said)
{
	unsigned *others = p->section == NOWHERE
				   ? &t->sections[SECTIONS_MAX].n_pages
				   : &t->sections[p->section].n_pages;
	uint64_t position;
	struct str tag;

	if (import_language(said->language, &tag) && (p->own || !p->placed))
		p->language = tree_language(t, tag);
	if (import_language(said->first_language, &tag))
		p->translation = tree_language(t, tag) != p->language;
	p->position = p->is_index ? 0 : ++*others;
	if (str_u64(said->position, 999999999, &position))
		p->position = (unsigned)position;
	if (said->draft) {
		t->m.entry = p->path;
		import_tell(&t->m, "draft");
		t->m.used[p->entry] = 1;
		p->left = true;
	}
}

static void survey_page(struct tree *t, struct page *p)
{
	struct head head = { .b = buf_new(HEAD_MAX) };
	struct import_page said;
	struct str text;

	*t->name = '\0';
	snprintf(p->key, sizeof(p->key), "%.*s",
		 STR_ARG(import_key("article", p->place, S(""))));
	t->m.entry = p->path;
	if (!unzip_each(t->m.zip, p->entry, collect_head, &head) &&
	    t->m.fault.code)
		return; /* it is told when it is read */
	text = whole_text(buf_str(&head.b));
	if (!str_is_text(text))
		text = S("");
	(p->is_markdown ? import_page_markdown : import_page_html)(text, &said);
	p->own = t->own && tree_is_key(said.key);
	/* A list of what is there. */
	if (t->own && !p->own && p->is_index && !tree_folder(p->path).n) {
		t->m.used[p->entry] = 1;
		p->left = true;
		return;
	}
	if (tree_is_key(said.key))
		snprintf(p->key, sizeof(p->key), "%.*s", STR_ARG(said.key));
	if (p->own)
		p->section = own_section(t, said.section);
	snprintf(t->name, sizeof(t->name), "%.*s",
		 STR_ARG(import_line(head_title(p, &said), NAME_CHARS)));
	take_said(t, p, &said);
}

bool tree_survey(struct tree *t)
{
	for (size_t i = 0; i < t->n_pages; i++) {
		struct page *p = &t->pages[i];
		struct arena_mark mark;

		t->m.entry = p->path;
		p->section = NOWHERE;
		if (!t->own &&
		    !make_section(t, tree_folder(p->place), 0, &p->section))
			return false;
		mark = arena_mark();
		survey_page(t, p);
		arena_rewind(mark);
		name_section(t, p);
	}
	return true;
}
