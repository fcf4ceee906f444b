/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading templates: XML in, checked trees for template_fill.c out. Whatever
 * a page must not contain is refused here, when the process starts. */
#include "template.h"

#include <dirent.h>
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "arena.h"
#include "template_tree.h"

#define NS_HTML "http://www.w3.org/1999/xhtml"
#define NS_SVG "http://www.w3.org/2000/svg"
#define NS_OURS "urn:sportello:template"

enum {
	FILE_MAX = 1024 * 1024,
	DIRECTORY_DEPTH_MAX = 3,
};

static struct template *templates;
static struct template_pair *assets;

/* s:name="path" */
static const struct {
	const char *name;
	size_t offset;
	bool is_key;
} directives[] = {
	{ "each", offsetof(struct template_node, each), false },
	{ "as", offsetof(struct template_node, as), false },
	{ "if", offsetof(struct template_node, when), false },
	{ "unless", offsetof(struct template_node, unless), false },
	{ "asset", offsetof(struct template_node, asset), true },
	{ "n", offsetof(struct template_node, count), false },
	{ "text", offsetof(struct template_node, text), false },
	{ "t", offsetof(struct template_node, key), true },
	{ "time", offsetof(struct template_node, time), false },
	{ "since", offsetof(struct template_node, since), false },
	{ "date", offsetof(struct template_node, date), false },
	{ "canonical", offsetof(struct template_node, canonical), false },
	{ "article", offsetof(struct template_node, article), false },
	{ "links", offsetof(struct template_node, links), false },
	{ "json", offsetof(struct template_node, json), false },
	{ "include", offsetof(struct template_node, include), true },
};

/* s:name="name=path …" */
static const struct {
	const char *name;
	size_t offset;
	bool is_key;
} list_directives[] = {
	{ "args", offsetof(struct template_node, args), false },
	{ "attr", offsetof(struct template_node, attrs), false },
	{ "attr-t", offsetof(struct template_node, attr_keys), true },
};

static struct str xml_text(const xmlChar *z)
{
	return str_of((const char *)z);
}

static struct str keep(struct str s)
{
	return (struct str){ alloc_forever_copy(s.p, s.n), s.n };
}

const struct template *template_find(struct str name)
{
	for (const struct template *t = templates; t; t = t->next)
		if (str_eq(t->name, name))
			return t;
	return NULL;
}

/* A path into the data, or (is_key) a key that may have {paths} in it. */
static bool is_path(struct str s, bool is_key)
{
	const char *more = is_key ? "_-./{}" : "_-.";

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		char lower = (char)(c | 0x20);

		if (!(lower >= 'a' && lower <= 'z') &&
		    !(c >= '0' && c <= '9') && !strchr(more, c))
			return false;
	}
	return s.n > 0;
}

static void add_pair(struct template_pair **list, struct str name,
		     struct str value)
{
	struct template_pair *pair = alloc_forever(sizeof(*pair));

	while (*list)
		list = &(*list)->next;
	*pair = (struct template_pair){ NULL, keep(name), keep(value) };
	*list = pair;
}

static struct str next_word(struct str *s)
{
	struct str word;

	*s = str_trim(*s);
	word = (struct str){ s->p, 0 };
	while (word.n < s->n && !strchr(" \t\r\n", s->p[word.n]))
		word.n++;
	*s = str_from(*s, word.n);
	return word;
}

static bool read_list(struct template_loader *l, const xmlAttr *a,
		      struct template_pair **list, struct str value,
		      bool is_key)
{
	while (str_trim(value).n) {
		struct str path = next_word(&value);
		struct str name = str_cut(&path, '=');

		if (!is_path(name, false) || !is_path(path, is_key))
			return template_fault(l, xmlGetLineNo(a->parent),
					      "s:%s wants name=path …",
					      a->name);
		if (template_has_pair(*list, name))
			return template_fault(l, xmlGetLineNo(a->parent),
					      "%.*s is there twice",
					      STR_ARG(name));
		add_pair(list, name, path);
	}
	return true;
}

