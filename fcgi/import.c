/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "import.h"

#include "arena.h"
#include "cgi.h"
#include "config.h"
#include "digest.h"
#include "door.h"
#include "filetype.h"
#include "input.h"
#include "markup_article.h"
#include "picture.h"

enum {
	ROWS = 500,		/* a trip */
	ROWS_BYTES = 2621440,	/* or so many bytes of them */
	ROWS_MAX = 6 * 1048576, /* with a text that is all quotes */
	BATCH = 1048576,	/* bytes of a file a trip: four chunks */
	CHUNK = 262144,
	LINES = 200, /* of the report */
	LINE_MAX_CHARS = 200,
	IMPORT_SECONDS = 560, /* the database gives up before */
};

enum kind { ROOT, SECTION, TEXT, ARTICLE, ENTRY, REDIRECT, SYNONYMS, KINDS };

/* More of them no tenant may have. */
static const unsigned most_of[KINDS] = {
	[ROOT] = 1,
	[SECTION] = IMPORT_SECTIONS_MAX,
	[TEXT] = IMPORT_TEXTS_MAX,
	[ARTICLE] = IMPORT_ARTICLES_MAX,
	[ENTRY] = IMPORT_ENTRY_FILES_MAX,
	[REDIRECT] = IMPORT_REDIRECTS_MAX,
	[SYNONYMS] = IMPORT_SYNONYMS_MAX,
};

struct entry {
	char name[256], key[33], called[1024], id[24];
	struct buf about; /* without its last brace */
	struct digest digest;
	uint64_t size;
	char *batch;
	size_t n;
	unsigned seq;
	const char *type; /* of its first bytes */
	char type_room[128];
	unsigned width, height;
	bool refused;
};

struct import {
	struct request *r;
	const char *id;
	bool dry, over;
	struct buf rows, lines;
	unsigned n, in_rows, in_lines;
	uint64_t refused, told, row_bytes;
	unsigned of[KINDS];
	struct entry file;
};

static const struct form {
	const char *name;
	import_read *read;
} forms[] = {
	{ "any", import_any }, /* where nothing is said */
	{ "bundle", import_bundle },
	{ "trees", import_trees },
	{ "zendesk", import_zendesk },
};

/* What grows between marks has its room before. */
static struct buf room(size_t n)
{
	return (struct buf){ .p = alloc(n), .cap = n, .max = n };
}

static const char *number(uint64_t n)
{
	struct buf b = buf_new(24);

	buf_addf(&b, "%llu", (unsigned long long)n);
	return str_z(buf_str(&b));
}

/* ---- the report ---------------------------------------------------------- */

