/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/articles.h"

#include "arena.h"
#include "door.h"
#include "input.h"
#include "markup_article.h"
#include "picture.h"
#include "queries.h"
#include "reply.h"
#include "serve.h"

static bool is_markdown(const char *format)
{
	return !format || !strcmp(format, "markdown");
}

/* What was sent as the text that is kept; of what was sent no more goes on. */
static bool render(struct request *r, const char *format, const char **body,
		   const char **html)
{
	struct str out, source = str_of(*body);
	bool large =
		source.n > (is_markdown(format) ? MARKUP_ARTICLE_MARKDOWN_MAX
						: MARKUP_ARTICLE_HTML_MAX);

	if (large ||
	    !(is_markdown(format)
		      ? markup_article_from_markdown(source, NULL, &out, NULL)
		      : markup_article_from_html(source, NULL, &out, NULL)))
		return problem_field(&r->problem, S("body"), "article_long");
	*html = str_z(out);
	*body = "";
	return true;
}

bool articles_create(struct request *r)
{
	union q_articles_create q;

	return input(r, &Q_articles_create, q.v) &&
	       render(r, q.format, &q.body, &q.html) && serve_with(r, q.v);
}

bool articles_write(struct request *r)
{
	union q_articles_write q;

	return input(r, &Q_articles_write, q.v) &&
	       render(r, q.format, &q.body, &q.html) && serve_with(r, q.v);
}

static const char *side(unsigned n)
{
	struct buf b = buf_new(16);

	buf_addf(&b, "%u", n);
	return n && n <= MARKUP_SIDE_MAX ? str_z(buf_str(&b)) : NULL;
}

bool articles_attach(struct request *r)
{
	union q_files_head head;
	union q_articles_attach q;
	struct db_step look = { .query = &Q_files_head, .values = head.v };
	struct db_step attach = { .query = &Q_articles_attach, .values = q.v };
	unsigned width = 0, height = 0;

	if (!input(r, &Q_articles_attach, q.v) ||
	    !input(r, &Q_files_head, head.v) || !door_run(r, &look, 1))
		return false;
	/* Both are told or none is. */
	if (picture_size(look.out, &width, &height) && side(width) &&
	    side(height)) {
		q.width = side(width);
		q.height = side(height);
	}
	return door_run(r, &attach, 1) && reply_json(r, 201, attach.out);
}

/* A text as it is shown to who writes: in the form that was asked for. */
static bool add_text(struct buf *b, const char *name, const struct json *text,
		     bool as_markdown)
{
	struct str html = json_str(json_get(text, "html"));
	struct buf source = buf_new(2 * MARKUP_ARTICLE_MAX + 4096);

	buf_addf(b, ",\"%s\":", name);
	if (json_kind(text) != JSON_OBJECT) {
		buf_add(b, S("null"));
		return true;
	}
	if (as_markdown && !markup_article_markdown(html, NULL, &source))
		return false;
	buf_add(b, S("{\"title\":"));
	json_write(b, json_get(text, "title"));
	buf_add(b, S(",\"keywords\":"));
	json_write(b, json_get(text, "keywords"));
	const struct json *edit = json_get(text, "edit");
	buf_addf(b, edit ? ",\"was\":%.*s" : ",\"version\":%.*s",
		 STR_ARG(json_scalar(edit ? edit : json_get(text, "version"))));
	buf_add(b, S(",\"body\":"));
	buf_json(b, as_markdown ? buf_str(&source) : html);
	buf_char(b, '}');
	return true;
}

bool articles_written(struct request *r)
{
	union q_articles_written q;
	struct buf b = buf_new(8 * MARKUP_ARTICLE_MAX);

	if (!input(r, &Q_articles_written, q.v))
		return false;
	bool as_markdown = is_markdown(q.format);
	if (!q.format)
		q.format = "markdown";
	struct db_step step = { .query = &Q_articles_written, .values = q.v };
	if (!door_run(r, &step, 1))
		return false;
	const struct json *found = json_parse_own(step.out);
	buf_add(&b, S("{\"language\":"));
	json_write(&b, json_get(found, "language"));
	buf_addf(&b, ",\"format\":\"%s\"", q.format);
	if (!add_text(&b, "live", json_get(found, "live"), as_markdown) ||
	    !add_text(&b, "draft", json_get(found, "draft"), as_markdown) ||
	    b.full)
		return problem(&r->problem, PROBLEM_INTERNAL);
	buf_char(&b, '}');
	return reply_json(r, 200, buf_str(&b));
}
