/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settings and the asker's roles, for what is written. */
#include "context.h"
#include "rows.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

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

	if (!context_valid() || PG_ARGISNULL(0))
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

	if (!context_valid() || !context.has[PERSON] || context.has[GRANT])
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

	if (!context_valid() || !context.has[PERSON] || !context.has[PORTAL])
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
