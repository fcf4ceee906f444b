/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who is asking, in a variable of the backend, and what follows from it for
 * every request: the door, whether a ticket is seen, names.
 *
 * The variable is valid for one transaction: it remembers the transaction's
 * local id and reads as absent in any other. Only auth.set_context() and
 * auth.enter() write it; the first may be called by the owner of the door
 * alone, the second looks everything up from a host and a secret token. So no
 * SQL that a worker's role can send makes it say something else.
 *
 * These are in C because each request pays for them. They ask what their twins
 * in SQL ask (auth.lookup(), context/hmac.sql), of unique indexes, one row
 * each, without a planner and an executor in between; each key begins with the
 * context's tenant. Whoever changes one changes the other: tests/sql runs
 * against both. The twin of all of it, for servers where no library can be
 * installed, is context/hmac.sql.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/skey.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

PG_MODULE_MAGIC;

/* What a context says: auth.lookup()'s columns. */
enum field {
	TENANT,
	PORTAL,
	ACCOUNT,
	PERSON,
	SESSION,
	GRANT,
	N_IDS,
	RANK = N_IDS,
	PRINCIPALS,
	N_FIELDS
};

/* What later servers call otherwise. */
#if PG_VERSION_NUM >= 170000
#define MY_LXID (MyProc->vxid.lxid)
#else
#define MY_LXID (MyProc->lxid)
#endif
#if PG_VERSION_NUM >= 180000
#define begin_scan(table, index, snapshot, n)                                  \
	index_beginscan(table, index, snapshot, NULL, n, 0)
#else
#define begin_scan(table, index, snapshot, n)                                  \
	index_beginscan(table, index, snapshot, n, 0)
#endif

#define READ_ONLY 7 /* auth.set_context()'s eighth argument */
#define TICKETS 9
#define HOST 10
#define AGENT 2
#define PARTNER 3 /* app.principal()'s kind: staff of a partner */
#define CUSTOMER 1
/* A session's use is written down so often. */
#define NOTE_SECONDS 300

static struct {
	LocalTransactionId lxid;
	int64 id[N_IDS];
	bool has[N_IDS];
	int16 rank;
	bool read_only;
	bool has_tickets;
	text *host; /* NULL: none, as in the jobs' work */
	ArrayType *principals;
} context;

static bool entered(void)
{
	return LocalTransactionIdIsValid(context.lxid) &&
	       context.lxid == MY_LXID;
}

/* A context for reading is none once the transaction may write again, which
 * RESET transaction_read_only or an older savepoint bring about. */
static bool valid(void)
{
	return entered() && (!context.read_only || XactReadOnly);
}

/* Refused a second time in one transaction: nothing that was read as one
 * person may mix with what is read as another. */
static void set(const Datum *value, const bool *null, bool read_only,
		bool has_tickets, const text *host)
{
	if (entered())
		ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_STATE),
				errmsg("the context is set already")));
	if (null[TENANT] || null[RANK] || null[PRINCIPALS])
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("a context needs a tenant")));
	for (int i = 0; i < N_IDS; i++) {
		context.has[i] = !null[i];
		context.id[i] = null[i] ? 0 : DatumGetInt64(value[i]);
	}
	context.rank = DatumGetInt16(value[RANK]);
	MemoryContext before = MemoryContextSwitchTo(TopTransactionContext);
	context.principals = DatumGetArrayTypePCopy(value[PRINCIPALS]);
	context.host = host ? DatumGetTextPCopy(PointerGetDatum(host)) : NULL;
	MemoryContextSwitchTo(before);
	context.read_only = read_only;
	context.has_tickets = has_tickets;
	if (read_only)
		XactReadOnly = true;
	context.lxid = MY_LXID;
}

