/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * exports.h: lists as CSV, row by row, in the pool `bulk`.
 *
 * The worker keeps one row at a time; nginx keeps what a slow reader has not
 * taken. What fails before the first row is a problem, what fails later cuts
 * the connection.
 */
#ifndef SPORTELLO_EXPORTS_H
#define SPORTELLO_EXPORTS_H

#include "route.h"

bool exports_csv(struct request *r);

#endif
