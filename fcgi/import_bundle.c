/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A bundle (doc/knowledge-exports.md), in the order of its sums: what they
 * name and what there is must be the same. Whatever is wrong with one file is
 * told of that file, and the next one is looked at. */
#include "arena.h"
#include "digest.h"
#include "export.h"
#include "import.h"
#include "markup_article.h"
#include "unzip.h"

enum {
	MANIFEST_MAX = 4 * 1048576,
	SUMS_MAX = 1048576,
	SUM = 64, /* hex digits */
};

#define NUMBER_MAX 1000000000u

struct bundle {
	const struct import_sink *sink;
	struct unzip *zip;
	struct unzip_fault *fault;
	unsigned char *seen; /* a bit an entry */
	struct digest digest;
	/* Of lines that come in pieces: */
	char *line;
	size_t n, turn;
	bool too_long;
	const char *file;
	bool (*take)(void *to, struct str entry, struct str json);
};

static void refuse(struct bundle *b, struct str entry, const char *code)
{
	b->sink->refuse(b->sink->to, entry, code);
}

/* The ZIP's own word on one. */
static bool fault(struct bundle *b, struct str entry)
{
	refuse(b, b->fault->entry.n ? b->fault->entry : entry, b->fault->code);
	return true;
}

static bool is_sum(const struct digest *d, struct str sum)
{
	struct str raw = digest_sum(d);
	char hex[SUM + 1];

	for (size_t i = 0; i < raw.n; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)raw.p[i]);
	return str_eqz(sum, hex);
}

static void check_sum(struct bundle *b, struct str entry, struct str sum)
{
	if (!is_sum(&b->digest, sum))
		refuse(b, entry, "sum");
}

/* ---- lines ---------------------------------------------------------------- */

static bool end_line(struct bundle *b)
{
	struct arena_mark mark = arena_mark();
	struct buf entry = buf_new(64);
	bool more = true;

	buf_addf(&entry, "%s:%zu", b->file, ++b->turn);
	if (b->too_long)
		refuse(b, buf_str(&entry), "json");
	else if (b->n)
		more = b->take(b->sink->to, buf_str(&entry),
			       (struct str){ b->line, b->n });
	b->n = 0;
	b->too_long = false;
	arena_rewind(mark);
	return more;
}

static bool take_lines(void *ctx, struct str bytes)
{
	struct bundle *b = ctx;

	digest_add(&b->digest, bytes);
	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] == '\n') {
			if (!end_line(b))
				return false;
		} else if (b->n < IMPORT_JSON_MAX) {
			b->line[b->n++] = bytes.p[i];
		} else {
			b->too_long = true;
		}
	}
	return true;
}

/* False: the sink wants no more. */
static bool read_lines(struct bundle *b, size_t at, const char *file,
		       bool (*take)(void *, struct str, struct str),
		       struct str sum)
{
	b->file = file;
	b->take = take;
	b->n = b->turn = 0;
	b->fault->code = NULL;
	if (!unzip_each(b->zip, at, take_lines, b))
		return b->fault->code ? fault(b, str_of(file)) : false;
	if (b->n && !end_line(b))
		return false;
	check_sum(b, str_of(file), sum);
	return true;
}

/* ---- what has a file of its own -------------------------------------------- */

/* What is said of something, beside it. False: it is refused. */
static bool beside(struct bundle *b, struct str name, struct str *json)
{
	size_t at = unzip_find(b->zip, name);

	if (at == SIZE_MAX) {
		refuse(b, name, "missing");
		return false;
	}
	return unzip_read(b->zip, at, IMPORT_JSON_MAX, json) ||
	       (fault(b, name), false);
}

static struct str with_json(struct str name)
{
	struct buf b = buf_new(2048);

	buf_add(&b, name);
	buf_add(&b, S(".json"));
	return buf_str(&b);
}

static bool is_number(struct str s, unsigned *n)
{
	uint64_t all;

	if (!str_u64(s, NUMBER_MAX, &all) || !all || s.p[0] == '0')
		return false;
	*n = (unsigned)all;
	return true;
}