PG_FUNCTION_INFO_V1(sportello_set_context);
Datum sportello_set_context(PG_FUNCTION_ARGS)
{
	static const int argument[N_FIELDS] = {
		[TENANT] = 0,  [PORTAL] = 1, [ACCOUNT] = 2,    [PERSON] = 3,
		[SESSION] = 4, [RANK] = 5,   [PRINCIPALS] = 6, [GRANT] = 8,
	};
	Datum value[N_FIELDS];
	bool null[N_FIELDS];

	for (int i = 0; i < N_FIELDS; i++) {
		value[i] = PG_GETARG_DATUM(argument[i]);
		null[i] = PG_ARGISNULL(argument[i]);
	}
	set(value, null, !PG_ARGISNULL(READ_ONLY) && PG_GETARG_BOOL(READ_ONLY),
	    !PG_ARGISNULL(TICKETS) && PG_GETARG_BOOL(TICKETS),
	    PG_ARGISNULL(HOST) ? NULL : PG_GETARG_TEXT_PP(HOST));
	PG_RETURN_VOID();
}

static void refuse(const char *state, const char *problem, const char *why)
{
	ereport(ERROR,
		(errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3],
				       state[4])),
		 problem ? err_generic_string(PG_DIAG_CONSTRAINT_NAME, problem)
			 : 0,
		 errmsg("%s", why)));
}

StaticAssertDecl(FLOAT8PASSBYVAL, "ids outlive the row they come from");

/* ---- rows ---- */

/* A table and one of its unique indexes, by which single rows are found. */
struct finder {
	Relation table, index;
	IndexScanDesc scan;
	TupleTableSlot *row; /* what was found last */
	int n;		     /* keys */
};

static Relation open_named(const char *name, bool is_index)
{
	Oid id = get_relname_relid(name, get_namespace_oid("app", false));

	if (!OidIsValid(id))
		elog(ERROR, "there is no app.%s", name);
	return is_index ? index_open(id, AccessShareLock)
			: table_open(id, AccessShareLock);
}

static void finder_open(struct finder *f, const char *table, const char *index,
			int n)
{
	f->table = open_named(table, false);
	f->index = open_named(index, true);
	f->row = table_slot_create(f->table, NULL);
	f->n = n;
	f->scan = begin_scan(f->table, f->index, GetActiveSnapshot(), n);
}

static bool find_next(struct finder *f)
{
	return index_getnext_slot(f->scan, ForwardScanDirection, f->row);
}

/* Keys are compared as the index is ordered. False: no such row. */
static bool find(struct finder *f, ScanKeyData *keys)
{
	for (int i = 0; i < f->n; i++)
		keys[i].sk_collation = f->index->rd_indcollation[i];
	index_rescan(f->scan, keys, f->n, NULL, 0);
	return find_next(f);
}

static void finder_close(struct finder *f)
{
	index_endscan(f->scan);
	ExecDropSingleTupleTableSlot(f->row);
	index_close(f->index, AccessShareLock);
	table_close(f->table, AccessShareLock);
}

/* A column of the row that was found; what is not a plain number lives as
 * long as that. */
static Datum column(const struct finder *f, const char *name, Oid type,
		    bool *null)
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

static void key(ScanKeyData *k, int n, RegProcedure equal, Datum value)
{
	ScanKeyInit(k + n - 1, (AttrNumber)n, BTEqualStrategyNumber, equal,
		    value);
}

/* ---- the door ---- */

static bool holds(Datum array, int64 id)
{
	Datum *v;
	bool *null;
	int n;

	deconstruct_array(DatumGetArrayTypeP(array), INT8OID, 8, true,
			  TYPALIGN_DOUBLE, &v, &null, &n);
	for (int i = 0; i < n; i++)
		if (!null[i] && DatumGetInt64(v[i]) == id)
			return true;
	return false;
}

static bool find_portal(Datum host, Datum *value, bool *null, bool *tickets)
{
	struct finder f;
	ScanKeyData k[2];
	bool found, none;

	finder_open(&f, "hosts", "hosts_host_key", 1);
	key(k, 1, F_TEXTEQ, host);
	found = find(&f, k) &&
		DatumGetBool(column(&f, "is_on", BOOLOID, &none)) &&
		!DatumGetBool(column(&f, "is_suspended", BOOLOID, &none));
	if (found) {
		value[TENANT] = column(&f, "tenant_id", INT8OID, &null[TENANT]);
		value[PORTAL] = column(&f, "portal_id", INT8OID, &null[PORTAL]);
		*tickets =
			DatumGetBool(column(&f, "has_tickets", BOOLOID, &none));
	}
	finder_close(&f);
	if (!found)
		return false;
	finder_open(&f, "portals", "portals_pkey", 2);
	key(k, 1, F_INT8EQ, value[TENANT]);
	key(k, 2, F_INT8EQ, value[PORTAL]);
	found = find(&f, k);
	if (found)
		value[ACCOUNT] =
			column(&f, "account_id", INT8OID, &null[ACCOUNT]);
	finder_close(&f);
	return found;
}

