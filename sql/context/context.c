/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who is asking, in a variable of the backend.
 *
 * The variable is valid for one transaction: it remembers the transaction's
 * local id and reads as absent in any other. Only auth.set_context() and
 * auth.enter() write it; the first may be called by the owner of the door
 * alone, the second looks everything up from a host and a secret token. So no
 * SQL that a worker's role can send makes it say something else.
 *
 * auth.enter() is here in C because it runs before every request: one saved
 * plan over auth.lookup(), whose text is sql/door/lookup.sql. The twin for
 * servers where no library can be installed is context/hmac.sql.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_MODULE_MAGIC;

/* The order of auth.lookup()'s columns and of auth.set_context()'s
 * arguments. */
enum field {
	TENANT,
	PORTAL,
	ACCOUNT,
	PERSON,
	SESSION,
	N_IDS,
	RANK = N_IDS,
	PRINCIPALS,
	N_FIELDS
};

#define READ_ONLY N_FIELDS
#define AGENT 2

static struct {
	LocalTransactionId lxid;
	int64 id[N_IDS];
	bool has[N_IDS];
	int16 rank;
	bool read_only;
	ArrayType *principals;
} context;

static bool entered(void)
{
	return LocalTransactionIdIsValid(context.lxid) &&
	       context.lxid == MyProc->lxid;
}

/* A context for reading is none once the transaction may write again, which
 * RESET transaction_read_only or an older savepoint bring about. */
static bool valid(void)
{
	return entered() && (!context.read_only || XactReadOnly);
}

/* Refused a second time in one transaction: nothing that was read as one
 * person may mix with what is read as another. */
static void set(const Datum *value, const bool *null, bool read_only)
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
	MemoryContextSwitchTo(before);
	context.read_only = read_only;
	if (read_only)
		XactReadOnly = true;
	context.lxid = MyProc->lxid;
}

PG_FUNCTION_INFO_V1(sportello_set_context);
Datum sportello_set_context(PG_FUNCTION_ARGS)
{
	Datum value[N_FIELDS];
	bool null[N_FIELDS];

	for (int i = 0; i < N_FIELDS; i++) {
		value[i] = PG_GETARG_DATUM(i);
		null[i] = PG_ARGISNULL(i);
	}
	set(value, null, !PG_ARGISNULL(READ_ONLY) && PG_GETARG_BOOL(READ_ONLY));
	PG_RETURN_VOID();
}

static void refuse(const char *state, const char *why)
{
	ereport(ERROR, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2],
					      state[3], state[4])),
			errmsg("%s", why)));
}

static SPIPlanPtr lookup_plan(void)
{
	static SPIPlanPtr plan;

	if (!plan) {
		Oid types[] = { TEXTOID, BYTEAOID };
		SPIPlanPtr fresh = SPI_prepare(
			"select * from auth.lookup($1, $2)", 2, types);
		if (!fresh || SPI_keepplan(fresh))
			elog(ERROR, "auth.lookup can't be prepared");
		plan = fresh;
	}
	return plan;
}

/* auth.enter(host text, token bytea, who smallint, writes boolean) */
PG_FUNCTION_INFO_V1(sportello_enter);
Datum sportello_enter(PG_FUNCTION_ARGS)
{
	Datum args[] = { PG_GETARG_DATUM(0), PG_GETARG_DATUM(1) };
	char nulls[] = { PG_ARGISNULL(0) ? 'n' : ' ',
			 PG_ARGISNULL(1) ? 'n' : ' ' };
	int16 who = PG_ARGISNULL(2) ? INT16_MAX : PG_GETARG_INT16(2);
	bool writes = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	Datum value[N_FIELDS];
	bool null[N_FIELDS];

	SPI_connect();
	if (SPI_execute_plan(lookup_plan(), args, nulls, true, 1) !=
	    SPI_OK_SELECT)
		elog(ERROR, "auth.lookup failed");
	if (!SPI_processed)
		refuse("PT404", "no portal at this host");
	for (int i = 0; i < N_FIELDS; i++)
		value[i] =
			SPI_getbinval(SPI_tuptable->vals[0],
				      SPI_tuptable->tupdesc, i + 1, &null[i]);
	if (who > 0 && null[PERSON])
		refuse("PT401", "nobody is signed in");
	if (DatumGetInt16(value[RANK]) < who)
		refuse("PT403", "the rank is too low");
	set(value, null, !writes);
	SPI_finish();
	PG_RETURN_VOID();
}

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
