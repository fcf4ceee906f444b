/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What it costs to make an article of hostile HTML: 10 kB, 100 kB and 1 MB of
 * the same thing within itself, or never ended. A line a kind; then the worst
 * of each size, and of how much more ten times as much costs (10: linear).
 */
#include <stdlib.h>
#include <time.h>

#include "arena.h"
#include "markup_article.h"

enum { SIZES = 3 };

static const size_t sizes[SIZES] = { 10000, 100000, 1000000 };
static const char *const kinds[] = {
	"<div>",
	"<b>",
	"<b><p>",
	"<i><p>x",
	"<a href=/a><p>",
	"<font color=red><div>x</p>",
	"<table><tr><td>",
	"<table>x",
	"<table><caption>",
	"<td>",
	"<ul><li>",
	"<dl><dd>",
	"<blockquote>",
	"<h1>",
	"<h2>a</h2>",
	"<p>",
	"</p>",
	"x<br>",
	"&amp;",
	"<",
	"<!--",
	"<!--x-->",
	"<![",
	"<!DOCTYPE",
	"<?",
	"<svg><p>",
	"<math><mtext>",
	"<template>",
	"<select><option>",
	"<script>",
	"<a href='",
	"<a b='<a b=\"",
	"<p a=b c=d e=f>",
	"<figure><img src=/a>",
	"<aside class=note><p>x",
	"<pre><code>x",
	"<p style='mso-list:l0 level1 x'>a",
	"<p style='mso-list:l0 level9 x'><span style='mso-list:Ignore'>1.",
};

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Milliseconds, the least of three. */
static double cost(struct str html)
{
	double least = 1e9;

	for (int i = 0; i < 3; i++) {
		double began = cpu(), took;
		struct str out;
		int n = 0;

		/* Long enough for the clock. What is too large is refused. */
		do {
			bool ok = markup_article_from_html(html, NULL, &out,
							   NULL);

			(void)ok;
			arena_reset();
			n++;
		} while (cpu() - began < 0.005);
		took = (cpu() - began) * 1000 / n;
		if (took < least)
			least = took;
	}
	return least;
}

int main(void)
{
	double worst[SIZES] = { 0 }, growth = 0;
	char *html = alloc_forever(sizes[SIZES - 1] + 1);

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		double ms[SIZES], more;
		size_t n = strlen(kinds[k]);

		for (size_t i = 0; i <= sizes[SIZES - 1]; i++)
			html[i] = kinds[k][i % n];
		for (size_t i = 0; i < SIZES; i++) {
			ms[i] = cost((struct str){ html, sizes[i] });
			if (ms[i] > worst[i])
				worst[i] = ms[i];
		}
		more = ms[2] / ms[1];
		if (more > growth)
			growth = more;
		printf("# %8.3f ms %8.3f ms %8.3f ms  %s\n", ms[0], ms[1],
		       ms[2], kinds[k]);
	}
	printf("bench markup_10kb %.3f ms\n", worst[0]);
	printf("bench markup_100kb %.3f ms\n", worst[1]);
	printf("bench markup_1mb %.3f ms\n", worst[2]);
	printf("bench markup_growth %.2f times\n", growth);
	return 0;
}
