/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "markup_scan.h"

#include "arena.h"

/* More elements than this that want an end are not opened in each other;
 * libxml2 would drop the rest of a document that is 256 deep. */
enum { OPEN_MAX = 48, NAME_MAX_LENGTH = 23 };

enum fate {
	KEEP,	 /* as `becomes`; it may do without an end */
	KEEP_IN, /* as `becomes`; it has an end, or all else is in it */
	VOID,	 /* as `becomes`; it has no end */
	UNWRAP,	 /* its content without it: nothing is lost but looks */
	RAW,	 /* dropped, with all up to its end, which is no markup */
	DROP,	 /* dropped, with the elements in it */
	FRAME,	 /* RAW, but it may be a video */
	REST,	 /* RAW, and nothing ends it */
};

/* Sorted by name; what is not here is unwrapped and reported. */
static const struct element {
	const char *name;
	enum fate fate;
	const char *becomes;
} elements[] = {
	{ "a", KEEP_IN, "a" },
	{ "abbr", UNWRAP, "" },
	{ "acronym", UNWRAP, "" },
	{ "address", KEEP_IN, "div" },
	{ "applet", DROP, "" },
	{ "article", KEEP_IN, "div" },
	{ "aside", KEEP_IN, "aside" },
	{ "audio", DROP, "" },
	{ "b", KEEP_IN, "strong" },
	{ "base", UNWRAP, "" },
	{ "bdi", UNWRAP, "" },
	{ "bdo", UNWRAP, "" },
	{ "big", UNWRAP, "" },
	{ "blockquote", KEEP_IN, "blockquote" },
	{ "body", UNWRAP, "" },
	{ "br", VOID, "br" },
	{ "canvas", DROP, "" },
	{ "caption", KEEP_IN, "caption" },
	{ "center", KEEP_IN, "div" },
	{ "cite", KEEP_IN, "em" },
	{ "code", KEEP_IN, "code" },
	{ "col", UNWRAP, "" },
	{ "colgroup", UNWRAP, "" },
	{ "dd", KEEP, "dd" },
	{ "del", KEEP_IN, "del" },
	{ "details", KEEP_IN, "div" },
	{ "dfn", KEEP_IN, "em" },
	{ "dir", KEEP_IN, "ul" },
	{ "div", KEEP_IN, "div" },
	{ "dl", KEEP_IN, "dl" },
	{ "dt", KEEP, "dt" },
	{ "em", KEEP_IN, "em" },
	{ "fieldset", KEEP_IN, "div" },
	{ "figcaption", KEEP_IN, "figcaption" },
	{ "figure", KEEP_IN, "figure" },
	{ "font", UNWRAP, "" },
	{ "footer", KEEP_IN, "div" },
	{ "form", KEEP_IN, "div" },
	{ "frameset", DROP, "" },
	{ "h1", KEEP_IN, "h1" },
	{ "h2", KEEP_IN, "h2" },
	{ "h3", KEEP_IN, "h3" },
	{ "h4", KEEP_IN, "h4" },
	{ "h5", KEEP_IN, "h5" },
	{ "h6", KEEP_IN, "h6" },
	{ "head", UNWRAP, "" },
	{ "header", KEEP_IN, "div" },
	{ "hgroup", KEEP_IN, "div" },
	{ "hr", VOID, "hr" },
	{ "html", UNWRAP, "" },
	{ "i", KEEP_IN, "em" },
	{ "iframe", FRAME, "" },
	{ "img", VOID, "img" },
	{ "ins", UNWRAP, "" },
	{ "kbd", KEEP_IN, "kbd" },
	{ "legend", KEEP_IN, "div" },
	{ "li", KEEP, "li" },
	{ "link", UNWRAP, "" },
	{ "main", KEEP_IN, "div" },
	{ "mark", UNWRAP, "" },
	{ "math", DROP, "" },
	{ "menu", KEEP_IN, "ul" },
	{ "meta", UNWRAP, "" },
	{ "nav", KEEP_IN, "div" },
	{ "nobr", UNWRAP, "" },
	{ "noembed", RAW, "" },
	{ "noframes", RAW, "" },
	{ "noscript", RAW, "" },
	{ "o:p", UNWRAP, "" },
	{ "object", DROP, "" },
	{ "ol", KEEP_IN, "ol" },
	{ "p", KEEP, "p" },
	{ "picture", UNWRAP, "" },
	{ "plaintext", REST, "" },
	{ "pre", KEEP_IN, "pre" },
	{ "q", UNWRAP, "" },
	{ "s", KEEP_IN, "del" },
	{ "samp", KEEP_IN, "code" },
	{ "script", RAW, "" },
	{ "section", KEEP_IN, "div" },
	{ "select", DROP, "" },
	{ "small", UNWRAP, "" },
	{ "source", UNWRAP, "" },
	{ "span", KEEP_IN, "span" },
	{ "strike", KEEP_IN, "del" },
	{ "strong", KEEP_IN, "strong" },
	{ "style", RAW, "" },
	{ "sub", KEEP_IN, "sub" },
	{ "summary", KEEP_IN, "div" },
	{ "sup", KEEP_IN, "sup" },
	{ "svg", DROP, "" },
	{ "table", KEEP_IN, "table" },
	{ "tbody", KEEP, "tbody" },
	{ "td", KEEP, "td" },
	{ "template", DROP, "" },
	{ "textarea", RAW, "" },
	{ "tfoot", KEEP, "tbody" },
	{ "th", KEEP, "th" },
	{ "thead", KEEP, "thead" },
	{ "time", UNWRAP, "" },
	{ "title", RAW, "" },
	{ "tr", KEEP, "tr" },
	{ "tt", KEEP_IN, "code" },
	{ "u", UNWRAP, "" },
	{ "ul", KEEP_IN, "ul" },
	{ "var", KEEP_IN, "em" },
	{ "video", DROP, "" },
	{ "wbr", UNWRAP, "" },
	{ "xmp", RAW, "" },
};

