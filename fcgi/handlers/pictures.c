/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/pictures.h"

#include "arena.h"
#include "door.h"
#include "picture.h"
#include "reply.h"

static const struct use {
	const char *name;
	enum picture_use use;
} uses[] = {
	{ "logo", PICTURE_LOGO },
	{ "mail_logo", PICTURE_MAIL },
	{ "favicon", PICTURE_FAVICON },
};

static bool read_use(struct request *r, enum picture_use *use)
{
	const struct str *name = pairs_get(&r->query, "use");

	for (size_t i = 0; name && i < ARRAY_LEN(uses); i++)
		if (str_eqz(*name, uses[i].name)) {
			*use = uses[i].use;
			return true;
		}
	return problem_field(&r->problem, S("use"),
			     name ? "choice" : "required");
}

static bool may_bring(struct request *r, const struct query *query)
{
	struct db_step ask = { .query = query };

	if (!door_run(r, &ask, 1))
		return false;
	if (json_true(json_get(json_parse_own(ask.out), "now")))
		return true;
	reply_header(r, "Retry-After", S("60"));
	return problem(&r->problem, PROBLEM_TOO_MANY);
}

static bool make(struct request *r, enum picture_use use, struct picture *out)
{
	struct picture_fault fault;

	return picture_make(r->body, use, out, &fault) ||
	       problem_field_about(&r->problem, S("file"), fault.code,
				   fault.about);
}

static const char *hex(struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *z = alloc(2 * bytes.n + 3);
	char *p = z;

	*p++ = '\\';
	*p++ = 'x';
	for (size_t i = 0; i < bytes.n; i++) {
		*p++ = digits[(unsigned char)bytes.p[i] >> 4];
		*p++ = digits[(unsigned char)bytes.p[i] & 15];
	}
	return z;
}

static const char *number(unsigned n)
{
	struct buf b = buf_new(16);

	buf_addf(&b, "%u", n);
	return str_z(buf_str(&b));
}

bool pictures_add(struct request *r)
{
	union q_pictures_add q;
	struct db_step add = { .query = &Q_pictures_add, .values = q.v };
	enum picture_use use = PICTURE_LOGO;
	struct picture picture;

	if (!read_use(r, &use) || !may_bring(r, &Q_pictures_ask) ||
	    !make(r, use, &picture))
		return false;
	q.type = picture.type;
	q.width = number(picture.width);
	q.height = number(picture.height);
	q.bytes = hex(picture.bytes);
	return door_run(r, &add, 1) && reply_json(r, 201, add.out);
}

static unsigned digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Our own database's hex. */
static struct str unhex(struct str text)
{
	char *p = alloc(text.n / 2);

	for (size_t i = 0; i + 1 < text.n; i += 2)
		p[i / 2] = (char)(digit(text.p[i]) << 4 | digit(text.p[i + 1]));
	return (struct str){ p, text.n / 2 };
}

bool pictures_get(struct request *r)
{
	union q_pictures_get q;
	struct db_step get = { .query = &Q_pictures_get, .values = q.v };
	struct str rest = route_param(r, "name"), hash = str_cut(&rest, '.');
	bool drawing = str_eqz(rest, "svg");

	if (!drawing && !str_eqz(rest, "png"))
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	q.hash = str_z(hash);
	q.type = drawing ? "image/svg+xml" : "image/png";
	if (!door_run(r, &get, 1))
		return false;
	reply_header(r, "Cache-Control",
		     S("public, max-age=31536000, immutable"));
	/* Opened by itself it is a document: one that can do nothing. */
	reply_header(r, "Content-Security-Policy",
		     S("default-src 'none'; sandbox"));
	return reply(r, 200, q.type, unhex(get.out));
}

bool photos_set(struct request *r)
{
	union q_photos_set q;
	struct db_step set = { .query = &Q_photos_set, .values = q.v };
	struct picture photo;

	if (!may_bring(r, &Q_photos_ask) || !make(r, PICTURE_PHOTO, &photo))
		return false;
	q.width = number(photo.width);
	q.height = number(photo.height);
	q.bytes = hex(photo.bytes);
	return door_run(r, &set, 1) && reply_json(r, 201, set.out);
}

bool photos_get(struct request *r)
{
	union q_photos_get q;
	struct db_step get = { .query = &Q_photos_get, .values = q.v };

	q.hash = str_z(route_param(r, "hash"));
	if (!door_run(r, &get, 1))
		return false;
	/* Its address never means another one, and is this reader's alone. */
	reply_header(r, "Cache-Control",
		     S("private, max-age=31536000, immutable"));
	return reply(r, 200, "image/png", unhex(get.out));
}
