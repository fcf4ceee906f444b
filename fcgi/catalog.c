/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "catalog.h"

#include <dirent.h>
#include <errno.h>

#include "arena.h"
#include "catalog_time.h"
#include "plural.h"
#include "po.h"

/* Where X-Date-Time is not given, and where there is no catalogue. */
#define DATE_TIME S("%Y-%m-%D %H:%M")

enum {
	CATALOGS_MAX = 64,
	FILE_MAX = 4 * 1024 * 1024,
	TEXT_MAX = 1024 * 1024,
	FALLBACKS_MAX = 4,
	MONTHS = 12,
};

struct entry {
	struct entry *next; /* in its bucket */
	struct str key;
	struct str id[2];		    /* English, singular and plural */
	struct str forms[PLURAL_FORMS_MAX]; /* empty: not translated */
	size_t n;
};

struct catalog {
	struct str lang, name, dir, fallback;
	struct str date_time, date, months[MONTHS];
	const struct plural *plural;
	struct entry **buckets;
	size_t n_buckets, n_entries; /* buckets: a power of two */
};

static struct catalog *catalogs[CATALOGS_MAX];
static size_t n_catalogs;

static struct str keep(struct str s)
{
	return (struct str){ alloc_forever_copy(s.p, s.n), s.n };
}

/* FNV-1a: keys are ours, nobody can choose them to collide. */
static uint32_t hash(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h;
}

static struct entry **bucket(const struct catalog *c, struct str key)
{
	return &c->buckets[hash(key) & (c->n_buckets - 1)];
}

static struct entry *entry_find(const struct catalog *c, struct str key)
{
	for (struct entry *e = *bucket(c, key); e; e = e->next)
		if (str_eq(e->key, key))
			return e;
	return NULL;
}

/* Twice the buckets, once entries outnumber them. */
static void grow(struct catalog *c)
{
	struct entry **old = c->buckets;
	size_t n = c->n_buckets;

	if (c->n_entries < n)
		return;
	c->n_buckets = n ? n * 2 : 256;
	c->buckets = alloc_forever(c->n_buckets * sizeof(struct entry *));
	for (size_t i = 0; i < n; i++)
		for (struct entry *e = old[i], *next; e; e = next) {
			struct entry **at = bucket(c, e->key);

			next = e->next;
			e->next = *at;
			*at = e;
		}
}

static bool has_month_name(struct str pattern)
{
	return pattern.n && memmem(pattern.p, pattern.n, "%B", 2);
}

static bool read_months(struct catalog *c, struct str names)
{
	for (size_t i = 0; i < MONTHS; i++) {
		c->months[i] = keep(str_trim(str_cut(&names, '|')));
		if (!c->months[i].n)
			return false;
	}
	return names.n == 0;
}

static struct str field_or(struct str header, const char *name,
			   struct str otherwise)
{
	struct str value = po_field(header, name);

	return keep(value.n ? value : otherwise);
}

static bool read_header(struct catalog *c, struct str header, const char **why)
{
	struct str months = po_field(header, "X-Months");

	*why = "the header's Language is not the file's name";
	if (!str_eq(po_field(header, "Language"), c->lang))
		return false;
	c->name = field_or(header, "X-Language-Name", c->lang);
	c->dir = field_or(header, "X-Direction", S("ltr"));
	c->fallback = field_or(header, "X-Fallback", S("en"));
	c->date_time = field_or(header, "X-Date-Time", DATE_TIME);
	c->date = field_or(header, "X-Date", c->date_time);
	*why = "X-Direction is neither ltr nor rtl";
	if (!str_eqz(c->dir, "ltr") && !str_eqz(c->dir, "rtl"))
		return false;
	*why = "X-Date-Time knows only %d %D %m %Y %B %H %M %%";
	if (!catalog_time_is_pattern(c->date_time))
		return false;
	*why = "X-Date knows only %d %D %m %Y %B %%";
	if (!catalog_time_is_pattern(c->date))
		return false;
	*why = "X-Months needs twelve names with | between";
	if ((months.n || has_month_name(c->date_time) ||
	     has_month_name(c->date)) &&
	    !read_months(c, months))
		return false;
	c->plural = plural_parse(po_field(header, "Plural-Forms"), why);
	return c->plural;
}

