/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * request.h: what came in, checked, and what will go out.
 *
 * request_read() only looks things up through the function it is given, so
 * that it runs under the fuzzer without FastCGI. Limits are told here and
 * again by nginx (conf/nginx.conf), whichever is reached first.
 */
#ifndef SPORTELLO_REQUEST_H
#define SPORTELLO_REQUEST_H

#include "catalog.h"
#include "json.h"
#include "problem.h"
#include "str.h"

#define REQUEST_PATH_MAX 1024
#define REQUEST_QUERY_MAX 4096
#define REQUEST_PAIRS_MAX 32
#define REQUEST_BODY_MAX (256 * 1024)
#define REQUEST_LARGE_MAX (4 * 1024 * 1024) /* an article */
/* A picture, where the route takes one. */
#define REQUEST_FILE_MAX (512 * 1024)
/* What a handler reads itself as it comes. */
#define REQUEST_STREAM_MAX (1ull << 40)
#define REQUEST_FORM_MAX (16 * 1024)
#define REQUEST_PARAMS_MAX 2

enum method { GET, POST, PATCH, DELETE, OPTIONS, OTHER };

struct pair {
	struct str key, value;
};

struct pairs {
	struct pair at[REQUEST_PAIRS_MAX];
	size_t n;
};

struct reply {
	int status;
	const char *type; /* NULL: no body */
	struct str body;
	struct buf headers; /* whole lines, "Name: value\r\n" */
	bool cut;	    /* to be ended so that the client sees it cut */
	bool sent;	    /* the handler wrote the answer itself */
};

struct request {
	enum method method;
	bool is_head;
	bool secure; /* https */
	struct str path;
	struct pairs query;
	struct str host;       /* as nginx normalised it */
	struct str own_origin; /* scheme://host[:port] of this request */
	struct str origin;
	struct str id;
	struct str cookies;
	struct str content_type;
	struct str accept_language;
	struct str
		client; /* address; for counting only: neither kept nor logged */
	struct str browser; /* what it calls itself */
	struct str key;	    /* Idempotency-Key */
	bool has_header;    /* X-Sportello: 1 */
	struct str person;  /* X-Sportello-Person: whose page asks; empty: it
			     * does not say */
	uint64_t content_length;
	double queue_ms;  /* between nginx and us */
	struct str token; /* of the session; empty: none */
	bool support;	  /* it is one of support under a grant */

	const struct route *route;
	struct str params[REQUEST_PARAMS_MAX];

	struct str body;
	struct json *json; /* of the body, when it is JSON */
	struct pairs form; /* of the body, when it is a form */

	const struct catalog *lang;
	struct str shell; /* what every page says, once it is known */
	struct problem problem;
	struct reply reply;
	uint64_t started, database; /* microseconds: begin; spent in trips */
	unsigned trips;
	unsigned hashes; /* secret_hashes() when it began */
};

/* Fills r from the server's parameters. False: r->problem says why. */
bool request_read(struct request *r,
		  const char *(*param)(const char *name)) MUST_CHECK;

/* A query string or a posted form; false for a bad escape, text that is not
 * text, or more than REQUEST_PAIRS_MAX pairs. */
bool request_pairs(struct str text, struct pairs *out) MUST_CHECK;

/* The first value of a name; NULL when there is none. */
const struct str *pairs_get(const struct pairs *p, const char *name);

/* Understands r->body by its content type, as JSON for the API and as a form
 * for pages. */
bool request_body(struct request *r) MUST_CHECK;

/* A path of our own to go to after a form, "/" for anything else: never
 * another site. */
struct str request_local_path(struct str to);

#endif
