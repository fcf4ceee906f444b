/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "master.h"

#include "arena.h"
#include "config.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Requests that wait while all workers are busy. The kernel's somaxconn may
 * make it less. */
#define BACKLOG 511

#define SECOND 1000000u
#define DRAIN (30 * SECOND) /* from SIGTERM to SIGKILL */
#define YOUNG (2 * SECOND)  /* died this early: wait before the next */
#define WAIT_FIRST (SECOND / 10)
#define WAIT_MOST (10 * SECOND)
#define PROBATION SECOND /* of a successor in a rolling restart */

struct pool {
	const char *name;
	const char *program;
	int nice; /* to the api's workers, when there is more to do than cores */
	int fd;	  /* -1: it does not listen */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

/* A place for one process. Times are log_now()'s; 0: not planned. */
struct place {
	struct pool *pool;
	pid_t pid;
	pid_t old;	  /* its predecessor in a rolling restart */
	uint64_t kill_at; /* of the old one; 0: not told to end yet */
	uint64_t started;
	uint64_t start_at; /* of the next one */
	uint64_t wait;	   /* how long that took the last time */
	unsigned generation;
};

static struct pool pools[] = {
	{ .name = "api", .program = "sportello-worker" },
	{ .name = "login", .program = "sportello-worker", .nice = 10 },
	{ .name = "proof", .program = "sportello-worker" },
	{ .name = "bulk", .program = "sportello-worker", .nice = 5 },
	{ .name = "events", .program = "sportello" },
	{ .name = "jobs", .program = "sportello", .nice = 5 },
	{ .name = "webhooks", .program = "sportello", .nice = 5 },
	{ .name = "hosts", .program = "sportello", .nice = 10 },
	{ .name = "scans", .program = "sportello", .nice = 10 },
};
static struct place *places;
static size_t n_places;
static unsigned generation; /* what a rolling restart brings all places to */
static bool rolling;
static bool stopping;
static uint64_t stop_by;
static char folder[4096]; /* of this program */
static pid_t master;

/* ---- what is said ---- */

static void say(const char *what, const struct place *p, pid_t pid,
		const char *words)
{
	struct buf line = log_line("master");

	log_str(&line, "what", str_of(what));
	if (p)
		log_str(&line, "pool", str_of(p->pool->name));
	if (pid)
		log_num(&line, "pid", pid);
	if (words)
		log_str(&line, "words", str_of(words));
	log_end(&line);
	arena_reset();
}

static bool fail(const char *what, const char *words)
{
	fprintf(stderr, "sportello: %s%s%s\n", what, words ? ": " : "",
		words ? words : "");
	return false;
}

/* ---- sockets ---- */

/* One master a folder. The lock ends with its holder, however it dies; the
 * file stays, since removing it would let in two. */
static bool lock_folder(void)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/master.lock", config.run);

	if (n < 0 || (size_t)n >= sizeof(path))
		return fail(config.run, strerror(ENAMETOOLONG));
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(path, strerror(errno));
	return !flock(fd, LOCK_EX | LOCK_NB) ||
	       fail(config.run, errno == EWOULDBLOCK
					? "another master is running here"
					: strerror(errno));
}

/* What a master that was killed has left. We hold the lock: it is nobody's. */
static bool clear_stale(const char *path)
{
	struct stat s;

	if (lstat(path, &s))
		return errno == ENOENT || fail(path, strerror(errno));
	if (!S_ISSOCK(s.st_mode))
		return fail(path, "there is a file that is not a socket");
	return !unlink(path) || fail(path, strerror(errno));
}

static bool listen_at(struct pool *pool)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int n = snprintf(pool->path, sizeof(pool->path), "%s/%s.sock",
			 config.run, pool->name);

	if (n < 0 || (size_t)n >= sizeof(pool->path)) {
		pool->path[0] = '\0';
		fprintf(stderr,
			"sportello: the sockets' path would be too long: "
			"SPORTELLO_RUN may have %zu characters, it has %zu\n",
			sizeof(pool->path) - sizeof("/login.sock"),
			strlen(config.run));
		return false;
	}
	memcpy(address.sun_path, pool->path, (size_t)n + 1);
	if (!clear_stale(pool->path)) {
		pool->path[0] = '\0'; /* not ours to remove at the end */
		return false;
	}
	/* Non-blocking: several workers wake for one request, one gets it. */
	pool->fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask(0117); /* mode 0660 from its first moment */
	bool bound =
		pool->fd >= 0 &&
		!bind(pool->fd, (struct sockaddr *)&address, sizeof(address));
	int why = errno;
	umask(before);
	if (!bound)
		return fail(pool->path, strerror(why));
	return !listen(pool->fd, BACKLOG) || fail(pool->path, strerror(errno));
}

