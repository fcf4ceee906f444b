/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The least a FastCGI program can do: reads the request's body and sends the
 * same bytes each time. What it reaches through nginx is the limit for
 * anything that answers with those bytes.
 *
 *	hello PROCESSES SOCKET FILE
 *
 * FILE is the whole answer: header lines, an empty line, body.
 */
#include <fcgiapp.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static char answer[1 << 20];

static int read_answer(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return -1;
	n = fread(answer, 1, sizeof(answer), f);
	fclose(f);
	return n < sizeof(answer) ? (int)n : -1;
}

static int serve(int fd, int n)
{
	FCGX_Request request;
	char body[8192];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (FCGX_InitRequest(&request, fd, 0))
		return 1;
	while (FCGX_Accept_r(&request) >= 0) {
		while (FCGX_GetStr(body, sizeof(body), request.in) > 0)
			continue;
		FCGX_PutStr(answer, n, request.out);
		FCGX_Finish_r(&request);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int n = argc == 4 ? read_answer(argv[3]) : -1;
	int fd;

	if (n < 0 || FCGX_Init())
		return 2;
	unlink(argv[2]);
	fd = FCGX_OpenSocket(argv[2], 511);
	if (fd < 0)
		return 2;
	for (int i = atoi(argv[1]); i > 0; i--)
		if (!fork())
			return serve(fd, n);
	wait(NULL); /* none ends by itself */
	return 1;
}
