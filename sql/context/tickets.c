/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Is a ticket seen, who is in it, and names for ids. */
#include "context.h"
#include "rows.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/json.h"
#include "utils/snapmgr.h"

/* Has one of these principals a row of ticket_access for it? */
static bool has_access(Datum ticket, ArrayType *principals)
{
	struct finder f;
	ScanKeyData k[3];
	Datum *principal;
	bool *null;
	int n;
	bool found = false;

	deconstruct_array(principals, INT8OID, 8, true, TYPALIGN_DOUBLE,
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

/* The policy of tickets, for whoever has this rank and these principals. */
static bool sees_as(Datum ticket, int16 rank, ArrayType *principals)
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
	       ((at_desk && rank >= AGENT) || has_access(ticket, principals));
}

static bool sees(Datum ticket)
{
	return sees_as(ticket, context.rank, context.principals);
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

	if (!context_valid())
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

/* app.sees_as(ticket bigint, rank smallint, principals bigint[]): the same for
 * somebody else, or for oneself with fewer principals. */
PG_FUNCTION_INFO_V1(sportello_sees_as);
Datum sportello_sees_as(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(context_valid() &&
		       sees_as(PG_GETARG_DATUM(0), PG_GETARG_INT16(1),
			       PG_GETARG_ARRAYTYPE_P(2)));
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
	       (partner &&
		context_holds(column(f, "principals", INT8ARRAYOID, &none),
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
	if (context_valid() && !PG_ARGISNULL(0)) {
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

	if (!context_valid())
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
	int64 partner = context_valid() ? partner_of(PG_GETARG_DATUM(0)) : 0;

	if (!partner)
		PG_RETURN_NULL();
	PG_RETURN_INT64(partner);
}

/* app.awaits_contacts(account bigint): are contacts of an account asked (4), and has none
 * said yes (1) yet? */
PG_FUNCTION_INFO_V1(sportello_awaits_contacts);
Datum sportello_awaits_contacts(PG_FUNCTION_ARGS)
{
	struct finder f;
	ScanKeyData k[2];
	bool asked = false, agreed = false, more, none;

	if (!context_valid())
		PG_RETURN_BOOL(false);
	finder_open(&f, "support_contacts", "support_contacts_pkey", 2);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	key(k, 2, F_INT8EQ, PG_GETARG_DATUM(0));
	for (more = find(&f, k); more && !agreed; more = find_next(&f)) {
		int16 state =
			DatumGetInt16(column(&f, "state", INT2OID, &none));
		asked |= state == 4;
		agreed = state == 1;
	}
	finder_close(&f);
	PG_RETURN_BOOL(asked && !agreed);
}

/* Has the tenant any row of a table? The first by its key will do. */
static bool has_any(const char *table, const char *primary_key)
{
	struct finder f;
	ScanKeyData k[1];
	bool found;

	if (!context_valid())
		return false;
	finder_open(&f, table, primary_key, 1);
	key(k, 1, F_INT8EQ, Int64GetDatum(context.id[TENANT]));
	found = find(&f, k);
	finder_close(&f);
	return found;
}

/* app.has_field_policies() */
PG_FUNCTION_INFO_V1(sportello_has_field_policies);
Datum sportello_has_field_policies(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(has_any("field_policies", "field_policies_pkey"));
}

/* app.has_service_level() */
PG_FUNCTION_INFO_V1(sportello_has_service_level);
Datum sportello_has_service_level(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(has_any("sla_versions", "sla_versions_pkey"));
}