static void remove_sockets(void)
{
	for (size_t i = 0; i < ARRAY_LEN(pools); i++)
		if (pools[i].path[0])
			unlink(pools[i].path);
}

/* ---- children ---- */

/* Only the jobs send mail: what others do not know they can't give away. */
static bool forget_mail(void)
{
	return !unsetenv("SPORTELLO_SMTP_USER") &&
	       !unsetenv("SPORTELLO_SMTP_PASSWORD") &&
	       !unsetenv("SPORTELLO_SMTP_CA");
}

/* The child's side of fork(). What it does may only fail by its end. */
static NORETURN void become(const struct pool *pool)
{
	char program[sizeof(folder) + 32];
	char name[16];
	char *worker[] = { program, NULL };
	char *command[] = { program, name, NULL };
	sigset_t none;
	bool serves = pool->fd >= 0;
	bool mails = !strcmp(pool->name, "jobs");
	int in = pool->fd;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* A group of its own: Ctrl-C at a terminal is for the master. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != master)
		_exit(1); /* it died before we asked to be told */
	/* A flood of sign-ins is a flood of hashes: those wait, not the rest. */
	(void)!nice(pool->nice);
	if (!serves)
		in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (dup2(in, STDIN_FILENO) < 0 ||
	    setenv("SPORTELLO_POOL", pool->name, 1) ||
	    (!mails && !forget_mail()))
		_exit(1);
	snprintf(program, sizeof(program), "%s/%s", folder, pool->program);
	snprintf(name, sizeof(name), "%s", pool->name);
	execv(program, serves ? worker : command);
	log_error(program, strerror(errno));
	_exit(127);
}

static bool start(struct place *p)
{
	pid_t pid = fork();

	if (!pid)
		become(p->pool);
	p->started = log_now();
	p->start_at = pid < 0 ? p->started + SECOND : 0;
	if (pid > 0)
		p->pid = pid;
	else
		say("fork failed", p, 0, strerror(errno));
	return pid > 0;
}

