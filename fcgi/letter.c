/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "letter.h"

#include <time.h>

#include "catalog.h"
#include "colour.h"
#include "config.h"
#include "mail.h"
#include "markup.h"
#include "template.h"

#define ARGS_MAX 16

struct letter {
	const struct json *data;
	const struct catalog *texts;
	const char *kind; /* the word in its texts' keys */
	struct catalog_arg args[ARGS_MAX];
	size_t n_args;
};

static struct str at(const struct letter *l, const char *path)
{
	return json_scalar(json_path(l->data, str_of(path)));
}

static struct str text(const struct letter *l, const char *key)
{
	return catalog_text(l->texts, str_of(key), l->n_args, l->args);
}

static void add_arg(struct letter *l, const char *name, struct str value)
{
	if (l->n_args < ARGS_MAX)
		l->args[l->n_args++] = (struct catalog_arg){ name, value };
}

static bool add_member(struct str key, const struct json *v, void *letter)
{
	add_arg(letter, str_z(key), json_scalar(v));
	return true;
}

static const char *own_key(const struct letter *l, const char *what)
{
	struct buf key = buf_new(128);

	buf_addf(&key, "mail.%s.%s", l->kind, what);
	return str_z(buf_str(&key));
}

/* The text mail.<kind>.<what>. */
static struct str own_text(const struct letter *l, const char *what)
{
	return text(l, own_key(l, what));
}

/* A key that no catalogue knows comes back as itself: no mail says that. */
static bool has_words(const struct letter *l)
{
	return !str_eqz(own_text(l, "subject"), own_key(l, "subject"));
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

/* What stands at the end of every mail of a portal. */
static void add_footer(struct buf *b, const struct letter *l)
{
	const struct json *links = json_path(l->data, S("portal.look.links"));

	if (at(l, "portal.look.footer").n)
		buf_addf(b, "%.*s\n", STR_ARG(at(l, "portal.look.footer")));
	for (size_t i = 0; i < json_len(links); i++) {
		const struct json *link = json_at(links, i);

		buf_addf(b, "%.*s: %.*s\n",
			 STR_ARG(json_str(json_get(link, "text"))),
			 STR_ARG(json_str(json_get(link, "url"))));
	}
}

static void add_colour(struct buf *b, const char *name, struct colour c)
{
	buf_addf(b, ",\"%s\":\"%.*s\"", name, STR_ARG(colour_hex(c)));
}

/* The portal and its colours, as a mail needs them: derived, since no mail
 * program does that. */
static void add_portal(struct buf *b, const struct letter *l)
{
	struct colour brand, band;

	buf_add(b, S(",\"portal\":"));
	json_write(b, json_get(l->data, "portal"));
	if (!colour_parse(at(l, "portal.look.brand"), &brand) ||
	    !colour_parse(at(l, "portal.look.brand_bg"), &band))
		return;
	struct theme theme = colour_theme(brand, band);
	add_colour(b, "accent", theme.accent);
	add_colour(b, "band", band);
	add_colour(b, "on_band", theme.on_band);
}

/* ---- a ticket's conversation ---- */

/* How to answer: on the ticket's page, for whoever can open it. */
static void add_answer(struct buf *b, const struct letter *l)
{
	struct str url = at(l, "ticket.url");

	if (at(l, "ticket.helper").n)
		buf_addf(b, "%.*s\n%.*s\n",
			 STR_ARG(text(l, "mail.answer.login")), STR_ARG(url));
	else
		buf_addf(b, "%.*s: %.*s\n%.*s\n",
			 STR_ARG(text(l, "mail.answer")), STR_ARG(url),
			 STR_ARG(text(l, "mail.answer.text")));
}

/* How it stands: the tenant's own word for it, or ours. */
static struct str status_word(const struct letter *l)
{
	struct str own = at(l, "status.label"), key = at(l, "status.key");

	return own.n || !key.n ? own : catalog_text(l->texts, key, 0, NULL);
}

/* What it is about: number and title, whose it is, when. */
static void add_head(struct buf *b, const struct letter *l)
{
	struct str customer = at(l, "ticket.customer"), zone = at(l, "zone");

	buf_addf(b, "#%.*s %.*s\n", STR_ARG(at(l, "ticket.number")),
		 STR_ARG(at(l, "ticket.title")));
	if (customer.n)
		buf_addf(b, "%.*s\n", STR_ARG(customer));
	if (status_word(l).n)
		buf_addf(b, "%.*s\n", STR_ARG(text(l, "mail.status")));
	buf_add(b, catalog_time(l->texts, at(l, "comment.created_at"),
				at(l, "time_zone")));
	if (zone.n)
		buf_addf(b, " %.*s", STR_ARG(zone));
	buf_char(b, '\n');
}

static void add_files(struct buf *b, const struct letter *l)
{
	const struct json *files = json_get(l->data, "files");

	if (json_len(files))
		buf_addf(b, "%.*s\n", STR_ARG(text(l, "mail.files")));
	for (size_t i = 0; i < json_len(files); i++) {
		const struct json *file = json_at(files, i);

		buf_addf(b, "%.*s\n%.*s\n\n",
			 STR_ARG(json_str(json_get(file, "name"))),
			 STR_ARG(json_str(json_get(file, "url"))));
	}
}

static bool comment_text(const struct letter *l, struct str *part)
{
	struct buf b = buf_new(MARKUP_HTML_MAX * 2);
	struct str comment;

	if (!markup_to_text(at(l, "comment.html"), &comment))
		return false;
	if (at(l, "recipient.name").n)
		buf_addf(&b, "%.*s\n\n", STR_ARG(text(l, "mail.hello")));
	buf_addf(&b, "%.*s\n", STR_ARG(own_text(l, "intro")));
	add_head(&b, l);
	buf_addf(&b, "\n%.*s\n\n", STR_ARG(str_trim(comment)));
	add_files(&b, l);
	add_answer(&b, l);
	buf_addf(&b, "\n-- \n%.*s\n%.*s\n", STR_ARG(reason(l)),
		 STR_ARG(at(l, "portal.name")));
	if (at(l, "mute").n)
		buf_addf(&b, "%.*s: %.*s\n", STR_ARG(text(l, "mail.mute")),
			 STR_ARG(at(l, "mute")));
	add_footer(&b, l);
	*part = buf_str(&b);
	return !b.full;
}

static bool comment_html(const struct letter *l, struct str *part)
{
	static const char *const members[] = { "recipient", "ticket", "comment",
					       "files",	    "zone",   "mute" };
	/* Escaped for JSON a text may grow sixfold. */
	struct buf b = buf_new(MARKUP_HTML_MAX * 6 + 65536);

	buf_addf(&b, "{\"kind\":\"%s\",\"reason\":", l->kind);
	buf_json(&b, reason(l));
	buf_add(&b, S(",\"title\":"));
	buf_json(&b, at(l, "ticket.title"));
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		buf_addf(&b, ",\"%s\":", members[i]);
		json_write(&b, json_get(l->data, members[i]));
	}
	if (status_word(l).n) {
		buf_add(&b, S(",\"status\":"));
		buf_json(&b, status_word(l));
	}
	add_portal(&b, l);
	buf_char(&b, '}');
	return !b.full &&
	       template_fill("mail/comment", json_parse_own(buf_str(&b)),
			     l->texts, at(l, "time_zone"), part);
}