/* The value of an attribute: texts only, an entity would be another node. */
static bool attribute_value(struct template_loader *l, const xmlAttr *a,
			    struct str *value)
{
	const xmlNode *text = a->children;

	*value = text ? xml_text(text->content) : S("");
	if (text && (text->next || text->type != XML_TEXT_NODE))
		return template_fault(
			l, xmlGetLineNo(a->parent),
			"entities are not known here, only &#160;");
	return true;
}

static bool read_directive(struct template_loader *l, const xmlAttr *a,
			   struct template_node *node, struct str value)
{
	struct str name = xml_text(a->name);

	for (size_t i = 0; i < ARRAY_LEN(list_directives); i++)
		if (str_eqz(name, list_directives[i].name))
			return read_list(l, a,
					 (void *)((char *)node +
						  list_directives[i].offset),
					 value, list_directives[i].is_key);
	for (size_t i = 0; i < ARRAY_LEN(directives); i++) {
		if (!str_eqz(name, directives[i].name))
			continue;
		if (!is_path(value, directives[i].is_key))
			return template_fault(l, node->line,
					      "s:%s wants a path", a->name);
		*(struct str *)(void *)((char *)node + directives[i].offset) =
			keep(value);
		return true;
	}
	return template_fault(l, node->line, "unknown attribute s:%s", a->name);
}

static bool read_attribute(struct template_loader *l, const xmlAttr *a,
			   struct template_node *node)
{
	struct str name = xml_text(a->name), value;
	struct buf escaped = buf_new(FILE_MAX);

	if (!attribute_value(l, a, &value))
		return false;
	if (a->ns && str_eqz(xml_text(a->ns->href), NS_OURS))
		return read_directive(l, a, node, value);
	if (a->ns)
		return template_fault(l, node->line,
				      "%s: only s: may prefix an "
				      "attribute",
				      a->name);
	if (template_is_handler(name) || str_eqz(name, "srcdoc"))
		return template_fault(l, node->line,
				      "%s: no scripts in attributes", a->name);
	buf_html(&escaped, value);
	add_pair(&node->fixed, name, buf_str(&escaped));
	return true;
}

static struct template_node *add_node(struct template_node *parent,
				      enum template_kind kind, long line)
{
	struct template_node *node = alloc_forever(sizeof(*node));

	node->kind = kind;
	node->line = (unsigned)line;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

static bool keeps_blanks(struct str element)
{
	return str_eqz(element, "pre") || str_eqz(element, "textarea");
}

/* Between tags, an indentation is worth one newline. */
static bool read_text(struct template_loader *l, const xmlNode *from,
		      struct template_node *to)
{
	struct str s = xml_text(from->content);
	struct buf b = buf_new(FILE_MAX * 2);
	bool blank = str_trim(s).n == 0 && !keeps_blanks(to->name);

	if (str_eqz(to->name, "style")) {
		if (memchr(s.p, '<', s.n) || memchr(s.p, '&', s.n))
			return template_fault(l, xmlGetLineNo(from),
					      "no < and & in a style");
		buf_add(&b, s);
	} else if (blank && memchr(s.p, '\n', s.n)) {
		buf_char(&b, '\n');
	} else {
		buf_text(&b, s);
	}
	if (blank && template_contents(to))
		return true;
	add_node(to, T_TEXT, xmlGetLineNo(from))->raw = keep(buf_str(&b));
	return true;
}

static bool read_children(struct template_loader *l, const xmlNode *from,
			  struct template_node *to);

static bool is_ours(const xmlNode *node)
{
	return node->ns && str_eqz(xml_text(node->ns->href), NS_OURS);
}

/* The one attribute `name` of s:slot, s:fill and s:page. */
static bool read_name(struct template_loader *l, const xmlNode *from,
		      const char *name, struct str *value)
{
	const xmlAttr *a = from->properties;

	if (!a || a->next || a->ns || !str_eqz(xml_text(a->name), name))
		return template_fault(l, xmlGetLineNo(from),
				      "<s:%s> wants %s=\"…\" and "
				      "nothing else",
				      from->name, name);
	if (!attribute_value(l, a, value))
		return false;
	*value = keep(*value);
	return true;
}

static bool read_slot(struct template_loader *l, const xmlNode *from,
		      struct template_node *to)
{
	struct template_node *slot = add_node(to, T_SLOT, xmlGetLineNo(from));

