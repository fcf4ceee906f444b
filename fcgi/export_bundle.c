/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* All of it, for another installation: what comes of taking it in there is the
 * same bundle again. Sums of 500 files each stand in files of their own, and
 * their sums in the manifest, which is the last. */
#include "arena.h"
#include "digest.h"
#include "export.h"
#include "zip.h"

enum {
	SUMS = 500,
	SUMS_MAX = 128 * 1024,
	MANIFEST_MAX = 256 * 1024,
	ENTRY_MAX = 4 * 1024 * 1024,
};

struct bundle {
	struct export *e;
	struct zip *zip;
	struct buf sums, manifest;
	unsigned n_sums, in_sums;
	uint64_t sections, articles, texts, files, redirects, synonyms;
	uint64_t *lines; /* which of them put_line() counts */
	struct digest digest;
	struct str open;
};

static struct str sum_of(const struct digest *d)
{
	struct str raw = digest_sum(d);
	struct buf b = buf_new(80);

	for (size_t i = 0; i < raw.n; i++)
		buf_addf(&b, "%02x", (unsigned char)raw.p[i]);
	return buf_str(&b);
}

static bool begin(struct bundle *b, const char *name)
{
	b->open = str_of(name);
	digest_begin(&b->digest, DIGEST_OF_SHA256);
	return zip_begin(b->zip, b->open, UINT32_MAX / 2);
}

static bool add(struct bundle *b, struct str bytes)
{
	digest_add(&b->digest, bytes);
	return zip_add(b->zip, bytes);
}

/* What grows between marks has its room before. */
static struct buf room(size_t n)
{
	return (struct buf){ .p = alloc(n), .cap = n, .max = n };
}

/* Emptied, its room is used again. */
static void empty(struct buf *b)
{
	b->n = 0;
}

static bool end_sums(struct bundle *b)
{
	char name[32];

	if (!b->in_sums)
		return true;
	snprintf(name, sizeof(name), "sums/%05u.sha256", ++b->n_sums);
	if (!begin(b, name) || !add(b, buf_str(&b->sums)) || !zip_end(b->zip))
		return false;
	buf_addf(&b->manifest,
		 "%s\n    {\"file\": \"%s\", \"sha256\": \"%.*s\"}",
		 b->n_sums > 1 ? "," : "", name, STR_ARG(sum_of(&b->digest)));
	empty(&b->sums);
	b->in_sums = 0;
	return true;
}

/* As sha256sum writes and checks them. */
static bool end(struct bundle *b)
{
	if (!zip_end(b->zip))
		return false;
	buf_addf(&b->sums, "%.*s  %.*s\n", STR_ARG(sum_of(&b->digest)),
		 STR_ARG(b->open));
	return ++b->in_sums < SUMS || end_sums(b);
}

static bool put(struct bundle *b, const char *name, struct str text)
{
	return begin(b, name) && add(b, text) && end(b);
}

static bool put_section(void *ctx, struct str line)
{
	struct bundle *b = ctx;

	b->sections++;
	return add(b, line) && add(b, S("\n"));
}

static bool put_sections(struct bundle *b)
{
	struct buf root = buf_new(65536 + 64);

	if (!begin(b, "sections.jsonl"))
		return false;
	if (b->e->root.n > 4) { /* not null */
		buf_addf(&root, "{\"root\": true, \"audience\": %.*s}\n",
			 STR_ARG(b->e->root));
		if (!add(b, buf_str(&root)))
			return false;
	}
	return export_each_section(b->e, true, put_section, b) && end(b);
}

static struct str json_text(const struct json *v)
{
	struct buf b = buf_new(256 * 1024);

	json_write(&b, v);
	return buf_str(&b);
}