static struct str cut(struct str s)
{
	if (s.n <= LINE_MAX_CHARS)
		return s;
	s.n = LINE_MAX_CHARS;
	while (s.n && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

static void add_line(struct import *i, struct str entry, const char *code,
		     bool refused)
{
	if (i->in_lines == LINES)
		return;
	buf_add(&i->lines,
		i->in_lines++ ? S(",{\"entry\":") : S("{\"entry\":"));
	buf_json(&i->lines, cut(entry));
	buf_addf(&i->lines, ",\"code\":\"%s\",\"refused\":%s}", code,
		 refused ? "true" : "false");
}

static void refuse(void *to, struct str entry, const char *code)
{
	struct import *i = to;

	i->refused++;
	add_line(i, entry, code, true);
}

static void tell(void *to, struct str entry, const char *code)
{
	struct import *i = to;

	i->told++;
	add_line(i, entry, code, false);
}

/* ---- rows ---------------------------------------------------------------- */

static bool flush(struct import *i)
{
	union q_imports_more q = { .import = i->id };
	struct db_step step = { .query = &Q_imports_more, .values = q.v };

	cgi_go_on();
	if (!i->in_rows)
		return true;
	buf_char(&i->rows, ']');
	if (i->rows.full)
		return problem(&i->r->problem, PROBLEM_INTERNAL);
	q.rows = str_z(buf_str(&i->rows));
	i->row_bytes += i->rows.n;
	i->rows.n = 0;
	i->in_rows = 0;
	return door_run(i->r, &step, 1);
}

/* As JSON, without making more of it than must be: texts are many. */
static void add_text(struct buf *b, struct str s)
{
	buf_char(b, '"');
	for (size_t at = 0, i = 0; i <= s.n; i++) {
		char c = i < s.n ? s.p[i] : '"';
		if (c != '"' && c != '\\' && c != '\n' && c != '\t' &&
		    c != '\r')
			continue;
		buf_add(b, (struct str){ s.p + at, i - at });
		at = i + 1;
		if (i == s.n)
			break;
		buf_char(b, '\\');
		buf_char(b, c == '\n'	? 'n'
			    : c == '\t' ? 't'
			    : c == '\r' ? 'r'
					: c);
	}
	buf_char(b, '"');
}

/* False: of these there are more than can be taken in. Nothing behind is read,
 * so that what comes can't fill the disk. */
static bool begin_row(struct import *i, enum kind kind, struct str entry,
		      struct str key)
{
	struct buf *b = &i->rows;

	if (i->of[kind] == most_of[kind] || i->row_bytes > IMPORT_ROWS_MAX) {
		refuse(i, entry, "too_many");
		return false;
	}
	i->of[kind]++;
	buf_char(b, i->in_rows++ ? ',' : '[');
	buf_addf(b, "{\"n\":%u,\"kind\":%d,\"entry\":", ++i->n, kind);
	buf_json(b, cut(entry));
	buf_add(b, S(",\"key\":"));
	buf_json(b, key);
	return true;
}

static bool end_row(struct import *i)
{
	buf_char(&i->rows, '}');
	return (i->in_rows < ROWS && i->rows.n < ROWS_BYTES) || flush(i);
}

/* NULL: it is no JSON, and is refused. */
static const struct json *parse(struct import *i, struct str entry,
				struct str json)
{
	const char *why;
	const struct json *v =
		json.n <= IMPORT_JSON_MAX ? json_parse(json, &why) : NULL;

	if (json_kind(v) == JSON_OBJECT)
		return v;
	refuse(i, entry, "json");
	return NULL;
}

static bool add_row(struct import *i, enum kind kind, struct str entry,
		    struct str key, const struct json *about)
{
	if (!begin_row(i, kind, entry, key))
		return false;
	buf_add(&i->rows, S(",\"about\":"));
	json_write(&i->rows, about);
	return end_row(i);
}

/* ---- the sink ------------------------------------------------------------ */

static bool section(void *to, struct str entry, struct str json)
{
	struct import *i = to;
	const struct json *v = parse(i, entry, json);

	return !v || add_row(i, json_true(json_get(v, "root")) ? ROOT : SECTION,
			     entry, json_str(json_get(v, "key")), v);
}

static bool text(void *to, struct str entry, const struct import_text *t)
{
	struct import *i = to;
	const struct json *v = parse(i, entry, t->json);
	struct str html;

	if (!v)
		return true;
	if (t->xhtml.n > MARKUP_ARTICLE_MAX)
		return refuse(i, entry, "too_large"), true;
	if (!str_is_text(t->xhtml))
		return refuse(i, entry, "controls"), true;
	if (!markup_article(t->xhtml, &html))
		return refuse(i, entry, "text"), true;
	if (!begin_row(i, TEXT, entry, t->article))
		return false;
	buf_add(&i->rows, S(",\"language\":"));
	buf_json(&i->rows, t->language);
	buf_addf(&i->rows, ",\"number\":%u,\"about\":", t->number);
	json_write(&i->rows, v);
	buf_add(&i->rows, S(",\"html\":"));
	add_text(&i->rows, html);
	return end_row(i);
}

static bool article(void *to, struct str entry, struct str key, struct str json)
{
	struct import *i = to;
	const struct json *v = parse(i, entry, json);

	return !v || add_row(i, ARTICLE, entry, key, v);
}

static bool redirect(void *to, struct str entry, struct str json)
{
	struct import *i = to;
	const struct json *v = parse(i, entry, json);

	return !v ||
	       add_row(i, REDIRECT, entry, json_str(json_get(v, "path")), v);
}

static bool synonyms(void *to, struct str entry, struct str json)
{
	struct import *i = to;
	const struct json *v = parse(i, entry, json);

	return !v || add_row(i, SYNONYMS, entry, S(""), v);
}

/* ---- files ---------------------------------------------------------------- */

static void copy(char *to, size_t size, struct str from)
{
	if (from.n >= size)
		from.n = size - 1;
	memcpy(to, from.p, from.n);
	to[from.n] = '\0';
}

static bool file(void *to, struct str entry, struct str key, struct str json)
{
	struct import *i = to;
	struct entry *f = &i->file;
	const struct json *v = parse(i, entry, json);
	struct str name = json_str(json_get(v, "name"));

	f->refused = !v;
	f->about.n = 0;
	json_write(&f->about, v);
	copy(f->name, sizeof(f->name), cut(entry));
	copy(f->key, sizeof(f->key), key);
	copy(f->called, sizeof(f->called), name);
	if (v && (!name.n || str_chars(name) > 200 || key.n > 32)) {
		refuse(i, entry, "shape");
		f->refused = true;
	}
	*f->id = '\0';
	f->size = f->seq = f->width = f->height = 0;
	f->n = 0;
	f->type = NULL;
	digest_begin(&f->digest, DIGEST_OF_SHA256);
	return true;
}

/* What it is, by its beginning. */
static void look(struct entry *f)
{
	struct str beginning = { f->batch, f->n < CHUNK ? f->n : CHUNK };

	if (f->type)
		return;
	copy(f->type_room, sizeof(f->type_room), filetype(beginning));
	f->type = f->type_room;
	if (!picture_size(beginning, &f->width, &f->height) || !f->width ||
	    !f->height || f->width > MARKUP_SIDE_MAX ||
	    f->height > MARKUP_SIDE_MAX)
		f->width = f->height = 0;
}

static const char *hex(struct str bytes, const char *before)
{
	struct buf b = buf_new(2 * bytes.n + 3);

	buf_add(&b, str_of(before));
	for (size_t i = 0; i < bytes.n; i++)
		buf_addf(&b, "%02x", (unsigned char)bytes.p[i]);
	return str_z(buf_str(&b));
}

static bool send(struct import *i, bool last)
{
	struct entry *f = &i->file;
	bool picture;

	look(f);
	picture = f->width && !strncmp(f->type_room, "image/", 6);
	union q_imports_bytes q = {
		.import = i->id,
		.name = f->called,
		.seq = number(f->seq),
		.type = f->type,
		.sha256 = last ? hex(digest_sum(&f->digest), "\\x") : NULL,
		.width = picture ? number(f->width) : NULL,
		.height = picture ? number(f->height) : NULL,
		.scan = *config.clamd ? "t" : "f",
	};
	struct db_step step = { .query = &Q_imports_bytes,
				.values = q.v,
				.bytes = { f->batch, f->n } };

	cgi_go_on();
	if (!door_run(i->r, &step, 1))
		return false;
	copy(f->id, sizeof(f->id), step.out);
	f->seq += BATCH / CHUNK;
	f->n = 0;
	return true;
}

static bool bytes(void *to, struct str some)
{
	struct import *i = to;
	struct entry *f = &i->file;

	f->size += some.n;
	digest_add(&f->digest, some);
	cgi_go_on();
	if (!f->refused && f->size > (uint64_t)config.file_mb * 1000000) {
		f->refused = true;
		refuse(i, str_of(f->name), "too_large");
	}
	while (!i->dry && !f->refused && some.n) {
		size_t n = BATCH - f->n < some.n ? BATCH - f->n : some.n;

		/* A full one goes when it is not the last. */
		if (f->n == BATCH) {
			if (!send(i, false))
				return false;
			continue;
		}
		memcpy(f->batch + f->n, some.p, n);
		f->n += n;
		some = str_from(some, n);
	}
	return true;
}

static bool file_end(void *to)
{
	struct import *i = to;
	struct entry *f = &i->file;
	struct buf *b = &i->rows;

	if (f->refused)
		return true;
	if (!i->dry && f->n && !send(i, true))
		return false;
	if (!begin_row(i, ENTRY, str_of(f->name), str_of(f->key)))
		return false;
	/* What is ours is behind theirs, so that it counts. */
	f->about.n--;
	buf_add(b, S(",\"about\":"));
	buf_add(b, buf_str(&f->about));
	buf_addf(b, ",\"size\":%llu,\"sha256\":\"%s\",\"id\":%s}",
		 (unsigned long long)f->size, hex(digest_sum(&f->digest), ""),
		 *f->id ? f->id : "null");
	return end_row(i);
}

/* ---- all of it ------------------------------------------------------------ */

static bool begin(struct import *i)
{
	union q_imports_begin q = { .dry = i->dry ? "true" : "false" };
	struct db_step step = { .query = &Q_imports_begin, .values = q.v };
	struct db_step clear = { .query = &Q_imports_clear };

	do {
		cgi_go_on();
		if (!door_run(i->r, &clear, 1))
			return false;
	} while (str_eqz(clear.out, "more"));
	if (!door_run(i->r, &step, 1))
		return false;
	i->id = str_z(step.out);
	i->rows = room(ROWS_MAX);
	i->lines = room(LINES * 8 * LINE_MAX_CHARS);
	i->file.about = room(8 * IMPORT_JSON_MAX);
	i->file.batch = alloc(BATCH);
	return true;
}

static bool finish(struct import *i, bool whole, struct str *report)
{
	struct buf said = buf_new(LINES * 8 * LINE_MAX_CHARS + 8);
	union q_imports_finish q = {
		.import = i->id,
		.refused = number(i->refused),
		.told = number(i->told),
		.whole = whole ? "true" : "false",
		.most = number((uint64_t)config.file_mb * 1000000),
		.over = i->over ? "true" : "false",
	};
	struct db_step steps[] = {
		{ .query = &Q_imports_allow },
		{ .query = &Q_imports_finish, .values = q.v },
	};

	buf_char(&said, '[');
	buf_add(&said, buf_str(&i->lines));
	buf_char(&said, ']');
	q.said = str_z(buf_str(&said));
	cgi_go_on_for(IMPORT_SECONDS);
	if (!door_run(i->r, steps, ARRAY_LEN(steps)))
		return false;
	*report = steps[1].out;
	return true;
}

/* Whoever comes next need not wait until it is forgotten. */
static bool give_up(struct import *i)
{
	union q_imports_end q = { .import = i->id };
	struct db_step step = { .query = &Q_imports_end, .values = q.v };
	struct problem problem = i->r->problem;

	i->r->problem.kind = PROBLEM_NONE;
	if (door_run(i->r, &step, 1) || problem.kind != PROBLEM_NONE)
		i->r->problem = problem;
	return false;
}

/* Of what was to be taken in and was not, the lines are its problem. */
static bool told(struct request *r, struct str report)
{
	const struct json *errors = json_get(json_parse_own(report), "errors");
	struct buf list = buf_new(2 * report.n + 64);

	if (json_kind(errors) != JSON_ARRAY)
		return true;
	json_write(&list, errors);
	return problem_errors(&r->problem, buf_str(&list));
}

static import_read *reader(const char *form)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (!form || !strcmp(form, forms[i].name))
			return forms[i].read;
	return NULL;
}

bool import_run(struct request *r, int fd, const char *form, bool dry,
		bool over, struct str *report)
{
	struct import i = { .r = r, .dry = dry, .over = over };
	struct import_sink sink = {
		&i,	  section,  text,     article, file, bytes,
		file_end, redirect, synonyms, refuse,  tell,
	};
	const struct str *language = pairs_get(&r->query, "language");
	struct import_about about = { language ? *language : S("en") };
	import_read *read = reader(form);

	if (!read)
		return problem_field(&r->problem, S("form"), "choice");
	if (!begin(&i))
		return false;
	bool whole = read(fd, &about, &sink) && flush(&i);
	if (r->problem.kind != PROBLEM_NONE || !finish(&i, whole, report))
		return give_up(&i);
	return told(r, *report);
}
