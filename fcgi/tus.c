/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tus.h"

#include "arena.h"

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool base64(struct str s, struct str *out)
{
	unsigned char *p = alloc(s.n / 4 * 3 + 1);
	uint32_t bits = 0;
	size_t n = 0, digits = 0, pads = 0;

	if (s.n % 4)
		return false;
	while (pads < 2 && s.n && s.p[s.n - 1] == '=') {
		s.n--;
		pads++;
	}
	for (size_t i = 0; i < s.n; i++) {
		int d = base64_digit(s.p[i]);
		if (d < 0)
			return false;
		bits = bits << 6 | (uint32_t)d;
		/* Of four digits the first makes no byte yet. */
		size_t k = ++digits % 4;
		if (k != 1)
			p[n++] = (unsigned char)(bits >> (4 - k) % 4 * 2);
	}
	*out = (struct str){ (char *)p, n };
	return true;
}

/* Behind the last slash of either kind. */
static struct str without_folder(struct str path)
{
	for (size_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/' || path.p[i - 1] == '\\')
			return str_from(path, i);
	return path;
}

/* U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: 'gpj.exe' could look
 * like 'exe.jpg'. */
static bool turns_around(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;

	return n >= 3 && u[0] == 0xe2 &&
	       ((u[1] == 0x80 && (u[2] == 0x8e || u[2] == 0x8f ||
				  (u[2] >= 0xaa && u[2] <= 0xae))) ||
		(u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9));
}

static struct str cleaned(struct str name)
{
	struct buf b = buf_new(name.n + 1);

	name = str_trim(without_folder(name));
	for (size_t i = 0; i < name.n;) {
		if (turns_around(name.p + i, name.n - i)) {
			i += 3;
			continue;
		}
		/* A line end or a tab would make two lines of one. */
		bool blank = (unsigned char)name.p[i] < ' ';
		buf_char(&b, blank ? ' ' : name.p[i]);
		i++;
	}
	struct str clean = str_trim(buf_str(&b));
	return str_eqz(clean, ".") || str_eqz(clean, "..") ? S("") : clean;
}

bool tus_name(struct str metadata, struct str *name)
{
	*name = S("");
	while (metadata.n) {
		struct str value = str_trim(str_cut(&metadata, ','));
		struct str key = str_cut(&value, ' ');
		struct str text;

		if (!base64(str_trim(value), &text))
			return false;
		if (!str_eqz(key, "filename") && !str_eqz(key, "name"))
			continue;
		if (!str_is_text(text))
			return false;
		*name = cleaned(text);
	}
	return true;
}

bool tus_checksum(struct str header, enum digest_kind *kind, struct str *sum)
{
	struct str text = str_trim(header);
	struct str algorithm = str_cut(&text, ' ');

	if (str_eqz(algorithm, "sha1"))
		*kind = DIGEST_OF_SHA1;
	else if (str_eqz(algorithm, "sha256"))
		*kind = DIGEST_OF_SHA256;
	else
		return false;
	return base64(str_trim(text), sum) &&
	       sum->n == (*kind == DIGEST_OF_SHA1 ? 20 : DIGEST_SHA256);
}
