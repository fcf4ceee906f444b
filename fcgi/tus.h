/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tus.h: what the headers of tus 1.0 say, a protocol for files that come in
 * parts (https://tus.io/protocols/resumable-upload).
 */
#ifndef SPORTELLO_TUS_H
#define SPORTELLO_TUS_H

#include "digest.h"

#define TUS_VERSION "1.0.0"
#define TUS_EXTENSIONS "creation,termination,checksum,expiration"
#define TUS_CHECKSUMS "sha1,sha256"

/* The name of the file in Upload-Metadata, without any folder and without
 * what makes a line read from the other end; empty: it has none that is one.
 * False: the header is none. */
bool tus_name(struct str metadata, struct str *name) MUST_CHECK;

/* What Upload-Checksum says a part has. False: it is none that we know. */
bool tus_checksum(struct str header, enum digest_kind *kind,
		  struct str *sum) MUST_CHECK;

#endif