static bool is_fresh(const struct finder *session, TimestampTz now)
{
	bool none;
	TimestampTz expires = DatumGetTimestampTz(
		column(session, "expires_at", TIMESTAMPTZOID, &none));
	TimestampTz seen = DatumGetTimestampTz(
		column(session, "seen_at", TIMESTAMPTZOID, &none));
	int32 idle =
		DatumGetInt32(column(session, "idle_minutes", INT4OID, &none));

	return expires > now && seen + idle * USECS_PER_MINUTE > now;
}

/* A session is good at the host it was made at. */
static bool is_here(const struct finder *session, Datum host)
{
	bool none;
	Datum made = column(session, "host", TEXTOID, &none);

	return none || DatumGetBool(DirectFunctionCall2Coll(
			       texteq, C_COLLATION_OID, made, host));
}

/* A session that fits tenant and host, has not expired and was used of late.
 * due: its use is to be written down. */
static bool find_session(Datum host, Datum token, Datum *value, bool *null,
			 bool *due)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	struct finder f;
	ScanKeyData k[2];
	bool none;

	finder_open(&f, "sessions", "sessions_token_key", 2);
	key(k, 1, F_INT8EQ, value[TENANT]);
	key(k, 2, F_BYTEAEQ, DirectFunctionCall1(sha256_bytea, token));
	if (find(&f, k) && is_fresh(&f, now) && is_here(&f, host)) {
		*due = now >= DatumGetTimestampTz(column(
				      &f, "seen_at", TIMESTAMPTZOID, &none)) +
				      NOTE_SECONDS * USECS_PER_SEC;
		value[GRANT] = column(&f, "grant_id", INT8OID, &null[GRANT]);
		value[SESSION] = column(&f, "id", INT8OID, &null[SESSION]);
		value[PERSON] = column(&f, "person_id", INT8OID, &null[PERSON]);
	}
	finder_close(&f);
	return !null[PERSON];
}

/* Is it in force, and for this portal? auth.grant_opens() */
static bool grant_opens(const Datum *value, const bool *null)
{
	struct finder f;
	ScanKeyData k[2];
	bool found, ended, narrowed, none;

	if (null[ACCOUNT])
		return false;
	finder_open(&f, "grants", "grants_pkey", 2);
	key(k, 1, F_INT8EQ, value[TENANT]);
	key(k, 2, F_INT8EQ, value[GRANT]);
	found = find(&f, k);
	if (found) {
		Datum portals = column(&f, "portals", INT8ARRAYOID, &narrowed);
		narrowed = !narrowed;
		column(&f, "ended_at", TIMESTAMPTZOID, &ended);
		ended = !ended;
		found = !ended &&
			DatumGetTimestampTz(
				column(&f, "ends_at", TIMESTAMPTZOID, &none)) >
				GetCurrentTransactionStartTimestamp() &&
			DatumGetInt64(
				column(&f, "account_id", INT8OID, &none)) ==
				DatumGetInt64(value[ACCOUNT]) &&
			(!narrowed ||
			 holds(portals, DatumGetInt64(value[PORTAL])));
	}
	finder_close(&f);
	return found;
}

/* Its person, if they have business at this portal: auth.may_enter(). Support
 * under a grant has: it reads what the portal shows, and no tickets that are
 * not its own. */
