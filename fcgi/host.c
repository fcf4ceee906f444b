/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "host.h"

#include "arena.h"

#include <idn2.h>

#define HOST_MAX 253
#define LABEL_MAX 63

static bool has(struct str s, char c)
{
	return s.n && memchr(s.p, c, s.n);
}

/* libidn2 drops a blank, and lets other signs pass. */
static bool has_signs(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i], letter = c | 0x20;
		if (c < 0x80 && !(letter >= 'a' && letter <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '-' && c != '.')
			return true;
	}
	return false;
}

/* Letters, digits, hyphens but not at its ends. */
static bool is_label(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool inside = i && i + 1 < s.n;
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    !(c == '-' && inside))
			return false;
	}
	return s.n && s.n <= LABEL_MAX;
}

static const char *fault(struct str host)
{
	if (host.n > HOST_MAX)
		return "too_long";
	if (!host.n || str_ends(host, S(".")))
		return "host";
	while (host.n)
		if (!is_label(str_cut(&host, '.')))
			return "host";
	return NULL;
}

const char *host_canonical(struct str typed, struct str *host)
{
	struct str s = str_trim(typed);
	char *ascii;

	if (has(s, '/') || has(s, '?') || has(s, '#') || has(s, '@'))
		return "url";
	if (has(s, ':'))
		return "port";
	/* A name in full, as DNS writes it. */
	if (str_ends(s, S(".")))
		s.n--;
	if (!s.n || !str_is_text(s) || has_signs(s))
		return "host";
	if (str_chars(s) > HOST_MAX)
		return "too_long";
	int rc = idn2_to_ascii_8z(str_z(s), &ascii,
				  IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL |
					  IDN2_USE_STD3_ASCII_RULES);
	if (rc == IDN2_TOO_BIG_DOMAIN)
		return "too_long";
	if (rc != IDN2_OK)
		return "host";
	*host = (struct str){ alloc_copy(ascii, strlen(ascii)), strlen(ascii) };
	idn2_free(ascii);
	return fault(*host);
}
