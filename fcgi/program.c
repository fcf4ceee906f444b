/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "log.h"

#define KEPT 4096 /* of what it says, the end */

/* What comes out of a pipe, as much of it as was said last. */
struct voice {
	int fd;
	size_t n;
	char text[2 * KEPT];
};

static struct {
	pid_t pid; /* 0: none */
	uint64_t kill_at;
	struct voice out, err;
} program;

static void hear(struct voice *v)
{
	ssize_t n;

	while ((n = read(v->fd, v->text + v->n, sizeof(v->text) - v->n)) > 0) {
		v->n += (size_t)n;
		if (v->n <= KEPT)
			continue;
		memmove(v->text, v->text + v->n - KEPT, KEPT);
		v->n = KEPT;
	}
}

static struct str last_line(const struct voice *v)
{
	struct str s = str_trim((struct str){ v->text, v->n });
	const char *end = s.n ? memrchr(s.p, '\n', s.n) : NULL;

	return end ? str_from(s, (size_t)(end + 1 - s.p)) : s;
}

static struct str printable(struct str s)
{
	struct buf b = buf_new(PROGRAM_SAID_MAX);

	if (s.n > PROGRAM_SAID_MAX)
		s.n = PROGRAM_SAID_MAX;
	for (size_t i = 0; i < s.n; i++)
		buf_char(&b, s.p[i] < ' ' || s.p[i] > '~' ? '?' : s.p[i]);
	return buf_str(&b);
}

/* The child's side of fork(). */
static NORETURN void become(const char *const *words, pid_t parent,
			    const int out[2], const int err[2])
{
	char *copies[PROGRAM_WORDS_MAX + 1] = { NULL };
	char *none[] = { NULL };
	sigset_t set;
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < PROGRAM_WORDS_MAX && words[i]; i++)
		copies[i] = alloc_copy(words[i], strlen(words[i]));
	if (getppid() == parent && dup2(in, STDIN_FILENO) >= 0 &&
	    dup2(out[1], STDOUT_FILENO) >= 0 &&
	    dup2(err[1], STDERR_FILENO) >= 0)
		execve(copies[0], copies, none);
	dprintf(STDERR_FILENO, "%s: %s\n", copies[0], strerror(errno));
	_exit(127);
}

static bool fail(const char *what)
{
	log_error(what, strerror(errno));
	return false;
}

bool program_start(const char *const *words, unsigned seconds)
{
	pid_t self = getpid();
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC))
		return fail("pipe");
	if (pipe2(err, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return fail("pipe");
	}
	pid_t pid = fork();
	if (!pid)
		become(words, self, out, err);
	close(out[1]);
	close(err[1]);
	if (pid < 0) {
		close(out[0]);
		close(err[0]);
		return fail("fork");
	}
	setpgid(pid, pid);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	program.pid = pid;
	program.kill_at = log_now() + seconds * 1000000ull;
	program.out = (struct voice){ .fd = out[0] };
	program.err = (struct voice){ .fd = err[0] };
	return true;
}

bool program_runs(void)
{
	return program.pid;
}

static void forget(void)
{
	close(program.out.fd);
	close(program.err.fd);
	program.pid = 0;
}

bool program_ended(struct program_end *end)
{
	bool late = program.pid && log_now() >= program.kill_at;
	int status = 0;

	if (!program.pid)
		return false;
	hear(&program.out);
	hear(&program.err);
	if (late)
		kill(-program.pid, SIGKILL);
	if (waitpid(program.pid, &status, late ? 0 : WNOHANG) != program.pid)
		return false;
	/* What it said between the two looks; and what it left running. */
	hear(&program.out);
	hear(&program.err);
	kill(-program.pid, SIGKILL);
	*end = (struct program_end){
		.ok = !late && WIFEXITED(status) && !WEXITSTATUS(status),
		.out = printable(last_line(&program.out)),
		.said = late ? S("not done in time")
			     : printable(last_line(&program.err)),
	};
	forget();
	return true;
}

bool program_run(const char *const *words, unsigned seconds,
		 struct program_end *end)
{
	*end = (struct program_end){ .ok = false };
	if (!program_start(words, seconds))
		return false;
	while (!program_ended(end))
		usleep(1000);
	return end->ok;
}

void program_stop(void)
{
	if (!program.pid)
		return;
	kill(-program.pid, SIGKILL);
	waitpid(program.pid, NULL, 0);
	forget();
}
