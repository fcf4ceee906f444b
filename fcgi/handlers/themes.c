/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/themes.h"

#include "colour.h"
#include "door.h"
#include "reply.h"

static struct str member(const struct json *portal, const char *name)
{
	return json_scalar(json_get(portal, name));
}

static void add(struct buf *css, const char *name, struct colour c)
{
	buf_addf(css, "--%s:%.*s;", name, STR_ARG(colour_hex(c)));
}

/* What a browser without relative colours can't derive itself. */
static void add_derived(struct buf *css, const struct theme *t)
{
	buf_add(css, S("@supports not (color:oklch(from red l c h)){:root{"));
	add(css, "accent", t->accent);
	add(css, "accent-hover", t->accent_hover);
	add(css, "accent-soft", t->accent_soft);
	add(css, "on-accent", (struct colour){ 1, 1, 1 });
	add(css, "on-brand-bg", t->on_band);
	add(css, "n1", t->page);
	buf_add(css, S("}}"));
}

bool themes_get(struct request *r)
{
	struct db_step step = { .query = &Q_themes_get };
	struct buf css = buf_new(1024);
	struct colour brand, band;

	if (!door_run(r, &step, 1))
		return false;
	const struct json *portal = json_parse_own(step.out);
	if (!colour_parse(member(portal, "brand"), &brand) ||
	    !colour_parse(member(portal, "brand_bg"), &band))
		return problem(&r->problem, PROBLEM_INTERNAL);
	struct theme theme = colour_theme(brand, band);
	buf_addf(
		&css,
		"@layer brand{:root{--brand:%.*s;--brand-bg:%.*s;--round:%.*s}",
		STR_ARG(member(portal, "brand")),
		STR_ARG(member(portal, "brand_bg")),
		STR_ARG(member(portal, "round")));
	add_derived(&css, &theme);
	buf_char(&css, '}');
	reply_header(r, "Cache-Control",
		     S("public, max-age=31536000, immutable"));
	return reply(r, 200, "text/css; charset=utf-8", buf_str(&css));
}
