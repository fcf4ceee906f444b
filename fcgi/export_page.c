/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages: one file with all of it, a folder of them with a list, a book. */
#include "arena.h"
#include "export.h"
#include "markup_article.h"
#include "zip.h"

enum { TEXT_MAX = 2 * MARKUP_ARTICLE_MAX + 65536 };

static const char style[] =
	"body{font-family:sans-serif;line-height:1.6;max-width:44rem;margin:2rem auto;"
	"padding:0 1rem;overflow-wrap:break-word}\n"
	"nav ol{list-style:none;padding-inline-start:1.2rem}\n"
	"img{max-width:100%;height:auto}\n"
	"table{border-collapse:collapse}\n"
	"th,td{border:1px solid #888;padding:.3rem .6rem;text-align:start}\n"
	"pre{overflow-x:auto;background:#f2f2f2;padding:.6rem}\n"
	"aside{border-inline-start:.25rem solid #888;padding:0 1rem}\n"
	"@media(prefers-color-scheme:dark){body{background:#181818;"
	"color:#e8e8e8}a{color:#9cf}pre{background:#282828}}\n";

enum kind { ONE_FILE, FOLDER, BOOK };

struct pages {
	struct export *e;
	enum kind kind;
	struct zip *zip; /* NULL: one file */
	const struct export_text *text;
	const struct export_section *section;
	bool begun, grouped;
	/* Of a book: what its lists say of the chapters that went by. */
	struct zip_spool *titles, *items, *spine;
};

/* To the zip's open entry, or straight out. */
static bool put(struct pages *p, const struct buf *b)
{
	return !b->full && (p->zip ? zip_add(p->zip, buf_str(b))
				   : export_put(p->e, buf_str(b)));
}

static bool put_file(struct pages *p, const char *name, struct str content)
{
	return zip_begin(p->zip, str_of(name), TEXT_MAX) &&
	       zip_add(p->zip, content) && zip_end(p->zip);
}

/* ---- what every page says ------------------------------------------------ */

static bool is_rtl(struct str lang)
{
	static const char *const tags[] = { "ar", "dv", "fa", "he", "ps",
					    "sd", "ug", "ur", "yi" };
	struct str first = str_cut(&lang, '-');

	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (str_eqz(first, tags[i]))
			return true;
	return false;
}

static void add_lang(struct buf *b, const struct pages *p, struct str lang)
{
	if (p->kind == BOOK)
		buf_addf(b, " xml:lang=\"%.*s\"", STR_ARG(lang));
	buf_addf(b, " lang=\"%.*s\" dir=\"%s\"", STR_ARG(lang),
		 is_rtl(lang) ? "rtl" : "ltr");
}

static void add_meta(struct buf *b, const char *name, struct str content)
{
	if (!content.n)
		return;
	buf_addf(b, "<meta name=\"sportello:%s\" content=\"", name);
	buf_html(b, content);
	buf_add(b, S("\">\n"));
}

/* What a page that is taken in again says of itself (import_pages.h). */
static void add_about(struct buf *b, const struct export_text *text)
{
	const struct json *words = json_get(text->about, "keywords");
	const struct json *audience = json_get(text->about, "audience");
	struct buf json = buf_new(65536);

	if (json_kind(audience) == JSON_OBJECT)
		json_write(&json, audience);
	add_meta(b, "key", text->key);
	add_meta(b, "first_language",
		 json_str(json_get(text->about, "first_language")));
	add_meta(b, "section", text->section);
	add_meta(b, "position", json_scalar(json_get(text->about, "position")));
	add_meta(b, "audience", buf_str(&json));
	add_meta(b, "created", json_str(json_get(text->about, "created_at")));
	add_meta(b, "updated", json_str(json_get(text->about, "updated_at")));
	for (size_t i = 0; i < json_len(words); i++)
		add_meta(b, "keywords", json_str(json_at(words, i)));
}

