/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "resolve.h"

#include "arena.h"
#include "config.h"
#include "log.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <poll.h>

/* Of one packet to one server: a lost one is sent again within the limit. */
#define TRY_MS 1200
#define TRIES 3

static unsigned limit_ms = RESOLVE_SECONDS * 1000;

static bool open_channel(ares_channel *channel, const char **why)
{
	struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
		.timeout = TRY_MS,
		.tries = TRIES,
	};
	int rc = ares_init_options(
		channel, &options,
		ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);

	if (rc != ARES_SUCCESS) {
		*why = ares_strerror(rc);
		return false;
	}
	if (!*config.resolver ||
	    ares_set_servers_ports_csv(*channel, config.resolver) ==
		    ARES_SUCCESS)
		return true;
	ares_destroy(*channel);
	*why = "SPORTELLO_RESOLVER must be addresses with or without a port, "
	       "like 127.0.0.1:53,[::1]:53";
	return false;
}

bool resolve_setup(const char **why)
{
	ares_channel channel;

	if (!open_channel(&channel, why))
		return false;
	ares_destroy(channel);
	return true;
}

/* One more text, or a further piece of the last: c-ares gives the pieces of
 * 255 bytes that a long one consists of. */
static void collect(struct resolve_lookup *l, struct ares_txt_ext *txt)
{
	struct buf text = buf_new(RESOLVE_TEXT);

	for (; txt && l->n_texts < RESOLVE_TEXTS; txt = txt->next) {
		buf_add(&text, (struct str){ (char *)txt->txt, txt->length });
		if (txt->next && !txt->next->record_start)
			continue;
		if (!text.full)
			l->texts[l->n_texts++] = buf_str(&text);
		text = buf_new(RESOLVE_TEXT);
	}
}

static void answered(void *lookup, int status, int timeouts,
		     unsigned char *packet, int n)
{
	struct resolve_lookup *l = lookup;
	struct ares_txt_ext *txt = NULL;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_txt_reply_ext(packet, n, &txt);
	if (status == ARES_SUCCESS)
		collect(l, txt);
	if (txt)
		ares_free_data(txt);
	l->fate = status == ARES_SUCCESS && l->n_texts ? RESOLVE_FOUND
		  : status == ARES_SUCCESS || status == ARES_ENODATA ||
				  status == ARES_ENOTFOUND
			  ? RESOLVE_NONE
			  : RESOLVE_FAILED;
	l->why = l->fate != RESOLVE_FAILED     ? NULL
		 : status == ARES_EDESTRUCTION ? "no answer in time"
					       : ares_strerror(status);
}

/* Waits until a server says something, or c-ares has something to do. False:
 * nothing is under way any more. */
static bool wait_once(ares_channel channel, uint64_t until)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	struct pollfd fds[ARES_GETSOCK_MAXNUM];
	unsigned mask =
		(unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
	uint64_t now = log_now();
	nfds_t n = 0;

	for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		/* Not its own macros, which shift a 1 into the sign. */
		short events = 0;
		if (mask & 1u << i)
			events |= POLLIN;
		if (mask & 1u << (i + ARES_GETSOCK_MAXNUM))
			events |= POLLOUT;
		if (events)
			fds[n++] = (struct pollfd){ .fd = sockets[i],
						    .events = events };
	}
	if (!n || now >= until)
		return false;
	struct timeval left = { (time_t)((until - now) / 1000000),
				(suseconds_t)((until - now) % 1000000) };
	struct timeval room, *wait = ares_timeout(channel, &left, &room);
	poll(fds, n, (int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1));
	for (nfds_t i = 0; i < n; i++)
		ares_process_fd(
			channel,
			fds[i].revents & ~POLLOUT ? fds[i].fd : ARES_SOCKET_BAD,
			fds[i].revents & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	/* And those whose time is over. */
	ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	return true;
}

void resolve_txt(struct resolve_lookup *lookups, size_t n)
{
	uint64_t until = log_now() + limit_ms * 1000ull;
	ares_channel channel;
	const char *why = "";

	for (size_t i = 0; i < n; i++) {
		lookups[i].fate = RESOLVE_FAILED;
		lookups[i].n_texts = 0;
		lookups[i].why = "too many at once";
	}
	/* A new one each time: resolv.conf may have changed. */
	if (!open_channel(&channel, &why)) {
		for (size_t i = 0; i < n; i++)
			lookups[i].why = why;
		return;
	}
	for (size_t i = 0; i < n && i < RESOLVE_MOST; i++)
		ares_query(channel, str_z(lookups[i].name), ns_c_in, ns_t_txt,
			   answered, &lookups[i]);
	while (wait_once(channel, until))
		;
	/* What has no answer gets one now: ARES_EDESTRUCTION. */
	ares_destroy(channel);
}

#ifdef SPORTELLO_TEST
void resolve_test_limit(unsigned ms)
{
	limit_ms = ms;
}
#endif
