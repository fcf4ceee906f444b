/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/kb_exports.h"

#include "arena.h"
#include "cgi.h"
#include "digest.h"
#include "export.h"
#include "range.h"
#include "reply.h"
#include "zip.h"

struct answer {
	struct request *r;
	const struct export_format *format;
	struct export export;
	struct str etag;
	uint64_t size, first, last;
};

static const struct export_format *format_of(const struct request *r)
{
	struct str name = r->path;

	str_cut(&name, '.');
	return export_format(name);
}

static bool is_archive(const struct export_format *f)
{
	return f->make != export_lines;
}

/* Of the list, of what addresses begin with, and of what packs it. */
static struct str etag_of(const struct export *e)
{
	struct digest d;
	struct buf b = buf_new(128), whole = buf_new(2048);

	buf_addf(&whole, "%.*s|%.*s|%d|%s", STR_ARG(e->tag),
		 STR_ARG(e->r->own_origin), EXPORT_FORMAT, zip_maker());
	digest_begin(&d, DIGEST_OF_SHA256);
	digest_add(&d, buf_str(&whole));
	struct str sum = digest_sum(&d);
	buf_char(&b, '"');
	for (size_t i = 0; i < sum.n / 2; i++)
		buf_addf(&b, "%02x", (unsigned char)sum.p[i]);
	buf_char(&b, '"');
	return buf_str(&b);
}

static void add_headers(struct answer *a)
{
	struct request *r = a->r;

	reply_header(r, "Cache-Control", S("private, no-cache"));
	reply_header(r, "ETag", a->etag);
	reply_header(r, "Accept-Ranges",
		     is_archive(a->format) ? S("bytes") : S("none"));
	reply_header(r, "Sportello-As-Of", str_of(a->export.as_of));
}

/* All of it is made, and only counted. */
static bool measure(struct answer *a)
{
	struct arena_mark mark = arena_mark();

	a->export.sink.counts = true;
	if (!a->format->make(&a->export))
		return a->r->problem.kind != PROBLEM_NONE
			       ? false
			       : problem(&a->r->problem, PROBLEM_INTERNAL);
	a->size = a->export.sink.at;
	a->export.sink.at = 0;
	a->export.sink.counts = false;
	arena_rewind(mark);
	return true;
}

static enum range wanted(struct answer *a, bool *failed)
{
	struct str range = str_of(cgi_param("HTTP_RANGE"));
	struct str same = str_of(cgi_param("HTTP_IF_RANGE"));

	if (!range.n || !is_archive(a->format) ||
	    (same.n && !str_eq(same, a->etag)))
		return RANGE_WHOLE;
	*failed = !measure(a);
	return *failed ? RANGE_NONE
		       : range_read(range, a->size, &a->first, &a->last);
}

static bool refuse_range(struct answer *a)
{
	buf_addf(&a->r->reply.headers, "Content-Range: bytes */%llu\r\n",
		 (unsigned long long)a->size);
	return problem(&a->r->problem, PROBLEM_RANGE);
}

static void add_part(struct answer *a)
{
	buf_addf(&a->r->reply.headers,
		 "Content-Range: bytes %llu-%llu/%llu\r\n"
		 "Content-Length: %llu\r\n",
		 (unsigned long long)a->first, (unsigned long long)a->last,
		 (unsigned long long)a->size,
		 (unsigned long long)(a->last - a->first + 1));
	a->export.sink.first = a->first;
	a->export.sink.last = a->last;
}

/* What fails from here on cuts it. */
static bool send_it(struct answer *a, bool part)
{
	struct request *r = a->r;

	add_headers(a);
	if (part)
		add_part(a);
	buf_addf(&r->reply.headers,
		 "Content-Disposition: attachment; filename=\"%s\"\r\n",
		 a->format->file);
	reply(r, part ? 206 : 200, a->format->type, S(""));
	r->reply.sent = true;
	if (!cgi_write(reply_head(r)))
		r->reply.cut = true;
	if (r->is_head || r->reply.cut)
		return true;
	bool made = a->format->make(&a->export) || a->export.sink.over;
	if (!made || !export_flush(&a->export))
		r->reply.cut = true;
	return true;
}

bool kb_export(struct request *r)
{
	struct answer a = { .r = r, .format = format_of(r) };
	bool failed = false;

	if (!a.format)
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	if (!export_open(&a.export, r, a.format->name))
		return false;
	a.etag = etag_of(&a.export);
	if (range_is_known(str_of(cgi_param("HTTP_IF_NONE_MATCH")), a.etag)) {
		add_headers(&a);
		return reply(r, 304, NULL, S(""));
	}
	switch (wanted(&a, &failed)) {
	case RANGE_NONE:
		return failed ? false : refuse_range(&a);
	case RANGE_PART:
		return send_it(&a, true);
	case RANGE_WHOLE:
		break;
	}
	return send_it(&a, false);
}