static bool add_entry(struct catalog *c, const struct po_message *m,
		      const char **why)
{
	struct entry *e = alloc_forever(sizeof(*e));
	struct entry **at;

	*why = "the key (msgctxt) is there twice";
	grow(c);
	if (entry_find(c, m->context))
		return false;
	*e = (struct entry){ .key = keep(m->context), .n = m->n };
	e->id[0] = keep(m->id);
	e->id[1] = keep(m->has_plural ? m->plural : m->id);
	for (size_t i = 0; i < m->n && !m->fuzzy; i++)
		e->forms[i] = keep(m->forms[i]);
	at = bucket(c, e->key);
	e->next = *at;
	*at = e;
	c->n_entries++;
	return true;
}

static bool read_message(const struct po_message *m, void *ctx,
			 const char **why)
{
	struct catalog *c = ctx;

	if (!c->plural) {
		*why = "the first message is not the header (msgid \"\")";
		return !m->has_context && !m->id.n &&
		       read_header(c, m->forms[0], why);
	}
	*why = "a message without its key (msgctxt)";
	if (!m->has_context || !m->context.n)
		return false;
	*why = "a msgstr[n] for each of nplurals forms, not more or less";
	if (m->has_plural && m->n != plural_forms(c->plural))
		return false;
	return add_entry(c, m, why);
}

/* By tag, so that languages are always listed in the same order. */
static void insert(struct catalog *c)
{
	size_t i = n_catalogs++;

	for (; i > 0; i--) {
		const char *before = catalogs[i - 1]->lang.p;

		if (strcmp(before, c->lang.p) < 0)
			break;
		catalogs[i] = catalogs[i - 1];
	}
	catalogs[i] = c;
}

static bool read_catalog(struct str lang, struct str text, const char **why)
{
	struct catalog *c = alloc_forever(sizeof(*c));

	c->lang = keep(lang);
	grow(c);
	if (!po_parse(text, read_message, c, why))
		return false;
	*why = "there is no header";
	if (!c->plural)
		return false;
	*why = "there are more than 64 catalogues";
	if (n_catalogs == CATALOGS_MAX)
		return false;
	insert(c);
	return true;
}

#ifdef SPORTELLO_TEST
bool catalog_add(struct str lang, struct str po, const char **why)
{
	return read_catalog(lang, po, why);
}

void catalog_forget(void)
{
	n_catalogs = 0;
}
#endif

static bool read_file(const char *path, struct str *text, const char **why)
{
	FILE *f = fopen(path, "rb");
	char *p;

	if (!f) {
		*why = strerror(errno);
		return false;
	}
	p = alloc(FILE_MAX);
	*text = (struct str){ p, fread(p, 1, FILE_MAX, f) };
	fclose(f);
	*why = "the file is larger than 4 MiB";
	return text->n < FILE_MAX;
}

static bool load_file(const char *dir, const char *name, const char **why)
{
	struct buf path = buf_new(4096), say = buf_new(8192);
	struct str lang = str_of(name), text;
	const char *fault;

	lang.n -= 3; /* .po */
	buf_addf(&path, "%s/%s", dir, name);
	if (read_file(str_z(buf_str(&path)), &text, &fault) &&
	    read_catalog(lang, text, &fault))
		return true;
	buf_addf(&say, "%.*s: %s", STR_ARG(buf_str(&path)), fault);
	*why = str_z(buf_str(&say));
	return false;
}

