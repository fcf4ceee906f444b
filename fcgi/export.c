/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "export.h"

#include "arena.h"
#include "cgi.h"
#include "door.h"
#include "input.h"
#include "zip.h"

enum {
	SINK = 256 * 1024,
	AT_ONCE = 100, /* articles a trip */
	TRIES = 3,
	CHUNK = 256 * 1024, /* of a file */
	CHUNKS = 8,	    /* a trip */
};

/* ---- where it goes ------------------------------------------------------- */

bool export_flush(struct export *e)
{
	struct export_sink *s = &e->sink;
	bool done;

	/* However long this takes, nothing of the database waits for it. */
	db_wait();
	done = !s->n || cgi_write((struct str){ s->p, s->n });

	s->n = 0;
	cgi_go_on();
	return done;
}

static bool send(struct export *e, struct str bytes)
{
	struct export_sink *s = &e->sink;

	while (bytes.n) {
		size_t n = SINK - s->n < bytes.n ? SINK - s->n : bytes.n;

		memcpy(s->p + s->n, bytes.p, n);
		s->n += n;
		bytes = str_from(bytes, n);
		if (s->n == SINK && !export_flush(e))
			return false;
	}
	return true;
}

bool export_put(void *export, struct str bytes)
{
	struct export *e = export;
	struct export_sink *s = &e->sink;
	uint64_t at = s->at;

	s->at += bytes.n;
	if (s->counts || s->at <= s->first)
		return true;
	if (s->at > s->last) {
		s->over = true;
		bytes.n -= (size_t)(s->at - s->last - 1);
	}
	if (at < s->first)
		bytes = str_from(bytes, (size_t)(s->first - at));
	return send(e, bytes) && !s->over;
}

/* ---- trips --------------------------------------------------------------- */

struct row {
	struct str text;
	struct row *next;
};

struct rows {
	struct row *first, **last;
};

static bool keep(struct str text, void *ctx)
{
	struct rows *rows = ctx;
	struct row *row = alloc(sizeof(*row));

	row->text = (struct str){ alloc_copy(text.p, text.n), text.n };
	*rows->last = row;
	rows->last = &row->next;
	return true;
}

/* A connection that ended is gone on from: nothing of the trip is out yet. */
static bool trip(struct export *e, const struct query *q,
		 const char *const *values, struct rows *rows)
{
	struct db_step step = { .query = q, .values = values };

	for (int i = 0; i < TRIES; i++) {
		*rows = (struct rows){ .last = &rows->first };
		cgi_go_on();
		if (door_stream(e->r, &step, 1, keep, rows))
			return true;
		if (e->r->problem.kind != PROBLEM_UNAVAILABLE)
			break;
		if (i + 1 < TRIES)
			e->r->problem.kind = PROBLEM_NONE;
	}
	return false;
}

/* ---- what it holds ------------------------------------------------------- */

static size_t number(const struct json *v)
{
	uint64_t n;

	return str_u64(json_scalar(v), SIZE_MAX / 64, &n) ? (size_t)n : 0;
}

static void take_head(struct export *e, struct str text)
{
	const struct json *h = json_parse_own(text);
	struct buf root = buf_new(65536);

	e->as_of = str_z(json_scalar(json_get(h, "as_of")));
	e->tag = json_str(json_get(h, "tag"));
	e->name = json_str(json_get(h, "name"));
	e->locale = json_str(json_get(h, "language"));
	e->changed_at = json_str(json_get(h, "changed_at"));
	e->begins = json_true(json_get(h, "begins"));
	json_write(&root, json_get(h, "root"));
	e->root = buf_str(&root);
	e->sections = alloc((number(json_get(h, "sections")) + 1) *
			    sizeof(*e->sections));
	e->articles = alloc((number(json_get(h, "articles")) + 1) *
			    sizeof(*e->articles));
	e->files =
		alloc((number(json_get(h, "files")) + 1) * sizeof(*e->files));
	e->others = json_str(json_get(h, "others")).n > 0;
}

