/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The closed lists: what a drawing may hold. */
#include "markup_svg_tree.h"

/* clang-format off */
static const char *const elements[] = {
	"svg", "g", "defs", "symbol", "use", "title", "desc",
	/* shapes and text */
	"path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
	"text", "tspan", "textPath",
	/* paint */
	"linearGradient", "radialGradient", "stop", "pattern", "clipPath",
	"mask", "marker",
	/* effects that need no more than the drawing itself */
	"filter", "feBlend", "feColorMatrix", "feComponentTransfer",
	"feComposite", "feDropShadow", "feFlood", "feFuncA", "feFuncB",
	"feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode",
	"feOffset",
};

static const char *const attributes[] = {
	"id", "href",
	/* geometry */
	"viewBox", "preserveAspectRatio", "x", "y", "width", "height", "rx",
	"ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "d", "points",
	"pathLength", "transform",
	/* text */
	"dx", "dy", "rotate", "textLength", "lengthAdjust", "startOffset",
	"method", "spacing", "side",
	/* paint */
	"fx", "fy", "fr", "offset", "spreadMethod", "gradientUnits",
	"gradientTransform", "patternUnits", "patternContentUnits",
	"patternTransform", "clipPathUnits", "maskUnits", "maskContentUnits",
	"markerUnits", "markerWidth", "markerHeight", "refX", "refY",
	"orient",
	/* effects */
	"filterUnits", "primitiveUnits", "in", "in2", "result", "mode",
	"type", "values", "operator", "k1", "k2", "k3", "k4", "stdDeviation",
	"edgeMode", "tableValues", "slope", "intercept", "amplitude",
	"exponent",
};

/* Attributes that a style may set. */
static const char *const properties[] = {
	"alignment-baseline", "baseline-shift", "clip-path", "clip-rule",
	"color", "color-interpolation", "color-interpolation-filters",
	"direction", "display", "dominant-baseline", "fill", "fill-opacity",
	"fill-rule", "filter", "flood-color", "flood-opacity", "font-family",
	"font-size", "font-stretch", "font-style", "font-variant",
	"font-weight", "image-rendering", "letter-spacing", "marker-end",
	"marker-mid", "marker-start", "mask", "mask-type", "opacity",
	"overflow", "paint-order", "shape-rendering", "stop-color",
	"stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset",
	"stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
	"stroke-opacity", "stroke-width", "text-anchor", "text-decoration",
	"text-rendering", "unicode-bidi", "vector-effect", "visibility",
	"word-spacing", "writing-mode",
};
/* clang-format on */

static const char *find(const char *const list[], size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqz(name, list[i]))
			return list[i];
	return NULL;
}

const char *svg_element(struct str name)
{
	return find(elements, ARRAY_LEN(elements), name);
}

const char *svg_attribute(struct str name)
{
	const char *a = find(attributes, ARRAY_LEN(attributes), name);

	return a ? a : find(properties, ARRAY_LEN(properties), name);
}

bool svg_is_property(const char *attribute)
{
	return find(properties, ARRAY_LEN(properties), str_of(attribute));
}

bool svg_holds_text(const char *element)
{
	static const char *const holders[] = { "text", "tspan", "textPath",
					       "title", "desc" };

	return find(holders, ARRAY_LEN(holders), str_of(element));
}
