/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What Zendesk's help center API answers, kept in files: objects with
 * "categories", "sections", "articles" or "translations", in as many pages
 * and languages as there are, and beside them perhaps the pictures.
 *
 * First all files are read for what is above the texts and which articles
 * there are, which links need; then again for the texts. Keys are their ids.
 */
#include "arena.h"
#include "import_make.h"
#include "json.h"

enum {
	LOCALES_MAX = 64,
	PLACES_MAX = 2000,
	ARTICLES_MAX = 200000,
	ARTICLE_BYTES = 100, /* at least, as JSON */
	JSON_MAX = 32 << 20,
	KEPT_MAX = 160 << 20, /* of files with sections, as they are read */
	TITLE_CHARS = 200,
	NAME_CHARS = 120,
	ABOUT_CHARS = 500,
	WORD_CHARS = 60,
	WORDS_MAX = 50,
};

/* A category, or a section in one of these or in another section. */
struct place {
	bool category, in_category;
	uint64_t id, parent, position;
	const struct json *said[LOCALES_MAX]; /* of each language */
};

struct article {
	uint64_t id, section, position;
	uint64_t given; /* languages, a bit each */
	unsigned char source;
	bool placed, staff, has_row, told;
	char created[24], updated[24];
};

/* A file beside, by the number of an attachment in its path, and by name. */
struct picture_file {
	uint64_t id;
	struct str name;
	uint32_t entry;
};

struct locale {
	char said[36], tag[36];
};

struct zendesk {
	struct import_make m;
	struct locale locales[LOCALES_MAX];
	size_t n_locales;
	struct place *places;
	size_t n_places;
	struct article *articles;
	size_t n_articles, room;
	bool sorted;
	struct picture_file *by_id, *by_name;
	size_t n_files;
	bool *refused;	/* of each entry */
	char host[256]; /* where all this was: https://… */
	uint64_t kept;
	bool taken; /* something of the file that is read is kept */
	const struct article *now;
	struct str missed;
	size_t given;
};

/* ---- JSON ---------------------------------------------------------------- */

static uint64_t number(const struct json *v, const char *name)
{
	uint64_t n;

	return str_u64(json_scalar(json_get(v, name)), INT64_MAX, &n) ? n : 0;
}

static struct str text_of(const struct json *v, const char *name)
{
	struct str s = json_str(json_get(v, name));

	return str_is_text(s) ? s : S("");
}

static struct str title_of(const struct json *v)
{
	struct str title = text_of(v, "title");

	return title.n ? title : text_of(v, "name");
}

typedef bool take_object(struct zendesk *z, const struct json *v);

/* Of {"NAMES": [object …]} or {"NAME": object}. */
static bool each_of(struct zendesk *z, const struct json *file,
		    const char *names, const char *name, take_object *take)
{
	const struct json *list = json_get(file, names);
	const struct json *one = json_get(file, name);

	for (size_t i = 0; i < json_len(list); i++)
		if (json_kind(json_at(list, i)) == JSON_OBJECT &&
		    !take(z, json_at(list, i)))
			return false;
	return json_kind(one) != JSON_OBJECT || take(z, one);
}

/* ---- languages ----------------------------------------------------------- */

static size_t locale_of(struct zendesk *z, struct str said)
{
	struct str tag;
	size_t i = 0;

	if (!said.n)
		said = z->m.about->language;
	while (i < z->n_locales && !str_eqz(said, z->locales[i].said))
		i++;
	if (i < z->n_locales)
		return i;
	if (i == LOCALES_MAX || !import_language(said, &tag))
		return 0;
	snprintf(z->locales[i].said, sizeof(z->locales[i].said), "%.*s",
		 STR_ARG(said));
	snprintf(z->locales[i].tag, sizeof(z->locales[i].tag), "%.*s",
		 STR_ARG(tag));
	return z->n_locales++;
}

static size_t main_part(const char *tag)
{
	return strcspn(tag, "-");
}

