/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The attributes of the subset: which there are, what they may say, and how
 * they are written. */
#include "arena.h"
#include "markup.h"
#include "markup_article.h"
#include "markup_tree.h"

enum { ID_MAX = 64, LANGUAGE_MAX = 32, ALT_MAX = 2000, START_MAX = 999999999 };

enum value {
	ADDRESS,
	ALIGNMENT,
	ALT,
	COLUMNS,
	FIGURE,
	HEIGHT,
	ID,
	LANGUAGE,
	NOTE,
	ROWS,
	SOURCE,
	START,
	WIDTH,
};

/* An element's own stand in the order that they are written in. */
static const struct markup_attribute {
	enum markup_tag tag;
	const char *name;
	enum value value;
	enum markup_set since;
} attributes[] = {
	{ M_A, "href", ADDRESS, MARKUP_MESSAGE },
	{ M_ASIDE, "class", NOTE, MARKUP_ARTICLE },
	{ M_FIGURE, "class", FIGURE, MARKUP_ARTICLE },
	{ M_H1, "id", ID, MARKUP_ARTICLE },
	{ M_H2, "id", ID, MARKUP_ARTICLE },
	{ M_H3, "id", ID, MARKUP_ARTICLE },
	{ M_H4, "id", ID, MARKUP_ARTICLE },
	{ M_H5, "id", ID, MARKUP_ARTICLE },
	{ M_H6, "id", ID, MARKUP_ARTICLE },
	{ M_IMG, "alt", ALT, MARKUP_ARTICLE },
	{ M_IMG, "height", HEIGHT, MARKUP_ARTICLE },
	{ M_IMG, "src", SOURCE, MARKUP_ARTICLE },
	{ M_IMG, "width", WIDTH, MARKUP_ARTICLE },
	{ M_LISTING, "class", LANGUAGE, MARKUP_ARTICLE },
	{ M_OL, "start", START, MARKUP_MESSAGE },
	{ M_TD, "class", ALIGNMENT, MARKUP_MESSAGE },
	{ M_TD, "colspan", COLUMNS, MARKUP_ARTICLE },
	{ M_TD, "rowspan", ROWS, MARKUP_ARTICLE },
	{ M_TH, "class", ALIGNMENT, MARKUP_MESSAGE },
	{ M_TH, "colspan", COLUMNS, MARKUP_ARTICLE },
	{ M_TH, "rowspan", ROWS, MARKUP_ARTICLE },
};

static const char *const align_classes[] = {
	[M_ALIGN_NONE] = "",
	[M_ALIGN_LEFT] = "left",
	[M_ALIGN_CENTER] = "center",
	[M_ALIGN_RIGHT] = "right",
};

static const char *const note_classes[] = {
	[M_NOTE] = "note",
	[M_TIP] = "tip",
	[M_WARNING] = "warning",
	[M_DANGER] = "danger",
};

const struct markup_attribute *markup_attribute(enum markup_set set,
						enum markup_tag tag,
						struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
		if (attributes[i].tag == tag && attributes[i].since <= set &&
		    str_eqz(name, attributes[i].name))
			return &attributes[i];
	return NULL;
}

struct str markup_align_class(unsigned align)
{
	return str_of(align_classes[align]);
}

bool markup_align(struct str class, unsigned *align)
{
	for (unsigned i = M_ALIGN_LEFT; i < ARRAY_LEN(align_classes); i++) {
		if (!str_eqz(class, align_classes[i]))
			continue;
		*align = i;
		return true;
	}
	return false;
}

struct str markup_note_class(unsigned note)
{
	return str_of(note_classes[note]);
}

bool markup_note(struct str class, unsigned *note)
{
	for (unsigned i = 0; i < M_NOTES; i++) {
		if (!str_eqz(class, note_classes[i]))
			continue;
		*note = i;
		return true;
	}
	return false;
}