	return read_name(l, from, "name", &slot->name) &&
	       read_children(l, from, slot);
}

/* The element's name into node; empty for s:block. */
static bool read_element_name(struct template_loader *l, const xmlNode *from,
			      struct template_node *node)
{
	struct str ns = from->ns ? xml_text(from->ns->href) : S("");

	if (is_ours(from)) {
		node->name = S("");
		return str_eqz(xml_text(from->name), "block") ||
		       template_fault(l, node->line,
				      "<s:%s> is unknown, or not here",
				      from->name);
	}
	if (ns.n && !str_eqz(ns, NS_HTML) && !str_eqz(ns, NS_SVG))
		return template_fault(l, node->line, "<%s> is not HTML",
				      from->name);
	node->name = keep(xml_text(from->name));
	node->is_void = template_is_void(node->name);
	return true;
}

static bool read_element(struct template_loader *l, const xmlNode *from,
			 struct template_node *to)
{
	struct template_node *node;

	if (is_ours(from) && str_eqz(xml_text(from->name), "slot"))
		return read_slot(l, from, to);
	node = add_node(to, T_ELEMENT, xmlGetLineNo(from));
	if (!read_element_name(l, from, node))
		return false;
	for (const xmlAttr *a = from->properties; a; a = a->next)
		if (!read_attribute(l, a, node))
			return false;
	return read_children(l, from, node) && template_check(l, node);
}

static bool read_children(struct template_loader *l, const xmlNode *from,
			  struct template_node *to)
{
	for (const xmlNode *c = from->children; c; c = c->next) {
		bool ok = true;

		if (c->type == XML_ELEMENT_NODE)
			ok = read_element(l, c, to);
		else if (c->type == XML_TEXT_NODE)
			ok = read_text(l, c, to);
		else if (c->type != XML_COMMENT_NODE)
			ok = template_fault(l, xmlGetLineNo(c),
					    "only elements, texts "
					    "and comments");
		if (!ok)
			return false;
	}
	return true;
}

/* <s:page layout="…"> holds <s:fill name="…">: they become T_SLOT nodes. */
static bool read_page(struct template_loader *l, const xmlNode *page,
		      struct template *t)
{
	if (!read_name(l, page, "layout", &t->layout))
		return false;
	for (const xmlNode *c = page->children; c; c = c->next) {
		if (c->type == XML_COMMENT_NODE || xmlIsBlankNode(c))
			continue;
		if (c->type != XML_ELEMENT_NODE || !is_ours(c) ||
		    !str_eqz(xml_text(c->name), "fill"))
			return template_fault(l, xmlGetLineNo(c),
					      "only <s:fill> in "
					      "<s:page>");
		if (!read_slot(l, c, t->root))
			return false;
	}
	return true;
}

static bool read_document(struct template_loader *l, const xmlDoc *doc,
			  struct template *t)
{
	const xmlNode *root = xmlDocGetRootElement(doc);
	struct template_node holder = { .line = 0 };

