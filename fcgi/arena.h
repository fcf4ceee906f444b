/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * arena.h: the memory of one request (or one job).
 *
 * A process serves one request at a time, so there is one arena a process.
 * alloc() never returns NULL: inputs are bounded before they are read, and a
 * process that still runs out of memory aborts and is replaced. Nothing is
 * freed one by one; arena_reset() runs the deferred releases, newest first,
 * and takes all memory back. Blocks are kept, so that in the steady state a
 * request asks nothing of the system.
 *
 * With -DARENA_DEBUG every object is its own malloc, so that ASan sees an
 * overrun by one byte.
 */
#ifndef SPORTELLO_ARENA_H
#define SPORTELLO_ARENA_H

/* n zeroed bytes, aligned for any type, valid until arena_reset(). */
void *alloc(size_t n);

/* A copy of n bytes at p, with a NUL behind. */
char *alloc_copy(const void *p, size_t n);

/* Calls release(thing) at the next reset: PQclear, xmlFreeDoc, … */
void defer(void (*release)(void *), void *thing);

void arena_reset(void);

/* The same, and keeps no block: reading catalogues and templates at the start
 * takes more than most requests ever do. */
void arena_release(void);

/* A place to go back to: what was asked for after arena_mark() is given back
 * and released by arena_rewind(), as by a reset. For what goes on for long in
 * one request. */
struct arena_mark {
	void *block, *release;
	size_t used, total;
};
struct arena_mark arena_mark(void);
void arena_rewind(struct arena_mark mark);

/* Bytes handed out since the last reset (for the log and the tests). */
size_t arena_used(void);

/* n zeroed bytes for the life of the process: what is read once at the start,
 * catalogues and templates. */
void *alloc_forever(size_t n);
char *alloc_forever_copy(const void *p, size_t n); /* with a NUL behind */

#ifdef SPORTELLO_TEST
/* Ends the life of the process early: a fuzzer starts it many times. */
void arena_forget_forever(void);
#endif

#endif
