/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "near.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "config.h"
#include "log.h"
#include "queries.h"
#include "work.h"

#define DATAGRAM_MAX 512 /* of syslog, with a host's name */
#define READ_MAX 1024
#define TOLD_MAX 16

static int listening = -1;

static bool open_at(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(a.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(a.sun_path, path, strlen(path) + 1);
	listening =
		socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* nginx is of the folder's group. */
	return listening >= 0 && (!unlink(path) || errno == ENOENT) &&
	       !bind(listening, (struct sockaddr *)&a, sizeof(a)) &&
	       !chmod(path, 0660);
}

void near_listen(void)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/near.sock",
			 config.certificates);

	if (n < 0 || n >= (int)sizeof(path) || !open_at(path))
		log_error(path, strerror(errno));
}

struct str near_mark(char *text, size_t n)
{
	text[n] = 0;
	char *space = strrchr(text, ' ');
	struct str mark = str_of(space ? space + 1 : "");

	return mark.n <= 253 && strspn(mark.p, "abcdefghijklmnopqrstuvwxyz"
					       "0123456789-.") == mark.n
		       ? mark
		       : S("");
}

static bool is_among(char list[][256], size_t n, struct str mark)
{
	size_t i = 0;

	while (i < n && !str_eqz(mark, list[i]))
		i++;
	return i < n;
}

bool near_tell(void)
{
	char marks[TOLD_MAX][256], text[DATAGRAM_MAX + 1];
	size_t n = 0;
	ssize_t got;

	for (int i = 0; i < READ_MAX && listening >= 0; i++) {
		if ((got = recv(listening, text, DATAGRAM_MAX, 0)) < 0)
			break;
		struct str mark = near_mark(text, (size_t)got);
		if (mark.n && n < TOLD_MAX && !is_among(marks, n, mark))
			snprintf(marks[n++], sizeof(marks[0]), "%.*s",
				 STR_ARG(mark));
	}
	for (size_t i = 0; i < n; i++) {
		union q_jobs_near_limit q = { .mark = marks[i] };

		if (!work_ask(&Q_jobs_near_limit, q.v, NULL, NULL))
			return false;
	}
	return true;
}
