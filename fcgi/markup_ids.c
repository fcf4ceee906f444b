/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids of headings: of their text where there is none, each once in a text. */
#include "markup_ids.h"

#include "arena.h"
#include "markup_article.h"

/* Room is left for a number behind. */
enum { SLUG_MAX = 48, BUCKETS = 1024 };

/* An id that is taken; of one that others are made of, the last number. */
struct taken {
	struct str id;
	unsigned last;
	struct taken *next;
};

struct ids {
	struct taken *buckets[BUCKETS];
};

static struct taken **bucket(struct ids *ids, struct str id)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < id.n; i++)
		hash = (hash ^ (unsigned char)id.p[i]) * 16777619u;
	return &ids->buckets[hash % BUCKETS];
}

static struct taken *find(struct ids *ids, struct str id)
{
	for (struct taken *t = *bucket(ids, id); t; t = t->next)
		if (str_eq(t->id, id))
			return t;
	return NULL;
}

static void take(struct ids *ids, struct str id)
{
	struct taken **at = bucket(ids, id);
	struct taken *t = alloc(sizeof(*t));

	*t = (struct taken){ .id = id, .last = 1, .next = *at };
	*at = t;
}

/* The letter without its accent for U+00C0 to U+017F; '?' for none. */
static char plain(unsigned code)
{
	static const char letters[] =
		"aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty"
		"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
		"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

	_Static_assert(sizeof(letters) == 193, "one for each");
	return code >= 0xc0 && code < 0x180 ? letters[code - 0xc0] : '?';
}

/* The next character of the slug, '-' for all that is no letter, and 0 for
 * what is left out. */
static char next(struct str *s)
{
	unsigned char c = (unsigned char)s->p[0];
	unsigned code;

	if (c < 0x80 || (c & 0xe0) != 0xc0 || s->n < 2) {
		*s = str_from(*s, 1);
		if (c >= 'A' && c <= 'Z')
			return (char)(c | 0x20);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			return (char)c;
		return c < 0x80 && c != '\'' ? '-' : 0;
	}
	code = (unsigned)(c & 0x1f) << 6 | ((unsigned char)s->p[1] & 0x3f);
	*s = str_from(*s, 2);
	return plain(code) == '?' ? 0 : plain(code);
}

struct slug {
	char p[SLUG_MAX];
	size_t n;
	bool gap;
};

static void add_slug(struct slug *slug, struct str text)
{
	while (text.n && slug->n < SLUG_MAX - 1) {
		char c = next(&text);

		if (c == '-')
			slug->gap = slug->n > 0;
		if (c == '-' || !c || (!slug->n && c <= '9'))
			continue; /* an id begins with a letter */
		if (slug->gap)
			slug->p[slug->n++] = '-';
		slug->gap = false;
		slug->p[slug->n++] = c;
	}
}

static void slug_of(struct slug *slug, const struct markup *node)
{
	if (node->tag == M_BR)
		slug->gap = slug->n > 0;
	add_slug(slug, node->tag == M_TEXT ? node->text : node->alt);
	for (const struct markup *c = node->first; c; c = c->next)
		slug_of(slug, c);
}

/* Of a text without Latin letters (Japanese): section, section-2 … */
static struct str base_of(const struct markup *heading)
{
	struct slug slug = { .n = 0 };

	slug_of(&slug, heading);
	if (!slug.n)
		return S("section");
	return (struct str){ alloc_copy(slug.p, slug.n), slug.n };
}

static struct str give(struct ids *ids, const struct markup *heading)
{
	struct str base = base_of(heading), id = base;
	struct taken *first = find(ids, base);

	while (first && find(ids, id)) {
		struct buf b = buf_new(SLUG_MAX + 16);

		buf_addf(&b, "%.*s-%u", STR_ARG(base), ++first->last);
		id = buf_str(&b);
	}
	take(ids, id);
	return id;
}

static void keep(struct ids *ids, struct markup *node)
{
	if (markup_is_heading(node->tag) && node->text.n) {
		if (find(ids, node->text))
			node->text = S("");
		else
			take(ids, node->text);
	}
	for (struct markup *c = node->first; c; c = c->next)
		keep(ids, c);
}

static void fill(struct ids *ids, struct markup *node)
{
	if (markup_is_heading(node->tag) && !node->text.n)
		node->text = give(ids, node);
	for (struct markup *c = node->first; c; c = c->next)
		fill(ids, c);
}

void markup_identify(struct markup *doc)
{
	struct ids *ids = alloc(sizeof(*ids));

	keep(ids, doc);
	fill(ids, doc);
}

static void collect(struct markup_ids *all, const struct markup *node)
{
	if (markup_is_heading(node->tag))
		take(all->ids, node->text);
	for (const struct markup *c = node->first; c; c = c->next)
		collect(all, c);
}

struct markup_ids markup_ids(const struct markup *doc)
{
	struct markup_ids all = { .ids = alloc(sizeof(*all.ids)) };

	collect(&all, doc);
	return all;
}

bool markup_has_id(struct markup_ids all, struct str id)
{
	return find(all.ids, id);
}
