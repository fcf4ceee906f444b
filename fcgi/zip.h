/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * zip.h: a ZIP file, written as a stream.
 *
 * Nothing is sought back to: what an entry's size is stands behind it (data
 * descriptors) and in the directory at the end, which is kept compressed,
 * about 20 bytes an entry, until then. Beyond 4 GiB or 65,535 entries the file
 * is ZIP64. All times are the same, so equal content is equal bytes, however
 * it was cut into pieces. Without its end a file is broken, and readers say so.
 */
#ifndef SPORTELLO_ZIP_H
#define SPORTELLO_ZIP_H

#include "str.h"

/* zlib's level. Another one makes other bytes of the same content. */
enum { ZIP_LEVEL = 6 };

/* Takes what is written; false ends it all. */
typedef bool zip_write(void *ctx, struct str bytes);

/* On the arena: to be made before an arena_mark(), if there is one. */
struct zip *zip_new(zip_write *write, void *ctx);

/* All of these: false when the reader is gone, a name is none ("/a", "a/../b",
 * not UTF-8, too long), or more comes than was said. What was false once
 * stays so. */

/* An entry as it is, with nothing but its name before it: an EPUB's first. */
bool zip_store(struct zip *z, struct str name, struct str content) MUST_CHECK;

/* A compressed entry of at most `most` bytes. */
bool zip_begin(struct zip *z, struct str name, uint64_t most) MUST_CHECK;
bool zip_add(struct zip *z, struct str bytes) MUST_CHECK;
bool zip_end(struct zip *z) MUST_CHECK;

/* The directory. */
bool zip_finish(struct zip *z) MUST_CHECK;

/* What is kept aside to be read later, compressed and outside of the process:
 * made before an arena_mark() like a zip. Once read, nothing more is added; it
 * may be read again. */
struct zip_spool *zip_spool_new(void);
bool zip_spool_add(struct zip_spool *s, struct str bytes) MUST_CHECK;
bool zip_spool_read(struct zip_spool *s, zip_write *write,
		    void *ctx) MUST_CHECK;

/* What packs it: another one may make other bytes of the same content. */
const char *zip_maker(void);

#endif