static void begin_page(struct buf *b, const struct pages *p, struct str lang,
		       struct str title, const char *up)
{
	if (p->kind == BOOK)
		buf_add(b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
	buf_add(b, S("<!DOCTYPE html>\n<html"));
	if (p->kind == BOOK)
		buf_add(b, S(" xmlns=\"http://www.w3.org/1999/xhtml\" "
			     "xmlns:epub=\"http://www.idpf.org/2007/ops\""));
	add_lang(b, p, lang);
	buf_add(b, S(">\n<head>\n"));
	if (p->kind != BOOK)
		buf_add(b, S("<meta charset=\"utf-8\">\n<meta name=\"viewport\""
			     " content=\"width=device-width, "
			     "initial-scale=1\">\n"));
	buf_add(b, S("<title>"));
	buf_text(b, title);
	buf_add(b, S("</title>\n"));
	if (p->kind == FOLDER && p->text)
		add_about(b, p->text);
	if (p->kind == ONE_FILE)
		buf_addf(b, "<style>\n%s</style>\n", style);
	else
		buf_addf(b, "<link rel=\"stylesheet\" href=\"%sstyle.css\"%s\n",
			 up, p->kind == BOOK ? " type=\"text/css\"/>" : ">");
	buf_add(b, S("</head>\n<body>\n"));
}

/* Where a text is; as an id, with another sign between. */
static void add_name(struct buf *b, const struct pages *p, struct str key,
		     struct str language)
{
	switch (p->kind) {
	case ONE_FILE:
		buf_addf(b, "#a-%.*s-%.*s", STR_ARG(key), STR_ARG(language));
		break;
	case FOLDER:
		buf_addf(b, "%.*s/%.*s.html", STR_ARG(language), STR_ARG(key));
		break;
	case BOOK:
		buf_addf(b, "a-%.*s-%.*s.xhtml", STR_ARG(key),
			 STR_ARG(language));
		break;
	}
}

static bool change(void *ctx, enum markup_address what, struct str address,
		   struct str *changed)
{
	const struct pages *p = ctx;
	struct export_link to = export_where(p->e, p->text, address);
	struct buf b = buf_new(1024);

