/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "import_make.h"

#include "arena.h"
#include "digest.h"

enum { KEY_LENGTH = 20, NAME_MAX_CHARS = 200 };

static const struct unzip_limits limits = {
	.file = IMPORT_MAX,
	.entries = IMPORT_NAMES_MAX,
	.entry = IMPORT_FILE_MAX,
	.whole = IMPORT_WHOLE_MAX,
	.ratio = 200,
};

bool import_open(struct import_make *m, int file,
		 const struct import_about *about,
		 const struct import_sink *sink)
{
	*m = (struct import_make){ .sink = sink, .about = about };
	m->zip = unzip_open(file, &limits, &m->fault);
	if (!m->zip) {
		sink->refuse(sink->to, m->fault.entry, m->fault.code);
		return false;
	}
	m->used = alloc(unzip_count(m->zip) + 1);
	m->room = 2 * unzip_count(m->zip);
	m->shown = alloc((m->room + 1) * sizeof(*m->shown));
	return true;
}

bool import_refuse(struct import_make *m, const char *code)
{
	m->sink->refuse(m->sink->to, m->entry, code);
	return false;
}

void import_tell(struct import_make *m, const char *code)
{
	m->sink->tell(m->sink->to, m->entry, code);
}

bool import_read_text(struct import_make *m, size_t i, uint64_t most,
		      struct str *text)
{
	m->used[i] = 1;
	if (!unzip_read(m->zip, i, most, text))
		return import_refuse(m, m->fault.code);
	if (str_starts(*text, S("\xef\xbb\xbf")))
		*text = str_from(*text, 3);
	if (str_is_text(*text))
		return true;
	for (size_t n = 0; n < text->n; n++)
		if ((unsigned char)text->p[n] >= 0x80)
			return import_refuse(m, "encoding");
	return import_refuse(m, "controls");
}

struct str import_key(const char *kind, struct str a, struct str b)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	char *key = alloc(KEY_LENGTH + 1);
	struct digest d;
	struct str sum;

	digest_begin(&d, DIGEST_OF_SHA256);
	digest_add(&d, (struct str){ kind, strlen(kind) + 1 });
	digest_add(&d, a);
	digest_add(&d, (struct str){ "", 1 });
	digest_add(&d, b);
	sum = digest_sum(&d);
	for (size_t i = 0; i < KEY_LENGTH; i++)
		key[i] = letters[(unsigned char)sum.p[i] & 31];
	return (struct str){ key, KEY_LENGTH };
}

/* ---- words --------------------------------------------------------------- */

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool import_language(struct str said, struct str *tag)
{
	char *p = alloc_copy(said.p, said.n);
	size_t first = 0, run = 0;

	*tag = (struct str){ p, said.n };
	while (first < said.n && is_letter(p[first])) {
		p[first] = (char)(p[first] | 0x20);
		first++;
	}
	if (first < 2 || first > 3 || said.n > 35)
		return false;
	for (size_t i = first; i < said.n; i++) {
		if (p[i] == '_')
			p[i] = '-';
		if (p[i] == '-' && (i == first || run >= 2))
			run = 0;
		else if ((is_letter(p[i]) || is_digit(p[i])) && run < 8)
			run++;
		else
			return false;
	}
	return first == said.n || (p[first] == '-' && run >= 2);
}

bool import_is_language_folder(struct str name)
{
	/* ISO 639-1 */
	static const char codes[] =
		"aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcy"
		"dadedvdzeeeleneoeseteufafffifjfofrfygagdglgngugvhahehihohrhthu"
		"hyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalb"
		"lglilnloltlulvmgmhmimkmlmnmrmsmtmynanbndnengnlnnnonrnvnyocojom"
		"orospapiplpsptqurmrnrorurwsascsdsesgsiskslsmsnsosqsrssstsusvsw"
		"tatetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyozazhzu";
	struct str tag;

	if (!import_language(name, &tag) ||
	    (tag.n != 2 && (tag.n < 5 || tag.n > 7 || tag.p[2] != '-')))
		return false;
	for (size_t i = 0; codes[i]; i += 2)
		if (tag.p[0] == codes[i] && tag.p[1] == codes[i + 1])
			return true;
	return false;
}

/* How long a character is, and whether it can't stand in a line. */
static size_t step(struct str s, bool *blank)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = 1;

	while (n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n++;
	*blank = c <= ' ' || c == 0x7f ||
		 (n == 2 && c == 0xc2 && (unsigned char)s.p[1] < 0xa0) ||
		 (n == 3 && memcmp(s.p, "\xe2\x80", 2) == 0 &&
		  ((unsigned char)s.p[2] | 1) == 0xa9);
	return n;
}