static bool find_person(Datum *value, const bool *null)
{
	struct finder f;
	ScanKeyData k[2];
	bool found, none;

	finder_open(&f, "people", "people_pkey", 2);
	key(k, 1, F_INT8EQ, value[TENANT]);
	key(k, 2, F_INT8EQ, value[PERSON]);
	found = find(&f, k);
	if (found) {
		Datum doors = column(&f, "doors", INT8ARRAYOID, &none);
		value[RANK] = column(&f, "rank", INT2OID, &none);
		value[PRINCIPALS] = PointerGetDatum(DatumGetArrayTypePCopy(
			column(&f, "principals", INT8ARRAYOID, &none)));
		if (!null[GRANT]) {
			found = DatumGetInt16(value[RANK]) >= AGENT &&
				grant_opens(value, null);
			value[RANK] = Int16GetDatum(CUSTOMER);
			value[PRINCIPALS] =
				PointerGetDatum(construct_empty_array(INT8OID));
		} else if (null[ACCOUNT]) {
			found = DatumGetInt16(value[RANK]) >= AGENT;
		} else {
			found = holds(doors,
				      DatumGetInt64(value[ACCOUNT]) * 2) ||
				holds(doors,
				      DatumGetInt64(value[PORTAL]) * 2 + 1);
			/* At a customer's portal nobody is an agent. */
			value[RANK] = Int16GetDatum(
				Min(DatumGetInt16(value[RANK]), CUSTOMER));
		}
	}
	finder_close(&f);
	return found;
}

/* auth.note_use(), which writes: so never on a standby, where support does
 * not get in and other sessions are not noted. */
static void note_use(const Datum *value, const bool *null, Datum page,
		     bool no_page)
{
	Oid types[] = { INT8OID, INT8OID, INT8OID, INT8OID,
			INT8OID, INT8OID, TEXTOID };
	Datum args[N_IDS + 1];
	char nulls[N_IDS + 1];

	if (RecoveryInProgress()) {
		if (!null[GRANT])
			refuse("PT403", NULL, "support enters at the primary");
		return;
	}
	for (int i = 0; i < N_IDS; i++) {
		args[i] = value[i];
		nulls[i] = null[i] ? 'n' : ' ';
	}
	args[N_IDS] = page;
	nulls[N_IDS] = no_page ? 'n' : ' ';
	SPI_connect();
	if (SPI_execute_with_args(
		    "select auth.note_use($1, $2, $3, $4, $5, $6, $7)",
		    N_IDS + 1, types, args, nulls, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "the use can't be noted");
	SPI_finish();
}

/* A host where no tickets are used shows none, whoever asks: they are nobody's
 * there, and nobody is an agent. */
static void without_tickets(Datum *value)
{
	value[RANK] = Int16GetDatum(Min(DatumGetInt16(value[RANK]), CUSTOMER));
	value[PRINCIPALS] = PointerGetDatum(construct_empty_array(INT8OID));
}

/* auth.enter(host text, token bytea, who smallint, writes boolean,
 * page text, tickets boolean) */
PG_FUNCTION_INFO_V1(sportello_enter);
Datum sportello_enter(PG_FUNCTION_ARGS)
{
	int16 who = PG_ARGISNULL(2) ? INT16_MAX : PG_GETARG_INT16(2);
	bool writes = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	Datum value[N_FIELDS] = { 0 };
	bool null[N_FIELDS], due = false, tickets = true;

	memset(null, true, sizeof(null));
	if (PG_ARGISNULL(0) ||
	    !find_portal(PG_GETARG_DATUM(0), value, null, &tickets))
		refuse("PT404", NULL, "no portal at this host");
	if (!tickets && !PG_ARGISNULL(5) && PG_GETARG_BOOL(5))
		refuse("PT421", NULL, "no tickets are used at this host");
	if (PG_ARGISNULL(1) ||
	    !find_session(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), value, null,
			  &due) ||
	    !find_person(value, null)) {
		null[PERSON] = null[SESSION] = null[GRANT] = true;
		due = false;
		value[RANK] = Int16GetDatum(0);
		value[PRINCIPALS] =
			PointerGetDatum(construct_empty_array(INT8OID));
	}
	null[RANK] = null[PRINCIPALS] = false;
	if (!tickets)
		without_tickets(value);
	if (who > 0 && null[PERSON])
		refuse("PT401", NULL, "nobody is signed in");
	if (DatumGetInt16(value[RANK]) < who)
		refuse("PT403", NULL, "the rank is too low");
	if (!null[GRANT] && writes)
		refuse("PT403", "support-reads-only",
		       "support under a grant reads and never acts");
	if (due || !null[GRANT])
		note_use(value, null, PG_GETARG_DATUM(4), PG_ARGISNULL(4));
	set(value, null, !writes, tickets, PG_GETARG_TEXT_PP(0));
	PG_RETURN_VOID();
}

