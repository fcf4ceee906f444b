/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * db.h: PostgreSQL (the only user of libpq).
 *
 * A request makes one trip: the door, its own statements and one Sync go out
 * in one write, and nothing is believed before the Sync came back. There is no
 * BEGIN: what lies before a Sync is one transaction, all of it or nothing.
 *
 * Were an answer ever read for a statement that is not its own, one person
 * would get another's: if the results are not exactly those of the statements
 * sent, the connection is closed and the process ends.
 */
#ifndef SPORTELLO_DB_H
#define SPORTELLO_DB_H

#include "queries.h"
#include "str.h"

/* One statement of a trip. values: as many as the query has inputs. */
struct db_step {
	const struct query *query;
	const char *const *values;
	struct str bytes; /* of its first input of type bytea whose value is
			   * NULL, as they are; or empty */
	struct str out;	  /* the value of the one row's one column */
	bool found;	  /* there was a row, and its value is not null */
};

#define DB_STEPS_MAX 8

enum db_outcome {
	DB_DONE,    /* committed */
	DB_REFUSED, /* the server said no; nothing was changed */
	DB_LOST,    /* the connection broke: perhaps committed */
	DB_AWAY,    /* there is no connection; nothing was sent */
};

/* Why DB_REFUSED: valid until the next trip. */
struct db_error {
	char state[6];	     /* SQLSTATE */
	char constraint[64]; /* or empty */
	char words[256];     /* the server's: for the log and the operator */
	const char *detail;  /* our functions' own, as JSON; or NULL */
	const struct query *query;
};

/*
 * Remembers whom to connect as, connects, and prepares the statements whose
 * noun is this one; NULL: those of requests. False: *why is a sentence; *fatal
 * says that another try is of no use, since a statement does not fit the schema.
 */
bool db_open(const char *conninfo, const char *user, const char *noun,
	     bool *fatal, const char **why) MUST_CHECK;

/* One trip. A statement that failed for a reason that passes (a
 * serialization failure, a deadlock, a stale plan) is tried once more. */
enum db_outcome db_trip(struct db_step *steps, size_t n,
			struct db_error *error);

/*
 * A trip whose last statement may have any number of rows of one text: row()
 * gets each as it comes, so that memory does not grow with them; false: it
 * wants no more. What row() did must count only after DB_DONE.
 */
typedef bool db_row(struct str text, void *ctx);
enum db_outcome db_stream(struct db_step *steps, size_t n, db_row *row,
			  void *ctx, struct db_error *error);

/*
 * The same in parts, so that the server is at the next rows while those before
 * are worked on. What was asked for is taken in now and then, since the server
 * waits when much of it has not been; and all of it, with the transaction over,
 * before anything that may take long (db_wait). One stream at a time: another
 * trip drops it.
 */
enum { DB_STREAM_MAX = DB_STEPS_MAX + 5, DB_ROWS_MAX = 256 };
struct db_rows {
	void *results[DB_ROWS_MAX];
	size_t n;
};
void db_ask(const struct db_step *steps, size_t n);
void db_take_in(void); /* what has come */
void db_wait(void);
/* All rows, or none unless DB_DONE; the caller's until they are cleared. */
enum db_outcome db_answer(struct db_rows *rows, struct db_error *error);
void db_drop(void);
struct str db_row_text(const struct db_rows *rows, size_t i);
void db_rows_clear(struct db_rows *rows);

void db_close(void);

#ifdef SPORTELLO_TEST
/* The next trip sends a statement nobody asked for. */
void db_test_skew(void);
#endif

#endif
