/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The door: auth.enter(), whose twin is auth.lookup() and hmac.sql's. */
#include "context.h"
#include "rows.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/timestamp.h"

/* A session's use is written down so often. */
#define NOTE_SECONDS 300

StaticAssertDecl(FLOAT8PASSBYVAL, "ids outlive the row they come from");

static void refuse(const char *state, const char *problem, const char *why)
{
	ereport(ERROR,
		(errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3],
				       state[4])),
		 problem ? err_generic_string(PG_DIAG_CONSTRAINT_NAME, problem)
			 : 0,
		 errmsg("%s", why)));
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
			 context_holds(portals, DatumGetInt64(value[PORTAL])));
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
			found = context_holds(
					doors,
					DatumGetInt64(value[ACCOUNT]) * 2) ||
				context_holds(
					doors,
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
	context_set(value, null, !writes, tickets, PG_GETARG_TEXT_PP(0));
	PG_RETURN_VOID();
}
