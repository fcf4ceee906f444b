/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/themes.h"

#include "colour.h"
#include "door.h"
#include "reply.h"

struct look {
	struct str brand, band, round;
	struct theme theme;
};

static bool read_look(struct request *r, struct look *l)
{
	struct db_step step = { .query = &Q_themes_get };
	struct colour brand, band;

	if (!door_run(r, &step, 1))
		return false;
	const struct json *v = json_parse_own(step.out);
	l->brand = json_str(json_get(v, "brand"));
	l->band = json_str(json_get(v, "brand_bg"));
	l->round = json_scalar(json_get(v, "round"));
	if (!colour_parse(l->brand, &brand) || !colour_parse(l->band, &band))
		return problem(&r->problem, PROBLEM_INTERNAL);
	l->theme = colour_theme(brand, band);
	return true;
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

static struct str sheet(const struct look *l)
{
	struct buf css = buf_new(1024);

	buf_addf(
		&css,
		"@layer brand{:root{--brand:%.*s;--brand-bg:%.*s;--round:%.*s}",
		STR_ARG(l->brand), STR_ARG(l->band), STR_ARG(l->round));
	add_derived(&css, &l->theme);
	buf_char(&css, '}');
	return buf_str(&css);
}

/* The two who speak to each other, on the band. */
static struct str icon(const struct look *l)
{
	struct buf svg = buf_new(1024);
	struct str mark = colour_hex(l->theme.on_band);

	buf_addf(&svg,
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		 "viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" "
		 "rx=\"%u\" fill=\"%.*s\"/><g fill=\"%.*s\">"
		 "<path d=\"M15 4h2v24h-2z\" opacity=\".5\"/>"
		 "<circle cx=\"16\" cy=\"11\" r=\"5\"/>"
		 "<rect x=\"11\" y=\"18\" width=\"10\" height=\"9\" "
		 "rx=\"2.4\"/></g></svg>",
		 str_eqz(l->round, "0") ? 0u : 7u, STR_ARG(l->band),
		 STR_ARG(mark));
	return buf_str(&svg);
}

bool themes_get(struct request *r)
{
	bool drawn = str_ends(route_param(r, "name"), S(".svg"));
	struct look l;

	if (!read_look(r, &l))
		return false;
	reply_header(r, "Cache-Control",
		     S("public, max-age=31536000, immutable"));
	return drawn ? reply(r, 200, "image/svg+xml", icon(&l))
		     : reply(r, 200, "text/css; charset=utf-8", sheet(&l));
}