static const char *ending(int status, char words[static 64])
{
	if (WIFSIGNALED(status))
		snprintf(words, 64, "signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(words, 64, "exit status %d", WEXITSTATUS(status));
	return words;
}

/* A process ended by itself: the next follows at once, or after a wait that
 * doubles while they die young. */
static void replace(struct place *p, int status)
{
	char words[64];
	uint64_t now = log_now();

	say("died", p, p->pid, ending(status, words));
	p->pid = 0;
	if (now - p->started >= YOUNG)
		p->wait = 0;
	else if (p->wait < WAIT_MOST)
		p->wait = p->wait ? p->wait * 2 : WAIT_FIRST;
	p->start_at = now + p->wait;
}

static void end_rolling(const char *what)
{
	for (struct place *p = places; p < places + n_places; p++)
		p->generation = generation;
	rolling = false;
	say(what, NULL, 0, NULL);
}

/* The successor died in its probation: the old one stays. */
static void keep_old(struct place *p, int status)
{
	char words[64];

	say("successor died", p, p->pid, ending(status, words));
	p->pid = p->old;
	p->old = 0;
	end_rolling("restart given up, the old processes stay");
}

static void ended(pid_t pid, int status)
{
	for (struct place *p = places; p < places + n_places; p++) {
		if (p->old == pid)
			p->old = 0;
		else if (p->pid != pid)
			continue;
		else if (stopping)
			p->pid = 0;
		else if (p->old && !p->kill_at)
			keep_old(p, status);
		else
			replace(p, status);
	}
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		ended(pid, status);
}

/* ---- what is due ---- */

/* How far a place is with its successor. False: the next may have its turn. */
static bool changing_over(struct place *p, uint64_t now)
{
	if (p->old && p->kill_at && now >= p->kill_at) {
		kill(p->old, SIGKILL);
	} else if (p->old && !p->kill_at && now - p->started >= PROBATION) {
		kill(p->old, SIGTERM);
		p->kill_at = now + DRAIN;
	} else if (!p->old && p->generation != generation) {
		p->generation = generation;
		p->kill_at = 0;
		/* Nobody there: the next one is of the new kind anyhow. */
		if (!p->pid)
			return false;
		p->old = p->pid;
		if (start(p))
			return true;
		p->old = 0;
		p->start_at = 0;
		end_rolling("restart given up, the old processes stay");
	}
	return p->old;
}

static void roll(uint64_t now)
{
	for (struct place *p = places; p < places + n_places; p++)
		if (changing_over(p, now))
			return;
	if (rolling)
		end_rolling("restarted");
}

static bool anybody_left(void)
{
	for (struct place *p = places; p < places + n_places; p++)
		if (p->pid || p->old)
			return true;
	return false;
}

static void signal_all(int signal)
{
	for (struct place *p = places; p < places + n_places; p++) {
		if (p->pid)
			kill(p->pid, signal);
		if (p->old)
			kill(p->old, signal);
	}
}

static void do_what_is_due(void)
{
	uint64_t now = log_now();

	if (stopping) {
		if (now >= stop_by)
			signal_all(SIGKILL);
		return;
	}
	for (struct place *p = places; p < places + n_places; p++)
		if (p->start_at && now >= p->start_at)
			(void)!start(p);
	roll(now);
}

/* Whether something will be due without a signal. */
static bool is_busy(void)
{
	bool busy = stopping || rolling;

	for (struct place *p = places; p < places + n_places; p++)
		busy = busy || p->start_at || p->old;
	return busy;
}

static void obey(uint32_t signal)
{
	switch (signal) {
	case SIGCHLD:
		reap();
		break;
	case SIGHUP:
		if (!stopping) {
			say("restarting", NULL, 0, NULL);
			generation++;
			rolling = true;
		}
		break;
	default:
		if (!stopping) {
			say("stopping", NULL, 0, NULL);
			stopping = true;
			stop_by = log_now() + DRAIN;
			signal_all(SIGTERM);
		}
	}
}

/* ---- the start ---- */

static bool find_folder(void)
{
	ssize_t n = readlink("/proc/self/exe", folder, sizeof(folder) - 1);

	if (n <= 0)
		return fail("/proc/self/exe", strerror(errno));
	folder[n] = '\0';
	*strrchr(folder, '/') = '\0';
	return true;
}

static void make_places(void)
{
	const size_t count[] = { (size_t)config.api_workers,
				 (size_t)config.login_workers,
				 (size_t)config.proof_workers,
				 (size_t)config.bulk_workers,
				 1,
				 1,
				 1,
				 1,
				 *config.clamd ? 1 : 0 };
	_Static_assert(ARRAY_LEN(count) == ARRAY_LEN(pools),
		       "as many of each pool");
	size_t n = 0;

	for (size_t k = 0; k < ARRAY_LEN(pools); k++)
		n += count[k];
	places = alloc_forever(n * sizeof(*places));
	for (size_t k = 0; k < ARRAY_LEN(pools); k++)
		for (size_t i = 0; i < count[k]; i++)
			places[n_places++].pool = &pools[k];
}

static int block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void supervise(int signals)
{
	struct signalfd_siginfo info;

	for (struct place *p = places; p < places + n_places; p++)
		(void)!start(p);
	say("started", NULL, 0, NULL);
	while (!stopping || anybody_left()) {
		struct pollfd fd = { .fd = signals, .events = POLLIN };

		poll(&fd, 1, is_busy() ? 50 : -1);
		while (read(signals, &info, sizeof(info)) == sizeof(info))
			obey(info.ssi_signo);
		do_what_is_due();
	}
}

int master_run(void)
{
	int signals = block_signals();

	master = getpid();
	for (size_t i = 0; i < ARRAY_LEN(pools); i++)
		pools[i].fd = -1;
	if (signals < 0) {
		fail("signalfd", strerror(errno));
		return 1;
	}
	if (!find_folder() || !lock_folder())
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(pools); i++)
		if (!strcmp(pools[i].program, "sportello-worker") &&
		    !listen_at(&pools[i])) {
			remove_sockets();
			return 1;
		}
	make_places();
	supervise(signals);
	remove_sockets();
	say("stopped", NULL, 0, NULL);
	return 0;
}
