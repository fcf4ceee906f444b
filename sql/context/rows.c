/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rows.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

/* What later servers call otherwise. */
#if PG_VERSION_NUM >= 180000
#define begin_scan(table, index, snapshot, n)                                  \
	index_beginscan(table, index, snapshot, NULL, n, 0)
#else
#define begin_scan(table, index, snapshot, n)                                  \
	index_beginscan(table, index, snapshot, n, 0)
#endif

static Relation open_named(const char *name, bool is_index)
{
	Oid id = get_relname_relid(name, get_namespace_oid("app", false));

	if (!OidIsValid(id))
		elog(ERROR, "there is no app.%s", name);
	return is_index ? index_open(id, AccessShareLock)
			: table_open(id, AccessShareLock);
}

void finder_open(struct finder *f, const char *table, const char *index, int n)
{
	f->table = open_named(table, false);
	f->index = open_named(index, true);
	f->row = table_slot_create(f->table, NULL);
	f->n = n;
	f->scan = begin_scan(f->table, f->index, GetActiveSnapshot(), n);
}

bool find_next(struct finder *f)
{
	return index_getnext_slot(f->scan, ForwardScanDirection, f->row);
}

bool find(struct finder *f, ScanKeyData *keys)
{
	for (int i = 0; i < f->n; i++)
		keys[i].sk_collation = f->index->rd_indcollation[i];
	index_rescan(f->scan, keys, f->n, NULL, 0);
	return find_next(f);
}

void finder_close(struct finder *f)
{
	index_endscan(f->scan);
	ExecDropSingleTupleTableSlot(f->row);
	index_close(f->index, AccessShareLock);
	table_close(f->table, AccessShareLock);
}

Datum column(const struct finder *f, const char *name, Oid type, bool *null)
{
	TupleDesc d = RelationGetDescr(f->table);

	for (int i = 0; i < d->natts; i++) {
		Form_pg_attribute a = TupleDescAttr(d, i);
		if (!a->attisdropped && a->atttypid == type &&
		    !strcmp(NameStr(a->attname), name))
			return slot_getattr(f->row, i + 1, null);
	}
	elog(ERROR, "app.%s has no %s of that type",
	     RelationGetRelationName(f->table), name);
}

void key(ScanKeyData *k, int n, RegProcedure equal, Datum value)
{
	ScanKeyInit(k + n - 1, (AttrNumber)n, BTEqualStrategyNumber, equal,
		    value);
}