struct str import_line(struct str said, size_t most)
{
	struct buf b = buf_new(4 * most + 8);
	size_t chars = 0;
	bool gap = false;

	while (said.n) {
		bool blank;
		size_t n = step(said, &blank);

		if (!blank) {
			size_t more = gap && b.n ? 2 : 1;

			if (chars + more > most)
				break;
			if (more == 2)
				buf_char(&b, ' ');
			buf_add(&b, (struct str){ said.p, n });
			chars += more;
		}
		gap = blank;
		said = str_from(said, n);
	}
	return buf_str(&b);
}

struct str import_plain(struct str html, size_t most)
{
	struct str xhtml, words;

	if (html.n > 65536 ||
	    !markup_article_from_html(html, NULL, &xhtml, NULL) ||
	    !markup_article_words(xhtml, &words))
		return S("");
	return import_line(words, most);
}

static bool digits(struct str *s, size_t n, unsigned from, unsigned to,
		   unsigned *value)
{
	uint64_t number;

	if (s->n < n || !str_u64((struct str){ s->p, n }, 9999, &number) ||
	    number < from || number > to)
		return false;
	*s = str_from(*s, n);
	*value = (unsigned)number;
	return true;
}

static bool take(struct str *s, char c)
{
	bool is = s->n && s->p[0] == c;

	*s = str_from(*s, is);
	return is;
}

/* What zone it says is not looked at: of articles days are shown. */
struct str import_time(struct str said)
{
	static const unsigned char days[] = { 31, 29, 31, 30, 31, 30,
					      31, 31, 30, 31, 30, 31 };
	unsigned year, month, day, hour = 0, minute = 0, second = 0;
	struct buf b = buf_new(32);

	said = str_trim(said);
	if (!digits(&said, 4, 1970, 2999, &year) || !take(&said, '-') ||
	    !digits(&said, 2, 1, 12, &month) || !take(&said, '-') ||
	    !digits(&said, 2, 1, days[month - 1], &day))
		return S("");
	if (month == 2 && day == 29 &&
	    (year % 4 || (year % 100 == 0 && year % 400)))
		return S("");
	if ((take(&said, 'T') || take(&said, ' ')) &&
	    (!digits(&said, 2, 0, 23, &hour) || !take(&said, ':') ||
	     !digits(&said, 2, 0, 59, &minute)))
		return S("");
	if (take(&said, ':') && !digits(&said, 2, 0, 59, &second))
		return S("");
	buf_addf(&b, "%04u-%02u-%02uT%02u:%02u:%02uZ", year, month, day, hour,
		 minute, second);
	return buf_str(&b);
}

/* ---- texts --------------------------------------------------------------- */

/* Not links and pictures, of which readers tell themselves, nor what is not
 * seen on a page. */
static bool is_told(const struct markup_report *r)
{
	static const char *const others[] = { "a", "img", "title", "style" };

	for (size_t i = 0; i < r->n; i++) {
		bool told = true;

		for (size_t j = 0; j < ARRAY_LEN(others); j++)
			told &= strcmp(r->dropped[i].name, others[j]) != 0;
		if (told)
			return true;
	}
	return r->others > 0;
}

bool import_markup(struct import_make *m, struct str source, bool is_markdown,
		   const struct markup_links *links, struct str *xhtml)
{
	struct markup_in in = { .links = *links };
	struct markup_report report = { .n = 0 };

	if (!str_is_text(source))
		return import_refuse(m, "controls");
	if (source.n > (is_markdown ? MARKUP_ARTICLE_MARKDOWN_MAX
				    : MARKUP_ARTICLE_HTML_MAX))
		return import_refuse(m, "too_large");
	if (!(is_markdown
		      ? markup_article_from_markdown
		      : markup_article_from_html)(source, &in, xhtml, &report))
		return import_refuse(m, "too_large");
	if (is_told(&report))
		import_tell(m, "dropped");
	if (report.deep)
		import_tell(m, "flat");
	return true;
}

/* What a badge or a logo shows is not what a text is called. */
static void add_without_pictures(struct buf *b, struct str xhtml)
{
	const char *at;

	while ((at = memmem(xhtml.p, xhtml.n, "<img ", 5))) {
		buf_add(b, (struct str){ xhtml.p, (size_t)(at - xhtml.p) });
		xhtml = str_from(xhtml, (size_t)(at - xhtml.p));
		str_cut(&xhtml, '>');
	}
	buf_add(b, xhtml);
}

