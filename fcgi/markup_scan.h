/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_scan.h: HTML made ready for libxml2's parser, for markup's own files.
 *
 * The text is cut into tags as browsers do it (HTML standard, 13.2.5:
 * comments, raw text, quotes), and only what articles can be made of is
 * written anew: elements of the list, under the names that we have for them,
 * each with few attributes and not too deep. So the parser meets nothing that
 * it would read otherwise than a browser, nor what takes it long: it compares
 * each attribute of a tag with all others (80,000 in 490 kB: 25 s).
 */
#ifndef SPORTELLO_MARKUP_SCAN_H
#define SPORTELLO_MARKUP_SCAN_H

#include "markup_article.h"

/* Counts what is not taken along. */
void markup_dropped(struct markup_report *report, struct str name);

/* Whether it is a video at a host that may be shown. */
bool markup_is_video(const struct markup_in *in, struct str address);

void markup_scan(struct str html, const struct markup_in *in, struct buf *out,
		 struct markup_report *report);

#endif
