/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "markup_lines.h"

struct lines lines_new(struct buf *b, bool trim)
{
	return (struct lines){
		.b = b, .start = b->n, .fresh = true, .trim = trim
	};
}

void lines_put(struct lines *l, struct str s)
{
	if (s.n && l->fresh) {
		buf_add(l->b, (struct str){ l->prefix, l->n });
		l->start = l->b->n;
		l->fresh = false;
	}
	buf_add(l->b, s);
}

void lines_char(struct lines *l, char c)
{
	lines_put(l, (struct str){ &c, 1 });
}

static void trim(struct buf *b)
{
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
}

void lines_end(struct lines *l)
{
	if (l->fresh)
		buf_add(l->b, (struct str){ l->prefix, l->n });
	if (l->fresh || l->trim)
		trim(l->b);
	buf_char(l->b, '\n');
	l->fresh = true;
}

void lines_text(struct lines *l, struct str s)
{
	for (;;) {
		struct str rest = s, line = str_cut(&rest, '\n');

		lines_put(l, line);
		if (line.n == s.n)
			return;
		lines_end(l);
		s = rest;
	}
}

void lines_push(struct lines *l, struct str first, struct str others)
{
	lines_put(l, first);
	l->start = l->b->n;
	if (others.n > LINES_PREFIX_MAX - l->n)
		return; /* deeper than any article */
	memcpy(l->prefix + l->n, others.p, others.n);
	l->n += others.n;
}

bool lines_at_start(const struct lines *l)
{
	return l->fresh || l->b->n == l->start;
}

char lines_last(const struct lines *l)
{
	return lines_at_start(l) || l->b->full ? 0 : l->b->p[l->b->n - 1];
}

struct str lines_str(struct lines *l)
{
	if (l->trim)
		trim(l->b);
	return buf_str(l->b);
}