	*changed = to.address;
	/* A book has its pictures with it, or none. */
	if (what == MARKUP_PICTURE && p->kind == BOOK)
		return false;
	if (!to.key.n)
		return true;
	if (p->kind == FOLDER)
		buf_add(&b, S("../"));
	add_name(&b, p, to.key, to.language);
	/* Nobody has looked whether the other text has such a part. */
	if (to.part.n && p->kind == FOLDER)
		buf_addf(&b, "#%.*s", STR_ARG(to.part));
	*changed = buf_str(&b);
	return true;
}

/* ---- lists ---------------------------------------------------------------- */

static void add_path(struct buf *b, const struct export_section *s)
{
	if (!s)
		return;
	add_path(b, s->parent);
	if (s->parent)
		buf_add(b, S(" / "));
	buf_text(b, str_of(s->name));
}

static void end_group(struct pages *p, struct buf *b)
{
	if (p->grouped)
		buf_add(b, S("</ol></li>\n"));
	p->grouped = false;
}

static void add_title(struct buf *b, struct pages *p,
		      const struct export_text *text)
{
	const struct export_section *s = export_find(p->e, text->section);

	if (s != p->section || !p->begun) {
		end_group(p, b);
		if (s) {
			buf_add(b, S("<li><span>"));
			add_path(b, s);
			buf_add(b, S("</span>\n<ol>\n"));
			p->grouped = true;
		}
	}
	p->section = s;
	p->begun = true;
	buf_add(b, S("<li><a href=\""));
	add_name(b, p, text->key, text->language);
	buf_char(b, '"');
	if (!str_eq(text->language, export_lang(p->e)))
		add_lang(b, p, text->language);
	buf_char(b, '>');
	buf_text(b, text->title);
	buf_add(b, S("</a></li>\n"));
}

static bool put_title(void *ctx, const struct export_text *text)
{
	struct buf b = buf_new(65536);

	add_title(&b, ctx, text);
	return put(ctx, &b);
}

static bool put_piece(void *ctx, struct str bytes)
{
	return zip_add(((struct pages *)ctx)->zip, bytes);
}

/* Of a book behind all chapters, and first the page that is always there. */
static bool put_list(struct pages *p)
{
	struct buf begin = buf_new(8192), end = buf_new(1024);

	buf_add(&begin, S("<h1>"));
	buf_text(&begin, p->e->name);
	buf_add(&begin, p->kind == BOOK
				? S("</h1>\n<nav epub:type=\"toc\">\n<ol>\n<li>"
				    "<a href=\"title.xhtml\">")
				: S("</h1>\n<nav>\n<ol>\n"));
	if (p->kind == BOOK) {
		buf_text(&begin, p->e->name);
		buf_add(&begin, S("</a></li>\n"));
	}
	if (!put(p, &begin) ||
	    !(p->kind == BOOK
		      ? zip_spool_read(p->titles, put_piece, p)
		      : export_each_text(p->e, EXPORT_TITLES, put_title, p)))
		return false;
	end_group(p, &end);
	buf_add(&end, S("</ol>\n</nav>\n"));
	return put(p, &end);
}

/* ---- texts ----------------------------------------------------------------- */

static bool add_text(struct buf *b, struct pages *p, unsigned level)
{
	const struct export_text *t = p->text;
	struct buf prefix = buf_new(256);
	struct markup_out out = { .links = { change, p },
				  .heading = level + 1 };

	if (p->kind == ONE_FILE) {
		buf_addf(&prefix, "a-%.*s-%.*s-", STR_ARG(t->key),
			 STR_ARG(t->language));
		out.id_prefix = str_z(buf_str(&prefix));
	}
	buf_addf(b, "<h%u>", level);
	buf_text(b, t->title);
	buf_addf(b, "</h%u>\n", level);
	return markup_article_page(t->html, &out, b);
}

static bool put_article(void *ctx, const struct export_text *text)
{
	struct pages *p = ctx;
	struct buf b = buf_new(TEXT_MAX);

	p->text = text;
	buf_addf(&b, "<article id=\"a-%.*s-%.*s\"", STR_ARG(text->key),
		 STR_ARG(text->language));
	add_lang(&b, p, text->language);
	buf_add(&b, S(">\n"));
	if (!add_text(&b, p, 2))
		return false;
	buf_add(&b, S("\n</article>\n"));
	return put(p, &b);
}

static bool put_page(void *ctx, const struct export_text *text)
{
	struct pages *p = ctx;
	struct buf b = buf_new(TEXT_MAX), name = buf_new(256);

	p->text = text;
	begin_page(&b, p, text->language, text->title,
		   p->kind == FOLDER ? "../" : "");
	if (p->kind == FOLDER) {
		buf_add(&b, S("<p><a href=\"../index.html\">"));
		buf_text(&b, p->e->name);
		buf_add(&b, S("</a></p>\n<article>\n"));
	}
	if (!add_text(&b, p, 1))
		return false;
	buf_add(&b, p->kind == FOLDER ? S("\n</article>\n</body>\n</html>\n")
				      : S("\n</body>\n</html>\n"));
	add_name(&name, p, text->key, text->language);
	return !b.full && put_file(p, str_z(buf_str(&name)), buf_str(&b));
}

/* ---- one file, and a folder ------------------------------------------------ */

static bool put_index(struct pages *p, export_take *take)
{
	struct buf begin = buf_new(16384), end = buf_new(64);

	begin_page(&begin, p, export_lang(p->e), p->e->name, "");
	buf_add(&end, S("</body>\n</html>\n"));
	return put(p, &begin) && put_list(p) &&
	       (!take || export_each_text(p->e, EXPORT_TEXTS, take, p)) &&
	       put(p, &end);
}

bool export_html(struct export *e)
{
	struct pages p = { .e = e, .kind = ONE_FILE };

	return export_tree(e) && put_index(&p, put_article);
}

bool export_html_zip(struct export *e)
{
	struct pages p = { .e = e,
			   .kind = FOLDER,
			   .zip = zip_new(export_put, e) };

	return export_tree(e) && put_file(&p, "style.css", str_of(style)) &&
	       zip_begin(p.zip, S("index.html"), UINT32_MAX / 2) &&
	       put_index(&p, NULL) && zip_end(p.zip) &&
	       export_sections(e, p.zip) &&
	       export_each_text(e, EXPORT_TEXTS, put_page, &p) &&
	       zip_finish(p.zip);
}

/* ---- EPUB 3.3 ---------------------------------------------------------------- */

static bool keep(struct zip_spool *spool, const struct buf *b)
{
	return !b->full && zip_spool_add(spool, buf_str(b));
}

static bool put_chapter(void *ctx, const struct export_text *text)
{
	struct pages *p = ctx;
	struct buf title = buf_new(65536), item = buf_new(1024),
		   itemref = buf_new(512);

	add_title(&title, p, text);
	buf_addf(&item,
		 "<item id=\"a-%.*s-%.*s\" href=\"a-%.*s-%.*s.xhtml\" "
		 "media-type=\"application/xhtml+xml\"/>\n",
		 STR_ARG(text->key), STR_ARG(text->language),
		 STR_ARG(text->key), STR_ARG(text->language));
	buf_addf(&itemref, "<itemref idref=\"a-%.*s-%.*s\"/>\n",
		 STR_ARG(text->key), STR_ARG(text->language));
	return put_page(p, text) && keep(p->titles, &title) &&
	       keep(p->items, &item) && keep(p->spine, &itemref);
}

/* A book of the same content is the same book. */
static void add_metadata(struct buf *b, const struct export *e)
{
	struct str tag = e->tag, lang = export_lang(e);

	buf_addf(b,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package "
		 "xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
		 "unique-identifier=\"id\" xml:lang=\"%.*s\">\n<metadata "
		 "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
		 "<dc:identifier id=\"id\">urn:uuid:%.8s-%.4s-8%.3s-8%.3s-"
		 "%.12s</dc:identifier>\n<dc:title>",
		 STR_ARG(lang), tag.p, tag.p + 8, tag.p + 12, tag.p + 15,
		 tag.p + 18);
	buf_text(b, e->name);
	buf_addf(b,
		 "</dc:title>\n<dc:language>%.*s</dc:language>\n"
		 "<meta property=\"dcterms:modified\">%.*s</meta>\n"
		 "</metadata>\n<manifest>\n"
		 "<item id=\"nav\" href=\"nav.xhtml\" properties=\"nav\" "
		 "media-type=\"application/xhtml+xml\"/>\n"
		 "<item id=\"style\" href=\"style.css\" "
		 "media-type=\"text/css\"/>\n"
		 "<item id=\"title\" href=\"title.xhtml\" "
		 "media-type=\"application/xhtml+xml\"/>\n",
		 STR_ARG(lang), STR_ARG(e->changed_at));
}

static bool put_package(struct pages *p)
{
	struct buf begin = buf_new(16384), spine = buf_new(512),
		   end = buf_new(64);

	add_metadata(&begin, p->e);
	buf_addf(&spine, "</manifest>\n<spine%s>\n<itemref idref=\"title\"/>\n",
		 is_rtl(export_lang(p->e))
			 ? " page-progression-direction=\"rtl\""
			 : "");
	buf_add(&end, S("</spine>\n</package>\n"));
	return zip_begin(p->zip, S("package.opf"), UINT32_MAX / 2) &&
	       put(p, &begin) && zip_spool_read(p->items, put_piece, p) &&
	       put(p, &spine) && zip_spool_read(p->spine, put_piece, p) &&
	       put(p, &end) && zip_end(p->zip);
}

static bool put_nav(struct pages *p)
{
	return zip_begin(p->zip, S("nav.xhtml"), UINT32_MAX / 2) &&
	       put_index(p, NULL) && zip_end(p->zip);
}

static bool put_first(struct pages *p)
{
	struct buf b = buf_new(16384);

	begin_page(&b, p, export_lang(p->e), p->e->name, "");
	buf_add(&b, S("<h1>"));
	buf_text(&b, p->e->name);
	buf_add(&b, S("</h1>\n</body>\n</html>\n"));
	return put_file(p, "title.xhtml", buf_str(&b));
}

bool export_epub(struct export *e)
{
	static const char container[] =
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container "
		"version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:"
		"container\"><rootfiles><rootfile full-path=\"package.opf\" "
		"media-type=\"application/oebps-package+xml\"/></rootfiles>"
		"</container>\n";
	struct pages p = { .e = e,
			   .kind = BOOK,
			   .zip = zip_new(export_put, e),
			   .titles = zip_spool_new(),
			   .items = zip_spool_new(),
			   .spine = zip_spool_new() };

	return zip_store(p.zip, S("mimetype"), S("application/epub+zip")) &&
	       put_file(&p, "META-INF/container.xml", str_of(container)) &&
	       export_tree(e) && put_file(&p, "style.css", str_of(style)) &&
	       put_first(&p) &&
	       export_each_text(e, EXPORT_TEXTS, put_chapter, &p) &&
	       put_nav(&p) && put_package(&p) && zip_finish(p.zip);
}
