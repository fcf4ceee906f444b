/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "bundle.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "secret.h"

#define TABLES_MAX 200
#define MANIFEST_MAX (1 << 20)

struct table {
	char name[64];
	uint64_t rows, bytes;
	char sum[SECRET_SUM_CHARS + 1];
};

struct bundle {
	const char *directory;
	FILE *file; /* of the last table */
	struct secret_sum *sum;
	struct table tables[TABLES_MAX];
	size_t n;
	const char *why; /* NULL: all is well */
};

static bool broken(struct bundle *b, const char *what)
{
	char *sentence = alloc(400);

	snprintf(sentence, 400, "%s/%s: %s", b->directory, what,
		 strerror(errno));
	b->why = sentence;
	return false;
}

static FILE *open_file(struct bundle *b, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", b->directory, name);
	FILE *f = fopen(path, "wx");
	if (!f)
		broken(b, name);
	return f;
}

/* What was written counts when it is on the disk. */
static bool close_file(struct bundle *b, FILE *f, const char *name)
{
	bool ok = !fflush(f) && !fsync(fileno(f));

	return !fclose(f) && ok ? true : broken(b, name);
}

static bool end_table(struct bundle *b)
{
	if (!b->file)
		return true;
	struct table *t = &b->tables[b->n - 1];
	FILE *f = b->file;
	b->file = NULL;
	secret_sum_end(b->sum, t->sum);
	return close_file(b, f, t->name);
}

static bool begin_table(struct bundle *b, struct str name)
{
	char file[80];

	if (b->n == TABLES_MAX) {
		b->why = "there are more tables than a bundle holds";
		return false;
	}
	struct table *t = &b->tables[b->n++];
	snprintf(t->name, sizeof(t->name), "%.*s", STR_ARG(name));
	snprintf(file, sizeof(file), "%s.jsonl", t->name);
	b->sum = secret_sum_begin();
	b->file = open_file(b, file);
	return b->file != NULL;
}

struct bundle *bundle_open(const char *directory, const char **why)
{
	struct bundle *b = alloc_forever(sizeof(*b));

	b->directory = directory;
	if (mkdir(directory, 0700) == 0)
		return b;
	broken(b, "");
	*why = b->why;
	return NULL;
}

bool bundle_row(struct str row, void *bundle)
{
	struct bundle *b = bundle;
	struct str name = str_cut(&row, '\t');

	if (!b->n || !str_eqz(name, b->tables[b->n - 1].name))
		if (!end_table(b) || !begin_table(b, name))
			return false;
	struct table *t = &b->tables[b->n - 1];
	secret_sum_add(b->sum, row);
	secret_sum_add(b->sum, S("\n"));
	t->rows++;
	t->bytes += row.n + 1;
	return (fwrite(row.p, 1, row.n, b->file) == row.n &&
		putc('\n', b->file) != EOF) ||
	       broken(b, t->name);
}

static struct str manifest(const struct bundle *b, struct str about)
{
	struct buf m = buf_new(MANIFEST_MAX);

	buf_add(&m, S("{\"files\":["));
	for (size_t i = 0; i < b->n; i++) {
		const struct table *t = &b->tables[i];
		buf_addf(&m,
			 "%s\n{\"name\":\"%s.jsonl\",\"table\":\"%s\","
			 "\"rows\":%llu,\"bytes\":%llu,\"sha256\":\"%s\"}",
			 i ? "," : "", t->name, t->name,
			 (unsigned long long)t->rows,
			 (unsigned long long)t->bytes, t->sum);
	}
	buf_add(&m, S("],\n"));
	/* The database's members follow: its text is an object's. */
	buf_add(&m, str_from(about, 1));
	buf_char(&m, '\n');
	return m.full ? S("") : buf_str(&m);
}

bool bundle_close(struct bundle *b, struct str about, const char **why)
{
	bool ok = end_table(b) && !b->why;

	if (ok) {
		struct str text = manifest(b, about);
		FILE *f = open_file(b, "manifest.json");
		ok = f && text.n && fwrite(text.p, 1, text.n, f) == text.n;
		ok = f && close_file(b, f, "manifest.json") && ok;
	}
	*why = b->why ? b->why : "the manifest could not be written";
	return ok;
}
