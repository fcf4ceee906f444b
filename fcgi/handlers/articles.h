/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * articles.h: where C has work to do for articles: HTML and Markdown become
 * canonical before they are stored, and Markdown of it again for who writes.
 */
#ifndef SPORTELLO_HANDLERS_ARTICLES_H
#define SPORTELLO_HANDLERS_ARTICLES_H

#include "route.h"

bool articles_create(struct request *r); /* POST /api/articles */
bool articles_write(struct request *r);	 /* PATCH …/texts/:language */
/* POST …/files: its first chunk says how large a picture is */
bool articles_attach(struct request *r);
bool articles_written(struct request *r); /* GET …/texts/:language */

#endif