/* ---- a notice ---- */

static bool notice_text(const struct letter *l, struct str *part)
{
	struct buf b = buf_new(65536);
	struct str code = at(l, "notice.code"), url = at(l, "notice.url");

	if (at(l, "recipient.name").n)
		buf_addf(&b, "%.*s\n\n", STR_ARG(text(l, "mail.hello")));
	buf_addf(&b, "%.*s\n", STR_ARG(own_text(l, "text")));
	if (code.n)
		buf_addf(&b, "\n%.*s\n", STR_ARG(code));
	if (url.n)
		buf_addf(&b, "\n%.*s:\n%.*s\n", STR_ARG(own_text(l, "do")),
			 STR_ARG(url));
	buf_addf(&b, "\n-- \n%.*s\n%.*s\n", STR_ARG(reason(l)),
		 STR_ARG(at(l, "portal.name")));
	if (at(l, "mute").n)
		buf_addf(&b, "%.*s: %.*s\n", STR_ARG(text(l, "mail.leave")),
			 STR_ARG(at(l, "mute")));
	add_footer(&b, l);
	*part = buf_str(&b);
	return !b.full;
}

/* A text's lines, as a list. */
static void add_paragraphs(struct buf *b, struct str lines)
{
	const char *between = "";

	buf_char(b, '[');
	while (lines.n) {
		struct str line = str_cut(&lines, '\n');
		if (!str_trim(line).n)
			continue;
		buf_add(b, str_of(between));
		buf_json(b, line);
		between = ",";
	}
	buf_char(b, ']');
}

static bool notice_html(const struct letter *l, struct str *part)
{
	struct buf b = buf_new(MARKUP_HTML_MAX);

	buf_add(&b, S("{\"title\":"));
	buf_json(&b, own_text(l, "subject"));
	buf_add(&b, S(",\"paragraphs\":"));
	add_paragraphs(&b, own_text(l, "text"));
	buf_add(&b, S(",\"reason\":"));
	buf_json(&b, reason(l));
	if (at(l, "notice.url").n) {
		buf_add(&b, S(",\"do\":"));
		buf_json(&b, own_text(l, "do"));
	}
	buf_add(&b, S(",\"url\":"));
	json_write(&b, json_path(l->data, S("notice.url")));
	buf_add(&b, S(",\"code\":"));
	json_write(&b, json_path(l->data, S("notice.code")));
	buf_add(&b, S(",\"recipient\":"));
	json_write(&b, json_get(l->data, "recipient"));
	buf_add(&b, S(",\"mute\":"));
	json_write(&b, json_get(l->data, "mute"));
	add_portal(&b, l);
	buf_char(&b, '}');
	return !b.full &&
	       template_fill("mail/notice", json_parse_own(buf_str(&b)),
			     l->texts, at(l, "time_zone"), part);
}

