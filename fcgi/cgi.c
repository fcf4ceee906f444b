/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fastcgi.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "arena.h"

/* The largest record that FastCGI has: what is large goes in few of them. */
#define RECORD 65528

static FCGX_Request request;
static int epoll_fd = -1;
static unsigned limit_seconds;
static sigset_t waiting; /* the signals that stay blocked even then */
static volatile sig_atomic_t asked_to_end;

static void on_term(int signal)
{
	(void)signal;
	asked_to_end = 1;
}

/* After FCGX_Init, which installs handlers of its own. */
static bool set_signals(void)
{
	struct sigaction term = { .sa_handler = on_term };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t block;

	sigemptyset(&term.sa_mask);
	sigemptyset(&ignore.sa_mask);
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGHUP);
	sigaddset(&block, SIGUSR1);
	if (sigaction(SIGTERM, &term, NULL) || sigaction(SIGINT, &term, NULL) ||
	    sigaction(SIGPIPE, &ignore, NULL) ||
	    sigprocmask(SIG_BLOCK, &block, &waiting))
		return false;
	sigdelset(&waiting, SIGTERM);
	sigdelset(&waiting, SIGINT);
	return true;
}

bool cgi_open(unsigned seconds)
{
	struct epoll_event listening = {
		/* One of the waiting processes wakes for a connection. */
		.events = EPOLLIN | EPOLLEXCLUSIVE,
	};

	limit_seconds = seconds;
	if (FCGX_Init() || FCGX_InitRequest(&request, 0, 0) || !set_signals())
		return false;
	if (fcntl(0, F_SETFL, O_NONBLOCK))
		return false;
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return epoll_fd >= 0 &&
	       !epoll_ctl(epoll_fd, EPOLL_CTL_ADD, 0, &listening);
}

bool cgi_accept(void)
{
	while (!asked_to_end) {
		struct epoll_event event;

		if (epoll_pwait(epoll_fd, &event, 1, -1, &waiting) < 1)
			continue;
		alarm(limit_seconds);
		if (FCGX_Accept_r(&request) >= 0) {
			request.keepConnection = 0;
			return true;
		}
		alarm(0); /* another process was quicker */
	}
	return false;
}

const char *cgi_param(const char *name)
{
	return FCGX_GetParam(name, request.envp);
}

bool cgi_read(size_t n, struct str *body)
{
	char *p = alloc(n + 1);

	if (n > INT_MAX)
		return false;
	int got = FCGX_GetStr(p, (int)n, request.in);
	*body = (struct str){ p, n };
	return got >= 0 && (size_t)got == n && !FCGX_GetError(request.in);
}

size_t cgi_read_some(char *to, size_t n)
{
	int got = n ? FCGX_GetStr(to, 1, request.in) : 0;

	if (got < 1)
		return 0;
	/* What libfcgi has read already takes no waiting. */
	size_t there = (size_t)(request.in->stop - request.in->rdNext);
	if (there > n - 1)
		there = n - 1;
	got = there ? FCGX_GetStr(to + 1, (int)there, request.in) : 0;
	return 1 + (size_t)(got < 0 ? 0 : got);
}

void cgi_wait_at_most(unsigned seconds)
{
	struct timeval most = { .tv_sec = seconds };

	setsockopt(request.ipcFd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most));
}

void cgi_go_on(void)
{
	alarm(limit_seconds);
}

void cgi_go_on_for(unsigned seconds)
{
	alarm(seconds);
}

/* All of two parts, however few the socket takes at once. */
static bool send_both(struct iovec part[2])
{
	while (part[0].iov_len || part[1].iov_len) {
		ssize_t sent = writev(request.ipcFd, part, 2);
		if (sent < 0 && errno != EINTR)
			return false;
		for (int i = 0; i < 2 && sent > 0; i++) {
			size_t n = (size_t)sent < part[i].iov_len
					   ? (size_t)sent
					   : part[i].iov_len;
			part[i].iov_base = (char *)part[i].iov_base + n;
			part[i].iov_len -= n;
			sent -= (ssize_t)n;
		}
	}
	return true;
}

/* libfcgi's own buffer makes a record, and a write, of each 8 kB, and a writer
 * of its with a larger one leaves 80 bytes behind. */
static bool write_large(struct str bytes)
{
	if (FCGX_FFlush(request.out))
		return false;
	while (bytes.n) {
		size_t n = bytes.n < RECORD ? bytes.n : RECORD;
		unsigned char head[8] = { FCGI_VERSION_1, FCGI_STDOUT };
		head[2] = (unsigned char)(request.requestId >> 8);
		head[3] = (unsigned char)request.requestId;
		head[4] = (unsigned char)(n >> 8);
		head[5] = (unsigned char)n;
		if (!send_both((struct iovec[2]){ { head, sizeof(head) },
						  { (void *)bytes.p, n } }))
			return false;
		bytes = str_from(bytes, n);
	}
	return true;
}

bool cgi_write(struct str bytes)
{
	if (bytes.n > RECORD && bytes.n <= INT_MAX)
		return write_large(bytes);
	while (bytes.n) {
		int part = bytes.n > INT_MAX ? INT_MAX : (int)bytes.n;
		if (FCGX_PutStr(bytes.p, part, request.out) != part)
			return false;
		bytes = str_from(bytes, (size_t)part);
	}
	return true;
}

void cgi_finish(void)
{
	FCGX_Finish_r(&request);
	alarm(0);
}

void cgi_abort(void)
{
	FCGX_Free(&request, 1);
	alarm(0);
}
