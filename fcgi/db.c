/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "log.h"

/* How often a lost connection is tried again within one request, and the
 * longest wait between two tries (half of it is chance, so that a fleet does
 * not come back in one beat). */
#define RECONNECT_TRIES 3
#define RECONNECT_MS 150
#define MISMATCH_EXIT 70

static struct {
	PGconn *conn;
	const char *conninfo, *user;
	const char *noun;
} db;

static void release(void *result)
{
	PQclear(result);
}

static bool is_of(const struct query *q, const char *noun)
{
	size_t n = strlen(noun);

	return !strncmp(q->name, noun, n) && q->name[n] == '_';
}

static bool is_mine(const struct query *q)
{
	return db.noun ? is_of(q, db.noun)
		       : !is_of(q, "jobs") && !is_of(q, "operator");
}

/* The results are not those of what was sent: whatever comes next could be
 * somebody else's. */
static NORETURN void out_of_step(const char *what)
{
	log_error("pipeline out of step", what);
	PQfinish(db.conn);
	_exit(MISMATCH_EXIT);
}

/* The NULL that ends one statement's results. */
static void expect_end(void)
{
	PGresult *r = PQgetResult(db.conn);

	if (!r)
		return;
	PQclear(r);
	if (PQstatus(db.conn) == CONNECTION_OK)
		out_of_step("a result too many");
}

static bool prepare_failed(const struct query *q, PGresult *r, const char **why)
{
	static char sentence[512];

	snprintf(sentence, sizeof(sentence), "query %s can't be prepared: %s",
		 q->name, PQresultErrorMessage(r));
	*why = sentence;
	return false;
}

/* The server is ending: no fault of the statement. */
static bool goes_away(const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	return !state || !strncmp(state, "57", 2) || !strncmp(state, "08", 2);
}

/* All in one trip of their own. */
static bool prepare_all(const char **why)
{
	bool ok = true;

	for (size_t i = 0; all_queries[i]; i++)
		if (is_mine(all_queries[i]) &&
		    !PQsendPrepare(db.conn, all_queries[i]->name,
				   all_queries[i]->sql, 0, NULL))
			return false;
	if (!PQpipelineSync(db.conn))
		return false;
	for (size_t i = 0; all_queries[i]; i++) {
		if (!is_mine(all_queries[i]))
			continue;
		PGresult *r = PQgetResult(db.conn);
		if (ok && r && PQresultStatus(r) == PGRES_FATAL_ERROR &&
		    PQstatus(db.conn) == CONNECTION_OK && !goes_away(r))
			ok = prepare_failed(all_queries[i], r, why);
		PQclear(r);
		expect_end();
	}
	PGresult *sync = PQgetResult(db.conn);
	bool synced = PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
	PQclear(sync);
	return ok && synced;
}

static void quiet(void *arg, const char *message)
{
	(void)arg;
	(void)message; /* notices are for psql */
}

static bool connect_once(bool *fatal, const char **why)
{
	static char sentence[512];
	const char *keys[] = { "dbname",	   "user",
			       "application_name", "connect_timeout",
			       "client_encoding",  NULL };
	const char *values[] = { db.conninfo, db.user, "sportello",
				 "3",	      "UTF8",  NULL };

	*fatal = false;
	*why = "";
	db_close();
	db.conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(db.conn) != CONNECTION_OK) {
		snprintf(sentence, sizeof(sentence), "%s",
			 PQerrorMessage(db.conn));
		*why = sentence;
		db_close();
		return false;
	}
	PQsetNoticeProcessor(db.conn, quiet, NULL);
	if (PQenterPipelineMode(db.conn) && prepare_all(why))
		return true;
	*fatal = **why != '\0';
	db_close();
	return false;
}

bool db_open(const char *conninfo, const char *user, const char *noun,
	     bool *fatal, const char **why)
{
	db.conninfo = conninfo;
	db.user = user;
	db.noun = noun;
	return connect_once(fatal, why);
}

void db_close(void)
{
	if (db.conn)
		PQfinish(db.conn);
	db.conn = NULL;
}

/* Between requests nothing may be waiting to be read: what is there is the
 * server's good-bye. */
static bool is_alive(void)
{
	if (!db.conn || PQstatus(db.conn) != CONNECTION_OK)
		return false;
	struct pollfd p = { .fd = PQsocket(db.conn), .events = POLLIN };
	return poll(&p, 1, 0) == 0;
}

static bool reconnect(void)
{
	const char *why;
	bool fatal;

	for (int i = 0; i < RECONNECT_TRIES; i++) {
		if (connect_once(&fatal, &why))
			return true;
		struct timespec wait = {
			.tv_nsec = (RECONNECT_MS / 2 +
				    (long)(log_now() % (RECONNECT_MS / 2))) *
				   1000000,
		};
		nanosleep(&wait, NULL);
	}
	log_error("no database", why);
	return false;
}

#ifdef SPORTELLO_TEST
static bool skew;

void db_test_skew(void)
{
	skew = true;
}
#endif

