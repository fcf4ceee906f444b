/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup.h: texts with structure, in one closed XHTML subset.
 *
 * What people write (Markdown) becomes a tree of allowed elements only, and an
 * own serializer writes that tree: every attribute quoted and escaped, URL
 * schemes from a list (http, https, mailto, and paths of our own), nothing
 * raw, no comments, no foreign elements. The same canonical text goes to the
 * page, the mail and, later, the exports.
 *
 * Elements: p h1-h6 ul ol(start) li blockquote pre code strong em del a(href)
 * br hr table thead tbody tr th td(align as class: left, center, right).
 * Pictures become links until there are attachments; a link to anywhere else
 * is only its text.
 */
#ifndef SPORTELLO_MARKUP_H
#define SPORTELLO_MARKUP_H

#include "str.h"

/* The most Markdown one message may hold, and the most canonical text it may
 * become, in bytes. */
#define MARKUP_SOURCE_MAX 65536
#define MARKUP_HTML_MAX 524288

/* Markdown (GitHub's flavour without HTML: bare links, tables, strikethrough,
 * single line breaks kept) to canonical XHTML. False when it would be larger
 * than MARKUP_HTML_MAX or is not str_is_text(). */
bool markup_from_markdown(struct str source, struct str *html) MUST_CHECK;

/* Canonical XHTML as plain text for a mail's text part: lists with dashes,
 * quotes with '>', links as "text <url>". False when it is not canonical. */
bool markup_to_text(struct str html, struct str *text) MUST_CHECK;

/* Canonical XHTML, checked node by node and written anew. False when it is
 * not canonical, or out is full. */
bool markup_canonical(struct str html, struct buf *out) MUST_CHECK;

/* Whether an address may be a link: http, https, mailto, or a path of our
 * own; *url is it without controls, and blanks as %20. */
bool markup_url(struct str raw, struct str *url) MUST_CHECK;

#endif
