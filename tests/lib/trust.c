/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Loaded into uacme by tests (LD_PRELOAD): it trusts the authorities in the
 * file that $TRUST names instead of the machine's, which tests leave alone.
 * Its libcurl has no setting for that.
 */
#include <stdlib.h>

int gnutls_certificate_set_x509_trust_file(void *, const char *, int);
int gnutls_certificate_set_x509_trust_dir(void *, const char *, int);

int gnutls_certificate_set_x509_trust_dir(void *c, const char *dir, int type)
{
	(void)dir;
	return gnutls_certificate_set_x509_trust_file(c, getenv("TRUST"), type);
}
