/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Filling templates: a walk over the parsed tree that writes HTML. Values are
 * escaped where they are written, and there is no other way to write one. */
#include "template.h"

#include "arena.h"
#include "markup.h"
#include "markup_article.h"
#include "template_tree.h"

enum { PAGE_MAX = 2 * 1024 * 1024, ARGS_MAX = 16 };

/* A name that s:as gave to the item at hand. */
struct scope {
	struct str name;
	const struct json *value;
	const struct scope *outer;
};

struct filling {
	struct buf out;
	const struct json *data;
	const struct catalog *catalog;
	struct str time_zone;
	const struct template *page; /* whose fills go into the slots */
	const struct scope *scope;
	bool failed;
};

static const struct json *find(const struct filling *f, struct str path)
{
	struct str rest = path;
	struct str first = str_cut(&rest, '.');

	for (const struct scope *s = f->scope; s; s = s->outer)
		if (str_eq(s->name, first))
			return json_path(s->value, rest);
	return json_path(f->data, path);
}

/* Paths that the catalogue answers; p is NULL for all others. */
static struct str special(const struct filling *f, struct str path)
{
	if (str_eqz(path, "lang"))
		return catalog_lang(f->catalog);
	if (str_eqz(path, "dir"))
		return catalog_dir(f->catalog);
	return (struct str){ NULL, 0 };
}

static struct str text_of(const struct filling *f, struct str path)
{
	struct str s = special(f, path);

	return s.p ? s : json_scalar(find(f, path));
}

static bool is_true(const struct filling *f, struct str path)
{
	const struct json *v = find(f, path);

	if (special(f, path).p)
		return true;
	switch (json_kind(v)) {
	case JSON_NULL:
		return false;
	case JSON_BOOL:
		return json_true(v);
	case JSON_STRING:
		return json_str(v).n > 0;
	case JSON_ARRAY:
		return json_len(v) > 0;
	default:
		return true;
	}
}

/* "status.{t.status}": the parts in braces are paths. */
static struct str expand(const struct filling *f, struct str key)
{
	struct buf b = buf_new(1024);

	if (!memchr(key.p, '{', key.n))
		return key;
	while (key.n) {
		buf_add(&b, str_cut(&key, '{'));
		if (key.n)
			buf_add(&b, text_of(f, str_cut(&key, '}')));
	}
	return buf_str(&b);
}

static struct str translate(const struct filling *f,
			    const struct template_node *node, struct str key)
{
	struct catalog_arg args[ARGS_MAX];
	size_t n = 0;
	uint64_t count;

	for (const struct template_pair *p = node->args; p && n < ARGS_MAX;
	     p = p->next, n++)
		args[n] =
			(struct catalog_arg){ p->name.p, text_of(f, p->value) };
	key = expand(f, key);
	if (!node->count.p)
		return catalog_text(f->catalog, key, n, args);
	if (!str_u64(text_of(f, node->count), UINT64_MAX, &count))
		count = 0;
	return catalog_plural(f->catalog, key, count, n, args);
}

static void add_attribute(struct filling *f, struct str name, struct str value)
{
	buf_char(&f->out, ' ');
	buf_add(&f->out, name);
	buf_add(&f->out, S("=\""));
	buf_html(&f->out, value);
	buf_char(&f->out, '"');
}

static bool is_address(struct str attribute)
{
	static const char *const names[] = {
		"href", "src",	"action",     "formaction", "poster",
		"cite", "data", "background", "ping",	    "manifest",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eqz(attribute, names[i]))
			return true;
	return false;
}

/* null, false, nothing, lists and objects: no attribute; true: an empty one */
static void fill_attribute(struct filling *f, const struct template_pair *p)
{
	struct str value = special(f, p->value);
	const struct json *v = find(f, p->value);

	if (!value.p) {
		if (json_kind(v) == JSON_BOOL && json_true(v))
			value = S("");
		else if (json_kind(v) == JSON_STRING ||
			 json_kind(v) == JSON_NUMBER)
			value = json_scalar(v);
		else
			return;
	}
	if (!is_address(p->name) || markup_url(value, &value))
		add_attribute(f, p->name, value);
}

static void fill_attributes(struct filling *f, const struct template_node *node)
{
	const struct template_pair *p;

	for (p = node->fixed; p; p = p->next) {
		buf_char(&f->out, ' ');
		buf_add(&f->out, p->name);
		buf_add(&f->out, S("=\""));
		buf_add(&f->out, p->value);
		buf_char(&f->out, '"');
	}
	for (p = node->attrs; p; p = p->next)
		fill_attribute(f, p);
	for (p = node->attr_keys; p; p = p->next)
		add_attribute(f, p->name, translate(f, node, p->value));
	if (node->asset.p)
		add_attribute(
			f, str_eqz(node->name, "link") ? S("href") : S("src"),
			template_asset(node->asset));
	if (node->time.p || node->date.p)
		add_attribute(
			f, S("datetime"),
			text_of(f, node->time.p ? node->time : node->date));
}

/* Browsers drop a newline right behind these tags. */
static void fill_text(struct filling *f, const struct template_node *node,
		      struct str text)
{
	if (text.n && text.p[0] == '\n' &&
	    (str_eqz(node->name, "textarea") || str_eqz(node->name, "pre")))
		buf_char(&f->out, '\n');
	buf_text(&f->out, text);
}

