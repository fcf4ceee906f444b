/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who is asking, in a variable of the backend, and what follows from it for
 * every request: the door, whether a ticket is seen, names, rights.
 *
 * The variable is valid for one transaction: it remembers the transaction's
 * local id and reads as absent in any other. Only auth.set_context() and
 * auth.enter() write it; the first may be called by the owner of the door
 * alone, the second looks everything up from a host and a secret token. So no
 * SQL that a worker's role can send makes it say something else.
 *
 * These are in C because each request pays for them. They ask what their twins
 * in SQL ask (auth.lookup(), hmac.sql), of unique indexes, one row each,
 * without a planner and an executor in between; each key begins with the
 * context's tenant. Whoever changes one changes the other: tests/sql runs
 * against both. The twin of all of it, for servers where no library can be
 * installed, is hmac.sql.
 */
#ifndef SPORTELLO_CONTEXT_H
#define SPORTELLO_CONTEXT_H

#include "postgres.h"

#include "fmgr.h"
#include "utils/array.h"

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

#define AGENT 2
#define PARTNER 3 /* app.principal()'s kind: staff of a partner */
#define CUSTOMER 1

/* Written by context_set() alone. */
extern struct context {
	LocalTransactionId lxid;
	int64 id[N_IDS];
	bool has[N_IDS];
	int16 rank;
	bool read_only;
	bool has_tickets;
	text *host; /* NULL: none, as in the jobs' work */
	ArrayType *principals;
} context;

/* Is there one, of this transaction? One for reading is none once the
 * transaction may write again, which RESET transaction_read_only or an older
 * savepoint bring about. */
bool context_valid(void);

/* value, null: N_FIELDS of each. Refused a second time in one transaction:
 * nothing that was read as one person may mix with what is read as another. */
void context_set(const Datum *value, const bool *null, bool read_only,
		 bool has_tickets, const text *host);

/* Does an array of bigint hold it? */
bool context_holds(Datum array, int64 id);

#endif
