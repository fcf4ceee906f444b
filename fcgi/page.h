/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * page.h: server-rendered pages.
 *
 * A page is the shell's data (who reads, at which portal) and the row's own
 * query, fetched in one trip and filled into the row's template.
 */
#ifndef SPORTELLO_PAGE_H
#define SPORTELLO_PAGE_H

#include "route.h"

/* The handler of a page whose query, if it has one, takes its inputs from the
 * path and the query string. */
bool page(struct request *r);

/* The handler of a form that works without JavaScript: one trip, then the
 * template with what the database says, which may hold a "status" and, instead
 * of a page, {"to": path} or {"wait": seconds}. Faults of the inputs show the
 * form again: {"faults": {name: true}} and what was typed. */
bool page_form(struct request *r);

/* The second half, for a handler that made some inputs itself. */
bool page_form_with(struct request *r, const char *const *values);

/* The last part: the answer's path, or its page with its status. */
bool page_said(struct request *r, struct str answer, struct str shell);

/* The form again, for a PROBLEM_INVALID; any other problem stays one. */
bool page_form_again(struct request *r);

/* The same with data of the handler's own in place of a query's, and a status. */
bool page_show(struct request *r, int status, struct str data);

/* Fills the row's template with a shell and data that are at hand. */
bool page_fill(struct request *r, int status, struct str shell,
	       struct str data);

/* The page for r->problem; without a portal's colours, since it may be that
 * there is none, or no database. Signed out leads to the sign-in page. */
bool page_problem(struct request *r);

#endif