static bool read_text(struct bundle *b, size_t at, struct str name,
		      struct import_text *t, struct str sum)
{
	struct str stem = { name.p, name.n - (sizeof(".xhtml") - 1) };

	if (!unzip_read(b->zip, at, MARKUP_ARTICLE_MAX, &t->xhtml))
		return fault(b, name);
	digest_add(&b->digest, t->xhtml);
	check_sum(b, name, sum);
	return !beside(b, with_json(stem), &t->json) ||
	       b->sink->text(b->sink->to, name, t);
}

/* What is read with another file: only its sum. */
static bool read_json(struct bundle *b, size_t at, struct str name,
		      struct str sum, struct str *json)
{
	if (!unzip_read(b->zip, at, IMPORT_JSON_MAX, json)) {
		fault(b, name);
		return false;
	}
	digest_add(&b->digest, *json);
	check_sum(b, name, sum);
	return true;
}

static bool take_bytes(void *ctx, struct str bytes)
{
	struct bundle *b = ctx;

	digest_add(&b->digest, bytes);
	return b->sink->bytes(b->sink->to, bytes);
}

static bool read_file(struct bundle *b, size_t at, struct str name,
		      struct str key, struct str sum)
{
	struct str json;

	if (!beside(b, with_json(name), &json))
		return true;
	if (!b->sink->file(b->sink->to, name, key, json))
		return false;
	b->fault->code = NULL;
	if (!unzip_each(b->zip, at, take_bytes, b))
		return b->fault->code ? fault(b, name) : false;
	check_sum(b, name, sum);
	return b->sink->file_end(b->sink->to);
}

static bool strange(struct bundle *b, struct str name)
{
	refuse(b, name, "strange");
	return true;
}

/* articles/KEY/article.json, articles/KEY/LANGUAGE/NUMBER.xhtml and .json */
static bool read_article(struct bundle *b, size_t at, struct str name,
			 struct str rest, struct str sum)
{
	struct import_text t = { .article = str_cut(&rest, '/') };
	struct str json;

	if (str_eqz(rest, "article.json"))
		return !read_json(b, at, name, sum, &json) ||
		       b->sink->article(b->sink->to, name, t.article, json);
	t.language = str_cut(&rest, '/');
	if (!is_number(str_cut(&rest, '.'), &t.number))
		return strange(b, name);
	if (str_eqz(rest, "xhtml"))
		return read_text(b, at, name, &t, sum);
	if (!str_eqz(rest, "json"))
		return strange(b, name);
	(void)!read_json(b, at, name, sum, &json);
	return true;
}

static bool read_entry(struct bundle *b, size_t at, struct str name,
		       struct str sum)
{
	const struct import_sink *s = b->sink;
	struct str articles = S("articles/"), files = S("files/"), json;

	digest_begin(&b->digest, DIGEST_OF_SHA256);
	if (str_starts(name, articles))
		return read_article(b, at, name, str_from(name, articles.n),
				    sum);
	if (str_starts(name, files) && str_ends(name, S(".json"))) {
		(void)!read_json(b, at, name, sum, &json);
		return true;
	}
	if (str_starts(name, files))
		return read_file(b, at, name, str_from(name, files.n), sum);
	if (str_eqz(name, "sections.jsonl"))
		return read_lines(b, at, "sections.jsonl", s->section, sum);
	if (str_eqz(name, "redirects.jsonl"))
		return read_lines(b, at, "redirects.jsonl", s->redirect, sum);
	if (str_eqz(name, "synonyms.jsonl"))
		return read_lines(b, at, "synonyms.jsonl", s->synonyms, sum);
	return strange(b, name);
}

/* ---- sums ------------------------------------------------------------------ */

static void mark(struct bundle *b, size_t at)
{
	b->seen[at / 8] = (unsigned char)(b->seen[at / 8] | 1u << at % 8);
}

static bool is_marked(const struct bundle *b, size_t at)
{
	return b->seen[at / 8] >> at % 8 & 1;
}

