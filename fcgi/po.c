/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "po.h"

#include "arena.h"

/* Far more than a text of an interface needs. */
enum { TEXT_MAX = 65536 };

/* What has been read of a message; each comes after those before it. */
enum stage { NOTHING, CONTEXT, ID, PLURAL, FORMS };

struct parser {
	struct po_message m;
	enum stage stage;
	struct buf text;   /* of the field that is being read */
	struct str *field; /* where it belongs */
	unsigned line;
	unsigned first_line; /* of the message */
	bool (*each)(const struct po_message *m, void *ctx, const char **why);
	void *ctx;
	const char *why;
};

static bool fault(struct parser *p, const char *why)
{
	p->why = why;
	return false;
}

static int escaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '"':
	case '\\':
		return c;
	default:
		return -1;
	}
}

/* Adds a "quoted" line to the field. */
static bool read_quoted(struct parser *p, struct str s)
{
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return fault(p, "a text needs quotes around it");
	for (size_t i = 1; i < s.n - 1; i++) {
		int c = (unsigned char)s.p[i];

		if (c == '"')
			return fault(p,
				     "a quote within a text needs \\ before");
		if (c == '\\') {
			c = i + 1 < s.n - 1 ? escaped(s.p[++i]) : -1;
			if (c < 0)
				return fault(p, "only \\n \\t \\\" \\\\ are "
						"known after a \\");
		}
		buf_char(&p->text, (char)c);
	}
	return !p->text.full || fault(p, "a text is longer than 64 KiB");
}

static void end_field(struct parser *p)
{
	if (p->field)
		*p->field = buf_str(&p->text);
	p->field = NULL;
	p->text = buf_new(TEXT_MAX);
}

static bool end_message(struct parser *p)
{
	unsigned line = p->line;

	end_field(p);
	if (p->stage == NOTHING)
		return true;
	p->line = p->first_line;
	if (p->stage != FORMS)
		return fault(p, "the message has no msgstr");
	if (!p->each(&p->m, p->ctx, &p->why))
		return false;
	p->line = line;
	p->m = (struct po_message){ .n = 0 };
	p->stage = NOTHING;
	return true;
}

/* msgstr "…" or msgstr[n] "…": n counts from 0 without gaps. */
static bool start_form(struct parser *p, struct str index)
{
	uint64_t n = 0;

	if (p->stage < ID)
		return fault(p, "a msgstr without its msgid");
	if (p->m.has_plural != (index.n > 0))
		return fault(p, "msgstr[n] goes with msgid_plural, and only "
				"with it");
	if (index.n && (!str_ends(index, S("]")) ||
			!str_u64((struct str){ index.p, index.n - 1 },
				 PLURAL_FORMS_MAX - 1, &n)))
		return fault(p, "msgstr[n] needs a number from 0 to 5");
	if (n != p->m.n)
		return fault(p, "a form of the text is missing or there twice");
	p->field = &p->m.forms[p->m.n++];
	p->stage = FORMS;
	return true;
}

static bool start_context(struct parser *p)
{
	if (p->stage == FORMS && !end_message(p))
		return false;
	if (p->stage != NOTHING)
		return fault(p, "msgctxt begins a message");
	p->first_line = p->line;
	p->m.has_context = true;
	p->field = &p->m.context;
	p->stage = CONTEXT;
	return true;
}

static bool start_id(struct parser *p)
{
	if (p->stage == FORMS && !end_message(p))
		return false;
	if (p->stage >= ID)
		return fault(p, "two msgid in one message");
	if (p->stage == NOTHING)
		p->first_line = p->line;
	p->field = &p->m.id;
	p->stage = ID;
	return true;
}

static bool start_plural(struct parser *p)
{
	if (p->stage != ID)
		return fault(p, "msgid_plural comes right after msgid");
	p->m.has_plural = true;
	p->field = &p->m.plural;
	p->stage = PLURAL;
	return true;
}

static bool start_field(struct parser *p, struct str keyword)
{
	end_field(p);
	if (str_eqz(keyword, "msgctxt"))
		return start_context(p);
	if (str_eqz(keyword, "msgid"))
		return start_id(p);
	if (str_eqz(keyword, "msgid_plural"))
		return start_plural(p);
	if (str_eqz(keyword, "msgstr"))
		return start_form(p, S(""));
	if (str_starts(keyword, S("msgstr[")))
		return start_form(p, str_from(keyword, 7));
	return fault(p, "expected msgctxt, msgid, msgid_plural, msgstr, a text "
			"or a comment");
}

static bool read_comment(struct parser *p, struct str line)
{
	if (p->stage == FORMS && !end_message(p))
		return false;
	if (str_starts(line, S("#,")))
		while (line.n)
			if (str_eqz(str_trim(str_cut(&line, ',')), "fuzzy"))
				p->m.fuzzy = true;
	return true;
}

static bool read_line(struct parser *p, struct str line)
{
	struct str rest = line;

	if (line.n == 0)
		return p->stage != FORMS || end_message(p);
	if (line.p[0] == '#')
		return read_comment(p, line);
	if (line.p[0] == '"')
		return p->field ? read_quoted(p, line)
				: fault(p, "a text that belongs to nothing");
	return start_field(p, str_cut(&rest, ' ')) &&
	       read_quoted(p, str_trim(rest));
}

bool po_parse(struct str text,
	      bool (*each)(const struct po_message *m, void *ctx,
			   const char **why),
	      void *ctx, const char **why)
{
	struct parser p = { .text = buf_new(TEXT_MAX),
			    .each = each,
			    .ctx = ctx };
	struct buf b = buf_new(1024);
	bool ok = true;

	if (!str_is_text(text))
		ok = fault(&p, "the file is not UTF-8 text");
	while (ok && text.n) {
		p.line++;
		ok = read_line(&p, str_trim(str_cut(&text, '\n')));
	}
	ok = ok && end_message(&p);
	if (!ok) {
		buf_addf(&b, "line %u: %s", p.line, p.why);
		*why = str_z(buf_str(&b));
	}
	return ok;
}

struct str po_field(struct str header, const char *name)
{
	while (header.n) {
		struct str value = str_cut(&header, '\n');

		if (str_eqz(str_cut(&value, ':'), name))
			return str_trim(value);
	}
	return S("");
}