static const char *const wanted[] = {
	"align", "alt",	    "class", "colspan", "height", "href",  "id",
	"lang",	 "rowspan", "src",   "start",	"style",  "title", "width",
};

struct attribute {
	struct str name, value;
};

struct tag {
	char name[NAME_MAX_LENGTH + 1];
	struct str as_written;
	bool closing, self_closing;
	struct str values[ARRAY_LEN(wanted)]; /* p NULL: not there */
};

struct scan {
	struct str rest;
	const struct markup_in *in;
	struct buf *out;
	struct markup_report *report;
	unsigned open;	  /* KEEP_IN elements that were opened */
	unsigned skipped; /* and those that were not, for being too deep */
	const struct element *drop; /* we are in such a one */
	unsigned drops;		    /* so deep */
};

void markup_dropped(struct markup_report *report, struct str name)
{
	size_t i = 0;

	if (!report)
		return;
	name.n = name.n > NAME_MAX_LENGTH ? NAME_MAX_LENGTH : name.n;
	while (i < report->n && !str_eqz(name, report->dropped[i].name))
		i++;
	if (i == MARKUP_DROPPED_MAX) {
		report->others++;
		return;
	}
	if (i == report->n) {
		memcpy(report->dropped[i].name, name.p, name.n);
		report->dropped[i].name[name.n] = 0;
		report->n++;
	}
	report->dropped[i].times++;
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int by_name(const void *key, const void *element)
{
	return strcmp(key, ((const struct element *)element)->name);
}

static const struct element *find(const char *name)
{
	return bsearch(name, elements, ARRAY_LEN(elements), sizeof(*elements),
		       by_name);
}

/* Everything up to one of the characters, which stays in *s. */
static struct str until(struct str *s, const char *ends)
{
	struct str before = { s->p, 0 };

	while (before.n < s->n &&
	       !(s->p[before.n] && strchr(ends, s->p[before.n])))
		before.n++;
	*s = str_from(*s, before.n);
	return before;
}

static void skip_blanks(struct str *s)
{
	while (s->n && is_blank(s->p[0]))
		*s = str_from(*s, 1);
}

/* Lower case, cut where no name of ours goes on. */
static void read_name(struct tag *tag, struct str name)
{
	size_t n = name.n < NAME_MAX_LENGTH ? name.n : NAME_MAX_LENGTH;

	for (size_t i = 0; i < n; i++)
		tag->name[i] = name.p[i] >= 'A' && name.p[i] <= 'Z'
				       ? (char)(name.p[i] | 0x20)
				       : name.p[i];
	tag->name[n] = 0;
}

static struct str attribute_value(struct str *s)
{
	char quote;
	struct str value;

	skip_blanks(s);
	if (!s->n || (s->p[0] != '"' && s->p[0] != '\''))
		return until(s, " \t\n\r>");
	quote = s->p[0];
	*s = str_from(*s, 1);
	value = until(s, quote == '"' ? "\"" : "'");
	*s = str_from(*s, 1);
	return value;
}

static void keep_attribute(struct tag *tag, struct str name, struct str value)
{
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (name.n == strlen(wanted[i]) && !tag->values[i].p &&
		    strncasecmp(name.p, wanted[i], name.n) == 0)
			tag->values[i] = value.n ? value : S("");
}

/* One attribute; a '=' where a name should begin is a part of it. */
static void read_attribute(struct tag *tag, struct str *s)
{
	struct str name = { s->p, 0 }, value = S("");

	*s = str_from(*s, 1);
	name.n = 1 + until(s, " \t\n\r/>=").n;
	skip_blanks(s);
	if (s->n && s->p[0] == '=') {
		*s = str_from(*s, 1);
		value = attribute_value(s);
	}
	keep_attribute(tag, name, value);
}

/* Behind the '<': a tag up to its '>'. False when the text ends in it, which
 * is the end of all. */
static bool read_tag(struct str *s, struct tag *tag)
{
	*tag = (struct tag){ .closing = s->p[0] == '/' };
	if (tag->closing)
		*s = str_from(*s, 1);
	tag->as_written = until(s, " \t\n\r/>");
	read_name(tag, tag->as_written);
	while (s->n) {
		char c = s->p[0];

		if (c == '>') {
			*s = str_from(*s, 1);
			return true;
		}
		tag->self_closing = c == '/' && s->n > 1 && s->p[1] == '>';
		if (c == '/' || is_blank(c))
			*s = str_from(*s, 1);
		else
			read_attribute(tag, s);
	}
	return false;
}

/* Up to and with the end. */
static void skip_past(struct str *s, struct str end)
{
	const char *at = s->n ? memmem(s->p, s->n, end.p, end.n) : NULL;

	*s = at ? str_from(*s, (size_t)(at - s->p) + end.n) : S("");
}

/* Behind "<!--": it ends at "-->" or "--!>", and "<!-->" is one, too. */
static void skip_comment(struct str *s)
{
	if (str_starts(*s, S(">")) || str_starts(*s, S("->"))) {
		skip_past(s, S(">"));
		return;
	}
	for (;;) {
		skip_past(s, S("--"));
		while (str_starts(*s, S("-")))
			*s = str_from(*s, 1);
		if (!s->n || s->p[0] == '>' || str_starts(*s, S("!>")))
			break;
	}
	skip_past(s, S(">"));
}

/* Raw text goes on to the end tag of its name. */
static void skip_raw(struct str *s, const char *name)
{
	size_t n = strlen(name);

	while (s->n) {
		struct tag end;

		skip_past(s, S("</"));
		if (s->n < n || strncasecmp(s->p, name, n) != 0)
			continue;
		if (s->n > n && !is_blank(s->p[n]) && s->p[n] != '/' &&
		    s->p[n] != '>')
			continue;
		if (!read_tag(s, &end))
			*s = S("");
		return;
	}
}

/* p NULL: it has none. */
static struct str value_of(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (strcmp(wanted[i], name) == 0)
			return tag->values[i];
	return (struct str){ NULL, 0 };
}

/* A value may hold entities, so its '&' stays. */
static void write_value(struct buf *b, struct str value)
{
	while (value.n) {
		buf_add(b, until(&value, "<>\""));
		if (value.n)
			buf_add(b, value.p[0] == '<'   ? S("&lt;")
				   : value.p[0] == '>' ? S("&gt;")
						       : S("&quot;"));
		value = str_from(value, 1);
	}
}

static void write_tag(struct buf *b, const struct tag *tag, const char *name)
{
	buf_addf(b, "<%s", name);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		if (!tag->values[i].p)
			continue;
		buf_addf(b, " %s=\"", wanted[i]);
		write_value(b, tag->values[i]);
		buf_char(b, '"');
	}
	buf_char(b, '>');
}