static bool is_small(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* A name in XML as well. */
bool markup_is_id(struct str id)
{
	if (!id.n || id.n > ID_MAX || id.p[0] < 'a' || id.p[0] > 'z')
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (!is_small(id.p[i]) && id.p[i] != '-')
			return false;
	return true;
}

bool markup_is_language(struct str language)
{
	if (!language.n || language.n > LANGUAGE_MAX)
		return false;
	for (size_t i = 0; i < language.n; i++)
		if (!is_small((char)(language.p[i] | 0x20)) &&
		    !(language.p[i] && strchr("0123456789+#.-", language.p[i])))
			return false;
	return true;
}

static bool take_number(unsigned *to, struct str value, unsigned least,
			unsigned most)
{
	uint64_t n;

	if (!str_u64(value, most, &n) || n < least)
		return false;
	*to = (unsigned)n;
	return true;
}

/* To a place in the same article, or what a message may link to. */
static bool take_address(enum markup_set set, struct str *to, struct str value)
{
	if (set == MARKUP_ARTICLE && str_starts(value, S("#")) &&
	    markup_is_id(str_from(value, 1)))
		*to = (struct str){ alloc_copy(value.p, value.n), value.n };
	else if (!markup_url(value, to))
		return false;
	return str_eq(*to, value);
}

static bool take_source(struct str *to, struct str value)
{
	return str_starts(value, S("/")) && markup_url(value, to) &&
	       str_eq(*to, value);
}

static bool take_language(struct str *to, struct str value)
{
	struct str language = str_from(value, sizeof("language-") - 1);

	if (!str_starts(value, S("language-")) || !markup_is_language(language))
		return false;
	*to = (struct str){ alloc_copy(language.p, language.n), language.n };
	return true;
}

/* XML reads a line's end in an attribute as a blank. */
static bool take_alt(struct str *to, struct str value)
{
	char *copy = alloc_copy(value.p, value.n);

	for (size_t i = 0; i < value.n; i++)
		if (copy[i] == '\n' || copy[i] == '\r' || copy[i] == '\t')
			copy[i] = ' ';
	*to = (struct str){ copy, value.n };
	return value.n <= ALT_MAX;
}

bool markup_take(enum markup_set set, struct markup *node,
		 const struct markup_attribute *attribute, struct str value)
{
	switch (attribute->value) {
	case ADDRESS:
		return take_address(set, &node->text, value);
	case SOURCE:
		return take_source(&node->text, value);
	case ALT:
		return take_alt(&node->alt, value);
	case ID:
		node->text =
			(struct str){ alloc_copy(value.p, value.n), value.n };
		return markup_is_id(value);
	case LANGUAGE:
		return take_language(&node->text, value);
	case ALIGNMENT:
		return markup_align(value, &node->number);
	case NOTE:
		return markup_note(value, &node->number);
	case FIGURE:
		node->number = M_VIDEO;
		return str_eqz(value, "video");
	case START:
		return take_number(&node->number, value, 0, START_MAX);
	case COLUMNS:
	case WIDTH:
		return take_number(&node->width, value, 1,
				   attribute->value == WIDTH
					   ? MARKUP_SIDE_MAX
					   : MARKUP_COLUMNS_MAX);
	case ROWS:
	case HEIGHT:
		return take_number(&node->height, value, 1,
				   attribute->value == HEIGHT
					   ? MARKUP_SIDE_MAX
					   : MARKUP_COLUMNS_MAX);
	}
	return false;
}

/* A picture without words for it has empty ones. */
bool markup_is_whole(const struct markup *node)
{
	return (node->tag != M_A && node->tag != M_IMG) || node->text.n;
}

static void write_value(struct buf *b, const char *name, struct str value)
{
	buf_char(b, ' ');
	buf_add(b, str_of(name));
	buf_add(b, S("=\""));
	buf_html(b, value);
	buf_char(b, '"');
}

static void write_number(struct buf *b, const char *name, unsigned number,
			 unsigned unless)
{
	if (number != unless)
		buf_addf(b, " %s=\"%u\"", name, number);
}

static void write_class(struct buf *b, const char *prefix, struct str class)
{
	if (class.n)
		buf_addf(b, " class=\"%s%.*s\"", prefix, STR_ARG(class));
}

static void write_attribute(struct buf *b, const struct markup *node,
			    const struct markup_attribute *a)
{
	switch (a->value) {
	case ADDRESS:
	case SOURCE:
		write_value(b, a->name, node->text);
		return;
	case ALT:
		write_value(b, a->name, node->alt);
		return;
	case ID:
		if (node->text.n)
			write_value(b, a->name, node->text);
		return;
	case LANGUAGE:
		write_class(b, "language-", node->text);
		return;
	case ALIGNMENT:
		write_class(b, "", markup_align_class(node->number));
		return;
	case NOTE:
		write_class(b, "", markup_note_class(node->number));
		return;
	case FIGURE:
		write_class(b, "", node->number ? S("video") : S(""));
		return;
	case START:
		write_number(b, a->name, node->number, 1);
		return;
	case COLUMNS:
		write_number(b, a->name, node->width ? node->width : 1, 1);
		return;
	case ROWS:
		write_number(b, a->name, node->height ? node->height : 1, 1);
		return;
	case WIDTH:
		write_number(b, a->name, node->width, 0);
		return;
	case HEIGHT:
		write_number(b, a->name, node->height, 0);
		return;
	}
}

void markup_write_attributes(struct buf *b, const struct markup *node)
{
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
		if (attributes[i].tag == node->tag)
			write_attribute(b, node, &attributes[i]);
}
