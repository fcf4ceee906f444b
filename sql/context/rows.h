/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Single rows of app's tables by a unique index, or by its first columns.
 *
 *	finder_open(&f, "people", "people_pkey", 2);
 *	key(k, 1, F_INT8EQ, tenant);
 *	key(k, 2, F_INT8EQ, person);
 *	if (find(&f, k))
 *		email = column(&f, "email", TEXTOID, &none);
 *	finder_close(&f);
 */
#ifndef SPORTELLO_ROWS_H
#define SPORTELLO_ROWS_H

#include "postgres.h"

#include "access/genam.h"
#include "access/skey.h"
#include "executor/tuptable.h"
#include "utils/rel.h"

/* A table and one of its unique indexes, by which single rows are found. */
struct finder {
	Relation table, index;
	IndexScanDesc scan;
	TupleTableSlot *row; /* what was found last */
	int n;		     /* keys */
};

/* Both are names in the schema app; n: how many keys will be given. */
void finder_open(struct finder *f, const char *table, const char *index, int n);
void finder_close(struct finder *f);

/* The key at column n (from 1) of the index. */
void key(ScanKeyData *k, int n, RegProcedure equal, Datum value);

/* Keys are compared as the index is ordered. False: no such row. */
bool find(struct finder *f, ScanKeyData *keys);
bool find_next(struct finder *f);

/* A column of the row that was found; what is not a plain number lives as
 * long as that. */
Datum column(const struct finder *f, const char *name, Oid type, bool *null);

#endif
