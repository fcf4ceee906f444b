/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * files.h: files that come in, by tus 1.0: creation, termination, checksum,
 * expiration. One is its owner's alone until a comment has it.
 *
 * What comes is written chunk by chunk, each in a transaction of its own with
 * the door before it, so that memory does not grow with the file, and what has
 * come stays when the rest does not.
 */
#ifndef SPORTELLO_HANDLERS_FILES_H
#define SPORTELLO_HANDLERS_FILES_H

#include "route.h"

bool files_options(struct request *r); /* OPTIONS /api/files */
bool files_list(struct request *r);   /* GET /api/files: limits, and own ones */
bool files_create(struct request *r); /* POST /api/files */
bool files_state(struct request *r);  /* GET, HEAD /api/files/:id */
bool files_append(struct request *r); /* PATCH /api/files/:id */
bool files_end(struct request *r);    /* DELETE /api/files/:id */

#endif
