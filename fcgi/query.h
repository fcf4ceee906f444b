/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * query.h: what sql/embed.awk makes of a file in sql/queries/.
 *
 * The inputs are the complete list of what a query may read from a request:
 * nothing undeclared ever reaches it. All travel to the server as text.
 */
#ifndef SPORTELLO_QUERY_H
#define SPORTELLO_QUERY_H

enum query_source {
	SOURCE_PATH,   /* :name of the route */
	SOURCE_QUERY,  /* ?name= */
	SOURCE_BODY,   /* a member of the JSON body */
	SOURCE_FORM,   /* a field of a posted form */
	SOURCE_ASKED,  /* the language that is asked for: :chosen by the reader,
			 * :browser by the browser */
	SOURCE_KEY,    /* the Idempotency-Key header */
	SOURCE_CLIENT, /* who asks: the client's address */
	SOURCE_BROWSER, /* what the browser calls itself */
	SOURCE_MADE,	/* the handler sets it */
	SOURCE_JOB,	/* jobs set it */
};

enum query_type {
	TYPE_TEXT,
	TYPE_BIGINT,
	TYPE_INT,
	TYPE_SMALLINT,
	TYPE_BOOLEAN,
	TYPE_BYTEA, /* as \x… */
	TYPE_JSONB, /* of the body: a member of any kind, as it came */
	TYPE_INTERVAL,
	TYPE_CURSOR, /* <digits>_<digits>, a text to the server */
};

enum query_kind {
	QUERY_JSON,  /* one row with one JSON column; no row is 404 */
	QUERY_TEXT,  /* the same with a text */
	QUERY_BYTES, /* the same with a bytea, as its bytes */
	QUERY_VOID,  /* nothing to show */
};

struct query_input {
	const char *name;
	enum query_source source;
	enum query_type type;
	bool optional;
	size_t min, max; /* of a text: characters, or bytes; of a number:
			  * its value; 0, 0: any */
	bool bytes;
	const char *words; /* "a|b|#": one of these ('#': an id), or NULL */
};

struct query {
	const char *name; /* <noun>_<verb>, also the prepared statement's */
	const char *sql;
	enum query_kind kind;
	bool writes;
	const struct query_input *inputs;
	unsigned n_inputs;
	unsigned plan_each; /* a bit an input that wants a plan of its own */
};

#endif