/* A line of `sha256sum`: what it names is read. */
static bool read_line(struct bundle *b, struct str file, struct str line)
{
	struct arena_mark here = arena_mark();
	struct str sum = { line.p, line.n < SUM ? line.n : SUM };
	struct str name = str_from(line, sum.n);
	bool more = true;
	size_t at;

	if (sum.n < SUM || !str_starts(name, S("  "))) {
		refuse(b, file, "manifest");
		return true;
	}
	name = str_from(name, 2);
	at = unzip_find(b->zip, name);
	if (at == SIZE_MAX)
		refuse(b, name, "missing");
	else if (is_marked(b, at))
		refuse(b, name, "twice");
	else {
		mark(b, at);
		more = read_entry(b, at, name, sum);
	}
	arena_rewind(here);
	return more;
}

static bool read_sums(struct bundle *b, struct str file, struct str sum)
{
	struct arena_mark here = arena_mark();
	size_t at = unzip_find(b->zip, file);
	bool more = true;
	struct str all;

	if (at == SIZE_MAX || is_marked(b, at)) {
		refuse(b, file, at == SIZE_MAX ? "missing" : "twice");
		return true;
	}
	mark(b, at);
	if (!unzip_read(b->zip, at, SUMS_MAX, &all))
		return fault(b, file);
	digest_begin(&b->digest, DIGEST_OF_SHA256);
	digest_add(&b->digest, all);
	/* Then nothing that it says is worth anything. */
	if (!is_sum(&b->digest, sum)) {
		refuse(b, file, "sum");
		return false;
	}
	/* Names are told, and asked for. */
	if (!str_is_text(all)) {
		refuse(b, file, "manifest");
		return false;
	}
	while (all.n && more)
		more = read_line(b, file, str_cut(&all, '\n'));
	arena_rewind(here);
	return more;
}

/* The sums' sums. */
static const struct json *read_manifest(struct bundle *b)
{
	struct str name = S("manifest.json"), text;
	size_t at = unzip_find(b->zip, name);
	const struct json *v;
	uint64_t version;

	if (at == SIZE_MAX)
		return refuse(b, name, "missing"), NULL;
	if (!unzip_read(b->zip, at, MANIFEST_MAX, &text))
		return (void)fault(b, name), NULL;
	mark(b, at);
	v = str_is_text(text) ? json_parse_own(text) : NULL;
	if (!str_eqz(json_str(json_get(v, "format")), "sportello-kb") ||
	    json_kind(json_get(v, "sums")) != JSON_ARRAY)
		return refuse(b, name, "manifest"), NULL;
	if (!str_u64(json_scalar(json_get(v, "version")), UINT32_MAX,
		     &version) ||
	    version != EXPORT_FORMAT)
		return refuse(b, name, "version"), NULL;
	return v;
}

static void refuse_others(struct bundle *b)
{
	struct arena_mark here = arena_mark();

	for (size_t i = 0; i < unzip_count(b->zip); i++) {
		struct unzip_entry e;

		if (is_marked(b, i))
			continue;
		if (unzip_entry(b->zip, i, &e))
			strange(b, e.name);
		else
			fault(b, S(""));
		arena_rewind(here);
	}
}

bool import_bundle(int file, const struct import_about *about,
		   const struct import_sink *sink)
{
	struct unzip_limits limits = {
		.file = IMPORT_MAX,
		.entries = IMPORT_ENTRIES_MAX,
		.entry = IMPORT_FILE_MAX,
		.whole = IMPORT_WHOLE_MAX,
		.ratio = IMPORT_RATIO,
	};
	struct unzip_fault why = { 0 };
	struct bundle b = { .sink = sink, .fault = &why };
	const struct json *sums;

	(void)about;
	b.zip = unzip_open(file, &limits, &why);
	if (!b.zip) {
		fault(&b, S(""));
		return false;
	}
	b.seen = alloc(unzip_count(b.zip) / 8 + 1);
	b.line = alloc(IMPORT_JSON_MAX);
	sums = json_get(read_manifest(&b), "sums");
	if (!sums)
		return false;
	for (size_t i = 0; i < json_len(sums); i++)
		if (!read_sums(
			    &b,
			    json_str(json_path(json_at(sums, i), S("file"))),
			    json_str(json_path(json_at(sums, i), S("sha256")))))
			return false;
	refuse_others(&b);
	return true;
}