/* ---- tickets, names ---- */

/* Has a principal of the asker a row of ticket_access for it? */
static bool has_access(Datum ticket)
{
	struct finder f;
	ScanKeyData k[3];
	Datum *principal;
	bool *null;
	int n;
	bool found = false;

	deconstruct_array(context.principals, INT8OID, 8, true, TYPALIGN_DOUBLE,
			  &principal, &null, &n);
	finder_open(&f, "ticket_access", "ticket_access_pkey", 3);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	key(k, 2, F_INT8EQ, ticket);
	for (int i = 0; i < n && !found; i++) {
		key(k, 3, F_INT8EQ, principal[i]);
		found = !null[i] && find(&f, k);
	}
	finder_close(&f);
	return found;
}

static bool sees(Datum ticket)
{
	struct finder f;
	ScanKeyData k[2];
	bool found, at_desk = false, none;

	finder_open(&f, "tickets", "tickets_pkey", 2);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	key(k, 2, F_INT8EQ, ticket);
	found = find(&f, k);
	if (found)
		at_desk = DatumGetBool(column(&f, "at_desk", BOOLOID, &none));
	finder_close(&f);
	return found &&
	       ((at_desk && context.rank >= AGENT) || has_access(ticket));
}

/* What was found out for the comment before, in the same statement: good for
 * one transaction and the part of it that a savepoint began (what that wrote
 * may be undone), one command, one view of what others have committed. Of
 * those it saw running others can only end, so that equal counts below an
 * equal xmax are the same ones. */
struct seen {
	LocalTransactionId lxid;
	SubTransactionId part;
	CommandId command;
	TransactionId xmax;
	uint32 running;
	int64 ticket;
	bool answer;
};
static struct seen seen;

static bool sees_again(int64 ticket)
{
	Snapshot view = GetActiveSnapshot();
	SubTransactionId part = GetCurrentSubTransactionId();
	uint32 running = view->xcnt + (uint32)view->subxcnt;

	if (!valid())
		return false;
	if (seen.lxid != context.lxid || seen.part != part ||
	    seen.command != view->curcid || seen.xmax != view->xmax ||
	    seen.running != running || seen.ticket != ticket)
		seen = (struct seen){
			context.lxid,
			part,
			view->curcid,
			view->xmax,
			running,
			ticket,
			sees(Int64GetDatum(ticket)),
		};
	return seen.answer;
}

/* app.sees(ticket bigint): the policy of tickets, for what hangs on one. */
PG_FUNCTION_INFO_V1(sportello_sees);
Datum sportello_sees(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(sees_again(PG_GETARG_INT64(0)));
}

/* app.ticket_people(ticket bigint): those with a row of their own in a ticket
 * that one sees, in the order of their ids. */
PG_FUNCTION_INFO_V1(sportello_ticket_people);
Datum sportello_ticket_people(PG_FUNCTION_ARGS)
{
	struct finder f;
	ScanKeyData k[2];
	ArrayBuildState *ids =
		initArrayResult(INT8OID, CurrentMemoryContext, false);
	bool more, none;

	if (!sees_again(PG_GETARG_INT64(0)))
		PG_RETURN_DATUM(makeArrayResult(ids, CurrentMemoryContext));
	finder_open(&f, "ticket_access", "ticket_access_pkey", 2);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	key(k, 2, F_INT8EQ, PG_GETARG_DATUM(0));
	for (more = find(&f, k); more; more = find_next(&f)) {
		int64 principal =
			DatumGetInt64(column(&f, "principal", INT8OID, &none));
		if (principal % 4 == 0)
			accumArrayResult(ids, Int64GetDatum(principal / 4),
					 false, INT8OID, CurrentMemoryContext);
	}
	finder_close(&f);
	PG_RETURN_DATUM(makeArrayResult(ids, CurrentMemoryContext));
}

