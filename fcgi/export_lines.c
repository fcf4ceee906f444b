/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON lines: what can be taken up again after any of them. */
#include "export.h"

static bool put_line(void *ctx, struct str line)
{
	return export_put(ctx, line) && export_put(ctx, S("\n"));
}

/* Of eight bytes at once none wants a backslash: none is below the blank, and
 * with the quote's or backslash's bits turned none is zero. */
static bool are_plain(const char *p)
{
	uint64_t all, ones = 0x0101010101010101u, high = 0x8080808080808080u;
	uint64_t quote, backslash;

	memcpy(&all, p, sizeof(all));
	quote = all ^ '"' * ones;
	backslash = all ^ '\\' * ones;
	return !(((all - ' ' * ones) & ~all & high) |
		 ((quote - ones) & ~quote & high) |
		 ((backslash - ones) & ~backslash & high));
}

/* A text as it stands in JSON: of canonical XHTML little needs a backslash. */
static bool put_escaped(void *ctx, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		char escaped[8];

		if (s.n - i >= 8 && are_plain(s.p + i)) {
			i += 7;
			continue;
		}
		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		if (c < ' ')
			snprintf(escaped, sizeof(escaped), "\\u%04x", c);
		else
			snprintf(escaped, sizeof(escaped), "\\%c", c);
		if (!export_put(ctx, (struct str){ s.p + from, i - from }) ||
		    !export_put(ctx, str_of(escaped)))
			return false;
		from = i + 1;
	}
	return export_put(ctx, str_from(s, from));
}

static bool put_text(void *ctx, const struct export_text *text)
{
	struct str line = text->line;

	line.n--; /* the brace */
	return export_put(ctx, line) && export_put(ctx, S(", \"html\" : \"")) &&
	       put_escaped(ctx, text->html) && export_put(ctx, S("\"}\n"));
}

static bool put_gone(struct export *e, struct str keys)
{
	while (keys.n) {
		struct str key = str_cut(&keys, ',');
		struct buf b = buf_new(256);

		buf_addf(&b,
			 "{\"kind\" : \"gone\", \"cursor\" : \"g.%.*s\", "
			 "\"key\" : \"%.*s\"}",
			 STR_ARG(key), STR_ARG(key));
		if (!put_line(e, buf_str(&b)))
			return false;
	}
	return true;
}

bool export_lines(struct export *e)
{
	struct buf end = buf_new(256);

	if (e->line.n && !put_line(e, e->line))
		return false;
	if (!export_each_section(e, false, put_line, e))
		return false;
	for (const struct export_keys *g = e->gone; g; g = g->next)
		if (!put_gone(e, g->keys))
			return false;
	buf_addf(&end, "{\"kind\" : \"end\", \"since\" : %s}", e->as_of);
	return export_each_text(e, EXPORT_LINES, put_text, e) &&
	       put_line(e, buf_str(&end));
}
