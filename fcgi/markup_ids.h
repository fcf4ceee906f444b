/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_ids.h: the ids of an article's headings, for markup's own files.
 */
#ifndef SPORTELLO_MARKUP_IDS_H
#define SPORTELLO_MARKUP_IDS_H

#include "markup_tree.h"

/* Headings without an id, or with one that an earlier heading has, get one:
 * of their text, in the order they come. */
void markup_identify(struct markup *doc);

/* The ids that there are, to be asked for. */
struct ids;
struct markup_ids {
	struct ids *ids;
};
struct markup_ids markup_ids(const struct markup *doc);
bool markup_has_id(struct markup_ids all, struct str id);

#endif