/* Following the fallbacks comes to English; else *why is whose do not. */
static bool check_fallbacks(const char **why)
{
	for (size_t i = 0; i < n_catalogs; i++) {
		const struct catalog *c = catalogs[i];
		size_t steps = 0;

		while (c && !str_eqz(c->lang, "en") && steps++ < FALLBACKS_MAX)
			c = catalog_find(c->fallback);
		if (c && str_eqz(c->lang, "en"))
			continue;
		*why = str_z(catalogs[i]->lang);
		return false;
	}
	return true;
}

bool catalog_load(const char *dir, const char **why)
{
	DIR *d = opendir(dir);
	struct dirent *file;
	struct buf say = buf_new(8192);
	bool ok = true;

	n_catalogs = 0;
	if (!d) {
		buf_addf(&say, "%s: %s", dir, strerror(errno));
		*why = str_z(buf_str(&say));
		return false;
	}
	while (ok && (file = readdir(d)))
		if (str_ends(str_of(file->d_name), S(".po")))
			ok = load_file(dir, file->d_name, why);
	closedir(d);
	if (!ok || check_fallbacks(why))
		return ok;
	buf_addf(&say, "%s/%s.po: X-Fallback does not lead to en", dir, *why);
	*why = str_z(buf_str(&say));
	return false;
}

const struct catalog *catalog_find(struct str lang)
{
	for (size_t i = 0; i < n_catalogs; i++)
		if (catalogs[i]->lang.n == lang.n && lang.n &&
		    strncasecmp(catalogs[i]->lang.p, lang.p, lang.n) == 0)
			return catalogs[i];
	return NULL;
}

/* "de-CH-1901", "de-CH", "de": the first that there is (RFC 4647, 3.4). */
static const struct catalog *lookup(struct str tag)
{
	const struct catalog *c = catalog_find(tag);

	while (!c && tag.n) {
		while (tag.n && tag.p[tag.n - 1] != '-')
			tag.n--;
		if (tag.n)
			c = catalog_find((struct str){ tag.p, --tag.n });
	}
	return c;
}

/* "q=0.8" in thousandths; 1000 for none, 0 for what is malformed. */
static unsigned quality(struct str parameter)
{
	struct str q = str_trim(parameter);
	uint64_t whole, thousandths = 0;
	struct str digits;

	if (!q.n)
		return 1000;
	if (!str_starts(q, S("q=")))
		return 0;
	q = str_from(q, 2);
	digits = q;
	q = str_cut(&digits, '.');
	if (!str_u64(q, 1, &whole) || digits.n > 3)
		return 0;
	if (digits.n && !str_u64(digits, 999, &thousandths))
		return 0;
	for (size_t i = digits.n; i < 3; i++)
		thousandths *= 10;
	if (whole)
		return thousandths ? 0 : 1000;
	return (unsigned)thousandths;
}

size_t catalog_wanted(struct str accept_language, size_t n,
		      const struct catalog **best)
{
	unsigned weights[CATALOG_WANTED_MAX];
	size_t count = 0;

	while (accept_language.n && count < n && count < CATALOG_WANTED_MAX) {
		struct str q = str_cut(&accept_language, ',');
		const struct catalog *c = lookup(str_trim(str_cut(&q, ';')));
		unsigned weight = quality(q);
		size_t i;

		if (!c || !weight)
			continue;
		/* Behind its equals, which came first. */
		for (i = count++; i && weights[i - 1] < weight; i--) {
			best[i] = best[i - 1];
			weights[i] = weights[i - 1];
		}
		best[i] = c;
		weights[i] = weight;
	}
	return count;
}

const struct catalog *catalog_negotiate(struct str accept_language)
{
	const struct catalog *best[CATALOG_WANTED_MAX];

	return catalog_wanted(accept_language, ARRAY_LEN(best), best) ? best[0]
								      : NULL;
}

const struct catalog *catalog_at(size_t i)
{
	return i < n_catalogs ? catalogs[i] : NULL;
}

struct str catalog_lang(const struct catalog *c)
{
	return c ? c->lang : S("en");
}

