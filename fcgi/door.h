/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * door.h: a request's trip, with the door first.
 *
 * The door (auth.enter) finds tenant, portal and person by the host and the
 * secret token, checks them against the route's row, and sets the context
 * that every policy reads. If it refuses, PostgreSQL skips the rest.
 */
#ifndef SPORTELLO_DOOR_H
#define SPORTELLO_DOOR_H

#include "db.h"
#include "route.h"

/* Runs the door and then the steps. A step of kind json or text that found no
 * row is 404. False: r->problem says what happened. */
bool door_run(struct request *r, struct db_step *steps, size_t n) MUST_CHECK;

/* The same without the door's statement, for the few that are a door of their
 * own (signing in); they may have steps that find nothing. */
bool door_trip(struct request *r, struct db_step *steps, size_t n) MUST_CHECK;

/* The door, and then steps of which the last may have any number of rows
 * (db_stream). False: r->problem says what happened, perhaps after some rows. */
bool door_stream(struct request *r, struct db_step *steps, size_t n,
		 db_row *row, void *ctx) MUST_CHECK;

/* The same in two parts (db_ask): other things may be done between them. */
void door_ask(const struct request *r, struct db_step *steps, size_t n);
bool door_answer(struct request *r, struct db_rows *rows) MUST_CHECK;

/* The door's statement as a step, for a place of its choice. */
struct db_step door_step(const struct request *r, enum who who, bool writes);

#endif