/* "en-us" is "en", unless there is "en-gb" as well. */
static void shorten_locales(struct zendesk *z)
{
	bool shared[LOCALES_MAX] = { false };

	for (size_t i = 0; i < z->n_locales; i++)
		for (size_t j = 0; j < z->n_locales; j++) {
			const char *a = z->locales[i].tag;
			const char *b = z->locales[j].tag;

			shared[i] |= i != j && main_part(a) == main_part(b) &&
				     !strncmp(a, b, main_part(a));
		}
	for (size_t i = 0; i < z->n_locales; i++)
		if (!shared[i])
			z->locales[i].tag[main_part(z->locales[i].tag)] = '\0';
}

static struct str tag_of(const struct zendesk *z, size_t locale)
{
	return str_of(z->locales[locale].tag);
}

/* ---- what is above the texts --------------------------------------------- */

static struct str place_key(bool category, uint64_t id)
{
	struct buf b = buf_new(32);

	buf_addf(&b, "z%c%llu", category ? 'c' : 's', (unsigned long long)id);
	return buf_str(&b);
}

static struct str article_key(uint64_t id)
{
	struct buf b = buf_new(32);

	buf_addf(&b, "z%llu", (unsigned long long)id);
	return buf_str(&b);
}

static struct place *find_place(const struct zendesk *z, bool category,
				uint64_t id)
{
	for (size_t i = 0; i < z->n_places; i++)
		if (z->places[i].id == id && z->places[i].category == category)
			return &z->places[i];
	return NULL;
}

/* https://company.zendesk.com of an address there. */
static void note_host(struct zendesk *z, struct str url)
{
	struct str rest = url, scheme = S("https://");

	if (*z->host || !str_starts(url, scheme))
		return;
	rest = str_from(url, scheme.n);
	str_cut(&rest, '/');
	if (rest.n && url.n - rest.n - 1 < sizeof(z->host))
		snprintf(z->host, sizeof(z->host), "%.*s",
			 (int)(url.n - rest.n - 1), url.p);
}

static bool note_place(struct zendesk *z, const struct json *v, bool category)
{
	uint64_t id = number(v, "id");
	struct place *p = find_place(z, category, id);
	size_t locale = locale_of(z, text_of(v, "locale"));
	const struct json *others = json_get(v, "translations");

	if (!id || (!p && z->n_places == PLACES_MAX))
		return import_refuse(&z->m, id ? "sections" : "shape");
	if (!p)
		p = &z->places[z->n_places++];
	p->category = category;
	p->id = id;
	p->position = number(v, "position");
	p->parent = number(v, "parent_section_id");
	p->in_category = !p->parent;
	if (!p->parent)
		p->parent = number(v, "category_id");
	p->said[locale] = v;
	note_host(z, text_of(v, "html_url"));
	for (size_t i = 0; i < json_len(others); i++) {
		const struct json *one = json_at(others, i);

		locale = locale_of(z, text_of(one, "locale"));
		if (!p->said[locale])
			p->said[locale] = one;
	}
	return true;
}

static bool note_category(struct zendesk *z, const struct json *v)
{
	return note_place(z, v, true);
}

static bool note_section(struct zendesk *z, const struct json *v)
{
	return note_place(z, v, false);
}

/* Of a file of its own: which place it is of is known when all are. */
static bool note_translation(struct zendesk *z, const struct json *v)
{
	struct str type = text_of(v, "source_type");
	size_t locale = locale_of(z, text_of(v, "locale"));
	bool category = !strcasecmp(str_z(type), "category");
	struct place *p;

	if (!category && strcasecmp(str_z(type), "section") != 0)
		return true;
	p = find_place(z, category, number(v, "source_id"));
	if (p && !p->said[locale]) {
		p->said[locale] = v;
		z->taken = true;
	}
	return true;
}