static int by_value(const void *a, const void *b)
{
	int64 x = *(const int64 *)a, y = *(const int64 *)b;

	return x < y ? -1 : x > y;
}

/* The partner of an account; 0: it has none. */
static int64 partner_of(Datum account)
{
	struct finder f;
	ScanKeyData k[2];
	bool none = true;
	Datum partner = 0;

	finder_open(&f, "accounts", "accounts_pkey", 2);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	key(k, 2, F_INT8EQ, account);
	if (find(&f, k))
		partner = column(&f, "partner_id", INT8OID, &none);
	finder_close(&f);
	return none ? 0 : DatumGetInt64(partner);
}

/* Staff of the tenant is support, and that of the partner (0: none). */
static bool is_support(const struct finder *f, int64 partner)
{
	bool none;

	return DatumGetInt16(column(f, "rank", INT2OID, &none)) >= AGENT ||
	       (partner && holds(column(f, "principals", INT8ARRAYOID, &none),
				 partner * 4 + PARTNER));
}

static void add_name(StringInfo out, const struct finder *f, int64 id,
		     int64 partner)
{
	bool none;
	Datum name = column(f, "name", TEXTOID, &none), photo;

	appendStringInfo(out, "%s\"" INT64_FORMAT "\" : {\"name\" : ",
			 out->len > 1 ? ", " : " ", id);
	escape_json(out, TextDatumGetCString(name));
	appendStringInfo(out, ", \"side\" : \"%s\"",
			 is_support(f, partner) ? "support" : "customer");
	photo = column(f, "photo", TEXTOID, &none);
	if (!none)
		appendStringInfo(out, ", \"photo\" : \"/api/photos/%s\"",
				 TextDatumGetCString(photo));
	appendStringInfoChar(out, '}');
}

/* app.names(ids bigint[], account bigint default null): {id: {name, side,
 * photo?}} of those who exist, in the order of their ids. Staff of the account's partner
 * is on support's side in its tickets. */
PG_FUNCTION_INFO_V1(sportello_names);
Datum sportello_names(PG_FUNCTION_ARGS)
{
	StringInfoData out;
	struct finder f;
	ScanKeyData k[2];
	Datum *id;
	bool *null;
	int64 partner = 0;
	int n = 0;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	if (valid() && !PG_ARGISNULL(0)) {
		if (!PG_ARGISNULL(1))
			partner = partner_of(PG_GETARG_DATUM(1));
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), INT8OID, 8, true,
				  TYPALIGN_DOUBLE, &id, &null, &n);
		for (int i = 0; i < n; i++)
			if (null[i])
				id[i] = Int64GetDatum(0); /* nobody's */
		qsort(id, n, sizeof(*id), by_value);
		finder_open(&f, "people", "people_pkey", 2);
		key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
		for (int i = 0; i < n; i++) {
			key(k, 2, F_INT8EQ, id[i]);
			if ((!i || id[i] != id[i - 1]) && find(&f, k))
				add_name(&out, &f, DatumGetInt64(id[i]),
					 partner);
		}
		finder_close(&f);
	}
	appendStringInfoString(&out, out.len > 1 ? " }" : "}");
	PG_RETURN_DATUM(
		PointerGetDatum(cstring_to_text_with_len(out.data, out.len)));
}

/* The name of the tenant (n: 1 key), or of one account or portal of it (2). */
static Datum name_of(FunctionCallInfo fcinfo, const char *table,
		     const char *index, int n)
{
	struct finder f;
	ScanKeyData k[2];
	Datum name = 0;
	bool found, none;

	if (!valid())
		PG_RETURN_NULL();
	finder_open(&f, table, index, n);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	if (n > 1)
		key(k, 2, F_INT8EQ, PG_GETARG_DATUM(0));
	found = find(&f, k);
	if (found)
		name = PointerGetDatum(PG_DETOAST_DATUM_COPY(
			column(&f, "name", TEXTOID, &none)));
	finder_close(&f);
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(name);
}

