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

/* printf would be a tenth of a worker's own time. */
static void add_number(struct buf *line, uint64_t v, int digits)
{
	char text[24];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v || (int)(sizeof(text) - at) < digits);
	buf_add(line, (struct str){ text + at, sizeof(text) - at });
}

static void add_key(struct buf *line, const char *key)
{
	buf_add(line, S(",\""));
	buf_add(line, str_of(key));
	buf_add(line, S("\":"));
}

struct buf log_line(const char *kind)
{
	struct buf line = buf_new(LINE_MAX_BYTES);
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	buf_add(&line, S("{\"t\":"));
	add_number(&line, (uint64_t)t.tv_sec, 1);
	buf_char(&line, '.');
	add_number(&line, (uint64_t)t.tv_nsec / 1000000, 3);
	add_key(&line, "kind");
	buf_json(&line, str_of(kind));
	return line;
}

void log_str(struct buf *line, const char *key, struct str value)
{
	if (value.n > WORDS_MAX)
		value.n = WORDS_MAX;
	add_key(line, key);
	buf_json(line, value);
}

void log_num(struct buf *line, const char *key, double value)
{
	add_key(line, key);
	if (!(fabs(value) < 1e15)) {
		buf_add(line, S("null"));
		return;
	}
	uint64_t thousandths = (uint64_t)(fabs(value) * 1000 + 0.5);
	if (value < 0 && thousandths)
		buf_char(line, '-');
	add_number(line, thousandths / 1000, 1);
	if (thousandths % 1000) {
		buf_char(line, '.');
		add_number(line, thousandths % 1000, 3);
	}
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
