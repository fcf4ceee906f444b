/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * kb.h: the knowledge base's pages, /{language}/kb….
 *
 * An address ends in what it calls its article by, "-<key>"; what stands
 * before that is its title, and a page that is asked for by another one is at
 * the right one for good (301). Where nobody is signed in and nothing of the
 * reader's own is in the page, it may be kept: for five seconds by nginx,
 * and by browsers and others if they ask each time whether it is the same.
 */
#ifndef SPORTELLO_HANDLERS_KB_H
#define SPORTELLO_HANDLERS_KB_H

#include "request.h"

bool kb_home(struct request *r);
bool kb_section(struct request *r);
bool kb_article(struct request *r);

/* The page is in the language that its address names; none: 404. */
bool kb_language(struct request *r);

/* Whether an article was of help, by a form; thanked for at the article. */
bool kb_vote(struct request *r);

/* /kb: to the reader's language. /kb/:key, and /kb/a/:key, which texts link
 * to: to the article. */
bool kb_start(struct request *r);
bool kb_old(struct request *r);

/* What no route is may have been here before it came from elsewhere. */
bool kb_redirect(struct request *r);

/* Adds what says that the answer may be kept, with an ETag of its body; if
 * that is what the client has, it gets 304. */
bool kb_keep(struct request *r);

/* The first half, for what goes out as it comes. */
void kb_keep_sent(struct request *r);

/* scheme://host/{lang}/kb/{section ? "s/" : ""}{slug}-{key}, escaped. */
void kb_address(struct buf *b, const struct request *r, bool section,
		struct str lang, struct str slug, struct str key);

#endif
