/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists as Word copies them: paragraphs with "mso-list:l0 level2 lfo1", each
 * with a number or bullet in a span of "mso-list:Ignore". */
#include "arena.h"
#include "markup_html.h"

enum { LEVELS_MAX = 9 };

struct level {
	unsigned level;
	struct markup *list;
};

/* The level that its style says; 0 for none. */
static unsigned level_of(const xmlNode *x)
{
	struct str style = html_get(x, "style");
	const char *list = style.n ? strcasestr(style.p, "mso-list:") : NULL;
	const char *level = list ? strcasestr(list, "level") : NULL;

	if (!level || level[5] < '1' || level[5] > '9')
		return 0;
	return (unsigned)(level[5] - '0');
}

bool html_is_listed(const xmlNode *x)
{
	return html_is(x, "p") && level_of(x);
}

/* What stands before the text: Word's own number or bullet. */
static const xmlNode *mark_of(const xmlNode *x)
{
	for (const xmlNode *c = x->children; c; c = c->next) {
		const xmlNode *found;

		if (c->type == XML_TEXT_NODE)
			return c;
		found = mark_of(c);
		if (found)
			return found;
	}
	return NULL;
}

/* "1." and "a)" count. */
static bool is_numbered(const xmlNode *x)
{
	const xmlNode *text = mark_of(x);
	struct str mark =
		str_trim(text ? str_of((const char *)text->content) : S(""));
	char last;

	if (mark.n < 2 || mark.n > 8)
		return false;
	last = mark.p[mark.n - 1];
	return last == '.' || last == ')';
}

static const xmlNode *next_listed(const xmlNode *x)
{
	for (x = x->next; x && x->type == XML_TEXT_NODE &&
			  !str_trim(str_of((const char *)x->content)).n;)
		x = x->next;
	return x && html_is_listed(x) ? x : NULL;
}

/* The list of that level; deeper ones end. NULL where there can't be one. */
static struct markup *list_at(struct html *h, struct level *open, size_t *n,
			      const xmlNode *x)
{
	unsigned level = level_of(x);
	struct markup *above, *to = h->b.to;

	while (*n && open[*n - 1].level > level)
		--*n;
	if (*n && open[*n - 1].level == level)
		return open[*n - 1].list;
	above = *n ? open[*n - 1].list->last : to;
	h->b.to = above;
	above = html_block(h, is_numbered(x) ? M_OL : M_UL);
	h->b.to = to;
	if (!above)
		return NULL;
	above->number = 1;
	open[(*n)++] = (struct level){ level, above };
	return above;
}

const xmlNode *html_word_list(struct html *h, const xmlNode *first)
{
	struct level open[LEVELS_MAX];
	size_t n = 0;
	const xmlNode *last = first;

	for (const xmlNode *x = first; x && !h->b.full; x = next_listed(x)) {
		struct markup *list = list_at(h, open, &n, x);

		last = x;
		if (list)
			html_within(h, x, build_add(&h->b, list, M_LI), false);
		else
			html_within(h, x, h->b.to, h->b.flat);
	}
	return last;
}