/* What lies below /kb/ is named by its key, and is where the list says; what
 * the list has not is not for this reader. */
static bool find_place(void *ctx, enum markup_address what, struct str address,
		       struct str *changed)
{
	struct buf b = buf_new(4096);
	struct str part = address;
	struct str path = str_cut(&part, '#');

	(void)what;
	*changed = address;
	if (!str_starts(address, S("/kb/")))
		return true;
	buf_add(&b, json_str(json_get(ctx, str_z(path))));
	if (!b.n)
		return false;
	if (part.n) {
		buf_char(&b, '#');
		buf_add(&b, part);
	}
	*changed = buf_str(&b);
	return true;
}

static void fill_article(struct filling *f, const struct template_node *node)
{
	struct markup_out out = { .links = {
					  .change = find_place,
					  .ctx = (void *)(uintptr_t)find(
						  f, node->links),
				  } };

	f->failed |=
		!markup_article_page(text_of(f, node->article), &out, &f->out);
}

static void fill_node(struct filling *f, const struct template_node *node);

static void fill_children(struct filling *f, const struct template_node *node)
{
	for (const struct template_node *c = node->first; c; c = c->next)
		fill_node(f, c);
}

static void fill_content(struct filling *f, const struct template_node *node)
{
	if (node->text.p)
		fill_text(f, node, text_of(f, node->text));
	else if (node->key.p)
		fill_text(f, node, translate(f, node, node->key));
	else if (node->time.p)
		buf_text(&f->out,
			 node->since.p
				 ? catalog_time_until(f->catalog,
						      text_of(f, node->time),
						      text_of(f, node->since),
						      f->time_zone)
				 : catalog_time(f->catalog,
						text_of(f, node->time),
						f->time_zone));
	else if (node->date.p)
		buf_text(&f->out,
			 catalog_date(f->catalog, text_of(f, node->date),
				      f->time_zone));
	else if (node->canonical.p)
		f->failed |=
			!markup_canonical(text_of(f, node->canonical), &f->out);
	else if (node->article.p)
		fill_article(f, node);
	else if (node->json.p)
		json_write(&f->out, find(f, node->json));
	else if (node->included)
		fill_node(f, node->included->root);
	else
		fill_children(f, node);
}

static void fill_element(struct filling *f, const struct template_node *node)
{
	if (node->asset.p && !template_asset(node->asset).n)
		return; /* the front end has not been built */
	if (node->time.p && !is_true(f, node->time))
		return;
	if (node->date.p && !is_true(f, node->date))
		return;
	if (!node->name.n) {
		fill_content(f, node);
		return;
	}
	buf_char(&f->out, '<');
	buf_add(&f->out, node->name);
	fill_attributes(f, node);
	buf_char(&f->out, '>');
	if (node->is_void)
		return;
	fill_content(f, node);
	buf_add(&f->out, S("</"));
	buf_add(&f->out, node->name);
	buf_char(&f->out, '>');
}

static void fill_if(struct filling *f, const struct template_node *node)
{
	if (node->when.p && !is_true(f, node->when))
		return;
	if (node->unless.p && is_true(f, node->unless))
		return;
	fill_element(f, node);
}

static void fill_each(struct filling *f, const struct template_node *node)
{
	const struct json *list = find(f, node->each);
	struct scope scope = { .name = node->as, .outer = f->scope };

	if (json_kind(list) != JSON_ARRAY)
		return;
	for (size_t i = 0; i < json_len(list) && !f->out.full; i++) {
		scope.value = json_at(list, i);
		f->scope = &scope;
		fill_if(f, node);
		f->scope = scope.outer;
	}
}

/* What the page puts there, else what the layout has there. A slot within
 * what the page puts there is not the layout's. */
static void fill_slot(struct filling *f, const struct template_node *slot)
{
	const struct template *page = f->page;
	const struct template_node *fill = page ? page->root->first : NULL;

	while (fill && !str_eq(fill->name, slot->name))
		fill = fill->next;
	f->page = fill ? NULL : page;
	fill_children(f, fill ? fill : slot);
	f->page = page;
}

static void fill_node(struct filling *f, const struct template_node *node)
{
	if (node->kind == T_TEXT)
		buf_add(&f->out, node->raw);
	else if (node->kind == T_SLOT)
		fill_slot(f, node);
	else if (node->each.p)
		fill_each(f, node);
	else
		fill_if(f, node);
}

bool template_fill(const char *name, const struct json *data,
		   const struct catalog *c, struct str time_zone,
		   struct str *html)
{
	const struct template *t = template_find(str_of(name));
	const struct template *outer = t && t->in ? t->in : t;
	struct filling f = {
		.out = buf_new(PAGE_MAX),
		.data = data,
		.catalog = c,
		.time_zone = time_zone,
		.page = t && t->in ? t : NULL,
	};

	if (!t)
		return false;
	if (str_eqz(outer->root->name, "html"))
		buf_add(&f.out, S("<!DOCTYPE html>\n"));
	fill_node(&f, outer->root);
	*html = buf_str(&f.out);
	return !f.failed && !f.out.full;
}
