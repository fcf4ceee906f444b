/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * unzip.h: a ZIP file from a stranger, read.
 *
 * The directory at the end is read first and all of it checked, before a byte
 * is unpacked: how many entries, how large each and all of them say they are,
 * and how much smaller they are packed, against limits; names that are no
 * place below a folder ("/a", "a/../b", "a\b", "C:a", controls, not UTF-8) or
 * are there twice; entries that lie in each other; what is encrypted, split
 * over disks or packed otherwise than by deflate. One such entry refuses the
 * file. What an entry unpacks to is cut off at the size it said, and has to
 * have its CRC. ZIP64 is read as zip.h writes it, with sizes behind the data
 * as well; what stands before the first entry or behind the end is no part of
 * a file that we take.
 *
 * Own code on zlib, as zip.h is: Debian's libarchive, libzip and minizip leave
 * names, doubled ones, what overlaps and every limit to who calls them, and
 * with those held here, all that would be left to them is to read the fields
 * of the directory.
 *
 * An entry takes 40 bytes of memory, whatever its name; names are read from
 * the file when they are asked for.
 */
#ifndef SPORTELLO_UNZIP_H
#define SPORTELLO_UNZIP_H

#include "str.h"

struct unzip_limits {
	uint64_t file;	  /* bytes of the ZIP file */
	uint64_t entries; /* with folders */
	uint64_t entry;	  /* bytes of one, unpacked */
	uint64_t whole;	  /* bytes of all of them, unpacked */
	/* How often smaller what is more than UNZIP_SMALL may be packed: one
	 * entry, and all of them. Text is 3 to 20 times. */
	unsigned ratio;
};

#define UNZIP_SMALL 1048576

/* Why not, as a code for a report, and of which entry (empty: of the file):
 *
 * not_zip    it has no end of a ZIP file, or something stands behind it
 * cut        it ends in the middle, or its directory does
 * broken     parts of it contradict each other, or its packed bytes are none
 * split      a part of several
 * too_large  the file, an entry (entry.n) or all entries together
 * too_many   entries
 * ratio      packed smaller than anything that is written
 * name       a name that is no place below a folder
 * twice      a name is there twice
 * overlap    an entry lies in another one
 * encrypted
 * method     neither stored nor deflated
 * sum        its CRC is another
 * read       the system could not read the file
 */
struct unzip_fault {
	const char *code;
	struct str entry; /* text, with '?' for what is none */
};

struct unzip;

/* NULL: *fault says why, and so it does whenever one of those below is false.
 * It and the file have to outlive the arena's mark. The file is not closed. */
struct unzip *unzip_open(int fd, const struct unzip_limits *limits,
			 struct unzip_fault *fault) MUST_CHECK;

/* Files, in the order of the directory; folders are none. */
size_t unzip_count(const struct unzip *u);

struct unzip_entry {
	struct str name; /* on the arena */
	uint64_t size;	 /* unpacked */
};
bool unzip_entry(struct unzip *u, size_t i, struct unzip_entry *e) MUST_CHECK;

/* SIZE_MAX: there is none of that name. */
size_t unzip_find(struct unzip *u, struct str name);

/* The whole of one on the arena; of more than `most` bytes it is too_large. */
bool unzip_read(struct unzip *u, size_t i, uint64_t most,
		struct str *content) MUST_CHECK;

/* The same piece by piece, before the last of which nobody knows whether the
 * sum is right; ends as well, false and without a fault, where take() is
 * false. */
typedef bool unzip_take(void *ctx, struct str bytes);
bool unzip_each(struct unzip *u, size_t i, unzip_take *take,
		void *ctx) MUST_CHECK;

#endif
