/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON lines: what can be taken up again after any of them. */
#include "export.h"

static bool put_line(void *ctx, struct str line)
{
	return export_put(ctx, line) && export_put(ctx, S("\n"));
}

static bool put_text(void *ctx, const struct export_text *text)
{
	return put_line(ctx, text->line);
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
