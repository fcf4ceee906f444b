/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/files.h"

#include "arena.h"
#include "cgi.h"
#include "config.h"
#include "door.h"
#include "filetype.h"
#include "input.h"
#include "log.h"
#include "reply.h"
#include "tus.h"

#define CHUNK (256u * 1024)
/* What a trip takes: the door and a commit cost as much as a chunk does. */
#define BATCH (2 * CHUNK)
#define SECOND 1000000u
/* Of a slow one what is there is kept this often. */
#define KEEP_EVERY (5 * SECOND)
/* Who sends less than this for so long, or nothing for a while, holds a worker
 * that others wait for. Smaller parts never do: nginx collects them first. */
#define SLOW_BYTES (512u * 1024)
#define SLOW_AFTER (15 * SECOND)
#define SILENT_SECONDS 10
/* How long a whole part may take, however steadily it comes, is a setting. */

/* ---- what all have in common ---- */

static const char *number(uint64_t n)
{
	struct buf b = buf_new(24);

	buf_addf(&b, "%llu", (unsigned long long)n);
	return str_z(buf_str(&b));
}

static const char *hex(struct str bytes)
{
	struct buf b = buf_new(2 * bytes.n + 3);

	buf_add(&b, S("\\x"));
	for (size_t i = 0; i < bytes.n; i++)
		buf_addf(&b, "%02x", (unsigned char)bytes.p[i]);
	return str_z(buf_str(&b));
}

static bool speaks_tus(struct request *r)
{
	reply_header(r, "Tus-Resumable", S(TUS_VERSION));
	if (str_eqz(str_of(cgi_param("HTTP_TUS_RESUMABLE")), TUS_VERSION))
		return true;
	reply_header(r, "Tus-Version", S(TUS_VERSION));
	return problem(&r->problem, PROBLEM_TUS_VERSION);
}

/* What the operator allows. */
static const char *most(void)
{
	return number((uint64_t)config.file_mb * 1000000);
}

static void add_number(struct request *r, const char *header, uint64_t n)
{
	reply_header(r, header, str_of(number(n)));
}

/* ---- limits ---- */

static bool list(struct request *r, struct str *out)
{
	union q_files_list q = { .most = most() };
	struct db_step step = { .query = &Q_files_list, .values = q.v };

	if (!door_run(r, &step, 1))
		return false;
	*out = step.out;
	return true;
}

bool files_list(struct request *r)
{
	struct str out;

	return list(r, &out) && reply_json(r, 200, out);
}

bool files_options(struct request *r)
{
	struct str out;

	if (!list(r, &out))
		return false;
	reply_header(r, "Tus-Resumable", S(TUS_VERSION));
	reply_header(r, "Tus-Version", S(TUS_VERSION));
	reply_header(r, "Tus-Extension", S(TUS_EXTENSIONS));
	reply_header(r, "Tus-Checksum-Algorithm", S(TUS_CHECKSUMS));
	reply_header(
		r, "Tus-Max-Size",
		json_scalar(json_path(json_parse_own(out), S("limits.size"))));
	return reply(r, 204, NULL, S(""));
}

/* ---- one begins, is asked for, ends ---- */

static bool read_size(struct request *r, uint64_t *size)
{
	struct str length = str_of(cgi_param("HTTP_UPLOAD_LENGTH"));

	if (!length.n)
		return problem_field(&r->problem, S("size"), "required");
	if (!str_u64(length, INT64_MAX, size))
		return problem_field(&r->problem, S("size"), "type");
	return *size || problem_field(&r->problem, S("size"), "empty");
}

static bool read_name(struct request *r, struct str *name)
{
	if (!tus_name(str_of(cgi_param("HTTP_UPLOAD_METADATA")), name))
		return problem_field(&r->problem, S("name"), "type");
	if (str_chars(*name) > 200)
		return problem_field(&r->problem, S("name"), "too_long");
	return name->n || problem_field(&r->problem, S("name"), "name");
}