/* app.tenant_name(), app.account_name(id bigint), app.portal_name(id bigint) */
PG_FUNCTION_INFO_V1(sportello_tenant_name);
Datum sportello_tenant_name(PG_FUNCTION_ARGS)
{
	return name_of(fcinfo, "tenants", "tenants_pkey", 1);
}

PG_FUNCTION_INFO_V1(sportello_account_name);
Datum sportello_account_name(PG_FUNCTION_ARGS)
{
	return name_of(fcinfo, "accounts", "accounts_pkey", 2);
}

PG_FUNCTION_INFO_V1(sportello_portal_name);
Datum sportello_portal_name(PG_FUNCTION_ARGS)
{
	return name_of(fcinfo, "portals", "portals_pkey", 2);
}

/* app.account_partner(id bigint) */
PG_FUNCTION_INFO_V1(sportello_account_partner);
Datum sportello_account_partner(PG_FUNCTION_ARGS)
{
	int64 partner = valid() ? partner_of(PG_GETARG_DATUM(0)) : 0;

	if (!partner)
		PG_RETURN_NULL();
	PG_RETURN_INT64(partner);
}

/* ---- rights and settings, for what is written ---- */

/* app.set_value(name text, account bigint, portal bigint): the setting where it
 * is set nearest: at the portal, above it, for the account, for the tenant.
 * Null: nowhere. A tree deeper than 16 is cut. */
PG_FUNCTION_INFO_V1(sportello_set_value);
Datum sportello_set_value(PG_FUNCTION_ARGS)
{
	struct finder portals, settings;
	ScanKeyData up[2], k[3];
	Datum tenant = Int64GetDatum(context.id[TENANT]), value = 0;
	Datum account = PG_ARGISNULL(1) ? 0 : PG_GETARG_DATUM(1);
	Datum portal = PG_ARGISNULL(2) ? 0 : PG_GETARG_DATUM(2);
	bool no_account = PG_ARGISNULL(1), at_top = PG_ARGISNULL(2);
	bool found = false, none;

	if (!valid() || PG_ARGISNULL(0))
		PG_RETURN_NULL();
	finder_open(&settings, "settings", "settings_pkey", 3);
	finder_open(&portals, "portals", "portals_pkey", 2);
	key(k, 1, F_INT8EQ, tenant);
	key(k, 3, F_TEXTEQ, PG_GETARG_DATUM(0));
	key(up, 1, F_INT8EQ, tenant);
	for (int i = 0; i < 16 && !found && !at_top; i++) {
		key(up, 2, F_INT8EQ, portal);
		if (!find(&portals, up))
			break;
		if (no_account)
			account = column(&portals, "account_id", INT8OID,
					 &no_account);
		key(k, 2, F_INT8EQ,
		    Int64GetDatum(DatumGetInt64(portal) * 2 + 1));
		found = find(&settings, k);
		portal = column(&portals, "parent_id", INT8OID, &at_top);
	}
	if (!found && !no_account) {
		key(k, 2, F_INT8EQ, Int64GetDatum(DatumGetInt64(account) * 2));
		found = find(&settings, k);
	}
	if (!found) {
		key(k, 2, F_INT8EQ, Int64GetDatum(0));
		found = find(&settings, k);
	}
	if (found)
		value = PointerGetDatum(PG_DETOAST_DATUM_COPY(
			column(&settings, "value", TEXTOID, &none)));
	finder_close(&portals);
	finder_close(&settings);
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(value);
}

/* Is a column of the row that was found the same as the context's? */
static bool same_id(const struct finder *f, const char *name, enum field field,
		    bool or_null)
{
	bool none;
	Datum id = column(f, name, INT8OID, &none);

	return none ? or_null
		    : context.has[field] &&
			       DatumGetInt64(id) == context.id[field];
}

/* app.roles_here(): the account roles of the asker that reach the portal they
 * are at, and support_user for whoever was appointed. */