static bool is_host(struct str host, const char *const *hosts)
{
	for (; hosts && *hosts; hosts++)
		if (str_eqz(host, *hosts))
			return true;
	return false;
}

bool markup_is_video(const struct markup_in *in, struct str address)
{
	static const char *const known[] = {
		"www.youtube.com",  "youtube.com",
		"youtu.be",	    "www.youtube-nocookie.com",
		"www.vimeo.com",    "vimeo.com",
		"player.vimeo.com", NULL,
	};
	struct str host;

	if (!str_starts(address, S("https://")))
		return false;
	address = str_from(address, 8);
	host = until(&address, "/?#");
	return address.n > 1 &&
	       (is_host(host, known) || (in && is_host(host, in->video_hosts)));
}

/* A frame that shows a video of an allowed host becomes a link to it. */
static void write_frame(struct scan *s, const struct tag *tag)
{
	struct str src = str_trim(value_of(tag, "src"));
	struct str title = str_trim(value_of(tag, "title"));
	struct buf address = buf_new(4096);

	if (str_starts(src, S("//")))
		buf_add(&address, S("https:"));
	buf_add(&address, src);
	src = buf_str(&address);
	if (address.full || !markup_is_video(s->in, src)) {
		markup_dropped(s->report, S("iframe"));
		return;
	}
	buf_add(s->out, S("<figure class=\"video\"><a href=\""));
	write_value(s->out, src);
	buf_add(s->out, S("\">"));
	write_value(s->out, title.n ? title : src);
	buf_add(s->out, S("</a></figure>"));
}

