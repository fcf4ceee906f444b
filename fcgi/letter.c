/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "letter.h"

#include <time.h>

#include "catalog.h"
#include "config.h"
#include "mail.h"
#include "markup.h"
#include "template.h"

struct letter {
	const struct json *data;
	const struct catalog *texts;
	const char *kind; /* the word in its texts' keys */
};

static struct str at(const struct letter *l, const char *path)
{
	return json_scalar(json_path(l->data, str_of(path)));
}

static struct str text(const struct letter *l, const char *key)
{
	const struct catalog_arg args[] = {
		{ "name", at(l, "recipient.name") },
		{ "author", at(l, "comment.author") },
		{ "number", at(l, "ticket.number") },
		{ "title", at(l, "ticket.title") },
	};

	return catalog_text(l->texts, str_of(key), ARRAY_LEN(args), args);
}

/* The text mail.<kind>.<what>. */
static struct str own_text(const struct letter *l, const char *what)
{
	struct buf key = buf_new(64);

	buf_addf(&key, "mail.%s.%s", l->kind, what);
	return text(l, str_z(buf_str(&key)));
}

static struct str reason(const struct letter *l)
{
	struct buf key = buf_new(64);

	buf_addf(&key, "mail.reason.%.*s", STR_ARG(at(l, "reason")));
	return text(l, str_z(buf_str(&key)));
}

static const struct catalog *texts_for(const struct json *data)
{
	const struct catalog *c =
		catalog_find(json_str(json_get(data, "lang")));

	if (!c)
		c = catalog_find(json_str(json_path(data, S("portal.lang"))));
	return c ? c : catalog_find(S("en"));
}

static bool text_part(const struct letter *l, struct str *part)
{
	struct buf b = buf_new(MARKUP_HTML_MAX * 2);
	struct str comment;

	if (!markup_to_text(at(l, "comment.html"), &comment))
		return false;
	if (at(l, "recipient.name").n)
		buf_addf(&b, "%.*s\n\n", STR_ARG(text(l, "mail.hello")));
	buf_addf(&b, "%.*s\n#%.*s %.*s\n%.*s\n\n%.*s\n\n",
		 STR_ARG(own_text(l, "intro")), STR_ARG(at(l, "ticket.number")),
		 STR_ARG(at(l, "ticket.title")),
		 STR_ARG(catalog_time(l->texts, at(l, "comment.created_at"),
				      at(l, "time_zone"))),
		 STR_ARG(str_trim(comment)));
	buf_addf(&b, "%.*s: %.*s\n%.*s\n\n-- \n%.*s\n%.*s\n",
		 STR_ARG(text(l, "mail.answer")), STR_ARG(at(l, "ticket.url")),
		 STR_ARG(text(l, "mail.answer.text")), STR_ARG(reason(l)),
		 STR_ARG(at(l, "portal.name")));
	*part = buf_str(&b);
	return !b.full;
}

static bool html_part(const struct letter *l, struct str *part)
{
	static const char *const members[] = { "recipient", "portal", "ticket",
					       "comment" };
	/* Escaped for JSON a text may grow sixfold. */
	struct buf b = buf_new(MARKUP_HTML_MAX * 6 + 65536);

	buf_addf(&b, "{\"kind\":\"%s\",\"reason\":", l->kind);
	buf_json(&b, reason(l));
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		buf_addf(&b, ",\"%s\":", members[i]);
		json_write(&b, json_get(l->data, members[i]));
	}
	buf_char(&b, '}');
	return !b.full &&
	       template_fill("mail/comment", json_parse_own(buf_str(&b)),
			     l->texts, at(l, "time_zone"), part);
}

bool letter_write(const struct json *data, struct str *message,
		  const char **why)
{
	const struct letter letter = {
		.data = data,
		.texts = texts_for(data),
		.kind = str_eqz(json_str(json_get(data, "event")),
				"ticket.replied")
				? "reply"
				: "ticket_created",
	};
	const struct letter *l = &letter;
	struct mail m = {
		.from_name = at(l, "portal.mail_name"),
		.from = str_of(config.mail_from),
		.to_name = at(l, "recipient.name"),
		.to = at(l, "to"),
		.reply_to = str_of(config.reply_to),
		.subject = own_text(l, "subject"),
		.id = at(l, "message_id"),
		.thread = at(l, "thread_id"),
		.lang = catalog_lang(l->texts),
		.date = (int64_t)time(NULL),
	};

	*why = "not made: the text part";
	if (!text_part(l, &m.text))
		return false;
	*why = "not made: the template";
	return html_part(l, &m.html) && mail_compose(&m, message, why);
}
