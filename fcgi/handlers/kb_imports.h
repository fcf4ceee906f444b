/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A knowledge base taken in (import.h), or tried. */
#ifndef SPORTELLO_HANDLERS_KB_IMPORTS_H
#define SPORTELLO_HANDLERS_KB_IMPORTS_H

#include "request.h"

bool kb_import(struct request *r);
/* Whether the asker may, to nginx. */
bool kb_import_may(struct request *r);

#endif