	if (doc->intSubset &&
	    (doc->intSubset->children || doc->intSubset->ExternalID ||
	     doc->intSubset->SystemID))
		return template_fault(l, 1,
				      "a doctype is <!DOCTYPE html> or none");
	if (is_ours(root) && str_eqz(xml_text(root->name), "page")) {
		t->root = add_node(&holder, T_ELEMENT, xmlGetLineNo(root));
		t->root->name = S("");
		return read_page(l, root, t);
	}
	if (!read_element(l, root, &holder))
		return false;
	t->root = holder.first;
	return true;
}

static bool parse(struct template_loader *l, struct str text,
		  struct template *t)
{
	xmlDoc *doc = xmlReadMemory(
		text.p, (int)text.n, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	const xmlError *e = xmlGetLastError();
	bool ok;

	if (!doc)
		return template_fault(
			l, e ? e->line : 0, "%.*s",
			STR_ARG(str_trim(str_of(e ? e->message : NULL))));
	ok = read_document(l, doc, t);
	xmlFreeDoc(doc);
	return ok;
}

static bool add_template(struct str name, struct str text, const char **why)
{
	struct template *t = alloc_forever(sizeof(*t));
	struct template_loader l = { .name = name, .why = why };

	t->name = keep(name);
	if (!str_is_text(text))
		return template_fault(&l, 0, "the file is not UTF-8 text");
	if (!parse(&l, text, t))
		return false;
	t->next = templates;
	templates = t;
	return true;
}

static bool load_file(const char *path, struct str name, const char **why)
{
	struct template_loader l = { .name = name, .why = why };
	FILE *f = fopen(path, "rb");
	char *p;
	size_t n;

	if (!f)
		return template_fault(&l, 0, "%s", strerror(errno));
	p = alloc(FILE_MAX);
	n = fread(p, 1, FILE_MAX, f);
	fclose(f);
	if (n == FILE_MAX)
		return template_fault(&l, 0, "larger than 1 MiB");
	return add_template(name, (struct str){ p, n }, why);
}

static struct str join(const char *a, const char *b)
{
	struct buf path = buf_new(4096);

	buf_addf(&path, "%s%s%s", a, *a ? "/" : "", b);
	return buf_str(&path);
}

/* Files of dir and the directories in it; prefix is where we are below. */
static bool load_directory(const char *dir, const char *prefix, int depth,
			   const char **why)
{
	DIR *d = opendir(dir);
	struct dirent *file;
	bool ok = true;

	if (!d) {
		*why = str_z(join(dir, strerror(errno)));
		return false;
	}
	while (ok && (file = readdir(d))) {
		struct str name = join(prefix, file->d_name);
		const char *path = str_z(join(dir, file->d_name));

		if (file->d_name[0] == '.')
			continue;
		if (str_ends(name, S(".html")))
			ok = load_file(path, (struct str){ name.p, name.n - 5 },
				       why);
		else if (file->d_type == DT_DIR && depth < DIRECTORY_DEPTH_MAX)
			ok = load_directory(path, str_z(name), depth + 1, why);
	}
	closedir(d);
	return ok;
}

static bool resolve(const char **why)
{
	for (struct template *t = templates; t; t = t->next) {
		struct template_loader l = { .name = t->name, .why = why };

		if (!template_resolve(&l, t))
			return false;
	}
	return true;
}

bool template_load(const char *dir, const char **why)
{
	templates = NULL;
	return load_directory(dir, "", 0, why) && resolve(why);
}

#ifdef SPORTELLO_TEST
bool template_add(struct str name, struct str text, const char **why)
{
	return add_template(name, text, why);
}

bool template_ready(const char **why)
{
	return resolve(why);
}

void template_forget(void)
{
	templates = NULL;
	assets = NULL;
}
#endif

static bool add_asset(struct str name, const struct json *address, void *ctx)
{
	(void)ctx;
	add_pair(&assets, name, json_str(address));
	return true;
}

struct str template_asset(struct str name)
{
	for (const struct template_pair *a = assets; a; a = a->next)
		if (str_eq(a->name, name))
			return a->value;
	return S("");
}

static bool check_assets(struct template_loader *l,
			 const struct template_node *node)
{
	for (const struct template_node *c = node->first; c; c = c->next)
		if (!check_assets(l, c))
			return false;
	return !node->asset.p || template_asset(node->asset).n ||
	       template_fault(l, node->line, "%s is not in the manifest",
			      node->asset.p);
}

bool template_assets(struct str manifest_json, const char **why)
{
	const struct json *manifest = json_parse_own(manifest_json);

	*why = "the manifest is not a JSON object";
	assets = NULL;
	if (json_kind(manifest) != JSON_OBJECT)
		return false;
	json_each(manifest, add_asset, NULL);
	for (const struct template *t = templates; t && assets; t = t->next) {
		struct template_loader l = { .name = t->name, .why = why };

		if (!check_assets(&l, t->root))
			return false;
	}
	return true;
}
