/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * kb_search.h: the knowledge base's search, /{language}/search?q=…, and the
 * way from what it finds to an article, /{language}/search/:key?q=….
 */
#ifndef SPORTELLO_HANDLERS_KB_SEARCH_H
#define SPORTELLO_HANDLERS_KB_SEARCH_H

#include "request.h"

/* The page: a form, and what was found. What is looked for is counted. */
bool kb_search(struct request *r);

/* To an article (303); counted as gone to from that search. */
bool kb_went(struct request *r);

#endif
