/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "context.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_MODULE_MAGIC;

/* What later servers call otherwise. */
#if PG_VERSION_NUM >= 170000
#define MY_LXID (MyProc->vxid.lxid)
#else
#define MY_LXID (MyProc->lxid)
#endif
#define READ_ONLY 7 /* auth.set_context()'s eighth argument */
#define TICKETS 9
#define HOST 10

struct context context;

static bool entered(void)
{
	return LocalTransactionIdIsValid(context.lxid) &&
	       context.lxid == MY_LXID;
}

bool context_valid(void)
{
	return entered() && (!context.read_only || XactReadOnly);
}

void context_set(const Datum *value, const bool *null, bool read_only,
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
	context_set(value, null,
		    !PG_ARGISNULL(READ_ONLY) && PG_GETARG_BOOL(READ_ONLY),
		    !PG_ARGISNULL(TICKETS) && PG_GETARG_BOOL(TICKETS),
		    PG_ARGISNULL(HOST) ? NULL : PG_GETARG_TEXT_PP(HOST));
	PG_RETURN_VOID();
}

bool context_holds(Datum array, int64 id)
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

/* ---- readers ---- */

static Datum id_or_null(FunctionCallInfo fcinfo, enum field f)
{
	if (!context_valid() || !context.has[f])
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
	if (!context_valid() || !context.host)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(context.host);
}

PG_FUNCTION_INFO_V1(sportello_has_tickets);
Datum sportello_has_tickets(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(context_valid() && context.has_tickets);
}

PG_FUNCTION_INFO_V1(sportello_is_agent);
Datum sportello_is_agent(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(context_valid() && context.rank >= AGENT);
}

PG_FUNCTION_INFO_V1(sportello_rank);
Datum sportello_rank(PG_FUNCTION_ARGS)
{
	if (!context_valid())
		PG_RETURN_NULL();
	PG_RETURN_INT16(context.rank);
}

PG_FUNCTION_INFO_V1(sportello_principals);
Datum sportello_principals(PG_FUNCTION_ARGS)
{
	if (!context_valid())
		PG_RETURN_NULL();
	PG_RETURN_ARRAYTYPE_P(context.principals);
}