/* Bytes go as they are, beside the other inputs' text. */
static bool send_bytes(const struct db_step *s)
{
	unsigned n = s->query->n_inputs;
	const char **values = alloc(n * sizeof(*values));
	int *lengths = alloc(n * sizeof(*lengths));
	int *formats = alloc(n * sizeof(*formats));

	memcpy(values, s->values, n * sizeof(*values));
	for (unsigned i = 0; i < n; i++) {
		if (s->query->inputs[i].type != TYPE_BYTEA || values[i])
			continue;
		values[i] = s->bytes.p;
		lengths[i] = (int)s->bytes.n;
		formats[i] = 1;
		break;
	}
	return PQsendQueryPrepared(db.conn, s->query->name, (int)n, values,
				   lengths, formats, 0);
}

static bool send_step(const struct db_step *s)
{
	if (s->bytes.n)
		return send_bytes(s);
	return PQsendQueryPrepared(db.conn, s->query->name,
				   (int)s->query->n_inputs, s->values, NULL,
				   NULL, s->query->kind == QUERY_BYTES);
}

static bool send(const struct db_step *steps, size_t n)
{
#ifdef SPORTELLO_TEST
	if (skew && !PQsendQueryPrepared(db.conn, "health_ready", 0, NULL, NULL,
					 NULL, 0))
		return false;
	skew = false;
#endif
	for (size_t i = 0; i < n; i++)
		if (!send_step(&steps[i]))
			return false;
	return PQpipelineSync(db.conn);
}

static void copy_field(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

/* Cut short it would be no JSON any more: then there is none. */
static void keep_detail(struct db_error *e, const char *from)
{
	static char kept[16384];

	if (!from || strlen(from) >= sizeof(kept))
		return;
	copy_field(kept, sizeof(kept), from);
	e->detail = kept;
}

static void note_error(struct db_error *e, const PGresult *r,
		       const struct query *q)
{
	if (*e->state)
		return; /* the first one is the cause */
	/* Errors of libpq's own (a row too large for memory) have no state. */
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	copy_field(e->state, sizeof(e->state), state ? state : "XX000");
	copy_field(e->words, sizeof(e->words),
		   PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
	copy_field(e->constraint, sizeof(e->constraint),
		   PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME));
	e->query = q;
	if (!strcmp(e->state, "PT422"))
		keep_detail(e, PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL));
	if (!*e->state || !strncmp(e->state, "PT", 2))
		return; /* our own, meant for the person */
	struct buf line = log_line("error");
	log_str(&line, "what", S("statement refused"));
	log_str(&line, "query", str_of(q ? q->name : "commit"));
	log_str(&line, "state", str_of(e->state));
	log_str(&line, "constraint", str_of(e->constraint));
	log_str(&line, "words",
		str_of(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)));
	log_end(&line);
}

static void take_row(struct db_step *s, const PGresult *r)
{
	if (PQntuples(r) > 1 || PQnfields(r) != 1)
		out_of_step("not one column of one row");
	if (!PQntuples(r) || PQgetisnull(r, 0, 0))
		return;
	s->found = true;
	s->out = (struct str){ PQgetvalue(r, 0, 0),
			       (size_t)PQgetlength(r, 0, 0) };
}

/* False: the connection is lost. */
static bool read_step(struct db_step *s, struct db_error *e)
{
	PGresult *r = PQgetResult(db.conn);

	if (!r && PQstatus(db.conn) == CONNECTION_OK)
		out_of_step("a result too few");
	if (!r)
		return false;
	defer(release, r);
	switch (PQresultStatus(r)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		take_row(s, r);
		break;
	case PGRES_FATAL_ERROR:
		note_error(e, r, s->query);
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	default:
		out_of_step("a result of another kind");
	}
	if (PQstatus(db.conn) != CONNECTION_OK)
		return false;
	expect_end();
	return PQstatus(db.conn) == CONNECTION_OK;
}

/* A deferred constraint fails only here, in one error before the Sync. Any
 * other result belongs to a statement too many. False: the connection is
 * lost. */
static bool read_sync(struct db_error *e)
{
	PGresult *r = PQgetResult(db.conn);

	if (r && PQresultStatus(r) == PGRES_FATAL_ERROR) {
		note_error(e, r, NULL);
		PQclear(r);
		r = PQgetResult(db.conn);
		if (!r) /* the end of the error */
			r = PQgetResult(db.conn);
	}
	bool synced = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
	PQclear(r);
	if (!synced && PQstatus(db.conn) == CONNECTION_OK)
		out_of_step("no Sync where it was due");
	return synced;
}

static enum db_outcome once(struct db_step *steps, size_t n, struct db_error *e)
{
	*e = (struct db_error){ 0 };
	db_drop();
	if (!is_alive() && !reconnect())
		return DB_AWAY;
	for (size_t i = 0; i < n; i++) {
		steps[i].found = false;
		steps[i].out = S("");
	}
	bool ok = send(steps, n);
	for (size_t i = 0; ok && i < n; i++)
		ok = read_step(&steps[i], e);
	if (ok)
		ok = read_sync(e);
	if (!ok) {
		log_error("connection lost", PQerrorMessage(db.conn));
		db_close();
		return DB_LOST;
	}
	return *e->state ? DB_REFUSED : DB_DONE;
}

