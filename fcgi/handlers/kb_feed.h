/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * kb_feed.h: the knowledge base for machines: an Atom feed a language, the
 * sitemap and robots.txt. They have what everybody may read, whoever asks.
 */
#ifndef SPORTELLO_HANDLERS_KB_FEED_H
#define SPORTELLO_HANDLERS_KB_FEED_H

#include "request.h"

/* RFC 4287: the fifty that were changed last. */
bool kb_feed(struct request *r);

/* sitemaps.org: /sitemap.xml has all, or where there are more than a file may
 * hold, names /sitemap/<key>.xml, the parts that begin behind a key ("-": the
 * first). It goes out as it comes from the database. */
bool kb_sitemap(struct request *r);

bool kb_robots(struct request *r);

#endif
