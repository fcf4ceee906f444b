/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/downloads.h"

#include "arena.h"
#include "cgi.h"
#include "door.h"
#include "input.h"
#include "range.h"
#include "reply.h"

#define CHUNK (256u * 1024)
/* Chunks a trip. */
#define AT_ONCE 4

struct download {
	struct request *r;
	const char *id;
	struct str name, type, etag;
	uint64_t size, first, last;
	bool shown; /* in the page */
};

static bool look_up(struct download *d)
{
	struct request *r = d->r;
	union q_files_get q;
	struct db_step get = { .query = &Q_files_get, .values = q.v };
	struct buf etag = buf_new(80);

	if (!input(r, &Q_files_get, q.v) || !door_run(r, &get, 1))
		return false;
	const struct json *f = json_parse_own(get.out);
	struct str state = json_str(json_get(f, "state"));
	if (!str_eqz(state, "ready"))
		return problem(&r->problem, str_eqz(state, "refused")
						    ? PROBLEM_FILE_REFUSED
						    : PROBLEM_FILE_CHECKING);
	d->id = q.id;
	d->name = json_str(json_get(f, "name"));
	d->type = json_str(json_get(f, "type"));
	d->shown = json_true(json_get(f, "shown"));
	buf_addf(&etag, "\"%.*s\"", STR_ARG(json_str(json_get(f, "sha256"))));
	d->etag = buf_str(&etag);
	return str_u64(json_scalar(json_get(f, "size")), INT64_MAX, &d->size) ||
	       problem(&r->problem, PROBLEM_INTERNAL);
}

/* Does an If-None-Match name it? */
static bool is_known(const struct download *d)
{
	struct str list = str_of(cgi_param("HTTP_IF_NONE_MATCH"));

	while (list.n) {
		struct str tag = str_trim(str_cut(&list, ','));
		if (str_starts(tag, S("W/")))
			tag = str_from(tag, 2);
		if (str_eqz(tag, "*") || str_eq(tag, d->etag))
			return true;
	}
	return false;
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

static void add_headers(struct download *d)
{
	struct request *r = d->r;

	reply_header(r, "Cache-Control", S("private, no-cache"));
	reply_header(r, "ETag", d->etag);
	reply_header(r, "Accept-Ranges", S("bytes"));
	/* Opened by itself it is a document: one that can do nothing. */
	reply_header(r, "Content-Security-Policy",
		     S("default-src 'none'; sandbox"));
}

/* The bytes of one chunk that are asked for. */
static struct str part_of(const struct download *d, struct str chunk,
			  uint64_t seq)
{
	uint64_t begin = seq * CHUNK;
	uint64_t skip = d->first > begin ? d->first - begin : 0;

	if (d->last < begin + chunk.n)
		chunk.n = (size_t)(d->last - begin + 1);
	return str_from(chunk, (size_t)skip);
}

/* Up to AT_ONCE chunks from seq on; false: no more can be sent. */
static bool send_some(struct download *d, uint64_t seq, uint64_t end)
{
	struct db_step steps[AT_ONCE];
	size_t n = 0;

	for (; n < AT_ONCE && seq + n <= end; n++) {
		union q_files_part *q = alloc(sizeof(*q));
		struct buf number = buf_new(24);

		buf_addf(&number, "%llu", (unsigned long long)(seq + n));
		q->id = d->id;
		q->seq = str_z(buf_str(&number));
		steps[n] = (struct db_step){ .query = &Q_files_part,
					     .values = q->v };
	}
	if (!door_run(d->r, steps, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		cgi_go_on();
		if (!cgi_write(part_of(d, steps[i].out, seq + i)))
			return false;
	}
	return true;
}

static bool stream(struct download *d)
{
	uint64_t end = d->last / CHUNK;
	struct arena_mark mark = arena_mark();

	for (uint64_t seq = d->first / CHUNK; seq <= end; seq += AT_ONCE) {
		bool sent = send_some(d, seq, end);

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

	add_headers(d);
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
	if (is_known(&d)) {
		add_headers(&d);
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