/* ---- either ---- */

static bool is_notice(const struct letter *l)
{
	return json_get(l->data, "notice");
}

/* The word of a ticket's event in its texts' keys. */
static const char *kind_of(struct str event)
{
	static const struct {
		const char *event, *kind;
	} kinds[] = {
		{ "ticket.replied", "reply" },
		{ "ticket.prioritised", "ticket_prioritised" },
		{ "ticket.warned", "ticket_warned" },
		{ "ticket.late", "ticket_late" },
		{ "ticket.released", "ticket_released" },
		{ "ticket.shared", "ticket_shared" },
		{ "ticket.mentioned", "ticket_mentioned" },
		{ "ticket.note_mentioned", "note_mentioned" },
		{ "ticket.solved", "ticket_solved" },
		{ "ticket.closed", "ticket_closed" },
		{ "ticket.reopened", "ticket_reopened" },
		{ "ticket.rated", "ticket_rated" },
		{ "ticket.split_off", "ticket_split" },
		{ "ticket.merged", "ticket_merged" },
		{ "ticket.merged_unseen", "ticket_merged_unseen" },
		{ "ticket.merged_on", "ticket_merged_on" },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_eqz(event, kinds[i].event))
			return kinds[i].kind;
	return "ticket_created";
}

/* A moment in the reader's zone, which is named where it is not their own. */
static void add_moment(struct letter *l, const char *name, const char *path)
{
	struct buf b = buf_new(128);
	struct str zone = at(l, "zone");

	if (!at(l, path).n)
		return;
	buf_add(&b, catalog_time(l->texts, at(l, path), at(l, "time_zone")));
	if (zone.n)
		buf_addf(&b, " %.*s", STR_ARG(zone));
	add_arg(l, name, buf_str(&b));
}

/* The catalogue's word of something. */
static void add_word(struct letter *l, const char *name, const char *kind,
		     const char *path)
{
	struct buf key = buf_new(64);

	if (!at(l, path).n)
		return;
	buf_addf(&key, "%s.%.*s", kind, STR_ARG(at(l, path)));
	add_arg(l, name, text(l, str_z(buf_str(&key))));
}

static void describe(struct letter *l)
{
	add_arg(l, "name", at(l, "recipient.name"));
	if (is_notice(l)) {
		l->kind = str_z(at(l, "notice.kind"));
		json_each(json_path(l->data, S("notice.args")), add_member, l);
		/* Of service status: how it stands, from when to when. */
		add_word(l, "state", "service.state", "notice.state");
		add_moment(l, "starts", "notice.starts_at");
		add_moment(l, "ends", "notice.ends_at");
		return;
	}
	l->kind = kind_of(at(l, "event"));
	add_arg(l, "author", at(l, "comment.author"));
	add_arg(l, "score", at(l, "comment.score"));
	add_arg(l, "other", at(l, "comment.other"));
	/* Which of its clocks, and when its time is over. */
	add_word(l, "clock", "levels.kind", "clock.kind");
	add_moment(l, "due", "clock.due");
	add_arg(l, "number", at(l, "ticket.number"));
	add_arg(l, "title", at(l, "ticket.title"));
	add_arg(l, "account", at(l, "ticket.account"));
	add_arg(l, "portal", at(l, "portal.name"));
	add_arg(l, "helper", at(l, "ticket.helper"));
	add_arg(l, "status", status_word(l));
}

bool letter_write(const struct json *data, struct str *message,
		  const char **why)
{
	struct letter letter = {
		.data = data,
		.texts = texts_for(data),
	};
	const struct letter *l = &letter;

	describe(&letter);
	struct mail m = {
		.from_name = at(l, "portal.look.name").n
				     ? at(l, "portal.look.name")
				     : at(l, "portal.name"),
		.from = str_of(config.mail_from),
		.to_name = at(l, "recipient.name"),
		.to = at(l, "to"),
		.reply_to = str_of(config.reply_to),
		.subject = own_text(l, "subject"),
		.id = at(l, "message_id"),
		.thread = at(l, "thread_id"),
		.unsubscribe = at(l, "mute"),
		.lang = catalog_lang(l->texts),
		.date = (int64_t)time(NULL),
	};

	*why = "not made: there are no words for it";
	if (!has_words(l))
		return false;
	*why = "not made: the text part";
	if (!(is_notice(l) ? notice_text : comment_text)(l, &m.text))
		return false;
	*why = "not made: the template";
	if (!(is_notice(l) ? notice_html : comment_html)(l, &m.html))
		return false;
	return mail_compose(&m, message, why);
}