PG_FUNCTION_INFO_V1(sportello_roles_here);
Datum sportello_roles_here(PG_FUNCTION_ARGS)
{
	ArrayBuildState *roles =
		initArrayResult(TEXTOID, CurrentMemoryContext, false);
	struct finder f;
	ScanKeyData k[2];
	bool more, support = false, none;

	if (!valid() || !context.has[PERSON] || context.has[GRANT])
		PG_RETURN_DATUM(makeArrayResult(roles, CurrentMemoryContext));
	finder_open(
		&f, "memberships",
		"memberships_tenant_id_person_id_role_account_id_portal_id_key",
		2);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	key(k, 2, F_INT8EQ, Int64GetDatum(context.id[PERSON]));
	for (more = find(&f, k); more; more = find_next(&f)) {
		if (!same_id(&f, "account_id", ACCOUNT, false) ||
		    !same_id(&f, "portal_id", PORTAL, true))
			continue;
		accumArrayResult(roles, column(&f, "role", TEXTOID, &none),
				 false, TEXTOID, CurrentMemoryContext);
		support |=
			DatumGetBool(column(&f, "is_support", BOOLOID, &none));
	}
	finder_close(&f);
	if (support)
		accumArrayResult(roles, CStringGetTextDatum("support_user"),
				 false, TEXTOID, CurrentMemoryContext);
	PG_RETURN_DATUM(makeArrayResult(roles, CurrentMemoryContext));
}

/* app.is_confirmed(): has the asker confirmed the present address at this
 * portal? */
PG_FUNCTION_INFO_V1(sportello_is_confirmed);
Datum sportello_is_confirmed(PG_FUNCTION_ARGS)
{
	struct finder people, confirmations;
	ScanKeyData k[4];
	bool found, none;

	if (!valid() || !context.has[PERSON] || !context.has[PORTAL])
		PG_RETURN_BOOL(false);
	finder_open(&people, "people", "people_pkey", 2);
	finder_open(&confirmations, "confirmations", "confirmations_pkey", 4);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	key(k, 2, F_INT8EQ, Int64GetDatum(context.id[PERSON]));
	found = find(&people, k);
	if (found) {
		key(k, 3, F_INT8EQ, Int64GetDatum(context.id[PORTAL]));
		key(k, 4, F_TEXTEQ, column(&people, "email", TEXTOID, &none));
		found = find(&confirmations, k);
	}
	finder_close(&confirmations);
	finder_close(&people);
	PG_RETURN_BOOL(found);
}

/* ---- the context's readers ---- */

static Datum id_or_null(FunctionCallInfo fcinfo, enum field f)
{
	if (!valid() || !context.has[f])
		PG_RETURN_NULL();
	PG_RETURN_INT64(context.id[f]);
}

#define READER(name, field)                                                    \
	PG_FUNCTION_INFO_V1(name);                                             \
	Datum name(PG_FUNCTION_ARGS)                                           \
	{                                                                      \
		return id_or_null(fcinfo, field);                              \
	}

READER(sportello_tenant_id, TENANT)
READER(sportello_portal_id, PORTAL)
READER(sportello_account_id, ACCOUNT)
READER(sportello_person_id, PERSON)
READER(sportello_session_id, SESSION)
READER(sportello_grant_id, GRANT)

PG_FUNCTION_INFO_V1(sportello_host);
Datum sportello_host(PG_FUNCTION_ARGS)
{
	if (!valid() || !context.host)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(context.host);
}

PG_FUNCTION_INFO_V1(sportello_has_tickets);
Datum sportello_has_tickets(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(valid() && context.has_tickets);
}

PG_FUNCTION_INFO_V1(sportello_is_agent);
Datum sportello_is_agent(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(valid() && context.rank >= AGENT);
}

PG_FUNCTION_INFO_V1(sportello_rank);
Datum sportello_rank(PG_FUNCTION_ARGS)
{
	if (!valid())
		PG_RETURN_NULL();
	PG_RETURN_INT16(context.rank);
}

PG_FUNCTION_INFO_V1(sportello_principals);
Datum sportello_principals(PG_FUNCTION_ARGS)
{
	if (!valid())
		PG_RETURN_NULL();
	PG_RETURN_ARRAYTYPE_P(context.principals);
}