bool import_cut_heading(struct str xhtml, struct str *heading, struct str *rest)
{
	const char *at = memmem(xhtml.p, xhtml.n, "<h1", 3);
	const char *end = memmem(xhtml.p, xhtml.n, "</h1>", 5);
	struct buf b = buf_new(xhtml.n), h = buf_new(xhtml.n + 8);
	struct str inner, words;

	*heading = S("");
	*rest = xhtml;
	if (!at || !end || at > end)
		return false;
	inner = (struct str){ at, (size_t)(end - at) };
	str_cut(&inner, '>');
	buf_add(&h, S("<p>"));
	add_without_pictures(&h, inner);
	buf_add(&h, S("</p>"));
	buf_add(&b, (struct str){ xhtml.p, (size_t)(at - xhtml.p) });
	buf_add(&b, str_from(xhtml, (size_t)(end + 5 - xhtml.p)));
	if (!markup_article_words(buf_str(&h), &words))
		return false;
	*heading = import_line(words, NAME_MAX_CHARS);
	return heading->n && markup_article(buf_str(&b), rest);
}

/* ---- files --------------------------------------------------------------- */

static struct str file_key(struct import_make *m, struct str article,
			   size_t entry)
{
	struct unzip_entry e;

	if (!unzip_entry(m->zip, entry, &e))
		return S("");
	return import_key("file", article, e.name);
}

/* Of texts of one article, which mostly follow each other. */
static bool is_shown(const struct import_make *m, struct str article,
		     size_t entry, size_t *n)
{
	*n = 0;
	for (size_t i = m->n_shown;
	     i-- > 0 && str_eqz(article, m->shown[i].article); ++*n)
		if (m->shown[i].entry == entry)
			return true;
	return false;
}

bool import_show(struct import_make *m, struct str article, size_t entry,
		 struct str *address)
{
	struct buf b = buf_new(64);
	size_t n;

	if (!is_shown(m, article, entry, &n)) {
		struct import_shown *s = &m->shown[m->n_shown];

		if (n == IMPORT_FILES_MAX || m->n_shown == m->room) {
			import_tell(m, "files");
			return false;
		}
		snprintf(s->article, sizeof(s->article), "%.*s",
			 STR_ARG(article));
		s->entry = (uint32_t)entry;
		m->n_shown++;
	}
	m->used[entry] = 1;
	buf_add(&b, S("/kb/f/"));
	buf_add(&b, file_key(m, article, entry));
	*address = buf_str(&b);
	return true;
}

static int by_article(const void *a, const void *b)
{
	const struct import_shown *x = a, *y = b;
	int order = strcmp(x->article, y->article);

	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

static bool give_file(struct import_make *m, const struct import_shown *s)
{
	const struct import_sink *to = m->sink;
	struct buf b = buf_new(4096);
	struct unzip_entry e;
	struct str name;

	if (!unzip_entry(m->zip, s->entry, &e))
		return import_refuse(m, m->fault.code);
	m->entry = name = e.name;
	for (const char *slash; (slash = memchr(name.p, '/', name.n));)
		name = str_from(name, (size_t)(slash - name.p) + 1);
	name = import_line(name, NAME_MAX_CHARS);
	import_add(&b, "article", str_of(s->article));
	import_add(&b, "name", name.n ? name : S("file"));
	buf_char(&b, '}');
	if (!to->file(to->to, m->entry,
		      import_key("file", str_of(s->article), e.name),
		      buf_str(&b)))
		return false;
	if (!unzip_each(m->zip, s->entry, to->bytes, to->to))
		return m->fault.code ? import_refuse(m, m->fault.code) : false;
	return to->file_end(to->to);
}

bool import_give_files(struct import_make *m)
{
	qsort(m->shown, m->n_shown, sizeof(*m->shown), by_article);
	for (size_t i = 0; i < m->n_shown; i++) {
		struct arena_mark mark = arena_mark();

		if (i && !by_article(&m->shown[i - 1], &m->shown[i]))
			continue;
		if (!give_file(m, &m->shown[i]))
			return false;
		arena_rewind(mark);
	}
	m->entry = S("");
	return true;
}

void import_tell_unused(struct import_make *m)
{
	for (size_t i = 0; i < unzip_count(m->zip); i++) {
		struct arena_mark mark = arena_mark();
		struct unzip_entry e;

		if (!m->used[i] && unzip_entry(m->zip, i, &e)) {
			m->entry = e.name;
			import_tell(m, "left_out");
		}
		arena_rewind(mark);
	}
	m->entry = S("");
}

/* ---- JSON ---------------------------------------------------------------- */

static void add_name(struct buf *b, const char *name)
{
	buf_add(b, b->n ? S(", ") : S("{"));
	buf_json(b, str_of(name));
	buf_add(b, S(": "));
}

void import_add(struct buf *b, const char *name, struct str value)
{
	if (!value.n)
		return;
	add_name(b, name);
	buf_json(b, value);
}

void import_add_number(struct buf *b, const char *name, uint64_t value)
{
	add_name(b, name);
	buf_addf(b, "%llu", (unsigned long long)value);
}
