/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How much work a drawing is: a few parts that repeat each other can stand for
 * more than a browser ever finishes. */
#include "markup_svg_tree.h"

#include "arena.h"

/* In bytes, each node being some more: sixteen times the largest file. */
enum { WEIGHT_MAX = 4 * 1024 * 1024, NODE_WEIGHT = 40, CHAIN_MAX = 200 };

struct part {
	struct str id;
	struct svg_node *node;
};

struct parts {
	struct part *at;
	size_t n;
	unsigned chain; /* nodes on the way down to the one at hand */
};

static int by_id(const void *a, const void *b)
{
	const struct str x = ((const struct part *)a)->id;
	const struct str y = ((const struct part *)b)->id;
	int order = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return order ? order : (x.n > y.n) - (x.n < y.n);
}

static void collect(struct parts *parts, struct svg_node *node)
{
	struct str id = svg_get(node, "id");

	if (id.n && parts->n < SVG_NODES_MAX)
		parts->at[parts->n++] = (struct part){ id, node };
	for (struct svg_node *c = node->first; c; c = c->next)
		if (c->name)
			collect(parts, c);
}

static size_t weight(struct parts *parts, struct svg_node *node);

/* Of all nodes with this id, should it be there twice. */
static size_t weight_of_part(struct parts *parts, struct str id)
{
	struct part key = { id, NULL };
	const struct part *end = parts->at + parts->n;
	const struct part *p =
		bsearch(&key, parts->at, parts->n, sizeof(*parts->at), by_id);
	size_t sum = 0;

	while (p && p > parts->at && !by_id(p - 1, &key))
		p--;
	for (; p && p < end && !by_id(p, &key); p++)
		sum += weight(parts, p->node);
	return sum;
}

/* Of all parts that a value refers to: "#a", or url(#a) any number of times. */
static size_t weight_of_value(struct parts *parts, const char *name,
			      struct str value)
{
	size_t sum = value.n;

	if (!strcmp(name, "href"))
		return sum + weight_of_part(parts, str_from(value, 1));
	while (value.n && sum <= WEIGHT_MAX) {
		struct str before = str_cut(&value, '(');

		if (str_ends(before, S("url")) && value.n && value.p[0] == '#')
			sum += weight_of_part(
				parts, str_from(str_cut(&value, ')'), 1));
	}
	return sum;
}

static bool is_gradient(const struct svg_node *node)
{
	return !strcmp(node->name, "linearGradient") ||
	       !strcmp(node->name, "radialGradient");
}

/* More than WEIGHT_MAX for what contains or refers to itself. */
static size_t weight(struct parts *parts, struct svg_node *node)
{
	size_t sum = NODE_WEIGHT + node->text.n;

	if (!node->name || node->weight)
		return node->name ? node->weight : sum;
	if (node->weighing || parts->chain > CHAIN_MAX)
		return WEIGHT_MAX + 1;
	/* Made once, however many shapes are filled with it. */
	if (is_gradient(node))
		return sum;
	node->weighing = true;
	parts->chain++;
	for (const struct svg_attr *a = node->attrs; a; a = a->next)
		if (sum <= WEIGHT_MAX)
			sum += weight_of_value(parts, a->name, a->value);
	for (struct svg_node *c = node->first; c && sum <= WEIGHT_MAX;
	     c = c->next)
		sum += weight(parts, c);
	node->weighing = false;
	parts->chain--;
	return node->weight = sum;
}

bool svg_is_light(struct svg_node *root)
{
	struct parts parts = { alloc(SVG_NODES_MAX * sizeof(*parts.at)), 0, 0 };

	collect(&parts, root);
	qsort(parts.at, parts.n, sizeof(*parts.at), by_id);
	return weight(&parts, root) <= WEIGHT_MAX;
}