static int by_article(const void *a, const void *b)
{
	const struct article *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static struct article *find_article(const struct zendesk *z, uint64_t id)
{
	struct article wanted = { .id = id };

	return bsearch(&wanted, z->articles, z->n_articles, sizeof(wanted),
		       by_article);
}

static bool note_article(struct zendesk *z, const struct json *v)
{
	struct article *a = &z->articles[z->n_articles];
	const struct json *others = json_get(v, "translations");
	struct str source = text_of(v, "source_locale");
	const struct json *segment = json_get(v, "user_segment_id");
	const struct json *segments = json_get(v, "user_segment_ids");

	for (size_t i = 0; i < json_len(others); i++)
		locale_of(z, text_of(json_at(others, i), "locale"));
	a->id = number(v, "id");
	if (!a->id)
		return import_refuse(&z->m, "shape");
	if (z->n_articles == z->room)
		return import_refuse(&z->m, "too_many");
	note_host(z, text_of(v, "html_url"));
	locale_of(z, text_of(v, "locale"));
	a->source = (unsigned char)locale_of(
		z, source.n ? source : text_of(v, "locale"));
	a->section = number(v, "section_id");
	a->position = number(v, "position");
	a->staff = json_scalar(segment).n || json_len(segments);
	snprintf(a->created, sizeof(a->created), "%.*s",
		 STR_ARG(import_time(text_of(v, "created_at"))));
	snprintf(a->updated, sizeof(a->updated), "%.*s",
		 STR_ARG(import_time(text_of(v, "edited_at").n
					     ? text_of(v, "edited_at")
					     : text_of(v, "updated_at"))));
	z->n_articles++;
	return true;
}

/* One each, though each language has a list of its own. */
static void merge_articles(struct zendesk *z)
{
	size_t n = 0;

	qsort(z->articles, z->n_articles, sizeof(*z->articles), by_article);
	for (size_t i = 0; i < z->n_articles; i++) {
		struct article *last = n ? &z->articles[n - 1] : NULL;

		if (last && last->id == z->articles[i].id)
			last->staff |= z->articles[i].staff;
		else
			z->articles[n++] = z->articles[i];
	}
	z->n_articles = n;
}

/* ---- files --------------------------------------------------------------- */

static bool is_json(struct str path)
{
	return path.n > 5 && !strncasecmp(path.p + path.n - 5, ".json", 5);
}

static int by_id(const void *a, const void *b)
{
	const struct picture_file *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int by_name(const void *a, const void *b)
{
	const struct picture_file *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int order = n ? memcmp(x->name.p, y->name.p, n) : 0;

	return order ? order
		     : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

/* The first number of six digits or more: "attachments/200109629/logo.jpg",
 * "200109629-logo.jpg". */
static uint64_t id_in(struct str path)
{
	uint64_t id;

	for (size_t i = 0; i < path.n;) {
		size_t n = 0;

		while (i + n < path.n && path.p[i + n] >= '0' &&
		       path.p[i + n] <= '9')
			n++;
		if (n >= 6 &&
		    str_u64((struct str){ path.p + i, n }, INT64_MAX, &id))
			return id;
		i += n + 1;
	}
	return 0;
}

static struct str last_part(struct str path)
{
	const char *slash = memrchr(path.p, '/', path.n);

	return slash ? str_from(path, (size_t)(slash - path.p) + 1) : path;
}

static bool list_files(struct zendesk *z)
{
	size_t n = unzip_count(z->m.zip);
	uint64_t bytes = 0;
	struct unzip_entry e;

	z->refused = alloc((n + 1) * sizeof(*z->refused));
	z->by_id = alloc((n + 1) * sizeof(*z->by_id));
	for (size_t i = 0; i < n; i++) {
		if (!unzip_entry(z->m.zip, i, &e))
			return import_refuse(&z->m, z->m.fault.code);
		if (is_json(e.name)) {
			bytes += e.size;
			continue;
		}
		z->by_id[z->n_files++] = (struct picture_file){
			.id = id_in(e.name),
			.name = last_part(e.name),
			.entry = (uint32_t)i,
		};
	}
	z->by_name = alloc((n + 1) * sizeof(*z->by_name));
	memcpy(z->by_name, z->by_id, z->n_files * sizeof(*z->by_name));
	qsort(z->by_id, z->n_files, sizeof(*z->by_id), by_id);
	qsort(z->by_name, z->n_files, sizeof(*z->by_name), by_name);
	z->room = bytes / ARTICLE_BYTES < ARTICLES_MAX
			  ? (size_t)(bytes / ARTICLE_BYTES)
			  : ARTICLES_MAX;
	z->articles = alloc((z->room + 1) * sizeof(*z->articles));
	z->places = alloc(PLACES_MAX * sizeof(*z->places));
	return true;
}

/* By its number, else by a name that only one has. */
static const struct picture_file *find_file(const struct zendesk *z,
					    struct str path)
{
	struct picture_file wanted = { .id = id_in(path),
				       .name = last_part(path) };
	const struct picture_file *f = NULL;
	struct str name;

	if (wanted.id)
		f = bsearch(&wanted, z->by_id, z->n_files, sizeof(wanted),
			    by_id);
	if (!f && str_percent_decode(wanted.name, false, &name)) {
		wanted.name = name;
		f = bsearch(&wanted, z->by_name, z->n_files, sizeof(wanted),
			    by_name);
		if (f &&
		    ((f > z->by_name && !by_name(f - 1, f)) ||
		     (f + 1 < z->by_name + z->n_files && !by_name(f, f + 1))))
			f = NULL;
	}
	return f;
}

/* ---- links --------------------------------------------------------------- */

/* The number behind "/articles/" of a path of theirs; 0 for none. */
static uint64_t id_behind(struct str path, const char *word)
{
	const char *at = memmem(path.p, path.n, word, strlen(word));
	struct str rest;
	size_t n = 0;
	uint64_t id;

	if (!at)
		return 0;
	rest = str_from(path, (size_t)(at - path.p) + strlen(word));
	while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
		n++;
	return str_u64((struct str){ rest.p, n }, INT64_MAX, &id) ? id : 0;
}

/* Of a path there to what is here now. */
static bool lead_to(struct zendesk *z, struct str path, struct str part,
		    struct str *changed)
{
	uint64_t article = id_behind(path, "/articles/");
	uint64_t section = id_behind(path, "/sections/");
	uint64_t category = id_behind(path, "/categories/");
	struct buf b = buf_new(4096);
	const struct picture_file *f = NULL;

	if (id_behind(path, "/article_attachments/"))
		f = find_file(z, path);
	if (f)
		return import_show(&z->m, article_key(z->now->id), f->entry,
				   changed);
	if (article && find_article(z, article))
		buf_addf(&b, "/kb/a/z%llu%s%.*s", (unsigned long long)article,
			 part.n ? "#" : "", STR_ARG(part));
	else if ((section && find_place(z, false, section)) ||
		 (category && find_place(z, true, category)))
		buf_add(&b, path); /* which leads on */
	*changed = buf_str(&b);
	return b.n && !b.full;
}

static bool is_path(struct str s)
{
	return str_starts(s, S("/")) && !str_starts(s, S("//"));
}

/* What it can't lead to here it does where it was. */
static bool lead_back(struct zendesk *z, enum markup_address what,
		      struct str address, struct str *changed)
{
	struct buf b = buf_new(8192);

	if (what == MARKUP_PICTURE) {
		import_tell(&z->m, "picture");
		z->missed = address;
		return false;
	}
	if (!str_eq(z->missed, address))
		import_tell(&z->m, "link");
	buf_add(&b, str_of(z->host));
	buf_add(&b, *changed);
	*changed = buf_str(&b);
	return *z->host && !b.full;
}

static bool change(void *ctx, enum markup_address what, struct str address,
		   struct str *changed)
{
	struct zendesk *z = ctx;
	struct str part, path;
	bool theirs;

	part = *changed = str_trim(address);
	theirs = *z->host && str_starts(part, str_of(z->host));
	if (theirs)
		part = str_from(part, strlen(z->host));
	path = str_cut(&part, '#');
	path = str_cut(&path, '?');
	if (theirs && !path.n)
		path = S("/");
	if (is_path(path) || id_behind(path, "/article_attachments/")) {
		struct str to;

		if (lead_to(z, path, part, &to)) {
			*changed = to;
			return true;
		}
		if (is_path(path)) {
			*changed = theirs ? str_from(str_trim(address),
						     strlen(z->host))
					  : *changed;
			return lead_back(z, what, address, changed);
		}
	}
	if (what == MARKUP_PICTURE) {
		import_tell(&z->m, "picture");
		return false;
	}
	return true;
}

/* ---- records ------------------------------------------------------------- */

/* /hc/en-us/articles/123-Title, and without the title. */
static bool give_redirects(struct zendesk *z, struct str url, const char *kind,
			   struct str key, struct str language)
{
	const char *at = memmem(url.p, url.n, "/hc/", 4);
	struct str path, plain;

	if (!at)
		return true;
	path = str_from(url, (size_t)(at - url.p));
	path = str_cut(&path, '#');
	path = str_cut(&path, '?');
	if (!str_percent_decode(path, false, &plain) ||
	    !str_eq(import_line(plain, 500), plain))
		return true;
	for (unsigned i = 0; i < 2; i++) {
		struct buf b = buf_new(4096);
		const char *dash =
			memchr(last_part(plain).p, '-', last_part(plain).n);

		import_add(&b, "path", plain);
		import_add(&b, kind, key);
		import_add(&b, "language", language);
		buf_char(&b, '}');
		if (!z->m.sink->redirect(z->m.sink->to, z->m.entry,
					 buf_str(&b)))
			return false;
		if (!dash)
			break;
		plain.n = (size_t)(dash - plain.p);
	}
	return true;
}

static bool give_place(struct zendesk *z, const struct place *p)
{
	struct buf b = buf_new(IMPORT_JSON_MAX), names = buf_new(32768),
		   abouts = buf_new(65536);
	struct str key = place_key(p->category, p->id);

	for (size_t i = 0; i < z->n_locales; i++) {
		const struct json *v = p->said[i];
		struct str about = text_of(v, "description");

		import_add(&names, z->locales[i].tag,
			   import_line(title_of(v), NAME_CHARS));
		about = import_plain(about.n ? about : text_of(v, "body"),
				     ABOUT_CHARS);
		import_add(&abouts, z->locales[i].tag, about);
	}
	import_add(&b, "key", key);
	if (p->parent && find_place(z, p->in_category, p->parent))
		import_add(&b, "parent", place_key(p->in_category, p->parent));
	if (p->position <= 999999999)
		import_add_number(&b, "position", p->position);
	buf_addf(&b, ", \"names\": %.*s%s", STR_ARG(buf_str(&names)),
		 names.n ? "}" : "{}");
	if (abouts.n)
		buf_addf(&b, ", \"abouts\": %.*s}", STR_ARG(buf_str(&abouts)));
	buf_add(&b, S(", \"here\": true}"));
	if (!z->m.sink->section(z->m.sink->to, z->m.entry, buf_str(&b)))
		return false;
	for (size_t i = 0; i < z->n_locales; i++)
		if (!give_redirects(z, text_of(p->said[i], "html_url"),
				    "section", key, tag_of(z, i)))
			return false;
	return true;
}

static bool give_places(struct zendesk *z)
{
	for (size_t i = 0; i < z->n_places; i++) {
		struct arena_mark mark = arena_mark();
		struct buf entry = buf_new(64);

		buf_add(&entry,
			place_key(z->places[i].category, z->places[i].id));
		z->m.entry = buf_str(&entry);
		if (!give_place(z, &z->places[i]))
			return false;
		arena_rewind(mark);
	}
	return true;
}

static void add_labels(struct buf *b, const struct json *labels)
{
	struct str words[WORDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < json_len(labels) && n < WORDS_MAX; i++) {
		struct str word = json_str(json_at(labels, i));
		bool twice;

		word = str_is_text(word) ? import_line(word, WORD_CHARS)
					 : S("");
		twice = !word.n;
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

static bool give_row(struct zendesk *z, struct article *a)
{
	struct buf b = buf_new(IMPORT_JSON_MAX);

	if (a->has_row)
		return true;
	a->has_row = true;
	import_add_number(&b, "position",
			  a->position <= 999999999 ? a->position : 0);
	import_add(&b, "language", tag_of(z, a->source));
	if (a->section && find_place(z, false, a->section))
		import_add(&b, "section", place_key(false, a->section));
	import_add(&b, "created", str_of(a->created));
	import_add(&b, "updated", str_of(a->updated));
	if (a->staff) {
		buf_add(&b, S(", \"audience\": {\"level\": \"agents\"}"));
		import_tell(&z->m, "segment");
	}
	buf_add(&b, S(", \"here\": true}"));
	z->given++;
	return z->m.sink->article(z->m.sink->to, z->m.entry, article_key(a->id),
				  buf_str(&b));
}

/* v: an article in a language, or a translation of it. */
static bool give_text(struct zendesk *z, struct article *a,
		      const struct json *v, const struct json *labels)
{
	size_t locale = locale_of(z, text_of(v, "locale"));
	struct markup_links links = { change, z };
	struct buf b = buf_new(IMPORT_JSON_MAX);
	struct str xhtml, title = import_line(title_of(v), TITLE_CHARS);
	struct import_text t = { .article = article_key(a->id),
				 .language = tag_of(z, locale),
				 .number = 1 };

	if (a->given >> locale & 1)
		return true;
	if (json_true(json_get(v, "draft"))) {
		import_tell(&z->m, "draft");
		return true;
	}
	z->now = a;
	z->missed = S("");
	if (!import_markup(&z->m, json_str(json_get(v, "body")), false, &links,
			   &xhtml))
		return true;
	a->given |= 1ull << locale;
	import_add(&b, "title", title.n ? title : S("-"));
	add_labels(&b, labels);
	if (locale == a->source)
		import_add(&b, "from", str_of(a->updated));
	else
		import_add_number(&b, "translates", 1);
	buf_char(&b, '}');
	t.json = buf_str(&b);
	t.xhtml = xhtml;
	return z->m.sink->text(z->m.sink->to, z->m.entry, &t) &&
	       give_row(z, a) &&
	       give_redirects(z, text_of(v, "html_url"), "article", t.article,
			      t.language);
}

/* For the report: which of a file. */
static void name_entry(struct zendesk *z, struct str file, uint64_t id)
{
	struct buf b = buf_new(2048);

	buf_addf(&b, "%.*s: %llu", STR_ARG(file), (unsigned long long)id);
	z->m.entry = buf_str(&b);
}

static bool give_article(struct zendesk *z, const struct json *v)
{
	struct arena_mark mark = arena_mark();
	struct str file = z->m.entry;
	uint64_t id = number(v, "id");
	struct article *a = find_article(z, id);
	const struct json *others = json_get(v, "translations");
	const struct json *labels = json_get(v, "label_names");

	if (!a)
		return true;
	name_entry(z, file, id);
	if (json_kind(json_get(v, "body")) == JSON_STRING &&
	    !give_text(z, a, v, labels))
		return false;
	for (size_t i = 0; i < json_len(others); i++)
		if (json_kind(json_at(others, i)) == JSON_OBJECT &&
		    !give_text(z, a, json_at(others, i), labels))
			return false;
	z->m.entry = file;
	arena_rewind(mark);
	return true;
}

static bool give_translation(struct zendesk *z, const struct json *v)
{
	struct arena_mark mark = arena_mark();
	struct str file = z->m.entry, type = text_of(v, "source_type");
	uint64_t id = number(v, "source_id");
	struct article *a = find_article(z, id);

	if (strcasecmp(str_z(type), "article") != 0)
		return true;
	name_entry(z, file, id);
	if (!a)
		import_tell(&z->m, "article");
	else if (!give_text(z, a, v, NULL))
		return false;
	z->m.entry = file;
	arena_rewind(mark);
	return true;
}

/* ---- all of it ----------------------------------------------------------- */

/* NULL as well when it was refused before. */
static const struct json *read_json(struct zendesk *z, size_t i)
{
	struct unzip_entry e;
	const struct json *v;
	struct str text;

	if (z->refused[i] || !unzip_entry(z->m.zip, i, &e) || !is_json(e.name))
		return NULL;
	z->m.entry = e.name;
	z->refused[i] = true; /* unless it comes back */
	if (!import_read_text(&z->m, i, JSON_MAX, &text))
		return NULL;
	v = json_parse_file(text);
	if (json_kind(v) != JSON_OBJECT) {
		import_refuse(&z->m, "json");
		return NULL;
	}
	z->refused[i] = false;
	return v;
}

static bool holds(const struct json *v, const char *const *names)
{
	for (; *names; names++)
		if (json_kind(json_get(v, *names)) != JSON_NULL)
			return true;
	return false;
}

/* What was read of a file is given back, or else counted. */
static bool end_file(struct zendesk *z, struct arena_mark mark, size_t before,
		     bool kept)
{
	if (!kept)
		arena_rewind(mark);
	else
		z->kept += arena_used() - before;
	return z->kept <= KEPT_MAX || import_refuse(&z->m, "too_large");
}

/* Files that tell of sections are kept. */
static bool survey(struct zendesk *z)
{
	static const char *const kept[] = { "categories", "category",
					    "sections", "section", NULL };

	for (size_t i = 0; i < unzip_count(z->m.zip); i++) {
		struct arena_mark mark = arena_mark();
		size_t before = arena_used();
		const struct json *v = read_json(z, i);

		if (!each_of(z, v, "categories", "category", note_category) ||
		    !each_of(z, v, "sections", "section", note_section) ||
		    !each_of(z, v, "articles", "article", note_article) ||
		    !end_file(z, mark, before, holds(v, kept)))
			return false;
	}
	merge_articles(z);
	return true;
}

/* Once all places are known: translations of them, in files of their own. */
static bool survey_translations(struct zendesk *z)
{
	for (size_t i = 0; i < unzip_count(z->m.zip); i++) {
		struct arena_mark mark = arena_mark();
		size_t before = arena_used();
		const struct json *v = read_json(z, i);

		z->taken = false;
		if (!each_of(z, v, "translations", "translation",
			     note_translation) ||
		    !end_file(z, mark, before, z->taken))
			return false;
	}
	return true;
}

static bool give_texts(struct zendesk *z)
{
	for (size_t i = 0; i < unzip_count(z->m.zip); i++) {
		struct arena_mark mark = arena_mark();
		const struct json *v = read_json(z, i);

		if (!each_of(z, v, "articles", "article", give_article) ||
		    !each_of(z, v, "translations", "translation",
			     give_translation))
			return false;
		arena_rewind(mark);
	}
	return true;
}

bool import_zendesk(int file, const struct import_about *about,
		    const struct import_sink *sink)
{
	struct zendesk *z = alloc(sizeof(*z));

	if (!import_open(&z->m, file, about, sink) || !list_files(z) ||
	    !survey(z) || !survey_translations(z))
		return false;
	shorten_locales(z);
	if (!give_places(z) || !give_texts(z))
		return false;
	z->m.entry = S("");
	if (!z->given)
		return import_refuse(&z->m, "empty");
	if (!import_give_files(&z->m))
		return false;
	import_tell_unused(&z->m);
	return true;
}
