/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where links of a tree's texts lead. */
#include "import_trees.h"

#include "arena.h"

/* A path from a file's folder, with its "." and ".." worked out. */
static bool resolve(const struct tree *t, struct str address, struct str *path)
{
	struct buf b = buf_new(4096);
	struct str rest;

	if (!str_starts(address, S("/")))
		buf_add(&b, tree_folder(t->now->path));
	for (rest = address; rest.n;) {
		struct str part = str_cut(&rest, '/');

		if (!part.n || str_eqz(part, "."))
			continue;
		if (str_eqz(part, "..")) {
			if (!b.n)
				return false;
			b.n = tree_folder(buf_str(&b)).n;
			continue;
		}
		if (b.n)
			buf_char(&b, '/');
		buf_add(&b, part);
	}
	*path = buf_str(&b);
	return !b.full;
}

/* What a link may mean by a path: the file, a site's address of it, or the
 * first of a folder. */
static size_t find_linked(const struct tree *t, struct str path)
{
	static const char *const ends[] = {
		"",	     ".md",	   ".html",	 ".markdown",	".htm",
		"/index.md", "/README.md", "/_index.md", "/index.html",
	};
	size_t entry = SIZE_MAX;

	for (size_t i = 0; i < ARRAY_LEN(ends) && entry == SIZE_MAX; i++)
		entry = tree_find(t, path, ends[i]);
	if (entry == SIZE_MAX && tree_ends_in(path, ".html")) {
		path.n -= 5;
		entry = tree_find(t, path, ".md");
	}
	return entry;
}

/* "https://…", "mailto:…": whatever has a scheme, or a host. */
static bool is_elsewhere(struct str address)
{
	size_t i = 0;

	while (i < address.n &&
	       ((address.p[i] | 0x20) >= 'a' && (address.p[i] | 0x20) <= 'z'))
		i++;
	return (i > 1 && i < address.n && address.p[i] == ':') ||
	       str_starts(address, S("//"));
}

/* Our exports wrote where it is at the portal: it is that here again. */
static bool own_path(struct str address, struct str *changed)
{
	static const char *const paths[] = { "/kb/f/", "/kb/a/" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const char *at = memmem(address.p, address.n, paths[i], 6);
		struct str rest, key;

		if (!at)
			continue;
		rest = str_from(address, (size_t)(at - address.p));
		key = str_from(rest, 6);
		if (tree_is_key(str_cut(&key, '#'))) {
			*changed = rest;
			return true;
		}
	}
	return false;
}

static bool lead_to(struct tree *t, size_t entry, struct str part,
		    struct str *changed)
{
	const struct page *p;
	struct buf b = buf_new(4096);

	if (!t->page_of[entry])
		return import_show(&t->m, str_of(t->now->key), entry, changed);
	p = &t->pages[t->page_of[entry] - 1];
	if (p->left) {
		import_tell(&t->m, "link");
		return false;
	}
	buf_addf(&b, "/kb/a/%s", p->key);
	if (part.n) {
		buf_char(&b, '#');
		buf_add(&b, part);
	}
	*changed = buf_str(&b);
	return !b.full;
}

static bool is_missed(struct tree *t, enum markup_address what,
		      struct str address)
{
	if (what == MARKUP_PICTURE) {
		import_tell(&t->m, "picture");
		t->missed = address;
	} else if (!t->missed.n || !str_eq(t->missed, address)) {
		import_tell(&t->m, "link");
	}
	return false;
}

/* A picture that can't be one is asked for again, as a link. */
bool tree_link(void *tree, enum markup_address what, struct str address,
	       struct str *changed)
{
	struct tree *t = tree;
	struct str part = str_trim(address), path = str_cut(&part, '#'), plain;
	size_t entry = SIZE_MAX;

	*changed = str_trim(address);
	if (t->now->own && own_path(*changed, changed))
		return true;
	if (is_elsewhere(*changed)) {
		if (what == MARKUP_PICTURE)
			is_missed(t, what, address);
		return !str_starts(*changed, S("//"));
	}
	path = str_cut(&path, '?');
	if (str_percent_decode(path, false, &plain) && str_is_text(plain) &&
	    resolve(t, plain, &path))
		entry = find_linked(t, path);
	if (entry == SIZE_MAX || (what == MARKUP_PICTURE && t->page_of[entry]))
		return is_missed(t, what, address);
	return lead_to(t, entry, part, changed);
}
