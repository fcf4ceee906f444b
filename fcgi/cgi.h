/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * cgi.h: FastCGI (the only user of libfcgi).
 *
 * The listening socket is file descriptor 0. Three rules that each cost
 * somebody dearly and have a test in tests/fault: the connection is closed
 * after every request (else an unread body is parsed as the next request);
 * signals stay blocked but while waiting (else SIGTERM cuts a running answer
 * and it looks complete); what fails in the middle ends without
 * FCGX_Finish_r (else nginx takes it for complete).
 */
#ifndef SPORTELLO_CGI_H
#define SPORTELLO_CGI_H

#include "str.h"

/* Prepares to accept; a request that takes longer than seconds ends the
 * process by SIGALRM. */
bool cgi_open(unsigned seconds) MUST_CHECK;

/* Waits for a request. False: SIGTERM came, and nothing is under way. */
bool cgi_accept(void);

/* A parameter of the request, NULL when it has none of that name. Valid
 * until cgi_finish(). */
const char *cgi_param(const char *name);

/* Reads exactly n bytes of body. False: the client went away or sent less. */
bool cgi_read(size_t n, struct str *body) MUST_CHECK;

/* Reads what is there of the body, one byte at least and n at most; 0: no more
 * comes, or none for as long as cgi_wait_at_most() says. */
size_t cgi_read_some(char *to, size_t n);
void cgi_wait_at_most(unsigned seconds);

/* Something was done: the process's time begins anew. */
void cgi_go_on(void);
/* What follows is one thing that takes long. */
void cgi_go_on_for(unsigned seconds);

/* False: the client has gone. */
bool cgi_write(struct str bytes);

/* The answer is complete. */
void cgi_finish(void);

/* The answer is not: the client shall see it cut. */
void cgi_abort(void);

#endif
