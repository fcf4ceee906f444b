/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/exports.h"

#include <time.h>

#include "arena.h"
#include "catalog.h"
#include "cgi.h"
#include "csv.h"
#include "door.h"
#include "input.h"
#include "reply.h"

/* A cell that begins so is a text's key; without a dot, one of a column. */
#define KEY '\x1e'
#define KEYS "csv."
/* Programs that open CSV by a click know by it that this is UTF-8. */
#define MARK "\xef\xbb\xbf"

struct export
{
	struct request *r;
	const struct catalog *lang;
	bool begun;
};

static const struct catalog *language(const struct request *r)
{
	const struct str *asked = pairs_get(&r->query, "lang");
	const struct catalog *c = asked ? catalog_find(*asked) : NULL;

	if (!c)
		c = r->lang;
	if (!c)
		c = catalog_negotiate(r->accept_language);
	return c ? c : catalog_find(S("en"));
}

/* /api/tickets.csv is tickets-2026-11-23.csv */
static void add_name(struct request *r)
{
	struct str rest = str_from(r->path, sizeof("/api/") - 1);
	struct str noun = str_cut(&rest, '.');
	time_t now = time(NULL);
	struct tm day;
	char date[16];

	gmtime_r(&now, &day);
	strftime(date, sizeof(date), "%Y-%m-%d", &day);
	buf_addf(&r->reply.headers,
		 "Content-Disposition: attachment; "
		 "filename=\"%.*s-%s.csv\"\r\n",
		 STR_ARG(noun), date);
}

static bool begin(struct export *e)
{
	struct request *r = e->r;

	e->begun = true;
	reply_header(r, "Cache-Control", S("private, no-store"));
	add_name(r);
	reply(r, 200, "text/csv; charset=utf-8; header=present", S(""));
	r->reply.sent = true;
	return cgi_write(reply_head(r)) && (r->is_head || cgi_write(S(MARK)));
}

static struct str text_of(const struct export *e, struct str name)
{
	struct buf key = buf_new(64);

	if (!memchr(name.p, '.', name.n))
		buf_add(&key, S(KEYS));
	buf_add(&key, name);
	return catalog_text(e->lang, buf_str(&key), 0, NULL);
}

static bool send_row(const struct export *e, struct str row)
{
	size_t cells = csv_cells(row);
	struct buf line = buf_new(2 * row.n + 300 * cells);

	for (size_t i = 0; i < cells; i++) {
		struct str cell = str_cut(&row, CSV_PART);
		if (cell.n && cell.p[0] == KEY)
			cell = text_of(e, str_from(cell, 1));
		csv_cell(&line, i, cell);
	}
	buf_add(&line, S("\r\n"));
	return !line.full && cgi_write(buf_str(&line));
}

static bool take(struct str row, void *ctx)
{
	struct export *e = ctx;
	struct arena_mark mark = arena_mark();
	bool ok = (e->begun || begin(e)) && !e->r->is_head && send_row(e, row);

	arena_rewind(mark);
	cgi_go_on();
	return ok;
}

bool exports_csv(struct request *r)
{
	struct export e = { .r = r, .lang = language(r) };
	const struct query *q = r->route->query;
	const char **values = alloc((q->n_inputs + 1) * sizeof(*values));
	struct db_step steps[] = {
		{ .query = &Q_exports_begin },
		{ .query = q, .values = values },
	};

	if (!input(r, q, values))
		return false;
	bool done = door_stream(r, steps, ARRAY_LEN(steps), take, &e);
	if (!done && !e.begun)
		return false;
	if (!done || (!e.begun && !begin(&e)))
		r->reply.cut = true;
	return true;
}