/* Elements that want an end, and are in too many already, are left out
 * together with as many ends. */
static bool is_too_deep(struct scan *s, const struct tag *tag)
{
	if (!tag->closing && s->open < OPEN_MAX && !s->skipped) {
		s->open++;
		return false;
	}
	if (!tag->closing) {
		s->skipped++;
		if (s->report)
			s->report->deep = true;
		return true;
	}
	if (s->skipped) {
		s->skipped--;
		return true;
	}
	s->open -= s->open > 0;
	return false;
}

static void keep(struct scan *s, const struct tag *tag,
		 const struct element *element)
{
	if (element->fate == KEEP_IN && is_too_deep(s, tag))
		return;
	if (!tag->closing)
		write_tag(s->out, tag, element->becomes);
	else if (element->fate != VOID)
		buf_addf(s->out, "</%s>", element->becomes);
	else if (strcmp(element->name, "br") == 0)
		buf_add(s->out, S("<br>")); /* as browsers read </br> */
}

static void leave_out(struct scan *s, const struct tag *tag,
		      const struct element *element)
{
	if (tag->closing)
		return;
	if (element->fate == FRAME)
		write_frame(s, tag);
	else
		markup_dropped(s->report, str_of(element->name));
	if (element->fate == REST)
		s->rest = S("");
	else if (element->fate != DROP)
		skip_raw(&s->rest, element->name);
	else if (!tag->self_closing) {
		s->drop = element;
		s->drops = 1;
	}
}

static void take_tag(struct scan *s, const struct tag *tag)
{
	const struct element *element = find(tag->name);

	if (s->drop) {
		if (element == s->drop && tag->closing)
			s->drops--;
		else if (element == s->drop && !tag->self_closing)
			s->drops++;
		if (!s->drops)
			s->drop = NULL;
		return;
	}
	if (!element) {
		if (!tag->closing)
			markup_dropped(s->report, str_of(tag->name));
		return;
	}
	switch (element->fate) {
	case KEEP:
	case KEEP_IN:
	case VOID:
		keep(s, tag, element);
		return;
	case UNWRAP:
		return;
	default:
		leave_out(s, tag, element);
	}
}

/* At a '<'. */
static void take_markup(struct scan *s)
{
	struct str at = str_from(s->rest, 1);
	struct tag tag;

	if (at.n && (is_letter(at.p[0]) ||
		     (at.p[0] == '/' && at.n > 1 && is_letter(at.p[1])))) {
		s->rest = at;
		if (read_tag(&s->rest, &tag))
			take_tag(s, &tag);
	} else if (str_starts(at, S("!--"))) {
		s->rest = str_from(at, 3);
		skip_comment(&s->rest);
	} else if (at.n && strchr("!?/", at.p[0]) && at.p[0]) {
		skip_past(&at, S(">"));
		s->rest = at;
	} else {
		if (!s->drop)
			buf_add(s->out, S("&lt;"));
		s->rest = at;
	}
}

void markup_scan(struct str html, const struct markup_in *in, struct buf *out,
		 struct markup_report *report)
{
	struct scan s = {
		.rest = html, .in = in, .out = out, .report = report
	};

	while (s.rest.n && !out->full) {
		const char *at = memchr(s.rest.p, '<', s.rest.n);
		struct str text = s.rest;

		if (at)
			text.n = (size_t)(at - s.rest.p);
		if (!s.drop)
			buf_add(out, text);
		s.rest = str_from(s.rest, text.n);
		if (s.rest.n)
			take_markup(&s);
	}
}