bool files_create(struct request *r)
{
	union q_files_create q;
	struct db_step step = { .query = &Q_files_create, .values = q.v };
	struct str name;
	uint64_t size;

	if (!speaks_tus(r) || !read_size(r, &size) || !read_name(r, &name))
		return false;
	q.name = str_z(name);
	q.size = number(size);
	q.most = most();
	if (!door_run(r, &step, 1))
		return false;
	struct str id = json_scalar(json_get(json_parse_own(step.out), "id"));
	buf_addf(&r->reply.headers, "Location: /api/files/%.*s\r\n",
		 STR_ARG(id));
	return reply_json(r, 201, step.out);
}

bool files_state(struct request *r)
{
	union q_files_state q;
	struct db_step step = { .query = &Q_files_state, .values = q.v };

	if ((r->is_head && !speaks_tus(r)) || !input(r, &Q_files_state, q.v) ||
	    !door_run(r, &step, 1))
		return false;
	const struct json *f = json_parse_own(step.out);
	reply_header(r, "Upload-Offset", json_scalar(json_get(f, "received")));
	reply_header(r, "Upload-Length", json_scalar(json_get(f, "size")));
	return reply_json(r, 200, step.out);
}

bool files_end(struct request *r)
{
	union q_files_end q;
	struct db_step step = { .query = &Q_files_end, .values = q.v };

	return speaks_tus(r) && input(r, &Q_files_end, q.v) &&
	       door_run(r, &step, 1) && reply(r, 204, NULL, S(""));
}

/* ---- a part comes ---- */

struct upload {
	struct request *r;
	const char *id, *writer;
	char *batch; /* whole chunks but for the last */
	size_t n;    /* bytes in it */
	uint64_t at; /* how much of the file is there */
	uint64_t size, left;
	bool is_new;		/* some of it is kept nowhere yet */
	uint64_t began;		/* log_now() at the first byte */
	uint64_t kept;		/* when it was last */
	uint64_t timed, before; /* since when its pace is, and at which byte */
	struct digest digest;
	/* Upload-Checksum: until all of the part is there, nothing counts. */
	bool checked;
	struct digest part;
	struct str sum;
};

static bool read_checksum(struct upload *u)
{
	struct str header = str_of(cgi_param("HTTP_UPLOAD_CHECKSUM"));
	enum digest_kind kind;

	if (!header.n)
		return true;
	u->checked = true;
	if (!tus_checksum(header, &kind, &u->sum))
		return problem_say(&u->r->problem, PROBLEM_BAD_REQUEST,
				   "Send Upload-Checksum with sha1 or sha256, "
				   "a blank and the sum in base64.");
	digest_begin(&u->part, kind);
	return true;
}

static bool read_headers(struct upload *u)
{
	struct request *r = u->r;

	if (!str_eqz(r->content_type, "application/offset+octet-stream"))
		return problem_say(&r->problem, PROBLEM_MEDIA_TYPE,
				   "Send the part as "
				   "application/offset+octet-stream.");
	if (!str_u64(str_of(cgi_param("HTTP_UPLOAD_OFFSET")), INT64_MAX,
		     &u->at))
		return problem_say(&r->problem, PROBLEM_BAD_REQUEST,
				   "Send Upload-Offset, a number of bytes.");
	u->left = r->content_length;
	return read_checksum(u);
}

static unsigned digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static struct str unhex(struct str text)
{
	char *p = alloc(text.n / 2);

	for (size_t i = 0; i + 1 < text.n; i += 2)
		p[i / 2] = (char)(digit(text.p[i]) << 4 | digit(text.p[i + 1]));
	return (struct str){ p, text.n / 2 };
}

