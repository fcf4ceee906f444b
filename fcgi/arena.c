/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "arena.h"

enum { BLOCK = 256 * 1024 };

/* What a reset keeps: one large request must not make the process large for
 * ever. */
enum { KEPT = 8 * 1024 * 1024 };

struct block {
	struct block *next;
	size_t used, size;
	max_align_t bytes[];
};

struct release {
	void (*run)(void *);
	void *thing;
	struct release *older;
};

/* One after another; `now` is where we are, those behind it are empty. */
struct chain {
	struct block *first, *now;
};

static struct chain request, forever;
static struct release *releases;
static size_t used;

static NORETURN void out_of_memory(size_t n)
{
	fprintf(stderr,
		"{\"level\":\"fatal\",\"what\":\"out of memory\","
		"\"bytes\":%zu}\n",
		n);
	abort();
}

static struct block *block_new(size_t size)
{
	struct block *b;

	if (size > SIZE_MAX - sizeof(*b))
		out_of_memory(size);
	b = malloc(sizeof(*b) + size);
	if (!b)
		out_of_memory(size);
	*b = (struct block){ .size = size };
	return b;
}

static bool fits(const struct block *b, size_t n)
{
	return b && b->size - b->used >= n;
}

/* Puts a block that holds n bytes after the current one, and goes there. */
static void chain_grow(struct chain *c, size_t n)
{
	struct block *b = block_new(n);

	if (c->now) {
		b->next = c->now->next;
		c->now->next = b;
	} else {
		b->next = c->first;
		c->first = b;
	}
	c->now = b;
}

static void *chain_alloc(struct chain *c, size_t n)
{
	size_t align = _Alignof(max_align_t);
	size_t rounded;
	void *p;

	if (n > SIZE_MAX - align)
		out_of_memory(n);
	rounded = (n + align - 1) / align * align;
	if (!fits(c->now, rounded)) {
		struct block *next = c->now ? c->now->next : c->first;

		if (fits(next, rounded))
			c->now = next;
		else
			chain_grow(c, rounded > BLOCK ? rounded : BLOCK);
	}
	p = (char *)c->now->bytes + c->now->used;
	c->now->used += rounded;
	return memset(p, 0, n);
}

/* Empties all blocks; those beyond `kept` bytes go back to the system. */
static void chain_reset(struct chain *c, size_t kept)
{
	struct block **at = &c->first;
	size_t total = 0;

	while (*at) {
		struct block *b = *at;

		if (b->size > kept - total) {
			*at = b->next;
			free(b);
		} else {
			total += b->size;
			b->used = 0;
			at = &b->next;
		}
	}
	c->now = c->first;
}

#ifdef ARENA_DEBUG
/* Every object alone in its block, exactly as long as asked for, so that ASan
 * sees the byte behind it. */
static void *chain_alloc_alone(struct chain *c, size_t n)
{
	void **cell = chain_alloc(c, sizeof(*cell));

	*cell = calloc(1, n ? n : 1);
	if (!*cell)
		out_of_memory(n);
	return *cell;
}

/* The chain then holds nothing but pointers to the objects: those of a block
 * from a place on, and of the blocks behind it. */
static void chain_free_from(const struct block *b, size_t i)
{
	size_t step = (sizeof(void *) + _Alignof(max_align_t) - 1) /
		      _Alignof(max_align_t) * _Alignof(max_align_t);

	for (; b; b = b->next, i = 0)
		for (; i < b->used; i += step)
			free(*(void **)(void *)((char *)b->bytes + i));
}
#define chain_free_objects(c) chain_free_from((c)->first, 0)
#define chain_alloc_object chain_alloc_alone
#else
#define chain_free_from(block, used) ((void)(block), (void)(used))
#define chain_free_objects(c) ((void)(c))
#define chain_alloc_object chain_alloc
#endif

void *alloc(size_t n)
{
	used += n;
	return chain_alloc_object(&request, n);
}

char *alloc_copy(const void *p, size_t n)
{
	char *copy = alloc(n + 1);

	return n ? memcpy(copy, p, n) : copy;
}

void *alloc_forever(size_t n)
{
	return chain_alloc_object(&forever, n);
}

char *alloc_forever_copy(const void *p, size_t n)
{
	char *copy = alloc_forever(n + 1);

	return n ? memcpy(copy, p, n) : copy;
}

void defer(void (*release)(void *), void *thing)
{
	struct release *r = alloc(sizeof(*r));

	*r = (struct release){ release, thing, releases };
	releases = r;
}

/* All that were deferred after that one, the newest first. */
static void release_until(const struct release *last)
{
	while (releases != last) {
		struct release *r = releases;

		releases = r->older;
		r->run(r->thing);
	}
}

static void reset(size_t kept)
{
	release_until(NULL);
	chain_free_objects(&request);
	chain_reset(&request, kept);
	used = 0;
}

void arena_reset(void)
{
	reset(KEPT);
}

void arena_release(void)
{
	reset(0);
}

struct arena_mark arena_mark(void)
{
	return (struct arena_mark){
		.block = request.now,
		.release = releases,
		.used = request.now ? request.now->used : 0,
		.total = used,
	};
}

void arena_rewind(struct arena_mark mark)
{
	struct block *at = mark.block ? mark.block : request.first;

	release_until(mark.release);
	chain_free_from(at, mark.used);
	request.now = at;
	if (at)
		at->used = mark.used;
	for (struct block *b = at ? at->next : NULL; b; b = b->next)
		b->used = 0;
	used = mark.total;
}

size_t arena_used(void)
{
	return used;
}

#ifdef SPORTELLO_TEST
void arena_forget_forever(void)
{
	chain_free_objects(&forever);
	chain_reset(&forever, 0);
}
#endif
