/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_out.h: what all outputs of an article begin with, for markup's own
 * files.
 */
#ifndef SPORTELLO_MARKUP_OUT_H
#define SPORTELLO_MARKUP_OUT_H

#include "markup_article.h"
#include "markup_ids.h"

struct markup_outlet {
	const struct markup_out *out;
	struct markup_ids ids;
	unsigned lower; /* by so many levels each heading */
	bool lossless;	/* links to nothing stay */
};

/* The article's tree with its addresses, ids and headings as they shall be.
 * What may not be linked is its text, and so is a link to an id that is not
 * there, if something may be lost. */
bool markup_outlet(struct str html, const struct markup_out *out, bool lossless,
		   struct markup *doc) MUST_CHECK;

#endif
