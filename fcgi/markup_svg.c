/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading: libxml2 parses, and what the lists know is built anew. */
#include "markup_svg.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <math.h>

#include "arena.h"
#include "markup_svg_tree.h"

enum { WIDTH_MAX = 1024, HEIGHT_MAX = 256, SHEET_MAX = 512 * 1024 };

struct reading {
	const struct svg_rule *rules;
	unsigned nodes;
	struct svg_fault *fault;
};

static struct str xml_text(const xmlChar *z)
{
	return str_of((const char *)z);
}

static bool in_namespace(const xmlNs *ns, const char *uri)
{
	return ns && str_eqz(xml_text(ns->href), uri);
}

/* No namespace at all: meant to stand in a page, so SVG too. */
static bool is_svg(const xmlNode *node)
{
	return (!node->ns && !strchr((const char *)node->name, ':')) ||
	       in_namespace(node->ns, "http://www.w3.org/2000/svg");
}

static bool is_html(const xmlNode *node)
{
	return in_namespace(node->ns, "http://www.w3.org/1999/xhtml");
}

/* Line ends and tabs as blanks, which is what they mean in a drawing. */
static struct str copy(struct str s)
{
	char *p = alloc_copy(s.p, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = p[i] == '\n' || p[i] == '\r' || p[i] == '\t' ? ' '
								    : p[i];
	return (struct str){ p, s.n };
}

static bool refuse(struct reading *r, const char *code, struct str about)
{
	return svg_refuse(r->fault, code, copy(about));
}

/* ---- attributes ---- */

static bool read_value(const xmlAttr *a, struct str *value)
{
	const xmlNode *text = a->children;

	/* More than one node, or another kind: an entity. */
	if (text && (text->next || text->type != XML_TEXT_NODE))
		return false;
	*value = text ? copy(xml_text(text->content)) : S("");
	return true;
}

static bool read_href(struct reading *r, struct svg_node *node,
		      struct str value)
{
	if (!svg_is_local(str_trim(value)))
		return refuse(r, "svg_active", S("href"));
	svg_set(node, "href", str_trim(value));
	return true;
}

static bool is_id(struct str value)
{
	struct buf b = buf_new(value.n + 1);

	buf_char(&b, '#');
	buf_add(&b, value);
	return svg_is_local(buf_str(&b));
}

struct looks {
	struct str class, style;
};

static bool read_attribute(struct reading *r, struct svg_node *node,
			   const xmlAttr *a, struct looks *looks)
{
	struct str name = xml_text(a->name), value;
	bool linked = in_namespace(a->ns, "http://www.w3.org/1999/xlink");
	const char *known = svg_attribute(name);

	if (!read_value(a, &value))
		return refuse(r, "svg_active", S("&"));
	if (name.n > 2 && !strncasecmp(name.p, "on", 2))
		return refuse(r, "svg_active", name);
	if (str_eqz(name, "href") && (linked || !a->ns))
		return read_href(r, node, value);
	if (a->ns)
		return true;
	if (str_eqz(name, "class"))
		looks->class = value;
	else if (str_eqz(name, "style"))
		looks->style = value;
	else if (str_eqz(name, "id") && is_id(value))
		svg_set(node, known, value);
	else if (known && !str_eqz(name, "id") &&
		 !svg_value(value, &value, r->fault))
		return false;
	else if (known && !str_eqz(name, "id"))
		svg_set(node, known, value);
	return true;
}

/* ---- nodes ---- */

static bool read_node(struct reading *r, struct svg_node *to,
		      const xmlNode *from);

static bool read_element(struct reading *r, struct svg_node *node,
			 const xmlNode *from)
{
	struct looks looks = { S(""), S("") };

	for (const xmlAttr *a = from->properties; a; a = a->next)
		if (!read_attribute(r, node, a, &looks))
			return false;
	if (!svg_style(node, r->rules, looks.class, looks.style, r->fault))
		return false;
	for (const xmlNode *c = from->children; c; c = c->next)
		if (!read_node(r, node, c))
			return false;
	return true;
}

static void read_text(struct svg_node *to, const xmlNode *from)
{
	if (svg_holds_text(to->name))
		svg_add(to, NULL)->text = copy(xml_text(from->content));
}

static bool read_child(struct reading *r, struct svg_node *to,
		       const xmlNode *from)
{
	struct str name = xml_text(from->name);
	const char *known = is_svg(from) ? svg_element(name) : NULL;

	if (str_eqz(name, "style") || str_eqz(name, "metadata"))
		return true; /* a sheet was read before, the other is not */
	if (is_html(from) || (is_svg(from) && !known))
		return refuse(r, "svg_active", name);
	if (!known)
		return true; /* an editor's own */
	if (++r->nodes > SVG_NODES_MAX || to->depth >= SVG_DEPTH_MAX)
		return refuse(r, "svg_complex", S(""));
	return read_element(r, svg_add(to, known), from);
}

static bool read_node(struct reading *r, struct svg_node *to,
		      const xmlNode *from)
{
	switch (from->type) {
	case XML_ELEMENT_NODE:
		return read_child(r, to, from);
	case XML_TEXT_NODE:
	case XML_CDATA_SECTION_NODE:
		read_text(to, from);
		return true;
	case XML_COMMENT_NODE:
	case XML_PI_NODE:
		return true;
	default:
		return refuse(r, "svg_active", S("&"));
	}
}

static void collect_sheets(const xmlNode *from, struct buf *css, unsigned depth)
{
	for (const xmlNode *c = from->children; c && depth <= SVG_DEPTH_MAX;
	     c = c->next) {
		bool sheet = c->type == XML_ELEMENT_NODE &&
			     str_eqz(xml_text(c->name), "style");

		for (const xmlNode *t = c->children; sheet && t; t = t->next)
			buf_add(css, copy(xml_text(t->content)));
		if (c->type == XML_ELEMENT_NODE)
			collect_sheets(c, css, depth + 1);
	}
}

/* ---- the whole ---- */

/* A length in pixels, or without a unit; 0 for any other. */
static double pixels(struct str s)
{
	const char *z = str_z(str_trim(s));
	char *end;
	double v = strtod(z, &end);

	if (end == z || !(v > 0 && v <= 1e6) ||
	    (*end && strcmp(end, "px") != 0))
		return 0;
	return v;
}

/* "x y width height", with blanks or commas between them. */
static bool view_box(struct str s, double *width, double *height)
{
	const char *z = str_z(s);
	double v[4];

	for (size_t i = 0; i < 4; i++) {
		char *end;

		z += strspn(z, " ,\n\t");
		v[i] = strtod(z, &end);
		if (end == z || !isfinite(v[i]))
			return false;
		z = end;
	}
	*width = v[2];
	*height = v[3];
	return v[2] > 0 && v[2] <= 1e6 && v[3] > 0 && v[3] <= 1e6;
}

static struct str number(double v)
{
	struct buf b = buf_new(32);

