/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * health.h: for load balancers and supervisors.
 */
#ifndef SPORTELLO_HANDLERS_HEALTH_H
#define SPORTELLO_HANDLERS_HEALTH_H

#include "route.h"

bool health_alive(struct request *r); /* this process answers */
bool health_ready(struct request *r); /* and so does the database */

#endif
