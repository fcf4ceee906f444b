/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * knowledge.h: `sportello kb …`, a knowledge base handed out or taken in by the
 * operator.
 *
 * It is a request like any other, by the code of the pool `bulk` and its role,
 * as an administrator of the tenant: the operator opens a session for them,
 * which is on record and ends with the command.
 */
#ifndef SPORTELLO_KNOWLEDGE_H
#define SPORTELLO_KNOWLEDGE_H

/* The words behind `sportello kb`. The exit status: 0 done, 1 refused and said
 * why on standard error, 2 not understood. */
int knowledge_run(int argc, char **argv);

#endif
