/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Folders of Markdown and HTML: our own exports, sources of a site, or the
 * site itself. A folder is a section, a file a text, and texts of the same
 * place in folders of languages (or "a.sv.md" beside "a.md") are one article.
 *
 * First what each file says of itself is read, since links lead to articles
 * by keys; then all again, article by article. What is kept of a text between
 * is its path and about 100 bytes.
 */
#include "arena.h"
#include "import_make.h"
#include "import_pages.h"
#include "json.h"

enum {
	LANGUAGES_MAX = 50,
	SECTIONS_MAX = 2000,
	DEPTH_MAX = 8,
	NAMES_BYTES_MAX = 64 << 20,
	HEAD_MAX = 65536,
	LIST_MAX = 4 << 20,
	TITLE_CHARS = 200,
	NAME_CHARS = 120,
	NOWHERE = -1,
};

/* A file that is a text. */
struct page {
	struct str path;  /* in the tree, without what all are in */
	struct str place; /* without its language's folder and its ending */
	uint32_t entry;
	int32_t section; /* NOWHERE: none */
	unsigned position;
	char key[IMPORT_KEY];
	unsigned char language;
	bool is_markdown, is_index, own, left;
	bool placed;	  /* its place says its language */
	bool translation; /* and was not written in it first */
};

struct section {
	struct str path, name;
	int32_t parent;
	unsigned position, n_pages, n_sections;
	char key[IMPORT_KEY];
	struct str *names; /* by language */
};

struct tree {
	struct import_make m;
	struct str root; /* a folder that all lies in, with its slash */
	bool own;	 /* with sections.jsonl: of ours */
	bool whole;	 /* and of who writes it: it says who reads what */
	struct page *pages;
	size_t n_pages;
	uint32_t *page_of; /* an entry: and one; 0: none */
	struct section *sections;
	size_t n_sections;
	char languages[LANGUAGES_MAX][36];
	size_t n_languages;
	struct page **by_article;
	const struct page *now;
	struct import_page said;
	char name[4 * NAME_CHARS + 1]; /* of a section, as its page says */
	struct str missed;	       /* a picture that is not there */
};

/* ---- names --------------------------------------------------------------- */

static struct str last_part(struct str path)
{
	const char *slash = memrchr(path.p, '/', path.n);

	return slash ? str_from(path, (size_t)(slash - path.p) + 1) : path;
}

static struct str folder_of(struct str path)
{
	path.n -= last_part(path).n;
	path.n -= path.n > 0;
	return path;
}

static bool ends_in(struct str s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && strncasecmp(s.p + s.n - n, end, n) == 0;
}