static void take_ids(struct str list, int64_t *ids, size_t *n)
{
	while (list.n) {
		uint64_t id;

		if (str_u64(str_cut(&list, ','), INT64_MAX, &id))
			ids[(*n)++] = (int64_t)id;
	}
}

/* A row goes at once: of what it says little is kept. */
static bool take_list(struct str row, void *ctx)
{
	struct export *e = ctx;
	struct str rest = str_from(row, 1);
	struct export_keys *gone;

	switch (row.p[0]) {
	case 'h':
		take_head(e, rest);
		break;
	case 'l':
		e->line = str_of(str_z(rest));
		break;
	case 's':
		take_ids(rest, e->sections, &e->n_sections);
		break;
	case 'a':
		take_ids(rest, e->articles, &e->n_articles);
		break;
	case 'f':
		take_ids(rest, e->files, &e->n_files);
		break;
	case 'g':
		gone = alloc(sizeof(*gone));
		gone->keys = str_of(str_z(rest));
		*e->last_gone = gone;
		e->last_gone = &gone->next;
		break;
	default:
		return false;
	}
	return true;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

bool export_open(struct export *e, struct request *r, const char *format)
{
	union q_exports_kb_list q;
	struct db_step step = { .query = &Q_exports_kb_list, .values = q.v };

	*e = (struct export){ .r = r, .format = format };
	e->last_gone = &e->gone;
	if (!input(r, &Q_exports_kb_list, q.v))
		return false;
	q.format = format;
	e->language = q.language;
	if (!door_stream(r, &step, 1, take_list, e))
		return false;
	if (e->begins) {
		struct str rest = str_of(q.after);
		str_cut(&rest, '.');
		str_cut(&rest, '.');
		e->after_language = str_z(rest);
	}
	e->sorted = alloc((e->n_articles + 1) * sizeof(*e->sorted));
	memcpy(e->sorted, e->articles, e->n_articles * sizeof(*e->sorted));
	qsort(e->sorted, e->n_articles, sizeof(*e->sorted), by_number);
	e->sink = (struct export_sink){ .p = alloc(SINK),
					.last = UINT64_MAX - 1 };
	return true;
}

/* ---- walks --------------------------------------------------------------- */

static const char *list_of(const int64_t *ids, size_t n)
{
	struct buf b = buf_new(24 * AT_ONCE);

	for (size_t i = 0; i < n; i++)
		buf_addf(&b, i ? ",%lld" : "%lld", (long long)ids[i]);
	return str_z(buf_str(&b));
}

bool export_each_section(struct export *e, bool whole, export_take_line *take,
			 void *ctx)
{
	const struct str *top = pairs_get(&e->r->query, "section");
	struct arena_mark mark = arena_mark();
	size_t n;

	for (size_t i = 0; i < e->n_sections; i += n) {
		struct rows rows;

		n = e->n_sections - i < AT_ONCE ? e->n_sections - i : AT_ONCE;
		union q_exports_kb_sections q = {
			.ids = list_of(e->sections + i, n),
			.whole = whole ? "true" : "false",
			.top = top ? str_z(*top) : NULL,
		};
		if (!trip(e, &Q_exports_kb_sections, q.v, &rows))
			return false;
		for (struct row *row = rows.first; row; row = row->next)
			if (!take(ctx, row->text))
				return false;
		arena_rewind(mark);
	}
	return true;
}

struct walk {
	struct export *e;
	enum export_form form;
	export_take *take;
	void *ctx;
	size_t at;   /* the article that the next trip begins with */
	size_t step; /* how many it asks for: what is not brought is work */
	char language[64], number[24]; /* what came last of it; or empty */
};

/* The trip that begins where the walk is. */
static void ask(struct walk *w)
{
	struct export *e = w->e;
	size_t n = e->n_articles - w->at < w->step ? e->n_articles - w->at
						   : w->step;
	const char *last = *w->language ? w->language : NULL;
	union q_exports_kb_whole whole = {
		.ids = list_of(e->articles + w->at, n),
		.last_language = last,
		.last_number = last ? w->number : NULL,
		.as_of = e->as_of,
		.language = e->language,
	};
	union q_exports_kb_texts texts = {
		.form = w->form == EXPORT_LINES	   ? "lines"
			: w->form == EXPORT_TITLES ? "titles"
						   : "texts",
		.ids = whole.ids,
		.last_language = last,
		.as_of = e->as_of,
		.language = e->language,
	};
	struct db_step step = { .query = &Q_exports_kb_texts,
				.values = texts.v };

	if (w->form == EXPORT_WHOLE)
		step = (struct db_step){ .query = &Q_exports_kb_whole,
					 .values = whole.v };
	door_ask(e->r, &step, 1);
}

/* A connection that ended is gone on from: nothing of the trip is out yet. */
static bool answer(struct walk *w, struct db_rows *rows)
{
	struct problem *problem = &w->e->r->problem;

	for (int i = 0; i < TRIES; i++) {
		cgi_go_on();
		if (door_answer(w->e->r, rows))
			return true;
		if (problem->kind != PROBLEM_UNAVAILABLE || i + 1 == TRIES)
			break;
		problem->kind = PROBLEM_NONE;
		ask(w);
	}
	return false;
}

static struct export_text text_of(struct str row, struct str *place,
				  struct str *version)
{
	struct str about = str_cut(&row, '\n');
	struct export_text text = { .html = row };

	text.about = json_parse_own(str_from(about, 1));
	text.key = json_str(json_get(text.about, "key"));
	text.language = json_str(json_get(text.about, "language"));
	text.title = json_str(json_get(text.about, "title"));
	text.section = json_str(json_get(text.about, "section"));
	*place = json_scalar(json_get(text.about, "n"));
	*version = json_scalar(json_get(text.about, "number"));
	return text;
}

static struct export_text line_of(struct str row, struct str *place)
{
	struct export_text text = { .line = str_cut(&row, '\n'), .html = row };

	text.line = str_from(text.line, 1);
	*place = str_cut(&text.line, '\t');
	text.language = str_cut(&text.line, '\t');
	return text;
}

/* Where a trip that did not bring all is gone on from: behind that row. */
static void note(struct walk *w, struct str row)
{
	struct str place, version = S("");
	struct export_text text = w->form == EXPORT_LINES
					  ? line_of(row, &place)
					  : text_of(row, &place, &version);
	uint64_t n;

	if (!str_u64(place, AT_ONCE, &n) || !n)
		return;
	w->at += (size_t)n - 1;
	snprintf(w->language, sizeof(w->language), "%.*s",
		 STR_ARG(text.language));
	snprintf(w->number, sizeof(w->number), "%.*s", STR_ARG(version));
}

/* To where the next trip begins. */
static void go_on(struct walk *w, const struct db_rows *rows)
{
	size_t begin = w->at, n = rows->n;

	if (!n || db_row_text(rows, n - 1).p[0] != 'm') {
		w->at = begin + w->step;
		w->step = w->step < AT_ONCE / 2 ? 2 * w->step : AT_ONCE;
		*w->language = '\0';
		return;
	}
	if (n > 1)
		note(w, db_row_text(rows, n - 2));
	w->step = w->at - begin + 8;
	if (w->step > AT_ONCE)
		w->step = AT_ONCE;
}

static bool take_rows(struct walk *w, const struct db_rows *rows)
{
	struct str place, version;

	for (size_t i = 0; i < rows->n; i++) {
		struct arena_mark mark = arena_mark();
		struct str row = db_row_text(rows, i);

		if (row.p[0] == 'm')
			return true;
		struct export_text text =
			w->form == EXPORT_LINES
				? line_of(row, &place)
				: text_of(row, &place, &version);
		if (!w->take(w->ctx, &text))
			return false;
		arena_rewind(mark);
		db_take_in();
	}
	return true;
}

/* The next trip is asked for before the rows of this one are gone through. */
bool export_each_text(struct export *e, enum export_form form,
		      export_take *take, void *ctx)
{
	struct walk w = {
		.e = e, .form = form, .take = take, .ctx = ctx, .step = AT_ONCE
	};
	struct arena_mark mark = arena_mark();
	struct db_rows rows;
	bool ok = true;

	if (e->after_language)
		snprintf(w.language, sizeof(w.language), "%s",
			 e->after_language);
	if (e->n_articles)
		ask(&w);
	while (ok && w.at < e->n_articles) {
		if (!answer(&w, &rows))
			return false;
		go_on(&w, &rows);
		if (w.at < e->n_articles)
			ask(&w);
		ok = take_rows(&w, &rows);
		db_rows_clear(&rows);
		arena_rewind(mark);
	}
	db_drop();
	return ok;
}

/* ---- files --------------------------------------------------------------- */

struct bytes {
	export_take_line *take;
	void *ctx;
	uint64_t left;
};

static bool send_chunks(struct bytes *b, const struct rows *rows)
{
	for (struct row *row = rows->first; row; row = row->next) {
		if (row->text.n != (b->left < CHUNK ? b->left : CHUNK))
			return false;
		b->left -= row->text.n;
		if (!b->take(b->ctx, row->text))
			return false;
	}
	return rows->first != NULL;
}

static const char *decimal(uint64_t n)
{
	struct buf b = buf_new(24);

	buf_addf(&b, "%llu", (unsigned long long)n);
	return str_z(buf_str(&b));
}

static bool each_chunk(struct export *e, const char *id, struct bytes *b)
{
	struct arena_mark mark = arena_mark();

	for (uint64_t seq = 0; b->left; seq += CHUNKS) {
		union q_files_parts q = {
			.id = id,
			.seq = decimal(seq),
			.last = decimal(seq + CHUNKS - 1),
		};
		struct rows rows;

		if (!trip(e, &Q_files_parts, q.v, &rows) ||
		    !send_chunks(b, &rows))
			return false;
		arena_rewind(mark);
	}
	return true;
}

static bool take_file(struct export *e, struct export_file *file, void *ctx,
		      struct str row)
{
	const struct json *f = json_parse_own(row);
	struct bytes b = { .take = file->bytes, .ctx = ctx };
	struct buf about = buf_new(16384);

	json_write(&about, json_get(f, "about"));
	file->key = json_str(json_get(f, "key"));
	file->about = buf_str(&about);
	return str_u64(json_str(json_get(f, "size")), INT64_MAX, &b.left) &&
	       file->begin(ctx, file) &&
	       each_chunk(e, str_z(json_str(json_get(f, "id"))), &b) &&
	       file->end(ctx, file);
}

bool export_each_file(struct export *e, struct export_file *file, void *ctx)
{
	struct arena_mark mark = arena_mark();
	size_t n;

	for (size_t i = 0; i < e->n_files; i += n) {
		struct rows rows;

		n = e->n_files - i < AT_ONCE ? e->n_files - i : AT_ONCE;
		union q_exports_kb_files q = { .ids = list_of(e->files + i,
							      n) };
		if (!trip(e, &Q_exports_kb_files, q.v, &rows))
			return false;
		for (struct row *row = rows.first; row; row = row->next)
			if (!take_file(e, file, ctx, row->text))
				return false;
		arena_rewind(mark);
	}
	return true;
}

/* ---- redirects and synonyms ---------------------------------------------- */

bool export_each_redirect(struct export *e, export_take_line *take, void *ctx)
{
	struct arena_mark mark = arena_mark();
	char last[4096] = "";
	bool more = e->others;

	while (more) {
		union q_exports_kb_redirects q = { .last = *last ? last
								 : NULL };
		struct rows rows;
		struct row *row;

		if (!trip(e, &Q_exports_kb_redirects, q.v, &rows))
			return false;
		more = rows.first != NULL;
		for (row = rows.first; row; row = row->next) {
			if (!take(ctx, row->text))
				return false;
			if (!row->next)
				snprintf(last, sizeof(last), "%.*s",
					 STR_ARG(json_str(json_get(
						 json_parse_own(row->text),
						 "path"))));
		}
		arena_rewind(mark);
	}
	return true;
}

bool export_each_synonym(struct export *e, export_take_line *take, void *ctx)
{
	struct rows rows;

	if (!e->others)
		return true;
	if (!trip(e, &Q_exports_kb_synonyms, NULL, &rows))
		return false;
	for (struct row *row = rows.first; row; row = row->next)
		if (!take(ctx, row->text))
			return false;
	return true;
}

/* ---- for formats that are read ------------------------------------------- */

struct str export_lang(const struct export *e)
{
	return e->language ? str_of(e->language) : e->locale;
}

static bool first_name(struct str key, const struct json *v, void *ctx)
{
	(void)key;
	*(struct str *)ctx = json_str(v);
	return false;
}

static void copy(char *to, size_t size, struct str from)
{
	snprintf(to, size, "%.*s", STR_ARG(from));
}

static bool take_section(void *ctx, struct str line)
{
	struct export *e = ctx;
	struct export_section *s = &e->tree[e->n_tree];
	const struct json *about = json_parse_own(line);
	const struct json *names = json_get(about, "names");
	struct str name = json_str(json_get(names, str_z(export_lang(e))));

	if (!name.n)
		name = json_str(json_get(names, str_z(e->locale)));
	if (!name.n)
		json_each(names, first_name, &name);
	copy(s->key, sizeof(s->key), json_str(json_get(about, "key")));
	copy(s->name, sizeof(s->name), name);
	s->parent = export_find(e, json_str(json_get(about, "parent")));
	e->n_tree++;
	return true;
}

bool export_tree(struct export *e)
{
	e->n_tree = 0;
	e->found = NULL;
	e->tree = alloc((e->n_sections + 1) * sizeof(*e->tree));
	return export_each_section(e, true, take_section, e);
}

const struct export_section *export_find(struct export *e, struct str key)
{
	if (!key.n)
		return NULL;
	if (e->found && str_eqz(key, e->found->key))
		return e->found;
	for (size_t i = 0; i < e->n_tree; i++)
		if (str_eqz(key, e->tree[i].key))
			return e->found = &e->tree[i];
	return NULL;
}

static bool put_section(void *zip, struct str line)
{
	return zip_add(zip, line) && zip_add(zip, S("\n"));
}

bool export_sections(struct export *e, struct zip *zip)
{
	struct buf root = buf_new(65536 + 64);

	if (!zip_begin(zip, S("sections.jsonl"), UINT32_MAX / 2))
		return false;
	if (e->root.n > 4) { /* not null */
		buf_addf(&root, "{\"root\": true, \"audience\": %.*s}\n",
			 STR_ARG(e->root));
		if (!zip_add(zip, buf_str(&root)))
			return false;
	}
	return export_each_section(e, true, put_section, zip) && zip_end(zip);
}

static bool holds(const struct export *e, struct str id)
{
	uint64_t n;
	int64_t wanted;

	if (!str_u64(id, INT64_MAX, &n))
		return false;
	wanted = (int64_t)n;
	return bsearch(&wanted, e->sorted, e->n_articles, sizeof(wanted),
		       by_number);
}

/* Of /kb/a/KEY#part: KEY. */
static struct str key_in(struct str address, struct str *part)
{
	struct str before = S("/kb/a/");

	*part = S("");
	if (!str_starts(address, before))
		return S("");
	*part = str_from(address, before.n);
	return str_cut(part, '#');
}

struct export_link export_where(const struct export *e,
				const struct export_text *from,
				struct str address)
{
	const struct json *links = json_get(from->about, "links");
	struct export_link to = { .key = key_in(address, &to.part) };

	for (size_t i = 0; to.key.n && i < json_len(links); i++) {
		const struct json *link = json_at(links, i);

		to.language = json_str(json_at(link, 2));
		if (str_eq(to.key, json_str(json_at(link, 0))) &&
		    (!e->language || str_eqz(to.language, e->language)) &&
		    holds(e, json_str(json_at(link, 1))))
			return to;
	}
	struct buf whole = buf_new(8192);
	if (str_starts(address, S("/")))
		buf_add(&whole, e->r->own_origin);
	buf_add(&whole, address);
	return (struct export_link){ .address = buf_str(&whole) };
}
