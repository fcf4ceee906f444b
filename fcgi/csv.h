/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * csv.h: a line of CSV as RFC 4180 wants it.
 *
 * A row comes from the database with its cells parted by U+001F, which no text
 * can have. What a spreadsheet would take for a formula gets an apostrophe in
 * front: a cell that begins with = + - @ (full-width ones, too), tab, CR or LF,
 * but for plain negative numbers; and within one what follows ';', tab, CR or LF
 * so, where a cell begins for a program with another list separator than ours.
 */
#ifndef SPORTELLO_CSV_H
#define SPORTELLO_CSV_H

#include "str.h"

#define CSV_PART '\x1f'

size_t csv_cells(struct str row);

/* The n-th cell of a line, from 0. */
void csv_cell(struct buf *line, size_t n, struct str cell);

#endif