/* Of a text: how long its ending is; 0: it is none. */
static size_t ending(struct str path, bool *is_markdown)
{
	static const char *const endings[] = { ".md", ".markdown", ".mdx",
					       ".html", ".htm" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (ends_in(path, endings[i])) {
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
static struct str spoken(struct str name, size_t most)
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

static unsigned char note_language(struct tree *t, struct str tag)
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
		p->language = note_language(t, tag);
		p->place = rest;
	}
	p->place.n -= n_ending;
	name = last_part(p->place);
	dot = memrchr(name.p, '.', name.n);
	if (dot && dot > name.p) {
		struct str end = str_from(name, (size_t)(dot - name.p) + 1);

		if (import_is_language_folder(end) &&
		    import_language(end, &tag)) {
			p->language = note_language(t, tag);
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
	int order = compare(folder_of(x->place), folder_of(y->place));

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

static bool list_pages(struct tree *t)
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
		n_ending = ending(p->path, &p->is_markdown);
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
	struct str above = folder_of(path);
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
	s->name = spoken(last_part(path), NAME_CHARS);
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
	buf_add(&b, t->whole ? S("}") : S(", \"here\": true}"));
	if (b.full)
		return import_refuse(&t->m, "shape");
	return t->m.sink->section(t->m.sink->to, t->m.entry, buf_str(&b));
}

static bool give_own_sections(struct tree *t, size_t entry)
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

static bool give_sections(struct tree *t)
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

static bool is_key(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!(key.p[i] >= 'a' && key.p[i] <= 'z') &&
		    !(key.p[i] >= '0' && key.p[i] <= '9'))
			return false;
	return key.n && key.n < IMPORT_KEY;
}

/* The first heading of Markdown, near enough for a section's name. */
static struct str head_title(const struct page *p,
			     const struct import_page *said)
{
	struct str rest = said->body;

	if (said->title.n || !p->is_markdown)
		return said->title;
	for (unsigned i = 0; rest.n && i < 20; i++) {
		struct str line = str_cut(&rest, '\n');

		if (str_starts(line, S("# ")))
			return str_trim(str_from(line, 2));
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
	if (!s->names[p->language].n && str_eq(s->path, folder_of(p->place)))
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
		p->language = note_language(t, tag);
	if (import_language(said->first_language, &tag))
		p->translation = note_language(t, tag) != p->language;
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
	p->own = t->own && is_key(said.key);
	/* A list of what is there. */
	if (t->own && !p->own && p->is_index && !folder_of(p->path).n) {
		t->m.used[p->entry] = 1;
		p->left = true;
		return;
	}
	if (is_key(said.key))
		snprintf(p->key, sizeof(p->key), "%.*s", STR_ARG(said.key));
	if (p->own)
		p->section = own_section(t, said.section);
	snprintf(t->name, sizeof(t->name), "%.*s",
		 STR_ARG(import_line(head_title(p, &said), NAME_CHARS)));
	take_said(t, p, &said);
}

static bool survey(struct tree *t)
{
	for (size_t i = 0; i < t->n_pages; i++) {
		struct page *p = &t->pages[i];
		struct arena_mark mark;

		t->m.entry = p->path;
		p->section = NOWHERE;
		if (!t->own &&
		    !make_section(t, folder_of(p->place), 0, &p->section))
			return false;
		mark = arena_mark();
		survey_page(t, p);
		arena_rewind(mark);
		name_section(t, p);
	}
	return true;
}

/* ---- links --------------------------------------------------------------- */

/* A path from a file's folder, with its "." and ".." worked out. */
static bool resolve(const struct tree *t, struct str address, struct str *path)
{
	struct buf b = buf_new(4096);
	struct str rest;

	if (!str_starts(address, S("/")))
		buf_add(&b, folder_of(t->now->path));
	for (rest = address; rest.n;) {
		struct str part = str_cut(&rest, '/');

		if (!part.n || str_eqz(part, "."))
			continue;
		if (str_eqz(part, "..")) {
			if (!b.n)
				return false;
			b.n = folder_of(buf_str(&b)).n;
			continue;
		}
		if (b.n)
			buf_char(&b, '/');
		buf_add(&b, part);
	}
	*path = buf_str(&b);
	return !b.full;
}

static size_t find_entry(const struct tree *t, struct str path,
			 const char *more)
{
	struct buf b = buf_new(8192);

	buf_add(&b, t->root);
	buf_add(&b, path);
	buf_add(&b, path.n || more[0] != '/' ? str_of(more) : str_of(more + 1));
	return b.full || !b.n ? SIZE_MAX : unzip_find(t->m.zip, buf_str(&b));
}

/* What a link may mean by a path: the file, a site's address of it, or the
 * first of a folder. */
static size_t find_linked(const struct tree *t, struct str path)
{
	static const char *const ends[] = {
		"",	     ".md",	   ".html",	 ".markdown",	".htm",
		"/index.md", "/README.md", "/_index.md", "/index.html",
	};
	size_t entry = SIZE_MAX;

	for (size_t i = 0; i < ARRAY_LEN(ends) && entry == SIZE_MAX; i++)
		entry = find_entry(t, path, ends[i]);
	if (entry == SIZE_MAX && ends_in(path, ".html")) {
		path.n -= 5;
		entry = find_entry(t, path, ".md");
	}
	return entry;
}

/* "https://…", "mailto:…": whatever has a scheme, or a host. */
static bool is_elsewhere(struct str address)
{
	size_t i = 0;

	while (i < address.n &&
	       ((address.p[i] | 0x20) >= 'a' && (address.p[i] | 0x20) <= 'z'))
		i++;
	return (i > 1 && i < address.n && address.p[i] == ':') ||
	       str_starts(address, S("//"));
}

/* Our exports wrote where it is at the portal: it is that here again. */
static bool own_path(struct str address, struct str *changed)
{
	static const char *const paths[] = { "/kb/f/", "/kb/a/" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const char *at = memmem(address.p, address.n, paths[i], 6);
		struct str rest, key;

		if (!at)
			continue;
		rest = str_from(address, (size_t)(at - address.p));
		key = str_from(rest, 6);
		if (is_key(str_cut(&key, '#'))) {
			*changed = rest;
			return true;
		}
	}
	return false;
}

static bool lead_to(struct tree *t, size_t entry, struct str part,
		    struct str *changed)
{
	const struct page *p;
	struct buf b = buf_new(4096);

	if (!t->page_of[entry])
		return import_show(&t->m, str_of(t->now->key), entry, changed);
	p = &t->pages[t->page_of[entry] - 1];
	if (p->left) {
		import_tell(&t->m, "link");
		return false;
	}
	buf_addf(&b, "/kb/a/%s", p->key);
	if (part.n) {
		buf_char(&b, '#');
		buf_add(&b, part);
	}
	*changed = buf_str(&b);
	return !b.full;
}

static bool is_missed(struct tree *t, enum markup_address what,
		      struct str address)
{
	if (what == MARKUP_PICTURE) {
		import_tell(&t->m, "picture");
		t->missed = address;
	} else if (!t->missed.n || !str_eq(t->missed, address)) {
		import_tell(&t->m, "link");
	}
	return false;
}

/* A picture that can't be one is asked for again, as a link. */
static bool change(void *ctx, enum markup_address what, struct str address,
		   struct str *changed)
{
	struct tree *t = ctx;
	struct str part = str_trim(address), path = str_cut(&part, '#'), plain;
	size_t entry = SIZE_MAX;

	*changed = str_trim(address);
	if (t->now->own && own_path(*changed, changed))
		return true;
	if (is_elsewhere(*changed)) {
		if (what == MARKUP_PICTURE)
			is_missed(t, what, address);
		return !str_starts(*changed, S("//"));
	}
	path = str_cut(&path, '?');
	if (str_percent_decode(path, false, &plain) && str_is_text(plain) &&
	    resolve(t, plain, &path))
		entry = find_linked(t, path);
	if (entry == SIZE_MAX || (what == MARKUP_PICTURE && t->page_of[entry]))
		return is_missed(t, what, address);
	return lead_to(t, entry, part, changed);
}

/* ---- texts --------------------------------------------------------------- */

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
	name = t->now->is_index ? folder_of(t->now->place) : t->now->place;
	title = spoken(last_part(name), TITLE_CHARS);
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
	buf_add(&b, S(", \"here\": true}"));
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
	struct str path = t->now->path, name = last_part(path);
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
	b.n -= t->now->is_index ? name.n : ending(path, &is_markdown);
	return give_redirect(t, buf_str(&b));
}

/* False: the sink wants no more. */
static bool give_page(struct tree *t, bool is_first, bool *given)
{
	const struct page *p = t->now;
	struct markup_links links = { change, t };
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
	note_language(t, about->language);
	list = unzip_find(t->m.zip, S("sections.jsonl"));
	t->own = list != SIZE_MAX;
	if (!list_pages(t))
		return false;
	if (t->own && !give_own_sections(t, list))
		return false;
	if (!survey(t) || (!t->own && !give_sections(t)))
		return false;
	sort_by_article(t);
	if (!give_pages(t) || !import_give_files(&t->m))
		return false;
	import_tell_unused(&t->m);
	return true;
}