/* Where it ended: the sum of what is there, and the chunk that is not full. */
static bool take(struct upload *u)
{
	struct request *r = u->r;
	union q_files_take take = { .at = number(u->at) };
	union q_files_rest rest;
	struct db_step steps[] = {
		{ .query = &Q_files_take, .values = take.v },
		{ .query = &Q_files_rest, .values = rest.v },
	};

	if (!input(r, &Q_files_rest, rest.v))
		return false;
	u->id = take.id = rest.id;
	if (!door_run(r, steps, ARRAY_LEN(steps)))
		return false;
	const struct json *f = json_parse_own(steps[0].out);
	struct str sum = json_str(json_get(f, "sum"));
	u->writer = str_z(json_scalar(json_get(f, "writer")));
	reply_header(r, "Upload-Expires", json_str(json_get(f, "expires_at")));
	if (!str_u64(json_scalar(json_get(f, "size")), INT64_MAX, &u->size) ||
	    (sum.n && !digest_go_on(&u->digest, unhex(sum))))
		return problem(&r->problem, PROBLEM_INTERNAL);
	if (!sum.n)
		digest_begin(&u->digest, DIGEST_OF_SHA256);
	u->batch = alloc(BATCH);
	u->n = steps[1].out.n;
	memcpy(u->batch, steps[1].out.p, u->n);
	return u->left <= u->size - u->at ||
	       problem(&r->problem, PROBLEM_FILE_TOO_LARGE);
}

/* The part came to its end, and has another sum than was said. */
static bool is_other(const struct upload *u)
{
	return u->checked && !u->left && !str_eq(digest_sum(&u->part), u->sum);
}

static bool keep(struct upload *u)
{
	bool counts = !u->checked || !u->left;
	bool whole = counts && u->at == u->size;
	union q_files_put q = {
		.id = u->id,
		.writer = u->writer,
		.seq = number((u->at - u->n) / CHUNK),
		.type = u->at == u->n ? str_z(filetype(
						(struct str){ u->batch, u->n }))
				      : NULL,
		.at = counts ? number(u->at) : NULL,
		.sum = whole ? NULL : hex(digest_state(&u->digest)),
		.sha256 = whole ? hex(digest_sum(&u->digest)) : NULL,
		.scan = *config.clamd ? "t" : "f",
	};
	struct db_step put = {
		.query = &Q_files_put,
		.values = q.v,
		.bytes = { u->batch, u->n },
	};

	u->kept = log_now();
	u->is_new = false;
	if (!door_run(u->r, &put, 1))
		return false;
	/* What is not a whole chunk yet goes again with the rest of it. */
	size_t rest = u->n % CHUNK;
	memmove(u->batch, u->batch + u->n - rest, rest);
	u->n = rest;
	return true;
}

/* A piece of the body into the chunk. False: no more comes. */
static bool read_piece(struct upload *u)
{
	size_t want = BATCH - u->n;

	if (want > u->left)
		want = (size_t)u->left;
	struct str piece = { u->batch + u->n,
			     cgi_read_some(u->batch + u->n, want) };
	cgi_go_on();
	digest_add(&u->digest, piece);
	if (u->checked)
		digest_add(&u->part, piece);
	u->n += piece.n;
	u->at += piece.n;
	u->left -= piece.n;
	u->is_new |= piece.n > 0;
	return piece.n > 0;
}

static bool is_slow(struct upload *u)
{
	if (!u->left)
		return false;
	if (log_now() - u->began > (uint64_t)config.part_seconds * SECOND)
		return true;
	if (log_now() - u->timed < SLOW_AFTER)
		return false;
	bool slow = u->at - u->before < SLOW_BYTES;
	u->timed = log_now();
	u->before = u->at;
	return slow;
}

static bool read_part(struct upload *u)
{
	struct arena_mark mark = arena_mark();

	cgi_wait_at_most(SILENT_SECONDS);
	u->began = u->kept = u->timed = log_now();
	u->before = u->at;
	while (u->left) {
		bool more = read_piece(u), slow = is_slow(u);

		if (is_other(u))
			return problem(&u->r->problem, PROBLEM_CHECKSUM);
		bool due = u->n == BATCH || !u->left || !more || slow ||
			   log_now() - u->kept > KEEP_EVERY;
		if (due && u->is_new && !keep(u))
			return false;
		arena_rewind(mark);
		if (!more || slow)
			return problem(&u->r->problem, PROBLEM_SLOW);
	}
	return true;
}

bool files_append(struct request *r)
{
	struct upload u = { .r = r };

	if (!speaks_tus(r) || !read_headers(&u) || !take(&u) || !read_part(&u))
		return false;
	add_number(r, "Upload-Offset", u.at);
	return reply(r, 204, NULL, S(""));
}