struct str catalog_name(const struct catalog *c)
{
	return c ? c->name : S("English");
}

struct str catalog_dir(const struct catalog *c)
{
	return c ? c->dir : S("ltr");
}

static struct str entry_text(const struct catalog *c, const struct entry *e,
			     const uint64_t *count)
{
	size_t form = count && e->n > 1 ? plural_form(c->plural, *count) : 0;

	return e->forms[form];
}

/* The text as it stands in the catalogue, with its placeholders. */
static struct str raw_text(const struct catalog *c, struct str key,
			   const uint64_t *count)
{
	const struct catalog *en = catalog_find(S("en"));
	struct str english = key;

	for (size_t i = 0; i <= FALLBACKS_MAX; i++) {
		const struct entry *e = c ? entry_find(c, key) : NULL;

		if (e && entry_text(c, e, count).n)
			return entry_text(c, e, count);
		if (e)
			english = e->id[count && *count != 1];
		if (c == en)
			break;
		c = c ? catalog_find(c->fallback) : en;
		c = c ? c : en;
	}
	return english;
}

static const struct str *arg_find(size_t n, const struct catalog_arg *args,
				  struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqz(name, args[i].name))
			return &args[i].value;
	return NULL;
}

/* Puts the values in the place of {their names}; an unknown one stays. */
static struct str fill(struct str text, struct str count, size_t n,
		       const struct catalog_arg *args)
{
	struct buf b = buf_new(TEXT_MAX);

	while (text.n) {
		struct str rest = text;
		struct str before = str_cut(&rest, '{');
		struct str name = str_cut(&rest, '}');
		const struct str *value = arg_find(n, args, name);

		buf_add(&b, before);
		if (before.n == text.n)
			break;
		text = str_from(text, before.n + 1);
		if (!value && count.n && str_eqz(name, "n"))
			value = &count;
		if (!value) {
			buf_char(&b, '{');
			continue;
		}
		buf_add(&b, *value);
		text = rest;
	}
	return buf_str(&b);
}

struct str catalog_text(const struct catalog *c, struct str key, size_t n,
			const struct catalog_arg *args)
{
	struct str text = raw_text(c, key, NULL);

	return n ? fill(text, S(""), n, args) : text;
}

struct str catalog_plural(const struct catalog *c, struct str key,
			  uint64_t count, size_t n,
			  const struct catalog_arg *args)
{
	struct buf digits = buf_new(24);

	buf_addf(&digits, "%llu", (unsigned long long)count);
	return fill(raw_text(c, key, &count), buf_str(&digits), n, args);
}

struct str catalog_date(const struct catalog *c, struct str iso8601,
			struct str time_zone)
{
	struct str pattern = c ? c->date : DATE_TIME;

	return catalog_time_write(pattern, c ? c->months : NULL, iso8601,
				  time_zone);
}

struct str catalog_time(const struct catalog *c, struct str iso8601,
			struct str time_zone)
{
	struct str pattern = c ? c->date_time : DATE_TIME;

	return catalog_time_write(pattern, c ? c->months : NULL, iso8601,
				  time_zone);
}

/* A pattern from the hour on; all of it where a date comes behind that. */
static struct str of_day(struct str pattern)
{
	const char *from = strstr(str_z(pattern), "%H");

	for (const char *p = from; p && *p; p++)
		if (p[0] == '%' && p[1] && strchr("dDmYB", p[1]))
			return pattern;
	return from ? str_of(from) : pattern;
}

struct str catalog_time_until(const struct catalog *c, struct str iso8601,
			      struct str since, struct str time_zone)
{
	struct str pattern = c ? c->date_time : DATE_TIME, day = S("%Y-%m-%D");

	if (str_eq(catalog_time_write(day, NULL, iso8601, time_zone),
		   catalog_time_write(day, NULL, since, time_zone)))
		pattern = of_day(pattern);
	return catalog_time_write(pattern, c ? c->months : NULL, iso8601,
				  time_zone);
}