	buf_addf(&b, "%.6g", v);
	return buf_str(&b);
}

/* Every drawing gets a viewBox, and a size of its proportions. */
static bool set_size(struct svg_node *root, struct svg *out)
{
	double w = pixels(svg_get(root, "width"));
	double h = pixels(svg_get(root, "height"));
	double box_w, box_h;

	if (!view_box(svg_get(root, "viewBox"), &box_w, &box_h)) {
		struct buf b = buf_new(80);

		if (w <= 0 || h <= 0)
			return false;
		buf_addf(&b, "0 0 %.6g %.6g", w, h);
		svg_set(root, svg_attribute(S("viewBox")), buf_str(&b));
	} else if (w <= 0 || h <= 0) {
		w = box_w;
		h = box_h;
	}
	double by = fmin(WIDTH_MAX / w, HEIGHT_MAX / h);
	out->width = (unsigned)fmax(1, w * by + 0.5);
	out->height = (unsigned)fmax(1, h * by + 0.5);
	svg_set(root, svg_attribute(S("width")), number(out->width));
	svg_set(root, svg_attribute(S("height")), number(out->height));
	return true;
}

/* A style sheet from elsewhere is named before the root. */
static bool has_stylesheet(const xmlDoc *doc)
{
	for (const xmlNode *c = doc->children; c; c = c->next)
		if (c->type == XML_PI_NODE &&
		    str_eqz(xml_text(c->name), "xml-stylesheet"))
			return true;
	return false;
}

static bool read_document(const xmlDoc *doc, struct svg *out,
			  struct svg_fault *fault)
{
	const xmlNode *root = xmlDocGetRootElement(doc);
	struct svg_node around = { 0 };
	struct reading r = { .fault = fault };
	struct buf css = buf_new(SHEET_MAX), text = buf_new(MARKUP_SVG_MAX);
	struct svg_rule *rules;

	if (!root || !is_svg(root) || !str_eqz(xml_text(root->name), "svg"))
		return svg_refuse(fault, "picture_type", S(""));
	if (has_stylesheet(doc))
		return svg_refuse(fault, "svg_active", S("xml-stylesheet"));
	collect_sheets(root, &css, 0);
	if (!svg_sheet(buf_str(&css), &rules, fault))
		return false;
	r.rules = rules;
	if (!read_child(&r, &around, root))
		return false;
	if (!set_size(around.first, out))
		return svg_refuse(fault, "svg_size", S(""));
	svg_write(&text, around.first);
	out->text = buf_str(&text);
	return (!text.full && svg_is_light(around.first)) ||
	       svg_refuse(fault, "svg_complex", S(""));
}

static void release(void *doc)
{
	xmlFreeDoc(doc);
}

bool markup_svg(struct str source, struct svg *out, struct svg_fault *fault)
{
	xmlDoc *doc;

	if (!source.n || !str_is_text(source))
		return svg_refuse(fault, "picture_broken", S(""));
	/* Before the parser sees one. */
	if (memmem(source.p, source.n, "<!ENTITY", 8))
		return svg_refuse(fault, "svg_active", S("<!ENTITY"));
	doc = xmlReadMemory(
		source.p, (int)source.n, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!doc)
		return svg_refuse(fault, "picture_broken", S(""));
	defer(release, doc);
	return read_document(doc, out, fault);
}
