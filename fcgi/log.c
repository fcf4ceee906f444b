/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "log.h"

#include <math.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048
#define WORDS_MAX 600

uint64_t log_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

struct buf log_line(const char *kind)
{
	struct buf line = buf_new(LINE_MAX_BYTES);
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	buf_addf(&line, "{\"t\":%lld.%03ld,\"kind\":\"%s\"",
		 (long long)t.tv_sec, t.tv_nsec / 1000000, kind);
	return line;
}

void log_str(struct buf *line, const char *key, struct str value)
{
	if (value.n > WORDS_MAX)
		value.n = WORDS_MAX;
	buf_addf(line, ",\"%s\":", key);
	buf_json(line, value);
}

void log_num(struct buf *line, const char *key, double value)
{
	if (value == floor(value) && fabs(value) < 1e15)
		buf_addf(line, ",\"%s\":%lld", key, (long long)value);
	else
		buf_addf(line, ",\"%s\":%.3f", key, value);
}

void log_end(struct buf *line)
{
	buf_add(line, S("}\n"));
	/* A line that did not fit is dropped whole: half a line is no JSON. */
	if (!line->full && write(STDERR_FILENO, line->p, line->n) < 0)
		return;
}

void log_error(const char *what, const char *words)
{
	struct buf line = log_line("error");

	log_str(&line, "what", str_of(what));
	log_str(&line, "words", str_trim(str_of(words)));
	log_end(&line);
}
