/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * pictures.h: pictures of portals, and people's photos.
 *
 * A portal's picture is handed in first and named by a look afterwards, so
 * that it can be seen before it is published. A photo is shown at once.
 */
#ifndef SPORTELLO_HANDLERS_PICTURES_H
#define SPORTELLO_HANDLERS_PICTURES_H

#include "route.h"

/* POST /api/pictures?use=logo|mail_logo|favicon, the body the file itself.
 * Two trips: whether the person may is asked before any work is done. */
bool pictures_add(struct request *r);

/* GET /picture/:name, "<hash>.png" or "<hash>.svg": what it names never
 * changes. */
bool pictures_get(struct request *r);

/* POST /api/me/photo, the body the file itself; two trips, as above. */
bool photos_set(struct request *r);

/* GET /api/photos/:hash, for whoever is signed in. */
bool photos_get(struct request *r);

#endif