/* A text, the list of which is in the article's own file behind the last. */
static bool put_text(void *ctx, const struct export_text *t)
{
	struct bundle *b = ctx;
	const struct json *article = json_get(t->about, "article");
	struct str number = json_scalar(json_get(t->about, "number"));
	struct str language = t->language;
	char name[160];
	struct buf about = buf_new(256 * 1024);

	snprintf(name, sizeof(name), "articles/%.*s/%.*s/%.*s.xhtml",
		 STR_ARG(t->key), STR_ARG(language), STR_ARG(number));
	if (!put(b, name, t->html))
		return false;
	snprintf(name, sizeof(name), "articles/%.*s/%.*s/%.*s.json",
		 STR_ARG(t->key), STR_ARG(language), STR_ARG(number));
	buf_add(&about, json_text(json_get(t->about, "text")));
	buf_char(&about, '\n');
	b->texts++;
	if (about.full || !put(b, name, buf_str(&about)))
		return false;
	if (json_kind(article) != JSON_OBJECT)
		return true;
	snprintf(name, sizeof(name), "articles/%.*s/article.json",
		 STR_ARG(t->key));
	empty(&about);
	buf_add(&about, json_text(article));
	buf_char(&about, '\n');
	b->articles++;
	return !about.full && put(b, name, buf_str(&about));
}

/* ---- files, redirects, synonyms ---- */

static bool begin_file(void *ctx, const struct export_file *f)
{
	struct bundle *b = ctx;
	char name[64];

	snprintf(name, sizeof(name), "files/%.*s", STR_ARG(f->key));
	b->files++;
	return begin(b, str_z(str_of(name)));
}

static bool add_bytes(void *ctx, struct str bytes)
{
	return add(ctx, bytes);
}

static bool end_file(void *ctx, const struct export_file *f)
{
	struct buf about = buf_new(16384);
	char name[64];

	snprintf(name, sizeof(name), "files/%.*s.json", STR_ARG(f->key));
	buf_add(&about, f->about);
	buf_char(&about, '\n');
	return end(ctx) && put(ctx, name, buf_str(&about));
}

static bool put_line(void *ctx, struct str line)
{
	struct bundle *b = ctx;

	++*b->lines;
	return add(b, line) && add(b, S("\n"));
}

static bool put_others(struct bundle *b)
{
	if (!b->e->others)
		return true;
	b->lines = &b->redirects;
	if (!begin(b, "redirects.jsonl") ||
	    !export_each_redirect(b->e, put_line, b) || !end(b))
		return false;
	b->lines = &b->synonyms;
	return begin(b, "synonyms.jsonl") &&
	       export_each_synonym(b->e, put_line, b) && end(b);
}

static bool put_manifest(struct bundle *b)
{
	buf_addf(&b->manifest,
		 "\n  ],\n  \"sections\": %llu,\n  \"articles\": %llu,\n"
		 "  \"texts\": %llu,\n  \"files\": %llu,\n"
		 "  \"redirects\": %llu,\n  \"synonyms\": %llu\n}\n",
		 (unsigned long long)b->sections,
		 (unsigned long long)b->articles, (unsigned long long)b->texts,
		 (unsigned long long)b->files, (unsigned long long)b->redirects,
		 (unsigned long long)b->synonyms);
	return !b->manifest.full && begin(b, "manifest.json") &&
	       add(b, buf_str(&b->manifest)) && zip_end(b->zip) &&
	       zip_finish(b->zip);
}

bool export_bundle(struct export *e)
{
	struct export_file file = { .begin = begin_file,
				    .bytes = add_bytes,
				    .end = end_file };
	struct bundle b = {
		.e = e,
		.zip = zip_new(export_put, e),
		.sums = room(SUMS_MAX),
		.manifest = room(MANIFEST_MAX),
	};

	buf_addf(&b.manifest,
		 "{\n  \"format\": \"sportello-kb\",\n  \"version\": %d,\n"
		 "  \"sums\": [",
		 EXPORT_FORMAT);
	return put_sections(&b) &&
	       export_each_text(e, EXPORT_WHOLE, put_text, &b) &&
	       export_each_file(e, &file, &b) && put_others(&b) &&
	       end_sums(&b) && put_manifest(&b);
}
