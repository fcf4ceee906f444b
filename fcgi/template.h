/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * template.h: server-rendered pages and mails.
 *
 * A template is valid XHTML in www/templates/, parsed once when the process
 * starts, and filled as a tree from JSON that the database built: a value can
 * only become a text or an attribute, so nothing can be injected. The
 * vocabulary is in www/templates/README.md.
 */
#ifndef SPORTELLO_TEMPLATE_H
#define SPORTELLO_TEMPLATE_H

#include "catalog.h"
#include "json.h"
#include "str.h"

/* Parses every *.html of dir, mail/ and all. False: *why names the file, the
 * line and the fault (an unknown s: attribute, a slot of no template …). */
bool template_load(const char *dir, const char **why) MUST_CHECK;

/* The static files' names, from esbuild's manifest {"app.css":"/a/app.X.css"}:
 * what s:asset finds. */
bool template_assets(struct str manifest_json, const char **why) MUST_CHECK;

/* The hashed address of a static file; empty when there is none. */
struct str template_asset(struct str name);

/*
 * Fills template `name` ("home", "mail/comment") with data for a reader of
 * language c whose time zone is time_zone, as HTML (void elements unclosed,
 * doctype before it). False when there is no such template, a canonical text
 * in the data is not canonical, or the page would be over 2 MiB.
 */
bool template_fill(const char *name, const struct json *data,
		   const struct catalog *c, struct str time_zone,
		   struct str *html) MUST_CHECK;

#ifdef SPORTELLO_TEST
/* One template from memory, then the references among them; and none any
 * more. */
bool template_add(struct str name, struct str text, const char **why);
bool template_ready(const char **why);
void template_forget(void);
#endif

#endif
