/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * bundle.h: a tenant's rows as files.
 *
 * One <table>.jsonl a table, a row a line, and manifest.json last: while it is
 * missing the bundle is not whole. conf/README.md describes the format.
 */
#ifndef SPORTELLO_BUNDLE_H
#define SPORTELLO_BUNDLE_H

#include "str.h"

struct bundle;

/* Makes the directory, which must not be there yet. NULL: *why says it. */
struct bundle *bundle_open(const char *directory, const char **why);

/* One row, '<table><tab><JSON>'; rows of a table come together. False: it
 * can't be written, which bundle_close() tells. */
bool bundle_row(struct str row, void *bundle);

/* Writes the manifest around what the database says of it. False: *why. */
bool bundle_close(struct bundle *b, struct str about, const char **why);

#endif