/* 0A000 and 26000: the plan or the statement is older than the schema. */
static bool passes(const struct db_error *e)
{
	if (!strcmp(e->state, "0A000") || !strcmp(e->state, "26000")) {
		db_close();
		return true;
	}
	return !strcmp(e->state, "40001") || !strcmp(e->state, "40P01");
}

enum db_outcome db_trip(struct db_step *steps, size_t n, struct db_error *error)
{
	enum db_outcome o = once(steps, n, error);

	if (o == DB_REFUSED && passes(error))
		o = once(steps, n, error);
	return o;
}

/* ---- streams --------------------------------------------------------------- */

/* The one that is on its way, and what comes of it next: the result of a step,
 * the rows of the last one, each a result of its own, or the Sync. */
static struct stream {
	struct db_step steps[DB_STREAM_MAX];
	size_t n, at;
	bool asked, away, lost;
	bool rows;     /* they are due */
	bool unwanted; /* but nobody wants more of them */
	struct db_error error;
	struct db_rows kept;
} stream;

/* Before the first row comes. */
static void expect_rows(void)
{
	if (stream.at + 1 != stream.n || *stream.error.state)
		return; /* what is skipped after a refusal has no rows */
	if (!PQsetSingleRowMode(db.conn))
		out_of_step("no stream where it was due");
	stream.rows = true;
}

void db_ask(const struct db_step *steps, size_t n)
{
	if (n > DB_STREAM_MAX)
		abort(); /* no request decides how many there are */
	db_drop();
	memset(&stream, 0, offsetof(struct stream, kept));
	memcpy(stream.steps, steps, n * sizeof(*steps));
	stream.n = n;
	stream.asked = true;
	stream.away = !is_alive() && !reconnect();
	if (stream.away)
		return;
	stream.lost = !send(steps, n);
	if (!stream.lost)
		expect_rows();
}

static bool is_over(void)
{
	return stream.away || stream.lost || stream.at > stream.n;
}

static bool read_row(db_row *row, void *ctx)
{
	PGresult *r = PQgetResult(db.conn);

	if (!r) {
		stream.rows = false;
		stream.at++;
		return PQstatus(db.conn) == CONNECTION_OK;
	}
	if (PQresultStatus(r) == PGRES_FATAL_ERROR)
		note_error(&stream.error, r, stream.steps[stream.at].query);
	if (PQresultStatus(r) != PGRES_SINGLE_TUPLE || stream.unwanted) {
		PQclear(r);
		return true;
	}
	if (!row) {
		if (stream.kept.n == DB_ROWS_MAX)
			out_of_step("more rows than can be");
		stream.kept.results[stream.kept.n++] = r;
		return true;
	}
	stream.unwanted = !row((struct str){ PQgetvalue(r, 0, 0),
					     (size_t)PQgetlength(r, 0, 0) },
			       ctx);
	PQclear(r);
	return true;
}

static void read_one(db_row *row, void *ctx)
{
	bool ok;

	if (stream.rows) {
		ok = read_row(row, ctx);
	} else if (stream.at == stream.n) {
		ok = read_sync(&stream.error);
		stream.at++;
	} else {
		ok = read_step(&stream.steps[stream.at++], &stream.error);
		if (ok)
			expect_rows();
	}
	stream.lost = !ok;
}

static enum db_outcome end(struct db_error *error)
{
	stream.asked = false;
	*error = stream.error;
	if (stream.away)
		return DB_AWAY;
	if (stream.lost) {
		db_close();
		return DB_LOST;
	}
	return *error->state ? DB_REFUSED : DB_DONE;
}

enum db_outcome db_stream(struct db_step *steps, size_t n, db_row *row,
			  void *ctx, struct db_error *error)
{
	db_ask(steps, n);
	while (!is_over())
		read_one(row, ctx);
	memcpy(steps, stream.steps, n * sizeof(*steps));
	return end(error);
}

void db_take_in(void)
{
	if (!stream.asked || is_over())
		return;
	stream.lost = !PQconsumeInput(db.conn);
	while (!is_over() && !PQisBusy(db.conn))
		read_one(NULL, NULL);
}

void db_wait(void)
{
	while (stream.asked && !is_over())
		read_one(NULL, NULL);
}

enum db_outcome db_answer(struct db_rows *rows, struct db_error *error)
{
	enum db_outcome o;

	db_wait();
	o = end(error);
	*rows = stream.kept;
	stream.kept.n = 0;
	if (o != DB_DONE)
		db_rows_clear(rows);
	return o;
}

void db_drop(void)
{
	struct db_error error;
	struct db_rows rows;

	if (stream.asked && db_answer(&rows, &error) == DB_DONE)
		db_rows_clear(&rows);
}

struct str db_row_text(const struct db_rows *rows, size_t i)
{
	const PGresult *r = rows->results[i];

	return (struct str){ PQgetvalue(r, 0, 0),
			     (size_t)PQgetlength(r, 0, 0) };
}

void db_rows_clear(struct db_rows *rows)
{
	while (rows->n)
		PQclear(rows->results[--rows->n]);
}
