/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * filetype.h: what a file is, from its content (the only user of libmagic).
 *
 * What a client says of its file is never asked. Only the tables of magic
 * numbers are used: libmagic's own readers of archives, ELF and other formats
 * stay switched off.
 */
#ifndef SPORTELLO_FILETYPE_H
#define SPORTELLO_FILETYPE_H

#include "str.h"

/* "image/png"; "application/octet-stream" for what nobody knows. Valid until
 * the next call. */
struct str filetype(struct str bytes);

#ifdef SPORTELLO_TEST
void filetype_close(void);
#endif

#endif
