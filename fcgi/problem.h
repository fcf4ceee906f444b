/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * problem.h: everything that can go wrong, as RFC 9457 tells it.
 *
 * One table in problem.c: slug, status, title, what to do. The slug is stable,
 * is the last part of the type, and has a text err.<slug> in every catalogue.
 * PostgreSQL's own words never come here: its SQLSTATE and the name of the
 * constraint do.
 */
#ifndef SPORTELLO_PROBLEM_H
#define SPORTELLO_PROBLEM_H

#include "str.h"

enum problem_kind {
	PROBLEM_NONE,
	PROBLEM_BAD_REQUEST,
	PROBLEM_JSON,
	PROBLEM_TEXT,
	PROBLEM_LENGTH,
	PROBLEM_INTERRUPTED,
	PROBLEM_SLOW,
	PROBLEM_IDEMPOTENCY_KEY,
	PROBLEM_SIGNED_OUT,
	PROBLEM_ANOTHER_PERSON,
	PROBLEM_FORBIDDEN,
	PROBLEM_CROSS_SITE,
	PROBLEM_SUPPORT_READS_ONLY,
	PROBLEM_SUPPORT_ENDED,
	PROBLEM_ENTRY_OVER,
	PROBLEM_CONFIRM_ADDRESS,
	PROBLEM_SUPPORT_NOT_ALLOWED,
	PROBLEM_PROOF_OLD,
	PROBLEM_HOST,
	PROBLEM_ELSEWHERE,
	PROBLEM_NOT_FOUND,
	PROBLEM_METHOD,
	PROBLEM_CONFLICT,
	PROBLEM_TICKET_CLOSED,
	PROBLEM_UNSEEN,
	PROBLEM_TICKET_MERGED,
	PROBLEM_KEY_REUSED,
	PROBLEM_QUOTA,
	PROBLEM_FILE_CHECKING,
	PROBLEM_FILE_REFUSED,
	PROBLEM_FILE_OFFSET,
	PROBLEM_FILE_TOO_LARGE,
	PROBLEM_TUS_VERSION,
	PROBLEM_CHECKSUM,
	PROBLEM_RANGE,
	PROBLEM_FACTOR_LAST,
	PROBLEM_FACTOR_THERE,
	PROBLEM_FACTOR_NONE,
	PROBLEM_TOO_LARGE,
	PROBLEM_MEDIA_TYPE,
	PROBLEM_INVALID,
	PROBLEM_TOO_MANY,
	PROBLEM_EXPORT_BUSY,
	PROBLEM_IMPORT_BUSY,
	PROBLEM_WORK_BUSY,
	PROBLEM_BULK_BUSY,
	PROBLEM_BULK_OVER,
	PROBLEM_INTERNAL,
	PROBLEM_UNAVAILABLE,
	PROBLEM_TIMEOUT,
};

#define PROBLEM_FIELDS_MAX 16

struct problem_field {
	struct str name;
	const char *code; /* required, too_long, type, unknown, invalid … */
	struct str about; /* what of it, where the code alone does not say */
};

struct problem {
	enum problem_kind kind;
	struct str detail; /* for the person; empty: the table's */
	struct problem_field fields[PROBLEM_FIELDS_MAX];
	size_t n_fields;
	struct str errors; /* the whole list instead, as the database made it */
};

/* Sets the problem and is false, so that `return problem(…)` reads well. */
bool problem(struct problem *p, enum problem_kind kind);
bool problem_say(struct problem *p, enum problem_kind kind, const char *detail);

/* Adds a field to a PROBLEM_INVALID and is false. */
bool problem_field(struct problem *p, struct str name, const char *code);
bool problem_field_about(struct problem *p, struct str name, const char *code,
			 struct str about);

/* The same with a list that the database made: [{field, code, detail, …}]. A
 * copy is kept. False. */
bool problem_errors(struct problem *p, struct str list);

/* What a SQLSTATE and the name of the constraint (or NULL) mean. */
bool problem_sql(struct problem *p, const char *sqlstate,
		 const char *constraint);

int problem_status(const struct problem *p);
const char *problem_slug(const struct problem *p);

/* application/problem+json */
struct str problem_json(const struct problem *p, struct str request_id);

#endif
