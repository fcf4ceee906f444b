/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/downloads.h"

#include "arena.h"
#include "cgi.h"
#include "door.h"
#include "handlers/kb.h"
#include "input.h"
#include "range.h"
#include "reply.h"

#define CHUNK (256u * 1024)
/* Chunks a trip: the door costs about as much as one. */
#define AT_ONCE 32
/* What is larger is not worth a place among kept pages. */
#define KEPT_MAX (1024u * 1024)

struct download {
	struct request *r;
	const char *id;
	struct str name, type, etag;
	uint64_t size, first, last;
	uint64_t at; /* what goes out next */
	bool over;   /* the client has gone, or a chunk is not whole */
	bool shown;  /* in the page */
	bool everybodys;
};

static bool look_up(struct download *d)
{
	struct request *r = d->r;
	const struct query *q = r->route->query;
	const char **values = alloc((q->n_inputs + 1) * sizeof(*values));
	struct db_step get = { .query = q, .values = values };
	struct buf etag = buf_new(80);

	if (!input(r, q, values) || !door_run(r, &get, 1))
		return false;
	const struct json *f = json_parse_own(get.out);
	struct str state = json_str(json_get(f, "state"));
	if (!str_eqz(state, "ready"))
		return problem(&r->problem, str_eqz(state, "refused")
						    ? PROBLEM_FILE_REFUSED
						    : PROBLEM_FILE_CHECKING);
	d->id = str_z(json_scalar(json_get(f, "id")));
	d->name = json_str(json_get(f, "name"));
	d->type = json_str(json_get(f, "type"));
	d->shown = json_true(json_get(f, "shown"));
	d->everybodys = !r->token.n && json_true(json_get(f, "everybodys"));
	buf_addf(&etag, "\"%.*s\"", STR_ARG(json_str(json_get(f, "sha256"))));
	d->etag = buf_str(&etag);
	return str_u64(json_scalar(json_get(f, "size")), INT64_MAX, &d->size) ||
	       problem(&r->problem, PROBLEM_INTERNAL);
}

/* A part only of the very file that the client has the rest of. */
static enum range wanted(struct download *d)
{
	struct str same = str_of(cgi_param("HTTP_IF_RANGE"));

	d->first = 0;
	d->last = d->size - 1;
	if (same.n && !str_eq(same, d->etag))
		return RANGE_WHOLE;
	return range_read(str_of(cgi_param("HTTP_RANGE")), d->size, &d->first,
			  &d->last);
}

/* RFC 6266: for old programs what of the name is plain, then all of it. */
static void add_name(struct download *d)
{
	struct buf plain = buf_new(1024), coded = buf_new(4096);

	for (size_t i = 0; i < d->name.n; i++) {
		char c = d->name.p[i];
		bool safe = c >= ' ' && c < 127 && c != '"' && c != '\\' &&
			    c != '%' && c != ';';
		buf_char(&plain, safe ? c : '_');
	}
	buf_percent(&coded, d->name);
	buf_addf(&d->r->reply.headers,
		 "Content-Disposition: %s; filename=\"%.*s\"; "
		 "filename*=UTF-8''%.*s\r\n",
		 d->shown ? "inline" : "attachment", STR_ARG(buf_str(&plain)),
		 STR_ARG(buf_str(&coded)));
}

/* All of a picture that is not large may be kept, as pages are that show it. */
static void add_headers(struct download *d, bool whole)
{
	struct request *r = d->r;

	if (!d->everybodys)
		reply_header(r, "Cache-Control", S("private, no-cache"));
	else if (whole && d->shown && d->size <= KEPT_MAX)
		kb_keep_sent(r);
	else
		reply_header(r, "Cache-Control",
			     S("public, max-age=0, must-revalidate"));
	reply_header(r, "ETag", d->etag);
	reply_header(r, "Accept-Ranges", S("bytes"));
	/* Opened by itself it is a document: one that can do nothing. */
	reply_header(r, "Content-Security-Policy",
		     S("default-src 'none'; sandbox"));
}

/* The next chunk goes out, as much of it as is asked for. */
static bool send_chunk(struct str chunk, void *ctx)
{
	struct download *d = ctx;
	uint64_t begin = d->at - d->at % CHUNK;
	uint64_t whole = d->size - begin < CHUNK ? d->size - begin : CHUNK;

	cgi_go_on();
	if (chunk.n != whole) {
		d->over = true;
		return false;
	}
	if (d->last < begin + chunk.n)
		chunk.n = (size_t)(d->last - begin + 1);
	chunk = str_from(chunk, (size_t)(d->at - begin));
	d->over = !cgi_write(chunk);
	d->at += chunk.n;
	return !d->over;
}

static const char *number(uint64_t n)
{
	struct buf b = buf_new(24);

	buf_addf(&b, "%llu", (unsigned long long)n);
	return str_z(buf_str(&b));
}

/* Up to AT_ONCE chunks from where it is. False: none came. */
static bool send_some(struct download *d)
{
	uint64_t from = d->at, seq = d->at / CHUNK, end = d->last / CHUNK;
	union q_files_parts q = {
		.id = d->id,
		.seq = number(seq),
		.last = number(end < seq + AT_ONCE ? end : seq + AT_ONCE - 1),
	};
	struct db_step step = { .query = &Q_files_parts, .values = q.v };

	/* A trip that was ended in its middle, by a time-out or with its
	 * connection, is gone on from: what came is right. */
	if (!door_stream(d->r, &step, 1, send_chunk, d))
		d->r->problem.kind = PROBLEM_NONE;
	return !d->over && d->at > from;
}

/* Fewer bytes than were promised: the client sees it cut. */
static bool stream(struct download *d)
{
	struct arena_mark mark = arena_mark();

	for (d->at = d->first; d->at <= d->last;) {
		bool sent = send_some(d);

		arena_rewind(mark);
		if (!sent) {
			d->r->reply.cut = true;
			break;
		}
	}
	return true;
}

static bool refuse_range(struct download *d)
{
	buf_addf(&d->r->reply.headers, "Content-Range: bytes */%llu\r\n",
		 (unsigned long long)d->size);
	return problem(&d->r->problem, PROBLEM_RANGE);
}

static bool answer(struct download *d, bool part)
{
	struct request *r = d->r;

	add_headers(d, !part);
	add_name(d);
	if (part)
		buf_addf(&r->reply.headers,
			 "Content-Range: bytes %llu-%llu/%llu\r\n",
			 (unsigned long long)d->first,
			 (unsigned long long)d->last,
			 (unsigned long long)d->size);
	buf_addf(&r->reply.headers, "Content-Length: %llu\r\n",
		 (unsigned long long)(d->last - d->first + 1));
	/* What pages do not show is nothing to them but bytes. */
	reply(r, part ? 206 : 200,
	      d->shown ? str_z(d->type) : "application/octet-stream", S(""));
	r->reply.sent = true;
	if (!cgi_write(reply_head(r)))
		r->reply.cut = true;
	return r->is_head || r->reply.cut || stream(d);
}

bool downloads_get(struct request *r)
{
	struct download d = { .r = r };

	if (!look_up(&d))
		return false;
	if (range_is_known(str_of(cgi_param("HTTP_IF_NONE_MATCH")), d.etag)) {
		add_headers(&d, false);
		return reply(r, 304, NULL, S(""));
	}
	switch (wanted(&d)) {
	case RANGE_NONE:
		return refuse_range(&d);
	case RANGE_PART:
		return answer(&d, true);
	case RANGE_WHOLE:
		d.first = 0;
		d.last = d.size - 1;
		break;
	}
	return answer(&d, false);
}
