/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * chunks CONNINFO write N   N chunks of 256 KB into bench.chunk, binary, each in a
 *                           transaction of its own, as an upload's are: seconds
 * chunks CONNINFO read N    the same chunks, four statements a trip: seconds
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHUNK (256 * 1024)
#define AT_ONCE 4

static PGconn *conn;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(PGresult *r, ExecStatusType wanted)
{
	if (PQresultStatus(r) != wanted) {
		fprintf(stderr, "chunks: %s", PQerrorMessage(conn));
		exit(1);
	}
	PQclear(r);
}

static void write_chunks(int n)
{
	static char chunk[CHUNK];
	char seq[16];
	const char *values[] = { seq, chunk };
	const int lengths[] = { 0, CHUNK }, formats[] = { 0, 1 };

	srandom(1);
	for (size_t i = 0; i < CHUNK; i++)
		chunk[i] = (char)random();
	check(PQprepare(conn, "w", "insert into bench.chunk (seq, data) values ($1::int, $2::bytea)", 2, NULL), PGRES_COMMAND_OK);
	for (int i = 0; i < n; i++) {
		snprintf(seq, sizeof(seq), "%d", i);
		check(PQexecPrepared(conn, "w", 2, values, lengths, formats, 0), PGRES_COMMAND_OK);
	}
}

static void read_chunks(int n)
{
	char seq[16];
	const char *values[] = { seq };

	check(PQprepare(conn, "r", "select data from bench.chunk where seq = $1::int", 1, NULL), PGRES_COMMAND_OK);
	if (!PQenterPipelineMode(conn))
		exit(1);
	for (int i = 0; i < n; i += AT_ONCE) {
		int k = n - i < AT_ONCE ? n - i : AT_ONCE;

		for (int j = 0; j < k; j++) {
			snprintf(seq, sizeof(seq), "%d", i + j);
			PQsendQueryPrepared(conn, "r", 1, values, NULL, NULL, 1);
		}
		PQpipelineSync(conn);
		for (int j = 0; j < k; j++) {
			PGresult *r = PQgetResult(conn);
			if (PQgetlength(r, 0, 0) != CHUNK)
				exit(1);
			check(r, PGRES_TUPLES_OK);
			PQgetResult(conn);
		}
		check(PQgetResult(conn), PGRES_PIPELINE_SYNC);
	}
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	conn = PQconnectdb(argv[1]);
	if (PQstatus(conn) != CONNECTION_OK) {
		fprintf(stderr, "chunks: %s", PQerrorMessage(conn));
		return 1;
	}
	double began = now();
	if (!strcmp(argv[2], "write"))
		write_chunks(atoi(argv[3]));
	else
		read_chunks(atoi(argv[3]));
	printf("%.6f\n", now() - began);
	PQfinish(conn);
	return 0;
}
